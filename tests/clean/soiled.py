"""Clean sheets in both languages, of which every kind of dirt takes rows of its own."""

from __future__ import annotations

import random
from collections import Counter
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
Row = dict[str, str | None]
Rows = list[int]

SPLIT_ORDERS = 120
CONTRACTS = 200


@dataclass
class Sheets:
    """The sheets as columns of text by name, which begins with the table's key: ``orders earlier``."""

    lang: Language
    columns: dict[str, Columns]
    dice: random.Random
    touched: dict[str, set[int]] = field(default_factory=dict)
    errors: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def size(self, name: str) -> int:
        """How many rows a sheet has."""
        return len(next(iter(self.columns[name].values())))

    def row(self, name: str, at: int) -> Row:
        """One row of a sheet."""
        return {column: cells[at] for column, cells in self.columns[name].items()}

    def take(self, name: str, count: int, fits: Callable[[Row], bool] | None = None) -> Rows:
        """So many rows of a sheet that fit, touched by nobody else."""
        used = self.touched.setdefault(name, set())
        free = [
            at for at in range(self.size(name)) if at not in used and (not fits or fits(self.row(name, at)))
        ]
        rows = sorted(self.dice.sample(free, count))
        used.update(rows)
        return rows

    def put(self, name: str, column: str, rows: Rows, value: str | None) -> Rows:
        """Write one value into some rows, and give these."""
        for at in rows:
            self.columns[name][column][at] = value
        return rows

    def add(self, name: str, rows: list[Row]) -> Rows:
        """Append rows to a sheet, which begins with them where there is none yet; where they stand."""
        columns = self.columns.setdefault(name, {column: [] for column in rows[0]})
        start = self.size(name)
        for row in rows:
            for column, cells in columns.items():
                cells.append(row.get(column))
        added = list(range(start, start + len(rows)))
        self.touched.setdefault(name, set()).update(added)
        return added

    def raws(self) -> list[RawTable]:
        """The sheets under their names."""
        return [
            raw(name.partition(" ")[0], columns, name, errors=tuple(self.errors.get(name, ())))
            for name, columns in self.columns.items()
        ]


FACTS = ("leads", "orders", "targets", "payments", "refunds", "customers")
"""The institution's sheets that are soiled; what stands around them is made here, as plain as can be."""


def clean_sheets(lang: Language, seed: int = 1) -> Sheets:
    """The institution's sheets without any dirt, and others that fit them.

    Those are products, a roster, contracts, and orders that are split into headers and lines.
    """
    columns: dict[str, Columns] = {}
    for key, rows in world().tables().items():
        if key not in FACTS:
            continue
        if key == "targets":
            rows = tuple(row for row in world().targets if row.metric == "sales")
        columns[key] = {
            column.name: [
                _cell(column.name, column.kind, getattr(row, column.name, None), lang) for row in rows
            ]
            for column in table(key).columns
            if column.name == "stage" or hasattr(rows[0], column.name)
        }
    orders, leads = columns["orders"], columns["leads"]
    products = sorted({one for one in orders["product"] if one})
    codes = {product: f"P{number:03}" for number, product in enumerate(products)}
    orders["product_id"] = [codes[str(one)] for one in orders["product"]]
    leads["probability"] = ["40%"] * len(leads["lead_id"])
    columns["products"] = {"product": list(products)}
    reps = sorted({one for one in (*orders["rep"], *leads["rep"]) if one})
    columns["roster"] = {"rep": list(reps), "joined": ["2022-09-01"] * len(reps), "left": [None] * len(reps)}
    sheets = Sheets(lang, columns, random.Random(seed))
    _agree(sheets)
    _split(sheets)
    sheets.touched.clear()
    return sheets


def _agree(sheets: Sheets) -> None:
    """A contract of a year for each of the first orders."""
    sold = (sheets.row("orders", at) for at in range(CONTRACTS))
    sheets.add("contracts", [
        {
            "contract_id": f"K{number:04}", "customer_id": one["customer_id"], "customer": one["customer"],
            "start": one["order_date"], "end": later(one["order_date"], 365), "amount": one["amount"],
        }
        for number, one in enumerate(sold)
    ])  # fmt: skip


def _split(sheets: Sheets) -> None:
    """Orders of their own ids as headers and lines, of products and at prices that are sold."""
    every = (sheets.row("orders", at) for at in range(sheets.size("orders")))
    for number, one in enumerate([one for one in every if sold(one)][:SPLIT_ORDERS]):
        order, line = f"H{number:04}", f"L{number:04}"
        header: Row = {"order_id": order} | {name: one[name] for name in ("order_date", "rep", "amount")}
        sheets.add("order_headers", [header])
        names = ("product", "quantity", "unit_price", "discount", "amount")
        sheets.add(
            "order_lines", [{"line_id": line, "order_id": order} | {name: one[name] for name in names}]
        )


def _cell(name: str, kind: str, value: object, lang: Language) -> str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return f"{value / 100:.2f}" if kind == "money" else str(value)
    if kind == "id":
        return str(value)
    if name in ("customer", "referrer"):
        return qiming.person(str(value), lang)
    return qiming.stage_word(str(value), lang) if name == "stage" else qiming.word(str(value), lang)


INJECTORS: dict[tuple[str, str], Callable[[Sheets, int], Rows]] = {}
"""What puts dirt on sheets, by rule and by the sheet on which the rule must find it."""


def injects(rule: str, name: str) -> Callable[[Callable[[Sheets, int], Rows]], Callable[[Sheets, int], Rows]]:
    """Registers a function that puts ``count`` pieces of the rule's dirt on the sheet ``name``.

    It gives the rows (0-based) that must be found there.
    """

    def register(function: Callable[[Sheets, int], Rows]) -> Callable[[Sheets, int], Rows]:
        INJECTORS[rule, name] = function
        return function

    return register


def later(day: str | None, days: int) -> str:
    """So many days after an ISO day."""
    return (date.fromisoformat(str(day)) + timedelta(days=days)).isoformat()


def sold(row: Row) -> bool:
    """An order that was not cancelled, of an ordinary amount."""
    return float(row["amount"] or 0) > 500 and row["status"] not in ("已取消", "Cancelled")


def last(sheets: Sheets) -> Callable[[Row], bool]:
    """Sold, and the last order of its customer, so that no later one renews nothing without it."""
    orders = sheets.columns["orders"]
    placed = sorted(
        zip(orders["order_date"], orders["customer_id"], orders["order_id"], strict=True), key=str
    )
    ends = set({customer: order for _, customer, order in placed}.values())
    return lambda row: sold(row) and row["order_id"] in ends


def only(sheets: Sheets) -> Callable[[Row], bool]:
    """Sold, the only order of its customer, and more than a year after the first of all."""
    orders = sheets.columns["orders"]
    count, first = Counter(orders["customer_id"]), min(str(one) for one in orders["order_date"])
    return lambda row: (
        sold(row) and count[row["customer_id"]] == 1 and str(row["order_date"]) > later(first, 366)
    )


def stranger(row: Row) -> bool:
    """A lead that has not become a customer, so that no other sheet knows of it."""
    return not row["customer_id"] and not row["won"] and not row["lost"]


def untouched(sheets: Sheets) -> Callable[[Row], bool]:
    """Payments and refunds of orders that no dirt has changed."""
    ids = sheets.columns["orders"]["order_id"]
    soiled = {ids[at] for at in sheets.touched.get("orders", ())}
    return lambda row: row["order_id"] not in soiled
