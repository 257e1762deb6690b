"""The reconciliations of the workbook as plain rows, made once for all pages and kept with other results."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsales.report.pages._context import Context, Record

LISTED = 15
"""So many of the largest differences are listed of each reconciliation."""
TOTALS, LARGEST = "reconciled totals", "reconciled largest"
MONEY = ("receipts", "invoices", "channels")


def totals(context: Context) -> list[Record]:
    """By ``key`` of the reconciliation and ``status``: ``units``, ``first``, ``second``, ``difference``."""
    return context.kept(TOTALS, lambda: _made(context)[0])


def largest(context: Context) -> list[Record]:
    """Of each reconciliation the largest differences, with whose they are and where they stand."""
    return context.kept(LARGEST, lambda: _made(context)[1])


def _made(context: Context) -> tuple[list[Record], list[Record]]:
    """Both at once, and both kept: each is of the same comparisons."""
    from xlsales.clean.large.compared import compared
    from xlsales.clean.reconciling.catalogue import reconciled
    from xlsales.clean.reconciling.places import with_places

    tables = compared(context.cleaned)
    sums: list[Record] = []
    listed: list[Record] = []
    for key, found in reconciled(tables).items():
        first, second = found.sides
        renamed = {first: "first", second: "second"}
        for row in found.totals().rename(columns=renamed).to_dict("records"):
            verdict = found.statuses[row["status"]]
            sums.append({str(name): value for name, value in row.items()} | {"key": key, "verdict": verdict})
        shown = with_places(key, found.largest(LISTED), tables).rename(columns=renamed)
        for row in shown.to_dict("records"):
            plain = {str(name): _plain(value) for name, value in row.items() if name not in ("day", "number")}
            listed.append(plain | {"key": key, "verdict": found.statuses[row["status"]]})
    context.kept(TOTALS, lambda: sums)
    context.kept(LARGEST, lambda: listed)
    return sums, listed


def _plain(value: object) -> object:
    """A value that JSON has a word for: days as their text, blanks as None."""
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%d")
    return value.item() if hasattr(value, "item") else value


def apart(rows: list[Record]) -> float:
    """How much the rows are apart, signs left out: what is short here does not make up for what is over."""
    return math.fsum(abs(row["difference"]) for row in rows)
