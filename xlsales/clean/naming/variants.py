"""Which names of things are variants of one another: red mug and blue mug, oven glove and double oven glove.

Names of products are put together from a vocabulary, and the vocabulary shows which of its words make another
product: those whose place in a name is taken by another word in other names (red, blue and green before
``mug``; 初 and 高 before 级英语). A misspelling takes a place as well, but it is spelled nearly alike. No
list of colours and sizes is needed, in any language. Source: Harris, Distributional Structure, Word 10
(1954): words that replace each other in equal surroundings are of one class.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FEWEST = 2
"""A word makes another product where it stands for another word in so many surroundings; a single one may be
chance."""
SPELLED_ALIKE = 75
"""Of 100: what two words have in common where one is the other misspelt, or its plural."""

LONGEST = 50
"""Words of a name; what has more is a text, and no vocabulary is learnt from it."""

_WORDS = re.compile(r"[^\W_\u3400-\u9fff]+|[\u3400-\u9fff]")


def variants(names: Iterable[str], fewest: int = FEWEST) -> Callable[[str, str], bool]:
    """Whether two names are those of two things, by the vocabulary of all ``names``.

    They are where one has a word that makes another product and that the other lacks in any spelling, or
    where two words that stand for each other have changed places (red on white, white on red).
    """
    classes = _classes(set(map(_words, names)))

    def two(one: str, other: str) -> bool:
        left, right = _words(one), _words(other)
        mine, yours = Counter(left) - Counter(right), Counter(right) - Counter(left)
        if mine or yours:
            lone = [*_lone(list(mine), list(yours)), *_lone(list(yours), list(mine))]
            return any(len(classes.get(word, ())) >= fewest for word in lone)
        moved = [pair for pair in zip(left, right, strict=True) if pair[0] != pair[1]]
        if len(moved) != 2:
            return False
        a, b = moved[0]
        return len(classes.get(a, set()) & classes.get(b, set())) >= fewest

    return two


def _words(name: str) -> tuple[str, ...]:
    """The words of a name; of Chinese, which has no spaces, the characters."""
    return tuple(_WORDS.findall(name.casefold()))


def _classes(names: Iterable[tuple[str, ...]]) -> dict[str, set[int]]:
    """By word the surroundings (the other words of a name, in any order) in which others stand for it."""
    places: dict[tuple[str, ...], set[str]] = {}
    for name in (one for one in names if len(one) <= LONGEST):
        ordered = sorted(name)
        for at in range(len(ordered) if len(ordered) > 1 else 0):
            places.setdefault((*ordered[:at], *ordered[at + 1 :]), set()).add(ordered[at])
    classes: dict[str, set[int]] = {}
    for number, words in enumerate(places.values()):
        for word in words if len(words) > 1 else ():
            if any(other != word and not _spelled_alike(word, other) for other in words):
                classes.setdefault(word, set()).add(number)
    return classes


def _lone(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words that the others have in no spelling, alone or run together (retro spot, retrospot)."""
    joined = "".join(others)
    return [
        word
        for word in words
        if word not in joined
        and not any(other in word and len(others) > 1 for other in others)
        and not any(_spelled_alike(word, other) for other in others)
    ]


def _spelled_alike(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) >= SPELLED_ALIKE
