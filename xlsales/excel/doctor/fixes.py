"""What the doctor can mend without an administrator. Each fix gives back the path of what it wrote.

None of them touches how Excel is secured. One that cannot be done raises OSError, ValueError or an error of
ours.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.excel.doctor import conf
from xlsales.excel.doctor.library import libraries, library_folder
from xlsales.excel.doctor.ours import foreign, our_modules
from xlsales.excel.doctor.workbook import zone_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlsales.excel.doctor.machine import Machine

INTERPRETERS = ("INTERPRETER", "INTERPRETER_WIN", "INTERPRETER_MAC")
SHOWN = 5


def name_this_python(machine: Machine) -> Path:
    """Let the user's own settings name the Python that runs this; all other settings stay."""
    key = conf.interpreter_key(machine.system)
    return _write_settings(machine, {key: str(machine.python.executable)}, drop=("INTERPRETER",))


def name_this_conda(machine: Machine) -> Path:
    """Let the user's own settings name this conda environment, and no interpreter beside it."""
    pair = {"CONDA PATH": str(machine.python.conda), "CONDA ENV": machine.python.name}
    return _write_settings(machine, pair, drop=INTERPRETERS)


def copy_library(machine: Machine) -> Path:
    """Copy xlwings' library to the folder in which Excel looks for it."""
    folder = Path(library_folder(machine))
    for name, found in libraries(machine).items():
        if found and found[0].parent not in (folder, folder.parent):
            shutil.copy2(found[0], folder / name)
    return folder


def install_script(machine: Machine) -> Path:
    """Put the script that starts Python on a Mac into Excel's folder for scripts."""
    from importlib.util import find_spec

    spec = find_spec("xlwings")
    if machine.applescript is None or spec is None or spec.origin is None:
        raise FileNotFoundError("xlwings")
    target = Path(machine.applescript)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(spec.origin).with_name(target.name), target)
    return target


def unblock(machine: Machine) -> Path:
    """Take the mark of the web off a workbook where all that can run is ours; WorkbookError else."""
    book = machine.book
    if book is None:
        raise FileNotFoundError("BOOK")
    strange = foreign(machine, Path(book.path).read_bytes(), our_modules())
    if strange:
        raise WorkbookError("mark_not_ours", file=book.path, strange=", ".join(strange[:SHOWN]))
    Path(zone_stream(book.path)).unlink(missing_ok=True)
    return Path(book.path)


def renew_macros(machine: Machine) -> Path:
    """Write the workbook's macros anew for the installed xlwings; WorkbookError where it holds others."""
    from xlsales.excel.renewal import renew

    book = machine.book
    if book is None:
        raise FileNotFoundError("BOOK")
    renew(Path(book.path), book.ribbon or "zh")
    return Path(book.path)


def install_addin(machine: Machine) -> Path:
    """Write the add-in anew, for the xlwings that is installed and in the language that it was in."""
    from xlsales.excel.addin import install

    return install((machine.addin and machine.addin.ribbon) or "zh")


FIXES: Mapping[str, Callable[[Machine], Path]] = {
    "settings.absent": name_this_python,
    "settings.missing": name_this_python,
    "settings.other": name_this_python,
    "conda.incomplete": name_this_conda,
    "dll.elsewhere": copy_library,
    "mac.missing": install_script,
    "mark.blocked": unblock,
    "embedded.differs": renew_macros,
    "addin.stale": install_addin,
    "addin.marked": install_addin,
}
"""Key of a finding -> what mends it."""


def _write_settings(machine: Machine, new: Mapping[str, str], drop: tuple[str, ...]) -> Path:
    """Write the user's settings whole or not at all, in the code page that VBA reads them in."""
    path = Path(machine.user_conf)
    there = next((one.entries for one in machine.confs if one.place == "user"), ())
    gone = {*drop, *new}
    entries = [(key, value) for key, value in there if key.upper() not in gone]
    content = conf.render([*entries, *new.items()]).encode(machine.code_page or "utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.write_bytes(content)
    beside.replace(path)
    return path
