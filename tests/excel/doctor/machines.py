"""Machines to examine: one of each system on which everything is fine, and parts to make others from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from xlsales.excel.doctor.machine import Book, Conf, Excel, Folder, Machine, Python

HOME = r"C:\Users\chen"
VENV = rf"{HOME}\AppData\Local\xlsales\venv"
PYTHON = rf"{VENV}\Scripts\python.exe"
PORTABLE = r"%LOCALAPPDATA%\xlsales\venv\Scripts\python.exe"
USER_CONF = rf"{HOME}\.xlwings\xlwings.conf"
ONEDRIVE = rf"{HOME}\OneDrive - Company"
CODE = {"xlwings": "", "Xlsales": "Sub Refresh()\nEnd Sub"}
ROOM = 80_000_000_000


def conf(place: str, *entries: tuple[str, str], unread: tuple[str, ...] = ()) -> Conf:
    where = {"sheet": "xlwings.conf", "user": USER_CONF, "folder": r"D:\sales\xlwings.conf"}[place]
    return Conf(place, where, entries, unread)


INTERPRETER = ("INTERPRETER_WIN", PORTABLE)
NO_PATH = ("ADD_WORKBOOK_TO_PYTHONPATH", "False")

WINDOWS = Machine(
    system="win32",
    python=Python(
        executable=PureWindowsPath(PYTHON),
        version="3.13.1",
        bits=64,
        prefix=PureWindowsPath(VENV),
        base=PureWindowsPath(HOME, "AppData/Local/Programs/Python/Python313"),
    ),
    packages={"xlsales": "0.1.0", "xlwings": "0.37.8", "pywin32": "311"},
    excel=Excel(PureWindowsPath(r"C:\Program Files\Office16\EXCEL.EXE"), 64, "16.0.18000"),
    confs=(conf("user", INTERPRETER),),
    user_conf=PureWindowsPath(USER_CONF),
    environ={"LOCALAPPDATA": rf"{HOME}\AppData\Local", "TEMP": rf"{HOME}\AppData\Local\Temp"},
    exists=frozenset({PureWindowsPath(PYTHON)}),
    dlls=(
        PureWindowsPath(VENV, "xlwings32-0.37.8.dll"),
        PureWindowsPath(VENV, "xlwings64-0.37.8.dll"),
    ),
    fonts=frozenset({"microsoft yahei", "calibri"}),
    folders=(Folder(PureWindowsPath(HOME, r"AppData\Local\xlsales"), True, ROOM),),
    code_page="cp936",
)

MAC_PYTHON = "/Users/chen/xlsales/venv/bin/python"
MAC = Machine(
    system="darwin",
    python=Python(
        executable=PurePosixPath(MAC_PYTHON),
        version="3.13.1",
        bits=64,
        prefix=PurePosixPath("/Users/chen/xlsales/venv"),
        base=PurePosixPath("/Library/Frameworks/Python.framework/Versions/3.13"),
    ),
    packages={"xlsales": "0.1.0", "xlwings": "0.37.8"},
    excel=Excel(PurePosixPath("/Applications/Microsoft Excel.app"), 64, "16.90"),
    confs=(Conf("user", "xlwings.conf", (("INTERPRETER_MAC", "$HOME/xlsales/venv/bin/python"),)),),
    user_conf=PurePosixPath("/Users/chen/Library/Containers/com.microsoft.Excel/Data/xlwings.conf"),
    environ={"HOME": "/Users/chen"},
    exists=frozenset({PurePosixPath(MAC_PYTHON), PurePosixPath("/scripts/xlwings-0.37.8.applescript")}),
    applescript=PurePosixPath("/scripts/xlwings-0.37.8.applescript"),
)

LINUX = Machine(
    system="linux",
    python=Python(
        PurePosixPath("/usr/bin/python3"), "3.11.2", 64, PurePosixPath("/usr"), PurePosixPath("/usr")
    ),
    packages={"xlsales": "0.1.0"},
)

BOOK = Book(PureWindowsPath(r"D:\sales\销售分析.xlsm"), modules=CODE, xlwings="0.37.8")


def windows(**changes: Any) -> Machine:
    return replace(WINDOWS, **changes)


def python(**changes: Any) -> Python:
    return replace(WINDOWS.python, **changes)


def book(**changes: Any) -> Book:
    return replace(BOOK, **changes)
