"""Names, places, numbers and dates as people write them, in one spelling."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from xlsales.clean.naming import identity, regions, similar
from xlsales.clean.naming.aliases import Alias
from xlsales.clean.naming.standards import standards as follow
from xlsales.errors import UsageError
from xlsales.excel.functions._declare import Example, choice, day, function, number, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@function(
    "XS_CLEAN_NAME",
    zh="客户名称归一：去掉公司形式、括号、空格，统一简繁、全半角和大小写；给出名称对照时，写成其标准名称。",
    en="A customer's name without legal form, brackets, spaces and case, or the standard name of a list.",
    usage="=XS_CLEAN_NAME(A2,$F$2:$F$99,$G$2:$G$99)",
    arguments=(
        text("customer", "客户名称", "the customer's name"),
        texts("aliases", "别名一列", "the list of aliases", ()),
        texts("standards", "别名对应的标准名称一列", "the list of their standard names", ()),
    ),
    example=Example(("曉光教育（北京）有限公司", None, None), "晓光教育北京"),
)
def clean_name(
    customer: str, aliases: Sequence[str | None] = (), standards: Sequence[str | None] = ()
) -> str | None:
    """See ``identity.customer`` and ``standards``."""
    form = identity.customer(customer)
    return _listed("customer", tuple(aliases), tuple(standards)).get(form or "", form)


@function(
    "XS_REGION",
    zh="把省市写法归一为标准名称：省份、城市或大区。认不出时留空。可给出名称对照，如 浙江 → 江浙沪大区。",
    en="A Chinese place as its standard province, city or large area, or as a list says; blank where none.",
    usage='=XS_REGION(A2,"area")',
    arguments=(
        text("place", "地址或地名，如 浙江杭州、杭州市", "an address or place, such as 浙江杭州 or Zhejiang"),
        choice("level", "要哪一级", "which level", ("province", "city", "area"), "province"),
        texts("aliases", "别名一列；求大区时是省市或大区", "the list of aliases; of places for areas", ()),
        texts("standards", "对应的标准名称一列", "the list of their standard names", ()),
    ),
    example=Example(("杭州市西湖区", "province", None, None), "浙江省"),
)
def region(
    place: str,
    level: str = "province",
    aliases: Sequence[str | None] = (),
    standards: Sequence[str | None] = (),
) -> str | None:
    """See ``regions.place``; what the list says of the text goes before it."""
    listed = _listed("region", tuple(aliases), tuple(standards))
    name = identity.place_name(place) or ""
    if level == "area":
        found = regions.place(place, listed)
        return found.area if found else listed.get(name)
    found = regions.place(listed.get(name, place))
    return (getattr(found, level) or None) if found else None


@lru_cache(maxsize=8)
def _listed(
    kind: str, aliases: tuple[str | None, ...], standards: tuple[str | None, ...]
) -> Mapping[str, str]:
    """The standard names by form, as ``clean`` reads them from an aliases sheet."""
    said = [
        Alias(kind, alias, name) for alias, name in zip(aliases, standards, strict=False) if alias and name
    ]
    return {form: name for form, (name, _) in follow(said, identity.FORMS[kind]).names.items()}


@function(
    "XS_PHONE",
    zh="电话归一：手机 11 位，座机 010-12345678，400-123-4567。不是电话则留空。",
    en="A Chinese phone number in one spelling: 11 digits, 010-12345678, 400-123-4567; blank for others.",
    usage="=XS_PHONE(A2)",
    arguments=(text("number", "电话号码", "the phone number"),),
    example=Example(("+86 138-0013-8000",), "13800138000"),
)
def phone(number: str) -> str | None:
    """See ``identity.phone``."""
    return identity.phone(number)


@function(
    "XS_ID",
    zh="编号归一：保留前导零，统一全半角和大小写，去空格和“.0”；已丢位数的留空。",
    en="An id in one spelling with its zeros; blank where Excel has dropped digits of it (1.23E+17).",
    usage="=XS_ID(A2)",
    arguments=(text("id", "编号", "the id"),),
    example=Example(("００１２a",), "0012A"),
)
def record_id(id: str) -> str | None:
    """See ``identity.record_id``."""
    return identity.record_id(id)


@function(
    "XS_SIMILARITY",
    zh="两个名称的相似度，0 到 1；先去掉公司形式、全半角和大小写的差别。",
    en="How alike two names are, 0 to 1, without legal form, width and case.",
    usage="=XS_SIMILARITY(A2,B2)",
    arguments=(text("one", "一个名称", "one name"), text("other", "另一个名称", "the other name")),
    example=Example(("Acme North Ltd", "North Acme"), 1),
)
def similarity(one: str, other: str) -> float:
    """See ``similar.similarity``."""
    return similar.similarity(one, other)


@function(
    "XS_MATCH",
    zh="在名单中找最相似的名称，两格：名称、相似度（0 到 1）。低于下限时留空。仅供人工确认。",
    en="The most similar name of a list in two cells: name, similarity 0 to 1. To be confirmed by a person.",
    usage="=XS_MATCH(A2,$F$2:$F$500)",
    arguments=(
        text("wanted", "要找的名称", "the name to find"),
        texts("candidates", "标准名单", "the list of standard names"),
        number("least", "相似度下限", "the least similarity", 0.8),
    ),
    example=Example(
        ("Acme Norht Co.", (("Acme North Ltd",), ("Apex South Inc",))), [["Acme North Ltd", 0.9]]
    ),
)
def match(
    wanted: str, candidates: Sequence[str | None], least: float = 0.8
) -> tuple[str | None, float | None]:
    """See ``similar.best_match``."""
    if not 0 <= least <= 1:
        raise UsageError("cell_out_of_range", argument="least", value=f"{least:g}", allowed="0 … 1")
    found = similar.best_match(wanted, candidates, least)
    return (found[0], round(found[1], 4)) if found else (None, None)


@function(
    "XS_AMOUNT",
    zh="把文字金额读成数字（元）：￥1.2万、1,234.50、(300)、１２３。",
    en="A written amount as a number: ￥1.2万, 1,234.50, (300), 12k.",
    usage="=XS_AMOUNT(A2)",
    arguments=(number("written", "文字金额", "the amount as text"),),
    example=Example(("￥1.2万",), 12000),
)
def amount(written: float) -> float:
    """The parser of the product has read it already."""
    return written


@function(
    "XS_DATE",
    zh="把文字日期读成日期：2026年3月1日、20260301、1-Mar-26。请设为日期格式。",
    en="A written date as a date: 2026年3月1日, 20260301, 1-Mar-26. Format the cell as a date.",
    usage="=XS_DATE(A2)",
    arguments=(day("written", "文字日期", "the date as text"),),
    example=Example(("2026年3月1日",), date(2026, 3, 1)),
)
def parsed_date(written: date) -> date:
    """The parser of the product has read it already."""
    return written
