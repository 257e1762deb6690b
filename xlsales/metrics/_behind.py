"""The rows behind a number: what each row of the raw sheets adds to it.

A metric declares beside its columns how they are made of rows, in the few words of this file:

    BEHIND = {
        "amount": money(),
        "previous": earlier(money()),
        "aov": over(money(), orders()),
        "low": of(over(money(), orders())),
    }

A number is the sum of what the rows add (``part``), or that over the sum of what they add to the
denominator (``whole``). What is no such sum (a median, the end of an interval) is ``of`` its rows: they
are shown, and it is said that they do not add up to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xlsales.metrics._facts import NO_SALE_YET, money_lines, restated, windowed
from xlsales.metrics._once import once
from xlsales.metrics._scope import month_of
from xlsales.metrics._slices import TIMES, look_back, midnight, sliced
from xlsales.metrics._stages import here, moments
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._catalogue import Frame, Tables
    from xlsales.metrics._scope import Basis, Scope, Window

TABLE, PART, WHOLE = "_table", "part", "whole"
PLACE = [TABLE, SOURCE, ROW]
"""What a row of the raw sheets is known by: its table, its sheet, its number there."""

MONTHS = {"quarter": 3, "year": 12}

Where = tuple[tuple[str, str], ...]
"""The names that a row of a result is about, by dimension; "" for blank."""


@dataclass(frozen=True)
class Asked:
    """One number: of which tables, in which scope and window, seen on which day, in which row of a result.

    ``scope`` has the names of the row as filters, and its month as period. ``row`` is the metric's row as it
    stands in the result, which tells what names do not: its stage, its cohort.
    """

    tables: Tables
    scope: Scope
    window: Window
    seen: date
    row: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    whole: Scope | None = None
    """The scope without the names of the row: what shares are of."""


def asked(
    tables: Tables, scope: Scope, where: Where, row: Mapping[str, Any], options: Mapping[str, Any]
) -> Asked:
    """The number of a row of a result, about the names in ``where``."""
    about = scope
    for name, value in where:
        if name in TIMES:
            stretches = scope.by_month() if name == "month" else scope.by_fiscal(MONTHS[name])
            part = stretches[value] if value in stretches else _month(scope, value)
            about = min(about, part, key=lambda one: one.months)
    names = tuple((name, (value,)) for name, value in where if name not in TIMES)
    part = replace(about, filters=(*about.filters, *names))
    whole = about if names else scope
    return Asked(tables, part, part.current, part.as_of, row, options, whole)


def _month(scope: Scope, name: str) -> Scope:
    """The scope of a month outside of the period, which a trend goes back to."""
    return scope.over(month_of(datetime.fromisoformat(f"{name}-01").date()))


@dataclass(frozen=True)
class Behind:
    """Rows with what they add: columns ``PLACE``, part and, of a ratio, whole.

    ``adds_up`` is false where the number is worked out from the rows in another way than by adding.
    """

    rows: pd.DataFrame
    adds_up: bool = True

    @property
    def number(self) -> float | None:
        """What the rows add up to; None where they do not, or there is nothing to divide by."""
        if not self.adds_up:
            return None
        if self.rows.empty:
            return 0.0
        part = float(self.rows[PART].sum())
        if WHOLE not in self.rows:
            return part
        whole = float(self.rows[WHOLE].sum())
        return part / whole if whole else None


def no_rows() -> Behind:
    """A sum of nothing."""
    import pandas as pd

    return Behind(pd.DataFrame({**dict.fromkeys(PLACE, ()), PART: pd.Series(dtype="float64")}))


Trace = Callable[[Asked], Behind]
Trail = Mapping[str, Trace]
"""By the columns of a metric, how they are made of rows."""


def money() -> Trace:
    """The money of the window, on the basis of the scope; a refund takes away from its order's names."""

    def trace(asked: Asked) -> Behind:
        lines = money_rows(asked)
        return added(lines.assign(part=lines["amount"].fillna(0.0)))

    return trace


def orders() -> Trace:
    """Orders of the window: each counts with the first row that makes it one."""
    return _counted("order_id", unnamed=True)


def customers() -> Trace:
    """Customers of the window: each counts with the first of his rows."""
    return _counted("customer_id", unnamed=False)


def leads(*, reached: str = "new", least: str = "created") -> Trace:
    """Leads created in the window that had come to a stage, or were lost, when they were looked at.

    ``least`` narrows them down beforehand: a stage that all of them had come to. ``open`` and ``lost`` may
    stand for a stage; a lead that was won is neither.
    """

    def trace(asked: Asked) -> Behind:
        frame = lead_rows(asked)
        standing = frame[stands(frame, least) & stands(frame, reached)]
        return added(standing.assign(part=1.0))

    return trace


def earlier(trace: Trace, role: str = "previous") -> Trace:
    """The same of the period before (or of the ``year_ago``), seen at the same age."""

    def back(asked: Asked) -> Behind:
        scope = asked.scope
        look = look_back(role, "", scope, getattr(scope, role))
        return trace(replace(asked, window=look.window, seen=look.as_of))

    return back


def whole(trace: Trace) -> Trace:
    """The same of the whole, whatever the names of the row."""
    return lambda asked: trace(replace(asked, scope=asked.whole or asked.scope))


def less(one: Trace, other: Trace) -> Trace:
    """One sum without another; of ratios, every row counts by what it adds to its own."""

    def trace(asked: Asked) -> Behind:
        import pandas as pd

        minus = _parts(other(asked))
        return added(pd.concat([_parts(one(asked)), minus.assign(part=-minus[PART])]))

    return trace


def over(part: Trace, base: Trace) -> Trace:
    """One sum over another."""

    def trace(asked: Asked) -> Behind:
        top = _parts(part(asked)).set_index(PLACE)[PART]
        bottom = _parts(base(asked)).set_index(PLACE)[PART].rename(WHOLE)
        return Behind(top.to_frame().join(bottom, how="outer").fillna(0.0).reset_index())

    return trace


def plus(one: Trace, other: Trace) -> Trace:
    """Two sums together."""
    return lambda asked: together([one(asked), other(asked)])


def together(found: Iterable[Behind]) -> Behind:
    """Several sums as one."""
    import pandas as pd

    return added(pd.concat([_parts(one) for one in found]))


def scaled(trace: Trace, by: Callable[[Asked], float]) -> Trace:
    """A sum times a number that no rows make, such as a share of the working days."""

    def times(asked: Asked) -> Behind:
        rows = _parts(trace(asked))
        return added(rows.assign(part=rows[PART] * by(asked)))

    return times


def per_day(trace: Trace) -> Trace:
    """A sum over the working days of its window."""
    return scaled(trace, lambda asked: 1 / asked.scope.calendar.between(asked.window.start, asked.window.end))


def against(trace: Trace) -> Trace:
    """The same of the earlier period that the option ``against`` names."""
    return lambda asked: earlier(trace, asked.options["against"])(asked)


def of(trace: Trace) -> Trace:
    """Worked out from these rows, but not by adding."""
    return lambda asked: replace(trace(asked), adds_up=False)


def _parts(behind: Behind) -> pd.DataFrame:
    """The rows with what each adds to the number, also where that is a ratio."""
    rows = behind.rows
    if WHOLE not in rows:
        return rows
    base = float(rows[WHOLE].sum())
    return rows[PLACE].assign(part=rows[PART] / (base or float("nan")))


def _counted(what: str, *, unnamed: bool) -> Trace:
    def trace(asked: Asked) -> Behind:
        lines = money_rows(asked)
        lines = lines[lines["sale"]]
        new = ~lines[what].duplicated() & lines[what].notna()
        if unnamed:
            new |= lines[what].isna()
        return added(lines[new].assign(part=1.0))

    return trace


def first_of(lines: pd.DataFrame, *keys: str) -> Behind:
    """Each combination of keys counts one, with the first of its lines; lines lacking one count each."""
    new = ~lines[list(keys)].duplicated() | lines[list(keys)].isna().any(axis=1)
    return added(lines[new].assign(part=1.0))


def added(rows: pd.DataFrame) -> Behind:
    """One row per row of the raw sheets, in their order."""
    if len(rows) == 1 and rows[PART].notna().all():  # most of a list, and quicker by far
        return Behind(rows[[*PLACE, PART]].reset_index(drop=True))
    return Behind(rows.groupby(PLACE, sort=True)[[PART]].sum().reset_index())


def money_rows(
    asked: Asked, basis: Basis | None = None, without: tuple[str, ...] = NO_SALE_YET
) -> pd.DataFrame:
    """The lines of money of the window, with the places of their rows, in order of their days."""
    orders, payments, refunds = (
        None if (table := asked.tables.get(name)) is None else _placed(table, name)
        for name in ("orders", "payments", "refunds")
    )
    scope = replace(asked.scope, basis=basis or asked.scope.basis)
    lines = money_lines(orders, payments, refunds, scope.basis, restated(scope), tuple(PLACE), without)
    return _within(sliced(lines, asked.scope, ()), asked.window)


@once
def _within(lines: nw.LazyFrame[Any], window: Window) -> pd.DataFrame:
    return _collected(windowed(lines, window), "date")


@once
def _placed(table: Frame, name: str) -> nw.LazyFrame[Any]:
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(table).lazy()
    return rows.with_columns(nw.lit(name).alias(TABLE))


def lead_rows(asked: Asked) -> pd.DataFrame:
    """The leads created in the window, and 1 where they had come to a stage when they were looked at."""
    return _stood(sliced(moments(asked.tables["leads"]), asked.scope, ()), asked.window, asked.seen)


@once
def _stood(rows: nw.LazyFrame[Any], window: Window, day: date) -> pd.DataFrame:
    import narwhals as nw

    seen, created = nw.lit(midnight(day, 1)), nw.col("created")
    rows = rows.filter(created >= midnight(window.start), created < midnight(window.end, 1), created < seen)
    standing = {name: here(name, seen) for name in ("contacted", "booked", "trial", "won", "renewed", "lost")}
    found = rows.select(*(SOURCE, ROW), "created", **standing)
    return _collected(found, "created").assign(**{TABLE: "leads"})


def stands(leads: pd.DataFrame, stage: str) -> pd.Series:
    """Whether each of ``lead_rows`` had come to a stage, or was ``lost``, or still ``open``."""
    if stage in ("new", "created"):
        return leads["created"].notna()
    if stage == "lost":
        return (leads["lost"] == 1) & (leads["won"] == 0)
    if stage == "open":
        return (leads["lost"] == 0) & (leads["won"] == 0)
    return leads[stage] == 1


def _collected(lines: nw.LazyFrame[Any], by: str) -> pd.DataFrame:
    """In memory and in a settled order."""
    frame: pd.DataFrame = lines.collect("pandas").to_pandas()
    return frame.sort_values([by, SOURCE, ROW], ignore_index=True)


def costs() -> Trace:
    """The costs whose month begins in the window."""

    def trace(asked: Asked) -> Behind:
        import narwhals as nw

        start, end = midnight(asked.window.start), midnight(asked.window.end, 1)
        rows = sliced(asked.tables["costs"], asked.scope, ()).filter(
            nw.col("period") >= start, nw.col("period") < end
        )
        return marked(_collected(rows, "period"), "cost", "costs")

    return trace


def activities(leads: Trace) -> Trace:
    """The activities that name one of these leads, up to the day of the look."""

    def trace(asked: Asked) -> Behind:
        ids = said(asked, leads(asked).rows, "lead_id")["lead_id"].dropna()
        done = asked.tables["activities"]
        done = done[(done["day"] < midnight(asked.seen, 1)) & done["lead_id"].isin(ids)]
        return marked(done.assign(times=1.0), "times", "activities")

    return trace


def said(asked: Asked, leads: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The leads with what their sheet says in these columns; ``<name>_day`` where the name is taken."""
    raw = asked.tables["leads"][[SOURCE, ROW, *columns]]
    return leads.merge(raw, on=[SOURCE, ROW], suffixes=("", "_day"))


def marked(rows: pd.DataFrame, column: str, table: str = "leads") -> Behind:
    """The rows of a raw sheet that have something in the column, which is what they add."""
    part = rows[column].fillna(0.0).to_numpy("float64")
    there = part != 0
    return added(rows[[SOURCE, ROW]][there].assign(_table=table, part=part[there]))


def rows_of(rows: pd.DataFrame, column: str, value: Any) -> pd.DataFrame:
    """The rows with a value in a column, which are looked for once for all rows of a list.

    That takes ``rows`` which are worked out once themselves.
    """
    found: pd.DataFrame = rows.iloc[_grouped(rows, column).get(value, [])]
    return found


@once
def _grouped(rows: pd.DataFrame, column: str) -> Mapping[Any, Any]:
    return rows.groupby(column).indices
