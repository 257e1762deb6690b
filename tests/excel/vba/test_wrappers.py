"""The wrappers of xlwings, made without Windows, and the words that the function wizard shows."""

from __future__ import annotations

import re
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
import xlwings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.excel.vba import sample_functions
from tests.excel.vba.decoding import sources
from tests.excel.vba.python_calls import unresolved
from xlsales.excel.vba import wrappers as module_under_test
from xlsales.excel.vba.function_help import Help, describing_code
from xlsales.excel.vba.project import Module, module_text, vba_project
from xlsales.excel.vba.sources import source, xlwings_module
from xlsales.excel.vba.wrappers import real_udfs, wrappers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SAMPLE = sample_functions.__name__


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Write a Python module and give back its name."""

    def write(code: str) -> str:
        name = f"written_{tmp_path.name}".replace("-", "_")
        (tmp_path / f"{name}.py").write_text("import xlwings as xw\n" + dedent(code), "utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        return name

    return write


def calls(code: str) -> Iterator[tuple[str, ...]]:
    return (match.groups() for match in re.finditer(r"(\w+) = XLPy.CallUDF\((.*)\)$", code, re.MULTILINE))


def test_each_function_calls_its_python_back_by_name() -> None:
    made = dict(call for call in calls(wrappers(SAMPLE).code) if "Caller" in call[1])
    assert made == {
        "XS_JOIN": f'"{SAMPLE}", "XS_JOIN", argsArray, ThisWorkbook, Application.Caller',
        "XS_TODAY": f'"{SAMPLE}", "XS_TODAY", Array(), ThisWorkbook, Application.Caller',
        "XS_TOTAL": f'"{SAMPLE}", "XS_TOTAL", Array(table, by, XsPass()), ThisWorkbook, Application.Caller',
        "XS_WHERE": f'"{SAMPLE}", "XS_WHERE", Array(Nothing, n), ThisWorkbook, Application.Caller',
    }


def test_users_see_the_arguments_that_are_theirs() -> None:
    heads = re.findall(r"^Function .*", wrappers(SAMPLE).code, re.MULTILINE)
    assert heads == [
        "Function XS_JOIN(ParamArray parts())",
        "Function XS_TODAY()",
        "Function XS_TOTAL(table, Optional by)",
        "Function XS_WHERE(n)",
    ]


def test_in_an_add_in_functions_belong_to_the_active_workbook() -> None:
    code = wrappers(SAMPLE, addin=True).code
    assert "ThisWorkbook" not in code
    assert code.count("ActiveWorkbook, Application.Caller") == 4


def test_the_module_is_valid_vba_and_tells_no_path_of_the_machine_it_was_made_on() -> None:
    made = wrappers(SAMPLE)
    assert made.name == "xlwings_udfs"
    assert sources(vba_project([made])) == {made.name: module_text(made)}
    assert not re.search(r"sample_functions\.py|[\\/](home|tmp|Users|usr)[\\/]|[A-Z]:\\", made.code)


def test_the_same_module_makes_the_same_wrappers() -> None:
    assert wrappers(SAMPLE) == wrappers(SAMPLE)


def test_everything_is_afterwards_as_it_was() -> None:
    wrappers(SAMPLE)  # imports what xlwings needs once and for all
    before = (dict(sys.modules), vars(xlwings).copy(), vars(sample_functions).copy())
    wrappers(SAMPLE)
    assert dict(sys.modules) == before[0]
    assert vars(xlwings) == before[1]
    assert vars(sample_functions) == before[2]
    assert sys.modules[SAMPLE] is sample_functions


@pytest.mark.skipif(sys.platform == "win32", reason="pywin32 itself is there")
def test_the_stand_ins_for_pywin32_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"pythoncom", "pywintypes", "win32com", "win32com.client", "xlwings.udfs"}
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.delattr(xlwings, "udfs", raising=False)
    wrappers(SAMPLE)
    assert not names & set(sys.modules)
    assert not hasattr(xlwings, "udfs")


def test_everything_is_as_it_was_also_after_a_failure(module: Callable[[str], str]) -> None:
    before = (vars(xlwings).copy(), set(sys.modules))
    name = module("raise OSError('no such table')")
    with pytest.raises(OSError, match="no such table"):
        wrappers(name)
    assert vars(xlwings) == before[0]
    assert name not in sys.modules
    assert not {"pythoncom", "win32com"} & (set(sys.modules) - before[1])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("@xw.func\ndef one(): 'x'\ntwo = one", "two calls itself one"),
        ("@xw.func\ndef one(a): 'x'\n@xw.func\ndef ONE(a): 'x'", "differ only in upper and lower case"),
        ("@xw.func\ndef f(date): 'x'", "cannot use the name date"),
        ("@xw.func\ndef f(_a): 'x'", "cannot use the name _a"),
        ("@xw.func\ndef f(区域): 'x'", "cannot use the name 区域"),
        ("@xw.func\ndef f(a, A): 'x'", "cannot use the name A"),
        ("@xw.func\ndef f(F): 'x'", "cannot use the name F"),
        ("@xw.func\ndef f(application): 'x'", "cannot use the name application"),
        ("@xw.func\ndef f(k, *more): 'x'", "cannot use the name k"),
        ("def f(a): 'x'", "has no functions"),
    ],
)
def test_a_function_that_excel_could_not_call_is_refused(
    code: str, said: str, module: Callable[[str], str]
) -> None:
    with pytest.raises(ValueError, match=said):
        wrappers(module(code))


def test_a_module_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no Python module tests\.excel\.vba\.nowhere"):
        wrappers("tests.excel.vba.nowhere")


# ------------------------------------------------------------------ what the function wizard says


def described(code: str) -> dict[str, tuple[str, ...]]:
    """What ``XsDescribe`` tells Excel: per function its category, its words, those of its arguments."""
    body = re.sub(r'" & _\n +"', "", code).replace(" _\n", "")
    called = re.findall(r"^    (Describe\w+) book$", body, re.MULTILINE)
    subs = dict(
        re.findall(r"^Private Sub (Describe\w+)\(ByVal book As String\)\n(.*)\nEnd Sub$", body, re.MULTILINE)
    )
    assert called == list(subs)
    found = {}
    for line in subs.values():
        name, rest = re.fullmatch(r'    Describe book & "(\w+)", +(.*)', line).groups()  # type: ignore[union-attr]
        texts = re.findall(r'Plain\("((?:[^"]|"")*)"\)|"((?:[^"]|"")*)"|(\d+)', rest)
        found[name] = tuple(
            said(coded) if coded else (ascii_ or number).replace('""', '"') for coded, ascii_, number in texts
        )
    return found


def said(coded: str) -> str:
    """What ``Plain`` makes of a literal."""
    units = re.findall(r"\\([0-9A-F]{4})|(.)", coded.replace('""', '"'))
    return b"".join(
        bytes.fromhex(unit) if unit else other.encode("utf-16-be") for unit, other in units
    ).decode("utf-16-be")


def test_the_wizard_shows_docstrings_and_what_is_said_of_the_arguments() -> None:
    assert described(wrappers(SAMPLE).code) == {
        "XS_JOIN": ("xlwings", "", ""),
        "XS_TODAY": ("14", "The day of the last refresh."),
        "XS_TOTAL": ("销售分析", '某列的合计， for "each" row of the \\ kind.', "带表头的区域", ""),
        "XS_WHERE": ("xlwings", "Where the formula stands.", ""),
    }


def test_given_words_go_before_those_of_the_module() -> None:
    words = {"XS_TOTAL": Help("Total", {"by": "the column"}), "XS_JOIN": Help("Joined")}
    found = described(wrappers(SAMPLE, words).code)
    assert found["XS_TOTAL"] == ("销售分析", "Total", "带表头的区域", "the column")
    assert found["XS_JOIN"] == ("xlwings", "Joined", "")


@pytest.mark.parametrize(
    "words", [{"XS_NONE": Help("x")}, {"XS_TOTAL": Help("x", {"calculation": "y"})}], ids=str
)
def test_words_on_what_nobody_can_see_are_refused(words: dict[str, Help]) -> None:
    with pytest.raises(ValueError, match=r"has no (function|argument) called"):
        wrappers(SAMPLE, words)


def cut(words: str) -> str:
    """The first 255 code units, without half a character at the end."""
    while len(words.encode("utf-16-le")) > 2 * 255:
        words = words[:-1]
    return words


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_words_of_any_script_and_length_arrive_cut_where_excel_cuts(words: str) -> None:
    code = describing_code({"XS_A": Help(words)}, {"XS_A": "c"})
    vba_project([Module("Help1", code)])  # refuses lines that are too long or not ASCII
    assert described(code) == {"XS_A": ("c", cut(words).strip())}


@pytest.mark.parametrize("words", ["a" * 256, "额" * 256, '"' * 256, "\\" * 256, "𠮷" * 128])
def test_words_that_are_too_long_are_cut_and_fit_into_lines(words: str) -> None:
    code = describing_code({"XS_A": Help(words)}, {"XS_A": "c"})
    vba_project([Module("Help1", code)])
    assert described(code)["XS_A"][1] == words[: 127 if words[0] == "𠮷" else 255]
    assert max(map(len, code.splitlines())) > 180


def test_the_words_are_registered_under_the_name_that_the_events_run() -> None:
    assert "Public Sub XsDescribe(ByVal book As String, ByVal done As Collection)" in wrappers(SAMPLE).code
    assert 'Application.Run book & "XsDescribe", book, done' in source("XlsalesEvents").code


# ------------------------------------------------------------------ what VBA names exists in Python


BUTTONS = """
Public Sub OnPress(control As IRibbonControl)
    RunPython "from tests.excel.vba import python_calls; python_calls.unresolved('" & control.ID & "')"
    RunPython ("import xlsales.language; xlsales.language.text('zh', ""x"")")
End Sub
"""


def test_all_python_that_is_named_exists() -> None:
    modules = [Module("Buttons", BUTTONS), wrappers(SAMPLE), source("XlsalesEvents"), xlwings_module()]
    assert unresolved(modules) == []


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("python_calls.unresolved", "python_calls.resolved", "python_calls.resolved"),
        ("import python_calls", "import python_call", "python_call"),
        ("from tests.excel.vba", "from tests.excel.vbb", "python_calls"),
        ("import xlsales.language;", "import xlsales.languages;", "xlsales.languages"),
        ("language.text", "language.words", "xlsales.language.words"),
        ("; xlsales", "); xlsales", "import xlsales.language)"),
        ('"XS_TOTAL", Array', '"XS_TOTALS", Array', "sample_functions.XS_TOTALS"),
        (SAMPLE, "tests.sample", "tests.sample.XS_TODAY"),
        ("XsPass()", "XsPas()", "XsPas()"),
        ("    RunPython (", "    If control.ID <> 1 Then x = RunPython(1 & ", "begins with a variable"),
    ],
)
def test_python_that_does_not_exist_is_found(right: str, wrong: str, named: str) -> None:
    code = BUTTONS + wrappers(SAMPLE).code
    assert right in code
    found = unresolved([Module("Buttons", code.replace(right, wrong)), source("XlsalesEvents")])
    assert any(named in problem for problem in found), found


def test_the_real_decorators_are_those_of_xlwings_on_windows() -> None:
    with real_udfs() as udfs:
        assert xlwings.func is udfs.xlfunc
        assert module_under_test.DECORATORS == ("func", "arg", "ret", "sub")
