"""The macros of the template and the add-in: every module is there, and each finds what it calls."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest

from tests.excel.vba.decoding import sources
from tests.excel.vba.python_calls import unresolved
from tests.package.test_validator import errors
from xlsales import cli
from xlsales.excel import addin
from xlsales.excel.macro_modules import macro_modules
from xlsales.excel.ribbon.markup import custom_ui
from xlsales.excel.template import macro_template, template
from xlsales.hosts.file import refresh
from xlsales.language import LANGUAGES
from xlsales.package.book import open_book
from xlsales.package.names import owned

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language

pytestmark = pytest.mark.usefixtures("few_functions")

RIBBON = "customUI/customUI14.xml"
OURS = {"ThisWorkbook", "RibbonXlsales", "XlsalesEvents", "XlsalesSheets", "XlsalesSeal"}
OURS |= {"Dictionary", "xlwings", "xlwings_udfs"}


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


def modules(data: bytes) -> dict[str, str]:
    """The source of every module that has one, as an independent reader extracts it."""
    return {name: code for name, code in sources(data).items() if not re.fullmatch(r"Sheet\d+", name)}


def test_the_template_holds_our_macros_and_its_ribbon(lang: Language) -> None:
    data = macro_template(lang)
    assert set(modules(data)) == OURS
    assert ZipFile(BytesIO(data)).read(RIBBON).decode() == custom_ui(lang)
    assert owned(open_book(data)).keys() == {"guide", "settings", "conf"}


def test_it_is_the_same_bytes_every_time(lang: Language) -> None:
    assert macro_template(lang) == macro_template(lang)
    assert addin.addin(lang) == addin.addin(lang)


def test_the_macro_of_every_button_on_a_sheet_is_there(lang: Language) -> None:
    data = macro_template(lang)
    package = ZipFile(BytesIO(data))
    drawings = [package.read(name).decode() for name in package.namelist() if name.endswith(".vml")]
    called = {name for one in drawings for name in re.findall(r"\[0\]!([\w.]+)", one)}
    assert called
    for name in called:
        module, _, sub = name.rpartition(".")
        assert re.search(rf"^Public Sub {sub}\(\)", modules(data)[module], re.MULTILINE)


def test_the_add_in_works_on_the_active_workbook(lang: Language) -> None:
    data = addin.addin(lang)
    found = modules(data)
    assert set(found) == OURS
    assert '"BOOK_CALLER", ActiveWorkbook' in found["xlwings"]
    assert '"BOOK_CALLER", ThisWorkbook' in modules(macro_template(lang))["xlwings"]
    types = ZipFile(BytesIO(data)).read("[Content_Types].xml").decode()
    assert "application/vnd.ms-excel.addin.macroEnabled.main+xml" in types


def test_xlwings_finds_its_sheet_in_the_add_in_under_the_name_that_its_vba_asks_for(lang: Language) -> None:
    data = addin.addin(lang)
    (name,) = re.findall(r'PROJECT_NAME As String = "(\w+)"', modules(data)["xlwings"])
    assert f"{name}.conf" in [sheet.name for sheet in open_book(data).sheets]


def test_the_plain_and_the_macro_template_have_the_same_sheets_to_see(lang: Language) -> None:
    plain, macros = (openpyxl.load_workbook(BytesIO(made(lang))) for made in (template, macro_template))
    visible = [sheet.title for sheet in macros.worksheets if sheet.sheet_state == "visible"]
    assert visible == plain.sheetnames


def test_new_writes_it_and_a_refresh_of_it_keeps_the_macros(
    lang: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "销售 分析.xlsm"
    with pytest.raises(SystemExit) as left:
        cli.main(["new", str(book), "--lang", lang])
    assert not left.value.code
    assert str(book) in capsys.readouterr().out
    before = ZipFile(BytesIO(book.read_bytes()))
    done = refresh([book], only=("overview",))
    assert done.changed
    assert done.report.lang == lang
    after = ZipFile(BytesIO(book.read_bytes()))
    for part in ("xl/vbaProject.bin", RIBBON, "xl/worksheets/sheet1.xml"):
        assert after.read(part) == before.read(part)
    assert {raw.table.key for raw in done.analysis.survey.tables} >= {"orders", "leads"}
    assert done.analysis.survey.ignored == ()


@pytest.mark.validator
@pytest.mark.parametrize("name", ["plain.xlsx", "macros.xlsm", "addin.xlam"])
def test_the_open_xml_sdk_finds_nothing_wrong(lang: Language, name: str, tmp_path: Path) -> None:
    make = {"plain.xlsx": template, "macros.xlsm": macro_template, "addin.xlam": addin.addin}[name]
    assert not errors(make(lang), name, tmp_path)


@pytest.mark.parametrize("addin", [False, True])
def test_all_python_that_the_macros_name_exists(addin: bool) -> None:
    assert unresolved(macro_modules("zh", addin=addin)) == []
