"""Pairs of names that probably mean the same, among any number of them: suggestions for a person.

Names are compared only where they share something rare (an n-gram, a phone, part of an address), so a
hundred thousand take seconds. What the pair then scores is ``similar.likeness``, the same as in a cell,
raised by a phone or an address in common and lowered by different ones; names that say that they are two
(一中 and 二中, North and South) are never a pair.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xlsales.clean.naming.regions import named
from xlsales.clean.naming.similar import likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Numbers = np.ndarray[tuple[int], np.dtype[Any]]

LEAST = 0.85
"""Pairs that score less are not proposed."""

SAME_PHONE, OTHER_PHONE, SECOND_PHONE = 0.25, -0.25, -0.1
SAME_ADDRESS, OTHER_ADDRESS = 0.35, -0.25
"""What is added to the likeness of the names. A branch often has the phone of its head office, and a firm
more than one phone at one address (the second phone); where it is says more."""
CHINESE = 0.05
"""Added where both names are Chinese: one character wrong in six leaves less in common than one letter in
twelve, and says as little. From the curve that tests/clean/naming/test_fuzzy_names.py prints."""

_STREET_ALIKE = 80
_TYPO = 75
"""Of 100: what two words have in common where one is the other misspelt."""

_PREFIX = 5
_CROWD = 64
_NEIGHBOURS = 4
_WORDS = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGITS = re.compile(r"[0-9]+")
_NUMERALS = frozenset("一二三四五六七八九十甲乙丙丁")
_SIDES = {
    "东": "east", "西": "west", "南": "south", "北": "north", "上": "upper", "下": "lower",
    "e": "east", "w": "west", "s": "south", "n": "north",
    "east": "east", "west": "west", "south": "south", "north": "north",
    "eastern": "east", "western": "west", "southern": "south", "northern": "north",
    "upper": "upper", "lower": "lower",
}  # fmt: skip
_ORDINALS = {"first": "1", "second": "2", "third": "3", "i": "1", "ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True)
class Pair:
    """Two names by their positions, the smaller first, and how likely they are one: more is likelier."""

    one: int
    other: int
    score: float


def alike(
    names: Sequence[str],
    phones: Sequence[str | None] = (),
    addresses: Sequence[str | None] = (),
    least: float = LEAST,
) -> list[Pair]:
    """The pairs of ``names`` that score ``least`` or more, by position.

    ``names`` are comparable forms (``identity.customer``), ``phones`` and ``addresses`` are as long or
    empty; a null says nothing for or against.
    """
    import numpy as np

    plain = [" ".join(_WORDS.findall(name.casefold())) for name in names]
    streets = [" ".join(_WORDS.findall(one.casefold())) if one else "" for one in addresses]
    phone = _codes(phones, len(names))
    blocks = [_sharing_rare(plain), _sharing(phone), _sharing_rare(streets)]
    first = np.concatenate([one for one, _ in blocks])
    second = np.concatenate([other for _, other in blocks])
    code = np.unique(np.minimum(first, second) * len(names) + np.maximum(first, second))
    one, other = np.divmod(code, max(len(names), 1))

    known = (phone[one] >= 0) & (phone[other] >= 0)
    same_phone, other_phone = known & (phone[one] == phone[other]), known & (phone[one] != phone[other])
    same_address, other_address = _places(streets, one, other)
    evidence = (
        SAME_PHONE * same_phone
        + np.where(same_address, SECOND_PHONE, OTHER_PHONE) * other_phone
        + SAME_ADDRESS * same_address
        + OTHER_ADDRESS * other_address
    )
    chinese = np.array([_HAN.search(name) is not None for name in plain], dtype=bool)
    evidence = evidence + CHINESE * (chinese[one] & chinese[other])
    agreeing = same_phone | same_address

    length = np.array([len(name) for name in plain])
    shorter, longer = np.minimum(length[one], length[other]), np.maximum(length[one], length[other])
    possible = agreeing | (2 * shorter / np.maximum(shorter + longer, 1) + evidence >= least)
    numbers = [" ".join(one.lstrip("0") or "0" for one in _DIGITS.findall(name)) for name in plain]
    digits = _codes([one or None for one in numbers], len(names))
    possible &= (digits[one] == digits[other]) | (agreeing & ((digits[one] < 0) | (digits[other] < 0)))
    one, other, evidence, agreeing = one[possible], other[possible], evidence[possible], agreeing[possible]
    same_address = same_address[possible]

    score = _likeness(plain, one, other, agreeing) + evidence
    pairs = []
    for at in np.flatnonzero(score >= least):
        a, b = int(one[at]), int(other[at])
        if not apart(plain[a], plain[b], proven=bool(same_address[at])):
            pairs.append(Pair(a, b, round(float(score[at]), 4)))
    return pairs


def _likeness(names: Sequence[str], one: Numbers, other: Numbers, agreeing: Numbers) -> Numbers:
    """0 to 1 per pair. Where a phone or an address agrees, a name within the other counts as well."""
    import numpy as np
    from rapidfuzz import fuzz, process

    found = likeness([names[at] for at in one], [names[at] for at in other])
    inside = np.flatnonzero(agreeing)
    left, right = [names[at] for at in one[inside]], [names[at] for at in other[inside]]
    within = process.cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float64) / 100
    found[inside] = (found[inside] + within) / 2
    return found


def _places(streets: Sequence[str], one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    """Which pairs have the same address (the same numbers, nearly the same words), and which another."""
    import numpy as np
    import pandas as pd
    from rapidfuzz import fuzz, process

    if not streets:
        return np.zeros(len(one), dtype=bool), np.zeros(len(one), dtype=bool)
    number, _ = pd.factorize(np.array(["".join(_DIGITS.findall(one)[:1]) for one in streets], dtype=object))
    filled = np.array([bool(street) for street in streets])
    known = np.flatnonzero(filled[one] & filled[other])
    left, right = [streets[at] for at in one[known]], [streets[at] for at in other[known]]
    words = process.cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float32)
    same, differs = np.zeros(len(one), dtype=bool), np.zeros(len(one), dtype=bool)
    same[known] = (words >= _STREET_ALIKE) & (number[one[known]] == number[other[known]])
    differs[known] = ~same[known]
    return same, differs


def _codes(values: Sequence[str | None], length: int) -> Numbers:
    import numpy as np
    import pandas as pd

    codes, _ = pd.factorize(np.array(values or [None] * length, dtype=object))
    return codes.astype(np.int64)


def _sharing(codes: Numbers) -> tuple[Numbers, Numbers]:
    """Pairs of positions with the same code; -1 is none."""
    import numpy as np

    at = np.flatnonzero(codes >= 0)
    return _within(codes[at], at)


def _sharing_rare(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Pairs of positions whose texts have one of their rarest n-grams in common.

    Two texts that differ in little share most of their n-grams; the rarest few of either tell them from
    most others. N-grams that occur once (a typo) are passed over. Source: prefix filtering, Chaudhuri,
    Ganti and Kaushik, A Primitive Operator for Similarity Joins, ICDE 2006.
    """
    import numpy as np
    import pandas as pd

    grams = [_grams(text) for text in texts]
    owner = np.repeat(np.arange(len(texts)), [len(one) for one in grams])
    code, _ = pd.factorize(np.array([gram for one in grams for gram in one], dtype=object), sort=True)
    if not len(code):
        return owner, owner
    often = np.bincount(code)[code]
    owner, code, often = owner[often > 1], code[often > 1], often[often > 1]
    order = np.lexsort((code, often, owner))
    owner, code = owner[order], code[order]
    start = np.searchsorted(owner, owner)
    rare = np.arange(len(owner)) - start < _PREFIX
    rank = np.empty(len(texts), dtype=np.int64)
    rank[sorted(range(len(texts)), key=lambda at: (texts[at], at))] = np.arange(len(texts))
    by_text = np.argsort(rank[owner[rare]], kind="stable")
    return _within(code[rare][by_text], owner[rare][by_text])


def _grams(text: str) -> set[str]:
    """Three letters of Latin words with their ends, two characters of others."""
    size = 3 if text.isascii() else 2
    padded = f" {text} "
    return {padded[at : at + size] for at in range(len(padded) - size + 1)} if text else set()


def _within(codes: Numbers, owner: Numbers) -> tuple[Numbers, Numbers]:
    """All pairs of owners of one code; in a crowd, each with its next neighbours in the given order."""
    import numpy as np

    order = np.argsort(codes, kind="stable")
    codes, owner = codes[order], owner[order]
    size = np.bincount(codes)[codes] if len(codes) else codes
    reach = np.where(size <= _CROWD, size, _NEIGHBOURS + 1)
    left, right = [owner[:0]], [owner[:0]]
    for step in range(1, int(reach.max(initial=1))):
        at = np.flatnonzero((codes[:-step] == codes[step:]) & (step < reach[:-step]))
        left.append(owner[at])
        right.append(owner[at + step])
    return np.concatenate(left).astype(np.int64), np.concatenate(right).astype(np.int64)


def apart(one: str, other: str, proven: bool = False) -> bool:
    """Whether two names say that they are two: other numbers, sides, places, or another word.

    With ``proven`` (an address in common) a mark that only one of them has, and another word,
    say nothing.
    """
    a, b = _marks(one), _marks(other)
    if any(x and y and x != y for x, y in zip(a[1:], b[1:], strict=True)):
        return True
    if a[0] != b[0] and ((a[0] and b[0]) or not proven):
        return True
    return not proven and _another_word(one, other)


@lru_cache(maxsize=65536)
def _marks(name: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The numbers, sides and places that a name names."""
    tokens = name.split()
    numbers = {one.lstrip("0") or "0" for one in _DIGITS.findall(name)} | (_NUMERALS & set(name))
    numbers |= {_ORDINALS.get(one, one) for one in tokens if one in _ORDINALS or _single(one)}
    sides = {_SIDES[one] for one in (*tokens, *name) if one in _SIDES and (len(one) > 1 or not one.isascii())}
    places = {one.city or one.province for one in named(name)}
    return frozenset(numbers), frozenset(sides), frozenset(places)


def _single(token: str) -> bool:
    return len(token) == 1 and token.isascii()


def _another_word(one: str, other: str) -> bool:
    """Whether words of one stand where the other has quite different ones."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein

    left, right = Counter(one.split()), Counter(other.split())
    mine, yours = " ".join(sorted((left - right).elements())), " ".join(sorted((right - left).elements()))
    if mine.isascii() and yours.isascii():
        return bool(mine and yours) and fuzz.ratio(mine, yours) < _TYPO
    blocks: list[tuple[int, int]] = [(0, 0)]
    for edit in Levenshtein.opcodes(mine, yours):
        if edit.tag == "equal":
            blocks.append((0, 0))
        else:
            gone, come = blocks[-1]
            blocks[-1] = gone + edit.src_end - edit.src_start, come + edit.dest_end - edit.dest_start
    return any(gone and come and max(gone, come) > 1 for gone, come in blocks)
