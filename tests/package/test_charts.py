from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from xlsales.package.charts import make_chart_explicit
from xlsales.package.markup import TRANSITIONAL, local, parse, serialise

if TYPE_CHECKING:
    from lxml import etree

C = f"{{{TRANSITIONAL.chart}}}"
A = f"{{{TRANSITIONAL.drawing}}}"
SHOWS = ["showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize"]


def chart(kind: str, title: str | None = "Up", **series: object) -> etree._Element:
    """A chart part as XlsxWriter writes it, made explicit."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("S")
    drawn = book.add_chart({"type": kind})
    drawn.add_series({"categories": "=S!$A$1:$A$3", "values": "=S!$B$1:$B$3", **series})
    if title:
        drawn.set_title({"name": title, "name_font": {"name": "微软雅黑"}})
    page.insert_chart("D1", drawn)
    book.close()
    root = parse(zipfile.ZipFile(io.BytesIO(out.getvalue())).read("xl/charts/chart1.xml"), "chart")
    make_chart_explicit(root, TRANSITIONAL, date1904=False)
    return root


def said(root: etree._Element, path: str) -> str | None:
    found = root.find(f".//{C}{path.replace('/', '/' + C)}")
    return None if found is None else found.get("val")


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("line", "ser/smooth", "0"),
        ("scatter", "ser/smooth", "0"),
        ("column", "ser/invertIfNegative", "0"),
        ("bar", "barChart/varyColors", "0"),
        ("line", "lineChart/varyColors", "0"),
        ("column", "title/overlay", "0"),
        ("column", "legend/overlay", "0"),
        ("column", "autoTitleDeleted", "0"),
        ("column", "catAx/delete", "0"),
        ("column", "valAx/majorTickMark", "out"),
        ("column", "catAx/noMultiLvlLbl", "0"),
        ("column", "dispBlanksAs", "gap"),
    ],
)
def test_what_excel_2007_assumes_is_said(kind: str, path: str, value: str) -> None:
    assert said(chart(kind), path) == value


def test_corners_and_the_date_system_of_the_chart_are_said_first() -> None:
    names = [local(entry) for entry in chart("column")]
    assert names[:3] == ["date1904", "lang", "roundedCorners"]


def test_labels_show_what_was_asked_for_and_nothing_else() -> None:
    root = chart("column", data_labels={"value": True, "custom": [{"value": "a"}, {"delete": True}]})
    labels = root.find(f".//{C}dLbls")
    assert labels is not None
    assert [(local(e), e.get("val")) for e in labels if local(e) in SHOWS] == [
        (name, "1" if name == "showVal" else "0") for name in SHOWS
    ]
    first, second = labels.findall(f"{C}dLbl")
    assert [local(entry) for entry in first if local(entry) in SHOWS] == SHOWS
    assert [local(entry) for entry in second] == ["idx", "delete"]


def test_a_chart_without_a_title_gets_none_from_its_series() -> None:
    assert said(chart("column", title=None), "autoTitleDeleted") == "1"


def test_every_latin_face_has_an_east_asian_one_beside_it() -> None:
    root = chart("column", data_labels={"value": True, "font": {"name": "Calibri"}})
    latins = list(root.iter(f"{A}latin"))
    assert len(latins) >= 3
    for latin in latins:
        following = latin.getnext()
        assert following is not None
        assert (local(following), following.get("typeface")) == ("ea", latin.get("typeface"))


@pytest.mark.parametrize("kind", ["column", "bar", "line", "scatter", "area", "pie", "radar"])
def test_an_explicit_chart_has_nothing_left_to_say(kind: str) -> None:
    root = chart(kind, data_labels={"value": True}, points=[{"fill": {"color": "red"}}])
    once = serialise(root)
    make_chart_explicit(root, TRANSITIONAL, date1904=False)
    assert serialise(root) == once
