"""Lines of money that carry one more text, as whether the cost is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics._behind import money_rows
from xlsales.metrics._facts import revenue
from xlsales.metrics._once import once

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Basis, Scope

CARRIERS = ("campaign", "category", "type", "channel", "product", "team", "region", "rep")
"""Names that a line of money has anyway; the tag travels under the first that nobody asks for."""


def tagged(
    orders: Frame,
    payments: Frame | None,
    refunds: Frame | None,
    scope: Scope,
    tag: str,
    by: Sequence[str] = (),
) -> nw.LazyFrame[Any]:
    """The lines of ``revenue`` with the text that ``orders`` has under ``tag``; blank is ""."""
    carrier = carrier_for({*by, *dict(scope.filters)})
    lines = revenue(carried(orders, tag, carrier), payments, refunds, scope, (*by, carrier))
    return _named(lines, tag, carrier)


def tagged_rows(asked: Asked, orders: Frame, tag: str, basis: Basis | None = None) -> pd.DataFrame:
    """The lines of ``money_rows`` with the same text; blank is ""."""
    carrier = carrier_for({name for name, _ in asked.scope.filters})
    tables = {**asked.tables, "orders": carried(orders, tag, carrier)}
    rows = money_rows(replace(asked, tables=tables), basis)
    return rows.assign(**{tag: rows[carrier].fillna("").astype("str")})


def carrier_for(used: set[str]) -> str:
    """The first of the names that nobody asks for."""
    return next(name for name in CARRIERS if name not in used)


@once
def carried(orders: Frame, tag: str, carrier: str) -> nw.LazyFrame[Any]:
    """The orders with the text of ``tag`` under the name ``carrier``."""
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    return rows.with_columns(nw.col(tag).alias(carrier))


@once
def _named(lines: nw.LazyFrame[Any], tag: str, carrier: str) -> nw.LazyFrame[Any]:
    return lines.rename({carrier: tag})
