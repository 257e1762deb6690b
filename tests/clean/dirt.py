"""Clean sheets in both languages, and every kind of dirt put on them with the cells that must be found.

To add a kind: one function that soils ``sheets`` and returns the rows (0-based) it expects, under
``@injects(rule, table)``. Each is given rows that no other kind has touched.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.clean.sheets import raw
from xlsales.demo import institution as qiming
from xlsales.demo.generate import world
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.language import Language
    from xlsales.tables.spec import RawTable

Columns = dict[str, list[str | None]]
Rows = list[int]


@dataclass
class Sheets:
    """The sheets as columns of text; ``take`` hands out rows that are still clean."""

    lang: Language
    columns: dict[str, Columns]
    dice: random.Random
    touched: dict[str, set[int]] = field(default_factory=dict)

    def take(self, key: str, count: int, fits: Callable[[dict[str, str | None]], bool] | None = None) -> Rows:
        """So many rows of a table that fit, touched by nobody else."""
        columns, used = self.columns[key], self.touched.setdefault(key, set())
        size = len(next(iter(columns.values())))
        free = [
            at
            for at in range(size)
            if at not in used and (not fits or fits({name: cells[at] for name, cells in columns.items()}))
        ]
        rows = sorted(self.dice.sample(free, count))
        used.update(rows)
        return rows

    def raws(self) -> list[RawTable]:
        """The sheets, each named after its table."""
        return [raw(key, columns, name=key) for key, columns in self.columns.items()]


def clean_sheets(lang: Language, seed: int = 1) -> Sheets:
    """The institution's sheets without any dirt, with a products sheet and a roster that fit them."""
    columns: dict[str, Columns] = {}
    for key, rows in world().tables().items():
        columns[key] = {
            column.name: [
                _cell(column.name, column.kind, getattr(row, column.name, None), lang) for row in rows
            ]
            for column in table(key).columns
            if column.name == "stage" or hasattr(rows[0], column.name)
        }
    orders = columns["orders"]
    products = sorted({one for one in orders["product"] if one})
    columns["products"] = {"product": list(products)}
    reps = sorted({one for one in (*orders["rep"], *columns["leads"]["rep"]) if one})
    columns["roster"] = {"rep": list(reps), "joined": ["2022-09-01"] * len(reps), "left": [None] * len(reps)}
    return Sheets(lang, columns, random.Random(seed))


def _cell(name: str, kind: str, value: object, lang: Language) -> str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return f"{value / 100:.2f}" if kind == "money" else str(value)
    if kind == "id":
        return str(value)
    if name == "customer":
        return qiming.person(str(value), lang)
    return qiming.stage_word(str(value), lang) if name == "stage" else qiming.word(str(value), lang)


INJECTORS: dict[tuple[str, str], Callable[[Sheets, int], Rows]] = {}


def injects(rule: str, key: str) -> Callable[[Callable[[Sheets, int], Rows]], Callable[[Sheets, int], Rows]]:
    """Registers a function that puts ``count`` pieces of the rule's dirt on the table."""

    def register(function: Callable[[Sheets, int], Rows]) -> Callable[[Sheets, int], Rows]:
        INJECTORS[rule, key] = function
        return function

    return register


def _scaled(sheets: Sheets, rows: Rows, factor: float) -> Rows:
    orders = sheets.columns["orders"]
    for at in rows:
        for name in ("unit_price", "discount", "amount"):
            orders[name][at] = f"{float(orders[name][at] or 0) * factor:.2f}"
    return rows


def _later(day: str | None, days: int) -> str:
    return (date.fromisoformat(str(day)) + timedelta(days=days)).isoformat()


def _set(sheets: Sheets, key: str, name: str, rows: Rows, value: str | None) -> Rows:
    for at in rows:
        sheets.columns[key][name][at] = value
    return rows


def _sold(row: dict[str, str | None]) -> bool:
    return float(row["amount"] or 0) > 500 and row["status"] not in ("已取消", "Cancelled")


@injects("price_high", "orders")
def too_high(sheets: Sheets, count: int) -> Rows:
    return _scaled(sheets, sheets.take("orders", count, _sold), 10)


@injects("price_low", "orders")
def too_low(sheets: Sheets, count: int) -> Rows:
    return _scaled(sheets, sheets.take("orders", count, _sold), 0.1)


@injects("zero_amount", "orders")
def zero(sheets: Sheets, count: int) -> Rows:
    return _set(sheets, "orders", "amount", sheets.take("orders", count, _sold), "0")


@injects("negative_amount", "orders")
def negative(sheets: Sheets, count: int) -> Rows:
    return _set(sheets, "orders", "amount", sheets.take("orders", count, _sold), "-88")


@injects("trial_order", "orders")
def trial(sheets: Sheets, count: int) -> Rows:
    return _set(sheets, "orders", "amount", sheets.take("orders", count, _sold), "0.01")


@injects("future_date", "orders")
def next_century(sheets: Sheets, count: int) -> Rows:
    return _set(sheets, "orders", "order_date", sheets.take("orders", count, _sold), "2062-03-01")


@injects("unknown_product", "orders")
def strange_product(sheets: Sheets, count: int) -> Rows:
    return _set(sheets, "orders", "product", sheets.take("orders", count), "火箭驾驶")


@injects("unknown_rep", "leads")
def strange_rep(sheets: Sheets, count: int) -> Rows:
    return _set(sheets, "leads", "rep", sheets.take("leads", count), "Nobody Known")


@injects("rep_not_there", "orders")
def gone_rep(sheets: Sheets, count: int) -> Rows:
    sheets.columns["roster"]["rep"].append("Left Long Ago")
    sheets.columns["roster"]["joined"].append("2020-01-01")
    sheets.columns["roster"]["left"].append("2022-01-01")
    return _set(sheets, "orders", "rep", sheets.take("orders", count), "Left Long Ago")


@injects("placeholder", "leads")
def no_phone(sheets: Sheets, count: int) -> Rows:
    return _set(sheets, "leads", "phone", sheets.take("leads", count, _stranger), "13800000000")


@injects("stage_backwards", "leads")
def backwards(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("leads", count, lambda row: bool(row["contacted"]))
    for at in rows:
        sheets.columns["leads"]["contacted"][at] = _later(sheets.columns["leads"]["created"][at], -3)
    return rows


@injects("lost_without_reason", "leads")
def no_reason(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("leads", count, lambda row: bool(row["lost"]))
    return _set(sheets, "leads", "lost_reason", rows, None)


@injects("won_without_amount", "leads")
def no_amount(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("leads", count, lambda row: bool(row["won"]))
    return _set(sheets, "leads", "amount", rows, None)


@injects("overpaid", "payments")
def paid_twice_over(sheets: Sheets, count: int) -> Rows:
    return _set(sheets, "payments", "amount", sheets.take("payments", count, _untouched(sheets)), "9999999")


@injects("before_order", "payments")
def paid_early(sheets: Sheets, count: int) -> Rows:
    return _set(
        sheets, "payments", "paid_date", sheets.take("payments", count, _untouched(sheets)), "2024-01-05"
    )


def _stranger(row: dict[str, str | None]) -> bool:
    """Nobody else knows the number of a lead that has not become a customer."""
    return not row["customer_id"]


def _untouched(sheets: Sheets) -> Callable[[dict[str, str | None]], bool]:
    """Payments of orders that no other dirt has changed."""
    ids = sheets.columns["orders"]["order_id"]
    soiled = {ids[at] for at in sheets.touched.get("orders", ())}
    return lambda row: row["order_id"] not in soiled


@injects("same_person", "customers")
def twice(sheets: Sheets, count: int) -> Rows:
    customers = sheets.columns["customers"]
    size = len(customers["customer_id"])
    for number, at in enumerate(sheets.take("customers", count)):
        for name, cells in customers.items():
            cells.append(f"NEW{number}" if name == "customer_id" else cells[at])
        customers["created"][-1] = "2026-10-31"
    return list(range(size, size + count))


@injects("duplicate", "orders")
def again(sheets: Sheets, count: int) -> Rows:
    orders = sheets.columns["orders"]
    size = len(orders["order_id"])
    for at in sheets.take("orders", count):
        for cells in orders.values():
            cells.append(cells[at])
    return list(range(size, size + count))


def soil(sheets: Sheets, count: int) -> set[tuple[str, str, int]]:
    """Every kind of dirt, and what must be found of it: rule, table, row of the sheet.

    Payments of a soiled order are cut off from it, or they would be found as what they then are as well.
    """
    expected = {
        (rule, key, at + 2) for (rule, key), inject in INJECTORS.items() for at in inject(sheets, count)
    }
    ids = sheets.columns["orders"]["order_id"]
    soiled = {ids[at] for at in sheets.touched["orders"]}
    for key in ("payments", "refunds"):
        own = sheets.columns[key]["order_id"]
        own[:] = [None if one in soiled else one for one in own]
    return expected
