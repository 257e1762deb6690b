"""Awkward input: small books whose figures can be worked out by hand, and the reports made of them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from xlsales.analysis import analyse, build_report
from xlsales.report.blocks import Run
from xlsales.tables import specs
from xlsales.tables.spec import SheetText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlsales.language import Language
    from xlsales.report.blocks import Page, Report, Sentence

Row = dict[str, Any]
Book = dict[str, list[Row]]

REPS = {"Ann": ("T1", "North"), "Bob": ("T1", "North"), "Cid": ("T2", "South")}
LONG = "Maximiliana von Hohenzollern-Sigmaringen the {}th"
FORTY = {
    LONG.format(k): (f"Key accounts team number {k % 5}", f"Metropolitan region {k % 3}") for k in range(40)
}
FORTY_ZH = {
    f"欧阳慕容诸葛司马上官第{k}位课程顾问": (f"大客户与渠道拓展第{k % 5}团队", f"滨江新区旗舰校区{k % 3}")
    for k in range(40)
}
LAST = 14
"""Months of the ordinary book: September 2025 to October 2026."""


def month(number: int) -> str:
    """The number-th month of the book, counted from 1: ``2025-09`` is the first."""
    year, index = divmod(2025 * 12 + 8 + number - 1, 12)
    return f"{year}-{index + 1:02d}"


def day(number: int, place: int) -> int:
    """The first rep sells on the last day of the month, so that every month is whole."""
    year, index = divmod(2025 * 12 + 8 + number - 1, 12)
    return monthrange(year, index + 1)[1] if place == 1 else 10 + place % 15


def orders(reps: Mapping[str, tuple[str, str]] = REPS, first: int = 1, last: int = LAST) -> list[Row]:
    """The n-th rep sells once a month, for 1,000 n + 100 a month, to three customers in turn."""
    rows = []
    for number in range(first, last + 1):
        for place, (rep, (team, region)) in enumerate(reps.items(), 1):
            rows.append(
                {
                    "order_id": f"{number:02d}{place:03d}",
                    "order_date": f"{month(number)}-{day(number, place)}",
                    "customer_id": f"C{place:03d}{number % 3}",
                    "product": ("Maths", "Art")[place % 2],
                    "category": "Kids",
                    "rep": rep,
                    "team": team,
                    "region": region,
                    "channel": ("Web", "Street")[place % 2],
                    "amount": str(1000 * place + 100 * number),
                }
            )
    return rows


def targets(reps: Mapping[str, tuple[str, str]] = REPS, number: int = LAST, amount: int = 3000) -> list[Row]:
    """The same target for every rep in one month."""
    return [
        {"period": f"{month(number)}-01", "rep": rep, "team": team, "region": region, "target": str(amount)}
        for rep, (team, region) in reps.items()
    ]


def leads(reps: Mapping[str, tuple[str, str]] = REPS, first: int = 1, last: int = LAST) -> list[Row]:
    """Every rep has eight leads a month: six are contacted, four booked, three tried, two won, one lost."""
    rows = []
    for number in range(first, last + 1):
        for place, (rep, (team, region)) in enumerate(reps.items(), 1):
            for k in range(8):
                days = {
                    stage: f"{month(number)}-{10 + step:02d}"
                    for step, (stage, reached) in enumerate(
                        (("contacted", 6), ("booked", 4), ("trial", 3), ("won", 2))
                    )
                    if k < reached
                }
                rows.append(
                    {
                        "lead_id": f"{number:02d}{place:03d}{k}",
                        "created": f"{month(number)}-{2 + k:02d}",
                        "product": "Maths",
                        "rep": rep,
                        "team": team,
                        "region": region,
                        "channel": ("Web", "Street")[k % 2],
                        **days,
                        "lost": f"{month(number)}-25" if k == 7 else "",
                    }
                )
    return rows


def without(rows: list[Row], *names: str) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


PLENTY: Book = {"orders": orders(), "leads": leads(), "targets": targets()}
IN_ONE_MONTH = {"orders": orders(first=LAST), "leads": leads(first=LAST), "targets": targets()}
RETURNED = [
    {**row, "order_id": f"R{row['order_id']}", "amount": f"-{2 * int(row['amount'])}"}
    for row in orders(first=LAST)
]
BLANKS = ("product", "category", "rep", "team", "region", "channel")

BOOKS: dict[str, tuple[Book, dict[str, Any]]] = {
    "an ordinary book": (PLENTY, {}),
    "no targets": ({**PLENTY, "targets": []}, {}),
    "targets for another month only": ({**PLENTY, "targets": targets(number=3)}, {}),
    "targets of regions only": (
        {
            **PLENTY,
            "targets": [
                {"period": f"{month(LAST)}-01", "region": region, "target": "9000"}
                for region in ("North", "South")
            ],
        },
        {},
    ),
    "a target of somebody who sells nothing": (
        {**PLENTY, "targets": targets() + targets({"Dee": ("T3", "East")})},
        {},
    ),
    "no leads": ({**PLENTY, "leads": []}, {}),
    "leads only": ({"leads": leads()}, {}),
    "leads without stage dates": (
        {
            **PLENTY,
            "leads": [
                {**row, "stage": "won" if row.get("won") else "lost" if row["lost"] else "new"}
                for row in without(leads(), "contacted", "booked", "trial")
            ],
        },
        {},
    ),
    "no customers": ({**PLENTY, "orders": without(orders(), "customer_id")}, {}),
    "a first month": (IN_ONE_MONTH, {}),
    "a first month without targets": ({**IN_ONE_MONTH, "targets": []}, {}),
    "negative sales": ({**PLENTY, "orders": orders() + RETURNED}, {}),
    "forty reps with long names": (
        {"orders": orders(FORTY), "leads": leads(FORTY), "targets": targets(FORTY, amount=22000)},
        {},
    ),
    "forty reps with long Chinese names": (
        {"orders": orders(FORTY_ZH), "leads": leads(FORTY_ZH), "targets": targets(FORTY_ZH, amount=22000)},
        {},
    ),
    "forty reps without targets": ({"orders": orders(FORTY), "leads": leads(FORTY)}, {}),
    "every dimension blank": (
        {
            "orders": without(orders(), *BLANKS),
            "leads": without(leads(), *BLANKS),
            "targets": [{"period": f"{month(LAST)}-01", "target": "9000"}],
        },
        {},
    ),
    "one single order": ({"orders": [{"order_date": "2026-10-09", "amount": "250"}]}, {}),
    "an open month": (PLENTY, {"as_of": "2026-10-16"}),
    "a month on its second working day": (PLENTY, {"as_of": "2026-10-09"}),
    "a quarter": (PLENTY, {"period": "2026-Q3"}),
    "a year": (PLENTY, {"period": "2026"}),
    "ten days": (PLENTY, {"period": "2026-10-01..2026-10-10"}),
    "a period that has not begun": (PLENTY, {"period": "2026-10", "as_of": "2026-09-15"}),
    "a month in which nothing was sold": (
        {**PLENTY, "orders": [row for row in orders() if not row["order_date"].startswith("2026-10")]},
        {"period": "2026-10"},
    ),
    "a filter that leads lack": (PLENTY, {"filters": (("category", ("Kids",)),)}),
    "a filter that nothing passes": (PLENTY, {"filters": (("region", ("West",)),)}),
    "the net basis without refunds": (PLENTY, {"basis": "net"}),
    "the cash basis": (
        {
            **PLENTY,
            "payments": [
                {"order_id": row["order_id"], "paid_date": row["order_date"], "amount": row["amount"]}
                for row in orders()
            ],
            "refunds": [{"order_id": "14001", "refund_date": "2026-10-20", "amount": "300"}],
        },
        {"basis": "cash"},
    ),
}


IN_CHINESE = {
    "every dimension blank",
    "leads without stage dates",
    "forty reps with long Chinese names",
    "one single order",
    "a month on its second working day",
    "a quarter",
    "a year",
    "ten days",
    "the net basis without refunds",
}
"""What both languages must do is shown with random books; each of these is made in one."""


def language_of(name: str) -> Language:
    """The language that the report of a book is made in."""
    return "zh" if name in IN_CHINESE else "en"


@cache
def whole(name: str) -> Report:
    """The report of a book of ``BOOKS``, which takes longer than what a test asks of it."""
    book, scope = BOOKS[name]
    return report(book, language_of(name), **scope)


def shown(name: str, key: str, lang: Language = "en") -> Page:
    """One page of a book of ``BOOKS``."""
    if lang == language_of(name):
        return page(whole(name), key)
    book, scope = BOOKS[name]
    return page(report(book, lang, only=[key], **scope), key)


def sheets(book: Mapping[str, Sequence[Row]], lang: Language = "en") -> list[SheetText]:
    """The tables of a book as sheets of text under our own headers."""
    found = []
    for key, rows in book.items():
        names = [column for column in specs.table(key).columns if any(column.name in row for row in rows)]
        if names:
            cells = [[column.title(lang) for column in names]]
            cells += [[row.get(column.name) or None for column in names] for row in rows]
            frame = pd.DataFrame(cells, index=range(1, len(cells) + 1), dtype="str")
            found.append(SheetText("book.xlsx", specs.table(key).title(lang), frame))
    return found


def report(
    book: Mapping[str, Sequence[Row]], lang: Language = "en", only: Sequence[str] = (), **scope: Any
) -> Report:
    """The report of a book; ``scope`` as in ``analyse``, with the date as text."""
    from datetime import date

    if "as_of" in scope:
        scope["as_of"] = date.fromisoformat(scope["as_of"])
    return build_report(analyse(sheets(book, lang), **scope), lang, only)


def page(made: Report, key: str) -> Page:
    return next(page for page in made.pages if page.key == key)


def said(sentence: Sentence) -> str:
    """A sentence as plain words."""
    return "".join(run.text for run in sentence)


NO_WORDS = frozenset(
    (
        *("key", "formula", "format", "kind", "align", "heat", "change", "total", "page", "link", "mark"),
        *("tone", "tones", "label_tones", "label_at", "bar_tone", "severity", "status"),
    )
)
"""Fields that hold no text for a reader."""


def words(part: Any) -> Iterator[str]:
    """Every text that a page, or a part of one, shows; a sentence is one text."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple) and all(isinstance(run, Run) for run in part):
        yield said(part)
    elif isinstance(part, tuple):
        for one in part:
            yield from words(one)
    elif is_dataclass(part):
        for field in fields(part):
            value = getattr(part, field.name)
            if field.name not in NO_WORDS or not isinstance(value, str):
                yield from words(value)
