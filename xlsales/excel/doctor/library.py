"""The library of xlwings: its name says for Excel of how many bits, and VBA looks in two folders for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor import conf
from xlsales.excel.doctor.paths import like

if TYPE_CHECKING:
    from pathlib import PurePath

    from xlsales.excel.doctor.machine import Machine


def libraries(machine: Machine) -> dict[str, list[PurePath]]:
    """Name of each library that Excel will ask for -> where it was found, the right folders first."""
    version = machine.packages.get("xlwings")
    if machine.system != "win32" or version is None:
        return {}
    bits = machine.excel.bits if machine.excel else None
    folder = library_folder(machine)
    return {
        name: sorted(
            (dll for dll in machine.dlls if dll.name.lower() == name),
            key=lambda dll: dll.parent not in (folder, folder.parent),
        )
        for name in (f"xlwings{one}-{version}.dll" for one in ((bits,) if bits else (32, 64)))
    }


def library_folder(machine: Machine) -> PurePath:
    """The folder of the interpreter that the settings name, else of this one."""
    named = conf.interpreter(machine)[0]
    executable = machine.python.executable
    path = like(named, executable)
    return (path if path in machine.exists else executable).parent
