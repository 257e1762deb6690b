"""The command line: its exit codes, its two lines when something cannot be done, and what it prints."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest

from xlsales import cli
from xlsales.cli import failure, result, terminal
from xlsales.errors import InputError
from xlsales.language import LANGUAGES
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlsales.language import Language

HEAVY = ("pandas", "numpy", "pyarrow", "narwhals", "xlsxwriter", "lxml", "fastexcel", "holidays", "scipy")


def run(*arguments: str) -> int:
    """The exit code of ``xlsales`` with these arguments."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    return int(left.value.code or 0)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setattr(failure, "log_folder", lambda: tmp_path / "logs")


def fail_with(kind: Callable[..., Exception], *facts: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise kind(*facts)

    monkeypatch.setattr("xlsales.excel.template.write_template", refuse)


@pytest.mark.parametrize("arguments", [["--help"], ["refresh", "--help"], ["metric", "--help"]])
def test_help_comes_without_loading_anything_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom xlsales.cli import main\n"
        f"try:\n    main({arguments})\nexcept SystemExit as left:\n    assert not left.code\n"
        f"print('LOADED', *(set(sys.modules) & set({HEAVY})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_the_module_runs_as_the_command_does() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xlsales", "--help"], capture_output=True, encoding="utf-8", check=True
    )
    assert "Usage: xlsales" in done.stdout


def test_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--help") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "0 done; 1 check found something; 2 the request or the data cannot be used" in told


def test_an_unknown_option_is_a_usage_error() -> None:
    assert run("refresh", "book.xlsx", "--colour", "red") == failure.CANNOT


@pytest.mark.parametrize("lang", LANGUAGES)
def test_new_writes_the_header_of_every_table(lang: Language, tmp_path: Path) -> None:
    book = tmp_path / "empty.xlsx"
    assert run("new", str(book), "--lang", lang) == 0
    sheets = openpyxl.load_workbook(book).worksheets[1:]
    assert [sheet.title for sheet in sheets] == [table.title(lang) for table in TABLES]
    for sheet, table in zip(sheets, TABLES, strict=True):
        assert [cell.value for cell in sheet[1]] == [column.title(lang) for column in table.columns]


def test_new_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "mine.xlsx"
    book.write_bytes(b"precious")
    assert run("new", str(book)) == failure.CANNOT
    assert book.read_bytes() == b"precious"
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_new_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        assert run("new", str(tmp_path / name)) == 0
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "first"),
    [([], "No sheet here is a table"), (["--lang", "zh"], "没有识别出订单表"), (["--lang=zh"], "没有识别出订单表")],
)
def test_an_expected_failure_is_two_lines_in_the_users_language(
    arguments: list[str],
    first: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fail_with(lambda: InputError("nothing_to_analyse", sheets="a.xlsx!Cover"), monkeypatch=monkeypatch)
    assert run("new", str(tmp_path / "a.xlsx"), *arguments) == failure.CANNOT
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 2
    assert err.startswith(first)


def test_a_file_that_the_system_refuses_is_two_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(PermissionError, 13, "Permission denied", "locked.xlsx", monkeypatch=monkeypatch)
    assert run("new", str(tmp_path / "a.xlsx")) == failure.CANNOT
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 2
    assert "locked.xlsx" in err[0]


def test_a_fault_of_ours_leaves_a_log_and_two_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(RuntimeError, "滨江 \udcff went wrong", monkeypatch=monkeypatch)
    assert run("new", str(tmp_path / "a.xlsx")) == failure.CRASHED
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 2
    assert "Traceback" not in err
    (log,) = (tmp_path / "logs").iterdir()
    assert log.stem in err
    assert str(log) in err
    assert "RuntimeError: 滨江" in log.read_text("utf-8")


def test_the_same_fault_is_one_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for row in range(3):
        fail_with(RuntimeError, f"row {row}", monkeypatch=monkeypatch)
        run("new", str(tmp_path / "a.xlsx"))
    assert len(list((tmp_path / "logs").iterdir())) == 1


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_without_a_choice_the_machines_language_is_spoken(
    environment: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal.language([]) == lang


def test_a_terminal_of_another_code_page_prints_chinese(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xlsales", "new", str(tmp_path / "空白.xlsx"), "--lang", "zh"],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "cp1252", "PATH": "", "SYSTEMROOT": "C:\\Windows"},
    )
    assert "已写入" in done.stdout.decode("utf-8")


def test_names_from_the_data_are_not_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.console().print(result.plain("[red]:smile:\x1b[31m\u202e"))
    assert capsys.readouterr().out == "[red]:smile: [31m \n"


def test_catalogue_lists_every_metric(capsys: pytest.CaptureFixture[str]) -> None:
    from xlsales.metrics._catalogue import catalogue

    assert run("catalogue") == 0
    listed = capsys.readouterr().out
    assert [key for key in catalogue() if f" {key} " not in listed] == []
