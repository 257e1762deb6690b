"""The built workbooks in the repository are what the code builds."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from xlsales.demo.build import build, main, stale

TEMPLATES = Path(__file__).parents[2] / "workbook_templates"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


def test_the_books_in_the_repository_are_those_that_would_be_built() -> None:
    assert stale(TEMPLATES) == []


def test_what_was_built_is_up_to_date(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", str(built)]) == 0
    assert capsys.readouterr().out == ""


def test_the_same_parts_packed_otherwise_are_up_to_date(built: Path, tmp_path: Path) -> None:
    for book in built.iterdir():
        with ZipFile(book) as package, ZipFile(tmp_path / book.name, "w", ZIP_STORED) as other:
            for name in package.namelist():
                other.writestr(name, package.read(name))
    assert stale(tmp_path) == []


def test_a_missing_a_broken_and_a_changed_book_are_named(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = sorted(built.iterdir())
    for book in books[2:]:
        (tmp_path / book.name).write_bytes(book.read_bytes())
    (tmp_path / books[0].name).write_bytes(b"no package")
    with ZipFile(books[1]) as package, ZipFile(tmp_path / books[1].name, "w") as other:
        for name in package.namelist()[:-1]:
            other.writestr(name, package.read(name))
    assert main(["--check", str(tmp_path)]) == 1
    named = {line.split()[0] for line in capsys.readouterr().out.splitlines()}
    assert named == {book.name for book in books[:2]}
    (tmp_path / books[1].name).unlink()
    assert set(stale(tmp_path)) == named


def test_without_a_folder_it_says_how_to_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 2
    assert "DIR" in capsys.readouterr().out
