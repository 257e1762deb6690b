"""Columns of a table that stay right when the user changes its numbers: live formulas over the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report.blocks import TableColumn

if TYPE_CHECKING:
    from xlsales.report.pages._context import Context


def attainment_column(context: Context, *, live: bool) -> TableColumn:
    """Actual over target as a live formula with its bar; the table has columns actual and target."""
    return TableColumn(
        "attainment",
        context.word("columns.attainment"),
        "percent",
        formula='IF(N({target})<=0,"",{actual}/{target})' if context.begun else "",
        total="formula" if live and context.begun else "value",
        bar=1.0,
        bar_line=True,
    )


def gap_column(context: Context, *, live: bool) -> TableColumn:
    """Actual less target as a live formula; blank without a target or before the start."""
    return TableColumn(
        "gap",
        context.word("columns.gap"),
        "money",
        formula='IF(N({target})<=0,"",{actual}-{target})' if context.begun else "",
        total="formula" if live and context.begun else "value",
        signed=True,
    )


def change_column(context: Context, key: str) -> TableColumn:
    """What a period added to the one before, as a live formula; blank without one before."""
    return TableColumn(
        "change",
        context.word("columns.change"),
        "money",
        formula=f'IF(ISNUMBER({{previous}}),{{{key}}}-{{previous}},"")',
        total="sum",
        signed=True,
    )
