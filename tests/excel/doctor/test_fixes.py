"""What is mended, in a home of its own, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.excel.doctor.machines import MAC, WINDOWS, conf
from xlsales.excel.doctor import fixes
from xlsales.excel.doctor.conf import parse
from xlsales.excel.doctor.machine import Book, Excel
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from xlsales.excel.doctor.machine import Machine
    from xlsales.language import Language

PYTHON = "venv/Scripts/python.exe"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Windows whose paths lie under ``tmp_path``."""
    (tmp_path / PYTHON).parent.mkdir(parents=True)
    python = replace(WINDOWS.python, executable=tmp_path / PYTHON, prefix=tmp_path / "venv")
    return replace(
        WINDOWS, python=python, confs=(), user_conf=tmp_path / ".xlwings/xlwings.conf", exists=frozenset()
    )


def written(machine: Machine) -> dict[str, str]:
    return dict(parse(Path(machine.user_conf).read_text(machine.code_page)))


def test_this_python_is_written_into_settings_that_were_not_there(machine: Machine) -> None:
    assert fixes.name_this_python(machine) == machine.user_conf
    assert written(machine) == {"INTERPRETER_WIN": str(machine.python.executable)}


def test_other_settings_stay_as_they_are(machine: Machine) -> None:
    there = conf("user", ("SHOW CONSOLE", "True"), ("interpreter_win", r"D:\gone"), ("INTERPRETER", "python"))
    fixes.name_this_python(replace(machine, confs=(there,)))
    assert written(machine) == {"SHOW CONSOLE": "True", "INTERPRETER_WIN": str(machine.python.executable)}


def test_settings_of_the_workbook_do_not_get_into_the_users(machine: Machine) -> None:
    fixes.name_this_python(replace(machine, confs=(conf("sheet", ("PYTHONPATH", r"\\server")),)))
    assert "PYTHONPATH" not in written(machine)


def test_settings_are_written_in_the_code_page_that_vba_reads(machine: Machine, tmp_path: Path) -> None:
    python = replace(machine.python, executable=tmp_path / "用户/python.exe")
    fixes.name_this_python(replace(machine, python=python))
    assert "用户".encode("gbk") in Path(machine.user_conf).read_bytes()


def test_settings_that_the_code_page_cannot_hold_are_not_written(machine: Machine, tmp_path: Path) -> None:
    python = replace(machine.python, executable=tmp_path / "用户/python.exe")
    with pytest.raises(ValueError, match="codec"):
        fixes.name_this_python(replace(machine, python=python, code_page="cp1252"))
    assert not Path(machine.user_conf).exists()


def test_conda_is_written_as_its_pair_without_an_interpreter(machine: Machine) -> None:
    python = replace(machine.python, conda=Path("miniconda"), name="sales")
    there = conf("user", ("INTERPRETER_WIN", r"D:\python.exe"), ("SHOW CONSOLE", "True"))
    fixes.name_this_conda(replace(machine, python=python, confs=(there,)))
    assert written(machine) == {"SHOW CONSOLE": "True", "CONDA PATH": "miniconda", "CONDA ENV": "sales"}


def test_the_library_is_copied_beside_the_interpreter(machine: Machine, tmp_path: Path) -> None:
    found = tmp_path / "Roaming/xlwings32-0.37.8.dll"
    found.parent.mkdir()
    found.write_bytes(b"library")
    machine = replace(machine, dlls=(found,), excel=Excel(tmp_path / "EXCEL.EXE", 32))
    folder = fixes.copy_library(machine)
    assert folder == (tmp_path / PYTHON).parent
    assert (folder / found.name).read_bytes() == b"library"


def test_a_library_one_folder_up_is_not_copied(machine: Machine, tmp_path: Path) -> None:
    there = tmp_path / "venv/xlwings64-0.37.8.dll"
    there.write_bytes(b"library")
    folder = fixes.copy_library(replace(machine, dlls=(there,)))
    assert list(folder.iterdir()) == []


def test_the_script_of_the_installed_xlwings_is_put_where_excel_looks(tmp_path: Path) -> None:
    from importlib.metadata import version

    name = f"xlwings-{version('xlwings')}.applescript"
    target = fixes.install_script(replace(MAC, applescript=tmp_path / "Application Scripts" / name))
    assert "VbaHandler" in target.read_text("utf-8")


@pytest.mark.parametrize("lang", [*LANGUAGES, None])
def test_the_add_in_is_written_anew_in_its_language(
    lang: Language | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(asked: Language) -> Path:
        return tmp_path / f"{asked}.xlam"

    monkeypatch.setattr("xlsales.excel.addin.install", install)
    there = Book(tmp_path / "xlsales.xlam", ribbon=lang) if lang else None
    assert fixes.install_addin(replace(WINDOWS, addin=there)).stem == (lang or "zh")
