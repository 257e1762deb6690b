"""The file host: where the sheets go, what is left alone, and that a failure changes nothing."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING

import openpyxl
import pytest

from xlsales.errors import InputError, UsageError, WorkbookError
from xlsales.hosts.file import STAGES, refresh
from xlsales.hosts.reading import load
from xlsales.language import LANGUAGES, text

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language

pytestmark = pytest.mark.usefixtures("few_pages")

HEADERS = {
    "en": ("Order ID", "Order date", "Customer ID", "Rep", "Amount"),
    "zh": ("订单编号", "下单日期", "客户编号", "顾问", "金额"),
}
ORDERS = [
    ("0001", "2026-09-30", "C1", "Ann", 100.0),
    ("0002", "2026-10-15", "C1", "Ann", 150.0),
    ("0003", "2026-10-31", "C2", "Bob", 50.0),
]


def workbook(path: Path, lang: Language = "en", orders: list[tuple[object, ...]] = ORDERS) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Export"
    for row in (HEADERS[lang], *orders):
        book.active.append(row)
    book.save(path)
    return path


def export(path: Path, orders: list[tuple[object, ...]] = ORDERS, lang: Language = "en") -> Path:
    lines = [",".join(map(str, row)) for row in (HEADERS[lang], *orders)]
    path.write_text("\n".join(lines), "utf-8")
    return path


def opened(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        return openpyxl.load_workbook(path)


def state(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mtime_ns


def sales(path: Path) -> float:
    """The key number of the sales as it stands in the file."""
    book = opened(path)
    sheet, cell = book.defined_names["XS_sales"].attr_text.replace("$", "").split("!")
    return book[sheet.strip("'")][cell].value


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook(tmp_path / "book.xlsx")


def test_without_out_the_pages_go_into_the_workbook_itself(book: Path) -> None:
    done = refresh([book])
    assert (done.path, done.changed) == (book, True)
    pages = [page.name for page in done.report.pages]
    assert opened(book).sheetnames == ["Export", *pages, "Chart data", "xlsales memory"]
    assert sales(book) == 200


def test_a_second_refresh_does_not_touch_the_file(book: Path) -> None:
    refresh([book])
    before = state(book)
    assert not refresh([book]).changed
    assert state(book) == before


def test_with_out_the_workbook_is_copied_and_itself_left_alone(book: Path, tmp_path: Path) -> None:
    before = state(book)
    done = refresh([book], tmp_path / "out.xlsx")
    assert done.path == tmp_path / "out.xlsx"
    assert opened(done.path).sheetnames[0] == "Export"
    assert state(book) == before


@pytest.mark.parametrize("kind", ["workbook", "csv"])
def test_our_earlier_output_is_updated_in_place_with_what_the_user_did_to_it(
    kind: str, tmp_path: Path
) -> None:
    make, name = (workbook, "book.xlsx") if kind == "workbook" else (export, "book.csv")
    source, out = make(tmp_path / name), tmp_path / "out.xlsx"
    refresh([source], out)
    edited = opened(out)
    edited.create_sheet("My notes")["A1"] = "mine"
    edited["Overview"].title = "For the boss"
    for name in edited.defined_names.values():  # Excel does this when a sheet is renamed
        name.attr_text = name.attr_text.replace("'Overview'", "'For the boss'")
    edited.save(out)
    make(source, orders=[*ORDERS, ("0004", "2026-10-31", "C3", "Bob", 75.0)])
    done = refresh([source], out)
    assert done.changed
    names = opened(out).sheetnames
    assert "Overview" not in names
    assert {"My notes", "For the boss"} <= set(names)
    assert opened(out)["My notes"]["A1"].value == "mine"
    assert sales(out) == 275


@pytest.mark.parametrize("kind", ["workbook", "csv"])
def test_a_file_of_somebody_else_is_refused_and_untouched(kind: str, tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx") if kind == "workbook" else export(tmp_path / "a.csv")
    theirs = workbook(tmp_path / "theirs.xlsx")
    before = state(theirs)
    with pytest.raises(UsageError) as refused:
        refresh([source], theirs)
    assert refused.value.key == "output_exists"
    assert state(theirs) == before


def test_a_file_that_only_has_the_name_of_our_output_is_refused_too(tmp_path: Path) -> None:
    source, theirs = export(tmp_path / "a.csv"), workbook(tmp_path / "a-xlsales.xlsx")
    before = state(theirs)
    with pytest.raises(UsageError):
        refresh([source])
    assert state(theirs) == before


def test_out_may_name_the_workbook_itself_in_another_way(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    monkeypatch.chdir(book.parent)
    done = refresh([Path("book.xlsx")], book)
    assert done.changed
    assert "Export" in opened(book).sheetnames


def test_out_of_another_kind_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        refresh([tmp_path / "not there.xlsx"], tmp_path / "out.pdf")
    assert refused.value.key == "output_not_workbook"


def test_input_that_is_no_workbook_gives_a_new_one_beside_it(tmp_path: Path) -> None:
    source = export(tmp_path / "orders.csv")
    before = state(source)
    done = refresh([source])
    assert done.path == tmp_path / "orders-xlsales.xlsx"
    assert state(source) == before
    assert sales(done.path) == 200


def test_several_files_are_one_input_and_stay_as_they_are(tmp_path: Path) -> None:
    first = workbook(tmp_path / "september.xlsx", orders=ORDERS[:1])
    second = export(tmp_path / "october.csv", orders=ORDERS[1:])
    before = state(first), state(second)
    done = refresh([first, second])
    assert done.path == tmp_path / "september-xlsales.xlsx"
    assert (state(first), state(second)) == before
    assert sales(done.path) == 200
    assert "Export" not in opened(done.path).sheetnames


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "exports 2026.10"
    place.mkdir()
    workbook(place / "a.xlsx", orders=ORDERS[:2])
    export(place / "b.csv", orders=ORDERS[2:])
    return place


def test_a_folder_gives_a_new_workbook_beside_it_under_its_whole_name(folder: Path) -> None:
    before = {path.name: state(path) for path in folder.iterdir()}
    done = refresh([folder])
    assert done.path.resolve() == (folder.parent / "exports 2026.10-xlsales.xlsx").resolve()
    assert sales(done.path) == 200
    assert {path.name: state(path) for path in folder.iterdir()} == before


def test_the_folder_that_one_stands_in_can_be_named_by_a_dot(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    monkeypatch.chdir(folder)
    assert refresh([Path()]).path.name == "exports 2026.10-xlsales.xlsx"


def test_our_own_sheets_in_a_folder_are_no_data(folder: Path) -> None:
    out = folder / "summary.xlsx"
    assert refresh([folder], out).changed
    before = state(out)
    again = refresh([folder], out)
    assert not again.changed
    assert state(out) == before
    assert sales(out) == 200
    assert not any(sheet.source == "summary.xlsx" for sheet in load([folder]))


def test_a_workbook_that_was_refreshed_itself_counts_once_in_a_folder(folder: Path) -> None:
    refresh([folder / "a.xlsx"])
    assert sales(refresh([folder]).path) == 200


def test_a_file_that_changes_while_we_compute_is_refused(book: Path) -> None:
    def meddle(stage: str, number: int, of: int, rows: int | None) -> None:
        if stage == "compute":
            workbook(book, orders=ORDERS[:2])

    with pytest.raises(WorkbookError) as refused:
        refresh([book], progress=meddle)
    assert refused.value.key == "file_changed"
    assert opened(book).sheetnames == ["Export"]


@pytest.mark.parametrize("step", ["xlsales.metrics._catalogue.compute", "xlsales.report.writer.write"])
def test_a_failure_on_the_way_leaves_the_file_as_it_was(
    step: str, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    before = state(book)
    monkeypatch.setattr(step, fail)
    with pytest.raises(RuntimeError):
        refresh([book], filters=[("region", ("a question that nobody has asked yet",))])
    assert state(book) == before
    assert os.listdir(book.parent) == [book.name]  # noqa: PTH208


def test_a_workbook_without_orders_and_leads_is_refused_and_untouched(tmp_path: Path) -> None:
    book = tmp_path / "diary.xlsx"
    diary = openpyxl.Workbook()
    diary.active.append(["Monday", "dentist"])
    diary.save(book)
    before = state(book)
    with pytest.raises(InputError) as refused:
        refresh([book])
    assert refused.value.key == "nothing_to_analyse"
    assert state(book) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_headers_decide_the_language_unless_it_is_asked_for(lang: Language, tmp_path: Path) -> None:
    book = workbook(tmp_path / "book.xlsx", lang)
    assert refresh([book], tmp_path / "out.xlsx").report.lang == lang
    other = next(one for one in LANGUAGES if one != lang)
    done = refresh([book], tmp_path / "other.xlsx", lang=other)
    assert done.report.lang == other
    assert text(other, "pages.overview.name") in opened(done.path).sheetnames


def test_every_stage_is_announced_once_in_order(book: Path) -> None:
    told: list[tuple[str, int, int, int | None]] = []
    refresh([book], progress=lambda *stage: told.append(stage))
    rows = len(ORDERS)
    assert told == [
        (stage, number, len(STAGES), None if stage == "read" else rows)
        for number, stage in enumerate(STAGES, 1)
    ]


def test_only_the_pages_asked_for_are_written_and_others_of_ours_stay(book: Path) -> None:
    refresh([book])
    names = opened(book).sheetnames
    refresh([book], only=["retention"])
    assert opened(book).sheetnames[: len(names)] == names
