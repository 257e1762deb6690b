"""Places in China under one name: 浙江, 浙江省 and Zhejiang are one province, 杭州 lies in it.

A place is read from the front of the text, as addresses are written: 浙江省杭州市西湖区. What does not
begin with a place is none, so a street called 上海路 is not in Shanghai. The names are in ``regions.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from xlsales.clean.naming.chinese import simplified
from xlsales.clean.naming.identity import place_name
from xlsales.clean.parse._distinct import narrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CLEAR_MAJORITY = 2 / 3

_STREET = re.compile(r"[东西南北中]?(?:大道|路|街|道)")
_AREA = re.compile(r"(?:大区|地区|区域|区)$")
_DISTRICT = re.compile(r"(?:[\u4e00-\u9fff]{1,8}(?:(?<![校园社片小])区|县|旗|市|镇|乡|街道))*")
_KINDS = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)$")
_PEOPLES = re.compile(
    r"(?:朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|"
    r"哈萨克|柯尔克孜|蒙古族|蒙古)*(?:自治州|地区|林区|新区|盟)$"
)


@dataclass(frozen=True)
class Place:
    """A place by its full names; ``city`` is "" where only the province is known."""

    area: str
    province: str
    city: str = ""


def place(text: str, areas: Mapping[str, str] | None = None) -> Place | None:
    """The place that the text begins with; None where it begins with none.

    A city alone gives its province. Of 吉林, which is a province and a city in it, the province is meant,
    of 吉林市 the city. ``areas`` are the company's own large areas by city, province or usual area.
    """
    found = split(text)
    if found is None:
        return None
    where = found[0]
    own = areas or {}
    for name in (where.city, where.province, where.area):
        if mine := own.get(name) or own.get(_KINDS.sub("", name)):
            return replace(where, area=mine)
    return where


def split(text: str) -> tuple[Place, str] | None:
    """The place that the text begins with, and what follows: 浙江省杭州市西湖区 is 杭州市 and 西湖区."""
    said = re.sub(r"[\s·,，、/_\-]+", "", simplified(narrow(text)))
    said = said.removeprefix("中华人民共和国").removeprefix("中国")
    provinces, cities = _names()
    if said.isascii():
        pinyin = provinces.get(said.casefold())
        return (pinyin, "") if pinyin else None
    found, city = _longest(said, provinces), _longest(said, cities)
    if found and len(found) >= len(city):
        rest = said[len(found) :]
        inside = {name: one for name, one in cities.items() if one.province == provinces[found].province}
        city = _longest(rest, inside)
        return (inside[city], rest[len(city) :]) if city else (provinces[found], rest)
    return (cities[city], said[len(city) :]) if city else None


def is_place(text: str) -> bool:
    """Whether the whole text is a place: an area, a province, a city, a district of one; no campus in it."""
    if _AREA.sub("", simplified(narrow(text)).strip()) in _areas():
        return True
    found = split(text)
    return found is not None and bool(_DISTRICT.fullmatch(found[1]))


def is_geography(texts: Iterable[str]) -> bool:
    """Whether a column of these texts names places: of its distinct forms, two thirds or more are some."""
    forms = {region(text) or text for text in texts}
    return bool(forms) and sum(map(is_place, forms)) >= CLEAR_MAJORITY * len(forms)


def region(name: str) -> str | None:
    """The form of a name in a column of places: 浙江, 浙江省 and Zhejiang are one."""
    plain = place_name(name)
    if plain is None or not is_place(plain):
        return plain
    if (area := _AREA.sub("", plain)) in _areas():
        return area
    found = split(plain)
    return plain if found is None else "".join(dict.fromkeys((found[0].province, found[0].city))) + found[1]


def named(text: str) -> frozenset[Place]:
    """The places whose Chinese names stand anywhere in the text, as in a company's name."""
    provinces, cities = _names()
    if text.isascii():
        return frozenset()
    return frozenset(provinces.get(one) or cities[one] for one in _anywhere().findall(text))


@cache
def _areas() -> frozenset[str]:
    return frozenset(one.area for one in _names()[0].values())


@cache
def _anywhere() -> re.Pattern[str]:
    provinces, cities = _names()
    spellings = [name for name in (*provinces, *cities) if not name.isascii()]
    return re.compile("|".join(sorted(spellings, key=lambda name: (-len(name), name))))


def _longest(said: str, names: dict[str, Place]) -> str:
    """The longest of the names that the text begins with; not where a street is named after it."""
    found = max((name for name in names if said.startswith(name)), key=len, default="")
    return "" if _STREET.match(said[len(found) :]) else found


@cache
def _names() -> tuple[dict[str, Place], dict[str, Place]]:
    """Every spelling of a province, and of a city."""
    provinces: dict[str, Place] = {}
    cities: dict[str, Place] = {}
    data = tomllib.loads(files("xlsales").joinpath("clean", "naming", "regions.toml").read_text("utf-8"))
    for entry in data["province"]:
        name, area = entry["name"], entry["area"]
        whole = Place(area, name, name if name[-1] == "市" else "")
        pinyin = entry["pinyin"].replace(" ", "").casefold()
        for spelling in (name, _KINDS.sub("", name), pinyin, f"{pinyin}province", f"{pinyin}city"):
            provinces[spelling] = whole
        for short in entry["cities"].split():
            full = short if _PEOPLES.search(short) else f"{short}市"
            for spelling in (full, short, _PEOPLES.sub("", short)):
                cities[spelling] = Place(area, name, full)
    return provinces, cities
