"""What a header says once its spelling is set aside, and the unit that it names beside it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = re.compile(r"[(\[【〔<{]([^()\[\]【】〔〕<>{}]*)[)\]】〕>}]")
_TAIL = re.compile(r"(?:[/:_\s,-]+(\S{1,7})|(百万元|千万元|万元|千元|亿元))$")
_CURRENCY = re.compile(r"人民币|单位|rmb|cny|usd|hkd|eur|gbp|us\$|元|[¥$€£:\s']")
_SCALES = {
    "": 1.0,
    "k": 1e3, "000": 1e3, "000s": 1e3, "thousand": 1e3, "thousands": 1e3, "千": 1e3,
    "m": 1e6, "mn": 1e6, "mm": 1e6, "million": 1e6, "millions": 1e6, "百万": 1e6,
    "万": 1e4, "千万": 1e7, "亿": 1e8, "千人": 1e3, "万人": 1e4, "百万人": 1e6, "bn": 1e9, "billion": 1e9,
}  # fmt: skip
_REMARK = re.compile(
    r"必填|选填|可选|required|optional|[个件人次节天单台套份名位]|课时|小时|[ymdhs年月日时分秒/: -]+"
)
_STATED = re.compile(r"(?:单位|unit|in)\s*[::]?\s*([^\s,;)】\]]+)")


@lru_cache(maxsize=65536)
def key(header: str) -> str:
    """The header without width, case, spaces, punctuation and units: ``金 额（元）`` is ``金额``.

    ``%`` and ``#`` stay, since ``Discount %`` is not ``Discount``.
    """
    return _key(read_unit(header)[0])


@lru_cache(maxsize=65536)
def read_unit(header: str) -> tuple[str, float | None]:
    """The header without its unit and what that unit multiplies by: ``金额(万元)`` is 金额 and 10000.

    The factor is None where no unit is named. Remarks of import templates (必填, yyyy-mm-dd) go too.
    """
    text = unicodedata.normalize("NFKC", header).casefold().strip()
    scale = None
    for bracket in _BRACKETS.finditer(text):
        factor = _factor(bracket[1])
        if factor is not None or _REMARK.fullmatch(bracket[1].strip()):
            text = text.replace(bracket[0], " ").strip()
            scale = factor if factor is not None else scale
    while (
        (tail := _TAIL.search(text)) and tail.start() and (factor := _factor(tail[1] or tail[2])) is not None
    ):
        text, scale = text[: tail.start()], factor * (scale or 1)
    return text, scale


def stated_unit(title: str) -> float | None:
    """The factor that a title row states for the whole sheet: ``单位：万元`` is 10000."""
    stated = _STATED.search(unicodedata.normalize("NFKC", title).casefold())
    return _factor(stated[1]) if stated else None


def _factor(unit: str) -> float | None:
    """What a unit of money multiplies by, None when the text is no unit of money."""
    bare = _CURRENCY.sub("", unit)
    return _SCALES.get(bare) if unit.strip() else None


def _key(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c in "%#")
