"""Lines of money that carry one more text, as whether the cost is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics._facts import revenue
from xlsales.metrics._once import once

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

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
    used = {*by, *dict(scope.filters)}
    carrier = next(name for name in CARRIERS if name not in used)
    lines = revenue(_carried(orders, tag, carrier), payments, refunds, scope, (*by, carrier))
    return _named(lines, tag, carrier)


@once
def _carried(orders: Frame, tag: str, carrier: str) -> nw.LazyFrame[Any]:
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    return rows.with_columns(nw.col(tag).alias(carrier))


@once
def _named(lines: nw.LazyFrame[Any], tag: str, carrier: str) -> nw.LazyFrame[Any]:
    return lines.rename({carrier: tag})
