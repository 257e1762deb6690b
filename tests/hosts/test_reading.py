"""What was understood before comes back the same, and only where nothing it was made from has changed."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from tests.demo_made import demo_bytes
from xlsales import folders
from xlsales.errors import InputError, XlsalesError
from xlsales.hosts import reading
from xlsales.hosts.file import check, refresh
from xlsales.hosts.packing import pack, unpack
from xlsales.memory import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlsales.analysis import Understood


class Reads:
    """Counts how often a file was read, and keeps the cache of the test."""

    def __init__(self, folder: Path) -> None:
        self.count = 0
        self.folder = folder

    @property
    def entries(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.exists() else []


@pytest.fixture
def reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reads:
    found = Reads(tmp_path / "cache")
    read = reading._sheets

    def counted(contents: reading.Contents) -> object:
        found.count += 1
        return read(contents)

    monkeypatch.setattr(reading, "_sheets", counted)
    monkeypatch.setattr(folders, "cache_folder", lambda: found.folder)
    return found


@pytest.fixture(scope="module")
def demo() -> bytes:
    return demo_bytes("zh")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    made = openpyxl.Workbook()
    made.active.title = "Export"
    rows = [("Order ID", "Order date", "Customer ID", "Rep", "Amount")]
    rows += [(f"000{k}", date(2026, 8 + k % 3, k), f"C{k % 3}", "Ann", 100.0 * k) for k in range(1, 8)]
    rows.append(("0009", "soon", "C1", "Ann", "12 apples"))
    for row in rows:
        made.active.append(row)
    made.create_sheet("Diary").append(["dentist"])
    made.save(path)
    return path


def understood(*books: Path) -> Understood:
    return reading.understood(books, lambda *_: None)[0]


def assert_same(one: Understood, other: Understood) -> None:
    """Equal to the last value, type and label; the cells of recognised tables are gone in both."""
    assert list(one.cleaned.tables) == list(other.cleaned.tables)
    for key, frame in one.cleaned.tables.items():
        pd.testing.assert_frame_equal(frame, other.cleaned.tables[key], check_exact=True, check_freq=True)
    pd.testing.assert_frame_equal(one.cleaned.issues, other.cleaned.issues, check_exact=True)
    assert one.cleaned.reconciliations == other.cleaned.reconciliations
    assert one.survey.ignored == other.survey.ignored
    for mine, theirs in zip(one.survey.tables, other.survey.tables, strict=True):
        left, right = vars(mine) | {"frame": 0}, vars(theirs) | {"frame": 0}
        assert left == right
        pd.testing.assert_frame_equal(mine.frame, theirs.frame)


def test_the_second_time_the_same_comes_back_without_reading(
    demo: bytes, tmp_path: Path, reads: Reads
) -> None:
    path = tmp_path / "demo.xlsx"
    path.write_bytes(demo)
    first = understood(path)
    again = understood(path)
    assert reads.count == 1
    assert len(first.cleaned.tables) > 4
    assert len(first.cleaned.issues) > 10
    assert first.survey.ignored
    assert_same(first, again)


def test_packing_loses_nothing_of_an_input_without_findings(tmp_path: Path, reads: Reads) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("Order ID,Order date,Amount\n01,2026-10-01,1\n", "utf-8")
    found = understood(path)
    assert found.cleaned.issues.empty
    assert_same(found, unpack(pack(found)))


def test_the_report_is_the_same_to_the_byte(book: Path, tmp_path: Path, reads: Reads) -> None:
    first = refresh([book], tmp_path / "first.xlsx").path.read_bytes()
    assert refresh([book], tmp_path / "second.xlsx").path.read_bytes() == first
    assert reads.count == 1


def test_another_period_needs_no_reading(book: Path, reads: Reads) -> None:
    assert check([book]).scope != check([book], period="2026-09").scope
    assert reads.count == 1


def change_cell(book: Path) -> None:
    edited = openpyxl.load_workbook(book)
    edited["Export"]["E2"] = 101.0
    edited.save(book)


def rename_sheet(book: Path) -> None:
    edited = openpyxl.load_workbook(book)
    edited["Export"].title = "Orders"
    edited.save(book)


def show_dates_as_numbers(book: Path) -> None:
    """Only the styles part changes: the date cells hold the numbers that they held."""
    target = book.with_suffix(".tmp")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/styles.xml":
                assert b'formatCode="yyyy-mm-dd"' in content
                content = content.replace(b'formatCode="yyyy-mm-dd"', b'formatCode="0"')
            new.writestr(name, content)
    target.replace(book)


@pytest.mark.parametrize("change", [change_cell, rename_sheet, show_dates_as_numbers])
def test_any_change_is_read(change: Callable[[Path], None], book: Path, reads: Reads) -> None:
    understood(book)
    change(book)
    after = understood(book)
    assert reads.count == 2
    shutil.rmtree(reads.folder)
    assert_same(after, understood(book))


def test_the_same_bytes_under_another_name_are_read_for_the_name_is_in_the_findings(
    book: Path, reads: Reads
) -> None:
    understood(book)
    other = book.rename(book.with_name("other.xlsx"))
    assert set(understood(other).cleaned.issues["source"]) == {"other.xlsx"}
    assert reads.count == 2


def test_files_in_another_order_or_number_are_another_input(book: Path, tmp_path: Path, reads: Reads) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Order ID,Order date,Amount\n01,2026-10-01,1\n", "utf-8")
    for given in ([book], [book, export], [export, book], [export]):
        understood(*given)
    assert reads.count == 4


def test_another_version_of_us_reads_anew(book: Path, reads: Reads, monkeypatch: pytest.MonkeyPatch) -> None:
    understood(book)
    monkeypatch.setattr(reading, "made_with", lambda parts: b"another")
    understood(book)
    assert reads.count == 2


def test_every_source_that_an_entry_depends_on_is_there() -> None:
    home = reading.Path(reading.__file__).parents[1]
    assert all((home / part).exists() for part in reading.MADE_BY)


def test_after_a_refresh_in_place_the_workbook_is_still_known(book: Path, reads: Reads) -> None:
    assert refresh([book]).changed
    assert refresh([book], period="2026-09").changed
    known = understood(book)
    assert reads.count == 1
    files = {entry.stat().st_ino for entry in reads.entries}
    assert len(files) == 3  # what was understood, and the results of two periods
    shutil.rmtree(reads.folder)
    assert_same(known, understood(book))


def test_a_sheet_that_was_set_aside_for_the_user_is_no_data_either(book: Path, reads: Reads) -> None:
    refresh([book])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        edited = openpyxl.load_workbook(book)
    edited["Overview"]["B60"] = "mine"
    edited.save(book)
    done = refresh([book], period="2026-09")
    assert done.kept
    known = understood(book)
    assert reads.count == 2
    shutil.rmtree(reads.folder)
    assert_same(known, understood(book))


def test_a_workbook_that_gained_a_sheet_of_somebody_else_is_read(book: Path, reads: Reads) -> None:
    before = book.read_bytes()
    _, entry = reading.understood([book], lambda *_: None)
    edited = openpyxl.load_workbook(book)
    edited.create_sheet("More")
    edited.save(book)
    reading.still_understood(entry, book, before, book.read_bytes(), NOTHING)
    understood(book)
    assert reads.count == 2


def test_a_damaged_entry_is_ignored_and_made_again(book: Path, reads: Reads) -> None:
    first = understood(book)
    (entry,) = reads.entries
    entry.write_bytes(entry.read_bytes()[:-100])
    assert_same(first, understood(book))
    assert_same(first, understood(book))
    assert reads.count == 2


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
        b"no workbook at all",
    ],
    ids=["encrypted", "damaged"],
)
def test_what_is_refused_leaves_nothing(data: bytes, tmp_path: Path, reads: Reads) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    with pytest.raises(XlsalesError):
        understood(path)
    assert reads.entries == []


def test_what_holds_no_sales_leaves_nothing(tmp_path: Path, reads: Reads) -> None:
    path = tmp_path / "diary.csv"
    path.write_text("Monday,dentist\n", "utf-8")
    with pytest.raises(InputError):
        understood(path)
    assert reads.entries == []
