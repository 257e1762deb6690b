"""Metrics asked from cells: what the words for dimensions, periods and options mean there."""

from __future__ import annotations

import inspect
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.errors import UsageError
from xlsales.excel.functions._declare import Spill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.analysis import Understood
    from xlsales.metrics._catalogue import Metric, Result
    from xlsales.metrics._scope import Basis

_USUAL = re.compile(r"[0-9]{4}(-([0-9]{2}|Q[1-4]|YTD))?|FY[0-9]{4}(-(Q[1-4]|YTD))?")
_QUARTER = re.compile(r"([0-9]{4})(?:年|-)?(?:第?([1-4])季度?|[Qq]([1-4]))")
_YEAR = re.compile(r"([0-9]{4})年")

MOST_RUNS = 4
_runs: list[tuple[Understood, dict[Any, Any]]] = []

Filters = tuple[tuple[str, tuple[str, ...]], ...]


def ask(
    understood: Understood,
    key: str,
    by: str | None = None,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis = "signed",
    **options: Any,
) -> Result:
    """The metric over what was understood. ``by`` as in ``dimensions``; None leaves a default as it is."""
    from xlsales import analysis
    from xlsales.metrics._catalogue import find, tabulate
    from xlsales.metrics._once import one_run

    metric = find(key)
    split, filters = dimensions(by)
    usual = defaults(metric)
    chosen = {name: _as(name, value, usual[name]) for name, value in options.items() if value is not None}
    if split or (by is not None and any(option.name == "by" for option in metric.options)):
        chosen["by"] = split
    asked = analysis.ask(understood, period=month(period), as_of=as_of, basis=basis, filters=filters)
    with one_run(_run_over(understood)):
        return tabulate(key, asked.cleaned.tables, asked.scope, **chosen)


def _run_over(understood: Understood) -> dict[Any, Any]:
    """What metrics have worked out about these tables so far; of the latest few that were asked about."""
    for at, (known, made) in enumerate(_runs):
        if known is understood:
            _runs.insert(0, _runs.pop(at))
            return made
    _runs.insert(0, (understood, {}))
    del _runs[MOST_RUNS:]
    return _runs[0][1]


def _as(name: str, value: Any, default: Any) -> Any:
    """An option's value in the kind of its default, which may be 0 only where the default is.

    UsageError for a fraction where a whole number goes.
    """
    if not isinstance(default, int) or isinstance(value, bool | str):
        return value
    least = min(default, 1)
    if value != int(value) or value < least:
        allowed = ", ".join(map(str, range(least, least + 3))) + " …"
        raise UsageError("cell_out_of_range", argument=name, value=f"{value:g}", allowed=allowed)
    return int(value)


def spill(result: Result) -> Spill:
    """A metric's columns and rows as it spills."""
    columns = tuple((column.zh, column.en) for column in result.columns)
    names = [column.name for column in result.columns]
    return Spill(columns, list(result.rows[names].itertuples(index=False, name=None)))


def dimensions(by: str | None) -> tuple[tuple[str, ...], Filters]:
    """``channel, region=滨江`` as the dimensions to split by and the values to keep.

    A dimension may be called by its key or by its Chinese or English title. Several values of one are
    given one by one: ``region=滨江, region=城西``. UsageError for a name that is none.
    """
    from xlsales.metrics._catalogue import TITLES

    known = {name.casefold(): key for key, titles in TITLES.items() for name in (key, *titles)}
    split: list[str] = []
    filters: dict[str, tuple[str, ...]] = {}
    for part in (by or "").replace("，", ",").replace("、", ",").split(","):
        name, equals, value = (piece.strip() for piece in part.replace("＝", "=").partition("="))
        if not name:
            continue
        if name.casefold() not in known:
            raise UsageError("unknown_value", option="by", value=name, known=", ".join(TITLES))
        key = known[name.casefold()]
        if equals:
            filters[key] = (*filters.get(key, ()), value)
        else:
            split.append(key)
    return tuple(split), tuple(filters.items())


def month(period: str | None) -> str | None:
    """A period as the product reads it, also as it stands in cells.

    A day, as a date, a serial number or text, is its month; 2026Q4 and 2026年第4季度 are a quarter, 2026年
    is a year. What is none of these is left for ``parse_period`` to refuse.
    """
    from xlsales.clean.parse.dates import dates

    if period is None or _USUAL.fullmatch(period) or ".." in period:
        return period
    if found := _QUARTER.fullmatch(period):
        return f"{found[1]}-Q{found[2] or found[3]}"
    if found := _YEAR.fullmatch(period):
        return found[1]
    day = dates([period]).values[0]
    return f"{day:%Y-%m}" if isinstance(day, date) else period


def defaults(metric: Metric) -> Mapping[str, Any]:
    """The options of a metric besides ``by``, and their defaults."""
    parameters = inspect.signature(metric.function).parameters
    return {one.name: parameters[one.name].default for one in metric.options if one.name != "by"}
