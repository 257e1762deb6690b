"""The ``dir`` stream: what the project is called, what it refers to, and its modules ([MS-OVBA] 2.3.4.2).

A row of records, each an id, the size of its data, and the data.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.excel.vba.compression import compress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WINDOWS_64 = 3
US_ENGLISH = 0x0409
CODE_PAGE = 1252
VERSION = (1, 0)

OFFICE = (
    "Office",
    r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0"
    r"#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
)
"""The one library that our macros need, for the ribbon's types. Excel finds it by its id, on a Mac too; the
path is where it usually lies."""


@dataclass(frozen=True)
class Listed:
    """A module as the stream lists it: ``procedural`` is a standard module, all others are classes."""

    name: str
    procedural: bool


def dir_stream(project: str, modules: Sequence[Listed]) -> bytes:
    """The compressed stream."""
    return compress(b"".join([*_information(project), *_reference(*OFFICE), *_modules(modules)]))


def _information(project: str) -> Iterable[bytes]:
    """PROJECTINFORMATION (2.3.4.2.1): no description, no help file, no constants."""
    yield _record(0x01, _long(WINDOWS_64))
    yield _record(0x02, _long(US_ENGLISH))
    yield _record(0x14, _long(US_ENGLISH))
    yield _record(0x03, _short(CODE_PAGE))
    yield _record(0x04, _ansi(project))
    yield from (_record(0x05, b""), _record(0x40, b""))
    yield from (_record(0x06, b""), _record(0x3D, b""))
    yield _record(0x07, _long(0))
    yield _record(0x08, _long(0))
    yield struct.pack("<HIIH", 0x09, 4, *VERSION)  # the size does not count the minor version
    yield from (_record(0x0C, b""), _record(0x3C, b""))


def _reference(name: str, library: str) -> Iterable[bytes]:
    """A registered type library (2.3.4.2.2.5)."""
    yield from (_record(0x16, _ansi(name)), _record(0x3E, _wide(name)))
    yield _record(0x0D, _long(len(library)) + _ansi(library) + bytes(6))


def _modules(modules: Sequence[Listed]) -> Iterable[bytes]:
    """PROJECTMODULES (2.3.4.2.3). The source of every module begins at 0, as no compiled code precedes it."""
    yield _record(0x0F, _short(len(modules)))
    yield _record(0x13, _short(0xFFFF))
    for module in modules:
        yield from (_record(0x19, _ansi(module.name)), _record(0x47, _wide(module.name)))
        yield from (_record(0x1A, _ansi(module.name)), _record(0x32, _wide(module.name)))
        yield from (_record(0x1C, b""), _record(0x48, b""))
        yield _record(0x31, _long(0))
        yield _record(0x1E, _long(0))
        yield _record(0x2C, _short(0xFFFF))
        yield _record(0x21 if module.procedural else 0x22, b"")
        yield _record(0x2B, b"")
    yield _record(0x10, b"")


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _short(value: int) -> bytes:
    return struct.pack("<H", value)


def _long(value: int) -> bytes:
    return struct.pack("<I", value)


def _ansi(words: str) -> bytes:
    return words.encode("ascii")


def _wide(words: str) -> bytes:
    return words.encode("utf-16-le")
