"""The tables that xlsales knows, those that everything starts from first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.tables.money import CONTRACTS, COSTS, INSTALMENTS, INVOICES, PAYMENTS, REFUNDS
from xlsales.tables.operations import (
    ACTIVITIES,
    ALIASES,
    COMPETITORS,
    DATA_SOURCES,
    LESSONS,
    MARKET,
    ORDER_HEADERS,
    ORDER_LINES,
    POPULATION,
    PRODUCTS,
    ROSTER,
    RULES,
    STOCK,
    SURVEYS,
    TICKETS,
)
from xlsales.tables.selling import CUSTOMERS, LEADS, ORDERS, TARGETS
from xlsales.tables.vocabulary import SHEET_WORDS

if TYPE_CHECKING:
    from xlsales.tables.spec import Table

__all__ = [
    "CORE",
    "LEADS",
    "ORDERS",
    "PAYMENTS",
    "REFUNDS",
    "SHEET_WORDS",
    "STAGES",
    "TABLES",
    "TARGETS",
    "table",
]

STAGES = ("new", "contacted", "booked", "trial", "won", "renewed")
"""The funnel in order; ``lost`` stands beside it. Leads carry one date column per stage after the first."""

CORE: tuple[Table, ...] = (ORDERS, LEADS, TARGETS, CUSTOMERS, PAYMENTS, REFUNDS)
"""The tables that every sales report is made of. The others never take a sheet that is one of these."""

TABLES: tuple[Table, ...] = (
    *CORE,
    ORDER_LINES,
    ORDER_HEADERS,
    INVOICES,
    INSTALMENTS,
    CONTRACTS,
    COSTS,
    PRODUCTS,
    ROSTER,
    ACTIVITIES,
    STOCK,
    LESSONS,
    SURVEYS,
    TICKETS,
    MARKET,
    POPULATION,
    COMPETITORS,
    ALIASES,
    RULES,
    DATA_SOURCES,
)


def table(key: str) -> Table:
    """The table called ``key``; KeyError when there is none."""
    return next(t for t in TABLES if t.key == key)
