"""The Python that runs the buttons: where it is from, its environment, and whether VBA can spell its path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor import conf
from xlsales.excel.doctor.finding import fine, problem, warning
from xlsales.excel.doctor.paths import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine


def installation(machine: Machine) -> Iterator[Finding]:
    """Python from the Microsoft Store has a ``%LOCALAPPDATA%`` of its own, where Excel does not look."""
    python = machine.python
    if machine.system == "win32" and "windowsapps" in {part.lower() for part in python.base.parts}:
        yield problem("python.store", path=python.base)
    else:
        yield fine("python.fine", version=python.version, bits=python.bits, path=python.executable)


def environment(machine: Machine) -> Iterator[Finding]:
    """An environment in a OneDrive folder loses its files to the cloud."""
    python = machine.python
    synced = [root for root in machine.clouds if inside(python.prefix, root)]
    if synced:
        yield warning("environment.cloud", path=python.prefix, cloud=synced[0])
    elif python.conda:
        yield fine("environment.conda", name=python.name, path=python.conda)
    elif python.is_environment:
        yield fine("environment.venv", path=python.prefix)
    else:
        yield fine("environment.shared", path=python.prefix)


def letters(machine: Machine) -> Iterator[Finding]:
    """VBA finds files and libraries in the system's code page: a letter outside it is a wrong path."""
    path = conf.interpreter(machine)[0] or str(machine.python.executable)
    if machine.system != "win32" or not machine.code_page:
        return
    try:
        path.encode(machine.code_page)
    except UnicodeEncodeError as error:
        letter = path[error.start : error.end]
        yield problem("letters.outside", path=path, letter=letter, code_page=machine.code_page)
