"""The review page has a row per doubted text with its money; stale sources head the quality page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from tests.report.pages.books import orders, sheets
from tests.report.pages.test_reconcile import shown, tables
from xlsales.analysis import analyse, ask, build_report, recognise, understand
from xlsales.clean.review.decisions import Case, Decision
from xlsales.memory import Loaded, Memory
from xlsales.report.blocks import Table
from xlsales.report.layout import lay_out
from xlsales.report.pages.review import CALLED

if TYPE_CHECKING:
    from xlsales.analysis import Analysis
    from xlsales.language import Language

ROWS = orders(last=3)
"""Nine orders: three reps, three months, 1,000 n + 100 a month."""
BOOK = {"orders": ROWS, "roster": [{"rep": "Ann", "team": "T1"}]}
OF_BOB = [row for row in ROWS if row["rep"] == "Bob"]
BOB = Case("orders", "", "rep", "Bob", "unknown_rep")


def asked(*decisions: Decision) -> Analysis:
    return ask(understand(recognise(sheets(BOOK, "en")), decisions))


def review(*decisions: Decision) -> dict[str, Table]:
    (made,) = build_report(asked(*decisions), "en", ["review"]).pages
    return tables(made)


def decision(case: Case, choice: str, value: str = "", **more: str) -> Decision:
    return Decision(case.table, case.key, case.field, case.old, case.rule, choice, value, **more)  # type: ignore[arg-type]


def row(table: Table, old: str) -> list[object]:
    """State, rows, money and decision of a case; with its suggestion."""
    at = {column.key: place for place, column in enumerate(table.columns)}
    (found,) = (one for one in shown(table) if one[at["old"]] == old and one[at["rows"]] != None)  # noqa: E711
    return [found[at[name]] for name in ("state", "suggestion", "rows", "amount", "choice", "value")]


def test_a_rep_who_is_not_on_the_roster_is_one_row_with_all_orders() -> None:
    money = sum(int(one["amount"]) for one in OF_BOB)
    assert row(review()["review"], "Bob") == ["◆ Med", "", len(OF_BOB), money, "", ""]


def test_a_decision_about_all_says_how_many_were_decided_one_by_one() -> None:
    single = Case("orders", OF_BOB[0]["order_id"], "rep", "Bob", "unknown_rep")
    made = review(decision(BOB, "correct", "Ann"), decision(single, "accept"))
    money = sum(int(one["amount"]) for one in OF_BOB[1:])
    assert row(made["review"], "Bob") == [
        "✓ Corrected", "Except 1 decided row by row", len(OF_BOB) - 1, money, "Correct", "Ann",
    ]  # fmt: skip


def test_a_decision_about_all_whose_text_has_gone_waits() -> None:
    made = review(decision(Case("orders", "", "rep", "Zed", "unknown_rep"), "drop"))
    (gone,) = shown(made["review_gone"])
    assert "All rows of this value" in gone


def test_sources_to_look_at_head_the_quality_page_with_what_to_do() -> None:
    payments = [{"order_id": one["order_id"], "paid_date": one["order_date"], "amount": one["amount"]}
                for one in ROWS[:3]]  # fmt: skip
    found = sheets({"orders": ROWS, "payments": payments}, "en")
    first = analyse(found)
    loaded = [
        Loaded(datetime(2026, 11, day), table.source, table.sheet, "orders", count, 0, 0, str(day))  # noqa: DTZ001
        for table in first.survey.tables
        if table.table.key == "orders"
        for day, count in ((1, 4 * len(ROWS)), (2, len(ROWS)))
    ]
    again = ask(first, memory=Memory(log=tuple(loaded)))
    (made,) = build_report(again, "en", ["quality"]).pages
    stale = next(iter(tables(made).values()))
    assert stale.key == "freshness_warnings"
    rows = {str(one[1]): one for one in shown(stale)}
    days = [date.fromisoformat(one["order_date"]) for one in ROWS]
    behind = (max(days) - max(days[:3])).days
    assert rows["Payments"][3] == behind
    assert f"{behind} days behind" in str(rows["Payments"][-1])
    assert rows["Orders"][6] == -3 / 4
    assert "75.0% fewer rows" in str(rows["Orders"][-1])


@pytest.mark.parametrize(("lang", "sheet"), [("en", "Orders"), ("zh", "Year 2009-2010"), ("zh", "订单" * 15)])
def test_printed_sheets_repeat_the_header_of_the_cases_alone(lang: Language, sheet: str) -> None:
    """Also where every row to call about takes two lines."""
    rows = [
        {**one, "order_id": f"{one['order_id']}-{n}", "customer_id": "", "customer": "", "rep": f"R{n}"}
        for n, one in enumerate(ROWS * 6)
    ]
    orders, *others = sheets({**BOOK, "orders": rows}, lang)
    found = ask(understand(recognise([replace(orders, sheet=sheet), *others]), ()))
    (made,) = build_report(found, lang, ["review"]).pages
    assert len(tables(made)["callbacks"].rows) == CALLED < len(rows)
    plan = lay_out(made, (made,), lang)
    cases = next(spot for spot in plan.spots if isinstance(spot.block, Table) and spot.block.key == "review")
    assert plan.titles == (cases.top + 1, cases.top + 1)
