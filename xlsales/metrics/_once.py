"""What several metrics build on is worked out once while a report is made.

    with one_run():
        compute("sales", tables, scope)
        compute("attainment", tables, scope)  # over the lines of money that sales has made

Inside ``one_run`` a function marked ``@once`` gives what it gave before to the same arguments: tables are
the same when they are one object, all else when it is equal. Nothing outlives the run, and outside of one
nothing is kept. So such a function is pure, nobody changes what it gave, and the tables stay as they are.
Of millions of rows not everything is kept at a time: see ``MOST``.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from xlsales.tables.held import held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import narwhals as nw

P = ParamSpec("P")
T = TypeVar("T")

MOST = 1_000_000_000
"""So many bytes are kept in memory; beyond them what was asked for longest ago is let go of."""

MANY = 10_000
"""Of fewer rows it takes longer to ask for their memory than it is worth."""

_made: ContextVar[dict[Any, Any] | None] = ContextVar("made", default=None)


@contextmanager
def one_run(made: dict[Any, Any] | None = None) -> Iterator[None]:
    """Keep what functions marked ``once`` give until the block ends; a run inside a run is part of it.

    A run that is to go on later is given its own ``made``, which whoever holds the tables keeps with them.
    """
    token = _made.set(made if made is not None else {} if _made.get() is None else _made.get())
    try:
        yield
    finally:
        _made.reset(token)


@contextmanager
def aside() -> Iterator[None]:
    """Know what the run knows, and let go at the end of what was worked out in the block only."""
    made = _made.get()
    token = _made.set(None if made is None else dict(made))
    try:
        yield
    finally:
        _made.reset(token)


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Mark a pure function whose result is to be kept during a run."""

    @wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> T:
        made = _made.get()
        if made is None:
            return function(*args, **kwargs)
        key = (function, *map(_known, args), *((name, _known(value)) for name, value in kwargs.items()))
        if key in made:
            made[key] = made.pop(key)  # the latest that was asked for
        else:
            result = function(*args, **kwargs)
            made[key] = result, _bytes(result)
            _let_go(made)
        found: T = made[key][0]
        return found

    return kept


def _let_go(made: dict[Any, Any]) -> None:
    """Of what is large the oldest, never the last; what an engine holds takes no memory here."""
    large = [(key, size) for key, (_, size) in made.items() if size]
    kept = sum(size for _, size in large)
    for key, size in large[:-1]:
        if kept <= MOST:
            return
        kept -= size
        del made[key]


def _bytes(value: Any) -> int:
    """About how much memory a value takes that is, or is made of, frames and arrays; of few rows nothing."""
    import numpy as np
    import pandas as pd

    if isinstance(value, np.ndarray | pd.DataFrame | pd.Series | pd.Index) and len(value) < MANY:
        return 0
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage().sum())
    if isinstance(value, pd.Series | pd.Index):
        return int(value.memory_usage())
    if isinstance(value, tuple):
        return sum(map(_bytes, value))
    return sum(map(_bytes, vars(value).values())) if is_dataclass(value) else 0


def worked_out(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """A frame that much is asked of: during a run its engine works it out once and keeps it."""
    return frame if _made.get() is None else held(frame)


def _known(value: Any) -> Any:
    """``value`` as part of a key: a table is known by being itself, and held so that it stays alive."""
    try:
        hash(value)
    except TypeError:
        return _Itself(value)
    return value


class _Itself:
    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)
