"""What the reader would need all memory for, such as a stray value in the last corner, is refused first.

fastexcel holds a sheet as a full rectangle of cells up to the last value, and the whole process ends
when that does not fit into memory. So a sheet that claims a huge rectangle is looked at before.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from xlsales.errors import InputError

MOST_CELLS = 200_000_000
"""About 5 GB in the reader: a million rows of 190 columns."""

MOST_TEXT = 1 << 30
"""Bytes of a part beside the sheets, such as the shared texts, which take up to three times as many."""

MOST_PARTS = 0xFFFF

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_VALUE = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)(\d+)"[^>]*(?<!/)>')
_CHUNK = 1 << 20


def check_extent(data: bytes, source: str) -> None:
    """Raise ``InputError`` where a workbook has more cells, texts or parts than can be read.

    Most sheets that claim as much have nothing but formatted blanks there, and pass. What is no sound
    zip file passes too: saying so is the reader's part.
    """
    if data.count(b"PK\x01\x02") > MOST_PARTS:
        raise InputError("input_overwhelming", file=source)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if any(
                entry.file_size > MOST_TEXT for entry in package.infolist() if _read_whole(entry.filename)
            ):
                raise InputError("input_overwhelming", file=source)
            for part in filter(_SHEET.fullmatch, package.namelist()):
                last = _last_value(package, part)
                if last[0] * last[1] > MOST_CELLS:
                    raise InputError("sheet_too_large", file=source, rows=last[0], columns=last[1])
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OSError):
        return


def _read_whole(part: str) -> bool:
    return part.lower().endswith((".xml", ".rels")) and not _SHEET.fullmatch(part)


def _last_value(package: zipfile.ZipFile, part: str) -> tuple[int, int]:
    """The last row and column that hold a value; (0, 0) where the sheet does not claim many cells."""
    with package.open(part) as xml:
        head = xml.read(_CHUNK)
        claimed = _DIMENSION.search(head)
        if not claimed or int(claimed[2]) * _column(claimed[1]) <= MOST_CELLS:
            return 0, 0
        rows = columns = 0
        while head:
            for cell in _VALUE.finditer(head):
                rows, columns = max(rows, int(cell[2])), max(columns, _column(cell[1]))
            chunk = xml.read(_CHUNK)
            head = head[head.rfind(b"<") :] + chunk if chunk else b""
    return rows, columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
