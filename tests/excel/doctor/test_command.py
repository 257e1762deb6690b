"""`xlsales doctor`: what it prints, its exit codes, and what --fix mends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.excel.doctor.machines import BOOK, LINUX, WINDOWS, windows
from xlsales import cli
from xlsales.excel.doctor import fixes, looking
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from xlsales.excel.doctor.machine import Machine
    from xlsales.language import Language


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["doctor", *arguments])
    return int(left.value.code or 0)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the doctor see these machines, one after the other."""

    def see(*machines: Machine) -> None:
        left = iter(machines)
        monkeypatch.setattr(looking, "look", lambda _book: next(left))

    return see


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_where_all_is_well_the_exit_code_is_0(seen: Any, capsys: pytest.CaptureFixture[str]) -> None:
    seen(WINDOWS)
    assert run("--lang", "en") == 0
    assert "Everything is fine" in said(capsys)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("故障 1 项，待办 1 项", "没有任何设置指定 Python", "xlsales doctor --fix")),
        ("en", ("Broken: 1. To do: 1.", "No settings name a Python", "xlsales doctor --fix")),
    ],
)
def test_what_is_to_do_is_said_and_the_exit_code_is_1(
    lang: Language, words: tuple[str, ...], seen: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    seen(windows(confs=(), fonts=frozenset()))
    assert run("--lang", lang) == 1
    out = said(capsys)
    assert [one for one in words if one not in out] == []


def test_the_worst_comes_first(seen: Any, capsys: pytest.CaptureFixture[str]) -> None:
    seen(windows(excel=None, fonts=frozenset()))
    run("--lang", "en")
    out = said(capsys)
    assert out.index("No desktop Excel") < out.index("Not one of these fonts") < out.index("Python 3.13.1")


def test_json_is_for_programs(seen: Any, capsys: pytest.CaptureFixture[str]) -> None:
    seen(windows(confs=()))
    assert run("--json", "--lang", "en") == 1
    out = json.loads(capsys.readouterr().out)
    (absent,) = [finding for finding in out["findings"] if finding["level"] == "problem"]
    assert absent["key"] == "settings.absent"
    assert absent["facts"]["python"] == str(WINDOWS.python.executable)
    assert set(absent) == {"key", "level", "title", "what", "remedy", "facts"}
    assert out["mended"] == []


def test_fix_mends_says_so_and_looks_again(
    seen: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen(windows(confs=(), user_conf=tmp_path / "xlwings.conf"), WINDOWS)
    assert run("--fix", "--lang", "en") == 0
    out = said(capsys)
    assert "Mended: Which Python the buttons run" in out
    assert "Everything is fine" in out
    assert (tmp_path / "xlwings.conf").exists()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fix_that_fails_says_why_and_the_others_go_on(
    lang: Language, seen: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sick = windows(confs=(), dlls=(Path("elsewhere/xlwings64-0.37.8.dll"),))
    seen(sick, sick)

    def refuse(_: Machine) -> Path:
        raise PermissionError(13, "Access is denied", "xlwings.conf")

    ways = {"settings.absent": refuse, "dll.elsewhere": lambda _: Path("venv")}
    monkeypatch.setattr(fixes, "FIXES", ways)
    assert run("--fix", "--lang", lang, "--json") == 1
    mended = {one["key"]: one for one in json.loads(capsys.readouterr().out)["mended"]}
    assert {key: one["done"] for key, one in mended.items()} == {
        "settings.absent": False,
        "dll.elsewhere": True,
    }
    assert "xlwings.conf: Access is denied" in mended["settings.absent"]["what"]


def test_without_fix_nothing_is_mended(seen: Any, tmp_path: Path) -> None:
    seen(windows(confs=(), user_conf=tmp_path / "xlwings.conf"))
    run()
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_is_looked_at_as_well(seen: Any, tmp_path: Path) -> None:
    book = tmp_path / "a.xlsm"
    book.touch()
    seen(windows(book=BOOK))
    assert run(str(book)) == 0


def test_the_command_that_mends_names_the_workbook(
    seen: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "my sales.xlsm"
    book.touch()
    seen(windows(book=replace(BOOK, zone=3)))
    assert run(str(book), "--lang", "en") == 1
    assert f'xlsales doctor "{book}" --fix' in said(capsys)


def test_a_workbook_that_is_not_there_is_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("gone.xlsm", "--lang", "en") == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_file_that_is_no_workbook_is_two_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "a.xlsm"
    book.write_text("not a workbook")
    assert run(str(book), "--lang", "en") == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_on_linux_the_command_line_is_all_there_is_and_that_is_fine(
    seen: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    seen(LINUX)
    assert run("--lang", "en") == 0
    assert "No Excel runs on linux" in said(capsys)
