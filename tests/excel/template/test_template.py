"""The workbook of ``xlsales new``: it explains itself, fits its cells and works as it is."""

from __future__ import annotations

import csv
import re
import subprocess
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from xlsales.errors import UsageError
from xlsales.excel.template import template, write_template
from xlsales.excel.template.book import SAMPLES, plain_book, settings_book
from xlsales.excel.template.samples import samples
from xlsales.hosts.file import check, refresh
from xlsales.language import LANGUAGES, text
from xlsales.metrics._catalogue import run
from xlsales.package.blank import blank_book
from xlsales.package.book import open_book
from xlsales.package.graft import graft
from xlsales.package.names import owned
from xlsales.report.measure import RULERS
from xlsales.settings import KEYS, SHEET, Settings, read_settings, value_cells, word
from xlsales.tables.specs import CORE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from xlsales.language import Language
    from xlsales.tables.spec import Table

CONF = {"INTERPRETER_WIN": r"C:\Python\python.exe", "USE UDF SERVER": True}

LINE_PX = {9: 16, 10: 18, 11: 20, 13: 22, 18: 30}
"""A line of text in pixels by its size in points: 微软雅黑 needs a little over 1.3 of the size."""


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def data(lang: Language) -> bytes:
    return template(lang)


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(data))


@pytest.fixture(params=CORE, ids=lambda table: table.key)
def table(request: pytest.FixtureRequest) -> Table:
    return request.param


def guide(book: Workbook, lang: Language) -> Worksheet:
    return book[text(lang, "template.name")]


def test_it_begins_with_the_guide_and_ends_with_the_settings(book: Workbook, lang: Language) -> None:
    raw = [table.title(lang) for table in CORE]
    assert book.sheetnames == [text(lang, "template.name"), *raw, text(lang, "settings.name")]


def test_its_own_sheets_are_marked_and_the_raw_ones_are_not(data: bytes, lang: Language) -> None:
    expected = {"guide": text(lang, "template.name"), "settings": text(lang, "settings.name")}
    assert owned(open_book(data)) == expected


def test_every_sheet_can_be_reached_from_the_guide(book: Workbook, lang: Language) -> None:
    links = [cell.hyperlink for row in guide(book, lang).iter_rows() for cell in row if cell.hyperlink]
    places = [link.location.rpartition("!")[0].strip("'") for link in links]
    assert places == book.sheetnames[1:]


def test_the_headers_are_those_that_are_recognised(book: Workbook, lang: Language, table: Table) -> None:
    sheet = book[table.title(lang)]
    assert [cell.value for cell in sheet[1]] == [column.title(lang) for column in table.columns]
    (grid,) = sheet.tables.values()
    last = get_column_letter(len(table.columns))
    assert (grid.displayName, grid.ref) == (table.en, f"A1:{last}{1 + len(samples(table, lang))}")


def test_every_header_has_a_note_that_says_whether_it_is_needed(
    book: Workbook, lang: Language, table: Table
) -> None:
    for cell, column in zip(book[table.title(lang)][1], table.columns, strict=True):
        said = cell.comment.text
        needed = text(lang, f"template.{'needed' if column.needed else 'optional'}")
        assert said.startswith(needed)
        assert said.removeprefix(needed).splitlines()[0]
        assert cell.fill.fgColor.rgb == ("FF17456B" if column.needed else "FFEEF1F4")


def test_a_note_shows_a_value_as_it_stands_below(book: Workbook, lang: Language) -> None:
    sheet = book[CORE[0].title(lang)]
    shown = {cell.value: cell.comment.text.splitlines()[-1] for cell in sheet[1]}
    assert shown[CORE[0].column("order_date").title(lang)].endswith("2026-09-03")
    assert shown[CORE[0].column("amount").title(lang)].endswith("4,320")


def test_every_sample_row_carries_the_mark_that_the_sheet_names(
    data: bytes, book: Workbook, lang: Language, table: Table
) -> None:
    place = [sheet.name for sheet in open_book(data).sheets].index(table.title(lang))
    names = {
        int(name.get("localSheetId")): name.text
        for name in open_book(data).defined_names
        if name.get("name") == SAMPLES
    }
    mark = names[place].strip('"')
    body = list(book[table.title(lang)].iter_rows(min_row=2))
    assert len(body) == len(samples(table, lang)) > 0
    for row in body:
        assert any(str(cell.value or "").startswith(mark) for cell in row)
        assert all(cell.font.italic for cell in row)


def test_a_column_with_a_closed_list_has_it_as_a_dropdown(
    book: Workbook, lang: Language, table: Table
) -> None:
    lists = {
        str(rule.sqref): rule.formula1 for rule in book[table.title(lang)].data_validations.dataValidation
    }
    closed = [k for k, column in enumerate(table.columns, start=1) if column.values]
    assert set(lists) == {f"{get_column_letter(k)}2:{get_column_letter(k)}1048576" for k in closed}
    for row in samples(table, lang):
        for k in closed:
            letter = get_column_letter(k)
            assert row[table.columns[k - 1].name] in lists[f"{letter}2:{letter}1048576"].strip('"').split(",")


def test_the_settings_start_with_the_words_of_the_defaults(
    data: bytes, book: Workbook, lang: Language
) -> None:
    sheet = book[text(lang, "settings.name")]
    cells = {cell.coordinate: str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    places = value_cells(cells)
    assert set(places) == set(KEYS)
    assert {key: cells[place] for key, place in places.items()} == {
        key: word(key, "default", lang) for key in KEYS
    }
    assert {sheet[place].number_format for place in places.values()} == {"@"}
    assert read_settings(data) == Settings(basis="signed")


def test_an_untouched_template_refreshes_without_a_finding(
    data: bytes, lang: Language, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    done = refresh([path])
    assert done.report.lang == lang
    assert done.analysis.cleaned.issues.empty
    assert done.analysis.scope.as_of == date(2026, 10, 30)  # the last payment
    assert [raw.table.key for raw in done.analysis.survey.tables] == [table.key for table in CORE]
    sales = run("sales", done.analysis.cleaned.tables, done.analysis.scope).rows
    assert list(sales["amount"]) == [3200 + 4200 + 2160]


def test_the_report_of_the_samples_names_them_as_samples(data: bytes, lang: Language, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    orders = check([path]).cleaned.tables["orders"]
    assert all(str(rep).startswith(text(lang, "template.samples.mark")) for rep in orders["rep"])


def test_a_setting_typed_into_the_template_is_taken(data: bytes, lang: Language, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    edited = openpyxl.load_workbook(BytesIO(data))
    sheet = edited[text(lang, "settings.name")]
    rows = {row[0].value: row[1] for row in sheet.iter_rows()}
    rows["period"].value, rows["basis"].value = "2026-09", word("basis", "net", lang)
    edited.save(path)
    scope = check([path]).scope
    assert (scope.period.start, scope.basis) == (date(2026, 9, 1), "net")


def test_the_settings_sheet_can_be_brought_into_any_workbook(lang: Language) -> None:
    name = text(lang, "settings.name")
    brought = graft(blank_book(), settings_book(name, lang), {name: SHEET}, {})
    assert openpyxl.load_workbook(BytesIO(brought))[name]["A1"].value == name
    assert read_settings(brought) == Settings(basis="signed")


def test_it_is_the_same_bytes_every_time(lang: Language) -> None:
    assert template(lang) == template(lang)
    assert plain_book(lang, CONF) == plain_book(lang, CONF)


def test_without_macros_it_has_neither_button_nor_conf(data: bytes) -> None:
    parts = ZipFile(BytesIO(data))
    assert not [name for name in parts.namelist() if "vba" in name.lower() or "customUI" in name]
    assert "xlwings.conf" not in parts.read("xl/workbook.xml").decode()
    assert not any(b"ClearSamples" in parts.read(name) for name in parts.namelist())


def test_for_macros_it_has_the_button_and_the_hidden_conf(lang: Language) -> None:
    data = plain_book(lang, CONF)
    book = openpyxl.load_workbook(BytesIO(data))
    conf = book["xlwings.conf"]
    assert [[cell.value for cell in row] for row in conf.iter_rows()] == [list(row) for row in CONF.items()]
    assert conf.sheet_state == "hidden"
    assert owned(open_book(data))["conf"] == "xlwings.conf"
    parts = ZipFile(BytesIO(data))
    drawings = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".vml")]
    assert sum("RibbonXlsales.ClearSamples" in drawing for drawing in drawings) == 1


def widths(sheet: Worksheet) -> dict[int, float]:
    """Pixels of each column, as Excel draws them with a digit of 7."""
    found = {}
    for dimension in sheet.column_dimensions.values():
        for column in range(dimension.min, dimension.max + 1):
            found[column] = dimension.width * 7
    return found


def wrapped(sheet: Worksheet) -> Iterator[tuple[str, float, float, float, bool]]:
    """Each text that wraps in its cell: the text, the room in pixels, its size and whether it is bold."""
    px = widths(sheet)
    spans = {str(span).split(":")[0]: span for span in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.alignment.wrap_text:
                span = spans.get(cell.coordinate)
                last = span.max_col if span else cell.column
                room = sum(px.get(column, 64) for column in range(cell.column, last + 1))
                height = sheet.row_dimensions[cell.row].height or 15
                indent = 9 * int(cell.alignment.indent) + 8
                yield cell.value, room - indent, height * 4 / 3, cell.font.sz, bool(cell.font.b)


@pytest.mark.parametrize("conf", [None, CONF], ids=["plain", "macros"])
@pytest.mark.parametrize("name", ["template.name", "settings.name"])
def test_every_text_fits_its_cell(lang: Language, conf: dict[str, bool | str] | None, name: str) -> None:
    sheet = openpyxl.load_workbook(BytesIO(plain_book(lang, conf)))[text(lang, name)]
    texts = list(wrapped(sheet))
    assert len(texts) >= 5
    for said, room, height, size, bold in texts:
        assert RULERS[lang].lines(said, room, size, bold) * LINE_PX[int(size)] <= height, said


@pytest.mark.libreoffice
def test_the_guide_counts_the_rows_of_every_table(data: bytes, tmp_path: Path) -> None:
    source = tmp_path / "book.xlsx"
    with ZipFile(BytesIO(data)) as old, ZipFile(source, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":  # without its remembered result a formula is computed
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
            new.writestr(name, part)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(tmp_path),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    rows = list(csv.reader((tmp_path / "book.csv").read_text("utf-8", errors="replace").splitlines()))
    counts = [int(row[7]) for row in rows if len(row) > 7 and row[7].isdigit()]
    assert counts == [len(samples(table, "zh")) for table in CORE]


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        write_template(tmp_path / "book.xls", "zh")
    assert refused.value.key == "new_needs_workbook"
    assert list(tmp_path.iterdir()) == []
