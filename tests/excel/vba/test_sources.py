"""Sources in UTF-8 become modules in ASCII that mean the same, or are refused with file and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlsales.errors import UsageError
from xlsales.excel.vba import sources
from xlsales.excel.vba.literals import ascii_code
from xlsales.excel.vba.sources import FOLDERS, read, source, xlwings_module

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
OURS = sorted((ROOT / "workbook_templates" / "vba").iterdir())


@pytest.fixture
def module(tmp_path: Path) -> Callable[..., sources.Module]:
    def write(text: str, name: str = "Part.bas") -> sources.Module:
        (tmp_path / name).write_bytes(text.encode())
        return read(tmp_path / name)

    return write


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('x = "plain ""quoted"" \'text\'"', 'x = "plain ""quoted"" \'text\'"'),
        ('x = "销售"', "x = (ChrW(&H9500) & ChrW(&H552E))"),
        ('x = "额"', "x = ChrW(&H989D)"),
        ('x = "a额""b"', 'x = ("a" & ChrW(&H989D) & """b")'),
        ('x = Len("—")', "x = Len(ChrW(&H2014))"),
        ('x = "𠮷"', "x = (ChrW(&HD842) & ChrW(&HDFB7))"),
        (
            'Say "完成", 1: Say "失败"',
            "Say (ChrW(&H5B8C) & ChrW(&H6210)), 1: Say (ChrW(&H5931) & ChrW(&H8D25))",
        ),
        ("x = 1 ' 注", "x = 1 ' \\u6ce8"),
        ('Rem 注 "注"', 'Rem \\u6ce8 "\\u6ce8"'),
        ("x = 1: rem 注", "x = 1: rem \\u6ce8"),
        ('remark = "注"', "remark = ChrW(&H6CE8)"),
        ("' 注 _\n注", "' \\u6ce8 _\n\\u6ce8"),
        ('Say "a", _\n    "额"', 'Say "a", _\n    ChrW(&H989D)'),
        ('Sub Say(): x = "额": End Sub', "Sub Say(): x = ChrW(&H989D): End Sub"),
        ('Case "额"', "Case ChrW(&H989D)"),
    ],
)
def test_text_that_is_not_ascii_becomes_an_expression(written: str, made: str) -> None:
    assert ascii_code(written, "Part.bas") == made


@pytest.mark.parametrize(
    "line",
    [
        'Const NAME = "销售"',
        'Private Const NAME As String = "销售"',
        '    public  const NAME = "销售"',
        'x = 1: Const NAME = "销售"',
        'Const NAME = _\n    "销售"',
        '#Const NAME = "销售"',
        '#If NAME = "销售" Then',
        'Attribute Run.VB_Description = "销售"',
        'Private Declare PtrSafe Function Say Lib "销售.dll" ()',
        'Declare Sub Say Lib "x" Alias "销售" ()',
        'Public Sub Say(Optional ByVal words As String = "销售")',
        'Private Function Say( _\n    Optional words = "销售")',
        "销售 = 1",
        "x = [销售]",
        "x = “a”",
    ],
)
def test_what_cannot_be_rewritten_is_refused_with_file_and_line(line: str) -> None:
    with pytest.raises(ValueError, match=r"^Part\.bas:3: "):
        ascii_code(f"Option Explicit\n\n{line}\n", "Part.bas")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])))
def test_a_literal_of_any_characters_means_what_it_meant(words: str) -> None:
    code = ascii_code('x = "' + words.replace('"', '""') + '"', "Part.bas")
    assert code.isascii()
    assert meaning(code.removeprefix("x = ")) == words


def meaning(expression: str) -> str:
    """The text that VBA would make of literals and ``ChrW`` joined by ``&``."""
    pieces = re.findall(r'"((?:[^"]|"")*)"|ChrW\(&H([0-9A-F]{4})\)', expression)
    assert re.fullmatch(r'\(?(("([^"]|"")*"|ChrW\(&H[0-9A-F]{4}\))( & )?)+\)?', expression)
    units = (
        bytes.fromhex(unit) if unit else text.replace('""', '"').encode("utf-16-be") for text, unit in pieces
    )
    return b"".join(units).decode("utf-16-be")


def test_the_header_of_an_export_is_taken_off(module: Callable[..., sources.Module]) -> None:
    exported = 'Attribute VB_Name = "Part"\r\nOption Explicit\r\nAttribute x.VB_VarHelpID = -1\r\n'
    assert module(exported) == sources.Module("Part", "Option Explicit\nAttribute x.VB_VarHelpID = -1\n")


def test_the_kind_follows_from_the_file(module: Callable[..., sources.Module]) -> None:
    exported = (
        'VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1  \'True\nEND\nAttribute VB_Name = "x"\nOption Explicit\n'
    )
    for name, kind in (("Part.cls", "class"), ("ThisWorkbook.cls", "document")):
        found = module(exported, name)
        assert (found.name, found.code, found.kind) == (name[:-4], "Option Explicit\n", kind)


def test_a_refusal_names_the_line_of_the_file_as_it_lies_there(module: Callable[..., sources.Module]) -> None:
    exported = 'VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1  \'True\nEND\nAttribute VB_Name = "x"\n'
    with pytest.raises(ValueError, match=r"^Part\.cls:7: "):
        module(f'{exported}Option Explicit\nConst x = "额"\n', "Part.cls")


def test_a_line_that_grows_too_long_is_refused(module: Callable[..., sources.Module]) -> None:
    with pytest.raises(ValueError, match=r"^Part\.bas:2: \d+ characters in ASCII; VBA takes 1023"):
        module('x = 1\ny = "' + "额" * 200 + '"\n')
    with pytest.raises(ValueError, match=r"^Part\.bas:1: 1025 characters"):
        module("x" * 1025)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_source_of_ours_is_a_module_under_its_own_name(path: Path) -> None:
    text = path.read_text("utf-8")
    found = source(path.stem)
    assert f'Attribute VB_Name = "{found.name}"' in text
    assert found.code.isascii()
    assert "Option Explicit" in found.code
    assert text.endswith(found.code) or not text.isascii()


def test_there_is_no_source_that_nobody_wrote() -> None:
    with pytest.raises(FileNotFoundError, match="Nowhere"):
        source("Nowhere")


def test_an_installed_package_holds_the_sources_where_they_are_looked_for() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    installed, checkout = FOLDERS
    included = build["targets"]["wheel"]["force-include"]
    assert included == {checkout.relative_to(ROOT).as_posix(): installed.relative_to(ROOT).as_posix()}


@pytest.mark.parametrize("addin", [False, True], ids=["workbook", "add-in"])
def test_the_vba_of_xlwings_is_of_the_version_that_is_installed(addin: bool) -> None:
    import xlwings

    found = xlwings_module(addin=addin)
    assert found.name == "xlwings"
    assert f'XLWINGS_VERSION As String = "{xlwings.__version__}"' in found.code
    assert 'PROJECT_NAME As String = "xlwings"' in found.code
    assert ("ActiveWorkbook" in found.code) == addin
    assert "distributed under a BSD 3-clause license" in found.code


def test_without_xlwings_the_user_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as error:
        xlwings_module()
    assert "xlsales[excel]" in error.value.do("zh")


def test_our_dictionary_has_all_that_xlwings_asks_of_it() -> None:
    code = xlwings_module().code
    mac = re.search(r"#If Mac Then\s+Dim (\w+) As Dictionary\s+Set \1 = New Dictionary\s+#Else", code)
    assert mac is not None
    assert code.count("Dictionary") == 3  # the two words above, and Scripting.Dictionary of Windows
    used = set(re.findall(rf"(?:^\s*{mac[1]}|GetConfigFromSheet\(\w+\))\.(\w+)", code, re.MULTILINE))
    assert used == {"Add", "Exists", "Item"}
    assert used == set(re.findall(r"^Public (?:Sub|Function) (\w+)", source("Dictionary").code, re.MULTILINE))


EVENTS = {
    "WorkbookActivate": "ByVal Wb As Workbook",
    "AfterCalculate": "",
    "SheetChange": "ByVal Sh As Object, ByVal Target As Range",
}
"""Events of Excel's Application with their arguments, from the documentation of its object model."""


def test_events_are_handled_as_excel_raises_them() -> None:
    code = source("ThisWorkbook").code
    declared = re.search(r"Private WithEvents (\w+) As Application", code)
    assert declared is not None
    assert dict(re.findall(rf"Private Sub {declared[1]}_(\w+)\((.*)\)", code)) == EVENTS


def test_a_calculation_and_a_change_both_begin_a_new_pass() -> None:
    code = source("ThisWorkbook").code
    for event in ("AfterCalculate", "SheetChange"):
        assert re.search(rf"_{event}\(.*\)\n    XlsalesEvents\.NextPass\nEnd Sub", code)
    assert "Public Sub NextPass()" in source("XlsalesEvents").code
