"""docs/functions.md, made from the catalogue of functions in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.functions import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.functions import Function

FAMILIES = {
    "metrics": ("指标", "Metrics"),
    "targets": ("目标、增长与进度", "Targets, growth and pace"),
    "pipeline": ("管道与漏斗", "Pipeline and funnel"),
    "planning": ("分解、评分与提成", "Allocation, score and commission"),
    "customers": ("客户", "Customers"),
    "portfolio": ("结构与集中度", "Portfolio and concentration"),
    "receivables": ("应收与回款", "Receivables"),
    "reconciling": ("对账", "Reconciliation"),
    "statistics": ("统计", "Statistics"),
    "series": ("时间序列", "Series in time"),
    "names": ("名称、地区与格式", "Names, places and formats"),
    "words": ("文字", "Numbers as words"),
    "workbook": ("工作簿", "The workbook"),
}

HEAD = """# 单元格函数 · Functions in cells

在装好 xlsales 的工作簿里像普通公式一样输入。

- 区域含表头，表头的识别与 `xlsales refresh` 相同；结果连同表头自动溢出。
- 空白就是空白：分母为零或缺数据时留空，不写 0%。能逐格计算的函数，给一列就得一列。
- 出错时单元格写明 `XS: 发生了什么。怎么办。`
- 文字用设置表 `language` 指定的语言；设为自动或没有设置表时，与表头相同。
- 一万个公式引用同一个大区域时，每次计算只读一次。区域里若含公式，计算中途还会变，每个公式都要重读：
  请引用纯数值的表。
- 比率都是小数，请设成百分比格式；日期请设成日期格式。
- `=XS_HELP()` 列出全部函数，`=XS_HELP("XS_RFM")` 列出一个函数的参数。

Typed like any formula in a workbook with xlsales.

- Ranges include their headers, which are recognised as `xlsales refresh` does; results spill with a header.
- Blanks are blank: without a denominator or data the cell is empty, never 0 %. A function that answers for
  one cell answers for each cell of a range.
- An error is one cell, `XS: what happened. what to do.`
- Words are in the language that the settings sheet states under `language`, else in that of the headers.
- Ten thousand formulas on one large range read it once per calculation. Not so a range that holds formulas
  itself, which changes while Excel calculates: it is read for every one, so give tables of plain values.
- Rates are fractions: format them as percentages, and dates as dates.
- `=XS_HELP()` lists all functions, `=XS_HELP("XS_RFM")` the arguments of one.

Functions need Excel on Windows. `python -m docs` makes this page from their declarations, and every
example on it is a test.
"""


def page() -> str:
    """The page as it should be."""
    functions = catalogue()
    missing = {function.family for function in functions.values()} - set(FAMILIES)
    if missing:
        raise ValueError(f"name the family in docs/functions.py: {', '.join(sorted(missing))}")
    parts = [HEAD]
    for family, (zh, en) in FAMILIES.items():
        members = [function for function in functions.values() if function.family == family]
        parts += [f"## {zh} · {en}\n", *("\n".join(_entry(one)) for one in members)]
    return "\n".join(parts)


def _entry(function: Function) -> Iterator[str]:
    yield f"### {function.name}\n"
    yield f"{plain(function.zh)}\\\n{plain(function.en)}\n"
    yield f"`{function.usage}`\n"
    if function.arguments:
        yield "| 参数 argument | 说明 | meaning |\n|---|---|---|"
        for argument in function.arguments:
            yield f"| `{argument.name}` | {plain(argument.help('zh'))} | {plain(argument.help('en'))} |"
        yield ""
    if function.example:
        yield f"`{function.example.formula(function.name)}` → {_result(function.example.result)}\n"


def _result(result: object) -> str:
    rows = result if isinstance(result, list) else [[result]]
    return " ; ".join(" , ".join(_cell(value) for value in row) for row in rows)


def _cell(value: object) -> str:
    if value is None or value == "":
        return "(空 blank)"
    return f"{value:.7g}" if isinstance(value, float) else plain(str(value))


def plain(words: str) -> str:
    """Words as Markdown shows them, in a table too."""
    return words.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
