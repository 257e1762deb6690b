"""An Open Packaging Conventions package (ECMA-376 part 2): parts, content types and relationships.

Part names are compared without case, percent signs and the odd backslash, as real files need. A
package knows what changed; with nothing changed it gives back the very bytes it was opened from.
"""

from __future__ import annotations

import posixpath
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from xlsales.errors import WorkbookError
from xlsales.package.archive import Archive, Packed
from xlsales.package.markup import (
    CONTENT_TYPES,
    PACKAGE_RELATIONSHIPS,
    elements,
    local,
    parse,
    serialise,
)

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Collection, Iterator

    from xlsales.package.markup import (
        Element,
    )

CONTENT_TYPES_PART = "[Content_Types].xml"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Relationship:
    """A link between parts: ``kind`` is the last word of its type, ``target`` None outside the package."""

    id: str
    kind: str
    target: str | None


def relationships_part(source: str) -> str:
    """Where the relationships of a part lie; those of the package itself for an empty name."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolve(source: str, target: str) -> str:
    """The part name that a relationship of ``source`` points at."""
    path = target.replace("\\", "/").split("#")[0]
    if not path.startswith("/"):
        path = posixpath.join("/", posixpath.dirname(source), path)
    return posixpath.normpath(path).lstrip("/")


def _target(source: str, link: Element) -> str | None:
    """The part that a relationship leads to; none for another file, or for a cell (``#Sheet1!A1``)."""
    target = link.get("Target", "")
    outside = link.get("TargetMode") == "External" or target.startswith("#")
    return None if outside else resolve(source, target)


def part_key(name: str) -> str:
    """One spelling for all spellings of a part name."""
    return unquote(name.replace("\\", "/")).lstrip("/").lower()


class Package:
    """The parts of a package by name, read when asked for, changed in memory."""

    def __init__(self, data: bytes) -> None:
        """Open the package. WorkbookError where the bytes are something else or encrypted."""
        if data.startswith(_OLE_MAGIC):
            encrypted = "EncryptedPackage".encode("utf-16-le") in data
            raise WorkbookError("workbook_encrypted" if encrypted else "workbook_xls")
        self._data = data
        self.archive = Archive(data)
        self._entries: dict[str, tuple[str, zipfile.ZipInfo]] = {}
        for entry in self.archive.entries:
            # Of two entries with one name the last one counts, as it does for every zip reader.
            self._entries[part_key(entry.filename)] = (entry.filename.replace("\\", "/").lstrip("/"), entry)
        self._changed: dict[str, tuple[str, bytes | Packed | None]] = {}
        self._links: dict[str, tuple[Relationship, ...]] = {}
        if CONTENT_TYPES_PART not in self:
            raise WorkbookError("workbook_not_excel")
        self._types = self.tree(CONTENT_TYPES_PART)
        self._overrides: dict[str, Element] = {}
        self._defaults: dict[str, str] = {}
        for declared in elements(self._types):
            if local(declared) == "Override":
                self._overrides[part_key(declared.get("PartName", ""))] = declared
            else:
                self._defaults[declared.get("Extension", "").lower()] = declared.get("ContentType", "")

    def __contains__(self, name: str) -> bool:
        key = part_key(name)
        if key in self._changed:
            return self._changed[key][1] is not None
        return key in self._entries

    def names(self) -> Iterator[str]:
        """The names of all parts, the old ones in the order of the zip file, then the new."""
        for key, (name, _) in self._entries.items():
            if key not in self._changed or self._changed[key][1] is not None:
                yield name
        for key, (name, content) in self._changed.items():
            if key not in self._entries and content is not None:
                yield name

    def read(self, name: str) -> bytes:
        """The bytes of a part; a WorkbookError where it is missing or damaged."""
        key = part_key(name)
        content = self._changed[key][1] if key in self._changed else None
        if content is None:
            if name not in self:
                raise WorkbookError("workbook_damaged", part=name)
            content = self.archive.read(self._entries[key][1])
        return content.content() if isinstance(content, Packed) else content

    def size(self, name: str) -> int:
        """Bytes of a part that is there."""
        key = part_key(name)
        content = self._changed[key][1] if key in self._changed else None
        if content is None:
            return self._entries[key][1].file_size
        return content.size if isinstance(content, Packed) else len(content)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part of the file as it was opened, of any size, a piece at a time."""
        return self.archive.pieces(self._entries[part_key(name)][1])

    def checksum(self, name: str) -> int:
        """The CRC-32 of a part that is there."""
        key = part_key(name)
        content = self._changed[key][1] if key in self._changed else None
        if content is None:
            return self._entries[key][1].CRC
        return content.crc if isinstance(content, Packed) else zlib.crc32(content)

    def tree(self, name: str) -> Element:
        """The root element of a part."""
        return parse(self.read(name), name)

    def put(self, name: str, content: bytes | Packed) -> None:
        """Add or replace a part. Content that is what the file holds already is no change."""
        key = part_key(name)
        self._links.pop(key, None)
        if key in self._entries:
            name, entry = self._entries[key]
            self._changed.pop(key, None)
            if isinstance(content, Packed):
                if content.crc == entry.CRC and self.archive.raw(entry)[1] == content.stream:
                    return
            elif entry.file_size == len(content) and self.archive.read(entry) == content:
                return
        self._changed[key] = (name, content)

    def put_tree(self, name: str, root: Element) -> None:
        """Replace a part by a tree, unless it says that already in other words."""
        content = serialise(root)
        if name not in self or serialise(self.tree(name)) != content:
            self.put(name, content)

    def drop(self, name: str) -> None:
        """Remove a part and its relationships."""
        for part in (name, relationships_part(name)):
            key = part_key(part)
            self._changed.pop(key, None)
            self._links.pop(key, None)
            if key in self._entries:
                self._changed[key] = (part, None)

    def changed(self, name: str) -> bool:
        """Whether a part is not what the file holds."""
        return part_key(name) in self._changed

    def free_name(self, like: str) -> str:
        """A part name that is free and numbered: like ``xl/chart1.xml`` there is ``xl/chart7.xml``."""
        stem, suffix = posixpath.splitext(like)
        stem = stem.rstrip("0123456789")
        number = 1
        while f"{stem}{number}{suffix}" in self:
            number += 1
        return f"{stem}{number}{suffix}"

    # ------------------------------------------------------------------ content types

    def content_type(self, name: str) -> str:
        """The declared type of a part; empty where there is none."""
        override = self._overrides.get(part_key(name))
        if override is not None:
            return override.get("ContentType", "")
        return self._defaults.get(posixpath.splitext(name)[1].lstrip(".").lower(), "")

    def declare(self, name: str, content_type: str) -> None:
        """Give a part its type, by an override where the default for its extension differs."""
        if self.content_type(name) == content_type:
            return
        override = self._overrides.get(part_key(name))
        if override is None:
            override = self._types.makeelement(f"{{{CONTENT_TYPES}}}Override", {"PartName": f"/{name}"})
            self._types.append(override)
            self._overrides[part_key(name)] = override
        override.set("ContentType", content_type)

    # ------------------------------------------------------------------ relationships

    def relationships(self, source: str) -> tuple[Relationship, ...]:
        """The relationships of a part, of the package itself for an empty name."""
        part = relationships_part(source)
        key = part_key(part)
        if key not in self._links:
            self._links[key] = tuple(
                Relationship(
                    entry.get("Id", ""),
                    posixpath.basename(entry.get("Type", "")),
                    _target(source, entry),
                )
                for entry in elements(self.tree(part) if part in self else None)
                if local(entry) == "Relationship"
            )
        return self._links[key]

    def relate(self, source: str, relationship_type: str, target: str) -> str:
        """Add a relationship and give back its id."""
        part = relationships_part(source)
        root = self.tree(part)
        taken = {entry.get("Id") for entry in elements(root)}
        number = 1
        while (rel_id := f"rId{number}") in taken:
            number += 1
        path = posixpath.relpath(target, posixpath.dirname(source) or ".")
        attributes = {"Id": rel_id, "Type": relationship_type, "Target": path}
        root.append(root.makeelement(f"{{{PACKAGE_RELATIONSHIPS}}}Relationship", attributes))
        self.put_tree(part, root)
        return rel_id

    def unrelate(self, source: str, rel_id: str) -> None:
        """Take a relationship away."""
        part = relationships_part(source)
        root = self.tree(part)
        for entry in list(elements(root)):
            if entry.get("Id") == rel_id:
                root.remove(entry)
        self.put_tree(part, root)

    def reachable(self, without: Collection[tuple[str, str]] = ()) -> set[str]:
        """The names, in lower case, of all parts that the root leads to.

        ``without`` are relationships not to follow, as (name of the source part, relationship id).
        """
        skipped = {(part_key(source), rel_id) for source, rel_id in without}
        seen = {""}
        todo = [""]
        while todo:
            source = todo.pop()
            for relationship in self.relationships(source):
                target = relationship.target
                if target is None or (part_key(source), relationship.id) in skipped or target not in self:
                    continue
                if part_key(target) not in seen:
                    seen.add(part_key(target))
                    todo.append(target)
        return seen - {""}

    # ------------------------------------------------------------------ writing

    def to_bytes(self) -> bytes:
        """The package as a file: the very bytes it was opened from where nothing changed."""
        self._forget_dropped_types()
        self.put_tree(CONTENT_TYPES_PART, self._types)
        if not self._changed:
            return self._data
        changed: dict[int, bytes | Packed | None] = {}
        for place, entry in enumerate(self.archive.entries):
            key = part_key(entry.filename)
            if key in self._changed:
                # A part that was there twice is written once, where it counted.
                changed[place] = self._changed[key][1] if entry is self._entries[key][1] else None
        added = {
            name: content
            for key, (name, content) in self._changed.items()
            if key not in self._entries and content is not None
        }
        return self.archive.rewritten(changed, added)

    def _forget_dropped_types(self) -> None:
        for key, (_, content) in self._changed.items():
            if content is None and key in self._overrides:
                self._types.remove(self._overrides.pop(key))
