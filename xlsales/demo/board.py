"""The sheets that are the user's own: a weekly board with formulas on the raw data, and a page of notes.

Nothing here belongs to xlsales, so a refresh must leave all of it exactly as it stands.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.demo import institution as qiming
from xlsales.demo.layout import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlsales.demo.layout import Layout
    from xlsales.language import Language

SPAN = {"orders": 3200, "targets": 400, "leads": 9000}
"""The last row that the formulas look at: the user left some room."""

TEXTS = {
    "zh": {
        "sheet": "周会看板",
        "title": "周会看板（自己做的，别删）",
        "month": "月份",
        "head": ("课程顾问", "订单金额", "目标", "达成", "本月线索"),
        "total": "合计",
        "notes": (
            "公式直接指向原始表，取消的、重复的和写成文本的都没处理，和财务对不上，月底再对。",
            "孙悦、周凯、许航 10 月试听后报名明显变少，周三例会单独过一遍话术。",
            "双十一海报 11/3 前定稿 → 市场部。",
        ),
        "chart": "本月订单金额（元）",
        "about": "说明",
        "lines": (
            "启明教育（示例）：一家并不存在的培训机构，2024-09 至 2026-10 的原始数据。",
            "所有姓名、电话和金额都是程序生成的，与任何真实的人或机构无关。",
            "线索明细：每条咨询一行，后面是到达各阶段的日期。",
            "订单：课时包订单，新签、续费、升级；已取消的订单也在里面。",
            "目标：每位顾问每月的签约目标，单位元。",
            "收款流水：一个订单分 1 至 3 次付清。退款：部分或全额。学员：建档信息。",
            "表里故意留了常见的问题：重复行、文本数字、几种日期写法、空白、合计行、录错的退款。",
        ),
    },
    "en": {
        "sheet": "Weekly board",
        "title": "Weekly board (my own, please keep)",
        "month": "Month",
        "head": ("Consultant", "Order amount", "Target", "Attainment", "Leads"),
        "total": "Total",
        "notes": (
            "Formulas point at the raw sheets, cancelled and repeated rows included: not what finance has.",
            "Sun Yue, Zhou Kai, Xu Hang: far fewer enrol after a trial in October. Discuss on Wednesday.",
            "Double Eleven poster final by 3 Nov → marketing.",
        ),
        "chart": "Order amount this month (CNY)",
        "about": "Notes",
        "lines": (
            "Qiming Education (sample): an institution that does not exist, raw data 2024-09 to 2026-10.",
            "All names, telephone numbers and amounts are generated and belong to nobody.",
            "Leads: one row per enquiry, with the day it reached each stage.",
            "Orders: packages of lessons, new, renewal, upgrade; cancelled ones are still there.",
            "Targets: what each consultant is to sign in a month, in CNY.",
            "Payments: an order is paid in one to three parts. Refunds: partial or full. Students.",
            "The usual trouble is in it on purpose: repeated rows, numbers as text, several date notations, "
            "blanks, total rows, mistyped refunds.",
        ),
    },
}


def add_board(book: Any, cells: Mapping[str, Sequence[Sequence[Any]]], lang: Language) -> None:
    """Write the board. ``cells`` are the data lines of each raw sheet, from which its values are reckoned."""
    words: Any = TEXTS[lang]
    sheet = book.add_worksheet(words["sheet"])
    layouts = {layout.table: layout for layout in LAYOUTS}
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    percent = book.add_format({"num_format": "0.0%"})
    sheet.write_string(0, 0, words["title"], book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, words["month"])
    month = book.add_format({"num_format": "yyyy-mm", "bg_color": "#FFF9DB"})
    sheet.write_datetime(1, 1, date(2026, 10, 1), month)
    for column, head in enumerate(words["head"]):
        sheet.write_string(3, column, head, bold)
    sums = {
        1: ("SUMIFS", layouts["orders"], "amount", "order_date"),
        2: ("SUMIFS", layouts["targets"], "target", "period"),
        4: ("COUNTIFS", layouts["leads"], None, "created"),
    }
    first = 4
    for row, rep in enumerate(qiming.REPS, start=first):
        name = qiming.word(rep.key, lang)
        sheet.write_string(row, 0, name)
        found: dict[int, float] = {}
        for column, (function, layout, what, when) in sums.items():
            formula = _formula(function, layout, what, when, row + 1, lang)
            found[column] = _matching(cells[layout.table], layout, what, when, name)
            sheet.write_formula(row, column, formula, money, found[column])
        attained = found[1] / found[2] if found[2] else ""
        sheet.write_formula(row, 3, f'=IF(C{row + 1}=0,"",B{row + 1}/C{row + 1})', percent, attained)
    last = first + len(qiming.REPS)
    sheet.write_string(last, 0, words["total"], bold)
    for column, letter in ((1, "B"), (2, "C"), (4, "E")):
        function, layout, what, when = sums[column]
        names = [qiming.word(rep.key, lang) for rep in qiming.REPS]
        total = sum(_matching(cells[layout.table], layout, what, when, name) for name in names)
        sheet.write_formula(last, column, f"=SUM({letter}{first + 1}:{letter}{last})", money, round(total, 2))
    for row, note in enumerate(words["notes"], start=last + 2):
        sheet.write_string(row, 0, note)
    chart = book.add_chart({"type": "bar"})
    chart.add_series({
        "categories": [words["sheet"], first, 0, last - 1, 0],
        "values": [words["sheet"], first, 1, last - 1, 1],
    })  # fmt: skip
    chart.set_title({"name": words["chart"], "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    sheet.insert_chart(3, 6, chart, {"description": words["chart"]})
    sheet.set_column(0, 5, 13)
    book.define_name("BoardMonth", f"='{words['sheet']}'!$B$2")


def add_notes(book: Any, lang: Language) -> None:
    """Write the page that says what the sheets hold."""
    words: Any = TEXTS[lang]
    sheet = book.add_worksheet(words["about"])
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(words["lines"]):
        sheet.write_string(row, 0, line, book.add_format({"bold": True}) if row == 0 else None)


def _formula(function: str, layout: Layout, what: str | None, when: str, row: int, lang: Language) -> str:
    def column(name: str) -> str:
        letter = chr(ord("A") + layout.column(name))
        return f"'{layout.name(lang)}'!${letter}${layout.first_row + 1}:${letter}${SPAN[layout.table]}"

    summed = f"{column(what)}," if what else ""
    return (
        f'={function}({summed}{column("rep")},$A{row},{column(when)},">="&BoardMonth,'
        f'{column(when)},"<"&EDATE(BoardMonth,1))'
    )


def _matching(
    lines: Sequence[Sequence[Any]], layout: Layout, what: str | None, when: str, name: str
) -> float:
    """What Excel makes of the formula: texts never match a number, blanks after a name spoil the match."""
    number: Callable[[Sequence[Any]], Any] = lambda line: line[layout.column(what)] if what else 1.0  # noqa: E731
    october = (date(2026, 10, 1), date(2026, 11, 1))
    serials = tuple(day.toordinal() - 693_594 for day in october)
    total = 0.0
    for line in lines:
        day = line[layout.column(when)]
        inside = (isinstance(day, date) and october[0] <= day < october[1]) or (
            isinstance(day, float) and serials[0] <= day < serials[1]
        )
        if inside and line[layout.column("rep")] == name and isinstance(number(line), float):
            total += number(line)
    return round(total, 2)
