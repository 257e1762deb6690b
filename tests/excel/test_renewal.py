"""Older macros of ours are written anew in a closed workbook, and nothing else in it changes."""

from __future__ import annotations

import re
import zipfile
from importlib.metadata import version
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from tests.excel.vba.decoding import sources
from tests.package.test_validator import errors
from xlsales import cli
from xlsales.errors import WorkbookError
from xlsales.excel import macro_modules, seal
from xlsales.excel.doctor import examine
from xlsales.excel.doctor.ours import our_modules
from xlsales.excel.macro_book import RIBBON_PART
from xlsales.excel.renewal import renew
from xlsales.excel.ribbon import markup
from xlsales.excel.template import macro_template
from xlsales.excel.vba.project import Module, module_text, vba_project
from xlsales.excel.vba.reading import modules
from xlsales.excel.vba.sources import xlwings_module
from xlsales.language import LANGUAGES
from xlsales.package.book import open_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlsales.language import Language

pytestmark = pytest.mark.usefixtures("few_functions")

PROJECT = "xl/vbaProject.bin"
OLDER = "0.29.1"
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
SIGNED = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{MICROSOFT}/vbaProjectSignature" Target="vbaProjectSignature.bin"/>
</Relationships>"""


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture
def old(lang: Language, tmp_path: Path) -> Path:
    """What `xlsales new` wrote while an older xlwings, and an older xlsales with other buttons, was here."""

    def older(*, addin: bool = False) -> Module:
        code = xlwings_module(addin=addin).code
        return Module("xlwings", code.replace(version("xlwings"), OLDER))

    path = tmp_path / "销售.xlsm"
    with pytest.MonkeyPatch.context() as then:
        then.setattr(macro_modules, "xlwings_module", older)
        then.setattr(macro_modules, "OURS", tuple(n for n in macro_modules.OURS if n != "XlsalesSheets"))
        then.setattr(markup, "TAB_KEYTIP", "ZZ")
        path.write_bytes(macro_template(lang))
    assert f'"{OLDER}"' in modules(parts(path)[PROJECT])["xlwings"]
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_project(path: Path, change: Callable[[list[Module]], list[Module]]) -> None:
    """The workbook with its modules changed, as somebody in the editor changes them."""
    book = open_book(path.read_bytes())
    written = modules(book.package.read(PROJECT))
    sheets = {name for name, code in written.items() if not seal.bare(code)}
    kinds = dict.fromkeys((*sheets, "ThisWorkbook"), "document") | {"Dictionary": "class"}
    code = {name: re.sub(r"^Attribute VB_.*\r?\n", "", text, flags=re.M) for name, text in written.items()}
    made = [Module(name, text, kinds.get(name, "standard")) for name, text in code.items()]  # type: ignore[arg-type]
    book.package.put(PROJECT, vba_project(change(made)))
    path.write_bytes(book.to_bytes())


def edited(name: str, change: Callable[[str], str]) -> Callable[[list[Module]], list[Module]]:
    def changed(there: list[Module]) -> list[Module]:
        assert name in [one.name for one in there]
        return [Module(one.name, change(one.code), one.kind) if one.name == name else one for one in there]

    return changed


def test_the_macros_and_the_ribbon_are_those_of_today_and_every_other_part_stays(
    old: Path, lang: Language
) -> None:
    before = parts(old)
    renew(old, lang)
    after = parts(old)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {
        PROJECT,
        RIBBON_PART,
    }
    assert after[RIBBON_PART].decode() == markup.custom_ui(lang)
    found = sources(old.read_bytes())
    for module in macro_modules.macro_modules(lang):
        assert found.pop(module.name) == module_text(module)
    assert set(found) == {name for name, code in sources_of(before).items() if not seal.bare(code)}


def sources_of(package: dict[str, bytes]) -> dict[str, str]:
    return modules(package[PROJECT])


def test_it_is_then_what_a_new_workbook_would_hold(old: Path, lang: Language) -> None:
    renew(old, lang)
    with zipfile.ZipFile(BytesIO(macro_template(lang))) as fresh:
        assert sources(old.read_bytes()) == sources(macro_template(lang))
        assert parts(old)[RIBBON_PART] == fresh.read(RIBBON_PART)


def test_what_the_file_held_is_backed_up(old: Path, lang: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bytes] = []
    monkeypatch.setattr("xlsales.package.save.back_up", lambda path, *_: kept.append(path.read_bytes()))
    before = old.read_bytes()
    renew(old, lang)
    assert kept == [before]


def test_macros_of_today_are_left_as_they_are(lang: Language, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsm"
    path.write_bytes(macro_template(lang))
    before = path.read_bytes()
    renew(path, lang)
    assert path.read_bytes() == before


def test_code_that_the_editor_has_spelled_its_own_way_is_still_ours(old: Path, lang: Language) -> None:
    """Excel writes keywords and names in capitals of its own, and blanks as it likes them."""
    with_project(
        old, edited("RibbonXlsales", lambda code: code.replace("Dim ", "Dim  ").replace("sheet", "Sheet"))
    )
    renew(old, lang)
    assert "Dim  " not in modules(parts(old)[PROJECT])["RibbonXlsales"]


OWN = Module("Mine", "Sub Monthly()\nEnd Sub\n")
CHANGES: dict[str, tuple[Callable[[list[Module]], list[Module]], str]] = {
    "a module of their own": (lambda there: [*there, OWN], "Mine"),
    "an empty module of their own": (lambda there: [*there, Module("Form1", "", "class")], "Form1"),
    "a changed module of ours": (
        edited("RibbonXlsales", lambda code: code + "Sub Mine()\nEnd Sub\n"),
        "RibbonXlsales",
    ),
    "changed code of xlwings": (edited("xlwings", lambda code: code.replace("True", "False")), "xlwings"),
    "an event in the workbook": (
        edited("ThisWorkbook", lambda code: code + "Private Sub Workbook_BeforeSave()\nEnd Sub\n"),
        "ThisWorkbook",
    ),
    "an event on a sheet": (
        edited("Sheet2", lambda code: code + "Private Sub Worksheet_Activate()\nEnd Sub\n"),
        "Sheet2",
    ),
    "no seal": (lambda there: [one for one in there if one.name != seal.NAME], "ThisWorkbook"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_user_made_is_never_written_over(change: str, old: Path, lang: Language) -> None:
    make, named = CHANGES[change]
    with_project(old, make)
    before = old.read_bytes()
    with pytest.raises(WorkbookError) as refused:
        renew(old, lang)
    assert refused.value.key == "macros_not_ours"
    assert named in str(refused.value.facts["strange"])
    assert old.read_bytes() == before


def test_a_ribbon_that_was_changed_is_never_written_over(old: Path, lang: Language) -> None:
    book = open_book(old.read_bytes())
    book.package.put(RIBBON_PART, book.package.read(RIBBON_PART).replace(b"TabHome", b"TabData"))
    old.write_bytes(book.to_bytes())
    with pytest.raises(WorkbookError) as refused:
        renew(old, lang)
    assert refused.value.facts["strange"] == RIBBON_PART


def test_a_signature_would_be_lost_so_it_is_refused(old: Path, lang: Language) -> None:
    book = open_book(old.read_bytes())
    book.package.put("xl/vbaProjectSignature.bin", b"signature")
    book.package.declare("xl/vbaProjectSignature.bin", "application/vnd.ms-office.vbaProjectSignature")
    book.package.put("xl/_rels/vbaProject.bin.rels", SIGNED.encode())
    book.package.declare("xl/_rels/vbaProject.bin.rels", RELATIONSHIPS)
    old.write_bytes(book.to_bytes())
    with pytest.raises(WorkbookError) as refused:
        renew(old, lang)
    assert refused.value.facts["strange"] == "xl/vbaProjectSignature.bin"


def test_a_sheet_that_excel_added_keeps_its_module(old: Path, lang: Language) -> None:
    with_project(old, lambda there: [*there, Module("Tabelle9", "", "document")])
    book = open_book(old.read_bytes())
    part = book.sheets[-1].part
    assert part is not None
    xml = book.package.read(part)
    book.package.put(part, re.sub(rb'codeName="\w+"', b'codeName="Tabelle9"', xml, count=1))
    old.write_bytes(book.to_bytes())
    renew(old, lang)
    found = sources(old.read_bytes())
    assert "Tabelle9" in found
    assert "Sheet9" not in found  # the sheet that had this name has it no more


def test_a_workbook_that_is_open_in_excel_is_left_alone(old: Path, lang: Language) -> None:
    old.with_name(f"~${old.name}").write_bytes(b"\x04user" + bytes(160))
    before = old.read_bytes()
    with pytest.raises(WorkbookError):
        renew(old, lang)
    assert old.read_bytes() == before


def test_the_doctor_says_so_and_mends_it(
    old: Path, lang: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "embedded.differs" in {one.key for one in examine(lang, old)}
    for flag, words in (((), " --fix"), (("--fix",), str(old))):
        with pytest.raises(SystemExit):
            cli.main(["doctor", str(old), *flag, "--lang", lang])
        assert words in capsys.readouterr().out.replace("\n", "")
    assert "embedded.fine" in {one.key for one in examine(lang, old)}


def test_the_doctor_says_in_two_lines_why_it_does_not(
    old: Path, lang: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    with_project(old, CHANGES["a module of their own"][0])
    with pytest.raises(SystemExit):
        cli.main(["doctor", str(old), "--fix", "--lang", lang])
    error = WorkbookError("macros_not_ours", file=old.name, strange="Mine")
    said = "".join(capsys.readouterr().out.split())
    assert "".join(error.what(lang).split()) in said
    assert "".join(error.do(lang).split()) in said


def test_what_was_renewed_is_ours_to_the_byte(old: Path, lang: Language) -> None:
    """So a mark of the web can be taken off it as of a new one."""
    renew(old, lang)
    names = list(modules(parts(old)[PROJECT]))
    ours = next(one for one in our_modules() if vba_of(names, one) == parts(old)[PROJECT])
    assert ours


def vba_of(names: list[str], ours: tuple[Module, ...]) -> bytes:
    known = {module.name: module for module in ours}
    return vba_project([known.get(name, Module(name, "", "document")) for name in names])


@pytest.mark.validator
def test_the_open_xml_sdk_finds_nothing_wrong_after_it(old: Path, lang: Language, tmp_path: Path) -> None:
    renew(old, lang)
    assert not errors(old.read_bytes(), "renewed.xlsm", tmp_path)
