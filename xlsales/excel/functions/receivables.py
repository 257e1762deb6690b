"""Money that is owed: aging, DSO, collection."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlsales.excel.functions._declare import Example, Spill, Words, day, days, function, number, numbers
from xlsales.metrics import _receivables

if TYPE_CHECKING:
    from collections.abc import Sequence

AS_OF = day("as_of", "截至日", "the day it is counted on")


@function(
    "XS_AGING",
    zh="账龄表：未到期、1–30、31–60、61–90、90 天以上的金额、占比和笔数。",
    en="Aging table: amount, share and number not due, 1-30, 31-60, 61-90 and over 90 days overdue.",
    usage="=XS_AGING(C2:C500,D2:D500,TODAY())",
    arguments=(
        days("due", "到期日", "due dates"),
        numbers("amounts", "未收金额，与到期日等长", "amounts owed, as long"),
        AS_OF,
    ),
    example=Example(
        ((("2026-10-31",), ("2026-10-01",), ("2026-06-01",)), ((500,), (300,), (200,)), date(2026, 10, 31)),
        [
            ["Not due", 500, 0.5, 1], ["1–30 days", 300, 0.3, 1], ["31–60 days", 0, 0, 0],
            ["61–90 days", 0, 0, 0], ["Over 90 days", 200, 0.2, 1],
        ],
    ),
)  # fmt: skip
def aging(due: Sequence[date | None], amounts: Sequence[float | None], as_of: date) -> Spill:
    """See ``_receivables.aging``."""
    found = _receivables.aging(due, amounts, as_of)
    whole = sum(amount for _, amount, _ in found)
    columns = (("账龄", "Overdue"), ("金额", "Amount"), ("占比", "Share"), ("笔数", "Items"))
    return Spill(
        columns,
        [(Words(*title), amount, amount / whole if whole > 0 else None, n) for title, amount, n in found],
    )


@function(
    "XS_AGING_BUCKET",
    zh="一笔款的账龄段：未到期、1–30 天、31–60 天、61–90 天、90 天以上。",
    en="The aging bucket of one item: Not due, 1-30 days, 31-60 days, 61-90 days, Over 90 days.",
    usage="=XS_AGING_BUCKET(C2,TODAY())",
    arguments=(day("due", "到期日", "the due date"), AS_OF),
    example=Example((date(2026, 9, 30), date(2026, 10, 31)), "31–60 days"),
)
def aging_bucket(due: date, as_of: date) -> Words:
    """See ``_receivables.bucket``."""
    return Words(*_receivables.bucket(due, as_of))


@function(
    "XS_DSO",
    zh="应收账款周转天数（天）= 应收余额 ÷ 期内赊销额 × 期间天数。",
    en="Days sales outstanding = receivable / credit sales of the period x its days.",
    usage="=XS_DSO(B2,C2,30)",
    arguments=(
        number("receivable", "期末应收余额", "receivable at the end"),
        number("sales", "期内赊销额", "credit sales of the period"),
        number("days", "期间天数", "days of the period", 30),
    ),
    example=Example((150_000, 100_000, 30), 45),
)
def dso(receivable: float, sales: float, days: float = 30) -> float | None:
    """See ``_receivables.dso``."""
    return _receivables.dso(receivable, sales, days)


@function(
    "XS_COLLECTION_RATE",
    zh="回款率（小数）= 到期应收中已收 ÷ 到期应收。应收不大于 0 时留空。",
    en="Collection rate as a fraction = received of what fell due / what fell due; blank unless above 0.",
    usage="=XS_COLLECTION_RATE(B2,C2)",
    arguments=(
        number("received", "已收金额（预收不计）", "received, without payments in advance"),
        number("due", "到期应收金额", "what fell due"),
    ),
    example=Example((85, 100), 0.85),
)
def collection_rate(received: float, due: float) -> float | None:
    """Of what fell due in the period, how much came in."""
    return received / due if due > 0 else None
