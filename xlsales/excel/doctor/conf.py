"""xlwings' settings as its VBA reads them: a sheet before a file beside the workbook before the user's file.

A file has one ``"KEY","value"`` a line in the code page of the system; a sheet has the keys in column A from
A1 down to the first blank cell. The first place that has a key decides, even where its value is blank.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlsales.excel.doctor.machine import Conf, Machine

SHEET = "xlwings.conf"


def parse(text: str) -> tuple[tuple[str, str], ...]:
    """The entries of a settings file."""
    rows = (row for row in csv.reader(text.splitlines()) if row)
    return tuple((row[0].strip(), row[1].strip() if len(row) > 1 else "") for row in rows)


def render(entries: Iterable[tuple[str, str]]) -> str:
    """The settings file that says this."""
    return "".join(f'"{key}","{value}"\n' for key, value in entries)


def from_rows(rows: Iterable[tuple[str, str]]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The entries of a settings sheet, and the keys that stand below a blank row, where nobody reads."""
    entries: list[tuple[str, str]] = []
    unread: list[str] = []
    over = False
    for key, value in rows:
        over = over or not key
        if key and over:
            unread.append(key)
        elif key:
            entries.append((key, value))
    return tuple(entries), tuple(unread)


def deciding(machine: Machine, key: str) -> Conf | None:
    """The place whose value of this key counts."""
    return next((conf for conf in machine.confs if conf.get(key) is not None), None)


def setting(machine: Machine, key: str) -> str:
    """The value that counts, with its variables filled in; empty where none is set."""
    conf = deciding(machine, key)
    return expand((conf.get(key) or "") if conf else "", machine.environ, machine.system)


def interpreter(machine: Machine) -> tuple[str, Conf | None]:
    """The Python that the buttons will run and the place that says so; empty: whichever the PATH has."""
    for key in (interpreter_key(machine.system), "INTERPRETER"):
        if value := setting(machine, key):
            return value, deciding(machine, key)
    return "", None


def interpreter_key(system: str) -> str:
    """The key that names the Python to run on this system."""
    return "INTERPRETER_MAC" if system == "darwin" else "INTERPRETER_WIN"


def expand(value: str, environ: Mapping[str, str], system: str) -> str:
    """The value with variables filled in as VBA does: ``%NAME%`` on Windows, a first ``$NAME`` on a Mac."""
    if system == "darwin":
        name, slash, rest = value.partition("/")
        return environ.get(name[1:], name) + slash + rest if name.startswith("$") else value
    known = {name.upper(): content for name, content in environ.items()}
    return re.sub("%([^%]+)%", lambda found: known.get(found[1].upper(), found[0]), value)
