"""Every kind of dirt on clean sheets, with the cells that must be found: ``soil``.

To add a kind: one function in ``dirty_cells`` or ``dirty_sheets`` that soils ``Sheets`` and gives the rows
(0-based) that it expects to be found, under ``@injects(rule, sheet)``. Each is given rows that no other kind
has touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clean import dirty_cells, dirty_sheets
from tests.clean.soiled import INJECTORS, clean_sheets

if TYPE_CHECKING:
    from tests.clean.soiled import Sheets

__all__ = ["INJECTORS", "KINDS", "clean_sheets", "soil"]

KINDS = (dirty_cells, dirty_sheets)
"""The modules whose functions are in ``INJECTORS``."""
RECEIPTS = ("payments", "refunds")


def soil(sheets: Sheets, count: int) -> set[tuple[str, str, int]]:
    """Every kind of dirt, and what must be found of it: rule, sheet, row of the sheet.

    Payments and refunds are soiled last, only those of clean orders. Those of a soiled order are cut off from
    it, or they would be found as what they then are as well; they lack their order's id then.
    """
    order = sorted(INJECTORS, key=lambda one: (one[1].partition(" ")[0] in RECEIPTS, one))
    expected = {(rule, name, at + 2) for rule, name in order for at in INJECTORS[rule, name](sheets, count)}
    ids = sheets.columns["orders"]["order_id"]
    soiled = {ids[at] for at in sheets.touched["orders"]}
    for name in RECEIPTS:
        for at, order_id in enumerate(sheets.columns[name]["order_id"]):
            if order_id in soiled:
                sheets.put(name, "order_id", [at], None)
                expected.add(("missing_needed", name, at + 2))
    return expected
