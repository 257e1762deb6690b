"""The ribbon's macros run, in LibreOffice, on the real template; a stub of xlwings keeps what it is told.

LibreOffice has no ribbon, so a class with an id stands for the control that Excel hands over.
"""

from __future__ import annotations

import json
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.excel.vba.test_libreoffice import DRIVER, python_with_uno
from xlsales.excel.macro_book import macro_book
from xlsales.excel.template.book import plain_book
from xlsales.excel.template.samples import samples
from xlsales.excel.vba.project import Module
from xlsales.excel.vba.sources import source
from xlsales.language import LANGUAGES
from xlsales.metrics._scope import shift_months
from xlsales.settings import word
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language

pytestmark = pytest.mark.libreoffice

CONTROL = """Option Explicit
Public ID As String
"""

XLWINGS = """Option Explicit
Public commands As String
Public enabledMeanwhile As String
Public fails As Boolean

Public Function RunPython(PythonCommand As String)
    Dim enabled As Variant
    commands = commands & PythonCommand & Chr(10)
    RibbonXlsales.GetEnabled Nothing, enabled
    enabledMeanwhile = enabledMeanwhile & CStr(enabled) & " "
    RibbonXlsales.OnButton Probe.Control("undo")
    If fails Then Err.Raise 1000, , "Python is not there"
End Function
"""

PROBE = """Option Explicit
Public told As String

Public Function Control(ByVal id As String) As Object
    Dim made As Control
    Set made = New Control
    made.ID = id
    Set Control = made
End Function

Public Function Press(ByVal id As String, ByVal fails As Boolean) As String
    xlwings.commands = ""
    xlwings.enabledMeanwhile = ""
    xlwings.fails = fails
    told = ""
    RibbonXlsales.OnButton Control(id)
    Press = xlwings.commands & xlwings.enabledMeanwhile & told
End Function

Public Function Enabled() As String
    Dim found As Variant
    RibbonXlsales.GetEnabled Nothing, found
    Enabled = CStr(found)
End Function

Public Function Visible() As String
    Dim found As Variant
    RibbonXlsales.GetVisible Nothing, found
    Visible = CStr(found)
End Function

Public Function Choose(ByVal id As String, ByVal chosen As String) As String
    xlwings.commands = ""
    RibbonXlsales.OnChoice Control(id), chosen
    Choose = xlwings.commands
End Function

Public Function Choice(ByVal id As String) As String
    Dim found As Variant
    RibbonXlsales.GetChoice Control(id), found
    Choice = CStr(found)
End Function

Public Function Months() As String
    Dim count As Variant, found As Variant
    Dim index As Integer
    RibbonXlsales.GetMonthCount Control("period"), count
    For index = 0 To count - 1
        RibbonXlsales.GetMonth Control("period"), index, found
        Months = Months & found & " "
    Next index
End Function

Public Function Top(ByVal sheet As String) As String
    Dim held As Worksheet
    Set held = ThisWorkbook.Worksheets(sheet)
    Top = held.Range("A2").Value & "|" & held.Range("A1").Value
End Function

Public Sub Paste(ByVal sheet As String, ByVal address As String, ByVal said As String)
    ThisWorkbook.Worksheets(sheet).Range(address).Value = said
End Sub

Public Sub Clear()
    RibbonXlsales.ClearSamples
End Sub
"""
AWKWARD = "总览、漏斗'\"|$(x)\\"


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def calls(lang: Language) -> dict[str, tuple[str, list[object]]]:
    orders, leads = TABLES[0].title(lang), TABLES[1].title(lang)
    below = f"A{2 + len(samples(TABLES[0], lang))}"
    return {
        "refresh": ("Probe.Press", ["refresh", False]),
        "enabled again": ("Probe.Enabled", []),
        "failed": ("Probe.Press", ["metric_sales", True]),
        "enabled after a failure": ("Probe.Enabled", []),
        "visible": ("Probe.Visible", []),
        "choose": ("Probe.Choose", ["period", "2026-Q4"]),
        "choose awkward": ("Probe.Choose", ["pages", AWKWARD]),
        "choose nothing": ("Probe.Choose", ["period", ""]),
        "period": ("Probe.Choice", ["period"]),
        "pages": ("Probe.Choice", ["pages"]),
        "months": ("Probe.Months", []),
        "order before": ("Probe.Top", [orders]),
        "paste": ("Probe.Paste", [orders, below, "ours"]),
        "clear": ("Probe.Clear", []),
        "orders after": ("Probe.Top", [orders]),
        "leads after": ("Probe.Top", [leads]),
    }


@pytest.fixture(scope="module")
def answers(
    lang: Language, calls: dict[str, tuple[str, list[object]]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    python = python_with_uno()
    if python is None:
        pytest.skip("no Python on the machine has uno (Debian: python3-uno)")
    folder: Path = tmp_path_factory.mktemp("office")
    ribbon = source("RibbonXlsales")
    boxes = "MsgBox failure, vbExclamation"
    assert boxes in ribbon.code
    modules = [
        source("ThisWorkbook"),
        source("XlsalesEvents"),
        source("XlsalesSheets"),
        Module("RibbonXlsales", ribbon.code.replace(boxes, "Probe.told = failure")),
        Module("xlwings", XLWINGS),
        Module("Control", CONTROL, "class"),
        Module("Probe", PROBE),
    ]
    path = folder / "book.xlsm"
    path.write_bytes(macro_book(plain_book(lang, {"SHOW CONSOLE": False}), modules, None))
    done = subprocess.run(
        [python, str(DRIVER), str(path), str(folder / "profile")],
        input=json.dumps({"calls": list(calls.values()), "cells": []}),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(calls, json.loads(done.stdout)["given"], strict=True))


def test_a_button_runs_its_function_once_and_all_are_disabled_meanwhile(answers: dict[str, Any]) -> None:
    command, enabled = answers["refresh"].split("\n")
    assert command == "from xlsales.excel import macros; macros.press('refresh')"
    assert enabled.split() == ["False"]
    assert answers["enabled again"] == "True"


def test_the_tab_shows_in_its_own_workbook(answers: dict[str, Any]) -> None:
    assert answers["visible"] == "True"


def test_after_a_failure_the_buttons_work_again_and_it_is_said(answers: dict[str, Any]) -> None:
    command, said = answers["failed"].split("\n")
    assert command.endswith("macros.press('metric_sales')")
    assert said.startswith("False ")
    assert said.endswith("Python is not there")
    assert answers["enabled after a failure"] == "True"


def test_a_choice_is_handed_on_as_a_python_text_that_no_shell_reads(answers: dict[str, Any]) -> None:
    assert answers["choose"] == "from xlsales.excel import macros; macros.press('period', '2026-Q4')\n"
    assert answers["choose nothing"].endswith("macros.press('period', '')\n")
    awkward = answers["choose awkward"].strip().removeprefix("from xlsales.excel import macros; ")
    assert awkward.isascii()
    assert set('"|$(').isdisjoint(awkward.removeprefix("macros.press("))
    given: list[tuple[str, str]] = []
    eval(awkward.replace("macros.press", "press"), {"press": lambda *one: given.append(one)})
    assert given == [("pages", AWKWARD)]


def test_the_boxes_show_what_the_settings_sheet_says(answers: dict[str, Any], lang: Language) -> None:
    assert answers["period"] == word("period", "default", lang)
    assert answers["pages"] == word("pages", "default", lang)


def test_the_months_to_choose_from_end_with_this_one(answers: dict[str, Any]) -> None:
    today = date.today()  # noqa: DTZ011 - the day that the office knows
    assert answers["months"].split() == [f"{shift_months(today, -k):%Y-%m}" for k in range(13)]


def test_clearing_takes_the_samples_and_leaves_what_was_pasted_below(
    answers: dict[str, Any], lang: Language
) -> None:
    orders, leads = TABLES[0].columns[0].title(lang), TABLES[1].columns[0].title(lang)
    assert answers["order before"] == f"{samples(TABLES[0], lang)[0]['order_id']}|{orders}"
    assert answers["orders after"] == f"ours|{orders}"
    assert answers["leads after"] == f"|{leads}"
