"""A compound file checked against [MS-CFB], by a reader that shares no code with the writer.

Every rule that a file can break is checked: the header, that each sector is used once and all are accounted
for, the padding, and the order, colours and heights of the trees in the directory.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NOBODY = 0xFFFFFFFF
UNUSED, STORAGE, STREAM, ROOT = 0, 1, 2, 5
RED, BLACK = 0, 1


class ContainerError(Exception):
    """A rule that the file breaks."""


def need(holds: bool, rule: str) -> None:
    if not holds:
        raise ContainerError(rule)


@dataclass(frozen=True)
class Entry:
    name: str
    kind: int
    colour: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Container:
    """The streams of a compound file by path, after every rule has been checked."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        need(data[:8] == bytes([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), "signature")
        need(data[8:24] == bytes(16), "class id of the header")
        need(struct.unpack_from("<5H", data, 24) == (0x3E, 3, 0xFFFE, 9, 6), "version and sizes")
        need(data[34:40] == bytes(6), "reserved bytes of the header")
        (
            directory_count,
            fat_count,
            directory,
            transaction,
            cutoff,
            mini_fat,
            mini_fat_count,
            more,
            more_count,
        ) = struct.unpack_from("<9I", data, 40)
        need((directory_count, transaction, cutoff) == (0, 0, 4096), "counts of the header")
        need((more, more_count) == (END, 0), "no further table sectors")
        need(len(data) % 512 == 0, "whole sectors")
        listed = struct.unpack_from("<109I", data, 76)
        need(all(sector != FREE for sector in listed[:fat_count]), "table sectors are listed")
        need(set(listed[fat_count:]) <= {FREE}, "nothing after the table sectors")
        self.sectors = len(data) // 512 - 1
        self.fat = [n for sector in listed[:fat_count] for n in struct.unpack("<128I", self.sector(sector))]
        need(set(self.fat[self.sectors :]) <= {FREE}, "no sectors beyond the file")
        self.users: dict[int, str] = {}
        for sector in listed[:fat_count]:
            self.use(sector, "table")
            need(self.fat[sector] == FAT, "the table marks its own sectors")

        self.entries = self.read_directory(self.chain(directory, "directory"))
        root = self.entries[0]
        need((root.name, root.kind) == ("Root Entry", ROOT), "the root comes first")
        mini_table = self.chain(mini_fat, "mini table")
        need(len(mini_table) == mini_fat_count * 512, "size of the mini table")
        self.mini_fat = [n for (n,) in struct.iter_unpack("<I", mini_table)]
        self.mini_stream = self.chain(root.start, "mini stream")
        need(0 <= len(self.mini_stream) - root.size < 512, "size of the mini stream")
        need(root.size % 64 == 0, "whole mini sectors")
        self.mini_users: set[int] = set()

        self.reached = {0}
        self.streams: dict[str, bytes] = {}
        self.walk(root.child, "")
        for place, entry in enumerate(self.entries):
            need((place in self.reached) == (entry.kind != UNUSED), f"entry {place} is reached once")
        for sector in range(self.sectors):
            need((sector in self.users) == (self.fat[sector] != FREE), f"sector {sector} is accounted for")
        need(self.mini_users == set(range(root.size // 64)), "all mini sectors are used")
        need(set(self.mini_fat[root.size // 64 :]) <= {FREE}, "no mini sectors beyond the mini stream")

    def sector(self, number: int) -> bytes:
        need(number < len(self.data) // 512 - 1, "a sector of the file")
        return self.data[512 * (number + 1) : 512 * (number + 2)]

    def use(self, sector: int, user: str) -> None:
        need(sector not in self.users, f"sector {sector} belongs to {self.users.get(sector)} and to {user}")
        self.users[sector] = user

    def chain(self, sector: int, user: str) -> bytes:
        out = b""
        while sector != END:
            self.use(sector, user)
            out += self.sector(sector)
            sector = self.fat[sector]
        return out

    def mini_chain(self, sector: int) -> bytes:
        out = b""
        while sector != END:
            need(sector not in self.mini_users, f"mini sector {sector} is used once")
            self.mini_users.add(sector)
            out += self.mini_stream[64 * sector : 64 * (sector + 1)]
            sector = self.mini_fat[sector]
        return out

    def read_directory(self, data: bytes) -> list[Entry]:
        entries = []
        for place in range(0, len(data), 128):
            raw, length, kind, colour, left, right, child = struct.unpack_from("<64sHBB3I", data, place)
            clsid_to_times, start, size = struct.unpack_from("<36sIQ", data, place + 80)
            need(clsid_to_times == bytes(36), "no class, flags and moments")
            if kind == UNUSED:
                need(
                    (length, left, right, child, start, size) == (0, NOBODY, NOBODY, NOBODY, 0, 0),
                    "unused entry",
                )
                need(raw == bytes(64), "unused name")
            else:
                need(2 < length <= 64 and raw[length - 2 :] == bytes(66 - length), "name ends in zeros")
                need(colour in {RED, BLACK}, "colour")
            entries.append(
                Entry(
                    raw[: max(length - 2, 0)].decode("utf-16-le"),
                    kind,
                    colour,
                    left,
                    right,
                    child,
                    start,
                    size,
                )
            )
        return entries

    def walk(self, top: int, path: str) -> None:
        """The children of one storage: a red-black tree whose top is black."""
        if top != NOBODY:
            need(self.entries[top].colour == BLACK, "the top of a tree is black")
            names = self.height(top, path, parent=BLACK)[1]
            order = [(len(name.encode("utf-16-le")), name.upper()) for name in names]
            need(
                all(a < b for a, b in pairwise(order)),
                f"order of the names in {path or 'the root'}",
            )

    def height(self, place: int, path: str, parent: int) -> tuple[int, list[str]]:
        """How many black entries lie below, and the names in order."""
        if place == NOBODY:
            return 0, []
        need(place < len(self.entries) and place not in self.reached, f"entry {place} is reached once")
        self.reached.add(place)
        entry = self.entries[place]
        need(not (parent == RED and entry.colour == RED), f"two red entries in a row at {entry.name}")
        left, before = self.height(entry.left, path, entry.colour)
        right, after = self.height(entry.right, path, entry.colour)
        need(left == right, f"black entries on both sides of {entry.name}")
        self.take(entry, f"{path}{entry.name}")
        return left + (entry.colour == BLACK), [*before, entry.name, *after]

    def take(self, entry: Entry, path: str) -> None:
        if entry.kind == STORAGE:
            need((entry.start, entry.size) == (0, 0), "a storage has no content")
            self.walk(entry.child, f"{path}/")
            return
        need(entry.kind == STREAM and entry.child == NOBODY, "streams have no children")
        small = entry.size < 4096
        content = self.mini_chain(entry.start) if small else self.chain(entry.start, path)
        unit = 64 if small else 512
        need(len(content) == -(-entry.size // unit) * unit, f"the chain of {path} is as long as its content")
        need(not any(content[entry.size :]), f"zeros after {path}")
        self.streams[path] = content[: entry.size]
