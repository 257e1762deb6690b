"""Proof, before a file is replaced, that a graft changed nothing but our sheets.

It compares the file before with the file after and knows nothing of how the graft works: every entry of
the zip that is not ours must be the same compressed bytes, every list that the graft adds to must
still hold what it held, and whatever our parts refer to must be there.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from xlsales.errors import WorkbookError
from xlsales.package.book import open_book, scope
from xlsales.package.markup import canonical, discard, elements, local
from xlsales.package.names import is_key_number, is_mark, owned_sheets
from xlsales.package.opc import CONTENT_TYPES_PART, part_key, relationships_part
from xlsales.package.plan import TABLE_TYPE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from xlsales.package.book import Book
    from xlsales.package.markup import Canonical, Element


_PIECE = 1 << 20
LARGE = 1 << 26
"""Bytes of a part from which on it is looked at piece by piece, as a tree would take twenty times as many."""
_LINK = re.compile(rb' r:id="([^"]*)"')
_FORMAT = re.compile(rb' s="(\d+)"')


def check(before: bytes, after: bytes, ours: Collection[str]) -> None:
    """Compare a workbook before and after the sheets with the keys ``ours`` were grafted.

    A WorkbookError ``workbook_self_check`` names the first part that is not as it should be.
    """
    if before == after:
        return
    old, new = open_book(before), open_book(after)
    gone, come = _exclusive(old, ours), _exclusive(new, ours)
    _same_entries(old, new, gone | _bookkeeping(old), come | _bookkeeping(new))
    _same_workbook(old, new, ours)
    _same_lists(old, new, gone)
    _sound(new, come)


def _fail(part: str) -> WorkbookError:
    return WorkbookError("workbook_self_check", part=part)


def _exclusive(book: Book, keys: Collection[str]) -> set[str]:
    """The parts, in lower case, that only the owned sheets with these keys lead to."""
    edges = {(book.part, sheet.rel_id) for key, sheet in owned_sheets(book).items() if key in keys}
    parts = book.package.reachable() - book.package.reachable(edges)
    return parts | {part_key(relationships_part(part)) for part in parts}


def _bookkeeping(book: Book) -> set[str]:
    linked = (book.linked(kind) for kind in ("styles", "calcChain"))
    parts = {CONTENT_TYPES_PART, book.part, relationships_part(book.part), *filter(None, linked)}
    return {part_key(part) for part in parts}


def _same_entries(old: Book, new: Book, old_set: set[str], new_set: set[str]) -> None:
    rest = [_foreign_entries(old, old_set), _foreign_entries(new, new_set)]
    for (name, before, *facts), (_, after, *facts_after) in zip(*rest, strict=False):
        if facts != facts_after or not _same_bytes(before, after):
            raise _fail(name)
    if len(rest[0]) != len(rest[1]):
        longer = max(rest, key=len)
        raise _fail(longer[min(map(len, rest))][0])


def _foreign_entries(book: Book, apart: set[str]) -> list[tuple[str, memoryview, bytes, int, int]]:
    archive = book.package.archive
    return [
        (entry.filename, stream, name, entry.CRC, entry.compress_type)
        for entry in archive.entries
        if part_key(entry.filename) not in apart
        for name, stream in [archive.raw(entry)]
    ]


def _same_bytes(one: memoryview, other: memoryview) -> bool:
    """Piece by piece as bytes, which compare faster than views of them."""
    pieces = range(0, max(len(one), len(other)), _PIECE)
    return all(bytes(one[at : at + _PIECE]) == bytes(other[at : at + _PIECE]) for at in pieces)


def _same_workbook(old: Book, new: Book, ours: Collection[str]) -> None:
    """The workbook part: its settings, every tab in its place, every name that is not ours."""
    settings = [_settings(book.root) for book in (old, new)]
    tabs = [_children(book.root, "sheets") for book in (old, new)]
    added = set(owned_sheets(new)) - set(owned_sheets(old))
    if (
        settings[0] != settings[1]
        or tabs[0] != tabs[1][: len(tabs[0])]
        or len(tabs[1]) - len(tabs[0]) > len(added)
    ):
        raise _fail(old.part)
    if not _contains(_user_names(new, ours), _user_names(old, ours)):
        raise _fail(old.part)


def _settings(workbook: Element) -> list[Canonical]:
    """Everything but the lists that grow, and without the order to compute anew, which a graft may give."""
    found = []
    for entry in elements(workbook):
        if local(entry) == "calcPr":
            entry = copy.copy(entry)
            discard(entry, "fullCalcOnLoad")
        if local(entry) not in {"sheets", "definedNames"} and (entry.attrib or len(entry)):
            found.append(canonical(entry))
    return found


def _user_names(book: Book, ours: Collection[str]) -> list[Canonical]:
    sheets = owned_sheets(book)
    places = {sheet.place for key, sheet in sheets.items() if key in ours}
    names = {sheet.name for sheet in sheets.values()}
    return [
        canonical(entry)
        for entry in book.defined_names
        if not is_mark(entry)
        and not (scope(entry) in places and entry.get("name", "").startswith("_xlnm."))
        and not is_key_number(entry, names)
    ]


def _same_lists(old: Book, new: Book, gone: set[str]) -> None:
    """Relationships, content types and styles only grow; the chain loses no cell of other sheets."""
    links = [{(link.id, link.kind, link.target) for link in book.links} for book in (old, new)]
    if any(link[1] != "calcChain" for link in links[0] - links[1]):
        raise _fail(relationships_part(old.part))
    types = [book.package.tree(CONTENT_TYPES_PART) for book in (old, new)]
    kept = [
        canonical(entry)
        for entry in elements(types[0])
        if part_key(entry.get("PartName", "")) not in gone and "calcChain" not in entry.get("PartName", "")
    ]
    if not _contains([canonical(entry) for entry in elements(types[1])], kept):
        raise _fail(CONTENT_TYPES_PART)
    styles = old.linked("styles")
    if styles is not None:
        before, after = (book.package.tree(styles) for book in (old, new))
        for collection in elements(before):
            name = local(collection)
            rows = _children(before, name)
            if rows != _children(after, name)[: len(rows)]:
                raise _fail(styles)


def _sound(new: Book, come: set[str]) -> None:
    """Our parts parse, have a type, and lead and refer only to what exists."""
    styles = new.linked("styles")
    formats = new.package.tree(styles) if styles else None
    limits = {kind: len(_children(formats, kind)) for kind in ("cellXfs", "dxfs")}
    for part in sorted(come):
        if part not in new.package:
            continue
        content_type = new.package.content_type(part)
        if not content_type:
            raise _fail(part)
        links = new.package.relationships(part)
        if any(link.target is not None and link.target not in new.package for link in links):
            raise _fail(part)
        if not content_type.endswith("xml"):
            continue
        if new.package.size(part) > LARGE:
            named, used = _scanned(new, part)
            if not named <= {link.id for link in links} or max(used) >= limits["cellXfs"]:
                raise _fail(part)
            continue
        root = new.package.tree(part)
        if not _references(root, new.dialect.rel_id) <= {link.id for link in links}:
            raise _fail(part)
        if local(root) == "worksheet" and not _formats_exist(root, limits):
            raise _fail(part)
    names: list[str] = []
    ids: list[str] = []
    for part in new.package.names():
        if new.package.content_type(part) == TABLE_TYPE:
            table = new.package.tree(part)
            ids.append(table.get("id", ""))
            names.append(table.get("displayName", "").lower())
            if part_key(part) in come and (ids.count(ids[-1]) > 1 or names.count(names[-1]) > 1):
                raise _fail(part)


def _scanned(book: Book, part: str) -> tuple[set[str], set[int]]:
    """The relationship ids and cell formats that a large part names, once it is known to be sound XML."""
    parser = expat.ParserCreate()
    ids: set[bytes] = set()
    formats = {b"0"}
    rest = b""
    try:
        for piece in book.package.pieces(part):
            parser.Parse(piece)
            text = rest + piece
            end = text.rfind(b"<")
            ids.update(_LINK.findall(text, 0, end))
            formats.update(_FORMAT.findall(text, 0, end))
            rest = text[end:]
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise _fail(part) from None
    ids.update(_LINK.findall(rest))
    return {one.decode() for one in ids}, {int(one) for one in formats}


def _references(root: Element, attribute: str) -> set[str]:
    return {value for entry in root.iter() if (value := entry.get(attribute)) is not None}


def _formats_exist(sheet: Element, limits: dict[str, int]) -> bool:
    kinds = {"c": ("s", "cellXfs"), "row": ("s", "cellXfs"), "col": ("style", "cellXfs")}
    for entry in sheet.iter():
        attribute, kind = kinds.get(local(entry), ("dxfId", "dxfs"))
        if int(entry.get(attribute, "-1")) >= limits[kind]:
            return False
    return True


def _children(root: Element | None, name: str) -> list[Canonical]:
    for entry in elements(root):
        if local(entry) == name:
            return [canonical(child) for child in elements(entry)]
    return []


def _contains(whole: Iterable[Canonical], part: Iterable[Canonical]) -> bool:
    """Whether ``part`` is in ``whole``, in the same order."""
    rest = iter(whole)
    return all(entry in rest for entry in part)
