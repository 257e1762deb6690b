"""A sheet of ours with all its parts, made to fit the workbook it goes to.

Cells take the workbook's style numbers and hold their text themselves, tables take free ids, charts say
every default, and each part gets a free name. Strict workbooks get strict parts.
"""

from __future__ import annotations

import copy
import posixpath
from typing import TYPE_CHECKING

from xlsales.package.bodies import packed, stretch
from xlsales.package.charts import make_chart_explicit
from xlsales.package.forms import enter
from xlsales.package.markup import (
    STRICT,
    TRANSITIONAL,
    Dialect,
    discard,
    elements,
    local,
    serialise,
)
from xlsales.package.opc import CONTENT_TYPES_PART, relationships_part, resolve
from xlsales.package.plan import TABLE_TYPE
from xlsales.package.styles import make_font_explicit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlsales.package.bodies import Body
    from xlsales.package.book import Book, Sheet
    from xlsales.package.forms import Entries
    from xlsales.package.markup import (
        Element,
    )
    from xlsales.package.opc import Package
    from xlsales.package.styles import StyleMerge

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


class Transplant:
    """What all sheets of one graft share: the two workbooks, the merged styles and the free table ids."""

    def __init__(self, ours: Book, book: Book, styles: StyleMerge, table_ids: Iterator[int]) -> None:
        """``ours`` is read only; the package of ``book`` takes the parts."""
        self._ours = ours.package
        self._theirs = book.package
        self._dialect = book.dialect
        self._date1904 = book.date1904
        self._styles = styles
        self._table_ids = table_ids
        strings = ours.linked("sharedStrings")
        self._strings = list(elements(self._ours.tree(strings))) if strings else []

    def carry(
        self, source: Sheet, path: str, cells: Mapping[str, str], filled: Entries, body: Body | None
    ) -> None:
        """Put the sheet ``source`` of our workbook at ``path`` in theirs, with everything it relates to.

        ``cells`` are those that the user fills, ``filled`` what stood in them on the sheet that it replaces;
        ``body`` are the rows that it waits for, if it does.
        """
        if source.part is None:
            raise ValueError(f"the sheet {source.name} has no part")
        root = self._ours.tree(source.part)
        fit_sheet(root, self._dialect, self._strings, self._styles)
        enter(root, cells, filled, self._dialect)
        whole = packed(root, body, self._dialect, date1904=self._date1904) if body is not None else None
        self._theirs.put(path, whole or serialise(root))
        self._theirs.declare(path, self._ours.content_type(source.part))
        self._carry_related(source.part, path, {source.part: path}, body)

    def _carry_related(self, source: str, path: str, moved: dict[str, str], body: Body | None) -> None:
        links = relationships_part(source)
        if links not in self._ours:
            return
        root = self._ours.tree(links)
        for link in elements(root):
            if link.get("TargetMode") == "External" or link.get("Target", "").startswith("#"):
                continue
            part = resolve(source, link.get("Target", ""))
            if part not in moved:
                moved[part] = self._theirs.free_name(part)
                self._carry_part(part, moved[part], body)
                self._carry_related(part, moved[part], moved, body)
            link.set("Target", posixpath.relpath(moved[part], posixpath.dirname(path)))
        self._theirs.put(relationships_part(path), serialise(root))
        self._theirs.declare(relationships_part(path), self._ours.content_type(links))

    def _carry_part(self, part: str, path: str, body: Body | None) -> None:
        content_type = self._ours.content_type(part)
        if content_type == TABLE_TYPE:
            table = self._table(self._ours.tree(part))
            if body is not None:
                stretch(table, body)
            content = serialise(table)
        elif content_type == CHART_TYPE:
            root = self._ours.tree(part)
            make_chart_explicit(root, self._dialect, date1904=self._date1904)
            content = serialise(root)
        else:
            content = self._ours.read(part)
        self._theirs.put(path, content)
        self._theirs.declare(path, content_type)

    def _table(self, root: Element) -> Element:
        root.set("id", str(next(self._table_ids)))
        for entry in root.iter():
            for name, value in entry.attrib.items():
                if str(name).endswith(("DxfId", "dxfId")):
                    entry.set(name, str(self._styles.differential(int(value))))
        return root


def fit_sheet(root: Element, dialect: Dialect, strings: Sequence[Element], styles: StyleMerge) -> None:
    """Make a sheet's own part independent of the workbook it was written in."""
    for view in root.iter(dialect.tag("sheetView")):
        # Two selected tabs are a group: what the user types into one goes into the other.
        discard(view, "tabSelected")
    for settings in root.iter(dialect.tag("sheetPr")):
        discard(settings, "codeName")
    for column in root.iter(dialect.tag("col")):
        _restyle(column, "style", styles)
    for row in root.iter(dialect.tag("row")):
        _restyle(row, "s", styles)
        for cell in row:
            _restyle(cell, "s", styles)
            if cell.get("cm") or cell.get("vm"):
                raise ValueError(f"{cell.get('r')} needs cell metadata, which a graft cannot bring")
            if cell.get("t") == "s":
                _inline(cell, dialect, strings)
    for rule in root.iter(*(dialect.tag(name) for name in ("cfRule", "sortCondition", "colorFilter"))):
        if (index := rule.get("dxfId")) is not None:
            rule.set("dxfId", str(styles.differential(int(index))))


def make_strict(package: Package) -> None:
    """Rewrite the parts of our workbook in the strict dialect."""
    for name in list(package.names()):
        if name.endswith((".xml", ".rels")) and name != CONTENT_TYPES_PART:
            content = package.read(name)
            for field in Dialect.__dataclass_fields__:
                old, new = (str(getattr(dialect, field)).encode() for dialect in (TRANSITIONAL, STRICT))
                content = content.replace(old, new)
            package.put(name, content)


def _restyle(element: Element, attribute: str, styles: StyleMerge) -> None:
    if (index := element.get(attribute)) is not None:
        element.set(attribute, str(styles.cell(int(index))))


def _inline(cell: Element, dialect: Dialect, strings: Sequence[Element]) -> None:
    value = cell.find(dialect.tag("v"))
    if value is None or value.text is None:
        raise ValueError(f"{cell.get('r')} has no shared string")
    text = cell.makeelement(dialect.tag("is"))
    for run in elements(strings[int(value.text)]):
        if local(run) in {"t", "r"}:
            text.append(copy.deepcopy(run))
    for font in text.iter(dialect.tag("rPr")):
        make_font_explicit(font)
    cell.replace(value, text)
    cell.set("t", "inlineStr")
