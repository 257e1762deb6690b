"""Numbers that know what they are made of, and words that know which numbers they name.

Only a page made to be explained is computed with them; they add, divide and print like any others.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from datetime import date
from math import fsum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from xlsales.metrics._catalogue import Format
    from xlsales.metrics._scope import Scope

How = Literal["itself", "sum", "otherwise"]


@dataclass(frozen=True)
class Figure:
    """One number of a result: the metric's column in a row; ``options`` are all that was asked with.

    Of a count of rows it has these rows, and neither column nor row.
    """

    metric: str
    column: str
    row: Mapping[str, Any] = field(repr=False)
    scope: Scope = field(repr=False)
    options: Mapping[str, Any]
    counted: Sequence[Mapping[str, Any]] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Evidence:
    """One number of no metric: what it counts or adds, of the raw sheets and of what cleaning found in them.

    ``of`` is its words in ``[pages.evidence]`` of the wording, ``about`` what of them it is about. ``rows``
    makes what is behind it: ``_table``, ``_source``, ``_row``, any columns with a title in
    ``[pages.evidence.columns]``, and ``part``, what each adds. Where no row makes it, ``rows`` is None.
    """

    of: str
    value: float | date
    about: tuple[str, ...] = ()
    rows: Callable[[], pd.DataFrame] | None = field(default=None, repr=False)
    format: Format = "count"


Source = Figure | Evidence


def _kept(operate: Callable[[Any, Any], Any], *, swapped: bool = False) -> Any:
    def kept(self: Traced, other: object) -> Any:
        if not isinstance(other, int | float):
            return NotImplemented
        first, second = (other, self) if swapped else (self, other)
        value = operate(_plain(first), _plain(second))
        if not isinstance(other, Traced) and not other and operate is operator.add:
            return traced(value, self.figures, self.how)
        figures = (*figures_of(first), *figures_of(second))
        added = operate is operator.add and "otherwise" not in (how_of(first), how_of(second))
        both = isinstance(other, Traced)
        return traced(value, figures, "sum" if added and both else "otherwise")

    return kept


def _alone(operate: Callable[[Any], Any]) -> Any:
    def alone(self: Traced) -> Any:
        value = operate(_plain(self))
        return traced(value, self.figures, self.how if value == _plain(self) else "otherwise")

    return alone


def _rounded(self: Traced, digits: int | None = None) -> Any:
    return traced(round(_plain(self), digits), self.figures, self.how)


class Traced:
    """What :class:`Whole` and :class:`Real` share: the figures, and how the number is made of them."""

    figures: tuple[Source, ...]
    how: How

    __add__, __radd__ = _kept(operator.add), _kept(operator.add, swapped=True)
    __sub__, __rsub__ = _kept(operator.sub), _kept(operator.sub, swapped=True)
    __mul__, __rmul__ = _kept(operator.mul), _kept(operator.mul, swapped=True)
    __truediv__, __rtruediv__ = _kept(operator.truediv), _kept(operator.truediv, swapped=True)
    __neg__, __abs__ = _alone(operator.neg), _alone(abs)
    __round__: Any = _rounded


class Whole(Traced, int):
    """A whole number with its figures."""


class Real(Traced, float):
    """Any other number with its figures."""


class Day(Traced, date):
    """A day with its figures; nothing is computed from it."""


def traced(value: Any, figures: tuple[Source, ...], how: How = "itself") -> Any:
    """The number or day with the figures that it is made of; what is neither, and a flag, as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        return value
    made: Any
    if isinstance(value, date):
        made = Day(value.year, value.month, value.day)
    else:
        made = (Whole if isinstance(value, int) else Real)(value)
    made.figures, made.how = figures, how
    return made


def summed(values: Iterable[float]) -> float:
    """Their sum, exactly rounded; it knows the figures of all of them."""
    numbers: list[Any] = list(values)
    parts = [one for one in numbers if isinstance(one, Traced)]
    whole = fsum(numbers)
    if not parts:
        return whole
    how: How = "otherwise" if any(one.how == "otherwise" for one in parts) else "sum"
    found: float = traced(whole, tuple(figure for one in parts for figure in one.figures), how)
    return found


def figures_of(value: object) -> tuple[Source, ...]:
    """The figures that a number is made of; none where nobody knows."""
    return value.figures if isinstance(value, Traced) else ()


def how_of(value: object) -> How:
    """How a number is made of its figures."""
    return value.how if isinstance(value, Traced) else "itself"


def _plain(value: Any) -> Any:
    """The number without its figures, so that what it does is not asked of them again."""
    if isinstance(value, Traced):
        return int(value) if isinstance(value, int) else float(value)  # type: ignore[arg-type]
    return value


class Said(str):
    """Words with the numbers that they name, in order, each as it is said."""

    numbers: tuple[tuple[str, Traced], ...]

    def __add__(self, other: str) -> str:
        return joined("", (self, other))

    def __radd__(self, other: str) -> str:
        return joined("", (other, self))


def said(words: str, numbers: tuple[tuple[str, Traced], ...]) -> Said:
    """The words, naming these numbers."""
    made = Said(words)
    made.numbers = numbers
    return made


def naming(words: str, value: object) -> str:
    """The words for a number, which know it if it knows its figures."""
    return said(words, ((words, value),)) if isinstance(value, Traced) else words


def numbers_in(words: str) -> tuple[tuple[str, Traced], ...]:
    """The numbers that words are known to name, each as it is said there."""
    return words.numbers if isinstance(words, Said) else ()


def filled(words: str, facts: Iterable[object]) -> str:
    """Wording with its facts filled in; it names the numbers that they name."""
    numbers = [one for fact in facts if isinstance(fact, Said) for one in fact.numbers]
    return said(words, tuple(sorted(numbers, key=lambda one: words.find(one[0])))) if numbers else words


def joined(between: str, parts: Iterable[str]) -> str:
    """The words with ``between`` between them; they name the numbers that their parts name."""
    every = list(parts)
    words = between.join(every)
    numbers = tuple(one for part in every for one in numbers_in(part))
    return said(words, numbers) if numbers else words
