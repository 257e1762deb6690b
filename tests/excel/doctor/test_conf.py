"""xlwings' settings, read as its VBA reads them."""

from __future__ import annotations

import pytest

from tests.excel.doctor.machines import WINDOWS, conf, windows
from xlsales.excel.doctor.conf import expand, from_rows, interpreter, parse, render, setting

ENTRIES = (("INTERPRETER_WIN", r"C:\venv\Scripts\python.exe"), ("SHOW CONSOLE", "False"))


def test_what_is_written_is_read_again() -> None:
    assert parse(render(ENTRIES)) == ENTRIES


def test_a_file_has_a_quoted_pair_a_line() -> None:
    assert render(ENTRIES[:1]) == '"INTERPRETER_WIN","C:\\venv\\Scripts\\python.exe"\n'


def test_blank_and_broken_lines_do_no_harm() -> None:
    assert parse('\n"A","1"\n"B"\n\n') == (("A", "1"), ("B", ""))


def test_a_sheet_is_read_down_to_the_first_blank_key() -> None:
    rows = [("A", "1"), ("B", ""), ("", "stray"), ("C", "3")]
    assert from_rows(rows) == ((("A", "1"), ("B", "")), ("C",))


@pytest.mark.parametrize(
    ("system", "value", "expected"),
    [
        ("win32", r"%localappdata%\xlsales", r"C:\Local\xlsales"),
        ("win32", r"%UNKNOWN%\xlsales", r"%UNKNOWN%\xlsales"),
        ("win32", "$HOME/xlsales", "$HOME/xlsales"),
        ("darwin", "$HOME/xlsales", "/Users/chen/xlsales"),
        ("darwin", "/opt/$HOME", "/opt/$HOME"),
    ],
)
def test_variables_are_filled_in_as_on_that_system(system: str, value: str, expected: str) -> None:
    environ = {"LOCALAPPDATA": r"C:\Local", "HOME": "/Users/chen"}
    assert expand(value, environ, system) == expected


def test_a_blank_value_counts_before_one_further_back() -> None:
    machine = windows(confs=(conf("sheet", ("SHOW CONSOLE", "")), conf("user", ("SHOW CONSOLE", "True"))))
    assert setting(machine, "SHOW CONSOLE") == ""


def test_the_old_name_of_the_interpreter_counts_where_the_new_one_is_not_set() -> None:
    old = ("INTERPRETER", r"D:\python.exe")
    assert interpreter(windows(confs=(conf("user", old),)))[0] == r"D:\python.exe"
    assert interpreter(windows(confs=(conf("user", old, ("INTERPRETER_WIN", "E:")),)))[0] == "E:"
    assert interpreter(windows(confs=())) == ("", None)
    assert interpreter(WINDOWS)[0] == str(WINDOWS.python.executable)
