"""Numbers and days that people and systems put where they know nothing; for words see ``_distinct``."""

from __future__ import annotations

import re

from xlsales.clean.parse._distinct import narrow

PHONES = frozenset({
    "13800000000", "13800138000", "13900000000", "12345678901", "13888888888", "18888888888", "13999999999",
    "13812345678", "12345678", "1234567890", "8613800000000", "8613800138000",
})  # fmt: skip
"""Numbers that are typed to get past a form, besides those of a single digit."""
DAYS = frozenset({
    (1899, 12, 30), (1899, 12, 31), (1900, 1, 0), (1900, 1, 1), (1900, 1, 2), (1901, 1, 1), (1, 1, 1),
    (0, 0, 0), (1753, 1, 1), (1970, 1, 1), (9999, 12, 31),
})  # fmt: skip
"""Year, month, day: where the calendars of systems begin and end."""
_RUNS = {digit * n for digit in "0123456789" for n in range(7, 13)}
DOUBTFUL = PHONES | _RUNS | {"0" * n for n in range(1, 16)} | {"0.0"}
"""All of these as texts in lower case, so that an engine finds whether a column has any."""

_ZEROS = re.compile(r"0+(?:\.0+)?")
_ONE_DIGIT = re.compile(r"([0-9])\1{6,}")


def zeros(texts: list[str]) -> list[int]:
    """Which ids are nothing but zeros, unless the ids count from there: 000 beside 001 is an id."""
    found = [at for at, one in enumerate(texts) if one[0] == "0" and _ZEROS.fullmatch(one)]
    known = set(texts) if found else set()
    return [at for at in found if f"{texts[at].partition('.')[0][:-1]}1" not in known]


def phones(texts: list[str]) -> list[int]:
    """Which numbers nobody has: 13800000000, 12345678901, one digit over and over."""
    bare = [re.sub(r"[\s()+-]", "", narrow(one)) for one in texts]
    return [at for at, one in enumerate(bare) if one in PHONES or _ONE_DIGIT.fullmatch(one)]
