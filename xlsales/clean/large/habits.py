"""Which files of one source in an engine write alike: days, decimal marks, shares, discounts and refunds.

How a column is meant is settled for all of it (``clean.parse``, ``clean.discounts``). Files of the same
columns are one table to an engine, and yet each may have been exported in its own way. Those that say nothing
of it are read as in memory, whatever the others are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.discounts import way_of
from xlsales.clean.parse.dates import MONTH_FIRST, UNORDERED, order_of
from xlsales.clean.parse.numbers import decimal_mark, in_points, percent, take_apart
from xlsales.clean.parse.numbers import numbers as numbers_of
from xlsales.tables.spec import ROW, SOURCE, letter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import narwhals as nw
    import pandas as pd

    from xlsales.tables.spec import RawTable

    Frame = nw.LazyFrame[Any]
    Ways = Mapping[str, Any]
    """How a column is meant in each file that says so."""

MANY = 50_000
"""A column with more different texts and files is not looked at."""
_SEVERAL = r",|[.][0-9]{3}[.]"
"""What may be of a comma as decimal mark, or of points between thousands."""
_A_NUMBER = r"^[^0-9.,]{0,6}[0-9.,]*[.,][0-9.,]*[^0-9.,]{0,6}$"
_LEADING_ZERO = r"(^|[^0-9.,])0[.,]"
_BELOW = r"^[^0-9]*[-−–—‐(（]|-\s*$"
_A_DAY = rf"^\s*{UNORDERED}"


def alike(raw: RawTable, scan: Any) -> list[list[str]]:
    """The names of the files of a scan of ``raw``, those together that write their columns alike."""
    import narwhals as nw

    given = nw.from_native(scan).lazy()
    differing = [ways for ways in _ways(raw, given) if len(set(ways.values())) > 1]
    groups: dict[tuple[Any, ...], list[str]] = {}
    for file in raw.files:
        groups.setdefault(tuple(ways.get(file) for ways in differing), []).append(file)
    return list(groups.values())


def _ways(raw: RawTable, given: Frame) -> list[Ways]:
    import narwhals as nw

    kinds = given.collect_schema()
    names = [name for name in kinds.names() if name not in (SOURCE, ROW)]
    letters = {letter(k): name for k, name in enumerate(names)}
    at = [(one, letters[raw.letters[one.name]]) for one in raw.table.columns if one.name in raw.letters]
    texts = [(one.kind, name) for one, name in at if kinds[name] == nw.String]
    days = {name for kind, name in texts if kind == "date"}
    sums = {name for kind, name in texts if kind in ("money", "count", "percent")}
    asked = dict.fromkeys(days, _A_DAY) | dict.fromkeys(sums, _SEVERAL)
    held = _held(given, asked)
    found = [_orders(given, name) for name in sorted(days & held)]
    found += [_marks(given, name) for name in sorted(sums & held)]
    for one, name in at:
        if one.name == "discount":
            found.append(_of_each(given, name, _discounts))
        elif one.kind == "percent":
            found.append(_of_each(given, name, _shares))
        elif raw.table.key == "refunds" and one.name == "amount":
            found.append(_signs(given, name, is_text=name in sums))
    return found


def _held(given: Frame, asked: Mapping[str, str]) -> set[str]:
    """The columns in which there is what is looked for."""
    import narwhals as nw

    if not asked:
        return set()
    order = list(asked)
    hits = [
        nw.col(name).str.contains(asked[name]).cast(nw.Int64).max().alias(f"hit {k}")
        for k, name in enumerate(order)
    ]
    found = given.select(*hits).collect("pandas").to_pandas().fillna(0).iloc[0]
    return {name for k, name in enumerate(order) if found[f"hit {k}"]}


def _orders(given: Frame, name: str) -> Ways:
    """In which order each file writes day, month and year."""
    import narwhals as nw

    day = nw.col(name).str.strip_chars().str.replace_all(r"[ T].*$", "")
    said = given.filter(nw.col(name).str.contains(_A_DAY)).select(SOURCE, text=day).unique()
    found = said.head(MANY).collect("pandas").to_pandas()
    return _known({file: order_of(list(own["text"])) or MONTH_FIRST for file, own in found.groupby(SOURCE)})


def _marks(given: Frame, name: str) -> Ways:
    """Which decimal mark each file has: asked of the shapes of its numbers, of which there are few."""
    import narwhals as nw

    text = nw.col(name)
    shapes = given.filter(text.str.contains(_A_NUMBER)).select(
        SOURCE, zero=text.str.contains(_LEADING_ZERO), shape=text.str.replace_all("[0-9]", "9")
    )
    counted = shapes.group_by(SOURCE, "zero", "shape").agg(n=nw.len()).head(MANY)
    ways = {}
    for file, own in counted.collect("pandas").to_pandas().groupby(SOURCE):
        votes = {".": 0, ",": 0}
        for zero, shape, n in own[["zero", "shape", "n"]].itertuples(index=False):
            number = take_apart(shape.replace("9", "0", 1) if zero else shape)
            if number and number.mark:
                votes[number.mark] += n
        ways[str(file)] = decimal_mark(votes["."], votes[","]) or "both"
    return ways


def _of_each(given: Frame, name: str, way: Callable[[pd.DataFrame], Any]) -> Ways:
    """What ``way`` makes of the different cells (``text``) of each file and their counts (``n``)."""
    import narwhals as nw

    cells = given.select(SOURCE, text=nw.col(name).cast(nw.String)).drop_nulls()
    found = cells.group_by(SOURCE, "text").agg(n=nw.len()).head(MANY + 1).collect("pandas").to_pandas()
    if len(found) > MANY:
        return {}
    return _known({file: way(own.sort_values("text")) for file, own in found.groupby(SOURCE)})


def _discounts(cells: pd.DataFrame) -> Any:
    """Whether discounts are percents, and as ``clean.discounts.way_of``."""
    import pandas as pd

    signed = cells["text"].str.strip().str.endswith(("%", "％"))
    percents = bool(cells.loc[signed, "n"].sum() * 2 > cells["n"].sum())
    values = (percent if percents else numbers_of)(list(cells["text"])).values
    way = way_of(pd.Series(values, dtype="float64").repeat(cells["n"].tolist()))
    return None if way == "none" else (percents, way)


def _shares(cells: pd.DataFrame) -> Any:
    """Whether shares are in percentage points."""
    return bool(in_points(list(cells["text"])))


def _signs(given: Frame, name: str, *, is_text: bool) -> Ways:
    """Whether all refunds are below zero."""
    import narwhals as nw

    cell = nw.col(name)
    below = cell.str.contains(_BELOW) if is_text else cell < 0
    above = cell.str.contains("[1-9]") & ~below if is_text else cell > 0
    signs = {"below": below, "above": above}
    sums = {one: expr.cast(nw.Int64).sum() for one, expr in signs.items()}
    found = given.group_by(SOURCE).agg(**sums).collect("pandas").to_pandas().fillna(0)
    rows = found[[SOURCE, "below", "above"]].itertuples(index=False, name=None)
    return _known({file: None if not (lower or higher) else not higher for file, lower, higher in rows})


def _known(ways: Mapping[Any, Any]) -> Ways:
    return {str(file): way for file, way in ways.items() if way is not None}
