"""What is read from a workbook without running it."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from tests.excel.doctor.books import macro_workbook, mark, our_workbook
from xlsales.errors import WorkbookError
from xlsales.excel.doctor.workbook import read, zone
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language

CONF = [
    ("INTERPRETER_WIN", r"C:\venv\Scripts\python.exe"),
    ("ADD_WORKBOOK_TO_PYTHONPATH", False),
    ("", ""),
    ("SHOW CONSOLE", True),
]


def test_the_version_is_that_of_the_xlwings_code_inside(tmp_path: Path) -> None:
    book, _ = read(macro_workbook(tmp_path / "销售.xlsm"))
    assert book.xlwings == version("xlwings")
    assert "xlwings" in book.modules


def test_the_settings_sheet_is_read_even_where_it_is_hidden(tmp_path: Path) -> None:
    _, conf = read(macro_workbook(tmp_path / "a.xlsm", CONF))
    assert conf is not None
    assert (conf.place, conf.where) == ("sheet", "xlwings.conf")
    assert conf.get("INTERPRETER_WIN") == CONF[0][1]
    assert (conf.get("ADD_WORKBOOK_TO_PYTHONPATH") or "").lower() == "false"
    assert conf.unread == ("SHOW CONSOLE",)


def test_an_empty_settings_sheet_sets_nothing(tmp_path: Path) -> None:
    _, conf = read(macro_workbook(tmp_path / "a.xlsm"))
    assert conf is not None
    assert conf.entries == ()


def test_a_workbook_without_macros_has_none(tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    xlsxwriter.Workbook(path).close()
    book, conf = read(path)
    assert (book.modules, book.xlwings, conf) == ({}, None, None)


def test_the_mark_of_the_web_is_seen(tmp_path: Path) -> None:
    path = macro_workbook(tmp_path / "a.xlsm")
    assert read(path)[0].zone is None
    mark(path)
    assert read(path)[0].zone == 3


def test_a_mark_that_says_no_zone_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    mark(path).write_text("[ZoneTransfer]\n", "utf-8")
    assert zone(path) is None


def test_the_cloud_folder_that_holds_it_is_named(tmp_path: Path) -> None:
    path = macro_workbook(tmp_path / "a.xlsm")
    assert read(path, [str(tmp_path / "other"), str(tmp_path)])[0].cloud == tmp_path
    assert read(path, [str(tmp_path / "other")])[0].cloud is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_of_our_ribbon_is_seen(lang: Language, tmp_path: Path) -> None:
    assert read(our_workbook(tmp_path / "a.xlam", lang, addin=True))[0].ribbon == lang


def test_a_workbook_without_our_ribbon_has_none(tmp_path: Path) -> None:
    assert read(macro_workbook(tmp_path / "a.xlsm"))[0].ribbon is None


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    path.write_bytes(content)
    with pytest.raises(WorkbookError):
        read(path)


def test_a_damaged_vba_project_is_refused_with_the_name_of_its_part(tmp_path: Path) -> None:
    path = macro_workbook(tmp_path / "a.xlsm", project=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(WorkbookError) as refused:
        read(path)
    assert refused.value.facts == {"part": "xl/vbaProject.bin"}
