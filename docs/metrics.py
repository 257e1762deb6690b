"""docs/metrics.md, made from the catalogue of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.functions import plain
from xlsales.metrics._catalogue import catalogue
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.metrics._catalogue import Metric

UNITS = {
    "text": ("文字", "words"),
    "month": ("月份", "month"),
    "date": ("日期", "date"),
    "money": ("金额，元", "money, yuan"),
    "count": ("个数", "count"),
    "number": ("数值", "number"),
    "percent": ("比率，小数", "rate, a fraction"),
    "points": ("百分点，小数", "points, a fraction"),
    "days": ("天", "days"),
}

HEAD = """# 指标 · Metrics

每个指标的口径、所需列、选项、结果列及单位。同样的内容在工作簿的 `指标口径` 页和 `xlsales catalogue` 里。
单元格里怎么写，见[单元格函数](functions.md)。

What each metric is, the columns that it needs, its options, and the columns of its result with their units.
The definitions page of a workbook and `xlsales catalogue` say the same. How they are typed in a cell:
[functions in cells](functions.md).

`python -m docs` makes this page from their declarations.
"""


def page() -> str:
    """The page as it should be."""
    return "\n".join([HEAD, *("\n".join(_entry(metric)) for metric in catalogue().values())])


def _entry(metric: Metric) -> Iterator[str]:
    yield f"## {metric.zh} · {metric.en}\n"
    yield f"{plain(metric.definition_zh)}\\\n{plain(metric.definition_en)}\n"
    yield f"`{example(metric)}`\n"
    needed = ", ".join(f"{_named(need, 'zh')} ({_named(need, 'en')})" for need in metric.needs)
    also = ", ".join(
        f"{table(name).zh} ({table(name).en})" for name, required in metric.tables.items() if not required
    )
    yield f"需要 needs: {needed}{f'；有则用 uses: {also}' if also else ''}\n"
    if metric.options:
        yield "| 选项 option | 说明 | meaning |\n|---|---|---|"
        for option in metric.options:
            values = f"：{' '.join(option.values)}" if option.values else ""
            yield f"| `{option.name}` | {option.zh}{values} | {option.en}{values.replace('：', ': ')} |"
        yield ""
    yield "| 列 column | 名称 | title | 单位 unit |\n|---|---|---|---|"
    for column in metric.columns:
        yield f"| `{column.name}` | {column.zh} | {column.en} | {' · '.join(UNITS[column.format])} |"
    yield ""


def example(metric: Metric) -> str:
    """A command that computes it, split by the first dimension that it has besides the month."""
    dimensions = next((option.values for option in metric.options if option.name == "by"), ())
    split = next((f" --by {name}" for name in dimensions if name != "month"), "")
    return f"xlsales metric {metric.key} BOOK.xlsx{split}"


def _named(need: str, lang: str) -> str:
    key, _, name = need.partition(".")
    titles = (table(key), table(key).column(name))
    return ".".join(one.zh if lang == "zh" else one.en for one in titles)
