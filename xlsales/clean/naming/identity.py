"""Names, numbers and ids of people and companies in one spelling each, so that equal ones are equal."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from xlsales.clean.naming.chinese import simplified
from xlsales.clean.parse._distinct import narrow, tidy
from xlsales.clean.parse.text import ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BRACKETS = re.compile(r"[()\[\]{}<>《》“”\"'‘’【】〔〕]")
_FORMS = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|控股有限公司|有限公司|责任公司|股份公司|总公司|分公司|"
    r"公司|\b(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|plc|gmbh|ag|sa|bv|pte|pty)\b)$"
)
_LATIN_STOPS = re.compile(r"[.,]+")
_PERSON = re.compile(r"[\u3400-\u9fff]{2,4}")
_SYLLABLE = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|üe|er|[aoeiuüv]))"
)
_PINYIN = re.compile(rf"(?:{_SYLLABLE}|ouyang|zhuge|sima|shangguan) {_SYLLABLE}{{1,2}}", re.IGNORECASE)
_BARE = re.compile(r"[0-9\u4e00-\u9fff]{2,}(?<!公司)")
"""What most Chinese names are: width, case, spaces, brackets and legal form can take nothing off them."""
_LOOSE = re.compile(r"(?<![a-z0-9]) | (?![a-z0-9])")
_JOINTS = r"[\s\-_‐-―·]"
_BETWEEN_DIGITS = re.compile(rf"(?<=[0-9]){_JOINTS}+(?=[0-9])")
_ELSEWHERE = re.compile(rf"(?<![0-9]){_JOINTS}|{_JOINTS}(?![0-9])")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-9][0-9]{6,7})")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_NUMBER_CELL = re.compile(r"([0-9]+)\.0+")


def company(name: str) -> str | None:
    """A company's name without its legal form, brackets, spaces, case and width; None for a blank.

    晓光教育（北京）有限公司 and 曉光教育(北京) are one name, ``Acme Co., Ltd.`` and ``ACME`` are another. A
    Latin name keeps the spaces between its words. A name that is nothing but its form stays.
    """
    clean = tidy(name)
    if clean is None:
        return None
    plain = _BRACKETS.sub("", simplified(narrow(narrow(clean).casefold())))
    plain = " ".join(_LATIN_STOPS.sub(" ", plain).split())
    if not plain.isascii():
        plain = _LOOSE.sub("", plain)
    while (shorter := _FORMS.sub("", plain).strip()) != plain and shorter:
        plain = shorter
    return plain.upper() if plain.isascii() else plain


def is_person(name: str) -> bool:
    """Whether a name is that of a person: two to four Chinese characters that end in no legal form."""
    plain = "".join(narrow(name).split())
    return bool(_PERSON.fullmatch(plain)) and not _FORMS.search(plain)


def is_pinyin(name: str) -> bool:
    """Whether a name is that of a person in pinyin, the surname first: ``Liu Yurui``."""
    return bool(_PINYIN.fullmatch(" ".join(narrow(name).split())))


@lru_cache(maxsize=1 << 18)
def customer(name: str) -> str | None:
    """A customer's name for comparison: a person's as it is but for width and spaces, else ``company``."""
    if _BARE.fullmatch(name):
        return name if _PERSON.fullmatch(name) else simplified(name)
    return "".join(narrow(name).split()) if is_person(name) else company(name)


def words(name: str) -> str | None:
    """A name without width, case, and the spaces around Chinese; None for a blank."""
    clean = tidy(name)
    return None if clean is None else _LOOSE.sub("", " ".join(narrow(narrow(clean).casefold()).split()))


def label(name: str) -> str | None:
    """The name of a thing, in simplified characters and without spaces and hyphens; None for a blank.

    ``GTX Pro``, ``GTX-Pro`` and ``GTXPro`` are one thing. Between digits a space stays: 1-2 is not 12.
    """
    plain = words(name)
    if plain is None:
        return None
    return _ELSEWHERE.sub("", _BETWEEN_DIGITS.sub(" ", simplified(plain))) or plain


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


def place_name(name: str) -> str | None:
    """The name of a place, team or channel in simplified characters, without width, case and spaces."""
    plain = words(name)
    return None if plain is None else simplified(plain)


FORMS: Mapping[str, Callable[[str], str | None]] = {
    "customer": customer,
    "product": label,
    "region": place_name,
    "rep": words,
    "team": place_name,
    "channel": place_name,
}
"""The columns whose names are standardised, each with the form in which equal names are equal."""
