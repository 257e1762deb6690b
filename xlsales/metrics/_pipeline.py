"""Open deals: how old they are, what they are worth, how likely each is to be won, and what a target takes.

- A deal is a lead that came by the day of the look and is neither won nor lost on it (``_stages``).
- It is worth its own amount; where it has none above zero, the average order of its product over the twelve
  months before, or of all products. Without orders it is worth nothing, and ``unvalued`` says so.
- It is stale when it is older than any deal was that was ever won: that takes ``FEWEST`` wins with a date.
- It is won with the probability that the sheet gives (0 to 1), else with that of its stage: won / (won +
  lost) of the deals that stood in it before, if 30 did (``stood``); else with that of ``DEFAULT_CHANCE``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from xlsales.metrics._facts import revenue, summed
from xlsales.metrics._lives import day_number, day_numbers, lives, won_ages
from xlsales.metrics._once import once
from xlsales.metrics._robust import FEWEST
from xlsales.metrics._scope import Window, shift_months
from xlsales.metrics._slices import midnight, sliced
from xlsales.metrics._stages import EVER, STEPS, here, known, moments
from xlsales.metrics._stats import SMALL_SAMPLE
from xlsales.tables.held import fetched
from xlsales.tables.specs import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

DEFAULT_CHANCE = {"new": 0.1, "contacted": 0.2, "booked": 0.4, "trial": 0.6}
"""Without a history of its own: the first four of Microsoft's opportunity sample for Power BI, lead 10 %,
qualify 20 %, solution 40 %, proposal 60 %."""
DEALS = STAGES[: STAGES.index("won")]
"""The stages in which a lead can be open."""
MATURE = 3
"""Months that a deal is given before the history asks what became of it."""
MOST = 1e15
"""More than this Excel cannot count one by one."""


def coverage(open_amount: float, won: float, target: float) -> float | None:
    """Open pipeline / what is still missing; None once nothing is.

    So Gong and most others; Salesforce's "pipe coverage" is the inverse.
    """
    return open_amount / (target - won) if target > won else None


def leads_needed(missing: float, conversion: float, order_value: float) -> int | None:
    """Leads for the missing money = missing / (conversion x order value), rounded up; 0 when nothing is.

    None where a lead is worth nothing, or so little that no cell could hold how many it takes.
    """
    worth = conversion * order_value
    if conversion <= 0 or order_value <= 0 or max(missing, 0.0) >= worth * MOST:
        return None
    return ceil(round(max(missing, 0.0) / worth, 9))


def last_day(scope: Scope) -> date:
    """The day on which the pipeline of the period is looked at: its end, as far as the data reach."""
    return min(scope.period.end, scope.as_of)


def year_to(day: date) -> Window:
    """The twelve months that end with the day."""
    return Window(shift_months(day, -12) + timedelta(1), day)


def open_deals(leads: Frame, orders: Frame | None, scope: Scope, extra: Sequence[str] = ()) -> pd.DataFrame:
    """One row per open deal on ``last_day``, in no promised order.

    Columns: ``extra`` (columns of the leads; dimensions as text), ``stage``, ``age`` in days, ``value``,
    ``valued`` (own, average or none), ``chance`` with its ``source`` (sheet, history or default), ``stale``.
    """
    return _open_deals(leads, orders, scope, tuple(extra))


@once
def _open_deals(leads: Frame, orders: Frame | None, scope: Scope, extra: tuple[str, ...]) -> pd.DataFrame:
    import numpy as np

    day = last_day(scope)
    frame = deals_on(sliced(moments(leads), scope, extra), day, (*extra, "product", "amount", "probability"))
    each, overall = order_values(orders, day)
    own = frame["amount"].where(frame["amount"] > 0)
    usual = looked_up(frame["product"], each).fillna(overall)
    chance = frame["probability"].where(frame["probability"].between(0, 1))
    past = looked_up(frame["stage"], stage_chances(leads, day))
    stated = looked_up(frame["stage"], DEFAULT_CHANCE)
    longest = longest_win(leads, day)
    return frame[[*extra, "stage", "age"]].assign(
        value=own.fillna(usual).fillna(0.0),
        valued=worded(np.select([own.notna(), usual.notna()], [0, 1], 2), ("own", "average", "none")),
        chance=chance.fillna(past).fillna(stated),
        source=worded(np.select([chance.notna(), past.notna()], [0, 1], 2), ("sheet", "history", "default")),
        stale=frame["age"] > (np.inf if longest is None else longest),
    )


def deals_on(leads: nw.LazyFrame[Any], day: date, columns: Sequence[str]) -> pd.DataFrame:
    """The leads of ``moments`` that are open on a day, with ``columns``, ``stage`` and ``age`` in days."""
    import narwhals as nw

    seen = nw.lit(midnight(day, 1))
    wanted = [name for name in dict.fromkeys(columns) if name not in ("created", "stage")]
    rows = leads.select(*wanted, "created", *(f"since {name}" for name in (*STEPS, "lost")))
    rows = rows.filter(nw.col("created") < seen, here("won", seen) == 0, here("lost", seen) == 0)
    reached = nw.sum_horizontal(*(here(stage, seen) for stage in STEPS))
    frame = fetched(rows.select(*wanted, "created", reached=reached))
    age = day_number(day) - day_numbers(frame["created"])
    return frame.assign(age=age, stage=worded(frame["reached"].to_numpy("int64"), STAGES))


def looked_up(texts: pd.Series, numbers: Mapping[str, float]) -> pd.Series:
    """The number of each text, NaN for one that has none; looked up once for each different text."""
    import numpy as np
    import pandas as pd

    codes, different = texts.factorize()
    found = np.array([*(numbers.get(one, np.nan) for one in different), np.nan], "float64")
    return pd.Series(found[codes], texts.index)


def worded(places: NDArray[np.int64], words: Sequence[str]) -> Any:
    """The word at each place, as a column of text."""
    import pandas as pd

    return pd.array(list(words), dtype="str").take(places)


@once
def order_values(orders: Frame | None, day: date) -> tuple[dict[str, float], float]:
    """The average order of each product over the year before the day, and of all; NaN where there is none."""
    if orders is None:
        return {}, float("nan")
    from xlsales.metrics._scope import Scope

    year = Scope(year_to(day), day)
    lines = revenue(orders, None, None, year, ("product",))
    by_product = summed(lines, year.period, ("product",), counts=True)
    whole = summed(lines, year.period, (), counts=True)
    each = {
        key[0]: money / by_product["orders"][key]
        for key, money in by_product["amount"].items()
        if money > 0 and by_product["orders"][key] and key[0]
    }
    money, count = whole["amount"][()], whole["orders"][()]
    return each, money / count if money > 0 and count else float("nan")


def stage_chances(leads: Frame, day: date) -> dict[str, float]:
    """The share won of the deals that stood in each stage; a stage with too few closed ones is not there."""
    found = stood(leads, day).groupby("stage")[["won", "closed"]].sum()
    found = found[found["closed"] >= SMALL_SAMPLE]
    return dict(zip(found.index, found["won"] / found["closed"], strict=True))


@once
def stood(leads: Frame, day: date) -> pd.DataFrame:
    """What became of the deals that stood open at twelve earlier days, a month apart, by the day.

    Columns: ``channel``, ``stage``, ``won`` and ``closed`` (won or lost), summed over the days. The deals
    that are to be judged are those standing, not those arriving: of all leads that ever came to a stage more
    are won, since the quick ones are soon gone. The latest of the days lies ``MATURE`` months back, so that
    few are still open; these and the stale are left out. Nothing where no loss is recorded: then every
    closed deal was won, and that would say nothing.
    """
    import numpy as np
    import pandas as pd

    knows = known(leads)
    frame = _histories(leads) if knows.wins and knows.losses else _histories(leads)[:0]
    won, lost, created = (frame[name].to_numpy("int64") for name in ("won", "lost", "created"))
    until, longest = day_number(day), longest_win(leads, day)
    channels, names = pd.factorize(frame["channel"], sort=True)
    size = max(len(names), 1) * len(DEALS)
    sums = np.zeros((2, size))
    for back in range(MATURE, MATURE + 12):
        then = day_number(shift_months(day, -back))
        there = (created <= then) & (won > then) & (lost > then)
        if longest is not None:
            there &= then - created <= longest
        stage = sum(frame[name].to_numpy("int64") <= then for name in DEALS[1:])
        place = (channels * len(DEALS) + stage)[there]
        sums[0] += np.bincount(place[won[there] <= until], minlength=size)
        sums[1] += np.bincount(place[(won[there] <= until) | (lost[there] <= until)], minlength=size)
    found = pd.DataFrame({"won": sums[0], "closed": sums[1]})
    found["channel"] = np.array([*names] or [""], "str").repeat(len(DEALS))
    found["stage"] = np.tile(np.array(DEALS), len(found) // len(DEALS))
    return found[found["closed"] > 0].reset_index(drop=True)


@once
def _histories(leads: Frame) -> pd.DataFrame:
    """Every lead's channel and days since 1970: ``created``, each stage of ``STEPS`` and ``lost``."""
    import narwhals as nw

    days = {name: nw.col(f"since {name}").dt.truncate("1d") for name in (*STEPS, "lost")}
    came = moments(leads).select("created", channel=nw.col("channel").fill_null(""), **days)
    frame = fetched(came.filter(~nw.col("created").is_null()))
    numbers = {name: day_numbers(frame[name]).astype("int32") for name in ("created", *days)}
    return frame[["channel"]].assign(**numbers)


@once
def longest_win(leads: Frame, day: date) -> int | None:
    """The age of the oldest deal that was ever won by then; None with too few wins to say."""
    from xlsales.metrics._scope import Scope

    ages = won_ages(lives(leads, Scope(Window(EVER, day), day), ()), day)
    return int(ages.max()) if len(ages) >= FEWEST else None


def without_period(scope: Scope) -> Scope:
    """The same scope about the twelve months up to its last day."""
    day = last_day(scope)
    return replace(scope, period=year_to(day), as_of=day)
