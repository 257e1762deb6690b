"""What each customer has brought and may bring: habits, the two models on them, and the margin of sales."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlsales.metrics._accounts import NOBODY, account_sums
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._facts import NAMES, PLACES, money_lines, revenue, windowed
from xlsales.metrics._once import aside, once
from xlsales.metrics._purchases import EPOCH
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import sliced
from xlsales.metrics._visits import day_number
from xlsales.metrics.gross_margin import costed_lines, gross_margin
from xlsales.tables.held import fetched

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._lifetimes import Buying, Spending
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._visits import Visits

WEEK = 7.0
YEAR = 365.25 / WEEK
FEWEST, FEWEST_AGAIN = 100, 30
"""Below so many customers, or so many who came back, no model is fitted."""


@dataclass(frozen=True)
class Models:
    """Both models as of a day; None with the reason in ``status`` where there are none."""

    buying: Buying | None
    spending: Spending | None
    status: str = ""


@once
def margin_rate(orders: Frame, products: Frame | None, scope: Scope) -> float | None:
    """The gross margin of the twelve months that end with the period, returns taken off with their costs.

    Where these have none, that of all lines with a cost up to then; None where no cost is known.
    """
    end = scope.current.end
    year = Window(shift_months(end + ONE_DAY, -12), end)
    about = replace(scope.over(year), basis="signed")
    with aside():  # the lines of this year with their costs, which nobody else asks for
        row = gross_margin(orders, products, None, None, scope=about).to_dict("records")
    rate = row[0]["margin"] if row else None
    if rate is not None and rate == rate:
        return float(rate)
    known, profit = costs_known(orders, products, scope).sum()[["known", "profit"]]
    return float(profit / known) if known > 0 else None


@once
def costs_known(orders: Frame, products: Frame | None, scope: Scope) -> pd.DataFrame:
    """By account ("" for nobody): ``known``, money by the period's end of lines with a cost, and ``profit``.

    A line below zero takes from both.
    """
    import narwhals as nw
    import pandas as pd

    costed = costed_lines(orders, products)
    if costed is None:
        return pd.DataFrame({"known": [], "profit": []}, dtype="float64")
    with aside():  # nobody else asks for the lines with their costs
        lines = money_lines(costed, None, None, "signed", None, ("line_cost",))
        there = windowed(sliced(lines, scope, (*NAMES, "account")), Window(EPOCH, scope.current.end))
        profit = nw.col("amount") - nw.col("line_cost")
        sums = there.with_columns(profit=profit).group_by("account").agg(nw.col("amount", "profit").sum())
        found = fetched(sums.rename({"amount": "known"})).set_index("account")
    return found.astype("float64").round(PLACES)


def earned(
    orders: Frame,
    products: Frame | None,
    payments: Frame | None,
    refunds: Frame | None,
    scope: Scope,
    accounts: pd.Index[str],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each account has kept of what it bought by the period's end, and the margin of that.

    Amount less cost of the lines with a cost; the rest, and what refunds took away, at ``margin_rate``.
    Without any cost the margin is the money.
    """
    ever = Window(EPOCH, scope.current.end)
    money = kept_money(orders, payments, refunds, scope, ever).reindex(accounts).fillna(0.0)
    margin = margin_rate(orders, products, scope)
    if margin is None:
        return money.to_numpy("float64"), money.to_numpy("float64")
    costs = costs_known(orders, products, scope).reindex(accounts).fillna(0.0)
    profit = costs["profit"] + (money - costs["known"]).round(PLACES) * margin
    return money.to_numpy("float64"), profit.to_numpy("float64")


@once
def kept_money(
    orders: Frame, payments: Frame | None, refunds: Frame | None, scope: Scope, window: Window
) -> pd.Series:
    """By account, what it bought in a window less returns and refunds, on the days of these."""
    net = replace(scope, basis="net", policy=replace(scope.policy, refunds="refund_month"))
    sums = account_sums(revenue(orders, payments, refunds, net), window)
    return sums[sums["account"] != NOBODY].set_index("account")["amount"]


@once
def watched(visits: Visits, end: date) -> pd.DataFrame:
    """By place of the customer, as of ``end``: the habits, and what the models ask for, in weeks.

    ``x`` repeat visits, the last at age ``recency``, watched until ``age``; ``mean`` the average amount of
    the repeat visits (NaN without any).
    """
    seen = visits.within(None, end)
    habits = seen.habits()
    starts = seen.starts()
    x = habits["visits"] - 1
    later = (habits["amount"] - seen.amount[starts]).round(6)
    return habits.assign(
        x=x,
        recency=(habits["last"] - habits["first"]) / WEEK,
        age=(day_number(end) - habits["first"]) / WEEK,
        mean=(later / x.where(x > 0)).astype("float64"),
    )


@once
def models(visits: Visits, end: date) -> Models:
    """BG/NBD and Gamma-Gamma of all customers seen by ``end``.

    ``status``: ``no_repeaters``, ``small_sample`` (see ``FEWEST``), ``no_fit`` where no maximum is found.
    """
    from xlsales.metrics._lifetimes import fit_buying, fit_spending

    rows = watched(visits, end)
    again = rows[(rows["x"] > 0) & (rows["mean"] > 0)]
    if not len(again):
        return Models(None, None, "no_repeaters")
    if len(rows) < FEWEST or len(again) < FEWEST_AGAIN:
        return Models(None, None, "small_sample")
    buying = fit_buying(*(rows[name].to_numpy("float64") for name in ("x", "recency", "age")))
    spending = fit_spending(*(again[name].to_numpy("float64") for name in ("x", "mean")))
    return Models(buying, spending, "" if buying and spending else "no_fit")


def expected(
    visits: Visits, end: date, discount: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]] | None:
    """By customer of ``watched``: chance to be there, purchases and money of the next twelve months.

    The money is discounted to ``end`` from the middle of the year. None without models.
    """
    fitted, rows = models(visits, end), watched(visits, end)
    if fitted.buying is None or fitted.spending is None:
        return None
    x, recency, age = (rows[name].to_numpy("float64") for name in ("x", "recency", "age"))
    times = fitted.buying.expected(x, recency, age, YEAR)
    money = fitted.spending.expected(x, rows["mean"].to_numpy("float64"))
    return fitted.buying.alive(x, recency, age), times, times * money / (1 + discount) ** 0.5


def held_out(visits: Visits, end: date) -> tuple[float, float] | None:
    """Purchases that the model of an earlier day foretold until ``end``, and those that were made.

    Of the customers known on that day, which lies twelve months back, or where the data are shorter than two
    years, in their middle. None where no model can be fitted there.
    """
    if not len(visits.day):
        return None
    first, last = int(visits.day.min()), day_number(end)
    back = min(round(YEAR * WEEK), (last - first) // 2)
    cut = end - back * ONE_DAY
    fitted = models(visits, cut)
    if fitted.buying is None or back <= 0:
        return None
    rows = watched(visits, cut)
    x, recency, age = (rows[name].to_numpy("float64") for name in ("x", "recency", "age"))
    foretold = fitted.buying.expected(x, recency, age, back / WEEK)
    after = visits.within(cut + ONE_DAY, end)
    import numpy as np

    return float(foretold.sum()), float(np.isin(after.who, rows.index.to_numpy()).sum())
