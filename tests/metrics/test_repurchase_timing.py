from __future__ import annotations

import pandas as pd
import pytest

from tests.metrics.frames import scope
from tests.metrics.real_orders import online_retail
from xlsales.metrics.repurchase_timing import repurchase_timing


@pytest.mark.corpus
def test_every_step_and_month_of_a_real_file_equals_an_independent_computation() -> None:
    orders, about = online_retail(), scope("2010-11")
    kept = orders[orders["customer_id"].notna() & (orders["amount"] > 0)]
    kept = kept[kept["order_date"] < "2010-12-01"]
    days = {who: sorted(set(part.dt.date)) for who, part in kept.groupby("customer_id")["order_date"]}
    for row in repurchase_timing(orders, scope=about).itertuples():
        nth = int(row.step)
        gaps = pd.Series([(when[nth] - when[nth - 1]).days for when in days.values() if len(when) > nth])
        assert row.n == sum(len(when) >= nth for when in days.values())
        assert row.again == len(gaps) > 100
        assert row.median_days == gaps.median()
        assert (row.early_days, row.late_days) == (gaps.quantile(0.25), gaps.quantile(0.75))
    again = pd.Series([day.month for when in days.values() for day in when[1:]]).value_counts()
    months = repurchase_timing(orders, scope=about, view="months")
    assert {int(row.step): row.again for row in months.itertuples()} == again.to_dict()
    gaps = repurchase_timing(orders, scope=about, view="gaps")
    assert gaps["again"].sum() == again.sum() == gaps["n"].iloc[0]
