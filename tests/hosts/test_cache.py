"""The cache: what comes out is what went in, or nothing; it stays small, private and out of the way."""

from __future__ import annotations

import multiprocessing
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from xlsales import folders
from xlsales.hosts import cache

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "user" / "cache"
    monkeypatch.setattr(folders, "cache_folder", lambda: place)
    return place


def used(folder: Path, name: str, when: int) -> None:
    os.utime(folder / name, (when, when))


def test_what_was_put_comes_back(folder: Path) -> None:
    assert cache.get("a") is None
    cache.put("a", b"content")
    cache.put("b", b"")
    assert (cache.get("a"), cache.get("b")) == (b"content", b"")
    assert sorted(one.name for one in folder.iterdir()) == ["a", "b"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes; the profile is private")
def test_only_the_user_can_read_it(folder: Path) -> None:
    cache.put("a", b"content")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o600


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, -1])
def test_an_entry_cut_off_anywhere_is_none_and_is_cleared(folder: Path, size: int) -> None:
    cache.put("a", b"content")
    whole = (folder / "a").read_bytes()
    (folder / "a").write_bytes(whole[:size])
    assert cache.get("a") is None
    assert not (folder / "a").exists()


def test_an_entry_with_one_bit_changed_is_none(folder: Path) -> None:
    cache.put("a", b"content")
    whole = (folder / "a").read_bytes()
    for at in range(len(whole)):
        (folder / "a").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert cache.get("a") is None


def test_what_was_used_longest_ago_makes_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.put("old", b"x" * 1000)
    cache.put("read", b"x" * 1000)
    cache.put("young", b"x" * 1000)
    for when, name in enumerate(("read", "old", "young"), start=1):
        used(folder, name, when)
    cache.get("read")
    monkeypatch.setattr(cache, "MOST_BYTES", 3200)
    cache.put("new", b"x" * 1000)
    assert sorted(one.name for one in folder.iterdir()) == ["new", "read", "young"]


def test_an_entry_beyond_all_room_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 100)
    cache.put("a", b"x" * 100)
    assert list(folder.iterdir()) == []


def test_the_folder_may_vanish_at_any_time(folder: Path) -> None:
    cache.put("a", b"content")
    (folder / "a").unlink()
    folder.rmdir()
    assert cache.get("a") is None
    cache.also("a", "b")
    cache.put("a", b"again")
    assert cache.get("a") == b"again"


def test_a_folder_that_cannot_be_made_is_no_failure(folder: Path) -> None:
    folder.parent.write_text("a file stands in the way")
    cache.put("a", b"content")
    cache.also("a", "b")
    assert cache.get("a") is None


def test_a_user_without_a_home_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(folders, "cache_folder", homeless)
    cache.put("a", b"content")
    assert cache.get("a") is None


def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    cache.put("a", b"content")
    assert list(folder.iterdir()) == []


def test_an_entry_is_found_under_both_of_its_names_and_lies_there_once(folder: Path) -> None:
    cache.put("a", b"content")
    cache.also("a", "b")
    cache.also("a", "b")
    assert (cache.get("a"), cache.get("b")) == (b"content", b"content")
    assert (folder / "a").samefile(folder / "b")


def test_where_a_disk_knows_no_second_names_the_new_one_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.hardlink_to", refused)
    cache.put("a", b"content")
    cache.also("a", "b")
    assert (cache.get("a"), cache.get("b")) == (None, b"content")


def _write(place: Path, content: bytes) -> None:
    folders.cache_folder = lambda: place
    for _ in range(50):
        cache.put("a", content)


def test_writers_at_the_same_time_leave_one_whole_entry(folder: Path) -> None:
    contents = [bytes([number]) * 200_000 for number in range(3)]
    start = multiprocessing.get_context("spawn").Process
    writers = [start(target=_write, args=(folder, content)) for content in contents]
    for writer in writers:
        writer.start()
    seen = {cache.get("a")}
    while any(writer.is_alive() for writer in writers):
        seen.add(cache.get("a"))
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert seen - {None} <= set(contents)
    assert cache.get("a") in contents
    assert [one.name for one in folder.iterdir()] == ["a"]
