"""Chance that falls the same way everywhere.

Only ``random.Random.random`` is used: Python promises its sequence for a given seed, which it does
not for ``choice``, ``shuffle`` or ``sample``. Rates are integers per mille.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Face = TypeVar("Face")


class Dice:
    """A seeded source of chance."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def number(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included, all equally likely."""
        return low + int(self._random.random() * (high - low + 1))

    def lag(self, low: int, high: int) -> int:
        """A number of days from ``low`` to ``high``, short ones more likely."""
        return min(self.number(low, high), self.number(low, high))

    def hit(self, per_mille: int) -> bool:
        """True in ``per_mille`` of a thousand cases."""
        return self.number(1, 1000) <= per_mille

    def pick(self, weighted: Iterable[tuple[Face, int]]) -> Face:
        """One of the faces, as likely as its whole-number weight."""
        faces = tuple(weighted)
        mark = self.number(1, sum(weight for _, weight in faces))
        for face, weight in faces:
            mark -= weight
            if mark <= 0:
                return face
        raise AssertionError("the weights add up")

    def shuffled(self, items: Iterable[Face]) -> list[Face]:
        """The items in random order (Fisher-Yates)."""
        deck = list(items)
        for last in range(len(deck) - 1, 0, -1):
            other = self.number(0, last)
            deck[last], deck[other] = deck[other], deck[last]
        return deck

    def deck(self, weighted: Sequence[tuple[Face, int]], size: int) -> list[Face]:
        """``size`` faces in random order, each as often as its weight says, rounded to whole cards."""
        whole = sum(weight for _, weight in weighted)
        shares = [(face, divmod(weight * size, whole)) for face, weight in weighted]
        left = size - sum(count for _, (count, _) in shares)
        extra = sorted(range(len(shares)), key=lambda i: (-shares[i][1][1], i))[:left]
        return self.shuffled(
            face for i, (face, (count, _)) in enumerate(shares) for _ in range(count + (i in extra))
        )


class Quota:
    """Yes or no at a given rate, spread evenly: per key, the yeses never stray a whole one from the rate.

    A dozen independent coins a month would drown the story of a small institution in noise.
    """

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._owed: dict[tuple[str, ...], int] = {}

    def hit(self, key: tuple[str, ...], per_mille: int) -> bool:
        """Whether this case of ``key`` is one of the ``per_mille`` of a thousand."""
        owed = self._owed.get(key, self._dice.number(0, 999)) + per_mille
        self._owed[key] = owed % 1000 if owed >= 1000 else owed
        return owed >= 1000
