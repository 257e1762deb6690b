"""The workbook part: its sheets, its defined names, and the parts it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.markup import STRICT, TRANSITIONAL, child, elements, is_true, local, number
from xlsales.package.opc import Package

if TYPE_CHECKING:
    from xlsales.package.markup import Dialect, Element
    from xlsales.package.opc import Relationship

_BEFORE_SHEETS = "fileVersion fileSharing workbookPr AlternateContent workbookProtection bookViews"
_BEFORE_NAMES = f"{_BEFORE_SHEETS} sheets functionGroups externalReferences"
_BEFORE_CALCULATION = f"{_BEFORE_NAMES} definedNames"


@dataclass(frozen=True)
class Sheet:
    """A tab: its name, its id for life, its relationship and part. ``place`` counts from 0.

    ``part`` is None for a sheet without a relationship.
    """

    name: str
    id: int
    rel_id: str
    part: str | None
    state: str
    place: int


class Book:
    """A workbook package and the tree of its workbook part, which ``to_bytes`` writes back."""

    def __init__(self, package: Package) -> None:
        """WorkbookError where the package holds no workbook that we can read."""
        self.package = package
        self.part = _workbook_part(package)
        self.root = package.tree(self.part)
        self.dialect = _dialect(self.root)
        self.links: tuple[Relationship, ...] = package.relationships(self.part)

    @property
    def strict(self) -> bool:
        """Whether the workbook is written in the strict dialect."""
        return self.dialect is STRICT

    @property
    def date1904(self) -> bool:
        """Whether dates count from 1904 instead of 1900."""
        settings = self.root.find(self.dialect.tag("workbookPr"))
        return settings is not None and is_true(settings.get("date1904"))

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All tabs in order, chart sheets and hidden ones included."""
        parts = {link.id: link.target for link in self.links}
        found = []
        for place, tab in enumerate(elements(self.root.find(self.dialect.tag("sheets")))):
            # Some strict files keep the transitional namespace for r:id, and the other way round.
            ids = (tab.get(dialect.rel_id) for dialect in (self.dialect, TRANSITIONAL, STRICT))
            rel_id = next((value for value in ids if value), "")
            state = tab.get("state", "visible")
            found.append(
                Sheet(tab.get("name", ""), number(tab, "sheetId", 0), rel_id, parts.get(rel_id), state, place)
            )
        return tuple(found)

    @property
    def defined_names(self) -> tuple[Element, ...]:
        """The ``definedName`` elements, of the workbook and of single sheets."""
        return tuple(elements(self.root.find(self.dialect.tag("definedNames"))))

    def linked(self, kind: str) -> str | None:
        """The part that the workbook is related to as ``styles``, ``calcChain`` or other."""
        for link in self.links:
            if link.kind == kind and link.target is not None and link.target in self.package:
                return link.target
        return None

    def link(self, kind: str, part: str) -> str:
        """Relate the workbook to a part; gives back the relationship id."""
        rel_id = self.package.relate(self.part, f"{self.dialect.relationships}/{kind}", part)
        self.links = self.package.relationships(self.part)
        return rel_id

    def unlink(self, kind: str) -> None:
        """Take away all relationships of this kind."""
        for link in self.links:
            if link.kind == kind:
                self.package.unrelate(self.part, link.id)
        self.links = self.package.relationships(self.part)

    def append_sheet(self, name: str, part: str, state: str) -> None:
        """Add a tab at the end, where no index that others hold has to move."""
        rel_id = self.link("worksheet", part)
        ids = [sheet.id for sheet in self.sheets]
        tabs = child(self.root, "sheets", _BEFORE_SHEETS)
        attributes = {"name": name, "sheetId": str(max(ids, default=0) + 1)}
        tab = tabs.makeelement(self.dialect.tag("sheet"), attributes)
        if state != "visible":
            tab.set("state", state)
        tab.set(self.dialect.rel_id, rel_id)
        tabs.append(tab)

    def define(self, name: str, text: str, place: int | None = None, *, hidden: bool = False) -> None:
        """Let a name refer to ``text``, for the workbook or for the sheet at ``place``."""
        for entry in self.defined_names:
            if entry.get("name", "").lower() == name.lower() and scope(entry) == place:
                entry.text = text
                return
        names = child(self.root, "definedNames", _BEFORE_NAMES)
        attributes = {"name": name}
        if place is not None:
            attributes["localSheetId"] = str(place)
        if hidden:
            attributes["hidden"] = "1"
        entry = names.makeelement(self.dialect.tag("definedName"), attributes)
        entry.text = text
        names.append(entry)

    def undefine(self, entry: Element) -> None:
        """Remove a defined name."""
        child(self.root, "definedNames", _BEFORE_NAMES).remove(entry)

    def recalculate_on_open(self) -> None:
        """Have Excel compute every formula anew when it opens the file."""
        child(self.root, "calcPr", _BEFORE_CALCULATION).set("fullCalcOnLoad", "1")

    def to_bytes(self) -> bytes:
        """The workbook file; the bytes it was opened from where nothing changed."""
        self.package.put_tree(self.part, self.root)
        return self.package.to_bytes()


def open_book(data: bytes) -> Book:
    """Open the bytes of an .xlsx or .xlsm file.

    A WorkbookError says what else the bytes are: no workbook, encrypted, .xls, .xlsb, damaged, a draft
    of the format, or made to overwhelm its reader.
    """
    return Book(Package(data))


def scope(defined_name: Element) -> int | None:
    """The place of the sheet that a defined name belongs to; None for the whole workbook."""
    return number(defined_name, "localSheetId", 0) if "localSheetId" in defined_name.attrib else None


def _workbook_part(package: Package) -> str:
    for link in package.relationships(""):
        if link.kind == "officeDocument" and link.target is not None and link.target in package:
            if link.target.lower().endswith(".bin"):
                raise WorkbookError("workbook_xlsb")
            return link.target
    raise WorkbookError("workbook_not_excel")


def _dialect(root: Element) -> Dialect:
    for dialect in (TRANSITIONAL, STRICT):
        if root.tag == dialect.tag("workbook"):
            return dialect
    if local(root) == "workbook":
        raise WorkbookError("workbook_unknown_format")
    raise WorkbookError("workbook_not_excel")
