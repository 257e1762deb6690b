from __future__ import annotations

import math
from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.metrics.frames import scope, table
from tests.metrics.real_orders import online_retail
from xlsales.errors import UsageError
from xlsales.metrics._catalogue import run
from xlsales.metrics.sales import sales


@pytest.mark.corpus
def test_a_year_of_real_sales_by_month_equals_a_plain_count() -> None:
    orders = online_retail()
    found = sales(orders, scope=scope("2009-12-01..2010-11-30"), by=("month",)).set_index("month")

    stamps = orders["order_date"].to_numpy().astype("datetime64[M]")
    cents = np.rint(orders["amount"].to_numpy() * 1000).astype("int64")  # prices have up to three decimals
    money: dict[str, int] = defaultdict(int)
    bought: dict[str, set[str]] = defaultdict(set)
    buyers: dict[str, set[str]] = defaultdict(set)
    for month, mills, order, customer in zip(
        stamps.astype(str), cents, orders["order_id"], orders["customer_id"], strict=True
    ):
        money[month] += int(mills)
        if mills >= 0:
            bought[month].add(order)
            if isinstance(customer, str):
                buyers[month].add(customer)
    months = sorted(money)[:12]
    assert list(found.index) == months
    whole = sum(money[month] for month in months)
    for before, month in zip([None, *months], months, strict=False):
        row = found.loc[month]
        assert row["amount"] == pytest.approx(money[month] / 1000, abs=1e-4)
        assert (row["orders"], row["customers"]) == (len(bought[month]), len(buyers[month]))
        assert row["aov"] == pytest.approx(money[month] / 1000 / len(bought[month]))
        assert row["share"] == pytest.approx(money[month] / whole)
        if before:
            assert row["mom"] == pytest.approx(money[month] / money[before] - 1)
        else:
            assert math.isnan(row["mom"])
            assert row["status"] == "no_base"


@pytest.mark.corpus
def test_real_sales_of_a_month_by_country_compare_with_the_year_before() -> None:
    """Data end on 9 December 2010, the 7th working day; the 7th of December 2009 is the 9th too."""
    orders = online_retail()
    found = sales(orders, scope=scope("2010-12", date(2010, 12, 9)), by=("region",)).set_index("region")
    day = orders["order_date"].dt.strftime("%Y-%m-%d")
    now = orders["amount"].where(day.between("2010-12-01", "2010-12-09"), 0.0)
    then = orders["amount"].where(day.between("2009-12-01", "2009-12-09"), 0.0)
    for country, row in found.iterrows():
        here = orders["region"] == country
        assert row["amount"] == pytest.approx(math.fsum(now[here]), abs=1e-6)
        assert row["year_ago"] == pytest.approx(math.fsum(then[here]), abs=1e-6)
        assert row["share"] == pytest.approx(math.fsum(now[here]) / math.fsum(now))
        if row["yoy_status"] == "":
            assert row["yoy"] == pytest.approx(math.fsum(now[here]) / math.fsum(then[here]) - 1)
    united_kingdom = found.loc["United Kingdom"]
    assert found.index[0] == "United Kingdom"
    assert united_kingdom["yoy_status"] == ""


@pytest.mark.corpus
def test_the_whole_file_ties_to_its_checked_total() -> None:
    found = sales(online_retail(), scope=scope("2009-12-01..2010-12-31"))
    assert found["amount"].item() == pytest.approx(9_539_484.634, abs=1e-6)


def test_an_unknown_dimension_is_refused_with_the_known_ones() -> None:
    orders = table("orders", "order_date | amount\n2026-10-01 | 1")
    with pytest.raises(UsageError) as error:
        run("sales", {"orders": orders}, scope("2026-10"), by=("colour",))
    assert "region" in error.value.do("zh")


def test_a_filter_that_sales_do_not_know_is_refused() -> None:
    orders = table("orders", "order_date | amount\n2026-10-01 | 1")
    with pytest.raises(UsageError):
        run("sales", {"orders": orders}, scope("2026-10", filters={"colour": ["red"]}))


def test_names_keep_their_order_at_every_depth() -> None:
    """Regions by their own total, reps by theirs within the region."""
    orders = pd.DataFrame(
        [("南", "张", 1), ("南", "王", 5), ("北", "李", 4), ("北", "赵", 3)],
        columns=["region", "rep", "amount"],
    )
    text = "\n".join(f"2026-10-01 | {row.region} | {row.rep} | {row.amount}" for row in orders.itertuples())
    found = sales(
        table("orders", f"order_date | region | rep | amount\n{text}"),
        scope=scope("2026-10"),
        by=("region", "rep"),
    )
    assert list(zip(found["region"], found["rep"], strict=True)) == [
        ("北", "李"),
        ("北", "赵"),
        ("南", "王"),
        ("南", "张"),
    ]
