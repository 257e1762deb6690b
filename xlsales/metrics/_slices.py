"""Which rows of a table a number is about, which windows it compares, and the order its rows come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError
from xlsales.metrics._once import once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Filters, Scope, Window


TIMES = ("year", "quarter", "month")
"""Dimensions that are stretches of time and no names; of a table only the month can be asked."""


@dataclass(frozen=True)
class Look:
    """One window of rows, as it stood on one day, for one row of the result.

    ``row`` is the month the result row is about, "" where it is about the whole period; ``role`` says
    what the window is to that row: ``current``, ``previous``, or one of a metric's own.
    """

    role: str
    row: str
    window: Window
    as_of: date


def sliced(frame: Frame, scope: Scope, by: Sequence[str]) -> nw.LazyFrame[Any]:
    """The rows that the filters of the scope let pass; the names of ``by`` are text, blank is "".

    Raises ``UsageError`` when the table has no such dimension: a filter is never silently ignored.
    """
    return _sliced(frame, scope.filters, tuple(names(by)))


@once
def _sliced(frame: Frame, filters: Filters, by: tuple[str, ...]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    lazy: nw.LazyFrame[Any] = nw.from_native(frame).lazy()
    columns = lazy.collect_schema().names()
    used = dict.fromkeys((*by, *dict(filters)))
    for name in used:
        if name not in columns:
            raise UsageError("unknown_dimension", dimension=name)
    lazy = lazy.with_columns(nw.col(name).fill_null("") for name in used)
    for name, values in filters:
        lazy = lazy.filter(nw.col(name).is_in(values))
    return lazy


def filterable(frame: Frame, scope: Scope) -> bool:
    """Whether the table has the dimensions that the filters of the scope ask for."""
    import narwhals as nw

    columns = nw.from_native(frame).lazy().collect_schema().names()
    return all(name in columns for name, _ in scope.filters)


def names(by: Sequence[str]) -> list[str]:
    """The dimensions that are columns of a table: all but the month, which is a window."""
    return [name for name in dict.fromkeys(by) if name != "month"]


def looks(scope: Scope, by: Sequence[str]) -> list[Look]:
    """The current and the previous window of the period, or of each of its months that has begun.

    The previous window is seen when it was as old as the current one is now, so that a cohort which
    had more time is never compared with one that had less.
    """
    found = []
    for row, about in scopes(scope, by):
        found.append(Look("current", row, about.current, scope.as_of))
        found.append(look_back("previous", row, about, about.previous))
    return found


def scopes(scope: Scope, by: Sequence[str]) -> list[tuple[str, Scope]]:
    """The scope itself, or one scope per begun month of its period where ``by`` has the month."""
    if "month" not in by:
        return [("", scope)]
    return [(row, about) for row, about in scope.by_month().items() if about.period.start <= scope.as_of]


def look_back(role: str, row: str, about: Scope, window: Window) -> Look:
    """``window``, seen as many days after its end as the data of ``about`` reach beyond its period."""
    return Look(role, row, window, window.end + (about.as_of - about.current.end))


def counted_by_day(
    frame: nw.LazyFrame[Any],
    on: str,
    looks: Sequence[Look],
    by: Sequence[str],
    numbers: Mapping[str, nw.Expr],
) -> dict[str, pd.DataFrame]:
    """The sums of ``numbers`` over the rows whose date ``on`` lies in each look, as ``aligned`` gives them.

    What a row is worth must be the same in every look: the rows are gone through once, by day.
    """
    import narwhals as nw

    days = frame.with_columns(nw.col(on).dt.truncate("1d").alias("day"), **numbers)
    daily = days.group_by("day", *names(by)).agg(nw.col(*numbers).sum()).collect("pandas").to_pandas()
    return aligned(in_looks(daily, looks), looks, by)


def in_looks(daily: pd.DataFrame, looks: Sequence[Look]) -> pd.DataFrame:
    """The rows of ``daily`` whose ``day`` lies in a look, once for each, with ``look`` for ``aligned``."""
    import numpy as np

    daily = daily.sort_values("day", ignore_index=True)
    ends = [(look.window.start, min(look.window.end, look.as_of)) for look in distinct(looks)]
    first = daily["day"].searchsorted([midnight(start) for start, _ in ends])
    last = daily["day"].searchsorted([midnight(end, 1) for _, end in ends])
    places = [np.arange(*pair) for pair in zip(first, last, strict=True)]
    look = np.repeat(np.arange(len(ends)), [len(place) for place in places])
    return daily.iloc[np.concatenate(places)].drop(columns="day").assign(look=look)


def aligned(found: pd.DataFrame, looks: Sequence[Look], by: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The numbers of each role, all on the same rows: every month x every name of two windows.

    ``found`` has ``look`` (its place among the distinct ones), the names of ``by`` and numbers, which are
    added up. A name shows when it has rows in a current or a previous window; where it has none the
    numbers are 0, so one that brings nothing any more still shows.
    """
    import numpy as np
    import pandas as pd

    called = names(by)
    numbers = [name for name in found.columns if name not in ("look", *called)]
    places = {(look.window, look.as_of): place for place, look in enumerate(distinct(looks))}
    asked = {(look.role, look.row): places[look.window, look.as_of] for look in looks}
    group, labels = numbered(found, called)
    look = found["look"].to_numpy("int64")
    sums = np.zeros((len(places), len(labels), len(numbers)))
    np.add.at(sums, (look, group), np.nan_to_num(found[numbers].to_numpy("float64")))
    if called:
        near = [place for (role, _), place in asked.items() if role in ("current", "previous")]
        shown = np.isin(labels.index, group[np.isin(look, near)])
        sums, labels = sums[:, shown], labels[shown]

    months = [look.row for look in looks if look.role == "current"]
    keys = labels.loc[labels.index.repeat(len(months))].assign(month=months * sums.shape[1])
    keys = keys[list(by)].reset_index(drop=True)
    nothing = np.zeros(sums.shape[1:])
    roles = {}
    for role in dict.fromkeys(look.role for look in looks):
        each = [sums[asked[role, month]] if (role, month) in asked else nothing for month in months]
        rows = np.stack(each, axis=1).reshape(len(keys), len(numbers))
        roles[role] = pd.concat([keys, pd.DataFrame(rows, columns=numbers)], axis=1)
    return roles


def numbered(found: pd.DataFrame, called: Sequence[str]) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """The place of each row's names among the different ones in their order, and these."""
    import numpy as np
    import pandas as pd

    place = np.zeros(len(found), "int64")
    if not called:
        return place, pd.DataFrame(index=[0])
    coded = {name: found[name].astype("str").factorize(sort=True) for name in called}
    for codes, labels in coded.values():
        place = place * len(labels) + codes
    place, different = pd.factorize(place, sort=True)
    rest, columns = different, {}
    for name, (_, labels) in reversed(coded.items()):
        rest, code = np.divmod(rest, len(labels)) if len(labels) else (rest, rest)
        columns[name] = labels.take(code)
    return place, pd.DataFrame(columns, index=range(len(different)))


def in_order(rows: pd.DataFrame, by: Sequence[str], size: str, last: Iterable[str] = ()) -> pd.DataFrame:
    """Months ascending; names by their size descending, then by name; then the columns of ``last``."""
    import numpy as np
    import pandas as pd

    keys: list[Any] = []
    group: Any = np.zeros(len(rows), "int64")
    for name in by:
        code, labels = pd.factorize(rows[name], sort=True)
        group = group * len(labels) + code
        if name not in TIMES:
            keys.append(-rows[size].groupby(group).transform("sum"))
        keys.append(code)
    keys += [rows[name] for name in last]
    if not keys:
        return rows.reset_index(drop=True)
    return rows.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)


def midnight(day: date, after: int = 0) -> datetime:
    """The moment ``day`` begins, or the day that many days after it."""
    return datetime.combine(day + timedelta(after), time.min)


def distinct(looks: Sequence[Look]) -> list[Look]:
    """The looks that differ in window or day: a month that is current for itself is past for the next."""
    return list({(look.window, look.as_of): look for look in looks}.values())
