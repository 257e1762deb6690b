from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xlsales.package import backups
from xlsales.package.backups import back_up, backup_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    return folder


def made(path: Path, content: bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def copies(workbook: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in backup_folder(workbook).iterdir()}


def test_the_last_three_are_kept_and_number_one_is_the_newest(tmp_path: Path) -> None:
    for content in (b"first", b"second", b"third", b"fourth"):
        back_up(made(tmp_path / "book.xlsx", content))
    assert copies(tmp_path / "book.xlsx") == {
        "1 book.xlsx": b"fourth",
        "2 book.xlsx": b"third",
        "3 book.xlsx": b"second",
    }


def test_workbooks_of_one_name_are_kept_apart_and_nothing_lies_beside_them(tmp_path: Path) -> None:
    one, other = made(tmp_path / "a" / "book.xlsx", b"a"), made(tmp_path / "b" / "book.xlsx", b"b")
    back_up(one)
    back_up(other)
    assert copies(one) == {"1 book.xlsx": b"a"}
    assert copies(other) == {"1 book.xlsx": b"b"}
    assert list(one.parent.iterdir()) == [one]


def test_all_together_stay_small_and_the_newest_stays(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "MOST_BYTES", 250)
    names = [f"{number}.xlsx" for number in range(5)]
    for name in names:
        back_up(made(tmp_path / name, name.encode() * 20))
    kept = sorted(path.name for path in state.rglob("*.xlsx"))
    assert kept == ["1 3.xlsx", "1 4.xlsx"]
    assert len(list((state / "xlsales" / "backups").iterdir())) == 2
    back_up(made(tmp_path / "large.xlsx", b"x" * 1000))
    assert [path.name for path in state.rglob("*.xlsx")] == ["1 large.xlsx"]
