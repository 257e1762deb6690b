"""Small tables written as text, so that a test can be read: one header row, then one line per row.

    orders = table("orders", '''
        order_id | order_date | amount
        O1       | 2026-10-01 | 100
    ''')

A blank cell is null. Whatever columns the text lacks are blank, as in a workbook that lacks them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from xlsales.clean.frames import conform
from xlsales.metrics._scope import Policy, Scope, parse_period
from xlsales.tables import specs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from xlsales.metrics._scope import Basis


def cells(text: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a text table; every row must be as long as the header."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"{len(header)} columns are announced, but a row reads {row}")
    return header, rows


def table(key: str, text: str) -> pd.DataFrame:
    """The clean table ``key`` with the rows of ``text``."""
    header, rows = cells(text)
    spec = specs.table(key)
    for name in header:
        spec.column(name)
    values = [[cell or None for cell in row] for row in rows]
    return conform(spec, pd.DataFrame(values, columns=header, dtype=object))


def scope(
    period: str,
    as_of: date | None = None,
    basis: Basis = "signed",
    filters: Mapping[str, Sequence[str]] | None = None,
    policy: Mapping[str, Any] | None = None,
) -> Scope:
    """A scope over ``period``; the data reach its end unless ``as_of`` says otherwise."""
    settled = Policy(**policy or {})
    window = parse_period(period, settled.fiscal_year_start, as_of)
    chosen = tuple((name, tuple(values)) for name, values in (filters or {}).items())
    return Scope(window, as_of or window.end, basis, chosen, policy=settled)
