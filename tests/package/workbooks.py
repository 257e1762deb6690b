"""Workbooks of users and of ours, made by two independent writers."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xlsales.package.book import open_book
from xlsales.package.graft import graft
from xlsales.package.plan import plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlsales.package.plan import Plan

WANTED = {"overview": "总览", "data": "数据"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def openpyxl_book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    sheet.append(["order_id", "amount", "date"])
    for number in range(1, 6):
        sheet.append([f"{number:05}", number * 10.5, datetime.date(2026, number, 1)])
    sheet["E1"] = "=SUM(B2:B6)"
    sheet["E2"] = "='总览'!A2*2"
    sheet["E1"].number_format = "#,##0.000"
    sheet["E1"].comment = Comment("checked by Wang", "Wang")
    sheet.add_table(Table(displayName="Orders", ref="A1:C6"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=6), titles_from_data=True)
    sheet.add_chart(chart, "G2")
    notes = book.create_sheet("notes")
    notes["A1"] = "keep me"
    notes.print_area = "A1:B2"
    book.defined_names["rate"] = DefinedName("rate", attr_text="notes!$A$1")
    return saved(book)


def xlsxwriter_book(**options: object) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    sheet = book.add_worksheet("Sales")
    head = book.add_format({"bold": True, "bg_color": "#FFEE00"})
    sheet.write_row("A1", ["rep", "amount"], head)
    sheet.write_column("A2", ["Ann", "Bo", "Cy"])
    sheet.write_column("B2", [3, 4, 5], book.add_format({"num_format": "0.000"}))
    sheet.write_formula("B5", "=SUM(B2:B4)", None, 12)
    sheet.conditional_format("B2:B4", {"type": "cell", "criteria": ">", "value": 3, "format": head})
    sheet.add_sparkline("C2", {"range": "Sales!B2:B4"})
    sheet.insert_image("E2", "dot.png", {"image_data": io.BytesIO(PNG)})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Sales!$B$2:$B$4"})
    sheet.insert_chart("E8", chart)
    book.add_chartsheet("Chart")
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": "=Sales!$B$2:$B$4"})
    book.get_worksheet_by_name("Chart").set_chart(pie)
    book.define_name("target", "=Sales!$B$5")
    book.close()
    return out.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def our_sheets(planned: Plan, figures: Sequence[float] = (1, 2, 3)) -> bytes:
    """Two sheets as the report writer makes them: every feature that has to survive the way."""
    out = io.BytesIO()
    options = {"in_memory": True, "date_1904": planned.date1904, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(out, options)
    name, data = planned.names["overview"], planned.names["data"]
    page, numbers = book.add_worksheet(name), book.add_worksheet(data)
    numbers.hide()
    title = book.add_format({"font_name": "微软雅黑", "font_size": 18, "bold": True})
    money = book.add_format({"font_name": "微软雅黑", "font_size": 10, "num_format": "#,##0.0"})
    good = book.add_format({"bg_color": "#BFDCEC", "font_color": "#0072B2"})
    page.set_column("A:A", 30)
    page.write("A1", "月度总览", title)
    page.write_formula("A2", f"=SUM({name!r}!B6:B8)", money, sum(figures))
    page.write_rich_string("A3", "达成 ", title, "94%", " 。", money)
    page.write_url("B1", f"internal:'{data}'!A1", title, "数据")
    page.write_url("B2", "https://example.com/", title)
    page.add_table(
        "A5:B8",
        {
            "name": planned.table_names["xs_reps"],
            "columns": [{"header": "人员"}, {"header": "实际", "format": money}],
            "data": [[f"=rep{place}", value] for place, value in enumerate(figures)],
            "style": None,
        },
    )
    page.conditional_format("B6:B8", {"type": "cell", "criteria": ">=", "value": 2, "format": good})
    page.conditional_format("B6:B8", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    page.add_sparkline("C1", {"range": f"'{name}'!B6:B8"})
    page.data_validation("D1", {"validate": "list", "source": ["是", "否"]})
    page.print_area("A1:H30")
    page.repeat_rows(0, 3)
    page.freeze_panes(4, 0)
    numbers.write_column("A1", figures, money)
    numbers.autofilter("A1:A4")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"='{data}'!$A$1:$A$3", "data_labels": {"value": True}})
    chart.set_title({"name": "连续两月增长", "name_font": {"name": "微软雅黑", "size": 10.5}})
    page.insert_chart("E2", chart)
    book.close()
    return out.getvalue()


def refreshed(
    data: bytes, figures: Sequence[float] = (1, 2, 3), names: Mapping[str, str] | None = None
) -> bytes:
    """One refresh as a host does it: plan, write, graft."""
    planned = plan(open_book(data), WANTED, ["xs_reps"])
    keys = {name: key for key, name in planned.names.items()}
    if names is None:
        names = {"XS_sales": f"'{planned.names['overview']}'!$A$2"}
    return graft(data, our_sheets(planned, figures), keys, names)


def read(data: bytes, **options: bool) -> openpyxl.Workbook:
    """The workbook as openpyxl reads it, which knows no sparklines and says so."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), **options)


def parts(data: bytes) -> dict[str, bytes]:
    """The zip file as any other reader sees it."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def edited(data: bytes, edits: Mapping[str, Callable[[str], str] | bytes | None]) -> bytes:
    """The same zip file with parts rewritten, added (bytes) or taken out (None)."""
    content = parts(data)
    for name, edit in edits.items():
        if edit is None:
            del content[name]
        else:
            content[name] = edit if isinstance(edit, bytes) else edit(content[name].decode()).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, value in content.items():
            package.writestr(name, value)
    return out.getvalue()


PLAIN = {"openpyxl": openpyxl_book, "xlsxwriter": xlsxwriter_book}
"""Plain workbooks of users: formulas, charts, an image, a comment, a table, names."""
