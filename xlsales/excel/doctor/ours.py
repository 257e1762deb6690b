"""Whether all in a workbook that can run is what xlsales writes: asked before a mark of the web is taken off.

The VBA project must be, byte for byte, the one that this xlsales would write: its readable text says nothing,
since Excel runs the compiled code that may lie beside it. So a workbook that Excel has saved is never ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsales.excel.doctor import conf
from xlsales.excel.doctor.paths import like
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xlsales.excel.doctor.machine import Machine
    from xlsales.excel.vba.project import Module
    from xlsales.package.book import Book
    from xlsales.package.opc import Package

HARMLESS = frozenset({"ADD_WORKBOOK_TO_PYTHONPATH", "SHOW CONSOLE", "USE UDF SERVER"})
"""Settings that name nothing to run; all others in a workbook's settings sheet could."""

_ACTIVE = re.compile(
    r"xl/(activex|connections|customdata|dialogsheets|embeddings|externallinks|macrosheets|model|querytables"
    r"|webextensions)\b.*|.*\.bin",
    re.IGNORECASE,
)
"""Parts that can fetch, start or compute something besides the VBA project."""

_PRINTER = re.compile(r"xl/printersettings/.*", re.IGNORECASE)
_CALLS = re.compile(r"\b(CALL|EXEC|REGISTER(\.ID)?)\s*\(", re.IGNORECASE)
_MACRO = re.compile(rb'<x:FmlaMacro>\s*([^<]*?)\s*<|\bmacro="([^"]+)"')
_OWN_MACRO = re.compile(rb"(\[0\]!)?[\w.]+")


def foreign(machine: Machine, data: bytes, ours: Iterable[Sequence[Module]]) -> tuple[str, ...]:
    """What in a workbook is not ours: parts, names, sheets and settings, as the user knows them.

    ``ours`` are the sets of modules that we write; ``machine`` has looked at the same workbook.
    """
    from xlsales.package.book import open_book

    book = open_book(data)
    found = (
        *_project(book, ours),
        *_ribbon(book.package),
        *_parts(book),
        *_names(book),
        *_assigned(book.package),
        *(sheet.name for sheet in book.sheets if sheet.name.endswith(".py")),
        *_settings(machine),
    )
    return tuple(dict.fromkeys(found))


def our_modules() -> tuple[tuple[Module, ...], ...]:
    """The modules that this version of xlsales writes: in both languages, for workbooks and add-ins."""
    from xlsales.excel.macro_modules import macro_modules

    return tuple(macro_modules(lang, addin=addin) for lang in LANGUAGES for addin in (False, True))


def _project(book: Book, ours: Iterable[Sequence[Module]]) -> Iterator[str]:
    """The VBA project, unless we would write these very bytes for a workbook with these sheets."""
    from xlsales.excel.vba.project import Module, vba_project
    from xlsales.excel.vba.reading import modules

    part = book.linked("vbaProject")
    if part is None:
        return
    project = book.package.read(part)
    names = list(modules(project))
    for written in ours:
        known = {module.name: module for module in written}
        made = [known.get(name, Module(name, "", "document")) for name in names]
        if all(name in names for name in known) and vba_project(made) == project:
            return
    yield part


def _ribbon(package: Package) -> Iterator[str]:
    from xlsales.excel.ribbon.markup import custom_ui

    for name in package.names():
        if name.lower().startswith("customui/"):
            written = {custom_ui(lang).encode() for lang in LANGUAGES}
            if package.read(name) not in written:
                yield name


def _parts(book: Book) -> Iterator[str]:
    project = book.linked("vbaProject")
    for name in book.package.names():
        if name != project and _ACTIVE.fullmatch(name) and not _PRINTER.fullmatch(name):
            yield name


def _names(book: Book) -> Iterator[str]:
    """Defined names that run something: macros of Excel 4, and functions that call a library."""
    for entry in book.defined_names:
        is_macro = any(entry.get(flag) in ("1", "true") for flag in ("xlm", "function", "vbProcedure"))
        if is_macro or _CALLS.search(entry.text or ""):
            yield entry.get("name", "")


def _assigned(package: Package) -> Iterator[str]:
    """Parts with a button or picture that runs a macro of another workbook."""
    for name in package.names():
        if name.lower().startswith(("xl/drawings/", "xl/worksheets/", "xl/ctrlprops/")):
            for found in _MACRO.finditer(package.read(name)):
                if not _OWN_MACRO.fullmatch(found[1] or found[2] or b"_"):
                    yield name


def _settings(machine: Machine) -> Iterator[str]:
    """Settings of the sheet that could run something else; those for another system do nothing here."""
    mine = machine.python.executable
    for place in (one for one in machine.confs if one.place == "sheet"):
        for key, value in place.entries:
            path = like(conf.expand(value, machine.environ, machine.system), mine)
            runs_this = key.upper().startswith("INTERPRETER") and path.parent == mine.parent
            elsewhere = key.upper().endswith("_MAC" if machine.system == "win32" else "_WIN")
            if value and key.upper() not in HARMLESS and not runs_this and not elsewhere:
                yield f"{place.where}!{key}"
