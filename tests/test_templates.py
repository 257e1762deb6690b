"""The build of the workbooks that lie in the repository: what it calls up to date, and what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile

import pytest

from workbook_templates import build as templates

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "built"
    monkeypatch.setattr(templates, "FOLDER", folder)
    assert templates.main([]) == 0
    return folder


def test_what_was_built_is_up_to_date(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(book.name for book in built.iterdir()) == [
        "demo_en.xlsx",
        "demo_zh.xlsx",
        "empty_en.xlsx",
        "empty_zh.xlsx",
    ]
    assert templates.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_the_same_parts_packed_otherwise_are_up_to_date(built: Path, tmp_path: Path) -> None:
    for book in built.iterdir():
        with ZipFile(book) as package, ZipFile(tmp_path / book.name, "w", ZIP_STORED) as other:
            for name in package.namelist():
                other.writestr(name, package.read(name))
    assert templates.stale(tmp_path) == []


def test_a_missing_a_broken_and_a_changed_book_are_named(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, broken, changed, _ = sorted(built.iterdir())
    missing.unlink()
    broken.write_bytes(b"no package")
    with ZipFile(changed, "a") as package:
        package.writestr("more.txt", "more")
    assert templates.main(["--check"]) == 1
    named = {line.split()[0] for line in capsys.readouterr().out.splitlines()}
    assert named == {missing.name, broken.name, changed.name}


def test_with_other_words_it_says_how_to_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert templates.main(["--help"]) == 2
    assert "--check" in capsys.readouterr().out
