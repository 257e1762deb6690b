"""The modules that a vbaProject.bin holds, by [MS-OVBA] 2.3.4: what will run when its macros do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.vba.compound import streams
from xlsales.excel.vba.decompress import decompress

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE_PAGE, _VERSION = 0x0003, 0x0009
_NAME, _STREAM_NAME, _TEXT_OFFSET, _END = 0x0019, 0x0032, 0x0031, 0x002B
_CODECS = {0: "cp1252", 65001: "utf-8", 10000: "mac-roman"}
"""Code pages that Python calls otherwise; 0 is what some programs write for none in particular."""


def modules(project: bytes) -> dict[str, str]:
    """Name -> source of every module of a project, attributes included. ValueError where it is damaged."""
    try:
        parts = {path.lower(): content for path, content in streams(project).items()}
        codec, places = "cp1252", []
        name = stream = ""
        offset = 0
        for record, value in _records(decompress(parts["vba/dir"])):
            if record == _CODE_PAGE:
                page = int.from_bytes(value, "little")
                codec = _CODECS.get(page, f"cp{page}")
            elif record == _NAME:
                name = stream = value.decode(codec, "replace")
            elif record == _STREAM_NAME:
                stream = value.decode("utf-16-le", "replace")
            elif record == _TEXT_OFFSET:
                offset = int.from_bytes(value, "little")
            elif record == _END:
                places.append((name, f"vba/{stream.lower()}", offset))
        return {
            name: decompress(parts[stream][offset:]).decode(codec, "replace")
            for name, stream, offset in places
        }
    except (LookupError, ValueError) as error:
        raise ValueError(f"the VBA project is damaged: {error}") from None


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and value of each record; that of the version says 4 and takes 6 bytes."""
    place = 0
    while place + 6 <= len(content):
        record = int.from_bytes(content[place : place + 2], "little")
        size = 6 if record == _VERSION else int.from_bytes(content[place + 2 : place + 6], "little")
        yield record, content[place + 6 : place + 6 + size]
        place += 6 + size
