"""Charts that look the same in every workbook.

XlsxWriter writes the dialect of Excel 2007 and leaves out what that version assumes. A workbook that says
it comes from a later version is read with other assumptions: lines turn smooth, labels grow names and
keys, corners turn round. So every assumption is written out before a chart travels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.package.markup import elements, local

if TYPE_CHECKING:
    from xlsales.package.markup import Dialect, Element

# The children of an element in the order of the schema (ECMA-376 part 1, 21.2). ``name=value`` is what
# Excel 2007 assumes where the child is missing.
_LABEL = (
    "showLegendKey=0 showVal=0 showCatName=0 showSerName=0 showPercent=0 showBubbleSize=0 "
    "separator showLeaderLines leaderLines extLst"
)
_AXIS_START = "axId scaling delete=0 axPos majorGridlines minorGridlines title numFmt"
_AXIS_TICKS = "majorTickMark=out minorTickMark=none tickLblPos=nextTo spPr txPr crossAx crosses crossesAt"
_GROUP_END = (
    "ser dLbls dropLines hiLowLines upDownBars gapWidth overlap serLines firstSliceAng holeSize axId extLst"
)
_SCHEMA: dict[str, str] = {
    "chartSpace": "date1904 lang roundedCorners=0 AlternateContent style clrMapOvr pivotSource protection "
    "chart",
    "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend "
    "plotVisOnly=1 dispBlanksAs=gap showDLblsOverMax extLst",
    "title": "tx layout overlay=0 spPr txPr extLst",
    "legend": "legendPos legendEntry layout overlay=0 spPr txPr extLst",
    "barChart": f"barDir grouping varyColors=0 {_GROUP_END}",
    "lineChart": "grouping varyColors=0 ser dLbls dropLines hiLowLines upDownBars marker smooth=0 axId "
    "extLst",
    "areaChart": f"grouping varyColors=0 {_GROUP_END}",
    "scatterChart": f"scatterStyle varyColors=0 {_GROUP_END}",
    "radarChart": f"radarStyle varyColors=0 {_GROUP_END}",
    "dLbls": f"dLbl numFmt spPr txPr dLblPos {_LABEL}",
    "dLbl": f"idx layout tx numFmt spPr txPr dLblPos {_LABEL}",
    "errBars": "errDir errBarType errValType noEndCap=0 plus minus val spPr extLst",
    "trendline": "name spPr trendlineType order period forward backward intercept dispRSqr=0 dispEq=0 "
    "trendlineLbl extLst",
    "catAx": f"{_AXIS_START} {_AXIS_TICKS} auto=1 lblAlgn=ctr lblOffset=100 tickLblSkip tickMarkSkip "
    "noMultiLvlLbl=0 extLst",
    "dateAx": f"{_AXIS_START} {_AXIS_TICKS} auto=1 lblOffset=100 baseTimeUnit majorUnit majorTimeUnit "
    "minorUnit minorTimeUnit extLst",
    "valAx": f"{_AXIS_START} {_AXIS_TICKS} crossBetween majorUnit minorUnit dispUnits extLst",
}
_SERIES_START = "idx order tx spPr"
_SERIES_END = "trendline errBars cat val xVal yVal"
_SERIES: dict[str, str] = {
    "barChart": f"{_SERIES_START} invertIfNegative=0 pictureOptions dPt dLbls {_SERIES_END} shape extLst",
    "lineChart": f"{_SERIES_START} marker dPt dLbls {_SERIES_END} smooth=0 extLst",
    "scatterChart": f"{_SERIES_START} marker dPt dLbls {_SERIES_END} smooth=0 extLst",
}
_POINT: dict[str, str] = {
    "barChart": "idx invertIfNegative=0 marker bubble3D=0 explosion spPr pictureOptions extLst",
    "lineChart": "idx invertIfNegative marker bubble3D=0 explosion spPr pictureOptions extLst",
    "scatterChart": "idx invertIfNegative marker bubble3D=0 explosion spPr pictureOptions extLst",
}


def make_chart_explicit(root: Element, dialect: Dialect, *, date1904: bool) -> None:
    """Write out every default of a chart part, and give each Latin font its East Asian twin."""
    for entry in list(root.iter(f"{{{dialect.chart}}}*")):
        name = local(entry)
        if name == "ser":
            order = _SERIES.get(_group(entry), "")
        elif name == "dPt":
            order = _POINT.get(_group(entry), "")
        elif name in {"dLbls", "dLbl"} and _child(entry, "delete") is not None:
            continue
        else:
            order = _SCHEMA.get(name, "")
        _complete(entry, order)
        if name == "chart":
            # Without a title of ours there is to be none, also where Excel would take the series' name.
            _complete(entry, f"title autoTitleDeleted={int(_child(entry, 'title') is None)} plotArea")
    _complete(root, f"date1904={int(date1904)} lang")
    _name_east_asian_fonts(root, dialect)


def _complete(parent: Element, order: str) -> None:
    """Insert the missing children that have a value, each at its place in the order."""
    names = []
    for item in order.split():
        name, _, value = item.partition("=")
        if value and _child(parent, name) is None:
            place = max((i + 1 for i, present in enumerate(parent) if local(present) in names), default=0)
            tag = str(parent.tag).replace(f"}}{local(parent)}", f"}}{name}")
            parent.insert(place, parent.makeelement(tag, {"val": value}))
        names.append(name)


def _name_east_asian_fonts(root: Element, dialect: Dialect) -> None:
    for latin in list(root.iter(f"{{{dialect.drawing}}}latin")):
        face = latin.get("typeface")
        following = latin.getnext()
        if face and (following is None or local(following) != "ea"):
            latin.addnext(latin.makeelement(f"{{{dialect.drawing}}}ea", {"typeface": face}))


def _group(entry: Element) -> str:
    """The chart type that a series or a point belongs to."""
    while (parent := entry.getparent()) is not None:
        if local(parent).endswith("Chart"):
            return local(parent)
        entry = parent
    return ""


def _child(parent: Element, name: str) -> Element | None:
    return next((entry for entry in elements(parent) if local(entry) == name), None)
