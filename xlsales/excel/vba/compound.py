"""Compound files, the small file systems that Office keeps VBA in, read by [MS-CFB]."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
"""Sector numbers above it mean an end, a free sector or the table itself."""

_STORAGE, _STREAM = 1, 2


def streams(data: bytes) -> dict[str, bytes]:
    """Path -> content of every stream, such as ``VBA/dir``. ValueError where the file is damaged."""
    if not data.startswith(_MAGIC) or len(data) < 512:
        raise ValueError("not a compound file")
    return dict(_Compound(data).streams())


class _Compound:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << _number(data, 30, 2)
        self.small_size = 1 << _number(data, 32, 2)
        self.small_limit = _number(data, 56)
        self.table = self._table()
        self.entries = _cut(self._chain(_number(data, 48)), 128)
        self.small_table = _numbers(self._chain(_number(data, 60)))
        self.small = self._chain(_number(self.entries[0], 116)) if self.entries else b""

    def streams(self) -> Iterator[tuple[str, bytes]]:
        """Walk the tree: each entry names its two neighbours and, for a storage, its first child."""
        seen: set[int] = set()
        todo = [(_number(self.entries[0], 76), "")]
        while todo:
            number, folder = todo.pop()
            if number in seen or number >= len(self.entries):
                continue
            seen.add(number)
            entry = self.entries[number]
            path = folder + entry[: max(_number(entry, 64, 2) - 2, 0)].decode("utf-16-le", "replace")
            todo += [(_number(entry, 68), folder), (_number(entry, 72), folder)]
            if entry[66] == _STORAGE:
                todo.append((_number(entry, 76), f"{path}/"))
            elif entry[66] == _STREAM:
                yield path, self._content(_number(entry, 116), _number(entry, 120))

    def _content(self, start: int, size: int) -> bytes:
        if size >= self.small_limit:
            return self._chain(start)[:size]
        pieces = _follow(self.small_table, start)
        small = (self.small[n * self.small_size : (n + 1) * self.small_size] for n in pieces)
        return b"".join(small)[:size]

    def _table(self) -> list[int]:
        """The table of chains, whose own sectors the header lists, and further sectors where it is long."""
        places = _numbers(self.data[76:512])
        more = _number(self.data, 68)
        for _ in range(_number(self.data, 72)):
            if more >= _LAST:
                break
            *listed, more = _numbers(self._sector(more))
            places += listed
        table = b"".join(self._sector(place) for place in places if place < _LAST)
        return _numbers(table)

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _follow(self.table, start))

    def _sector(self, number: int) -> bytes:
        return self.data[(number + 1) * self.size : (number + 2) * self.size]


def _follow(table: list[int], start: int) -> Iterator[int]:
    """The sectors of a chain. ValueError for one that leads outside or in a circle."""
    number = start
    for _ in range(len(table) + 1):
        if number >= _LAST:
            return
        if number >= len(table):
            raise ValueError("a chain leads out of the file")
        yield number
        number = table[number]
    raise ValueError("a chain leads in a circle")


def _number(data: bytes, place: int, width: int = 4) -> int:
    return int.from_bytes(data[place : place + width], "little")


def _numbers(data: bytes) -> list[int]:
    return [_number(data, place) for place in range(0, len(data) - 3, 4)]


def _cut(data: bytes, width: int) -> list[bytes]:
    return [data[place : place + width] for place in range(0, len(data) - width + 1, width)]
