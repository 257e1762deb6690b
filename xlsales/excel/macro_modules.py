"""The VBA of our workbooks: ours, that of xlwings, a function for each function in cells, and the seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.ribbon.markup import custom_ui
from xlsales.excel.seal import seal
from xlsales.excel.vba.function_help import Help
from xlsales.excel.vba.sources import source, xlwings_module
from xlsales.excel.vba.wrappers import wrappers

if TYPE_CHECKING:
    from xlsales.excel.vba.project import Module
    from xlsales.language import Language

OURS = ("ThisWorkbook", "RibbonXlsales", "XlsalesEvents", "XlsalesSheets", "Dictionary")
FUNCTIONS = "xlsales.excel.cells"


def macro_modules(lang: Language, *, addin: bool = False) -> tuple[Module, ...]:
    """The modules for a workbook, or for an add-in, which works on whichever workbook is active.

    The function wizard speaks ``lang``. ``UsageError`` where xlwings is not installed.
    """
    xlwings = xlwings_module(addin=addin)  # first, since without it nothing else can be read
    ours = [source(name) for name in OURS]
    written = (*ours, xlwings, wrappers(FUNCTIONS, function_help(lang), addin=addin))
    return (*written, seal(written, custom_ui(lang)))


def function_help(lang: Language) -> dict[str, Help]:
    """Of each function in cells: what it gives, and what its arguments are."""
    from xlsales.excel.functions import catalogue

    return {
        name: Help(function.description(lang), {one.name: one.help(lang) for one in function.arguments})
        for name, function in catalogue().items()
    }
