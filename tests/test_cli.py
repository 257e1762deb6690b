"""The command line: its exit codes, its two lines when something cannot be done, and what it prints."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest
from rich.cells import cell_len
from rich.console import Console

from xlsales import cli, faults
from xlsales.cli import failure, result, terminal
from xlsales.errors import InputError
from xlsales.language import LANGUAGES, text
from xlsales.metrics._catalogue import find
from xlsales.tables.specs import CORE

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
    monkeypatch.setattr(faults, "log_folder", lambda: tmp_path / "logs")


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
    assert "0 done; 1 check or doctor found something; 2 the request or the data cannot be used" in told


def test_an_unknown_option_is_a_usage_error() -> None:
    assert run("refresh", "book.xlsx", "--colour", "red") == failure.CANNOT


@pytest.mark.parametrize("lang", LANGUAGES)
def test_new_writes_the_header_of_every_table(lang: Language, tmp_path: Path) -> None:
    book = tmp_path / "empty.xlsx"
    assert run("new", str(book), "--lang", lang) == 0
    sheets = openpyxl.load_workbook(book).worksheets[1:-1]
    assert [sheet.title for sheet in sheets] == [table.title(lang) for table in CORE]
    for sheet, table in zip(sheets, CORE, strict=True):
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
    [
        ([], "No sheet here is a table"),
        (["--lang", "zh"], "没有识别出订单表"),
        (["--lang=zh"], "没有识别出订单表"),
    ],
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


@pytest.fixture
def clean_book(tmp_path: Path) -> Path:
    return export(
        tmp_path / "clean.csv",
        "Order ID,Order date,Customer ID,Region,Amount",
        "A1,2026-09-30,001,=1+1,50",
        "A2,2026-10-01,001,=1+1,100",
        "A3,2026-10-02,002,North,200.5",
        "A4,2026-10-31,003,,300",
    )


def export(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_check_of_clean_data_leaves_with_0(clean_book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(clean_book)) == 0
    printed = capsys.readouterr().out
    assert "No findings." in printed
    assert "650.50" in printed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_check_also_lists_the_sheets_that_are_none_of_ours(
    lang: Language, clean_book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = export(tmp_path / "notes.csv", "remember,the,milk", "1,2,3")
    assert run("check", str(clean_book), str(notes), "--lang", lang) == 0
    listed = next(line for line in capsys.readouterr().out.splitlines() if "notes.csv" in line)
    assert text(lang, "pages.ignored.no_header") in listed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_check_of_dirty_data_leaves_with_1_and_names_the_cells(
    lang: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = export(tmp_path / "dirty.csv", "Order date,Amount", "2026-10-01,100", "2026-10-02,soon", ",7")
    assert run("check", str(book), "--lang", lang) == failure.ISSUES
    printed = capsys.readouterr().out
    assert "dirty!B3" in printed
    assert "dirty!A4" in printed


def test_check_of_what_is_no_table_leaves_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = export(tmp_path / "notes.csv", "remember,the,milk", "1,2,3")
    assert run("check", str(book)) == failure.CANNOT
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_json_of_a_metric_has_exactly_the_promised_shape(
    clean_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("metric", "sales", str(clean_book), "--by", "region", "--period", "2026-10", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["metric", "title", "scope", "columns", "rows", "total", "issues"]
    assert (answer["metric"], answer["title"], answer["issues"]) == ("sales", "Sales", 0)
    assert answer["scope"] == {
        "period": {"start": "2026-10-01", "end": "2026-10-31"},
        "as_of": "2026-10-31",
        "basis": "signed",
        "filters": {},
    }
    assert answer["columns"][:2] == [
        {"name": "region", "format": "text"},
        {"name": "amount", "format": "money"},
    ]
    names = [column["name"] for column in answer["columns"]]
    assert [list(row) for row in answer["rows"]] == [names] * 3
    amounts = sorted(row["amount"] for row in answer["rows"])
    assert amounts == [100, 200.5, 300]
    assert answer["total"]["amount"] == 100 + 200.5 + 300
    assert answer["total"]["region"] is None


def test_csv_of_a_metric_opens_in_excel_and_computes_nothing(
    clean_book: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run("metric", "sales", str(clean_book), "--by", "region", "--period", "2026-10", "--csv") == 0
    out = capfdbinary.readouterr().out
    assert out.startswith(b"\xef\xbb\xbfRegion,")
    assert b"\r\n'=1+1,100," in out


def test_a_metric_is_a_table_with_its_total(clean_book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("metric", "sales", str(clean_book), "--by", "region", "--period", "2026-10") == 0
    printed = capsys.readouterr().out
    assert "=1+1" in printed
    assert next(line for line in printed.splitlines() if "Total" in line).count("601") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_metric_that_is_wider_than_the_terminal_lies_on_its_side_with_every_word(
    lang: Language, clean_book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("metric", "sales", str(clean_book), "--by", "region", "--period", "2026-10", "--lang", lang)
    assert run(*asked) == 0
    upright = [line.split("│")[1:-1] for line in capsys.readouterr().out.splitlines() if "│" in line]
    monkeypatch.setattr(terminal, "console", lambda: Console(width=60, markup=False, highlight=False))
    assert run(*asked) == 0
    printed = capsys.readouterr().out
    assert max(map(cell_len, printed.splitlines())) <= 60
    shown = [re.split("[│┃]", line)[1:-1] for line in printed.splitlines() if "│" in line or "┃" in line]
    headers = [line[0].strip() for line in shown]
    assert len(set(headers)) == len(find("sales").columns) + 1
    figures = [[cell.strip() for cell in line[1:]] for line in shown]
    for place, name in enumerate(dict.fromkeys(headers)):
        side = [cell for header, row in zip(headers, figures, strict=True) if header == name for cell in row]
        assert side == [line[place].strip() for line in upright]


@pytest.mark.parametrize(
    "wrong",
    [
        ["metric", "sals"],
        ["metric", "sales", "--by", "colour"],
        ["metric", "sales", "--set", "view"],
        ["metric", "sales", "--set", "colour=red"],
        ["metric", "sales", "--period", "soon"],
        ["refresh", "--only", "frontpage"],
        ["refresh", "--filter", "region"],
        ["refresh", "--filter", "colour=red"],
        ["refresh", "-o", "out.pdf"],
    ],
    ids=" ".join,
)
def test_a_wrong_request_is_two_lines(
    wrong: list[str], clean_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = set(clean_book.parent.iterdir())
    place = 2 if wrong[0] == "metric" else 1
    assert run(*wrong[:place], str(clean_book), *wrong[place:]) == failure.CANNOT
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert set(clean_book.parent.iterdir()) == before


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["refresh"], "BOOK ..."),
        (["metric"], "KEY BOOK"),
        (["refresh", "{book}", "--basis", "gros"], "signed|net|cash"),
        (["refresh", "{book}", "--as-of", "2026/1/5"], "YYYY-MM-DD"),
        (["refresh", "{book}", "--as-of"], "--as-of"),
        (["refresh", "{book}", "--json=3"], "--json"),
        (["refresh", "{book}", "--colour"], "refresh --help"),
        (["doctor", "{book}", "sales 2026.xlsx"], "doctor [BOOK]"),
        (["refrsh", "{book}"], "refresh"),
        (["addin", "instal"], "install, remove"),
    ],
)
def test_a_command_line_that_cannot_be_followed_is_two_lines_in_the_users_language(
    wrong: list[str], said: str, lang: Language, clean_book: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("LANG", f"{lang}.UTF-8")
    assert run(*(word.format(book=clean_book) for word in wrong)) == failure.CANNOT
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert said in " ".join(lines)
    assert all(line.isascii() == (lang == "en") for line in lines)


@pytest.mark.parametrize("arguments", [[], ["addin"]])
def test_a_program_or_group_without_a_command_shows_its_help(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == failure.CANNOT
    shown = capsys.readouterr()
    assert "Usage: xlsales" in shown.out + shown.err


@pytest.mark.parametrize("command", [["check"], ["refresh"], ["metric", "sales"]])
def test_a_book_that_is_not_there_is_two_lines(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*command, str(tmp_path / "gone.xlsx")) == failure.CANNOT
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 2
    assert "gone.xlsx" in err[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demo_says_in_five_lines_what_to_open_and_keeps_what_was_changed(
    lang: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert run("demo", str(tmp_path), "--lang", lang) == 0
        out, err = capsys.readouterr()
        assert len(out.splitlines()) == 5
        assert err == ""
        (book,) = (path for path in tmp_path.iterdir() if path.suffix == ".xlsx")
        assert str(book) in out
    book.write_bytes(b"changed by the user")
    assert run("demo", str(tmp_path), "--lang", lang) == failure.CANNOT
    assert book.read_bytes() == b"changed by the user"


def test_catalogue_lists_every_metric(capsys: pytest.CaptureFixture[str]) -> None:
    from xlsales.metrics._catalogue import catalogue

    assert run("catalogue") == 0
    listed = capsys.readouterr().out
    assert [key for key in catalogue() if f" {key} " not in listed] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_person_at_the_terminal_sees_every_stage_at_work(
    lang: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from xlsales.hosts.file import STAGES

    with terminal.progress(lang) as nobody_looks:
        assert nobody_looks is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with terminal.progress(lang) as show:
        assert show is not None
        for done, stage in enumerate(STAGES, start=1):
            show(stage, done, len(STAGES), 1234)
    last = f"{len(STAGES)}/{len(STAGES)} {text(lang, f'cli.stage.{STAGES[-1]}')} "
    assert last + text(lang, "cli.stage.rows", rows="1,234") in capsys.readouterr().err


def test_graft_says_where_the_sheets_are_and_what_was_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("sheets.xlsx", "book.xlsx"):
        openpyxl.Workbook().save(tmp_path / name)
    paths = [str(tmp_path / name) for name in ("sheets.xlsx", "book.xlsx")]
    assert run("graft", *paths, "--sheet", "sheet") == 0
    assert capsys.readouterr().out.splitlines() == [f"Written: {paths[1]}", "Sheets: Sheet (2)"]
    book = openpyxl.load_workbook(paths[1])
    book["Sheet (2)"]["A1"] = "mine"
    book.save(paths[1])
    assert run("graft", *paths, "--lang", "zh") == 0
    assert capsys.readouterr().out.splitlines()[2].endswith("Sheet (2)（旧）")


@pytest.mark.parametrize(
    "wrong", [["--sheet", "nowhere"], ["-o", "out.pdf"], ["--colour", "red"]], ids=" ".join
)
def test_a_wrong_graft_is_refused(wrong: list[str], tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    before = (tmp_path / "book.xlsx").read_bytes()
    assert run("graft", *[str(tmp_path / "book.xlsx")] * 2, *wrong) == failure.CANNOT
    assert (tmp_path / "book.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "实收 130.00，差额 20.00；1 项一致；少收 1（20.00）。"),
        (
            "en",
            "Received 130.00, difference 20.00; 1 agree; Short 1 (20.00).",
        ),
    ],
)
def test_check_tells_each_reconciliation_in_a_line(
    lang: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "orders.csv").write_text(
        "Order ID,Order date,Amount\nA1,2026-10-01,100\nA2,2026-10-02,50\n", "utf-8"
    )
    (tmp_path / "payments.csv").write_text(
        "Payment ID,Order ID,Paid date,Amount\nP1,A1,2026-10-03,100\nP2,A2,2026-10-03,30\n", "utf-8"
    )
    run("check", str(tmp_path), "--lang", lang)
    assert line in " ".join(capsys.readouterr().out.split())


def test_import_says_what_came_and_what_it_took_the_place_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.xlsx"
    openpyxl.Workbook().save(book)
    for month in ("10", "11"):
        (tmp_path / f"fair 2026-{month}.csv").write_text(f"Order ID,Amount\n0{month},5\n", "utf-8")
        assert run("import", str(tmp_path / f"fair 2026-{month}.csv"), str(book), "--lang", "en") == 0
    first, second = capsys.readouterr().out.split("Written: ")[1:]
    assert "Sheets: fair 2026-10" in first
    assert "Replaced" not in first
    assert "Replaced by the newer export: fair 2026-10" in second
    assert openpyxl.load_workbook(book)["fair 2026-10"]["A2"].value == "011"


def test_refresh_writes_the_clean_tables_when_it_is_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "orders.csv").write_text("Order ID,Order date,Amount\n1,2026-10-01,5\n", "utf-8")
    for more in (["--only", "cleaned"], ["--only", "definitions", "--cleaned"]):
        assert run("refresh", str(tmp_path / "orders.csv"), "--lang", "en", *more) == 0
    one, two = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Sheets: ")]
    assert one == "Sheets: Clean orders"
    assert two == "Sheets: Definitions, Clean orders"
