"""What ReplaceFileW may answer, as its documentation says; the call itself is Windows alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from xlsales.package import replace as module
from xlsales.package.replace import replace, replace_keeping_rights

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    new, target = tmp_path / ".xlsales-1.tmp", tmp_path / "book.xlsx"
    new.write_bytes(b"new")
    target.write_bytes(b"old")
    return new, target


def test_a_file_takes_the_name_of_another_or_a_free_one(files: tuple[Path, Path]) -> None:
    new, target = files
    replace(new, target)
    assert {path.name: path.read_bytes() for path in target.parent.iterdir()} == {"book.xlsx": b"new"}
    replace(target, target.with_name("free.xlsx"))
    assert [path.name for path in target.parent.iterdir()] == ["free.xlsx"]


@pytest.mark.skipif(sys.platform == "win32", reason="stands in for a call that is there")
@pytest.mark.parametrize(
    ("code", "moved", "left"),
    [
        (0, "both", {"book.xlsx": b"new"}),
        (50, "none", {"book.xlsx": b"new"}),  # the share has no such call
        (32, "none", {"book.xlsx": b"old", ".xlsales-1.tmp": b"new"}),  # Excel holds it
        (1176, "none", {"book.xlsx": b"old", ".xlsales-1.tmp": b"new"}),
        (1177, "old", {"book.xlsx": b"old", ".xlsales-1.tmp": b"new"}),  # half way: taken back
    ],
)
def test_whatever_windows_answers_there_is_the_old_file_or_the_new(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, code: int, moved: str, left: dict[str, bytes]
) -> None:
    def answer(target: Path, new: Path, old: Path) -> int:
        if moved in {"old", "both"}:
            target.rename(old)
        if moved == "both":
            new.rename(target)
        return code

    monkeypatch.setattr(module, "_replace_file", answer)
    new, target = files
    if code in {0, 50}:
        replace_keeping_rights(new, target)
    else:
        with pytest.raises(OSError, match=str(code)):
            replace_keeping_rights(new, target)
    assert {path.name: path.read_bytes() for path in target.parent.iterdir()} == left
