"""xlwings' settings: whether they name a Python that is there, and the pair that conda needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xlsales.excel.doctor import conf
from xlsales.excel.doctor.finding import fine, problem, warning
from xlsales.excel.doctor.paths import like

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Conf, Machine

ANY = ("python", "pythonw")
"""What VBA leaves to the PATH."""


def interpreter(machine: Machine) -> Iterator[Finding]:
    """The Python named, looked for on the disk; ``conda`` says what a conda environment takes instead."""
    if not machine.can_have_excel or _takes_conda(machine):
        return
    named, where = conf.interpreter(machine)
    mine = machine.python.executable
    blank = conf.deciding(machine, conf.interpreter_key(machine.system))
    if where is None and blank and blank.place != "user":
        yield problem("settings.blank", where=blank.where, python=mine)
    elif where is None or named.lower() in ANY:
        yield problem("settings.absent", file=machine.user_conf, python=mine)
    elif like(named, mine) not in machine.exists:
        yield problem(f"settings.missing{there(where)}", path=named, where=where.where, python=mine)
    elif like(named, mine).parent != mine.parent:
        yield warning(f"settings.other{there(where)}", path=named, where=where.where, python=mine)
    else:
        yield fine("settings.fine", path=named, where=where.where)


def conda(machine: Machine) -> Iterator[Finding]:
    """Without its activation a conda environment finds no numpy: it takes path and name, no interpreter."""
    python = machine.python
    if not _takes_conda(machine):
        return
    path, name = conf.setting(machine, "CONDA PATH"), conf.setting(machine, "CONDA ENV")
    facts = {"file": str(machine.user_conf), "path": path or str(python.conda), "name": name or python.name}
    named, where = conf.interpreter(machine)
    if not (path and name):
        yield problem("conda.incomplete", **facts)
    elif like(path, python.prefix) / "condabin" / "conda.bat" not in machine.exists:
        yield problem("conda.missing", **facts)
    elif where is not None and named.lower() not in ANY:
        yield problem("conda.both", where=where.where, **facts)
    else:
        yield fine("conda.fine", **facts)


def sheet(machine: Machine) -> Iterator[Finding]:
    """What VBA stumbles over in the workbook: a key twice, keys below a blank, sheets that look like code."""
    for place in (one for one in machine.confs if one.place == "sheet"):
        keys = Counter(key.upper() for key, _ in place.entries)
        twice = [key for key, count in keys.items() if count > 1]
        if twice:
            yield problem("sheet.twice", sheet=place.where, keys=", ".join(twice))
        if place.unread:
            yield warning("sheet.gap", sheet=place.where, keys=", ".join(place.unread))
    code = [name for name in (machine.book.sheets if machine.book else ()) if name.endswith(".py")]
    if code and machine.book and machine.book.modules:
        yield problem("sheet.code", sheets=", ".join(code))


def there(where: Conf) -> str:
    """What a case is called further where not the user's file says so, but the workbook or its folder."""
    return "" if where.place == "user" else "_there"


def _takes_conda(machine: Machine) -> bool:
    """Whether Python has to be started through conda: only Windows does that."""
    named = conf.setting(machine, "CONDA PATH") and conf.setting(machine, "CONDA ENV")
    return machine.system == "win32" and bool(machine.python.conda or named)
