"""Ways to look at what was written."""

from __future__ import annotations

import warnings
from io import BytesIO

import openpyxl

from xlsales.report.blocks import Page, Placed, Report
from xlsales.report.writer import write

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
D = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


def read(data, **options):
    """The workbook as openpyxl reads it, less the sparklines and data bars that it does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(BytesIO(data), **options)


def links(book):
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    return [cell.hyperlink.location for cell in cells if cell.hyperlink]


def of(written, key):
    return next(sheet for sheet in written.placement.sheets if sheet.key == key)


def texts(sheet):
    return {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}


def one_table(table, lang="zh", columns=(400, 432, 432)):
    page = Page("p", "p", "p", "", (), (), columns, ((Placed(table, 0, len(table.columns) - 1),),))
    made = write(Report(lang, (page,)), {"p": "p", "data": "d"})
    return made, read(made.data)["p"]
