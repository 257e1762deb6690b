"""The workbook's own numbers, what they mean, what is wrong in a range, and the list of all functions."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from xlsales.errors import InputError, UsageError
from xlsales.excel.functions import _ask
from xlsales.excel.functions._declare import (
    Example,
    Spill,
    Words,
    catalogue,
    choice,
    day,
    function,
    table,
    text,
)
from xlsales.metrics._catalogue import catalogue as metrics
from xlsales.metrics._catalogue import find
from xlsales.metrics._scope import BASES

if TYPE_CHECKING:
    from datetime import date

    from xlsales.analysis import Understood
    from xlsales.metrics._catalogue import Metric
    from xlsales.metrics._scope import Basis
    from xlsales.tables.live import Cells

KEY = text("key", "指标名：键或中文名，如 sales、销售额", "the metric by its key or title, such as sales")


@function(
    "XS_METRIC",
    zh="本工作簿上次刷新的数据中的指标，无需选区域；给出 value 时只返回那一列，单行则一格。",
    en="A metric of the data last refreshed in this workbook, no range needed; with value only that column.",
    usage='=XS_METRIC("sales","region=滨江","2026-10","amount")',
    arguments=(
        KEY,
        text("by", "维度，或“维度=值”只看其中一项", "dimensions, or dimension=value for one of them", None),
        text(
            "period",
            "期间：2026-10、2026-Q4、2026；默认最近一个月",
            "2026-10, 2026-Q4, 2026; by default the latest month",
            None,
        ),
        text("value", "只要的结果列：列名或表头", "the one result column wanted, by name or header", None),
        day(
            "as_of",
            "数据截至日；默认数据的最后一天",
            "the day the data reach; by default the last in them",
            None,
        ),
        choice("basis", "金额口径", "what counts as money", BASES, "signed"),
    ),
    example=None,
    workbook=True,
)
def metric(
    book: Understood | None,
    key: str,
    by: str | None = None,
    period: str | None = None,
    value: str | None = None,
    as_of: date | None = None,
    basis: Basis = "signed",
) -> Any:
    """Raises ``InputError`` before the first refresh, and ``UsageError`` for a column that is none."""
    if book is None:
        raise InputError("not_refreshed")
    result = _ask.ask(book, _metric(key).key, by, period, as_of, basis)
    if value is None:
        return _ask.spill(result)
    names = {
        name.casefold(): column.name
        for column in result.columns
        for name in (column.name, column.zh, column.en)
    }
    if value.casefold() not in names:
        known = ", ".join(column.name for column in result.columns)
        raise UsageError("unknown_value", option="value", value=value, known=known)
    rows = result.rows[names[value.casefold()]].tolist()
    return [(one,) for one in rows]


@function(
    "XS_EXPLAIN",
    zh="指标的口径：名称、公式、所需数据、结果列和选项。",
    en="What a metric means: title, formula, data it needs, result columns and options.",
    usage='=XS_EXPLAIN("win_rate")',
    arguments=(KEY,),
    example=None,
    once=True,
)
def explain(key: str) -> Spill:
    """Raises ``UsageError`` with the nearest names for a metric that is none."""
    from xlsales.tables.specs import table as spec

    found = _metric(key)
    needs = [need.split(".") for need in found.needs]
    rows = [
        (Words("键", "Key"), found.key),
        (Words("名称", "Title"), Words(found.zh, found.en)),
        (Words("口径", "Definition"), Words(found.definition_zh, found.definition_en)),
        (
            Words("所需数据", "Needs"),
            Words(
                "、".join(f"{spec(t).zh}.{spec(t).column(c).zh}" for t, c in needs),
                ", ".join(f"{spec(t).en}.{spec(t).column(c).en}" for t, c in needs),
            ),
        ),
        (
            Words("结果列", "Columns"),
            Words(
                "、".join(f"{one.name} {one.zh}" for one in found.columns),
                ", ".join(f"{one.name} ({one.en})" for one in found.columns),
            ),
        ),
        *(
            (Words("选项", "Option"), Words(f"{one.name}：{one.zh}", f"{one.name}: {one.en}"))
            for one in found.options
        ),
    ]
    return Spill((("项目", "Item"), ("内容", "What it is")), rows)


@function(
    "XS_HELP",
    zh="函数清单：名称、说明、示例；给出函数名则列出它的参数。",
    en="The list of functions with what they give and an example; with a name, its arguments.",
    usage='=XS_HELP("XS_RFM")',
    arguments=(text("topic", "函数名", "a function's name", None),),
    example=None,
    once=True,
)
def help_(topic: str | None = None) -> Spill:
    """Raises ``UsageError`` with the nearest names for a function that is none."""
    functions = catalogue()
    if topic is None:
        columns = (("函数", "Function"), ("说明", "What it gives"), ("示例", "Example"))
        return Spill(columns, [(one.name, Words(one.zh, one.en), one.usage) for one in functions.values()])
    wanted = topic.strip().lstrip("=").partition("(")[0].upper()
    wanted = wanted if wanted.startswith("XS_") else f"XS_{wanted}"
    if wanted not in functions:
        near = ", ".join(get_close_matches(wanted, functions, n=3, cutoff=0.5)) or "XS_SALES"
        raise UsageError("cell_no_such_function", name=topic, near=near)
    one = functions[wanted]
    rows = [(one.name, Words(one.zh, one.en)), (Words("示例", "Example"), one.usage)]
    rows += [(argument.name, Words(argument.help("zh"), argument.help("en"))) for argument in one.arguments]
    return Spill((("参数", "Argument"), ("说明", "Meaning")), rows)


@function(
    "XS_CHECK",
    zh="检查一个含表头的区域：识别成什么表，以及每处问题的单元格、处理和建议。",
    en="Checks a range with its headers: what table it is, and every problem with its cell and advice.",
    usage="=XS_CHECK(Orders[#All])",
    arguments=(table("data", "含表头的区域", "a range with its headers"),),
    example=Example(
        ((("order_id", "order_date", "amount"), ("A1", "2026-10-01", "12o")),),
        [
            ["", "Read as", "Orders", "order_id, order_date, amount", None],
            [
                "C2",
                "Number cannot be read",
                "12o",
                "row left out",
                "Write it as 1234.50, and keep remarks in another column.",
            ],
        ],
    ),
)
def check(data: Cells) -> Spill:
    """The same findings as ``xlsales check`` has for the sheet; an unknown table says what is missing."""
    from xlsales.excel.functions._source import checked
    from xlsales.language import text as wording

    def words(key: str) -> Words:
        return Words(wording("zh", key), wording("en", key))

    found, cleaned = checked(data, "data")
    rows: list[tuple[Any, ...]] = []
    for raw in found.tables:
        mapped = ", ".join(match.header for match in raw.matches if match.applied)
        rows.append(("", Words("识别为", "Read as"), Words(raw.table.zh, raw.table.en), mapped, None))
    for ignored in found.ignored:
        missing = ", ".join(ignored.missing)
        rows.append(
            (
                "",
                Words("未识别", "Not recognised"),
                missing or None,
                words(f"pages.ignored.{ignored.reason}"),
                None,
            )
        )
    rows += [
        (
            issue.cell,
            words(f"issues.{issue.rule}.title"),
            issue.value or None,
            words(f"pages.actions.{issue.action}"),
            issue.suggestion or words(f"issues.{issue.rule}.do"),
        )
        for issue in cleaned.issues.itertuples()
    ]
    columns = (
        ("单元格", "Cell"),
        ("问题", "Finding"),
        ("原值", "Value"),
        ("处理", "What was done"),
        ("建议", "Advice"),
    )
    return Spill(columns, rows)


def _metric(key: str) -> Metric:
    """The metric by its key or title in either language."""
    wanted = key.strip().casefold()
    titles = {title.casefold(): one for one in metrics().values() for title in (one.zh, one.en)}
    return titles.get(wanted) or find(wanted)
