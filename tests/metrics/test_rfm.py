"""RFM against plain pandas on real orders, and who is nobody."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tests.metrics.frames import scope, table
from tests.metrics.real_orders import online_retail
from xlsales.metrics._catalogue import compute
from xlsales.metrics._customers import SEGMENTS as NAMED
from xlsales.metrics._customers import rfm
from xlsales.metrics._rfm import SEGMENTS

LAST = date(2010, 12, 9)


def test_the_scores_of_online_retail_are_those_of_pandas_and_no_shuffling_moves_one() -> None:
    orders = online_retail()
    about = scope("2010-12", LAST)
    found = compute("rfm_scores", {"orders": orders}, about, window_months=13)
    bought = orders[(orders["amount"] > 0) & orders["customer_id"].notna()]
    by = bought.assign(day=bought["order_date"].dt.normalize()).groupby("customer_id")
    theirs = pd.DataFrame(
        {
            "days_since": (pd.Timestamp(LAST) - by["day"].max()).dt.days,
            "orders": by["day"].nunique(),
            "amount": by["amount"].sum(),
        }
    ).astype("float64")
    for name, score in (("days_since", "r"), ("orders", "f"), ("amount", "m")):
        rank = (-theirs[name] if score == "r" else theirs[name].round(6)).rank(method="min") - 1
        theirs[score] = np.floor(5 * rank / len(theirs)) + 1
    ours = found.set_index("account_id").sort_index()[list(theirs)]
    assert_frame_equal(ours, theirs.sort_index(), check_names=False, rtol=1e-9, check_index_type=False)
    assert len(found) == 4312  # published counts of 2009-10 with a positive line: 4,312 customers
    mixed = orders.sample(frac=1, random_state=7)
    assert_frame_equal(compute("rfm_scores", {"orders": mixed}, about, window_months=13), found)


def test_who_just_came_by_is_no_customer_whatever_the_case_of_the_word() -> None:
    orders = table(
        "orders",
        """
        order_id | order_date | customer_id | customer | amount
        1        | 2026-10-01 | C1          | 甲       | 100
        2        | 2026-10-02 | C9          | 散客     | 9000
        3        | 2026-10-03 |             | Walk-in  | 9000
        4        | 2026-10-04 |             |          | 9000
        """,
    )
    assert compute("rfm_scores", {"orders": orders}, scope("2026-10"))["account_id"].tolist() == ["C1"]
    assert compute("ltv", {"orders": orders}, scope("2026-10"))["customers"].tolist()[:2] == [1, 1]


ALIKE = [(f"C{k}", "2026-10-31", 100) for k in range(40)]
SPREAD = [(f"C{k}", f"2026-10-{1 + k % 28:02}", 100 + k) for k in range(40)]
TWICE = [(f"C{k}", f"2026-{month:02}-{1 + k % 28:02}", 100 + k) for k in range(40) for month in (9, 10)]


@pytest.mark.parametrize(
    ("lines", "status", "named"),
    [
        (SPREAD, "", True),  # all bought once, which is low for each of them
        (SPREAD[:29], "small_sample", True),
        (SPREAD[:5], "small_sample", True),
        (SPREAD[:4], "small_sample", False),
        (ALIKE, "same_values", False),
        (ALIKE[:3], "same_values", False),
        (ALIKE[:1], "same_values", False),
        ([(who, "2026-10-31", amount) for who, _, amount in SPREAD], "same_values", False),
        ([(who, day, 100) for who, day, _ in SPREAD], "same_values", False),
        (TWICE, "same_values", False),
    ],
)
def test_no_segment_of_customers_whom_a_score_does_not_part(lines: list, status: str, named: bool) -> None:
    rows = "\n".join(f"{day} | {who} | {amount}" for who, day, amount in lines)
    orders = {"orders": table("orders", f"order_date | customer_id | amount\n{rows}")}
    found = compute("rfm_scores", orders, scope("2026-10"))
    assert set(found["status"]) == {status}
    assert set(found["segment"] != "") == {named}
    segments = compute("rfm_segments", orders, scope("2026-10"))
    assert set(segments["status"]) == {status}
    assert segments["customers"].sum() == len(found)
    assert segments["segment"].tolist() == [""] or named
    listed = rfm(
        [who for who, _, _ in lines],
        [date.fromisoformat(day) for _, day, _ in lines],
        [float(amount) for _, _, amount in lines],
        date(2026, 10, 31),
    )
    assert {one.segment != ("", "") for one in listed} == {named}


def test_the_list_of_customers_has_their_segment_of_the_last_twelve_months() -> None:
    rows = "\n".join(f"{day} | {who} | {amount}" for who, day, amount in [*SPREAD, ("OLD", "2025-01-01", 9)])
    orders = {"orders": table("orders", f"order_date | customer_id | amount\n{rows}")}
    segments = compute("rfm_scores", orders, scope("2026-10")).set_index("account_id")["segment"]
    listed = compute("customer_value", orders, scope("2026-10")).set_index("account_id")["segment"]
    assert listed["OLD"] == ""
    assert listed.drop("OLD").to_dict() == segments.to_dict()


def test_the_segments_are_those_of_the_function_on_lists() -> None:
    words = {
        "champion": "Champions",
        "promising": "Big spenders to develop",
        "slipping": "Key customers slipping",
        "win_back": "Key customers to win back",
        "loyal": "Loyal",
        "recent": "New or occasional",
        "regular": "Regulars slipping",
        "dormant": "Dormant",
    }
    for (r, f, m), (_, english) in NAMED.items():
        assert words[SEGMENTS[4 * r + 2 * f + m]] == english
