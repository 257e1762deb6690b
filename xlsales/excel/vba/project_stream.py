"""The ``PROJECT`` stream: the modules for the editor, and that nobody locked them ([MS-OVBA] 2.3.1).

What locks a project (state, password, visibility) is encrypted, also where there is nothing to hide (2.4.3).
"""

from __future__ import annotations

import struct
import uuid
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["standard", "class", "document"]
"""A standard module, a class of ours, or the class behind the workbook or one of its sheets."""

_LISTED: dict[Kind, str] = {
    "standard": "Module={}",
    "class": "Class={}",
    "document": "Document={}/&H00000000",
}
_UNLOCKED = struct.pack("<I", 0)
_NO_PASSWORD = b"\x00"
_VISIBLE = b"\xff"
_SEED = 0x5D
"""Any byte; a fixed one makes the same project the same bytes."""


def project_stream(project: str, modules: Sequence[tuple[str, Kind]]) -> bytes:
    """The stream, as text in lines. The project's id follows from its name."""
    clsid = f"{{{str(uuid.uuid5(uuid.NAMESPACE_DNS, project)).upper()}}}"
    key = sum(clsid.encode("ascii")) & 0xFF
    lines = [
        f'ID="{clsid}"',
        *(_LISTED[kind].format(name) for name, kind in modules),
        f'Name="{project}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{encrypted(_UNLOCKED, key)}"',
        f'DPB="{encrypted(_NO_PASSWORD, key)}"',
        f'GC="{encrypted(_VISIBLE, key)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{name}=0, 0, 0, 0, C" for name, _ in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def name_map_stream(modules: Sequence[tuple[str, Kind]]) -> bytes:
    """The ``PROJECTwm`` stream: every module's name in the code page and in Unicode (2.3.3)."""
    names = (name.encode("ascii") + b"\0" + name.encode("utf-16-le") + b"\0\0" for name, _ in modules)
    return b"".join(names) + b"\0\0"


def encrypted(data: bytes, key: int) -> str:
    """Data encryption (2.4.3.2) in hexadecimal: bytes are mixed with one written and one read before."""
    out = [_SEED, _SEED ^ 2, _SEED ^ key]
    last = key
    filling = bytes([7]) * ((_SEED & 6) // 2)
    for byte in filling + struct.pack("<I", len(data)) + data:
        out.append(byte ^ ((out[-2] + last) & 0xFF))
        last = byte
    return bytes(out).hex().upper()
