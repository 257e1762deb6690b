"""The modules as they lie in files: ours in ``workbook_templates/vba``, and what comes with xlwings."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.excel.vba.literals import ascii_code
from xlsales.excel.vba.project import LONGEST_LINE, WORKBOOK, Module

if TYPE_CHECKING:
    from xlsales.excel.vba.project_stream import Kind

FOLDERS = (
    Path(__file__).parent / "templates",
    Path(__file__).parents[3] / "workbook_templates" / "vba",
)
"""Where our sources are: in an installed package, in a checkout."""

_EXPORTED_CLASS = re.compile(r"\AVERSION [\d.]+ CLASS\nBEGIN\n.*?\nEND\n", re.DOTALL)
_HEADER = re.compile(r"(?:Attribute VB_\w+ = .*\n)*")


def source(name: str) -> Module:
    """Our module of this name. ``ValueError`` with file and line for text that cannot be made ASCII."""
    for folder in FOLDERS:
        for suffix in (".bas", ".cls"):
            path = folder / f"{name}{suffix}"
            if path.is_file():
                return read(path)
    raise FileNotFoundError(f"there is no VBA source called {name}")


def read(path: Path) -> Module:
    """The module in a ``.bas`` or ``.cls`` file in UTF-8, as the VBA editor exports it.

    ``ThisWorkbook.cls`` is the workbook's own module, every other ``.cls`` a class. ``ValueError`` as in
    ``source``.
    """
    text = path.read_text("utf-8-sig")
    exported = _EXPORTED_CLASS.sub("", text)
    body = _HEADER.sub("", exported, count=1)
    first_line = 1 + text.count("\n") - body.count("\n")
    code = ascii_code(body, path.name, first_line)
    for number, line in enumerate(code.split("\n"), start=first_line):
        if len(line) > LONGEST_LINE:
            raise ValueError(
                f"{path.name}:{number}: {len(line)} characters in ASCII; VBA takes {LONGEST_LINE}"
            )
    kind: Kind = "document" if path.stem == WORKBOOK else "class" if path.suffix == ".cls" else "standard"
    return Module(path.stem, code, kind)


def xlwings_module(*, addin: bool = False) -> Module:
    """The VBA that comes with the installed xlwings, so that it is of the same version as the Python.

    For an add-in it is the variant that works on the active workbook; both read the settings called xlwings.
    ``UsageError`` where xlwings is not installed.
    """
    spec = find_spec("xlwings")
    if spec is None or spec.origin is None:
        raise UsageError("xlwings_missing")
    file = "xlwings_custom_addin.bas" if addin else "xlwings.bas"
    module = read(Path(spec.origin).with_name(file))
    return Module(
        "xlwings",
        module.code.replace('PROJECT_NAME As String = "myaddin"', 'PROJECT_NAME As String = "xlwings"'),
    )
