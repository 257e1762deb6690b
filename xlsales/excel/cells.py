"""The module that Excel calls: one attribute per function of the catalogue, as xlwings wants them.

The catalogue is the truth; here each of its functions becomes one that xlwings can export: named as the
attribute, with a signature of its arguments and the hidden ones that the VBA wrapper fills in, and with
help. xlwings' decorators do that on Windows and nothing elsewhere, so this module can be imported
anywhere.
"""

from __future__ import annotations

import inspect
from itertools import count
from typing import TYPE_CHECKING, Any

import xlwings as xw
from xlwings.conversion import Accessor, Pipeline, write

from xlsales.excel import ranges
from xlsales.excel.functions import catalogue
from xlsales.excel.functions._call import call, language, said
from xlsales.excel.functions._memory import Kept
from xlsales.hosts.desktop import refreshed
from xlsales.language import spoken
from xlsales.settings import language_said
from xlsales.tables.live import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.analysis import Understood
    from xlsales.excel.functions import Function
    from xlsales.language import Language
    from xlsales.tables.live import Cells

CATEGORY = "xlsales"
PASS = "XsPass()"
"""VBA that gives the number of the calculation pass, 0 where there is none to rely on."""
BOOK = "Application.Caller.Worksheet.Parent.FullName"
"""VBA that gives the full name of the workbook that the formula is in."""

LANGUAGE = "XsLanguage(Application.Caller)"
"""VBA that gives the language that the settings sheet of that workbook asks for, "" for none."""

_results: Kept[Any] = Kept(2_000_000)
"""What went to Excel, by function and content of its arguments, within so many cells."""

_books: dict[str, tuple[Understood | None, int, int]] = {}
"""Of each workbook: what was last understood, its number, and the pass in which that was asked."""
_numbers = count(1)


class AsItCame(Accessor):
    """An argument as xlwings got it: a range stays a range, to be read only where it must be."""

    @classmethod
    def reader(cls, options: Any) -> Any:
        """One stage that converts nothing."""

        def keep(context: Any) -> None:
            if context.range is not None:
                context.value = context.range

        return Pipeline([keep])


def answer(
    function: Function, given: tuple[Any, ...], calculation: int, book: str = "", asked: str = ""
) -> Any:
    """What the cell gets: from memory where the function was asked the same before, else made now.

    ``asked`` is the language as the settings sheet says it.
    """
    ranges.begin(calculation)
    taken: list[Cells | None] = []
    lang = language_said(asked)
    try:
        taken += map(_cells, given)
        data, stamp = _book(function, book, calculation)
        key = (function.name, lang, stamp, *map(_key, taken))
        found = _results.get(key)
        if found is None:
            rows = call(function, taken, data, lang)
            found = write(rows, None, {})  # type: ignore[no-untyped-call]
            _results.put(key, found, sum(map(len, rows)))
    except Exception as error:  # not kept: a range that Excel would not give, or a fault of ours
        return [[said(error, function, lang or language(taken))]]
    finally:
        ranges.end()
    return found


def forget() -> None:
    """Let go of everything that was kept."""
    _results.clear()
    _books.clear()


def describe(lang: Language) -> None:
    """Put the help of all functions into a language, as for the wrappers of a workbook in it."""
    for function in catalogue().values():
        exported = globals()[function.name]
        exported.__doc__ = function.description(lang)
        known = getattr(exported, "__xlfunc__", None)
        if known:
            known["ret"]["doc"] = exported.__doc__
            for argument in function.arguments:
                known["argmap"][argument.name]["doc"] = argument.help(lang)


def _cells(given: Any) -> Cells | None:
    if given is None:
        return None
    return ranges.read(given) if isinstance(given, xw.Range) else cells(given)


def _key(taken: Cells | None) -> Any:
    return taken and (taken.digest, taken.sheet, taken.row, taken.column)


def _book(function: Function, name: str, calculation: int) -> tuple[Understood | None, int]:
    """What the workbook's last refresh understood, and a number that no other data has or had."""
    if not function.workbook:
        return None, 0
    found, number, asked = _books.get(name, (None, 0, 0))
    if not (calculation and asked == calculation):
        newest = refreshed(name)
        if newest is not found:
            found, number = newest, next(_numbers)
        _books[name] = (found, number, calculation)
    return found, number


def _exported(function: Function) -> Callable[..., Any]:
    hidden = {"calculation": PASS} | ({"book": BOOK} if function.workbook else {}) | {"asked": LANGUAGE}
    most = len(function.arguments)

    def exported(*given: Any) -> Any:
        arguments, rest = (*given, *[None] * (most - len(given)))[:most], given[most:]
        filled = dict(zip(hidden, rest, strict=False))
        calculation, book = int(filled.get("calculation") or 0), filled.get("book") or ""
        return answer(function, arguments, calculation, book, filled.get("asked") or "")

    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        inspect.Parameter(one.name, positional, **({} if one.required else {"default": None}))
        for one in function.arguments
    ]
    parameters += [inspect.Parameter(name, positional, default=None) for name in hidden]
    exported.__name__ = exported.__qualname__ = function.name
    exported.__doc__ = function.description(spoken())
    vars(exported)["__signature__"] = inspect.Signature(parameters)
    for name, vba in hidden.items():
        exported = xw.arg(name, vba=vba)(exported)
    for argument in function.arguments:
        exported = xw.arg(argument.name, AsItCame, doc=argument.help(spoken()))(exported)
    return xw.func(category=CATEGORY)(xw.ret("raw")(exported))


for _function in catalogue().values():
    globals()[_function.name] = _exported(_function)
