"""Money, counts and percentages as people and systems write them.

Which mark is the decimal one is settled per column: ``1,234`` and ``1.234`` say it of nothing, so the
texts that do say it (``12.5``, ``1.234,56``, ``1,234,567``) vote for all. Where they contradict each
other, as in a file that went through the wrong locale, whatever the vote would have to decide stays unread.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from xlsales.clean.parse._distinct import Reading, narrow

if TYPE_CHECKING:
    from collections.abc import Iterable

Mark = Literal[".", ","]

TOLERATED = 0.05
"""Votes against the majority up to this share are slips of the hand; more contradict the column."""

LARGEST_FRACTION = 2.0
"""In a column of fractions, a number without % beyond this (200 %) cannot be told from percentage points."""

UNITS = {
    "k": 1_000, "千": 1_000, "w": 10_000, "万": 10_000, "m": 1_000_000, "百万": 1_000_000,
    "千万": 10_000_000, "亿": 100_000_000,
}  # fmt: skip
CURRENCIES = {
    "¥": "CNY", "rmb": "CNY", "cny": "CNY", "人民币": "CNY", "元": "CNY", "$": "USD", "us$": "USD",
    "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
}  # fmt: skip


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_LOOKALIKES = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "’": "'"})
_GROUP_SPACE = re.compile(r"(?<=[0-9])[ '](?=[0-9]{3}(?![0-9]))")
_SPACE = re.compile(r"(?<![0-9]) | (?![0-9])")
_PLAIN = re.compile(r"(-?)([0-9]+(?:\.[0-9]+)?)")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,2}")
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)(?P<before>{_any(CURRENCIES)})?(?P<open>\()?(?P<inner>[+-]?)(?P<inside>{_any(CURRENCIES)})?"
    rf"(?P<digits>[.,]?[0-9][0-9.,]*)(?P<unit>{_any(UNITS)})?(?P<after>{_any(CURRENCIES)})?(?P<trailing>-?)(?P<close>\))?"
)
_SHAPES: tuple[tuple[re.Pattern[str], Mark | None], ...] = (
    (re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}"), None),
    (re.compile(r"[0-9]*\.[0-9]*"), "."),
    (re.compile(r"[0-9]*,[0-9]*"), ","),
    (re.compile(r"[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}(\.[0-9]*)?"), "."),
    (re.compile(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*)?"), ","),
)
"""Digits with marks, and the decimal mark they prove; None where they prove neither. First match counts."""


@dataclass(frozen=True)
class Number:
    """One text taken apart: its digits with their marks, the decimal mark they prove, and all around them."""

    digits: str
    negative: bool = False
    mark: Mark | None = None
    unit: int | None = None
    currency: str = ""

    def value(self, column: Mark | None, scale: float) -> float | None:
        """The number under the column's decimal mark; None when it is not one under it."""
        mark = self.mark or column
        if not self.digits.isdigit():
            proven = "." in self.digits and (self.mark == "." or "," in self.digits)
            if mark is None or (mark != column and not proven):
                return None
        digits = (
            self.digits.replace(",", "") if mark != "," else self.digits.replace(".", "").replace(",", ".")
        )
        factor = scale if self.unit is None else self.unit
        size = float(digits) if factor == 1 else float(Decimal(digits) * Decimal(str(factor)))
        if not math.isfinite(size):
            return None
        return -size if self.negative else size


def take_apart(text: str) -> Number | None:
    """The number in ``text``, None when it is none. Brackets, or a minus before or behind, are negative."""
    plain = _PLAIN.fullmatch(text)
    if plain:
        return _shaped(plain[2], plain[1] == "-", None, "")
    text = text.casefold() if text.isascii() else narrow(text).casefold().translate(_LOOKALIKES)
    if " " in text or "'" in text:
        text = _SPACE.sub("", _GROUP_SPACE.sub("", text))
    if _SCIENTIFIC.fullmatch(text):
        return Number(f"{Decimal(text.lstrip('+-')):f}", text[0] == "-", ".")
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    signs = found["sign"] + found["inner"] + found["trailing"]
    bracketed = found["open"] is not None
    currencies = {CURRENCIES[found[name]] for name in ("before", "inside", "after") if found[name]}
    if bracketed != (found["close"] is not None) or len(signs) + bracketed > 1 or len(currencies) > 1:
        return None
    unit = UNITS[found["unit"]] if found["unit"] else 1 if found["after"] == "元" else None
    return _shaped(found["digits"], bracketed or signs == "-", unit, "".join(currencies))


def _shaped(digits: str, negative: bool, unit: int | None, currency: str) -> Number | None:
    if digits.isdigit():
        return Number(digits, negative, None, unit, currency)
    for pattern, mark in _SHAPES:
        if pattern.fullmatch(digits):
            return Number(digits, negative, mark, unit, currency)
    return None


def column_mark(numbers: list[Number | None]) -> Mark | None:
    """The decimal mark that the column's own texts prove, ``.`` when none does; None when they contradict."""
    points = sum(1 for one in numbers if one and one.mark == ".")
    commas = sum(1 for one in numbers if one and one.mark == ",")
    return decimal_mark(points, commas)


def decimal_mark(points: int, commas: int) -> Mark | None:
    """The decimal mark for which so many texts vote; None when they contradict each other."""
    if commas <= TOLERATED * (points + commas):
        return "."
    return "," if points <= TOLERATED * (points + commas) else None


def numbers(texts: list[str], scale: float = 1.0) -> Reading:
    """Money in its main unit, and counts. ``scale`` multiplies what carries no unit (万, k) itself."""
    found = [take_apart(one) for one in texts]
    mark = column_mark(found)
    values = [one and one.value(mark, scale) for one in found]
    faults = [(_fault(one), at, "") for at, one in enumerate(found) if values[at] is None]
    notes: list[tuple[str, list[int], str]] = []
    marked = [
        at for at, one in enumerate(found) if one and values[at] is not None and not one.digits.isdigit()
    ]
    if mark == "," and marked:
        notes.append(("decimal_comma", marked, f"{values[marked[0]]:.12g}"))
    signed = [at for at, one in enumerate(found) if one and one.currency]
    if len({one.currency for one in found if one and one.currency}) > 1:
        notes.append(
            ("mixed_currencies", signed, " / ".join(sorted({one.currency for one in found if one} - {""})))
        )
    return Reading(values, faults, notes)


def aims(texts: list[str], scale: float = 1.0) -> Reading:
    """Money and counts as ``numbers`` reads them, and among them shares: ``95%`` is 0.95, whatever the scale.

    A share beyond 200 % is left unread: without its sign it could not be told from percentage points.
    """
    signed = [at for at, one in enumerate(texts) if narrow(one).rstrip().endswith("%")]
    plain = [narrow(one).rstrip().removesuffix("%") if at in signed else one for at, one in enumerate(texts)]
    found = numbers(plain, scale)
    values, faults = list(found.values), list(found.faults)
    for at in signed:
        value = values[at]
        values[at] = (
            None if value is None or abs(value) / scale > 100 * LARGEST_FRACTION else value / scale / 100
        )
        if value is not None and values[at] is None:
            faults.append(("unclear_percent", at, ""))
    return Reading(values, faults, found.notes)


def percent(texts: list[str]) -> Reading:
    """Shares as fractions: ``35%`` and ``0.35`` are 0.35.

    A column without a sign or a fraction is in percentage points. In a column that has them, a bare 35 is
    neither 0.35 nor 35 for certain, and is left unread.
    """
    narrowed = [narrow(one).rstrip() for one in texts]
    found = [take_apart(one.removesuffix("%")) for one in narrowed]
    mark = column_mark(found)
    bare = [at for at, one in enumerate(narrowed) if not one.endswith("%") and found[at]]
    sizes = {at: abs(one.value(mark, 1.0) or 0.0) for at in bare if (one := found[at])}
    points = bool(_in_points(sizes.values(), signed=any(one.endswith("%") for one in narrowed)))

    values: list[float | None] = []
    faults: list[tuple[str, int, str]] = []
    for at, one in enumerate(found):
        unclear = not points and sizes.get(at, 0.0) > LARGEST_FRACTION
        values.append(
            None if one is None or unclear else one.value(mark, 0.01 if points or at not in sizes else 1.0)
        )
        if unclear:
            faults.append(("unclear_percent", at, f"{narrowed[at]}%"))
        elif values[at] is None:
            faults.append((_fault(one), at, ""))
    return Reading(values, faults, [("percent_points", bare, f"{values[bare[0]]:.12g}")] if points else [])


def in_points(texts: list[str]) -> bool | None:
    """Whether a column of shares is in percentage points, None where none of its texts says so."""
    narrowed = [narrow(one).rstrip() for one in texts]
    found = [take_apart(one.removesuffix("%")) for one in narrowed]
    mark = column_mark(found)
    bare = [one for one, text in zip(found, narrowed, strict=True) if one and not text.endswith("%")]
    sizes = [abs(one.value(mark, 1.0) or 0.0) for one in bare]
    return _in_points(sizes, signed=len(bare) < sum(one is not None for one in found))


def _in_points(sizes: Iterable[float], *, signed: bool) -> bool | None:
    """As ``in_points``, of the numbers without a sign and whether others have one."""
    known = list(sizes)
    if signed or any(0 < size < 1 for size in known):
        return False
    return True if any(size > LARGEST_FRACTION for size in known) else None


def _fault(number: Number | None) -> str:
    return "unreadable_number" if number is None else "mixed_marks"
