"""The way of a workbook of ours to a colleague: made, mailed, blocked, and let run again by the doctor."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.excel.doctor.books import mark
from xlsales.excel.doctor import examine
from xlsales.excel.doctor.mending import mend
from xlsales.excel.macro_book import macro_book
from xlsales.excel.macro_modules import macro_modules
from xlsales.excel.ribbon.markup import custom_ui
from xlsales.excel.template.book import plain_book
from xlsales.excel.vba.project import Module
from xlsales.excel.xlwings_conf import xlwings_conf
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.excel.doctor.conftest import Registry
    from xlsales.language import Language


@pytest.fixture
def made(few_functions: None) -> None:
    """Macros made once on the system that this really is, so that nothing is imported on one that is not."""
    macro_modules("zh")


def mailed(path: Path, lang: Language, conf: Mapping[str, bool | str] | None = None, *more: Module) -> Path:
    """What `xlsales new` writes on a Windows with this Python, marked as mail programs mark it."""
    settings = {**xlwings_conf("win32", sys.executable, sys.prefix, {}), **(conf or {})}
    path.write_bytes(macro_book(plain_book(lang, settings), [*macro_modules(lang), *more], custom_ui(lang)))
    mark(path)
    return path


def keys(book: Path) -> set[str]:
    return {finding.key for finding in examine(book=book)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_of_ours_is_let_run_and_stays_as_it_is(
    lang: Language, made: None, windows: Registry, tmp_path: Path
) -> None:
    book = mailed(tmp_path / "销售.xlsm", lang)
    before = book.read_bytes()
    assert {"mark.blocked", "embedded.fine", "settings.fine"} <= keys(book)
    assert [one.error for one in mend(lang, book) if one.finding.key == "mark.blocked"] == [None]
    assert "mark.none" in keys(book)
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    ("conf", "more", "strange"),
    [
        ({}, [Module("Extra", 'Sub Auto_Open()\nShell "calc"\nEnd Sub\n')], "xl/vbaProject.bin"),
        ({"INTERPRETER_WIN": r"\\server\share\python.exe"}, [], "xlwings.conf!INTERPRETER_WIN"),
        ({"PYTHONPATH": r"\\server\share"}, [], "xlwings.conf!PYTHONPATH"),
    ],
)
def test_one_that_only_looks_like_ours_stays_blocked(
    conf: dict[str, str], more: list[Module], strange: str, made: None, windows: Registry, tmp_path: Path
) -> None:
    book = mailed(tmp_path / "a.xlsm", "zh", conf, *more)
    (left,) = [one for one in mend("en", book) if one.finding.key == "mark.blocked"]
    assert f"({strange})" in left.sentence("en")
    assert "mark.blocked" in keys(book)
