"""The usual dirt of exports and hand-kept sheets, put on top of the clean world and recorded mark by mark.

A disguise changes only how a value is written, so cleaning must bring it back. A loss takes a value
away for good. ``Soiled.reported`` is the world that is left after the cleaning policy: a duplicate
of a row with an id counts once, a row without a needed value does not count, a blank dimension stays
blank, and a refund larger than what was paid is pointed out but counts as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from xlsales.demo.dice import Dice
from xlsales.demo.generate import SEED, world
from xlsales.demo.rows import Payment, Refund, Target, World

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from xlsales.demo.rows import Order, Row
    from xlsales.language import Language

Kind = Literal[
    "money_symbol", "money_yuan", "money_wan", "money_full_width",
    "date_words", "date_iso", "date_slash", "date_serial", "date_time",
    "space_after", "space_before", "space_wide",
    "hostile", "remark",
    "duplicate", "blank", "error", "over_paid",
]  # fmt: skip
LOSSES = frozenset({"blank", "error"})


@dataclass(frozen=True)
class Mark:
    """One piece of dirt: the ``row``-th row written to the sheet of ``table`` (0 is the first)."""

    kind: Kind
    table: str
    row: int
    column: str


@dataclass(frozen=True)
class Written:
    """A row as it stands in the sheet: its facts, and per column how they are disguised."""

    row: Row
    stains: Mapping[str, Kind]


@dataclass(frozen=True)
class Soiled:
    """The sheets as written, the marks on them, and the world that a right reading of them reports."""

    sheets: Mapping[str, tuple[Written, ...]]
    marks: tuple[Mark, ...]
    reported: World


PLAN: tuple[tuple[Kind, str, str, int], ...] = (
    ("blank", "orders", "order_date", 2),
    ("error", "orders", "product", 3),
    ("error", "payments", "amount", 1),
    ("error", "leads", "amount", 2),
    ("over_paid", "refunds", "amount", 2),
    ("blank", "orders", "rep", 11),
    ("blank", "orders", "channel", 34),
    ("blank", "leads", "rep", 24),
    ("blank", "leads", "channel", 66),
    ("money_symbol", "orders", "amount", 26),
    ("money_full_width", "orders", "amount", 7),
    ("money_yuan", "payments", "amount", 22),
    ("money_full_width", "payments", "amount", 5),
    ("money_symbol", "refunds", "amount", 6),
    ("money_wan", "targets", "target", 12),
    ("date_words", "orders", "order_date", 18),
    ("date_slash", "orders", "order_date", 12),
    ("date_serial", "orders", "order_date", 9),
    ("date_iso", "leads", "created", 40),
    ("date_time", "leads", "created", 25),
    ("date_serial", "leads", "trial", 8),
    ("date_words", "leads", "won", 10),
    ("date_time", "payments", "paid_date", 30),
    ("date_slash", "payments", "paid_date", 11),
    ("date_words", "refunds", "refund_date", 5),
    ("space_after", "orders", "rep", 21),
    ("space_wide", "orders", "rep", 8),
    ("space_before", "leads", "channel", 16),
    ("space_after", "leads", "rep", 24),
    ("space_wide", "customers", "customer", 7),
    ("hostile", "orders", "note", 6),
    ("hostile", "leads", "customer", 6),
    ("remark", "orders", "note", 60),
    ("duplicate", "orders", "order_id", 5),
    ("duplicate", "leads", "lead_id", 12),
    ("duplicate", "payments", "payment_id", 7),
)
"""What is put on, where and how often. A cell is never soiled twice; a duplicated row is otherwise clean."""

HOSTILE = (
    "=1+1",
    "+86 13800000000",
    "@admin",
    "-5",
    '=HYPERLINK("http://example.com","x")',
    "=cmd|' /C calc'!A0",
)
"""Texts that a careless program would let Excel execute."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


STEP = 9
"""Keeps the chance of the dirt apart from that of the world."""


@cache
def soiled(seed: int = SEED) -> Soiled:
    """The world of ``seed`` as it lies in the sheets."""
    dice = Dice(seed + STEP)
    clean = world(seed)
    rows = {table: list(facts) for table, facts in clean.tables().items()}
    stains: dict[tuple[str, int], dict[str, Kind]] = {}
    for kind, table, column, count in PLAN:
        candidates = [
            index
            for index, row in enumerate(rows[table])
            if getattr(row, column, "") is not None
            and _free(stains.get((table, index), {}), kind, column)
            and _eligible(row, kind, clean)
        ]
        for index in sorted(dice.shuffled(candidates)[:count]):
            stains.setdefault((table, index), {})[column] = kind
            rows[table][index] = _changed(rows[table][index], kind, column, clean)
    sheets = {
        table: tuple(
            Written(row, stains.get((table, index), {}))
            for index, row in enumerate(facts)
            for _ in range(1 + ("duplicate" in stains.get((table, index), {}).values()))
        )
        for table, facts in rows.items()
    }
    return Soiled(sheets, _marks(sheets), _reported(rows, stains))


def _free(stains: Mapping[str, Kind], kind: Kind, column: str) -> bool:
    if kind == "duplicate":
        return not stains
    return column not in stains and "duplicate" not in stains.values()


def _changed(row: Row, kind: Kind, column: str, clean: World) -> Row:
    """The row after a loss, or after somebody refunded the whole order where only a part was paid."""
    if kind in LOSSES:
        lost: dict[str, Any] = {column: None}
        return replace(row, **lost)
    if kind == "over_paid" and isinstance(row, Refund):
        return replace(row, amount=_order(row, clean).amount)
    return row


def _marks(sheets: Mapping[str, tuple[Written, ...]]) -> tuple[Mark, ...]:
    """A duplicated row is marked once, on its second copy."""
    marks = []
    for table, written in sheets.items():
        for index, line in enumerate(written):
            second = index > 0 and written[index - 1].row is line.row
            for column, kind in line.stains.items():
                if kind != "duplicate" or second:
                    marks.append(Mark(kind, table, index, column))
    return tuple(marks)


NEEDED = frozenset({("orders", "order_date"), ("payments", "amount")})
"""Where a lost cell takes the whole row out of the report."""


def _reported(rows: Mapping[str, list[Row]], stains: Mapping[tuple[str, int], Mapping[str, Kind]]) -> World:
    def counts(table: str, index: int) -> bool:
        marks = stains.get((table, index), {}).items()
        return not any(kind in LOSSES and (table, column) in NEEDED for column, kind in marks)

    reported: dict[str, Any] = {
        table: tuple(row for index, row in enumerate(facts) if counts(table, index))
        for table, facts in rows.items()
    }
    return World(**reported)


def _order(row: Payment | Refund, clean: World) -> Order:
    return next(order for order in clean.orders if order.order_id == row.order_id)


def _eligible(row: Row, kind: Kind, clean: World) -> bool:
    if isinstance(row, Target):
        return row.metric == "sales"
    if kind == "error" and isinstance(row, Payment):
        # a refund of an order that lost a payment would look larger than what was paid
        return row.order_id not in {refund.order_id for refund in clean.refunds}
    if kind == "over_paid" and isinstance(row, Refund):
        paid = sum(payment.amount for payment in clean.payments if payment.order_id == row.order_id)
        return paid < _order(row, clean).amount
    return True


def money(fen: int, kind: Kind) -> str:
    """An amount as people type it."""
    yuan = f"{fen // 100:,}.{fen % 100:02d}"
    if kind == "money_symbol":
        return f"￥{yuan}"
    if kind == "money_yuan":
        return f"{yuan}元"
    if kind == "money_wan":
        return f"{fen // 1_000_000}.{fen // 100 % 10_000:04d}".rstrip("0").rstrip(".") + "万"
    return yuan.replace(",", "").translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789."})


def day(value: date, kind: Kind, row: int, lang: Language) -> str | float:
    """A date as exports and people write it; a serial number is Excel's count of days."""
    if kind == "date_words":
        if lang == "zh":
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    if kind == "date_iso":
        return value.isoformat()
    if kind == "date_slash":
        return f"{value.year}/{value.month}/{value.day}"
    if kind == "date_time":
        return f"{value.isoformat()} {9 + row % 12:02d}:{row * 7 % 60:02d}:{row * 13 % 60:02d}"
    return float(value.toordinal() - 693_594)


def spaced(text: str, kind: Kind) -> str:
    """A name with blanks that nobody sees: two after it, one before it, or a full-width one."""
    return {"space_after": text + "  ", "space_before": " " + text, "space_wide": text + "\u3000"}[kind]
