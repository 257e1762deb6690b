"""RFM against plain pandas on real orders, and who is nobody."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

from tests.metrics.frames import scope, table
from tests.metrics.real_orders import online_retail
from xlsales.metrics._catalogue import compute
from xlsales.metrics._customers import SEGMENTS as NAMED
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
