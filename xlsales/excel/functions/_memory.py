"""Results by what they were made from, so that filling a formula down costs one calculation.

A key holds a digest of the content of every argument, never an address alone, so what is found under it is
right whenever it is found. What was used longest ago goes first.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T")


class Kept(Generic[T]):
    """What was made, up to a budget in whatever its sizes are counted in."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._room = budget
        self._made: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        """What was put under the key, if it is still there."""
        found = self._made.get(key)
        if found is None:
            return None
        self._made.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, made: T, size: int) -> None:
        """Keep ``made``; nothing larger than the whole budget is kept."""
        if key in self._made:
            self._room += self._made.pop(key)[1]
        if size > self._budget:
            return
        self._made[key] = (made, size)
        self._room -= size
        while self._room < 0:
            self._room += self._made.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forget everything."""
        self._made.clear()
        self._room = self._budget
