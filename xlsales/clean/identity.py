"""Names, numbers and ids of people and companies in one spelling each, so that equal ones are equal."""

from __future__ import annotations

import re

from xlsales.clean.parse._distinct import narrow, tidy
from xlsales.clean.parse.text import ids

_BRACKETS = re.compile(r"[()\[\]{}<>《》“”\"'‘’【】〔〕]")
_FORMS = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|控股有限公司|有限公司|责任公司|股份公司|总公司|分公司|"
    r"公司|\b(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|plc|gmbh|ag|sa|bv|pte|pty)\b)$"
)
_LATIN_STOPS = re.compile(r"[.,]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-9][0-9]{6,7})")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_NUMBER_CELL = re.compile(r"([0-9]+)\.0+")


def company(name: str) -> str | None:
    """A company's name without its legal form, brackets, spaces, case and width; None for a blank.

    晓光教育（北京）有限公司 and 晓光教育(北京) are one name, ``Acme Co., Ltd.`` and ``ACME`` are another. A
    Latin name keeps the spaces between its words. A name that is nothing but its form stays.
    """
    clean = tidy(name)
    if clean is None:
        return None
    plain = _BRACKETS.sub("", narrow(narrow(clean).casefold()))
    plain = " ".join(_LATIN_STOPS.sub(" ", plain).split())
    if not plain.isascii():
        plain = re.sub(r"(?<![a-z0-9]) | (?![a-z0-9])", "", plain)
    while (shorter := _FORMS.sub("", plain).strip()) != plain and shorter:
        plain = shorter
    return plain.upper() if plain.isascii() else plain


def phone(text: str) -> str | None:
    """A Chinese phone number: 11 digits of a mobile, 010-12345678 of a landline, 400-123-4567 of a service.

    +86, spaces, hyphens, width and the ".0" of a number cell are left out. None for anything else.
    """
    said = tidy(text)
    if said is None:
        return None
    digits = _NUMBER_CELL.sub(r"\1", re.sub(r"[\s()\-–—+·]", "", narrow(said)))
    digits = re.sub(r"^(?:0086|86)(?=1[3-9][0-9]{9}$|0|[1-9][0-9]{9,10}$)", "", digits)
    if not digits.isdigit():
        return None
    if _MOBILE.fullmatch(digits):
        return digits
    if _SERVICE.fullmatch(digits):
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    found = _LANDLINE.fullmatch(digits) or _LANDLINE.fullmatch(f"0{digits}")
    return f"{found[1]}-{found[2]}" if found else None


def record_id(text: str) -> str | None:
    """An id with its zeros, in one width and case, without spaces and the ".0" of a number cell.

    None for a blank, and for a number of which Excel has dropped digits (1.23E+17).
    """
    said = tidy(text)
    value = ids([re.sub(r"\s+", "", said)]).values[0] if said else None
    return None if value is None else str(value).upper()
