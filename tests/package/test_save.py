from __future__ import annotations

import errno
import os
import stat
import time
from typing import TYPE_CHECKING

import pytest

from xlsales.errors import WorkbookError
from xlsales.package.backups import backup_folder
from xlsales.package.save import save

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = b"old" * 1000, b"new" * 1000
POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows has neither these modes nor these signals")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "销售 2026.xlsx"
    path.write_bytes(OLD)
    return path


def refused(path: Path, data: bytes = NEW, **options: bytes | None) -> str:
    """The key of the refusal; the folder must be as it was."""
    before = {entry.name: entry.read_bytes() for entry in path.parent.iterdir() if entry.is_file()}
    read = options.get("expected", path.read_bytes() if path.exists() else None)
    with pytest.raises(WorkbookError) as refusal:
        save(path, data, expected=read)
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir() if entry.is_file()} == before
    return refusal.value.key


def test_the_new_bytes_take_the_place_of_the_old_and_nothing_is_left_beside(book: Path) -> None:
    assert save(book, NEW, expected=book.read_bytes())
    assert book.read_bytes() == NEW
    assert list(book.parent.iterdir()) == [book]


def test_a_file_that_says_it_all_already_is_not_written(book: Path) -> None:
    os.utime(book, ns=(1, 1))
    assert not save(book, OLD, expected=book.read_bytes())
    assert book.stat().st_mtime_ns == 1


def test_a_new_file_is_made_with_the_usual_rights(tmp_path: Path) -> None:
    assert save(tmp_path / "new.xlsx", NEW, expected=None)
    usual = tmp_path / "usual"
    usual.touch()
    assert (tmp_path / "new.xlsx").stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("lock", ["~$销售 2026.xlsx", ".~lock.销售 2026.xlsx#"])
def test_a_file_that_is_open_is_left_alone(book: Path, lock: str) -> None:
    book.with_name(lock).touch()
    assert refused(book) == "file_is_open"


def test_the_lock_file_to_delete_is_named_with_its_folder(book: Path) -> None:
    lock = book.with_name(f"~${book.name}")
    lock.touch()
    with pytest.raises(WorkbookError) as refusal:
        save(book, NEW, expected=book.read_bytes())
    assert str(lock) in refusal.value.what("en")
    assert str(lock) in refusal.value.what("zh")


def test_what_a_killed_run_left_is_cleared_once_it_is_old(book: Path) -> None:
    old, young, other = (book.with_name(f".xlsales-{name}") for name in ("a.tmp", "b.tmp", "c.txt"))
    for path in (old, young, other):
        path.touch()
    hours_ago = time.time() - 2 * 3600
    os.utime(old, (hours_ago, hours_ago))
    os.utime(other, (hours_ago, hours_ago))
    save(book, NEW, expected=book.read_bytes())
    assert set(book.parent.iterdir()) == {book, young, other}


def test_what_the_file_held_is_backed_up_and_a_backup_that_fails_stops_nothing(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(book, NEW, expected=book.read_bytes())
    assert (backup_folder(book) / f"1 {book.name}").read_bytes() == OLD
    no_folder = book.with_name("a file")
    no_folder.touch()
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(no_folder))
    assert save(book, OLD, expected=book.read_bytes())
    assert book.read_bytes() == OLD


@POSIX
def test_a_network_place_that_cannot_flush_a_folder_is_saved_to(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def files_only(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", files_only)
    assert save(book, NEW, expected=book.read_bytes())


def test_a_file_that_changed_since_it_was_read_is_left_alone(book: Path) -> None:
    read = book.read_bytes()
    book.write_bytes(b"someone else's")
    assert refused(book, expected=read) == "file_changed"
    book.unlink()
    assert refused(book, expected=read) == "file_changed"


def test_a_file_that_appeared_since_we_looked_is_left_alone(book: Path) -> None:
    assert refused(book, expected=None) == "file_appeared"


def test_a_change_while_we_write_is_noticed(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def meanwhile(handle: int) -> None:
        real(handle)
        book.write_bytes(b"someone else's")

    expected = book.read_bytes()
    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(WorkbookError) as refusal:
        save(book, NEW, expected=expected)
    assert refusal.value.key == "file_changed"
    assert {entry.name: entry.read_bytes() for entry in book.parent.iterdir()} == {
        book.name: b"someone else's"
    }


def test_a_read_only_file_is_left_alone(book: Path) -> None:
    book.chmod(0o444)
    assert refused(book) == "file_read_only"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError) as refusal:
        save(tmp_path / "gone" / "a.xlsx", NEW, expected=None)
    assert (refusal.value.key, refusal.value.facts["folder"]) == ("folder_missing", str(tmp_path / "gone"))


@pytest.mark.parametrize(
    ("step", "error", "key"),
    [
        ("fsync", OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        ("fsync", OSError(errno.EIO, "Input/output error"), "file_not_saved"),
        ("fsync", OSError(errno.ESTALE, "Stale file handle"), "file_network"),
        ("fsync", TimeoutError(errno.ETIMEDOUT, "Connection timed out"), "file_network"),
        ("replace", PermissionError(errno.EACCES, "Access is denied"), "file_not_writable"),
    ],
)
def test_a_failure_at_any_step_leaves_the_old_file(
    book: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: OSError, key: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, step, fail)
    assert refused(book) == key


@POSIX
def test_a_link_stays_a_link_and_the_mode_stays_the_mode(book: Path) -> None:
    book.chmod(0o640)
    link = book.parent / "links" / "today.xlsx"
    link.parent.mkdir()
    link.symlink_to(book)
    assert save(link, NEW, expected=link.read_bytes())
    assert link.is_symlink()
    assert book.read_bytes() == NEW
    assert book.stat().st_mode & 0o777 == 0o640
    (link.parent / "~$today.xlsx").touch()
    with pytest.raises(WorkbookError):
        save(link, OLD, expected=link.read_bytes())
