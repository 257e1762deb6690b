"""A workbook as its user treats it between two refreshes: renamed, moved, copied, written on."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from benchmarks import workbook
from tests.package.test_graft import renamed_and_moved
from tests.package.workbooks import edited, parts, saved
from tests.package.workbooks import read as opened
from xlsales.hosts.file import refresh
from xlsales.package.book import open_book
from xlsales.package.extract import transfer
from xlsales.package.names import owned, owned_sheets
from xlsales.report import pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_pages")

EARLIER, LATER = "2026-09", "2026-10"
read = lru_cache(maxsize=8)(opened)


@pytest.fixture(scope="module")
def first(few_pages: None, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """After its first refresh, with a sheet of the user that reads our overview twice."""
    path = tmp_path_factory.mktemp("raw") / "raw.xlsx"
    workbook.write(str(path), 60)
    book = openpyxl.load_workbook(path)
    mine = book.create_sheet("我的表")
    book.save(path)
    refresh([path], path.with_name("trial.xlsx"), lang="zh", period=EARLIER)
    mine["A1"] = "=XS_sales*2"
    mine["A2"] = f"={place(path.with_name('trial.xlsx').read_bytes())}*2"
    book.save(path)
    refresh([path], lang="zh", period=EARLIER)
    return path.read_bytes()


def place(data: bytes) -> str:
    """Where the sales of the period stand."""
    return read(data).defined_names["XS_sales"].attr_text


def value(data: bytes, reference: str) -> Any:
    sheet, cell = reference.replace("$", "").split("!")
    return read(data, data_only=True)[sheet.strip("'")][cell].value


def again(data: bytes, folder: Path, **options: Any) -> bytes:
    path = folder / "book.xlsx"
    path.write_bytes(data)
    refresh([path], **{"lang": "zh", "period": LATER} | options)
    return path.read_bytes()


def by_libreoffice(data: bytes, folder: Path) -> bytes:
    """Opened, computed and saved by LibreOffice."""
    if not shutil.which("soffice"):
        pytest.skip("soffice is not installed")
    source = folder / "source.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=180)
    return (folder / "out" / "source.xlsx").read_bytes()


def with_users_sheet(data: bytes, edit: Callable[[str], str]) -> bytes:
    part = next(str(tab.part) for tab in open_book(data).sheets if tab.name == "我的表")
    return edited(data, {part: edit})


def renamed(data: bytes) -> bytes:
    """What Excel stores when the user calls our overview 我的 and drags it to the front."""
    spelled = "总览".encode("ascii", "xmlcharrefreplace").decode()
    return with_users_sheet(renamed_and_moved(data), lambda xml: xml.replace(spelled, "我的"))


def uncomputed(data: bytes) -> bytes:
    """Without the results of the user's formulas, which LibreOffice would believe."""
    return with_users_sheet(data, lambda xml: re.sub(r"<v>[^<]*</v>", "", xml).replace(' t="e"', ""))


def charted(data: bytes, page: str) -> list[list[Any]]:
    """What every chart on a page reads."""
    book = read(data)
    ranges = [
        series.val.numRef.f.replace("$", "").split("!")
        for chart in book[page]._charts
        for series in chart.series
        if series.val is not None
    ]
    return [[cell.value for row in book[name.strip("'")][cells] for cell in row] for name, cells in ranges]


def test_a_renamed_and_moved_page_is_written_anew_where_it_is(first: bytes, tmp_path: Path) -> None:
    moved = renamed(first)
    after = again(moved, tmp_path)
    assert read(after).sheetnames == read(moved).sheetnames
    assert read(after).sheetnames[0] == "我的"
    assert place(after).startswith("'我的'!")
    assert value(after, place(after)) != value(first, place(first))
    mine = next(str(tab.part) for tab in open_book(moved).sheets if tab.name == "我的表")
    assert parts(after)[mine] == parts(moved)[mine]
    assert again(after, tmp_path) == after


@pytest.mark.libreoffice
def test_formulas_of_the_user_read_the_new_figures_also_of_a_renamed_page(
    first: bytes, tmp_path: Path
) -> None:
    computed = by_libreoffice(again(renamed(first), tmp_path), tmp_path)
    mine = read(computed, data_only=True)["我的表"]
    assert mine["A1"].value == pytest.approx(value(computed, place(computed)) * 2)
    assert mine["A2"].value == mine["A1"].value


@pytest.mark.libreoffice
def test_a_workbook_that_libreoffice_saved_is_refreshed_in_place(first: bytes, tmp_path: Path) -> None:
    resaved = by_libreoffice(renamed(first), tmp_path)
    path = tmp_path / "book.xlsx"
    path.write_bytes(resaved)
    done = refresh([path], lang="zh", period=LATER)
    assert (done.changed, done.kept) == (True, {})
    assert read(path.read_bytes()).sheetnames == read(resaved).sheetnames
    computed = by_libreoffice(uncomputed(path.read_bytes()), tmp_path)
    mine = read(computed, data_only=True)["我的表"]
    sales = value(computed, place(computed))
    assert sales != value(resaved, place(resaved))
    assert [mine["A1"].value, mine["A2"].value] == pytest.approx([sales * 2, sales * 2])
    assert again(path.read_bytes(), tmp_path) == path.read_bytes()


def test_a_copy_that_the_user_made_of_a_page_is_the_users(first: bytes, tmp_path: Path) -> None:
    data, names = transfer(first, first, {"copy": "总览"}, {"copy": "总览 (2)"})
    copied = edited(data, {"xl/workbook.xml": lambda xml: xml.replace('"copy"', '"overview"')})
    after = again(copied, tmp_path)
    assert read(after).sheetnames == read(copied).sheetnames
    assert owned(open_book(after))["overview"] == "总览"
    copy = next(str(tab.part) for tab in open_book(copied).sheets if tab.name == names["copy"])
    assert parts(after)[copy] == parts(copied)[copy]
    assert len(owned_sheets(open_book(after))) == xml_marks(after)
    assert place(after).startswith("'总览'!")
    assert again(after, tmp_path) == after


def xml_marks(data: bytes) -> int:
    return parts(data)["xl/workbook.xml"].decode().count('"_xlsales.sheet"')


def test_what_the_user_wrote_on_a_page_is_kept_as_it_was_and_the_page_is_new(
    first: bytes, tmp_path: Path
) -> None:
    book = opened(first)
    book["总览"]["Z40"] = "给她打电话"
    path = tmp_path / "book.xlsx"
    path.write_bytes(saved(book))
    before = charted(path.read_bytes(), "总览")
    done = refresh([path], lang="zh", period=LATER)
    assert done.kept == {"总览": "总览（旧）", "图表数据": "图表数据（旧）"}
    after = path.read_bytes()
    assert read(after)["总览（旧）"]["Z40"].value == "给她打电话"
    assert charted(after, "总览（旧）") == before
    assert read(after)["总览"]["Z40"].value is None
    assert charted(after, "总览") != before
    assert again(after, tmp_path) == after


def test_charts_of_pages_that_are_not_written_this_time_read_what_they_read(
    first: bytes, tmp_path: Path
) -> None:
    others = ("总览", "漏斗")
    before = {page: charted(first, page) for page in others}
    once = again(first, tmp_path, only=["retention"])
    assert {page: charted(once, page) for page in others} == before
    assert read(once).sheetnames == [*read(first).sheetnames, "图表数据 (2)"]
    assert again(once, tmp_path, only=["retention"]) == once
    whole = again(once, tmp_path)
    assert read(whole).sheetnames == read(once).sheetnames
    assert {page: charted(whole, page) for page in others} != before
    assert again(whole, tmp_path) == whole


def test_another_language_writes_the_same_sheets_under_the_names_they_have(
    first: bytes, tmp_path: Path
) -> None:
    after = again(first, tmp_path, lang="en")
    assert read(after).sheetnames == read(first).sheetnames
    assert value(after, place(after)) is not None


def test_a_page_that_the_user_deleted_comes_back_and_the_others_stay(first: bytes, tmp_path: Path) -> None:
    """Its part must not take the name of one that is about to be written anew."""
    book = opened(first)
    del book["漏斗"]
    after = again(saved(book), tmp_path)
    assert read(after).sheetnames == [*(name for name in read(first).sheetnames if name != "漏斗"), "漏斗"]
    assert {name: read(after)[name]["B1"].value for name in ("漏斗", "留存与续费")} == {
        name: read(again(first, tmp_path))[name]["B1"].value for name in ("漏斗", "留存与续费")
    }


def test_a_page_without_charts_needs_no_chart_figures_of_its_own(first: bytes, tmp_path: Path) -> None:
    others = ("总览", "漏斗", "留存与续费")
    before = {page: charted(first, page) for page in others}
    after = again(first, tmp_path, only=["quality"])
    assert read(after).sheetnames == read(first).sheetnames
    assert {page: charted(after, page) for page in others} == before


def without_a_funnel(patch: pytest.MonkeyPatch) -> None:
    """A version that no longer writes this page."""
    patch.setattr(pages, "FORMER", ("funnel",))
    patch.setattr(pages, "PAGES", tuple(key for key in pages.PAGES if key != "funnel"))


def test_a_page_that_is_no_longer_written_stays_and_says_so_once(
    first: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_a_funnel(monkeypatch)
    book = opened(first)
    book["我的表"]["A3"] = "='漏斗'!B4"
    before = saved(book)
    path = tmp_path / "book.xlsx"
    path.write_bytes(before)
    done = refresh([path], lang="zh", period=LATER)
    assert done.former == ("漏斗",)
    after = read(path.read_bytes())
    assert after["漏斗"]["B2"].value == f"此页属于早期版本，已不再更新。 {book['漏斗']['B2'].value}"
    rest = [list(sheet.values)[2:] for sheet in (book["漏斗"], after["漏斗"])]
    assert rest[0] == rest[1]
    assert after["我的表"]["A3"].value == "='漏斗'!B4"
    assert not refresh([path], lang="zh", period=LATER).changed
    assert done.kept == {}


def test_a_page_that_comes_back_is_written_anew_without_a_copy(
    first: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        without_a_funnel(patch)
        noted = again(first, tmp_path)
    path = tmp_path / "later.xlsx"
    path.write_bytes(noted)
    done = refresh([path], lang="zh", period=LATER)
    assert (done.former, done.kept) == ((), {})
    assert read(path.read_bytes())["漏斗"]["B2"].value.startswith("数据截至")
