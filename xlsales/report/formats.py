"""How numbers are shown: one unit per column of figures, and the same numbers in words.

Cells hold values already divided by their unit, so what is seen is what is filtered and copied.
Sentences choose a unit for each number. Blank (None, NaN, NA, infinite) is shown as ``–``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from string import Formatter
from typing import TYPE_CHECKING, Any

from xlsales.language import gap, text
from xlsales.report.blocks import Run
from xlsales.report.traced import naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsales.language import Language
    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Sentence, Tone

BLANK = "–"

_MONEY: dict[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万"), (1, "元")),
    "en": ((1e6, "¥M"), (1e3, "¥k"), (1, "¥")),
}
"""Units of money, largest first: divisor and label."""
_STEPS = (1e8, 1e4)
"""In both languages a column takes the large unit from 100 million on, the middle one from 10 thousand on."""


@dataclass(frozen=True)
class Resolved:
    """A column's unit. A raw value divided by ``divisor`` is what its cells hold.

    ``unit`` belongs in the header ("" where there is none); ``num_format`` and ``signed`` are Excel
    number formats, the latter with a plus on gains.
    """

    divisor: float
    unit: str
    num_format: str
    signed: str

    def scaled(self, value: Any) -> Any:
        """The value as the cell holds it: blank as None, text and dates as they are."""
        if is_blank(value):
            return None
        if isinstance(value, str | date):
            return value
        return float(value) if self.divisor == 1 else float(value) / self.divisor


def is_blank(value: object) -> bool:
    """Whether there is nothing to show: None, NaN, NaT, NA or an infinite number."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return not math.isfinite(value)  # type: ignore[arg-type]
    except TypeError:
        return False


def largest_of(values: Iterable[object]) -> float:
    """The largest amount among the numbers, signs apart; 0 where there is none."""
    return max((abs(number) for number in _numbers(values)), default=0.0)


def resolve(format: Format, values: Iterable[object], lang: Language) -> Resolved:
    """The unit and number formats for a column that holds ``values``, chosen from the largest of them."""
    values = list(values)
    largest = largest_of(values)
    if format == "money":
        return money_unit(_MONEY[lang][_step(largest)][0], largest, lang)
    if format == "percent":
        return _resolved(1, "", "0.0%")
    if format == "points":
        return _resolved(0.01, text(lang, "formats.points_unit"), "0.0")
    if format == "number":
        return _resolved(1, "", "#,##0.0")
    if format in ("count", "days"):
        whole = all(number == round(number) for number in _numbers(values))
        unit = text(lang, "formats.days_unit") if format == "days" else ""
        return _resolved(1, unit, "#,##0" if whole else "#,##0.0")
    if format == "date":
        return Resolved(1, "", *(["yyyy-mm-dd"] * 2 if lang == "zh" else ["d mmm yyyy"] * 2))
    return Resolved(1, "", "@", "@")


def money_unit(divisor: float, largest: float, lang: Language) -> Resolved:
    """The money unit with this divisor, with as many decimals as ``largest`` needs for three digits."""
    unit = next(label for size, label in _MONEY[lang] if size == divisor)
    if divisor == 1:
        return _resolved(1, unit, "#,##0")
    scaled = largest / divisor
    few = 1 if lang == "zh" or divisor == 1e6 else 0
    decimals = 2 if divisor == 1e8 or scaled < 10 else max(few, 1 if scaled < 100 else 0)
    return _resolved(divisor, unit, "#,##0." + "0" * decimals if decimals else "#,##0")


def exact_unit(values: Iterable[object], lang: Language) -> Resolved:
    """Money that is not scaled: whole, or with cents where an amount would show as nothing without them."""
    _, unit = _MONEY[lang][-1]
    cents = any(0 < abs(number) < 1 for number in _numbers(values))
    return _resolved(1, unit, "#,##0.00" if cents else "#,##0")


def header(title: str, unit: str, lang: Language) -> str:
    """A column's title with its unit: 目标（万）, Target (¥k)."""
    return text(lang, "formats.header", title=title, unit=unit) if unit else title


def money_label(unit: Resolved, lang: Language) -> str:
    """The money unit by itself, beside a chart or list: 万元, 元, ¥k."""
    return unit.unit if lang == "en" or unit.divisor == 1 else f"{unit.unit}元"


def say(value: object, format: Format, lang: Language, signed: bool = False) -> str:
    """A value as words in a sentence: 386.4万, ¥3.86M, 94.2%, -4.2 个百分点, 46 days, Oct 2026."""
    return naming(_said(value, format, lang, signed), value)


def _said(value: object, format: Format, lang: Language, signed: bool) -> str:
    if is_blank(value):
        return BLANK
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d") if lang == "zh" else f"{value.day} {value:%b %Y}"
    if isinstance(value, str):
        return _month(value, lang) if format == "month" else value
    number = float(value)  # type: ignore[arg-type]
    if format == "money":
        return _say_money(number, lang, signed)
    if format == "percent":
        return _digits(number * 100, 1, signed) + "%"
    if format == "points":
        return text(lang, "formats.points", number=_digits(number * 100, 1, signed))
    if format == "days":
        digits = _digits(number, 0 if number == round(number) else 1, signed)
        return text(lang, "formats.day" if abs(number) == 1 else "formats.days", number=digits)
    return _digits(number, 0 if format == "count" else 1, signed)


def least_seen(num_format: str) -> float:
    """The smallest value that the format shows as something else than zero."""
    decimals = len(re.match(r"[^;.]*\.?(0*)", num_format)[1])  # type: ignore[index]
    return float(f"5e-{decimals + 1 + 2 * ('%' in num_format)}")


def shown(value: object, num_format: str, divisor: float = 1) -> str:
    """What Excel shows for a raw value in one of the number formats of this module."""
    if is_blank(value):
        return ""
    if isinstance(value, date):
        return value.isoformat() if num_format.startswith("y") else f"{value.day} {value:%b %Y}"
    if isinstance(value, str) or num_format == "@":
        return str(value)
    positive = num_format.split(";")[0]
    percent = positive.endswith("%")
    decimals = len(positive.rstrip("%").partition(".")[2])
    number = float(value) / divisor * (100 if percent else 1)  # type: ignore[arg-type]
    words = _digits(number, decimals, positive.startswith("+")) + ("%" if percent else "")
    return naming(words, value)


def arrow(value: float | None) -> str:
    """The direction of a change: ▲, ▼, or – for none and blank."""
    if is_blank(value) or not value:
        return BLANK
    return "▲" if value > 0 else "▼"


def change(value: float | None, format: Format, lang: Language, good_up: bool = True) -> Run:
    """A change with arrow and sign, in the colour of its judgement: ``▼ -3.1%``, or ``– 0.0%``."""
    if value is None or is_blank(value):
        return Run(BLANK)
    said = say(value, format, lang, signed=True)
    if not any(digit in said for digit in "123456789"):
        return Run(f"{BLANK} " + said, "strong")
    return Run(f"{arrow(value)} " + said, judgement(value, good_up))


def judgement(value: float | None, good_up: bool = True) -> Tone:
    """good, bad, or strong where nothing moved."""
    if value is None or is_blank(value) or not value:
        return "strong"
    return "good" if (value > 0) == good_up else "bad"


def sentence(template: str, /, **facts: str | Run | Sentence) -> Sentence:
    """Wording with its facts as runs: ``"{month}销售额 **{sales}**，环比 {mom}"``, spaced as ``text`` does.

    ``**`` opens and closes a strong stretch. A fact given as text takes the tone of the place it
    stands in; a fact given as a run or runs keeps its own. Marks within facts are plain text.
    """
    runs: list[Run] = []
    tone: Tone = "plain"

    def add(pieces: Sentence) -> None:
        space = gap(runs[-1].text, pieces[0].text) if runs and pieces else ""
        runs.extend((Run(space, tone), *pieces) if space else (one for one in pieces if one.text))

    for literal, field, _, _ in Formatter().parse(template):
        for index, piece in enumerate(literal.split("**")):
            if index:
                tone = "plain" if tone == "strong" else "strong"
            add((Run(piece, tone),))
        if field is not None:
            fact = facts[field]
            add((Run(fact, tone),) if isinstance(fact, str) else (fact,) if isinstance(fact, Run) else fact)
    if tone != "plain":
        raise ValueError(f"unbalanced ** in {template!r}")
    return _joined(runs)


def _joined(runs: list[Run]) -> Sentence:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].tone == run.tone:
            joined[-1] = Run(joined[-1].text + run.text, run.tone)
        elif run.text:
            joined.append(run)
    return tuple(joined)


def _numbers(values: Iterable[Any]) -> list[float]:
    return [float(value) for value in values if not is_blank(value) and not isinstance(value, str | date)]


def _step(largest: float) -> int:
    return next((index for index, size in enumerate(_STEPS) if largest >= size), len(_STEPS))


def _resolved(divisor: float, unit: str, plain: str) -> Resolved:
    return Resolved(divisor, unit, plain, f"+{plain};-{plain};{plain}")


def _digits(number: float, decimals: int, signed: bool = False) -> str:
    """Rounded half away from zero as Excel does; what rounds to zero has no sign."""
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if not rounded:
        return f"{abs(rounded):,}"
    return f"{rounded:+,}" if signed else f"{rounded:,}"


def _say_money(number: float, lang: Language, signed: bool) -> str:
    if lang == "zh":
        divisor, unit = _MONEY["zh"][_step(abs(number))]
        return _digits(number / divisor, {"亿": 2, "万": 1}.get(unit, 0), signed) + unit
    divisor, letter, decimals = 1.0, "", 0
    if abs(number) >= 1e6:
        divisor, letter, decimals = 1e6, "M", 2
    elif abs(number) >= 1e4:
        divisor, letter = 1e3, "k"
    digits = _digits(number / divisor, decimals, signed)
    sign = digits[0] if digits[0] in "+-" else ""
    return f"{sign}¥{digits.removeprefix(sign)}{letter}"


def _month(month: str, lang: Language) -> str:
    year, _, number = month.partition("-")
    if not (year.isdigit() and number.isdigit()):
        return month
    return f"{year}年{int(number)}月" if lang == "zh" else date(int(year), int(number), 1).strftime("%b %Y")
