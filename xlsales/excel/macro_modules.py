"""The VBA of our workbooks: our own modules, that of xlwings, and one function for each function in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.vba.sources import source, xlwings_module
from xlsales.excel.vba.wrappers import wrappers

if TYPE_CHECKING:
    from xlsales.excel.vba.project import Module

OURS = ("ThisWorkbook", "RibbonXlsales", "XlsalesEvents", "Dictionary")
FUNCTIONS = "xlsales.excel.cells"


def macro_modules(*, addin: bool = False) -> tuple[Module, ...]:
    """The modules for a workbook, or for an add-in, which works on whichever workbook is active.

    ``UsageError`` where xlwings is not installed.
    """
    ours = [source(name) for name in OURS]
    return (*ours, xlwings_module(addin=addin), wrappers(FUNCTIONS, addin=addin))
