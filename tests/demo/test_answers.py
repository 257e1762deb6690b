"""The answers counted by loops, counted again with pandas from the same reported rows."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from xlsales.demo.answers import BASES, LEADS_BY, MONEY_BY, TARGETS_BY, answers
from xlsales.demo.dirt import soiled
from xlsales.demo.lead_answers import STAGES

if TYPE_CHECKING:
    from xlsales.demo.answers import Answers

OCTOBER = pd.Period("2026-10")


def frame(table: str) -> pd.DataFrame:
    rows = pd.DataFrame([asdict(row) for row in soiled().reported.tables()[table]])
    for name in rows:
        if name in DATES:
            rows[name] = pd.to_datetime(rows[name])
    return rows


DATES = {
    "created", "contacted", "booked", "trial", "won", "renewed", "lost",
    "order_date", "period", "paid_date", "refund_date",
}  # fmt: skip


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    orders = frame("orders")
    return orders[orders["status"] == "valid"]


@pytest.fixture(scope="module")
def leads() -> pd.DataFrame:
    return frame("leads")


@pytest.fixture(scope="module")
def money(orders: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Lines of money on each basis, in yuan, with the names of their orders."""
    named = orders[["order_id", "customer_id", *filter(None, set(MONEY_BY) - {"month"})]]
    signed = orders.assign(date=orders["order_date"], sale=True)
    refunds = frame("refunds").rename(columns={"refund_date": "date"})
    refunds = refunds.assign(amount=-refunds["amount"], sale=False).merge(named, "left", on="order_id")
    paid = frame("payments").rename(columns={"paid_date": "date"}).assign(sale=True)
    paid = paid.merge(named, "left", on="order_id")
    lines = {"signed": signed, "net": pd.concat([signed, refunds]), "cash": pd.concat([paid, refunds])}
    return {
        basis: part.assign(month=part["date"].dt.to_period("M"), amount=part["amount"] / 100)
        for basis, part in lines.items()
    }


def by(rows: pd.DataFrame, dimension: str) -> Any:
    """A group-by whose keys are those of the answers."""
    if dimension == "month":
        return rows.groupby(rows["month"].astype(str))
    return rows.groupby(rows[dimension].fillna("(blank)") if dimension else pd.Series("", rows.index))


def named(numbers: dict[str | None, Any]) -> dict[str, Any]:
    return {"(blank)" if name is None else name: value for name, value in numbers.items()}


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("dimension", [d for d in MONEY_BY if d != "month"])
def test_sales_of_the_period(money: dict[str, pd.DataFrame], basis: str, dimension: str) -> None:
    lines = money[basis]
    october = lines[lines["month"] == OCTOBER]
    known = named(answers().sales[basis][dimension])
    amounts = by(october, dimension)["amount"].sum()
    assert {k: v["amount"] for k, v in known.items()} == pytest.approx(
        amounts.reindex(list(known), fill_value=0).to_dict()
    )
    assert set(amounts.index) <= set(known)
    for column, field in (("order_id", "orders"), ("customer_id", "customers")):
        counted = by(october[october["sale"]], dimension)[column].nunique()
        assert {k: v[field] for k, v in known.items()} == counted.reindex(list(known), fill_value=0).to_dict()
    for field, month in (("previous", OCTOBER - 1), ("year_ago", OCTOBER - 12)):
        then = by(lines[lines["month"] == month], dimension)["amount"].sum()
        assert {k: v[field] for k, v in known.items()} == pytest.approx(
            then.reindex(list(known), fill_value=0).to_dict()
        )


@pytest.mark.parametrize("basis", BASES)
def test_sales_of_every_month_and_their_growth(money: dict[str, pd.DataFrame], basis: str) -> None:
    amounts = by(money[basis], "month")["amount"].sum()
    known = pd.DataFrame(answers().sales[basis]["month"]).T.astype(float)
    assert list(known.index) == list(amounts.index) == list(answers().months)
    assert known["amount"].to_list() == pytest.approx(amounts.to_list())
    assert known["mom"].to_list() == pytest.approx(amounts.pct_change().to_list(), nan_ok=True)
    assert known["yoy"].to_list() == pytest.approx(amounts.pct_change(12).to_list(), nan_ok=True)


@pytest.mark.parametrize("basis", BASES)
def test_every_breakdown_adds_up_to_the_whole(basis: str) -> None:
    for field in ("amount", "previous", "year_ago"):
        whole = answers().sales[basis][""][""][field]
        for dimension in set(MONEY_BY) - {"", "month"}:
            parts = sum(numbers[field] for numbers in answers().sales[basis][dimension].values())
            assert parts == pytest.approx(whole)
    assert answers().sales[basis]["month"]["2026-10"] == answers().sales[basis][""][""]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("dimension", TARGETS_BY)
def test_attainment(money: dict[str, pd.DataFrame], basis: str, dimension: str) -> None:
    targets = frame("targets").query("metric == 'sales'")
    targets = targets.assign(month=targets["period"].dt.to_period("M"), target=targets["target"] / 100)
    targets, lines = targets[targets["month"] <= OCTOBER], money[basis]
    if dimension != "month":
        targets, lines = targets[targets["month"] == OCTOBER], lines[lines["month"] == OCTOBER]
    both = pd.DataFrame(
        {"actual": by(lines, dimension)["amount"].sum(), "target": by(targets, dimension)["target"].sum()}
    )
    both["actual"] = both["actual"].fillna(0)
    both["attainment"], both["gap"] = both["actual"] / both["target"], both["actual"] - both["target"]
    known = pd.DataFrame(named(answers().attainment[basis][dimension])).T.astype(float).sort_index()
    assert list(known.index) == list(both.index)
    for column in both:
        assert known[column].to_list() == pytest.approx(both[column].to_list(), nan_ok=True)


@pytest.mark.parametrize(("month", "end"), [("2026-09", "2026-09-30"), ("2026-10", "2026-10-31")])
def test_the_funnel_of_the_leads_that_came_in_a_month(leads: pd.DataFrame, month: str, end: str) -> None:
    cohort = leads[leads["created"].dt.to_period("M") == pd.Period(month)]
    dates = cohort[["created", *STAGES[1:]]].where(lambda days: days <= pd.Timestamp(end))
    reached = {
        stage: int(dates.iloc[:, place:].notna().any(axis=1).sum()) for place, stage in enumerate(STAGES)
    }
    assert answers().funnel["cohort"][month] == reached


@pytest.mark.parametrize("month", ["2026-09", "2026-10"])
def test_the_funnel_of_what_happened_in_a_month(leads: pd.DataFrame, month: str) -> None:
    happened = {
        stage: int(
            (leads["created" if stage == "new" else stage].dt.to_period("M") == pd.Period(month)).sum()
        )
        for stage in STAGES
    }
    assert answers().funnel["activity"][month] == happened


@pytest.mark.parametrize("dimension", LEADS_BY)
def test_conversion(leads: pd.DataFrame, dimension: str) -> None:
    cohort = leads[leads["created"].dt.to_period("M") == OCTOBER]
    counted = by(cohort, dimension)["won"].agg(n="size", won="count", rate=lambda days: days.notna().mean())
    assert named(answers().conversion[dimension]) == counted.to_dict("index")


@pytest.mark.parametrize("dimension", LEADS_BY)
def test_win_rate(leads: pd.DataFrame, dimension: str) -> None:
    closed = leads["won"].fillna(leads["lost"])
    ended = leads[closed.dt.to_period("M") == OCTOBER]
    counted = by(ended, dimension)[["won", "lost"]].count()
    counted.insert(0, "n", counted["won"] + counted["lost"])
    counted["rate"] = counted["won"] / counted["n"]
    assert named(answers().win_rate[dimension]) == counted.to_dict("index")


def test_new_customers(orders: pd.DataFrame) -> None:
    refunded = frame("refunds").groupby("order_id")["amount"].sum()
    left = orders["amount"] - orders["order_id"].map(refunded).fillna(0)
    first = orders[left > 0].groupby("customer_id")["order_date"].min().dt.to_period("M").astype(str)
    assert answers().new_customers == first.value_counts().sort_index().to_dict()


@pytest.mark.parametrize("basis", BASES)
def test_sales_to_new_and_existing_customers(
    orders: pd.DataFrame, money: dict[str, pd.DataFrame], basis: str
) -> None:
    refunded = frame("refunds").groupby("order_id")["amount"].sum()
    left = orders["amount"] - orders["order_id"].map(refunded).fillna(0)
    first = orders[left > 0].groupby("customer_id")["order_date"].min()
    october = money[basis][money[basis]["month"] == OCTOBER]
    old = october["customer_id"].map(first) < "2026-10-01"
    nobody = october["customer_id"].isna()
    amounts = {"new": ~old & ~nobody, "existing": old, "anonymous": nobody}
    assert answers().sales_by_age[basis] == pytest.approx(
        {age: october.loc[rows, "amount"].sum() for age, rows in amounts.items()}
    )
    assert sum(answers().sales_by_age[basis].values()) == pytest.approx(
        answers().sales[basis][""][""]["amount"]
    )


def test_retention(orders: pd.DataFrame) -> None:
    month = orders["order_date"].dt.to_period("M")
    cohort = month.groupby(orders["customer_id"]).transform("min")
    active = orders["customer_id"].groupby([cohort, month]).nunique()
    for name, cells in answers().retention.items():
        start = pd.Period(name)
        assert list(cells) == list(range((OCTOBER - start).n + 1))
        for k, cell in cells.items():
            assert cell == (active.get((start, start + k), 0), active[start, start])


def test_repurchase(orders: pd.DataFrame) -> None:
    year = orders[orders["order_date"] >= "2025-11-01"]
    days = year.groupby("customer_id")["order_date"].nunique()
    assert answers().repurchase == {
        "customers": len(days), "repeated": int((days >= 2).sum()), "rate": (days >= 2).mean(),
        "per_customer": days.mean(),
    }  # fmt: skip


def test_both_languages_give_the_same_numbers_under_their_own_names() -> None:
    zh, en = answers("zh"), answers("en")
    assert zh.sales["signed"]["region"].keys() == {"滨江", "城西", "高新"}
    assert en.sales["signed"]["region"].keys() == {"Binjiang", "Chengxi", "Gaoxin"}
    assert nameless(zh) == nameless(en) == nameless(answers())


def nameless(given: Answers) -> list[str]:
    """Every number in its place, without the names, which each language sorts in its own way."""

    def flat(value: Any) -> Any:
        return sorted(map(repr, map(flat, value.values()))) if isinstance(value, dict) else value

    return [repr(flat(value)) for value in asdict(replace(given)).values()]


def test_the_last_month_is_complete_and_tells_its_story() -> None:
    assert answers().as_of == date(2026, 10, 31)
    signed = answers().attainment["signed"]
    assert signed[""][""]["attainment"] == pytest.approx(0.94, abs=0.01)
    behind = {
        name for name, numbers in signed["rep"].items() if numbers["target"] and numbers["attainment"] < 0.85
    }
    assert behind == {"sun_yue", "zhou_kai", "xu_hang"}
    assert {row["actual"] > 0 for name, row in signed["rep"].items() if name is None} == {True}
    assert answers().sales["signed"][""][""]["mom"] < 0 < answers().sales["signed"][""][""]["yoy"]
    months = answers().sales["signed"]["month"]
    amounts = {month: months[month]["amount"] for month in answers().months[-12:]}
    assert min(amounts, key=lambda month: amounts[month]) == "2026-02"  # the Spring Festival
    assert max(amounts, key=lambda month: amounts[month]) == "2026-07"  # the summer holidays


def test_three_reps_stopped_closing_their_trials_in_october(leads: pd.DataFrame) -> None:
    def rate(month: str, slump: bool) -> float:
        theirs = leads[leads["rep"].isin({"sun_yue", "zhou_kai", "xu_hang"}) == slump]
        counts = {
            step: (theirs[step].dt.to_period("M") == pd.Period(month)).sum() for step in ("won", "trial")
        }
        return float(counts["won"] / counts["trial"])

    assert rate("2026-10", slump=True) < 0.2 < 0.28 < rate("2026-09", slump=True)
    assert rate("2026-10", slump=False) > 0.3
