"""What xlsales wrote into a workbook's macros, kept among them, so that newer ones may take their place.

The seal is a module of comments with a digest of every module and of the ribbon. It proves nothing to
somebody who wants to deceive; it tells the user's own work from ours. Excel spells code in its own way when
it saves it, in capitals and blanks, so neither counts.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from xlsales.excel.vba.project import Module

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "XlsalesSeal"
RIBBON = "ribbon"

_HEAD = """\
Option Explicit
Option Private Module

' What xlsales wrote into this project. It renews macros that are still so, and leaves changed ones alone.
"""
_LINE = re.compile(r"^' (\w+) ([0-9a-f]{16})\s*$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^attribute .*$", re.IGNORECASE | re.MULTILINE)


def seal(modules: Sequence[Module], custom_ui: str) -> Module:
    """The module that says what these modules and this ribbon were."""
    written = {module.name: module.code for module in modules} | {RIBBON: custom_ui}
    return Module(NAME, _HEAD + "".join(f"' {name} {digest(text)}\n" for name, text in written.items()))


def sealed(modules: Mapping[str, str]) -> dict[str, str]:
    """Name -> digest by the seal among the modules of a project; empty where there is none."""
    return dict(_LINE.findall(modules.get(NAME, "")))


def digest(text: str) -> str:
    """16 hexadecimal digits of a module's code or a ribbon."""
    return hashlib.sha256(bare(text).encode()).hexdigest()[:16]


def bare(code: str) -> str:
    """Code without its attributes, blanks and capitals; empty where nothing was written."""
    return "".join(_ATTRIBUTE.sub("", code.replace("\r", "\n")).split()).lower()
