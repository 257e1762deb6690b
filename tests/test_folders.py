"""The user's folders on every system, by the rules of that system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from xlsales import folders

HOME = Path("home")


@pytest.fixture
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: HOME)
    monkeypatch.setattr(sys, "platform", request.param)


@pytest.mark.parametrize(
    ("system", "state", "log", "cache"),
    [
        ("linux", ".local/state/xlsales", ".local/state/xlsales/logs", ".cache/xlsales/cache"),
        (
            "darwin",
            "Library/Application Support/xlsales",
            "Library/Logs/xlsales/logs",
            "Library/Caches/xlsales/cache",
        ),
        (
            "win32",
            "AppData/Local/xlsales",
            "AppData/Local/xlsales/logs",
            "AppData/Local/xlsales/cache",
        ),
    ],
    indirect=["system"],
)
def test_each_system_has_its_places(system: None, state: str, log: str, cache: str) -> None:
    assert folders.state_folder() == HOME / state
    assert folders.log_folder() == HOME / log
    assert folders.cache_folder() == HOME / cache


@pytest.mark.parametrize(
    ("system", "variable"),
    [("linux", "XDG_CACHE_HOME"), ("darwin", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA")],
    indirect=["system"],
)
def test_the_user_may_name_another_place(
    system: None, variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    assert folders.cache_folder() == tmp_path / "xlsales" / "cache"
