"""The macros run, in LibreOffice, and what they do is seen.

LibreOffice runs no macro of a project that holds xlwings' own VBA, with its libraries of Windows. A stub
takes its place: ``RunPython`` and ``XLPy`` write down what they were given.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from tests.excel.vba import sample_functions
from xlsales.excel.macro_book import macro_book
from xlsales.excel.vba.project import Module
from xlsales.excel.vba.sources import read, source
from xlsales.excel.vba.wrappers import wrappers
from xlsales.package.book import open_book
from xlsales.package.names import MARKER
from xlsales.settings import SHEET

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.libreoffice

DRIVER = Path(__file__).with_name("in_libreoffice.py")

XLWINGS = """Option Explicit

Public Function RunPython(PythonCommand As String)
    ThisWorkbook.Worksheets(1).Range("A1").Value = PythonCommand
End Function

Public Function XLPy() As Object
    Set XLPy = New StubPython
End Function
"""

STUB_PYTHON = """Option Explicit

Public Function CallUDF(ByVal module As String, ByVal name As String, ByVal args As Variant, _
                        ByVal book As Variant, ByVal caller As Variant) As Variant
    Dim count As Long
    count = UBound(args) - LBound(args) + 1
    CallUDF = module & " " & name & " " & CStr(args(0)) & " " & CStr(count) & " " & CStr(args(UBound(args)))
End Function
"""

FOR_LIBREOFFICE = {
    # no calling cell: LibreOffice gives up on the line that asks for it
    "If TypeOf Application.Caller Is Range Then On Error GoTo failed\n": "\n",
    # no function wizard that could be told: the probe writes down what Excel would be
    "Application.MacroOptions ": "Probe.Note ",
    # no macros by the name of their workbook, only by their own
    'Application.Run book & "XsDescribe"': 'Application.Run "XsDescribe"',
}
"""The three places where our code asks for what only Excel has."""

PROBE = """Attribute VB_Name = "Probe"
Option Explicit

Private noted As String

Public Sub Press()
    RunPython "from xlsales.excel import macros; macros.press('" & "refresh" & "')"
End Sub

Public Sub Say()
    ThisWorkbook.Worksheets(1).Range("A2").Value = "销售额 ""12"" – " & "𠮷"
End Sub

Public Function Pass() As Long
    Pass = XsPass()
End Function

Public Function Language() As String
    Language = XsLanguage(ThisWorkbook.Worksheets(1).Range("A1"))
End Function

Public Function Elsewhere() As String
    Elsewhere = XsLanguage(Nothing) & "|"
End Function

Public Sub Ask(ByVal value As String)
    ThisWorkbook.Worksheets(2).Range("B2").Value = value
End Sub

Public Sub Calculated()
    XlsalesEvents.NextPass
End Sub

Public Sub Events(ByVal allowed As Boolean)
    Application.EnableEvents = allowed
End Sub

Public Function Kept() As String
    Dim held As Dictionary
    Set held = New Dictionary
    held.Add "INTERPRETER_WIN", "python.exe"
    held.Add "SHOW CONSOLE", False
    Kept = held.Item("INTERPRETER_WIN")
    Kept = Kept & " " & CStr(held.Exists("SHOW CONSOLE")) & " " & CStr(held.Exists("OTHER"))
End Function

Public Function Described() As String
    XlsalesEvents.DescribeFunctions
    XlsalesEvents.DescribeFunctions
    Described = noted
End Function

Public Sub Note(ByVal Macro As String, ByVal Description As String, ByVal Category As Variant, _
                Optional ByVal ArgumentDescriptions As Variant)
    noted = noted & Macro & "|" & CStr(Category) & "|" & Description & "|"
    If Not IsMissing(ArgumentDescriptions) Then noted = noted & Join(ArgumentDescriptions, "|")
    noted = noted & ";"
End Sub

Public Function Total() As Variant
    Total = XS_TOTAL("orders", "rep")
End Function

Public Function Joined() As Variant
    Joined = XS_JOIN("a", "b", "c")
End Function
"""

CALLS: dict[str, tuple[str, list[object]]] = {
    "pass before any event": ("Probe.Pass", []),
    "pass": ("Probe.Pass", []),
    "same pass": ("Probe.Pass", []),
    "calculated": ("Probe.Calculated", []),
    "next pass": ("Probe.Pass", []),
    "events off": ("Probe.Events", [False]),
    "pass without events": ("Probe.Pass", []),
    "events on": ("Probe.Events", [True]),
    "pass with events again": ("Probe.Pass", []),
    "total": ("Probe.Total", []),
    "language": ("Probe.Language", []),
    "language of no cell": ("Probe.Elsewhere", []),
    "ask": ("Probe.Ask", ["中文"]),
    "language in the same pass": ("Probe.Language", []),
    "calculated again": ("Probe.Calculated", []),
    "language in the next pass": ("Probe.Language", []),
    "events off again": ("Probe.Events", [False]),
    "ask once more": ("Probe.Ask", [""]),
    "language without a pass": ("Probe.Language", []),
    "events on again": ("Probe.Events", [True]),
    "press": ("Probe.Press", []),
    "say": ("Probe.Say", []),
    "kept": ("Probe.Kept", []),
    "described": ("Probe.Described", []),
    "plain": ("xlwings_udfs.Plain", [r"\9500\552E: \005C x"]),
    "joined": ("Probe.Joined", []),
}


def python_with_uno() -> str | None:
    """The Python of this environment, or else the one that the system's packages are for."""
    for python in (sys.executable, shutil.which("python3", path=os.defpath)):
        command = [python or "", "-c", "import uno"]
        if python and not subprocess.run(command, capture_output=True, check=False).returncode:
            return python
    return None


def book(folder: Path) -> bytes:
    (folder / "Probe.bas").write_text(PROBE, "utf-8")
    ours = [
        source("ThisWorkbook"),
        source("XlsalesEvents"),
        source("XlsalesSheets"),
        source("RibbonXlsales"),
        source("Dictionary"),
        wrappers(sample_functions.__name__),
    ]
    for excels, libreoffices in FOR_LIBREOFFICE.items():
        assert any(excels in module.code for module in ours)
        ours = [replace(module, code=module.code.replace(excels, libreoffices)) for module in ours]
    stub = [Module("xlwings", XLWINGS), Module("StubPython", STUB_PYTHON, "class")]
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as plain:
        plain.add_worksheet("首页")
        asked = plain.add_worksheet("设置")
        asked.write_column("A1", ["period", " Language "])
        asked.write("B2", "en")
    marked = open_book(buffer.getvalue())
    marked.define(MARKER, f'"{SHEET}"', 1, hidden=True)
    return macro_book(marked.to_bytes(), [*ours, *stub, read(folder / "Probe.bas")], None)


def run(python: str, folder: Path, calls: Sequence[tuple[str, list[object]]], cells: Sequence[str]) -> Any:
    path = folder / "book.xlsm"
    path.write_bytes(book(folder))
    done = subprocess.run(
        [python, str(DRIVER), str(path), str(folder / "profile")],
        input=json.dumps({"calls": calls, "cells": cells}),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    python = python_with_uno()
    if python is None:
        reason = "no Python on the machine has uno (Debian: python3-uno)"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and CI skips nothing for it", pytrace=False)
        pytest.skip(reason)
    found = run(python, tmp_path_factory.mktemp("office"), list(CALLS.values()), ["A1", "A2"])
    return dict(zip(CALLS, found["given"], strict=True)) | found["cells"]


def test_a_button_runs_its_python(answers: dict[str, Any]) -> None:
    assert answers["A1"] == "from xlsales.excel import macros; macros.press('refresh')"


def test_words_in_chinese_arrive_as_they_were_written(answers: dict[str, Any]) -> None:
    assert answers["A2"] == '销售额 "12" – 𠮷'


def test_the_first_call_hears_of_events_only_from_then_on(answers: dict[str, Any]) -> None:
    assert answers["pass before any event"] == 0
    assert answers["pass"] > 0


def test_a_pass_keeps_its_number_until_something_was_calculated(answers: dict[str, Any]) -> None:
    assert answers["same pass"] == answers["pass"]
    assert answers["next pass"] > answers["pass"]


def test_without_events_there_is_no_pass(answers: dict[str, Any]) -> None:
    assert answers["pass without events"] == 0
    assert answers["pass with events again"] == answers["next pass"]


def test_functions_are_told_the_language_of_the_settings_sheet(answers: dict[str, Any]) -> None:
    """Of the workbook of the calling cell; where no cell calls, as from the wizard, none."""
    assert answers["language"] == "en"
    assert answers["language of no cell"] == "|"


def test_the_language_is_looked_up_once_in_a_calculation(answers: dict[str, Any]) -> None:
    """LibreOffice raises no event when the sheet changes, as Excel does, which begins a new pass."""
    assert answers["language in the same pass"] == "en"
    assert answers["language in the next pass"] == "中文"
    assert answers["language without a pass"] == ""


def test_the_dictionary_keeps_what_xlwings_puts_into_it(answers: dict[str, Any]) -> None:
    assert answers["kept"] == "python.exe True False"


def test_a_wrapper_hands_python_its_name_its_arguments_and_the_pass(answers: dict[str, Any]) -> None:
    called = f"{sample_functions.__name__} XS_TOTAL orders 3 {answers['next pass']}"
    assert answers["total"] == called
    assert answers["joined"] == f"{sample_functions.__name__} XS_JOIN a 3 c"


def test_the_words_of_the_wizard_are_put_together_again(answers: dict[str, Any]) -> None:
    assert answers["plain"] == "销售: \\ x"


def test_opening_describes_every_function_once(answers: dict[str, Any]) -> None:
    described = [function.split("!", 1)[1] for function in answers["described"].split(";") if function]
    assert described == [
        "XS_JOIN|xlwings||",
        "XS_TODAY|14|The day of the last refresh.|",
        'XS_TOTAL|销售分析|某列的合计， for "each" row of the \\ kind.|带表头的区域|',
        "XS_WHERE|xlwings|Where the formula stands.|",
    ]
