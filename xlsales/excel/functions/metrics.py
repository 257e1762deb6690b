"""Every metric of the catalogue as a function: ``win_rate`` is ``XS_WIN_RATE``.

The arguments are the metric's tables as ranges with headers, in its order, then ``by``, ``period``,
``as_of``, ``basis`` where they mean something for it, then its other options. A metric added to the
catalogue is a function in cells without another line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.excel.functions import _ask
from xlsales.excel.functions._declare import (
    LONGEST,
    Function,
    add,
    choice,
    day,
    number,
    table,
    text,
)
from xlsales.excel.functions._source import understood
from xlsales.metrics._catalogue import catalogue
from xlsales.metrics._scope import BASES
from xlsales.tables.specs import table as spec

if TYPE_CHECKING:
    from xlsales.excel.functions._declare import Argument, Spill
    from xlsales.metrics._catalogue import Metric
    from xlsales.tables.live import Cells

PERIOD = text(
    "period",
    "期间：2026-10、2026-Q4、2026，或该月任一日期；默认为数据的最近一个月",
    "2026-10, 2026-Q4, 2026 or any day of the month; by default the latest month of the data",
    None,
)
AS_OF = day(
    "as_of",
    "数据截至日；默认为数据的最后一天",
    "the day the data reach; by default the last day in them",
    None,
)
BASIS = choice(
    "basis",
    "金额口径：signed 签约，net 减退款，cash 实收",
    "signed: as ordered, net: less refunds, cash: as paid",
    BASES,
    "signed",
)


def _declared(metric: Metric) -> Function:
    name = f"XS_{metric.key.upper()}"
    arguments = _arguments(metric)
    typed = [_structured(one.name) for one in arguments if one.kind == "table" and one.required]
    usage = f"={name}({','.join(typed)})"
    zh, en = (_cut(metric, lang, usage) for lang in ("zh", "en"))

    def run(**kwargs: Any) -> Spill:
        ranges: dict[str, Cells] = {key: kwargs.pop(key) for key in metric.tables}
        given = {key: cells for key, cells in ranges.items() if cells is not None}
        return _ask.spill(_ask.ask(understood(given), metric.key, **kwargs))

    return Function(name, "metrics", zh, en, usage, arguments, None, run, once=True)


def _arguments(metric: Metric) -> tuple[Argument, ...]:
    tables = [
        table(
            key,
            f"{spec(key).zh}表，含表头，如 {_structured(key)}",
            f"the {spec(key).en.lower()} with their headers, such as {_structured(key)}",
            **({} if required else {"default": None}),
        )
        for key, required in metric.tables.items()
    ]
    options = {option.name: option for option in metric.options}
    by = []
    if "by" in options:
        zh = f"{options['by'].zh}：{' '.join(options['by'].values)}；region=滨江 只看其中一项"
        en = f"{options['by'].en}: {' '.join(options['by'].values)}; region=North keeps only that one"
        by = [text("by", zh, en, None)]
    money = [BASIS] if {"payments", "refunds"} & set(metric.tables) else []
    return (*tables, *by, PERIOD, AS_OF, *money, *(_option(metric, one) for one in _ask.defaults(metric)))


def _option(metric: Metric, name: str) -> Argument:
    option = next(one for one in metric.options if one.name == name)
    default = _ask.defaults(metric)[name]
    if option.values:
        return choice(name, option.zh, option.en, tuple(option.values), default)
    make = number if isinstance(default, int | float) else text
    return make(name, option.zh, option.en, default)


def _structured(key: str) -> str:
    return f"{key.capitalize()}[#All]"


def _cut(metric: Metric, lang: str, usage: str) -> str:
    """Title and formula, as much of it as leaves room for the example."""
    zh = lang == "zh"
    title, words = (metric.zh, metric.definition_zh) if zh else (metric.en, metric.definition_en)
    whole = f"{title}：{words}" if zh else f"{title}: {words}"
    room = LONGEST - len(usage) - len(" Example: ")
    if len(whole) <= room:
        return whole if whole[-1] in "。." else whole + ("。" if zh else ".")
    return whole[: room - 1] + "…"


for _metric in catalogue().values():
    add(_declared(_metric))
