"""The zip file under a package, held in memory.

Writing copies every entry that did not change as its compressed bytes: exact, in its old place, and as
fast as copying memory. Only what is new is compressed. Signatures and layout: PKWARE APPNOTE 6.3.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PART_LIMIT = 256 * 1024 * 1024
"""Bytes that one part may inflate to before it is read: above every part that the graft has to parse."""

ENTRY_LIMIT = 0xFFFF
"""Entries that a zip file has room for without its 64-bit extension, which we read and do not write."""

_PIECE = 1 << 20
_END_SIGNATURE = b"PK\x05\x06"
_CENTRAL_SIGNATURE = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DESCRIPTOR = 0x08
_UTF8 = 0x800
_OLDEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """Content that is deflated already, with the size and the CRC-32 of what it inflates to."""

    stream: bytes
    size: int
    crc: int

    def content(self) -> bytes:
        """What it inflates to."""
        return zlib.decompress(self.stream, -zlib.MAX_WBITS)


def pack(pieces: Iterable[bytes]) -> Packed:
    """Content that comes in pieces, of which only the one at hand is held as it is."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    streams, size, crc = [], 0, 0
    for piece in pieces:
        streams.append(packer.compress(piece))
        size += len(piece)
        crc = zlib.crc32(piece, crc)
    return Packed(b"".join((*streams, packer.flush())), size, crc)


class Archive:
    """The entries of a zip file in their order, duplicates included."""

    def __init__(self, data: bytes) -> None:
        """A WorkbookError where there is no directory of entries at the end, or one made to overwhelm."""
        self.data = data
        if data.count(_CENTRAL_SIGNATURE, _directory(data)) > ENTRY_LIMIT:
            raise WorkbookError("workbook_too_many_parts", limit=ENTRY_LIMIT)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, RuntimeError, ValueError, struct.error, OSError):
            raise WorkbookError("workbook_not_excel") from None
        self.entries = self._zip.infolist()

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        """The inflated bytes; a WorkbookError where they are damaged or too many."""
        if entry.file_size > PART_LIMIT:
            raise WorkbookError("workbook_too_large", part=entry.filename)
        try:
            return self._zip.read(entry)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
            raise WorkbookError("workbook_damaged", part=entry.filename) from None

    def pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The inflated bytes a piece at a time; a WorkbookError where they are damaged."""
        try:
            with self._zip.open(entry) as content:
                while piece := content.read(_PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
            raise WorkbookError("workbook_damaged", part=entry.filename) from None

    def raw(self, entry: zipfile.ZipInfo) -> tuple[bytes, memoryview]:
        """The entry's name and its compressed stream, both as they stand in the file."""
        start = entry.header_offset
        if self.data[start : start + 4] != b"PK\x03\x04" or start + _LOCAL.size > len(self.data):
            raise WorkbookError("workbook_damaged", part=entry.filename)
        name_size, extra_size = _LOCAL.unpack_from(self.data, start)[-2:]
        name_end = start + _LOCAL.size + name_size
        stream = name_end + extra_size
        if stream + entry.compress_size > len(self.data):
            raise WorkbookError("workbook_damaged", part=entry.filename)
        name = self.data[start + _LOCAL.size : name_end]
        if name.decode("utf-8" if entry.flag_bits & _UTF8 else "cp437", "replace") != entry.orig_filename:
            raise WorkbookError("workbook_damaged", part=entry.filename)
        return name, memoryview(self.data)[stream : stream + entry.compress_size]

    def rewritten(
        self, changed: Mapping[int, bytes | Packed | None], added: Mapping[str, bytes | Packed]
    ) -> bytes:
        """The zip file with entries replaced or left out (None) by their place, and new ones at the end."""
        out = _Writer()
        for place, entry in enumerate(self.entries):
            name, stream = self.raw(entry)
            if place not in changed:
                out.copy(name, stream, entry)
            elif (content := changed[place]) is not None:
                out.deflate(name, content, entry.date_time, entry.external_attr)
        for part, content in added.items():
            out.deflate(part.encode(), content, _OLDEST, 0)
        return out.finish(self._zip.comment)


def zip_file(parts: Mapping[str, bytes]) -> bytes:
    """A new zip file with these parts, the same bytes for the same parts."""
    out = _Writer()
    for part, content in parts.items():
        out.deflate(part.encode(), content, _OLDEST, 0)
    return out.finish(b"")


def _directory(data: bytes) -> int:
    """Where the list of entries begins, as zipfile finds it: right before the record that ends the file.

    0 where the record does not say so by itself, so that whoever counts there counts too much.
    """
    end = len(data) - _END.size
    if data[end : end + 4] != _END_SIGNATURE or data[-2:] != b"\0\0":
        end = data.rfind(_END_SIGNATURE, max(0, end - 0xFFFF))
    if end < 0 or end + _END.size > len(data) or data[end - 20 : end - 16] == b"PK\x06\x07":
        return 0
    size: int = _END.unpack_from(data, end)[5]
    return max(0, end - size)


class _Writer:
    """A zip file in the making: local records first, then the directory that points at them."""

    def __init__(self) -> None:
        self._body: list[bytes | memoryview] = []
        self._size = 0
        self._directory = bytearray()
        self._count = 0

    def copy(self, name: bytes, stream: memoryview, entry: zipfile.ZipInfo) -> None:
        """An entry as it was; its sizes move from a trailing descriptor into the header."""
        self._record(
            name,
            stream,
            entry.file_size,
            entry.CRC,
            entry.date_time,
            made_by=entry.create_system << 8 | entry.create_version,
            needed=entry.extract_version,
            flags=entry.flag_bits & ~_DESCRIPTOR,
            method=entry.compress_type,
            internal=entry.internal_attr,
            external=entry.external_attr,
            comment=entry.comment,
        )

    def deflate(self, name: bytes, content: bytes | Packed, moment: tuple[int, ...], external: int) -> None:
        """An entry with new content."""
        packed = content if isinstance(content, Packed) else pack([content])
        flags = 0 if name.isascii() else _UTF8
        self._record(name, packed.stream, packed.size, packed.crc, moment, flags=flags, external=external)

    def finish(self, comment: bytes) -> bytes:
        """The whole file; a WorkbookError where it passes the sizes of the plain format."""
        start = self._size
        size = len(self._directory)
        if self._count > ENTRY_LIMIT:
            raise WorkbookError("workbook_too_many_parts", limit=ENTRY_LIMIT)
        if start + size > 0xFFFFFFFE:
            raise WorkbookError("workbook_over_4_gb")
        end = _END.pack(_END_SIGNATURE, 0, 0, self._count, self._count, size, start, len(comment))
        return b"".join((*self._body, self._directory, end, comment))

    def _record(
        self,
        name: bytes,
        stream: bytes | memoryview,
        size: int,
        crc: int,
        moment: tuple[int, ...],
        *,
        made_by: int = 20,
        needed: int = 20,
        flags: int = 0,
        method: int = zipfile.ZIP_DEFLATED,
        internal: int = 0,
        external: int = 0,
        comment: bytes = b"",
    ) -> None:
        year, month, day, hour, minute, second = moment
        date = (year - 1980) << 9 | month << 5 | day
        time = hour << 11 | minute << 5 | second // 2
        offset = self._size
        if max(size, len(stream), offset) > 0xFFFFFFFE:
            raise WorkbookError("workbook_over_4_gb")
        common = (flags, method, time, date, crc, len(stream), size, len(name), 0)
        head = _LOCAL.pack(b"PK\x03\x04", needed, *common) + name
        self._body += (head, stream)
        self._size += len(head) + len(stream)
        self._directory += _CENTRAL.pack(
            _CENTRAL_SIGNATURE, made_by, needed, *common, len(comment), 0, internal, external, offset
        )
        self._directory += name + comment
        self._count += 1
