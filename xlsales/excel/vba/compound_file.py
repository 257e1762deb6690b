"""A compound file of version 3 ([MS-CFB]): storages and streams, as a small file system inside one file.

Content lies in chains of sectors of 512 bytes, and streams below 4096 bytes in chains of mini sectors of 64
bytes, which lie together in one stream of the root. A table per kind says for each sector which comes next.
The directory keeps the children of each storage as a red-black tree.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

Storage = Mapping[str, "bytes | Storage"]
"""Streams and storages by name."""

SECTOR = 512
MINI_SECTOR = 64
MINI_STREAM_CUTOFF = 4096
LONGEST_NAME = 31
FAT_SECTORS = 109
"""Sectors of the allocation table that the header has room for: files up to about 7 MB."""

_FREE = 0xFFFFFFFF
_END = 0xFFFFFFFE
_FAT = 0xFFFFFFFD
_NOBODY = 0xFFFFFFFF

_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1


@dataclass
class _Entry:
    """One entry of the directory (2.6); the siblings and the child are places in the directory."""

    name: str
    kind: int
    content: bytes = b""
    children: list[int] = field(default_factory=list)
    colour: int = _BLACK
    left: int = _NOBODY
    right: int = _NOBODY
    child: int = _NOBODY
    start: int = 0
    size: int = 0


@dataclass
class _Sectors:
    """Chains of sectors of one size, and the table of what follows each."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    follows: list[int] = field(default_factory=list)

    def add(self, content: bytes, padding: bytes = b"\0") -> int:
        """Append a chain and give back its first sector; the end mark for no content."""
        if not content:
            return _END
        count = -(-len(content) // self.size)
        first = len(self.follows)
        self.follows += [*range(first + 1, first + count), _END]
        self.content += content.ljust(count * self.size, padding)
        return first


def compound_file(root: Storage) -> bytes:
    """The file that holds ``root``. ``ValueError`` for a name that does not fit, or more than about 7 MB."""
    directory = [_Entry("Root Entry", _ROOT)]
    _list(root, directory, 0)
    for entry in directory:
        _grow_tree(entry, directory)

    sectors, mini = _Sectors(SECTOR), _Sectors(MINI_SECTOR)
    for entry in directory:
        if entry.kind == _STREAM:
            entry.size = len(entry.content)
            entry.start = (mini if entry.size < MINI_STREAM_CUTOFF else sectors).add(entry.content)
    directory[0].size = len(mini.content)
    directory[0].start = sectors.add(bytes(mini.content))
    mini_table = _numbers(mini.follows)
    mini_table_start = sectors.add(mini_table, padding=b"\xff")
    directory_start = sectors.add(_directory(directory))
    table_sectors = _add_table(sectors)

    header = struct.pack(
        "<8s16s5H6x10I",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        bytes(16),
        *(0x3E, 3, 0xFFFE, 9, 6),  # version 3, least significant byte first, sectors of 2^9 and 2^6 bytes
        *(0, len(table_sectors), directory_start, 0, MINI_STREAM_CUTOFF),
        *(mini_table_start, -(-len(mini_table) // SECTOR)),
        *(_END, 0),  # no further list of the sectors of the table
        *table_sectors[:1],
    )
    rest = [*table_sectors[1:], *[_FREE] * (FAT_SECTORS - len(table_sectors))]
    return header + _numbers(rest) + bytes(sectors.content)


def _list(storage: Storage, directory: list[_Entry], place: int) -> None:
    """Append the entries below the storage at ``place``, each storage followed by what it holds."""
    for name, content in storage.items():
        if not 0 < len(name) <= LONGEST_NAME or set(name) & set("/\\:!"):
            raise ValueError(f"no name for a stream: {name!r}")
        directory[place].children.append(len(directory))
        if isinstance(content, bytes):
            directory.append(_Entry(name, _STREAM, content))
        else:
            directory.append(_Entry(name, _STORAGE))
            _list(content, directory, len(directory) - 1)


def _grow_tree(parent: _Entry, directory: list[_Entry]) -> None:
    """Order the children as a red-black tree (2.6.4).

    They are halved again and again, so that all levels but the last are full; all entries are black but those
    on a last level that is not.
    """
    places = sorted(parent.children, key=lambda place: _order(directory[place].name))
    full_levels = (len(places) + 1).bit_length() - 1

    def grow(places: list[int], level: int) -> int:
        if not places:
            return _NOBODY
        middle = len(places) // 2
        entry = directory[places[middle]]
        entry.left = grow(places[:middle], level + 1)
        entry.right = grow(places[middle + 1 :], level + 1)
        entry.colour = _RED if level >= full_levels else _BLACK
        return places[middle]

    parent.child = grow(places, 0)


def _order(name: str) -> tuple[int, str]:
    """Shorter names come first, whatever they spell (2.6.4)."""
    return len(name), name.upper()


def _directory(entries: list[_Entry]) -> bytes:
    """The entries (2.6.1), and unused ones up to the end of the sector."""
    out = bytearray()
    for entry in entries:
        name = entry.name.encode("utf-16-le") + b"\0\0"
        out += struct.pack(
            "<64sHBB3I", name, len(name), entry.kind, entry.colour, entry.left, entry.right, entry.child
        )
        out += struct.pack("<36xIQ", entry.start, entry.size)  # no class, no flags, no moments
    unused = struct.pack("<68x3I48x", _NOBODY, _NOBODY, _NOBODY)
    return bytes(out) + unused * (-len(entries) % (SECTOR // len(unused)))


def _add_table(sectors: _Sectors) -> list[int]:
    """Append the table of all sectors, its own included, and give back where it lies."""
    per_sector = SECTOR // 4
    count = 0
    while len(sectors.follows) + count > count * per_sector:
        count += 1
    if count > FAT_SECTORS:
        raise ValueError("the VBA project is too large for a compound file without further tables")
    first = len(sectors.follows)
    sectors.follows += [_FAT] * count
    sectors.content += _numbers(sectors.follows).ljust(count * SECTOR, b"\xff")
    return list(range(first, first + count))


def _numbers(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)
