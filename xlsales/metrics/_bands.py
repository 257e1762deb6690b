"""Attributes given as numbers, an age of 23 or 180 employees, in the bands that people are compared by."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from xlsales.metrics._once import once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

EDGES: Mapping[str, tuple[int, ...]] = {
    "age": (18, 25, 35, 45, 55),
    "company_size": (20, 100, 500, 1000),
}
"""Where a band begins, in years and in employees."""
OLDEST = 120
NUMBER = re.compile(
    r"(-?\d[\d,]*(?:\.\d+)?)\s*(?:周?岁|人|名|years?(?: old)?|yrs?|employees)?", re.IGNORECASE
)


def banded(frame: Frame, scope: Scope) -> nw.LazyFrame[Any]:
    """The table with each column of ``EDGES`` that mostly holds numbers in bands: <18, 18-24, ..., 55+.

    Of such a column, texts that are no number stay as they are, and what nobody can be is blank: an age
    beyond ``OLDEST``, below 0, or a bare 0, which sheets write for unknown (0岁 is a baby). A column
    that the scope filters by keeps its values, which the filter names.
    """
    named = tuple(name for name, _ in scope.filters)
    return _banded(frame, named)


@once
def _banded(frame: Frame, filtered: Sequence[str]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    lazy: nw.LazyFrame[Any] = nw.from_native(frame).lazy()
    for name, edges in EDGES.items():
        if name not in filtered:
            lazy = lazy.with_columns(_in_bands(lazy, name, edges).alias(name))
    return lazy


def _in_bands(lazy: nw.LazyFrame[Any], name: str, edges: Sequence[int]) -> nw.Expr:
    """The column with its numbers in bands where they are more than half of its values."""
    import narwhals as nw

    column = nw.col(name)
    found = lazy.filter(~column.is_null()).group_by(name).agg(rows=nw.len()).collect("pandas").to_pandas()
    texts = found[name].astype("str")
    never = texts.map(lambda one: _never(one, name)).astype(bool)
    unknown, found = found.loc[never, name].tolist(), found[~never]
    numbers = texts[~never].map(_number).astype("float64")
    if 2 * found["rows"][numbers.notna()].sum() <= found["rows"].sum():
        return column
    values = found.loc[numbers.notna(), name].groupby(numbers.dropna().map(lambda one: band(one, edges)))
    expression = nw.when(~column.is_in(unknown)).then(column) if unknown else column
    for label, alike in values:
        expression = nw.when(column.is_in(list(alike))).then(nw.lit(label)).otherwise(expression)
    return expression


def _number(value: str) -> float | None:
    """The number that a text is, also with its unit; None where it is none."""
    found = NUMBER.fullmatch(value.strip())
    return float(found[1].replace(",", "")) if found else None


def _never(value: str, name: str) -> bool:
    """Whether a number is none that a person or a company can have."""
    number = _number(value)
    if number is None:
        return False
    bare = value.strip().replace(".", "", 1).strip("0") == ""
    return number < 0 or bare or (name == "age" and number > OLDEST)


def band(number: float, edges: Sequence[int]) -> str:
    """The band that a number lies in: ``<18``, ``18-24`` or ``55+``."""
    if number < edges[0]:
        return f"<{edges[0]}"
    for low, high in pairwise(edges):
        if number < high:
            return f"{low}-{high - 1}"
    return f"{edges[-1]}+"
