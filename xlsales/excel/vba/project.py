"""A VBA project as the part ``xl/vbaProject.bin``.

Only sources are written, no compiled code: the specification asks a writer for exactly that, and Excel
compiles when the project is first used. All text is ASCII, which every code page of Windows reads alike.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.excel.vba.compound_file import compound_file
from xlsales.excel.vba.compression import compress
from xlsales.excel.vba.dir_stream import Listed, dir_stream
from xlsales.excel.vba.identifiers import usable
from xlsales.excel.vba.project_stream import name_map_stream, project_stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.excel.vba.project_stream import Kind

PROJECT = "xlsales"
WORKBOOK = "ThisWorkbook"
"""The document module of the workbook itself; every other document module is a sheet's."""

LONGEST_LINE = 1023
MOST_CONTINUATIONS = 24
LONGEST_MODULE_NAME = 31

SHEET_BASE = "0{00020820-0000-0000-C000-000000000046}"
"""What says of a module that it is a worksheet's."""

_BASE = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": SHEET_BASE,
    "class": "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
}
_STREAMS = {"dir", "_vba_project"}
_NO_COMPILED_CODE = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0)


@dataclass(frozen=True)
class Module:
    """One module: its code without the header that an export puts in front, lines ended in any way."""

    name: str
    code: str
    kind: Kind = "standard"


def vba_project(modules: Sequence[Module]) -> bytes:
    """The bytes of ``xl/vbaProject.bin``, the same for the same modules.

    ``ValueError`` for a module that Excel could not take: its name, two of one name, a character that is not
    ASCII, a line of more than 1023 characters or with more than 24 continuations.
    """
    seen: set[str] = set()
    for module in modules:
        _refuse(module, seen)
        seen.add(module.name.lower())
    kinds = [(module.name, module.kind) for module in modules]
    streams = {
        "_VBA_PROJECT": _NO_COMPILED_CODE,
        "dir": dir_stream(PROJECT, [Listed(name, kind == "standard") for name, kind in kinds]),
        **{module.name: compress(module_text(module).encode("ascii")) for module in modules},
    }
    return compound_file(
        {"VBA": streams, "PROJECT": project_stream(PROJECT, kinds), "PROJECTwm": name_map_stream(kinds)}
    )


def module_text(module: Module) -> str:
    """The text of a module as the project holds it: the attributes that make it what it is, then the code."""
    attributes = [f'Attribute VB_Name = "{module.name}"']
    if module.kind != "standard":
        document = module.kind == "document"
        base = _BASE["class" if not document else "workbook" if module.name == WORKBOOK else "sheet"]
        attributes += [
            f'Attribute VB_Base = "{base}"',
            "Attribute VB_GlobalNameSpace = False",
            "Attribute VB_Creatable = False",
            f"Attribute VB_PredeclaredId = {document}",
            f"Attribute VB_Exposed = {document}",
            "Attribute VB_TemplateDerived = False",
            f"Attribute VB_Customizable = {document}",
        ]
    return "".join(f"{line}\r\n" for line in [*attributes, *_lines(module.code)])


def _lines(code: str) -> list[str]:
    return re.split(r"\r\n?|\n", code.rstrip("\r\n")) if code else []


def _refuse(module: Module, seen: set[str]) -> None:
    name = module.name
    if not usable(name) or len(name) > LONGEST_MODULE_NAME or name.lower() in _STREAMS:
        raise ValueError(f"no name for a VBA module: {name!r}")
    if name.lower() in seen:
        raise ValueError(f"two VBA modules are called {name}")
    continued = 0
    for number, line in enumerate(_lines(module.code), start=1):
        continued = continued + 1 if line.endswith(" _") else 0
        if continued > MOST_CONTINUATIONS:
            raise ValueError(f"{name}:{number}: more than {MOST_CONTINUATIONS} continuations of one line")
        if len(line) > LONGEST_LINE:
            raise ValueError(f"{name}:{number}: a line of {len(line)} characters; VBA takes {LONGEST_LINE}")
        if not line.isascii():
            raise ValueError(f"{name}:{number}: not ASCII: {line.strip()}")
