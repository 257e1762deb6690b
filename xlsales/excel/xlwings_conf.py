"""What xlwings has to know to find this Python from Excel: the rows of the sheet ``xlwings.conf``.

Its VBA reads the sheet before any file. It puts ``%VARIABLE%`` and ``$HOME`` into values by itself, so a
path in the user's folder is written with them, and fits the colleague who installed at the same place.
"""

from __future__ import annotations

import os
import sys
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = "xlwings.conf"

STANDARD = {
    "INTERPRETER_WIN": r"%LOCALAPPDATA%\xlsales\venv\Scripts\python.exe",
    "INTERPRETER_MAC": "$HOME/xlsales/venv/bin/python",
}
"""Where the installation guide puts Python, for the system that the workbook was not made on."""


def xlwings_conf(
    platform: str = sys.platform,
    executable: str = sys.executable,
    prefix: str = sys.prefix,
    environment: Mapping[str, str] = os.environ,
) -> dict[str, bool | str]:
    """Key -> value for the given Python, by default the one that runs.

    A conda environment is given as its pair of folder and name, without which its libraries are not
    found, and then no interpreter, which would come before the pair.
    """
    found = dict(STANDARD)
    conda: dict[str, str] = {}
    if platform == "win32":
        found["INTERPRETER_WIN"] = _portable_windows(executable, environment)
        if conda := _conda(prefix, environment):
            del found["INTERPRETER_WIN"]
    elif platform == "darwin":
        found["INTERPRETER_MAC"] = _portable_mac(executable, environment)
    return {
        **found,
        **conda,
        # The package is installed; a folder beside the workbook is none where the workbook has a web address.
        "ADD_WORKBOOK_TO_PYTHONPATH": False,
        # One Python serves all clicks and cells, instead of a new one for each click.
        "USE UDF SERVER": True,
        "SHOW CONSOLE": False,
    }


def _conda(prefix: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The pair for the active environment of conda; nothing for any other Python."""
    program, name = environment.get("CONDA_EXE"), environment.get("CONDA_DEFAULT_ENV")
    active = environment.get("CONDA_PREFIX", "")
    if not program or not name or PureWindowsPath(active) != PureWindowsPath(prefix):
        return {}
    # The program lies in Scripts of the folder that is asked for.
    return {"CONDA PATH": str(PureWindowsPath(program).parent.parent), "CONDA ENV": name}


def _portable_windows(path: str, environment: Mapping[str, str]) -> str:
    for variable in ("LOCALAPPDATA", "USERPROFILE"):
        folder = environment.get(variable)
        if folder and PureWindowsPath(path).is_relative_to(folder):
            return f"%{variable}%\\{PureWindowsPath(path).relative_to(folder)}"
    return path


def _portable_mac(path: str, environment: Mapping[str, str]) -> str:
    home = environment.get("HOME")
    if home and PurePosixPath(path).is_relative_to(home):
        return f"$HOME/{PurePosixPath(path).relative_to(home)}"
    return path


def write_conf(sheet: Any, conf: Mapping[str, bool | str]) -> None:
    """Write the rows on a worksheet of XlsxWriter, from A1 down without a blank row, and hide it."""
    for row, (key, value) in enumerate(conf.items()):
        sheet.write_string(row, 0, key)
        sheet.write(row, 1, value)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 72)
    sheet.hide()
