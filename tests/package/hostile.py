"""Workbooks made to overwhelm their reader, built without the memory that they are after."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

from tests.package.workbooks import edited, parts, xlsxwriter_book

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1 << 20
STYLES, TEXTS, BOOK = "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def swollen(part: str, filling: bytes, megabytes: int, opening: bytes = b"", closing: bytes = b"") -> bytes:
    """The workbook with so many megabytes of filling at the end of a part, which pack to a thousandth."""
    out = io.BytesIO()
    block = filling * (MEGABYTE // len(filling))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts(xlsxwriter_book()).items():
            with package.open(name, "w") as entry:
                if name != part:
                    entry.write(content)
                    continue
                head, _, tail = content.rpartition(b"</")
                entry.write(head + opening)
                for _ in range(megabytes):
                    entry.write(block)
                entry.write(closing + b"</" + tail)
    return out.getvalue()


def lying() -> bytes:
    """The workbook part says that it is 1,000 bytes long, and is 300 MB."""
    data = bytearray(swollen(BOOK, b" ", 300))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        struct.pack_into("<I", data, package.getinfo(BOOK).header_offset + 22, 1000)
    struct.pack_into("<I", data, data.rindex(BOOK.encode()) - 46 + 24, 1000)
    return bytes(data)


def million() -> bytes:
    """A directory of a million names for one and the same entry, as only zip64 can hold."""
    data = xlsxwriter_book()
    count, _, size, start = struct.unpack_from("<2H2I", data, data.rindex(b"PK\x05\x06") + 8)
    record = bytearray(data[start : start + 46])
    struct.pack_into("<3H", record, 28, 8, 0, 0)
    directory = data[start : start + size] + b"".join(bytes(record) + b"x%07d" % n for n in range(1_000_000))
    total = count + 1_000_000
    end = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, total, total, len(directory), start)
    end += struct.pack("<4sIQI", b"PK\x06\x07", 0, start + len(directory), 1)
    end += struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:start] + directory + end


def overlapping() -> bytes:
    """Every record of the directory points at the first entry."""
    data = bytearray(xlsxwriter_book())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", data, at + 42, 0)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def entities() -> bytes:
    """A billion laughs in the workbook part."""
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    bomb = f"<!DOCTYPE workbook [{''.join(lines)}]>"

    def infect(xml: str) -> str:
        head, root, rest = xml.partition("<workbook ")
        return head + bomb + root + rest.replace("</workbook>", "&a9;</workbook>")

    return edited(xlsxwriter_book(), {BOOK: infect})


def deep() -> bytes:
    """A hundred thousand elements inside each other in the styles."""
    nest = "<x>" * 100_000 + "</x>" * 100_000
    return edited(
        xlsxwriter_book(), {STYLES: lambda xml: xml.replace("</styleSheet>", f"{nest}</styleSheet>")}
    )


BOMBS: dict[str, Callable[[], bytes]] = {
    "white space in the styles": lambda: swollen(STYLES, b" ", 1500),
    "elements in the styles": lambda: swollen(STYLES, b"<a/>", 100),
    "one endless text": lambda: swollen(TEXTS, b"a", 1500, b"<si><t>", b"</t></si>"),
    "a size that is a lie": lying,
    "a million entries": million,
    "every entry at one place": overlapping,
    "entities": entities,
    "deep elements": deep,
}
