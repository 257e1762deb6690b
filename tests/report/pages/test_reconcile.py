"""The reconciliation page says what does not agree, how much, and in which cell."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.report.pages.books import orders, page, report, said, sheets
from xlsales.analysis import analyse, ask, build_report
from xlsales.language import LANGUAGES
from xlsales.memory import Memory, Scored
from xlsales.report.blocks import Cell, Chart, Table
from xlsales.report.layout import RULE_ROW, SHEET_PX, lay_out
from xlsales.tables.confirmed import role
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.report.blocks import Page

ROWS = orders(last=3)
"""Nine orders: three reps, three months, 1,000 n + 100 a month."""
ALL_PAID = [
    {"order_id": row["order_id"], "paid_date": row["order_date"], "amount": row["amount"]} for row in ROWS
]
PAID = ALL_PAID[1:]


def tables(made: Page) -> dict[str, Table]:
    blocks = (placed.block for band in made.bands for placed in band)
    return {block.key: block for block in blocks if isinstance(block, Table)}


def shown(table: Table) -> list[list[object]]:
    return [[one.value if isinstance(one, Cell) else one for one in row] for row in table.rows]


def test_what_contradicts_comes_first_and_each_status_ties_out() -> None:
    paid = [{**PAID[0], "amount": str(int(PAID[0]["amount"]) + 500)}, *PAID[1:]]
    paid.append({"order_id": "X9", "paid_date": "2025-11-20", "amount": "700"})
    made = page(report({"orders": ROWS, "payments": paid}, only=["reconcile"]), "reconcile")
    owed, whole = int(ROWS[0]["amount"]), sum(int(row["amount"]) for row in ROWS)
    assert said(made.headline) == (
        "2 records contradict each other, ¥1,200 apart: mostly Receipts: No order (1, ¥700)"
    )
    found = tables(made)
    rows = shown(found["reconcile_receipts"])
    over = int(PAID[0]["amount"])
    assert rows == [
        ["■ Overpaid", over, over + 500, -500, 1],
        ["■ No order", 0, 700, -700, 1],
        ["◆ No payment", owed, 0, owed, 1],
        ["● Agrees", whole - over - owed, whole - over - owed, 0, 7],
    ]
    total = found["reconcile_receipts"].total
    assert total is not None
    assert list(total[1:]) == [whole, whole - owed + 1200, owed - 1200, 10]
    listed = shown(found["reconcile_receipts_largest"])
    assert [row[1] for row in listed] == ["X9", ROWS[1]["order_id"], ROWS[0]["order_id"]]
    assert listed[0][-1] == "Payments!C10"
    assert listed[2][3:5] == ["Ann", ROWS[0]["order_date"]]


@pytest.mark.parametrize(("lang", "lacking"), [("zh", "收款"), ("en", "Payments")])
def test_without_payments_the_page_says_what_it_lacks(lang: str, lacking: str) -> None:
    made = page(report({"orders": ROWS}, lang, only=["reconcile"]), "reconcile")  # type: ignore[arg-type]
    assert lacking in "".join(said(sentence) for sentence in made.bands[0][0].block.sentences)  # type: ignore[union-attr]
    payments, invoices = (tables(made)[f"wanted_reconcile_{key}"] for key in ("payments", "invoices"))
    for found, key in ((payments, "payments"), (invoices, "invoices")):
        must = {column.title(lang) for column in table(key).columns if column.needed}  # type: ignore[arg-type]
        assert must <= {row[0] for row in found.rows}
        assert len(found.rows) < len(table(key).columns)
        assert {row[-1].link for row in found.rows} == {"mapping"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_mapping_page_lists_once_by_which_headers_absent_tables_are_recognised(lang: Language) -> None:
    made = page(report({"orders": ROWS}, lang, only=["funnel", "pipeline", "mapping"]), "mapping")
    found = tables(made)
    assert "wanted_orders" not in found
    leads = [row[0] for row in found["wanted_leads"].rows]
    assert sorted(leads) == sorted(role(column, lang) for column in table("leads").columns)  # type: ignore[type-var]
    plan = lay_out(made, (made,), lang)
    assert max(plan.height(spot.top, spot.bottom) for spot in plan.spots) < SHEET_PX - plan.height(
        0, RULE_ROW
    )


def test_all_that_agrees_is_said_to_agree() -> None:
    made = page(report({"orders": ROWS, "payments": ALL_PAID}, only=["reconcile"]), "reconcile")
    assert said(made.headline) == "9 items compared, all agree"


def test_the_score_tells_its_change_and_its_course() -> None:
    past = tuple(
        Scored(datetime(2026, 10, day), str(day), {"total": score, "uniqueness": 0.5})  # noqa: DTZ001
        for day, score in ((1, 0.80), (2, 0.90))
    )
    found = analyse(sheets({"orders": ROWS}, "en"))
    again = ask(found, memory=Memory(scores=past))
    made = page(build_report(again, "en", ["quality"]), "quality")
    card = tables(made)["scorecard"]
    rows = {str(row[0]): row for row in shown(card)}
    assert (rows["Uniqueness"][1], rows["Uniqueness"][2]) == (1, 0.5)
    assert rows["Validity"][2] is None
    assert card.total is not None
    whole = card.total[1]
    assert card.total[2] == pytest.approx(whole - 0.90)
    (course,) = (p.block for band in made.bands for p in band if isinstance(p.block, Chart))
    assert course.series[0].values == (0.80, 0.90, whole)


def test_an_overdue_order_says_for_how_many_days() -> None:
    late, fine = ROWS[0]["order_id"], ROWS[1]["order_id"]
    last = max(date.fromisoformat(row["order_date"]) for row in ROWS)
    plan = [
        {"order_id": late, "due_date": f"{last - timedelta(days=12)}", "amount": ROWS[0]["amount"]},
        {"order_id": fine, "due_date": f"{last + timedelta(days=1)}", "amount": ROWS[1]["amount"]},
    ]
    book = {"orders": ROWS, "payments": ALL_PAID[2:], "instalments": plan}
    found = tables(page(report(book, only=["reconcile"]), "reconcile"))
    assert [row[:2] for row in shown(found["reconcile_receipts_largest"])] == [
        ["◆ No payment, 12 d overdue", late]
    ]
    assert ["● Not yet due", 1] in [[row[0], row[-1]] for row in shown(found["reconcile_receipts"])]
