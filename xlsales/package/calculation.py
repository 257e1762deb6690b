"""The calculation chain: Excel's list of formula cells, which must name no formula that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.package.markup import elements, number

if TYPE_CHECKING:
    from collections.abc import Collection

    from xlsales.package.book import Book


def forget_formulas(book: Book, sheet_ids: Collection[int]) -> None:
    """Take the cells of these sheets out of the chain; without any left the part goes.

    Cells that are missing from the chain are found by Excel, cells that are in it and hold no formula
    make it repair the file.
    """
    part = book.linked("calcChain")
    if part is None:
        return
    root = book.package.tree(part)
    sheet = 0
    gone = []
    for cell in elements(root):
        # A cell without a sheet is on the sheet of the cell before it.
        sheet = number(cell, "i", sheet)
        if sheet in sheet_ids:
            gone.append(cell)
        elif gone:
            cell.set("i", str(sheet))
    if not gone:
        return
    for cell in gone:
        root.remove(cell)
    if len(root):
        book.package.put_tree(part, root)
    else:
        book.package.drop(part)
        book.unlink("calcChain")
