"""Chart parts with every default written out.

XlsxWriter writes the Excel 2007 dialect and leaves out elements whose default it relies on. In a
workbook that says it is newer, readers take the schema's other defaults: lines turn smooth, labels
grow series names and keys. So each such element is written with the value that 2007 means, in the
order of the schema (ECMA-376 part 1, 21.2.2). Text gets an East Asian face beside the Latin one.
"""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_SHOW = ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
_LABEL = ("idx", "delete", "layout", "tx", "numFmt", "spPr", "txPr", "dLblPos", *_SHOW, "separator")
_SERIES = (
    "idx", "order", "tx", "spPr", "invertIfNegative", "pictureOptions", "marker", "dPt", "dLbls",
    "trendline", "errBars", "cat", "xVal", "val", "yVal", "smooth", "shape", "extLst",
)  # fmt: skip
_POINT = ("idx", "invertIfNegative", "marker", "bubble3D", "explosion", "spPr")
_PLOT = ("barDir", "scatterStyle", "grouping", "varyColors", "ser", "dLbls")
_CHART = (
    "title",
    "autoTitleDeleted",
    "pivotFmts",
    "view3D",
    "plotArea",
    "legend",
    "plotVisOnly",
    "dispBlanksAs",
)
_SPACE = ("date1904", "lang", "roundedCorners")
_AXIS = (
    "axId", "scaling", "delete", "axPos", "majorGridlines", "minorGridlines", "title", "numFmt",
    "majorTickMark", "minorTickMark", "tickLblPos", "spPr", "txPr", "crossAx", "crosses", "crossesAt", "auto",
    "lblAlgn", "lblOffset", "tickLblSkip", "tickMarkSkip", "noMultiLvlLbl",
)  # fmt: skip
_ERRORS = ("errDir", "errBarType", "errValType", "noEndCap")


def explicit(book: bytes, font: str) -> bytes:
    """The same workbook with its chart parts made explicit; ``font`` is the East Asian face."""
    out = BytesIO()
    with ZipFile(BytesIO(book)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename.startswith("xl/charts/chart"):
                part = explicit_chart(part, font)
            target.writestr(entry, part, ZIP_DEFLATED)
    return out.getvalue()


def explicit_chart(part: bytes, font: str) -> bytes:
    """One chart part with its defaults and its East Asian face written out."""
    space = etree.fromstring(part)
    _default(space, "date1904", "0", _SPACE)
    _default(space, "roundedCorners", "0", _SPACE)
    for chart in space.findall(f"{_C}chart"):
        _default(chart, "autoTitleDeleted", "0" if chart.find(f"{_C}title") is not None else "1", _CHART)
        for title in chart.iter(f"{_C}title"):
            _default(title, "overlay", "0", ("tx", "layout", "overlay"))
        _default(chart, "plotVisOnly", "1", _CHART)
        _default(chart, "dispBlanksAs", "gap", _CHART)
    for plot in space.iter(f"{_C}barChart", f"{_C}lineChart", f"{_C}scatterChart"):
        _default(plot, "varyColors", "0", _PLOT)
        for series in plot.findall(f"{_C}ser"):
            _series(series, plot.tag.removeprefix(_C))
    for axis in space.iter(f"{_C}catAx", f"{_C}valAx"):
        _axis(axis)
    for latin in list(space.iter(f"{_A}latin")):
        parent = latin.getparent()
        if parent is not None and parent.find(f"{_A}ea") is None:
            face = etree.Element(f"{_A}ea", typeface=font)
            latin.addnext(face)
            face.addnext(etree.Element(f"{_A}cs", typeface=font))
    return etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)


def _series(series: _Element, kind: str) -> None:
    if kind == "barChart":
        _default(series, "invertIfNegative", "0", _SERIES)
    else:
        _default(series, "smooth", "0", _SERIES)
    for point in series.findall(f"{_C}dPt"):
        if kind == "barChart":
            _default(point, "invertIfNegative", "0", _POINT)
        _default(point, "bubble3D", "0", _POINT)
    for labels in series.findall(f"{_C}dLbls"):
        position = labels.find(f"{_C}dLblPos")
        shows = {name: _value(labels, name) for name in _SHOW}
        for label in labels.findall(f"{_C}dLbl"):
            if label.find(f"{_C}delete") is not None:
                continue
            form = labels.find(f"{_C}numFmt")
            if form is not None and label.find(f"{_C}numFmt") is None and label.find(f"{_C}tx") is None:
                _insert(label, deepcopy(form), _LABEL)
            if position is not None:
                _default(label, "dLblPos", position.get("val", ""), _LABEL)
            for name, value in shows.items():
                _default(label, name, value, _LABEL)
        for name in _SHOW:
            _default(labels, name, "0", ("dLbl", *_LABEL))

    for bars in series.findall(f"{_C}errBars"):
        _default(bars, "noEndCap", "0", _ERRORS)


def _axis(axis: _Element) -> None:
    """An axis that is there, of names that are text and stay upright."""
    _default(axis, "delete", "0", _AXIS)
    if axis.tag != f"{_C}catAx":
        return
    _default(axis, "auto", "0", _AXIS)
    _default(axis, "noMultiLvlLbl", "0", _AXIS)
    for body in axis.iterfind(f"{_C}txPr/{_A}bodyPr"):
        body.set("rot", "0")
        body.set("vert", "horz")


def _value(parent: _Element, name: str) -> str:
    found = parent.find(f"{_C}{name}")
    return "0" if found is None else found.get("val", "1")


def _default(parent: _Element, name: str, value: str, order: tuple[str, ...]) -> None:
    """Add ``name`` with ``value`` at its place in ``order`` unless it is there already."""
    if parent.find(f"{_C}{name}") is None:
        _insert(parent, etree.Element(f"{_C}{name}", val=value), order)


def _insert(parent: _Element, child: _Element, order: tuple[str, ...]) -> None:
    before = {f"{_C}{name}" for name in order[: order.index(child.tag.removeprefix(_C))]}
    at = sum(1 for _ in parent)
    for index, other in enumerate(parent):
        if other.tag not in before:
            at = index
            break
    parent.insert(at, child)
