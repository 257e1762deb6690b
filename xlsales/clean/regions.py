"""Places in China under one name: 浙江, 浙江省 and Zhejiang are one province, 杭州 lies in it.

A place is read from the front of the text, as addresses are written: 浙江省杭州市西湖区. What does not
begin with a place is none, so a street called 上海路 is not in Shanghai. The names are in ``regions.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from xlsales.clean.parse._distinct import narrow

_STREET = re.compile(r"[东西南北中]?(?:大道|路|街|道)")
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


def place(text: str) -> Place | None:
    """The place that the text begins with; None where it begins with none.

    A city alone gives its province. Of 吉林, which is a province and a city in it, the province is meant,
    of 吉林市 the city.
    """
    said = re.sub(r"[\s·,，、/_\-]+", "", narrow(text))
    said = said.removeprefix("中华人民共和国").removeprefix("中国")
    provinces, cities = _names()
    if said.isascii():
        return provinces.get(said.casefold())
    found, city = _longest(said, provinces), _longest(said, cities)
    if found and len(found) >= len(city):
        inside = {name: one for name, one in cities.items() if one.province == provinces[found].province}
        city = _longest(said[len(found) :], inside)
        return inside[city] if city else provinces[found]
    return cities[city] if city else None


def _longest(said: str, names: dict[str, Place]) -> str:
    """The longest of the names that the text begins with; not where a street is named after it."""
    found = max((name for name in names if said.startswith(name)), key=len, default="")
    return "" if _STREET.match(said[len(found) :]) else found


@cache
def _names() -> tuple[dict[str, Place], dict[str, Place]]:
    """Every spelling of a province, and of a city."""
    provinces: dict[str, Place] = {}
    cities: dict[str, Place] = {}
    data = tomllib.loads(files("xlsales").joinpath("clean", "regions.toml").read_text("utf-8"))
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
