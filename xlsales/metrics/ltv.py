"""What a customer is worth: the margin so far, by the formula, and by a model that is put to the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.metrics import _behind as trail
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._catalogue import Option, Out, metric
from xlsales.metrics._facts import PLACES
from xlsales.metrics._rfm import window_start
from xlsales.metrics._scope import Window
from xlsales.metrics._visits import day_number, first_visits, kept_rows, known_rows, visits
from xlsales.metrics._worth import earned, expected, held_out, kept_money, margin_rate, models, watched

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._visits import Visits

COLUMNS = (
    Out("method", "text", "算法", "Method"),
    Out("customers", "count", "客户数", "Customers"),
    Out("value", "money", "人均价值", "Value per customer"),
    Out("total", "money", "合计", "Total"),
    Out("aov", "money", "客单价", "Average order"),
    Out("frequency", "number", "年购买次数", "Orders a year"),
    Out("margin", "percent", "毛利率", "Gross margin"),
    Out("churn", "percent", "年流失率", "Churn a year"),
    Out("lifetime", "number", "生命周期（年）", "Lifetime (years)"),
    Out("foretold", "number", "回测预测购买", "Holdout foretold"),
    Out("bought", "count", "回测实际购买", "Holdout actual"),
    Out("error", "percent", "回测误差", "Holdout error"),
    Out("status", "text", "状态", "Status"),
    Out("cost_status", "text", "成本说明", "Cost status"),
)
LONGEST = 5.0
"""Years: a lifetime from the churn of one year is not believed beyond."""


def _start(asked: Asked) -> date | None:
    """The formula is of the last twelve months, the others of all time."""
    end = asked.scope.current.end
    return window_start(end, 12) if asked.row["method"] == "formula" else None


def _customers(asked: Asked) -> Behind:
    return first_visits(asked, _start(asked))


def _bought(asked: Asked) -> Behind:
    return trail.marked(known_rows(asked, _start(asked)), "amount", "orders")


def _kept(asked: Asked) -> Behind:
    """What the customers bought, and what of it came back."""
    start = _start(asked)
    return kept_rows(asked, known_rows(asked, start)["account"], start)


def _visits(asked: Asked) -> Behind:
    rows = known_rows(asked, _start(asked)).drop_duplicates(["account", "day"])
    return trail.added(rows.assign(part=1.0))


BEHIND = {
    "customers": _customers,
    "aov": trail.over(_kept, _visits),
    "frequency": trail.of(_visits),
    **dict.fromkeys(("value", "total"), trail.of(_kept)),
    **dict.fromkeys(("margin", "churn", "lifetime", "foretold", "bought", "error"), trail.of(_bought)),
}


@metric(
    "ltv",
    zh="客户生命周期价值",
    en="Customer lifetime value",
    definition_zh="三种算法：历史 = 至今毛利 ÷ 客户数，成本已知的行为金额 - 成本，"
    "其余与退款按近 12 个月毛利率；公式 = 客单价 × 年购买次数 × 毛利率 × 生命周期"
    "（1 ÷ 年流失率，最长 5 年），客单价扣除退货与退款；"
    "模型 = BG/NBD 购买次数 × Gamma-Gamma 金额 × 毛利率，未来 12 个月，折现，不扣退货；"
    "回测误差 = 早先模型的预测 ÷ 实际 - 1。成本未知时按销售额计。",
    definition_en="Three ways: historic = margin so far / customers: amount less cost where the cost is "
    "known, the rest and refunds at the gross margin of 12 months; formula = average order (less returns and "
    "refunds) x orders a year x margin x lifetime (1 / yearly churn, at most 5 years); model = BG/NBD "
    "purchases x Gamma-Gamma value x margin over the next 12 months, discounted, no returns taken off; "
    "holdout error = what an earlier model foretold / what happened - 1. Where no cost is known, of sales.",
    needs=("orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("discount", "年折现率，默认 0.1", "discount rate a year, by default 0.1"),),
    rows=(72,),
    behind=BEHIND,
)
def ltv(
    orders: Frame,
    products: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    discount: float = 0.1,
) -> pd.DataFrame:
    """Three rows: ``historic`` and ``model`` of all customers ever, ``formula`` of those of twelve months.

    Up to the end of the period, or of the data within it; on order dates, whatever the basis. What a purchase
    is, see ``_visits``; ``aov`` is per purchase, so per customer and day, of the money that the customers
    did not take back by lines below zero and refunds (on the net basis), on the days of these. The margin is
    that of the twelve months, see ``margin_rate``; of ``historic`` it is that of what was kept, see
    ``earned``. Without costs it is blank, the values are of sales and ``cost_status`` is ``no_cost``.

    formula: churn is the share of the customers of the twelve months before who did not buy in the last
    twelve; ``short_history`` and no value where the data do not reach two years back, ``no_churn`` where
    nobody left and the cap stands alone.

    model: BG/NBD (Fader, Hardie and Lee 2005) and Gamma-Gamma (Fader and Hardie 2013), by maximum likelihood;
    the money of the year is discounted from its middle. ``foretold`` and ``bought`` are the purchases of the
    last twelve months (or of the second half of shorter data) by the customers known before: by a model
    that has not seen them, and in fact. ``status`` ``no_repeaters``, ``small_sample`` (below 100
    customers or 30 repeaters) or ``no_fit``: then only the formula has a value; ``no_holdout`` where there is
    a value, but too few customers were known a year ago to put it to the test.
    """
    import pandas as pd

    titles = [column.name for column in COLUMNS]
    all_visits, end = visits(orders, scope), scope.current.end
    seen = all_visits.within(None, end)
    if not len(seen.day):
        return pd.DataFrame(columns=titles)
    margin = margin_rate(orders, products, scope)
    rate = 1.0 if margin is None else margin
    accounts = all_visits.accounts.take(watched(all_visits, end).index.to_numpy("int64"))
    money, profit = earned(orders, products, payments, refunds, scope, accounts)
    count, amount, total = float(len(accounts)), float(money.sum()), float(profit.sum())
    historic = {"value": total / count, "total": total, "aov": amount / len(seen.day)}
    kept = kept_money(orders, payments, refunds, scope, _year(end))
    found = pd.DataFrame(
        [
            {"method": "historic", "customers": count, **historic, "status": ""},
            {"method": "formula", **_formula(seen, kept, end, rate)},
            {"method": "model", "customers": count, **_model(all_visits, end, rate, discount)},
        ]
    )
    found["margin"] = [total / amount if amount > 0 else None, margin, margin]
    if margin is None:
        found["margin"] = None
    found["cost_status"] = "no_cost" if margin is None else ""
    found = found.reindex(columns=titles)
    numbers = [column.name for column in COLUMNS if column.format != "text"]
    return found.astype(dict.fromkeys(numbers, "float64"))


def by_formula(
    orders: Frame, products: Frame | None, payments: Frame | None, refunds: Frame | None, scope: Scope
) -> tuple[dict[str, float | str], float | None]:
    """The row of the formula alone, for which no model is fitted; nothing where nobody ever bought.

    And the margin, None where no cost is known.
    """
    end, margin = scope.current.end, margin_rate(orders, products, scope)
    seen = visits(orders, scope).within(None, end)
    if not len(seen.day):
        return {}, margin
    kept = kept_money(orders, payments, refunds, scope, _year(end))
    return _formula(seen, kept, end, 1.0 if margin is None else margin), margin


def _year(end: date) -> Window:
    return Window(window_start(end, 12), end)


def _formula(seen: Visits, kept: pd.Series, end: date, rate: float) -> dict[str, float | str]:
    import numpy as np

    start, before = window_start(end, 12), window_start(end, 24)
    year, earlier = seen.within(start, end), seen.within(before, start - ONE_DAY)
    now, old = np.unique(year.who), np.unique(earlier.who)
    count, times = float(len(now)), float(len(year.day))
    if not count:
        return {"customers": 0.0, "status": "no_customers"}
    amount = round(float(kept.reindex(seen.accounts.take(now)).sum()), PLACES)
    parts: dict[str, float | str] = {"customers": count, "aov": amount / times, "frequency": times / count}
    if int(seen.day.min()) >= day_number(before) + 31 or not len(old):
        return {**parts, "status": "short_history"}
    churn = float(1 - np.isin(old, now).mean())
    lifetime = min(1 / churn, LONGEST) if churn > 0 else LONGEST
    value = amount / count * rate * lifetime
    parts |= {"churn": churn, "lifetime": lifetime, "value": value, "total": value * count}
    return {**parts, "status": "" if churn > 0 else "no_churn"}


def _model(all_visits: Visits, end: date, rate: float, discount: float) -> dict[str, float | str]:
    found = expected(all_visits, end, discount)
    if found is None:
        return {"status": models(all_visits, end).status}
    _, _, money = found
    parts: dict[str, float | str] = {"value": money.mean() * rate, "total": money.sum() * rate}
    tested = held_out(all_visits, end)
    if tested is None:
        return {**parts, "status": "no_holdout"}
    foretold, bought = tested
    parts |= {"foretold": foretold, "bought": bought, "status": ""}
    return {**parts, "error": foretold / bought - 1} if bought else parts
