"""What xlwings is told: this Python where it was made, the usual place on the other system."""

from __future__ import annotations

import pytest

from xlsales.excel.xlwings_conf import STANDARD, xlwings_conf

ALWAYS = {"ADD_WORKBOOK_TO_PYTHONPATH": False, "USE UDF SERVER": True, "SHOW CONSOLE": False}
WINDOWS = {"LOCALAPPDATA": r"C:\Users\li\AppData\Local", "USERPROFILE": r"C:\Users\li"}
MAC = STANDARD["INTERPRETER_MAC"]


@pytest.mark.parametrize(
    ("executable", "written"),
    [
        (r"C:\Users\li\AppData\Local\xlsales\venv\Scripts\python.exe", STANDARD["INTERPRETER_WIN"]),
        (r"c:\users\LI\venv\Scripts\python.exe", r"%USERPROFILE%\venv\Scripts\python.exe"),
        (r"C:\Users\li2\venv\Scripts\python.exe", r"C:\Users\li2\venv\Scripts\python.exe"),
        (r"D:\工具 箱\python.exe", r"D:\工具 箱\python.exe"),
    ],
)
def test_on_windows_it_is_the_python_that_runs(executable: str, written: str) -> None:
    found = xlwings_conf("win32", executable, r"C:\anywhere", WINDOWS)
    assert found == {"INTERPRETER_WIN": written, "INTERPRETER_MAC": MAC} | ALWAYS


@pytest.mark.parametrize(
    ("executable", "written"),
    [
        ("/Users/li/xlsales/venv/bin/python", MAC),
        ("/opt/homebrew/bin/python3", "/opt/homebrew/bin/python3"),
    ],
)
def test_on_a_mac_it_is_the_python_that_runs(executable: str, written: str) -> None:
    found = xlwings_conf("darwin", executable, "/anywhere", {"HOME": "/Users/li"})
    assert found == {"INTERPRETER_WIN": STANDARD["INTERPRETER_WIN"], "INTERPRETER_MAC": written} | ALWAYS


def test_elsewhere_it_is_where_the_guide_installs() -> None:
    assert xlwings_conf("linux", "/usr/bin/python3", "/usr", {}) == STANDARD | ALWAYS


def test_the_active_environment_of_conda_is_given_as_its_pair_alone() -> None:
    prefix = r"C:\Users\li\miniconda3\envs\sales"
    conda = {
        "CONDA_EXE": r"C:\Users\li\miniconda3\Scripts\conda.exe",
        "CONDA_PREFIX": prefix,
        "CONDA_DEFAULT_ENV": "sales",
    }
    found = xlwings_conf("win32", rf"{prefix}\python.exe", prefix, WINDOWS | conda)
    assert (found["CONDA PATH"], found["CONDA ENV"]) == (r"C:\Users\li\miniconda3", "sales")
    assert "INTERPRETER_WIN" not in found


def test_a_venv_is_none_of_the_conda_that_happens_to_be_active() -> None:
    conda = {"CONDA_EXE": r"C:\c\Scripts\conda.exe", "CONDA_PREFIX": r"C:\c", "CONDA_DEFAULT_ENV": "base"}
    found = xlwings_conf("win32", r"D:\venv\Scripts\python.exe", r"D:\venv", WINDOWS | conda)
    assert "CONDA PATH" not in found
    assert found["INTERPRETER_WIN"] == r"D:\venv\Scripts\python.exe"
