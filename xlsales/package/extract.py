"""Sheets taken out of a workbook, so that a graft can put them into another: or into the same one again.

A sheet can travel with its drawings, charts, pictures, tables, comments and links. What hangs on the
workbook as a whole (pivot tables, queries, slicers, dynamic arrays) cannot, and is named instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.package.book import open_book, scope
from xlsales.package.graft import graft
from xlsales.package.markup import elements
from xlsales.package.opc import relationships_part
from xlsales.package.plan import TABLE_TYPE, plan
from xlsales.package.references import formulas, rename_in, rename_links, renamed, sheets_read, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from xlsales.package.book import Book, Sheet

TRAVELS = frozenset({"chart", "chartColorStyle", "chartStyle", "chartUserShapes", "comments", "drawing"}) | {
    "hyperlink",
    "image",
    "printerSettings",
    "table",
    "themeOverride",
    "vmlDrawing",
}
"""The kinds of relationship that a sheet and its parts may have to go into another workbook."""

STAYS_HOME = TRAVELS | {"threadedComment"}
"""The same within one workbook, which knows the persons who comment."""


def transfer(
    data: bytes, sheets: bytes, sources: Mapping[str, str], wanted: Mapping[str, str]
) -> tuple[bytes, dict[str, str]]:
    """The workbook ``data`` with sheets of the workbook ``sheets`` in it, and key -> name there.

    ``sources`` gives each key the name of its sheet in ``sheets``, ``wanted`` the name it should have. A
    name that is taken gets a number, and everything in the sheets that says the old name then says the
    new one. Each sheet must be one that :func:`obstacle` finds nothing on.
    """
    source = open_book(sheets)
    tables = [name for sheet in _chosen(source, sources.values()) for name in table_names(source, sheet)]
    planned = plan(open_book(data), wanted, tables)
    names = {sources[key]: planned.names[key] for key in sources}
    taken = extract(sheets, names, planned.table_names)
    return graft(data, taken, {name: key for key, name in planned.names.items()}, {}), dict(planned.names)


def extract(data: bytes, names: Mapping[str, str], tables: Mapping[str, str]) -> bytes:
    """The workbook with only the sheets of ``names`` (old -> new), and its tables under their new names."""
    book = open_book(data)
    stay = _chosen(book, names)
    going = [sheet for sheet in book.sheets if sheet not in stay]
    _keep_names_of(book, {sheet.place for sheet in stay})
    edges = {(book.part, sheet.rel_id) for sheet in going}
    for part in book.package.reachable() - book.package.reachable(edges):
        book.package.drop(part)
    tabs = list(elements(book.root.find(book.dialect.tag("sheets"))))
    for sheet in going:
        parent = tabs[sheet.place].getparent()
        if parent is not None:
            parent.remove(tabs[sheet.place])
        book.package.unrelate(book.part, sheet.rel_id)
    new_sheets = {old.lower(): new for old, new in names.items()}
    new_tables = {old.lower(): new for old, new in tables.items()}
    for sheet in stay:
        tabs[sheet.place].set("name", names[sheet.name])
    for entry in book.defined_names:
        entry.text = renamed(entry.text or "", new_sheets, new_tables)
    for part in sorted({part for sheet in stay for part in _parts(book, sheet)}):
        if part.lower().endswith(".xml"):
            root = book.package.tree(part)
            rename_in(root, new_sheets, new_tables)
            book.package.put_tree(part, root)
        if (links := relationships_part(part)) in book.package:
            root = book.package.tree(links)
            rename_links(root, new_sheets)
            book.package.put_tree(links, root)
    return book.to_bytes()


def obstacle(book: Book, sheet: Sheet, travels: Collection[str] = TRAVELS) -> str | None:
    """What on a sheet cannot travel, by its name in the format; None where all of it can."""
    kind = next((link.kind for link in book.links if link.id == sheet.rel_id), "sheet")
    if kind != "worksheet" or sheet.part is None:
        return kind
    for part in _parts(book, sheet):
        for link in book.package.relationships(part):
            if link.kind not in travels:
                return link.kind
    for cell in book.package.tree(sheet.part).iter(book.dialect.tag("c")):
        if cell.get("cm") or cell.get("vm"):
            return f"dynamic array {cell.get('r')}"
    return None


def reads(book: Book, sheet: Sheet) -> set[str]:
    """The sheets that the formulas and charts of a sheet name."""
    return {name for formula in _formulas(book, sheet) for name in sheets_read(formula)}


def names_read(book: Book, sheet: Sheet, chosen: Collection[Sheet]) -> set[str]:
    """In lower case, the workbook's names and tables that a sheet reads and that stay behind with it."""
    left = {entry.get("name", "").lower() for entry in book.defined_names}
    for other in book.sheets:
        if other not in chosen:
            left |= {name.lower() for name in table_names(book, other)}
    return left & {word for formula in _formulas(book, sheet) for word in words(formula)}


def table_names(book: Book, sheet: Sheet) -> list[str]:
    """The tables on a sheet."""
    if sheet.part is None:
        return []
    parts = [part for part in _parts(book, sheet) if book.package.content_type(part) == TABLE_TYPE]
    return [book.package.tree(part).get("displayName", "") for part in parts]


def _keep_names_of(book: Book, places: set[int]) -> None:
    """Only what Excel itself defines on the sheets that stay, counted as they will stand."""
    new = {place: index for index, place in enumerate(sorted(places))}
    for entry in book.defined_names:
        place = scope(entry)
        if place in new and entry.get("name", "").startswith("_xlnm."):
            entry.set("localSheetId", str(new[place]))
        else:
            book.undefine(entry)


def _chosen(book: Book, names: Collection[str]) -> list[Sheet]:
    return [sheet for sheet in book.sheets if sheet.name in names]


def _formulas(book: Book, sheet: Sheet) -> Iterator[str]:
    for part in _parts(book, sheet):
        if part.lower().endswith(".xml"):
            yield from formulas(book.package.tree(part))


def _parts(book: Book, sheet: Sheet) -> list[str]:
    """The sheet's part and all that it leads to, each once, in the order found."""
    found = [sheet.part] if sheet.part is not None else []
    for part in found:
        for link in book.package.relationships(part):
            if link.target is not None and link.target in book.package and link.target not in found:
                found.append(link.target)
    return found
