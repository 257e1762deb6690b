"""Every check, asked about machines of plain data: one case for each thing that the doctor can find."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

from tests.excel.doctor.machines import (
    BOOK,
    HOME,
    INTERPRETER,
    LINUX,
    MAC,
    NO_PATH,
    ONEDRIVE,
    PYTHON,
    VENV,
    WINDOWS,
    book,
    conf,
    python,
    windows,
)
from xlsales.excel.doctor.checks import findings
from xlsales.excel.doctor.finding import LEVELS
from xlsales.excel.doctor.fixes import FIXES
from xlsales.excel.doctor.machine import Excel, Folder, Trust
from xlsales.language import LANGUAGES, wording

if TYPE_CHECKING:
    from xlsales.excel.doctor.machine import Machine
    from xlsales.language import Language

OFFICE = PureWindowsPath(r"C:\Program Files\Office16\EXCEL.EXE")
STORE = PureWindowsPath(r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel\EXCEL.EXE")
STORE_PYTHON = PureWindowsPath(r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.13")
CONDA = PureWindowsPath(r"C:\miniconda3")
CONDA_BAT = frozenset({CONDA / "condabin" / "conda.bat", PureWindowsPath(PYTHON)})
CONDA_PYTHON = python(conda=CONDA, name="sales", prefix=CONDA / "envs" / "sales")
PAIR = (("CONDA PATH", str(CONDA)), ("CONDA ENV", "sales"))
ABSENT = {"xlsales": "0.1.0"}
ADDIN = book(path=PureWindowsPath(HOME, r"AppData\Roaming\Microsoft\Excel\XLSTART\xlsales.xlam"))
FOLDER = PureWindowsPath(HOME, r"AppData\Local\xlsales")
INTERNET = 3

CASES: dict[str, tuple[Machine, str]] = {
    "python.fine": (WINDOWS, "ok"),
    "python.store": (windows(python=python(base=STORE_PYTHON)), "problem"),
    "environment.venv": (WINDOWS, "ok"),
    "environment.shared": (LINUX, "ok"),
    "environment.conda": (windows(python=CONDA_PYTHON), "ok"),
    "environment.cloud": (windows(clouds=(HOME.upper(),)), "warning"),
    "letters.outside": (
        windows(python=python(executable=PureWindowsPath(r"C:\Users\Zoë\python.exe")), confs=()),
        "problem",
    ),
    "excel.fine": (WINDOWS, "ok"),
    "excel.elsewhere": (LINUX, "ok"),
    "excel.absent": (windows(excel=None), "problem"),
    "excel.store": (windows(excel=Excel(STORE, 64)), "problem"),
    "bits.fine": (windows(excel=Excel(OFFICE, 32)), "ok"),
    "bits.unknown": (windows(excel=Excel(OFFICE, None)), "ok"),
    "xlwings.fine": (WINDOWS, "ok"),
    "xlwings.absent": (windows(packages=ABSENT), "problem"),
    "pywin32.fine": (WINDOWS, "ok"),
    "pywin32.absent": (windows(packages={"xlwings": "0.37.8"}), "problem"),
    "pywin32.broken": (windows(pywin32_error="DLL load failed while importing win32api"), "problem"),
    "dll.fine": (WINDOWS, "ok"),
    "dll.missing": (windows(dlls=()), "problem"),
    "dll.elsewhere": (
        windows(dlls=(PureWindowsPath(HOME, r"AppData\Roaming\Python\xlwings64-0.37.8.dll"),)),
        "problem",
    ),
    "vanished.none": (WINDOWS, "ok"),
    "vanished.found": (windows(gone=(PureWindowsPath(VENV, "xlwings64-0.37.8.dll"),)), "problem"),
    "settings.fine": (WINDOWS, "ok"),
    "settings.absent": (windows(confs=()), "problem"),
    "settings.blank": (windows(confs=(conf("sheet", ("INTERPRETER_WIN", "")),)), "problem"),
    "settings.missing": (windows(exists=frozenset()), "problem"),
    "settings.missing_there": (
        windows(confs=(conf("sheet", ("Interpreter_Win", r"D:\gone\python.exe")),)),
        "problem",
    ),
    "settings.other": (
        windows(
            confs=(conf("user", ("INTERPRETER", r"D:\other\python.exe")),),
            exists=frozenset({PureWindowsPath(r"d:\OTHER\python.exe")}),
        ),
        "warning",
    ),
    "settings.other_there": (
        windows(
            confs=(conf("sheet", ("INTERPRETER_WIN", r"D:\other\python.exe")), conf("user", INTERPRETER)),
            exists=frozenset({PureWindowsPath(r"D:\other\python.exe")}),
        ),
        "warning",
    ),
    "conda.fine": (windows(python=CONDA_PYTHON, confs=(conf("user", *PAIR),), exists=CONDA_BAT), "ok"),
    "conda.incomplete": (windows(python=CONDA_PYTHON, confs=(conf("user", PAIR[0]),)), "problem"),
    "conda.missing": (windows(python=CONDA_PYTHON, confs=(conf("user", *PAIR),)), "problem"),
    "conda.both": (
        windows(python=CONDA_PYTHON, confs=(conf("user", *PAIR, INTERPRETER),), exists=CONDA_BAT),
        "problem",
    ),
    "sheet.twice": (windows(confs=(conf("sheet", INTERPRETER, ("interpreter_win", "")),)), "problem"),
    "sheet.gap": (windows(confs=(conf("sheet", INTERPRETER, unread=("SHOW CONSOLE",)),)), "warning"),
    "sheet.code": (windows(book=book(sheets=("数据", "clean.py"))), "problem"),
    "mac.fine": (MAC, "ok"),
    "mac.missing": (replace(MAC, exists=frozenset()), "problem"),
    "macros.fine": (windows(trust=Trust(macros=2, by_policy=True)), "ok"),
    "macros.all": (windows(trust=Trust(macros=1)), "warning"),
    "macros.all_by_policy": (windows(trust=Trust(macros=1, by_policy=True)), "warning"),
    "macros.signed": (windows(trust=Trust(macros=3)), "problem"),
    "macros.signed_by_policy": (windows(trust=Trust(macros=3, by_policy=True)), "problem"),
    "macros.none": (windows(trust=Trust(macros=4)), "problem"),
    "macros.none_by_policy": (windows(trust=Trust(macros=4, by_policy=True)), "problem"),
    "mark.none": (windows(book=book(zone=1)), "ok"),
    "mark.allowed": (windows(book=book(zone=INTERNET), trust=Trust(internet=False)), "ok"),
    "mark.blocked": (windows(book=book(zone=INTERNET)), "problem"),
    "embedded.fine": (windows(book=BOOK), "ok"),
    "embedded.plain": (windows(book=book(modules={}, xlwings=None)), "ok"),
    "embedded.none": (windows(book=book(xlwings=None)), "warning"),
    "embedded.differs": (windows(book=book(xlwings="0.36.1")), "problem"),
    "cloud.none": (windows(book=BOOK), "ok"),
    "cloud.fine": (
        windows(book=book(cloud=ONEDRIVE), confs=(conf("sheet", NO_PATH), conf("user", INTERPRETER))),
        "ok",
    ),
    "cloud.path": (windows(book=book(cloud=ONEDRIVE)), "problem"),
    "temporary.found": (
        windows(
            book=book(
                path=PureWindowsPath(
                    HOME, r"AppData\Local\Microsoft\Windows\INetCache\Content.Outlook\K2\a.xlsm"
                )
            )
        ),
        "warning",
    ),
    "addin.fine": (windows(addin=ADDIN), "ok"),
    "addin.absent": (WINDOWS, "ok"),
    "addin.stale": (windows(addin=replace(ADDIN, xlwings="0.36.1")), "problem"),
    "addin.marked": (windows(addin=replace(ADDIN, zone=INTERNET)), "problem"),
    "folders.fine": (WINDOWS, "ok"),
    "folders.closed": (windows(folders=(Folder(FOLDER, False, 0),)), "problem"),
    "folders.full": (windows(folders=(Folder(FOLDER, True, 999_999_999),)), "warning"),
    "code_page.fine": (WINDOWS, "ok"),
    "fonts.fine": (WINDOWS, "ok"),
    "fonts.missing": (windows(fonts=frozenset({"arial"})), "warning"),
}
"""Finding -> a machine on which it is made, and its level."""


def keys(machine: Machine, lang: Language | None = None) -> dict[str, str]:
    return {finding.key: finding.level for finding in findings(machine, lang)}


def worded() -> set[str]:
    """Every finding that has words: ``[doctor.matter.case]``."""
    matters = {name: entry for name, entry in wording("en")["doctor"].items() if isinstance(entry, dict)}
    return {
        f"{matter}.{case}"
        for matter, entry in matters.items()
        for case, words in entry.items()
        if isinstance(words, dict)
    }


@pytest.mark.parametrize("key", CASES)
def test_a_finding_is_made_where_it_belongs(key: str) -> None:
    machine, level = CASES[key]
    assert keys(machine).get(key) == level


def test_there_is_a_case_for_every_finding_that_has_words() -> None:
    assert set(CASES) == worded()


@pytest.mark.parametrize("machine", [WINDOWS, MAC, LINUX, windows(book=BOOK, addin=ADDIN)])
def test_a_machine_on_which_all_is_well_has_nothing_to_do(machine: Machine) -> None:
    assert set(keys(machine).values()) == {"ok"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", CASES)
def test_a_finding_says_what_was_found_and_what_to_do_about_it(key: str, lang: Language) -> None:
    (finding,) = [one for one in findings(CASES[key][0]) if one.key == key][:1]
    assert finding.title(lang)
    assert finding.what(lang)
    assert "{" not in finding.what(lang) + finding.remedy(lang)
    assert bool(finding.remedy(lang)) == (finding.level != "ok")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_what_is_not_fine_has_a_remedy_in_the_words(lang: Language) -> None:
    doctor = wording(lang)["doctor"]
    advised = {key for key in worded() if "do" in doctor[key.split(".")[0]][key.split(".")[1]]}
    assert advised == {key for key, (_, level) in CASES.items() if level != "ok"}


def test_what_can_be_mended_is_something_to_do() -> None:
    assert {key for key in FIXES if CASES[key][1] == "ok"} == set()
    assert {level for _, level in CASES.values()} == set(LEVELS)


@pytest.mark.parametrize("key", FIXES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_remedy_names_the_fix_where_there_is_one(key: str, lang: Language) -> None:
    matter, case = key.split(".")
    assert "--fix" in wording(lang)["doctor"][matter][case]["do"]


def test_excel_of_32_bits_asks_for_the_32_bit_library() -> None:
    machine = windows(excel=Excel(OFFICE, 32), dlls=WINDOWS.dlls[1:])
    (finding,) = [one for one in findings(machine) if one.key == "dll.missing"]
    assert finding.facts["name"] == "xlwings32-0.37.8.dll"


def test_a_library_of_another_version_does_not_count() -> None:
    assert "dll.missing" in keys(windows(packages={**WINDOWS.packages, "xlwings": "0.38.0"}))


def test_the_sheet_decides_before_the_file_beside_the_workbook_and_that_before_the_users() -> None:
    gone = ("INTERPRETER_WIN", r"D:\gone\python.exe")
    there = conf("sheet", INTERPRETER)
    assert "settings.fine" in keys(windows(confs=(there, conf("folder", gone), conf("user", gone))))
    assert "settings.missing_there" in keys(windows(confs=(conf("folder", gone), conf("user", INTERPRETER))))


def test_a_policy_that_blocks_the_internet_is_no_matter_for_a_file_without_a_mark() -> None:
    assert "mark.none" in keys(windows(book=BOOK, trust=Trust(internet=True)))


def test_conda_outside_windows_takes_an_interpreter_like_any_other_python() -> None:
    mac = replace(MAC, python=replace(MAC.python, conda=PurePosixPath("/opt/conda"), name="base"))
    assert set(keys(mac).values()) == {"ok"}


@pytest.mark.parametrize(
    ("lang", "fonts", "expected"),
    [
        ("zh", {"dengxian"}, "ok"),
        ("zh", {"calibri"}, "warning"),
        ("en", {"calibri"}, "ok"),
        ("en", {"dengxian"}, "warning"),
    ],
)
def test_the_fonts_are_those_of_the_language_asked_for(
    lang: Language, fonts: set[str], expected: str
) -> None:
    found = keys(windows(fonts=frozenset(fonts)), lang)
    assert {level for key, level in found.items() if key.startswith("fonts.")} == {expected}
