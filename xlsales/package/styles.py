"""Formats of our sheets, merged into a workbook's style sheet by appending only.

Nothing that is there moves or changes, so every index in every other sheet stays right. A format that is
there already is used again, so refreshing grows nothing.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.markup import canonical, child, discard, elements, local, number

if TYPE_CHECKING:
    from xlsales.package.markup import Canonical, Element

CELL_FORMAT_LIMIT = 64_000
"""Excel's own limit is 65,490 cell formats; some are left for the user."""

_COLLECTIONS = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs"
_FIRST_CUSTOM_FORMAT = 164
_ASPECTS = ("NumberFormat", "Font", "Fill", "Border", "Alignment", "Protection")
# What XlsxWriter means by a theme colour where a format names none: the Office theme's text and link.
_THEME_COLOURS = {"1": "FF000000", "10": "FF0563C1"}


class StyleMerge:
    """Two style sheets: theirs, which grows, and ours, whose formats are looked up in theirs."""

    def __init__(self, theirs: Element, ours: Element) -> None:
        """Both in one dialect. ``theirs`` is changed in place."""
        self.theirs = theirs
        self._ours = {local(part): list(elements(part)) for part in elements(ours)}
        self._known: dict[str, dict[Canonical, int]] = {}
        self._cells: dict[int, int] = {}
        self._codes = {
            entry.get("numFmtId", ""): entry.get("formatCode", "") for entry in self._ours.get("numFmts", ())
        }
        _reserve_fills(self._collection("fills"))

    def cell(self, index: int) -> int:
        """Their index of our cell format. Format 0 is whatever the workbook calls normal."""
        if index == 0 and self._has("cellXfs"):
            return 0
        if index not in self._cells:
            self._cells[index] = self._merge_cell(self._ours["cellXfs"][index])
        return self._cells[index]

    def differential(self, index: int) -> int:
        """Their index of one of our conditional or table formats."""
        entry = copy.deepcopy(self._ours["dxfs"][index])
        for aspect in elements(entry):
            if local(aspect) == "numFmt":
                aspect.set("numFmtId", self._number_format(aspect.get("formatCode", "")))
        return self._place("dxfs", entry)

    def _merge_cell(self, ours: Element) -> int:
        entry = copy.deepcopy(ours)
        code = self._codes.get(entry.get("numFmtId", "0"))
        if code is not None:
            entry.set("numFmtId", self._number_format(code))
        for name, plural in (("font", "fonts"), ("fill", "fills"), ("border", "borders")):
            part = copy.deepcopy(self._ours[plural][int(entry.get(f"{name}Id", "0"))])
            if name == "font":
                make_font_explicit(part)
            entry.set(f"{name}Id", str(self._place(plural, part)))
        # Our format rests on their normal style, so every aspect is said to be its own.
        for aspect in _ASPECTS:
            entry.set(f"apply{aspect}", "1")
        discard(entry, "xfId")
        if self._has("cellStyleXfs"):
            entry.set("xfId", str(normal_style(self.theirs)))
        place = self._place("cellXfs", entry)
        if place >= CELL_FORMAT_LIMIT:
            raise WorkbookError("workbook_too_many_formats", limit=CELL_FORMAT_LIMIT)
        return place

    def _number_format(self, code: str) -> str:
        collection = self._collection("numFmts")
        highest = _FIRST_CUSTOM_FORMAT - 1
        for entry in elements(collection):
            if entry.get("formatCode") == code:
                return entry.get("numFmtId", "0")
            highest = max(highest, number(entry, "numFmtId", 0))
        attributes = {"numFmtId": str(highest + 1), "formatCode": code}
        _append(collection, collection.makeelement(_sibling_tag(collection, "numFmt"), attributes))
        return attributes["numFmtId"]

    def _place(self, plural: str, entry: Element) -> int:
        collection = self._collection(plural)
        if plural not in self._known:
            known = self._known[plural] = {}
            for place, present in enumerate(elements(collection)):
                known.setdefault(canonical(present), place)
        known = self._known[plural]
        key = canonical(entry)
        if key not in known:
            known[key] = sum(1 for _ in elements(collection))
            _append(collection, entry)
        return known[key]

    def _has(self, plural: str) -> bool:
        return any(local(part) == plural and len(part) for part in elements(self.theirs))

    def _collection(self, plural: str) -> Element:
        order = _COLLECTIONS.split()
        return child(self.theirs, plural, " ".join(order[: order.index(plural)]))


def normal_style(styles: Element) -> int:
    """The index in ``cellStyleXfs`` of the style called Normal, which has the built-in id 0."""
    for part in elements(styles):
        if local(part) == "cellStyles":
            for style in elements(part):
                if style.get("builtinId") == "0":
                    return number(style, "xfId", 0)
    return 0


def normal_font(styles: Element) -> tuple[str, float] | None:
    """Name and size in points of the Normal style's font, in which column widths are counted."""
    parts = {local(part): list(elements(part)) for part in elements(styles)}
    try:
        style = parts["cellStyleXfs"][normal_style(styles)]
        font = parts["fonts"][number(style, "fontId", 0)]
        values = {local(entry): entry.get("val", "") for entry in elements(font)}
        return values["name"], float(values["sz"])
    except (KeyError, IndexError, ValueError):
        return None


def make_font_explicit(font: Element) -> None:
    """Cut a font loose from the theme, which is the workbook's and not ours. Also takes rich text's fonts."""
    for entry in list(elements(font)):
        if local(entry) == "scheme":
            font.remove(entry)
        elif local(entry) == "color" and entry.get("theme") in _THEME_COLOURS:
            entry.set("rgb", _THEME_COLOURS[entry.get("theme", "")])
            discard(entry, "theme")


def _reserve_fills(fills: Element) -> None:
    # Excel shows fills 0 and 1 as none and grey dots whatever they say, so ours must not stand there.
    for pattern in ("none", "gray125")[sum(1 for _ in elements(fills)) :]:
        fill = fills.makeelement(_sibling_tag(fills, "fill"))
        fill.append(fill.makeelement(_sibling_tag(fills, "patternFill"), {"patternType": pattern}))
        _append(fills, fill)


def _append(collection: Element, entry: Element) -> None:
    entry.tail = None
    collection.append(entry)
    collection.set("count", str(sum(1 for _ in elements(collection))))


def _sibling_tag(element: Element, name: str) -> str:
    return str(element.tag).replace(f"}}{local(element)}", f"}}{name}")
