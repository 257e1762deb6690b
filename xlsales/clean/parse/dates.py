"""Days as people, systems and Excel write them. The weekday is dropped; the time of day but by ``moments``.

``3/1/26`` is read by the order that reads most of its column: one 13 in first or second place decides it
for all. Where nothing decides, it is month/day/year, and the column is reported.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from xlsales.clean.parse._distinct import Reading, narrow
from xlsales.clean.parse.placeholder import DAYS

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
"""Days outside are placeholders (1900-01-01, 9999-12-31) or slips, not business."""

_SERIAL_ZERO = date(1899, 12, 30)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_USUAL = re.compile(r"[0-9]{4}([-/])[0-9]{2}\1[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
_TIME = re.compile(
    r"[ t]*(?P<before>上午|下午|凌晨|早上|中午|晚上)?[ ]*(?P<h>[0-9]{1,2})[:时点](?P<m>[0-9]{1,2})"
    r"(?:[:分](?P<s>[0-9]{1,2})(?:[.,][0-9]+)?)?[秒分]?[ ]*(?P<after>[ap]\.?m\.?|上午|下午)?"
    r"[ ]*(?:z|utc|gmt|[+-][0-9]{2}:?[0-9]{2})?$"
)
_LATE = ("下午", "晚上", "中午", "p")
_EARLY = ("上午", "凌晨", "早上", "a")
_WEEKDAY = re.compile(
    r"[ (,]*(?:星期|周|礼拜)[一二三四五六日天]\)?|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+"
    r"|\((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\)$"
)
_LOOSE_SPACE = re.compile(r" *([-/.年月日号]) *")

_ORDERED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})",
        r"(?P<y>[0-9]{4}|[0-9]{2})年(?P<m>[0-9]{1,2})月(?:(?P<d>[0-9]{1,2})[日号]?)?",
        r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        r"(?P<y>[0-9]{4})[-/](?P<m>[0-9]{1,2})",
        r"(?P<y>[0-9]{4})\.(?P<m>[0-9]{2}|[2-9])",  # not 2026.1, which a number cell makes of 2026.10
        r"(?P<y>(?:19|20)[0-9]{2})(?P<m>0[1-9]|1[0-2])",
        r"(?P<m>[0-9]{1,2})[-/](?P<y>[0-9]{4})",
        r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[-/. ]?(?P<name>[a-z]{3,9})[-/., ]*(?P<y>[0-9]{4}|[0-9]{2})",
        r"(?P<name>[a-z]{3,9})[-/. ]?(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[-/, ]+(?P<y>[0-9]{4})",
        r"(?P<name>[a-z]{3,9})[-/., ]*(?P<y>[0-9]{4})",
        r"(?P<name>[a-z]{3,9})-(?P<y>[0-9]{2})",
        r"(?P<y>[0-9]{4})[-/. ](?P<name>[a-z]{3,9})(?:[-/. ](?P<d>[0-9]{1,2}))?",
    )
)
"""Texts that say themselves which part is which. Without a day it is the first of the month."""
_UNORDERED = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{1,2})")
UNORDERED = r"[0-9]{1,2} *[-/.] *[0-9]{1,2} *[-/.] *[0-9]"
"""How such a text begins, for engines."""
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")

Triple = tuple[int, int, int]
MONTH_FIRST = "m/d/y"
_ORDERS: dict[str, Triple] = {MONTH_FIRST: (2, 0, 1), "d/m/y": (2, 1, 0), "y/m/d": (0, 1, 2)}
"""Where year, month and day stand among three bare numbers; the first is taken when nothing decides."""


def dates(texts: list[str]) -> Reading:
    """Days. One that does not exist or lies outside ``FIRST``..``LAST`` is impossible, else unreadable."""
    bare = [_bare(one) for one in texts]
    triples: dict[str, Triple] = {}
    unordered: dict[str, tuple[str, str, str]] = {}
    days: dict[str, date | None] = {}
    for one in dict.fromkeys(bare):
        if triple := _triple(one):
            triples[one] = triple
        elif found := _UNORDERED.fullmatch(one):
            unordered[one] = (found[1], found[3], found[4])
        elif found := _SERIAL.fullmatch(one):
            days[one] = _within(_SERIAL_ZERO + timedelta(days=int(found[1])))
    order, certain = _settle(list(unordered.values()))
    triples |= {one: _ordered(parts, order) for one, parts in unordered.items()}
    days |= {one: _day(triple) for one, triple in triples.items()}

    values = [days.get(one) for one in bare]
    faults = [(_fault(triples.get(one)), at, "") for at, one in enumerate(bare) if values[at] is None]
    guessed = [] if certain else [at for at, one in enumerate(bare) if one in unordered and values[at]]
    return Reading(values, faults, [("ambiguous_dates", guessed, f"{values[guessed[0]]}")] if guessed else [])


def order_of(texts: list[str]) -> str | None:
    """The order that bare triples among the texts of a column prove, None where they prove none."""
    found = filter(None, map(_UNORDERED.fullmatch, dict.fromkeys(map(_bare, texts))))
    triples = [(one[1], one[3], one[4]) for one in found]
    if not triples:
        return None
    order, _ = _settle(triples)
    read = {one: sum(_day(_ordered(parts, one)) is not None for parts in triples) for one in _ORDERS}
    rivals = [n for one, n in read.items() if one not in (order, "y/m/d")]
    return order if order == "y/m/d" or read[order] > max(rivals) else None


def moments(texts: list[str]) -> Reading:
    """Days as ``dates`` reads them, with the time of day where one is written, as the clock there has it."""
    reading = dates(texts)
    pairs = zip(reading.values, texts, strict=True)
    return replace(reading, values=[day and datetime.combine(day, _clock(one)) for day, one in pairs])


def _clock(text: str) -> time:
    """The time of day of a text, to the second; midnight where none is written or none can be meant."""
    text = narrow(text).casefold().strip()
    if found := _SERIAL.fullmatch(text):
        minutes, seconds = divmod(min(round(float(found[2] or 0) * 86_400), 86_399), 60)
        return time(minutes // 60, minutes % 60, seconds)
    found = _TIME.search(text)
    if found is None:
        return time.min
    hour, minute, second = (int(found[name] or 0) for name in "hms")
    half = found["before"] or found["after"] or ""
    if hour < 12 and half.startswith(_LATE) and not (half == "中午" and hour == 11):
        hour += 12
    elif hour == 12 and half.startswith((*_EARLY, "晚上")):
        hour = 0
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else time.min


def _fault(triple: Triple | None) -> str:
    """Why a text is no day; a day with which a calendar begins or ends stands for none."""
    return "unreadable_date" if triple is None else "placeholder" if triple in DAYS else "impossible_date"


def _bare(text: str) -> str:
    """The day part of a text in one spelling of width, case and spaces."""
    if _USUAL.fullmatch(text):
        return text[:10]
    text = _TIME.sub("", narrow(text).casefold())
    text = _WEEKDAY.sub("", text)
    return _LOOSE_SPACE.sub(r"\1", text).strip()


def _triple(text: str) -> Triple | None:
    for pattern in _ORDERED:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            month = _month(parts["name"]) if "name" in parts else int(parts["m"])
            return None if month is None else _full(parts["y"], month, int(parts.get("d") or 1))
    return None


def _month(name: str) -> int | None:
    name = "sep" if name == "sept" else name
    return next((at for at, full in enumerate(_MONTHS, 1) if name in (full, full[:3])), None)


def _day(triple: Triple) -> date | None:
    year, month, day = triple
    try:
        return _within(date(year, month, day))
    except ValueError:
        return None


def _within(day: date) -> date | None:
    return day if FIRST <= day <= LAST else None


def _ordered(parts: tuple[str, str, str], order: str) -> Triple:
    year, month, day = (parts[place] for place in _ORDERS[order])
    return _full(year, int(month), int(day)) if len(year) > 1 else (0, 0, 0)


def _full(year: str, month: int, day: int) -> Triple:
    """Two digits are a year of this century, four are none of it in 0001-01-01, and 00/00/00 is no day."""
    known = int(year)
    return known + 2000 if len(year) == 2 and (known or month or day) else known, month, day


def _settle(triples: list[tuple[str, str, str]]) -> tuple[str, bool]:
    """The order of a column's bare triples, and whether they prove it.

    The year stands first only where that puts the days closer together than any other reading of as many.
    """
    read = {order: [_day(_ordered(parts, order)) for parts in triples] for order in _ORDERS}
    found = {order: [day for day in days if day] for order, days in read.items()}
    most = max(map(len, found.values()))
    best = [order for order in _ORDERS if len(found[order]) == most]
    spans = {order: max(found[order]) - min(found[order]) for order in best if found[order]}
    year_first = "y/m/d" in spans and all(
        spans["y/m/d"] < span for order, span in spans.items() if order != "y/m/d"
    )
    order = "y/m/d" if year_first else best[0]
    rivals = best if year_first else [one for one in best if one != "y/m/d"]
    return order, most == len(triples) and all(read[one] == read[order] for one in rivals)
