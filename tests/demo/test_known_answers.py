"""The demo workbook through the whole line: what the metrics say of it is what the generator knows."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.demo_made import analysed_demo
from xlsales.demo import dirt
from xlsales.demo.agreement_answers import BY as AGREED_BY
from xlsales.demo.answers import BASES, LEADS_BY, MONEY_BY, TARGETS_BY, answers
from xlsales.language import LANGUAGES
from xlsales.metrics._catalogue import run
from xlsales.metrics._once import one_run
from xlsales.metrics._scope import parse_period

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.analysis import Analysis
    from xlsales.demo.answers import Answers
    from xlsales.language import Language
    from xlsales.metrics._scope import Basis

Numbers = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def analysis(lang: Language) -> Analysis:
    return analysed_demo(lang)


@pytest.fixture(scope="module")
def known(lang: Language) -> Answers:
    return answers(lang)


@pytest.fixture(scope="module")
def say(analysis: Analysis) -> Callable[..., pd.DataFrame]:
    """A metric of October, or of another period, in rows; the names of ``by`` are its index."""
    made: dict[Any, Any] = {}

    def said(
        key: str, by: str = "", basis: str = "signed", period: str = "2026-10", **options: Any
    ) -> pd.DataFrame:
        scope = replace(analysis.scope, basis=basis, period=parse_period(period))
        if by or "by" in options:
            options["by"] = (by,)
        with one_run(made):
            rows = run(key, analysis.cleaned.tables, scope, **options).rows
        return rows.set_index(rows[by] if by else pd.Series("", rows.index))

    return said


def agree(rows: pd.DataFrame, numbers: dict[str | None, dict[str, Any]], columns: dict[str, str]) -> None:
    """The rows have exactly the names of the numbers, and their values; ``columns``: answer -> metric."""
    expected: Numbers = {"" if name is None else name: values for name, values in numbers.items()}
    assert sorted(rows.index) == sorted(expected)
    for ours, theirs in columns.items():
        right = {
            name: float("nan") if values[ours] is None else values[ours] for name, values in expected.items()
        }
        given = {name: float(value) for name, value in rows[theirs].items()}
        assert given == pytest.approx(right, rel=1e-9, abs=1e-6, nan_ok=True), theirs


def test_the_last_complete_month_is_what_is_asked(analysis: Analysis, known: Answers) -> None:
    assert analysis.scope.period == parse_period(known.period)
    assert analysis.scope.as_of == known.as_of
    assert analysis.scope.complete


def test_the_six_tables_are_found_and_the_users_own_sheets_left_alone(analysis: Analysis) -> None:
    assert sorted(raw.table.key for raw in analysis.survey.tables) == sorted(dirt.soiled().sheets)
    assert len(analysis.survey.ignored) == 2


def test_the_clean_tables_are_the_reported_rows(analysis: Analysis) -> None:
    reported = dirt.soiled().reported.tables()
    assert {key: len(rows) for key, rows in analysis.cleaned.tables.items()} == {
        key: len(rows) for key, rows in reported.items()
    }
    amounts = analysis.cleaned.tables["payments"]["amount"]
    assert amounts.sum() == pytest.approx(sum(row.amount for row in reported["payments"]) / 100)


def test_every_loss_and_duplicate_is_an_issue_and_disguises_are_none(analysis: Analysis) -> None:
    marks = Counter(
        (RULES[mark.kind], mark.table)
        for mark in dirt.soiled().marks
        if mark.kind in RULES and (mark.kind != "blank" or mark.column == "order_date")
    )
    reported = dirt.soiled().reported
    orders = {order.order_id for order in reported.orders}
    marks["no_such_order", "payments"] = sum(row.order_id not in orders for row in reported.payments)
    marks["no_such_order", "refunds"] = sum(row.order_id not in orders for row in reported.refunds)
    marks["skipped_row", "orders"] = marks["skipped_row", "targets"] = 1
    marks["skipped_row", "refunds"] = 1 + 3  # the total, and a subtotal after each year
    found = Counter(zip(analysis.cleaned.issues["rule"], analysis.cleaned.issues["table"], strict=True))
    assert found == marks


RULES = {
    "duplicate": "duplicate",
    "blank": "missing_needed",
    "error": "excel_error",
    "over_paid": "refund_over_paid",
}


SALES = {"amount": "amount", "orders": "orders", "customers": "customers", "aov": "aov"}
GROWTH = {"previous": "previous", "year_ago": "year_ago", "mom": "mom", "yoy": "yoy"}


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("by", [d for d in MONEY_BY if d != "month"])
def test_sales(say: Callable[..., pd.DataFrame], known: Answers, basis: str, by: str) -> None:
    agree(say("sales", by, basis), known.sales[basis][by], SALES | GROWTH)


@pytest.mark.parametrize("basis", BASES)
def test_sales_of_every_month(say: Callable[..., pd.DataFrame], known: Answers, basis: str) -> None:
    rows = say("sales", "month", basis, period="2024-09-01..2026-10-31")
    agree(rows, known.sales[basis]["month"], SALES | GROWTH)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("by", TARGETS_BY)
def test_attainment(say: Callable[..., pd.DataFrame], known: Answers, basis: str, by: str) -> None:
    period = "2024-09-01..2026-10-31" if by == "month" else "2026-10"
    rows = say("attainment", by, basis, period=period)
    agree(
        rows, known.attainment[basis][by], {name: name for name in ("actual", "target", "attainment", "gap")}
    )


@pytest.mark.parametrize("view", ["cohort", "activity"])
def test_the_funnel(say: Callable[..., pd.DataFrame], known: Answers, view: str) -> None:
    rows = say("lead_funnel", view=view).set_index("stage")
    now, before = (known.funnel[view][month] for month in ("2026-10", "2026-09"))
    stages = list(now)
    assert rows["n"].to_dict() == now
    for entered, stage in itertools.pairwise(stages):
        assert rows.loc[stage, "entrants"] == now[entered]
        assert rows.loc[stage, "step_rate"] == pytest.approx(now[stage] / now[entered])
        assert rows.loc[stage, "previous"] == pytest.approx(before[stage] / before[entered])


@pytest.mark.parametrize("by", LEADS_BY)
def test_conversion(say: Callable[..., pd.DataFrame], known: Answers, by: str) -> None:
    rows = say("conversion", by)
    agree(rows[rows["leads"] > 0], known.conversion[by], {"n": "leads", "won": "won", "rate": "conversion"})


@pytest.mark.parametrize("by", LEADS_BY)
def test_win_rate(say: Callable[..., pd.DataFrame], known: Answers, by: str) -> None:
    rows = say("win_rate", by)
    agree(
        rows[rows["n"] > 0], known.win_rate[by], {"n": "n", "won": "won", "lost": "lost", "rate": "win_rate"}
    )


@pytest.mark.parametrize("basis", BASES)
def test_new_and_existing_customers(say: Callable[..., pd.DataFrame], known: Answers, basis: Basis) -> None:
    months = say("new_customers", "month", basis, period="2024-09-01..2026-10-31")
    assert months["new_customers"].to_dict() == known.new_customers
    row = say("new_customers", basis=basis).iloc[0]
    assert row["new_customers"] == known.new_customers["2026-10"]
    assert row["previous"] == known.new_customers["2026-09"]
    assert row["year_ago"] == known.new_customers["2025-10"]
    ages = {age: row[f"{age}_amount"] for age in ("new", "existing", "anonymous")}
    assert ages == pytest.approx(known.sales_by_age[basis], abs=1e-6)


def test_retention(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    rows = say("retention")
    assert set(rows["cohort"]) == set(known.months[-13:-1])
    for row in rows.itertuples():
        assert (row.active, row.size) == known.retention[row.cohort][row.offset]
    assert len(rows) == sum(range(1, 13))


def test_repurchase(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    columns = {
        "customers": "customers",
        "repeated": "repeaters",
        "rate": "repurchase",
        "per_customer": "orders_per_customer",
    }
    agree(say("repurchase"), {"": known.repurchase}, columns)


RENEWAL = {name: name for name in ("due", "renewed", "lapsed", "open", "upgraded", "renewed_amount")}
RENEWAL |= {"rate": "renewal"} | {name: name for name in ("grr", "nrr", "churn", "upgrade_share", "uplift")}
DROPOUT = {name: name for name in ("orders", "full", "partial", "paid", "returned", "value_rate")}


@pytest.mark.parametrize("by", AGREED_BY)
def test_renewals_and_refunds(say: Callable[..., pd.DataFrame], known: Answers, by: str) -> None:
    agree(say("renewal", by), known.renewal[by], RENEWAL)
    found = say("dropout", by)
    agree(found[found["orders"] > 0], known.dropout[by], DROPOUT | {"rate": "dropout"})


def test_who_is_gone(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    states = {name: name for name in ("start", "lost", "gained", "end")}
    agree(say("churn"), {"": known.churn}, states | {"rate": "churn"})


def test_why_families_left(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    found = say("churn_reasons").set_index("reason")["n"]
    assert found[found > 0].to_dict() == known.churn_reasons


def test_members_beside_non_members(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    found = say("membership").set_index("tier").fillna({"points_earned": 0, "points_used": 0})
    names = ("customers", "base", "retained", "buyers", "amount", "points_earned", "points_used")
    columns = {name: name for name in (*names, "difference")}
    agree(found, known.membership, columns | {"rate": "retention"})


def test_segments_of_recency_frequency_and_money(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    found = say("rfm_segments").set_index("segment")
    agree(found, known.rfm, {"customers": "customers", "amount": "amount"})


def test_who_may_leave_and_why(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    found = say("warning_list").set_index("account_id")["why"].str.split("+")
    told = {account: set(why) - {"fading"} for account, why in found.items()}
    assert {account: why for account, why in told.items() if why} == known.warnings
    assert {sign for why in told.values() for sign in why} == {
        "late", "falling", "complaint", "slow_answer", "dissatisfied"
    }  # fmt: skip


def test_of_those_who_came_once_no_model_says_whether_they_are_still_there(
    say: Callable[..., pd.DataFrame], known: Answers
) -> None:
    found = say("warning_list").set_index("account_id")
    once = found.index.isin(known.came_once)
    assert found["alive"].isna().equals(pd.Series(once, found.index))
    assert (found["why"][once] == "late").any()


def test_which_signs_came_true(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    found = say("warning_hits").set_index("sign").drop(index=["warned", "others", "fading"])
    agree(found, known.warning_hits, {"customers": "customers", "gone": "gone"})


def test_who_is_won(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    rows = say("profile")
    found = rows.set_index(rows["attribute"] + " " + rows["value"])
    numbers = {f"{attribute} {name or ''}": row for (attribute, name), row in known.profile.items()}
    agree(found[found["n"] > 0], numbers, {name: name for name in ("n", "won", "lost", "lift")})


def test_who_brings_whom(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    agree(say("referral"), {"": known.referral}, {name: name for name in known.referral})


def test_customers_against_their_targets(say: Callable[..., pd.DataFrame], known: Answers) -> None:
    rows = say("customer_targets")
    found = rows.set_index(rows["measure"] + " " + rows["customer_type"])
    numbers = {f"{measure} {tier or ''}": row for (measure, tier), row in known.customer_targets.items()}
    agree(found, numbers, {"target": "rate_target", "whole": "whole", "part": "part", "rate": "rate"})
