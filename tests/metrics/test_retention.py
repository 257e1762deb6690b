from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.metrics.frames import scope, table
from tests.metrics.real_orders import cdnow, online_retail
from xlsales.metrics.retention import retention

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.metrics._scope import Scope

CORPUS = pytest.mark.corpus
FILES = [
    pytest.param(online_retail, scope("2010-11", date(2010, 12, 9)), 12, id="Online Retail II"),
    pytest.param(online_retail, scope("2010-12", date(2010, 12, 9)), 12, id="Online Retail II, open month"),
    pytest.param(lambda: cdnow("CDNOW_master.txt"), scope("1998-01", date(1998, 6, 30)), 12, id="CDNOW"),
    pytest.param(
        lambda: cdnow("CDNOW_sample.txt"), scope("1998-06", date(1998, 6, 30)), 17, id="CDNOW sample"
    ),
]


def independent(orders: pd.DataFrame, about: Scope, months: int) -> dict[tuple[str, int], tuple[int, int]]:
    """(cohort, offset) -> (size, active) by pandas periods and sets of customers."""
    kept = orders[orders["customer_id"].notna() & (orders["amount"] > 0)]
    kept = kept[kept["order_date"].dt.date <= about.as_of]
    month = kept["order_date"].dt.to_period("M")
    active = {one: set(part) for one, part in kept["customer_id"].groupby(month)}
    firsts = month.groupby(kept["customer_id"]).min()
    last = pd.Period(min(about.period.end, about.as_of), "M")
    found = {}
    for back in range(months, 0, -1):
        if last - back < firsts.min():
            continue
        cohort = set(firsts.index[firsts == last - back])
        for offset in range(1, months + 1):
            then = last - back + offset
            if then <= pd.Period(about.as_of, "M"):
                size_and_active = len(cohort), len(cohort & active.get(then, set()))
                found[str(last - back), offset] = size_and_active
    return found


@CORPUS
@pytest.mark.parametrize(("orders", "about", "months"), FILES)
def test_every_cell_of_a_real_file_equals_an_independent_computation(
    orders: Callable[[], pd.DataFrame], about: Scope, months: int
) -> None:
    sales = orders()
    found = retention(sales, scope=about, months=months)
    expected = independent(sales, about, months)
    assert len(expected) > 50
    assert [(row.cohort, row.offset) for row in found.itertuples()] == list(expected)
    for row in found.itertuples():
        size, active = expected[row.cohort, row.offset]
        assert (row.size, row.active) == (size, active)
        assert (row.retention == active / size) if size else pd.isna(row.retention)
        over = pd.Period(row.cohort, "M") + row.offset < pd.Period(about.as_of, "M")
        ended = (pd.Period(row.cohort, "M") + row.offset).end_time.date() <= about.as_of
        assert row.complete == (over or ended)


@CORPUS
def test_the_three_cohorts_of_cdnow_are_its_published_customers() -> None:
    """CDNOW is 23,570 people whose first purchase, for some a free one, fell in the first quarter of 1997."""
    orders = cdnow("CDNOW_master.txt")
    paid = orders.assign(amount=orders["amount"].clip(lower=0.01))
    found = retention(paid, scope=scope("1998-01", date(1998, 6, 30)))
    sizes = found.drop_duplicates("cohort").set_index("cohort")["size"]
    assert sizes[["1997-01", "1997-02", "1997-03"]].sum() == sizes.sum() == 23_570


def test_a_day_of_returns_only_keeps_nobody_and_a_mixed_one_does() -> None:
    orders = table(
        "orders",
        """
        order_id | order_date | customer_id | amount
        O1       | 2026-08-01 | C1          | 100
        O2       | 2026-09-01 | C1          | -100
        O3       | 2026-10-01 | C1          | -900
        O4       | 2026-10-01 | C1          | 100
        """,
    )
    found = retention(orders, scope=scope("2026-10")).set_index(["cohort", "offset"])["active"]
    assert found["2026-08", 1] == 0
    assert found["2026-08", 2] == 1


def test_a_month_shows_from_its_first_day_and_is_complete_on_its_last() -> None:
    orders = table("orders", "order_date | customer_id | amount\n2026-09-01 | C1 | 100")
    for day, over in ((1, False), (30, False), (31, True)):
        found = retention(orders, scope=scope("2026-10", date(2026, 10, day)))
        assert found["complete"].tolist() == [over]
