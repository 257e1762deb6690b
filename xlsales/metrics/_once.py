"""What several metrics build on is worked out once while a report is made.

    with one_run():
        compute("sales", tables, scope)
        compute("attainment", tables, scope)  # over the lines of money that sales has made

Inside ``one_run`` a function marked ``@once`` gives what it gave before to the same arguments: tables are
the same when they are one object, all else when it is equal. Nothing outlives the run, and outside of one
nothing is kept. So such a function is pure, nobody changes what it gave, and the tables stay as they are.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from xlsales.tables.held import held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import narwhals as nw

P = ParamSpec("P")
T = TypeVar("T")

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
        if key not in made:
            made[key] = function(*args, **kwargs)
        result: T = made[key]
        return result

    return kept


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
