"""The catalogue is complete and sound, and xlwings makes of it what Excel needs."""

from __future__ import annotations

import io
import re
import types
from typing import TYPE_CHECKING

import pytest

from tests.excel.functions import windows
from xlsales.excel.functions import _declare
from xlsales.excel.functions._declare import Function, number
from xlsales.language import LANGUAGES
from xlsales.metrics._catalogue import catalogue as metrics

if TYPE_CHECKING:
    from xlsales.language import Language

CELLS = windows.cells()
CATALOGUE = CELLS.catalogue()

RESERVED = frozenset(
    """
    addressof alias and as base boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec cint
    clng clnglng
        close compare const csng cstr currency cvar date debug decimal declare defbool dim do double each
    else elseif empty end enum eqv erase error event exit explicit false for friend function get global
    gosub goto if imp implements in input integer is let lib like line lock long longlong longptr loop lset me
    mid mod name new next not nothing null object on open option optional or paramarray preserve print private
    property public put raiseevent redim rem resume return rset seek select set shared single static step stop
    string sub then time to true type typeof unlock until variant wend while with withevents write xor
    """.split()  # noqa: SIM905 - a list of a hundred quoted words is not read
)
"""Words that VBA keeps for itself (MS-VBAL 3.3.5.2), and some that merely confuse it."""


def test_there_are_more_than_fifty_functions_and_every_metric_is_one() -> None:
    assert len(CATALOGUE) > 50
    assert {f"XS_{key.upper()}" for key in metrics()} <= set(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_function_is_named_and_described_as_excel_needs_it(name: str) -> None:
    function = CATALOGUE[name]
    assert re.fullmatch(r"XS_[A-Z][A-Z_]*[A-Z]", name)
    for lang in LANGUAGES:
        assert 20 < len(function.description(lang)) <= 255
        assert function.usage in function.description(lang)
        assert all(1 < len(argument.help(lang)) <= 255 for argument in function.arguments)
    assert function.usage.startswith(f"={name}(")
    assert re.search(r"[一-鿿]", function.zh)
    assert len(re.findall(r"[一-鿿]", function.en)) < 8  # a few in examples of what is read


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_arguments_of_a_function_are_names_that_vba_takes(name: str) -> None:
    names = [argument.name for argument in CATALOGUE[name].arguments]
    assert set(names) & RESERVED == set()
    assert all(re.fullmatch(r"[a-z][a-z_0-9]*", one) for one in names)
    assert not {"asked", "calculation", "book", "caller"} & set(names)
    assert len(names) <= 10


@pytest.mark.parametrize("name", CATALOGUE)
def test_xlwings_sees_the_function_as_it_is_declared(name: str) -> None:
    function, exported = CATALOGUE[name], getattr(CELLS, name)
    known = exported.__xlfunc__
    assert exported.__name__ == name == known["name"]
    visible = [one for one in known["args"] if not one["vba"]]
    assert [one["name"] for one in visible] == [argument.name for argument in function.arguments]
    assert ["optional" in one for one in visible] == [not one.required for one in function.arguments]
    assert not known["volatile"]
    assert known["call_in_wizard"]


def test_the_vba_wrappers_hand_over_the_calculation_pass_the_workbook_and_its_language() -> None:
    code = io.StringIO()
    book = types.SimpleNamespace(Name="book.xlsm")
    windows.udfs().generate_vba_wrapper("xlsales.excel.cells", CELLS, code, book)
    made = code.getvalue()
    assert "Function XS_ATTAIN(actual, target)" in made
    assert 'XLPy.CallUDF("xlsales.excel.cells", "XS_ATTAIN", Array(actual, target, XsPass(), XsLang' in made
    assert "Function XS_SALES(orders, Optional payments, Optional refunds, Optional by" in made
    assert "XsPass(), Application.Caller.Worksheet.Parent.FullName, XsLanguage(Application.Caller))" in made
    assert set(re.findall(r"^Function (\w+)\(", made, re.MULTILINE)) == set(CATALOGUE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_that_excel_shows_can_be_in_either_language(lang: Language) -> None:
    CELLS.describe(lang)
    known = CELLS.XS_ATTAIN.__xlfunc__
    assert known["ret"]["doc"] == CELLS.XS_ATTAIN.__doc__ == CATALOGUE["XS_ATTAIN"].description(lang)
    assert known["argmap"]["actual"]["doc"] == {"zh": "实际值", "en": "the actual value"}[lang]


def declared(**changes: object) -> Function:
    sound = {
        "name": "XS_TRIAL", "family": "trial", "zh": "试", "en": "trial", "usage": "=XS_TRIAL(A1)",
        "arguments": (number("x", "数", "number"),), "example": None, "run": lambda x: x,
    }  # fmt: skip
    return Function(**{**sound, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"zh": "长" * 255}, "longer than the 255"),
        ({"run": lambda y: y}, "the arguments are"),
        (
            {"arguments": (number("x", "", "", 1), number("y", "", "")), "run": lambda x, y: x},
            "may be left out stands before",
        ),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_repair(
    changes: dict[str, object], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_declare, "_REGISTRY", {})
    with pytest.raises(TypeError, match=complaint):
        _declare.add(declared(**changes))


def test_a_name_is_declared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_declare, "_REGISTRY", {})
    _declare.add(declared())
    with pytest.raises(TypeError, match="twice"):
        _declare.add(declared())
