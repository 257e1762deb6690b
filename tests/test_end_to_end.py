"""Raw files in, a workbook with our sheets out: what must hold of the whole line, through the file host."""

from __future__ import annotations

import csv
import math
import shutil
import subprocess
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from benchmarks import online_retail, usual_script, workbook
from xlsales.analysis import analyse, ask
from xlsales.errors import InputError
from xlsales.hosts.file import refresh
from xlsales.hosts.reading import load
from xlsales.language import LANGUAGES
from xlsales.metrics._catalogue import run
from xlsales.tables.specs import CORE

if TYPE_CHECKING:
    from xlsales.analysis import Analysis
    from xlsales.language import Language

HOSTILE_EXPORT = Path(__file__).parents[1] / "../shared/data/hostile/FactResellerSales_packt.csv"
ORDERS = 400
FEW = ("attainment", "quality")
"""Where it matters what was read, and no page."""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as exports look; tests take copies of it."""
    path = tmp_path_factory.mktemp("raw") / "raw.xlsx"
    workbook.write(str(path), ORDERS)
    return path


@pytest.fixture
def book(raw: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(raw, tmp_path / "book.xlsx"))


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def opened(path: Path) -> openpyxl.Workbook:
    """The workbook as an independent reader sees it; it does not know sparklines, and says so."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        return openpyxl.load_workbook(path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refresh_adds_every_page_and_leaves_the_users_sheets(book: Path, raw: Path, lang: Language) -> None:
    before = parts(raw)
    done = refresh([book], lang=lang)
    assert (done.path, done.changed) == (book, True)
    names = opened(book).sheetnames
    assert names[:3] == ["订单", "线索", "目标"]
    assert {page.name for page in done.report.pages} <= set(names)
    after = parts(book)
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"):
        assert after[name] == before[name]


def test_a_second_refresh_changes_no_byte(book: Path) -> None:
    refresh([book])
    first = book.read_bytes()
    again = refresh([book])
    assert not again.changed
    assert book.read_bytes() == first


def test_the_same_input_gives_the_same_bytes(raw: Path, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        refresh([raw], tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_with_out_the_book_itself_is_only_read(book: Path, raw: Path, tmp_path: Path) -> None:
    done = refresh([book], tmp_path / "out.xlsx")
    assert done.path == tmp_path / "out.xlsx"
    assert book.read_bytes() == raw.read_bytes()


def test_the_usual_script_finds_the_same_sales(raw: Path, tmp_path: Path) -> None:
    usual_script.main(str(raw), str(tmp_path / "usual.xlsx"))
    (_, *usual) = opened(tmp_path / "usual.xlsx")["月度"].values
    analysis = analyse(load([raw]), period="2024-11-01..2026-10-31")
    months = run("sales", analysis.cleaned.tables, analysis.scope, by=("month",)).rows
    assert dict(zip(months["month"], months["amount"], strict=True)) == dict(usual)


def as_csv(raw: Path, path: Path, encoding: str) -> Path:
    """The orders of the workbook as an exported text file."""
    pd.read_excel(raw, sheet_name="订单", dtype=str, engine="openpyxl").to_csv(
        path, index=False, encoding=encoding
    )
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_only_read_and_gives_a_new_workbook(raw: Path, tmp_path: Path, encoding: str) -> None:
    export = as_csv(raw, tmp_path / "订单.csv", encoding)
    before = export.read_bytes()
    done = refresh([export], only=FEW)
    assert done.path != export
    assert done.path.parent == tmp_path
    assert done.path.suffix == ".xlsx"
    assert export.read_bytes() == before
    assert len(done.analysis.cleaned.tables["orders"]) > ORDERS * 0.9


def test_a_folder_is_only_read_and_gives_a_new_workbook(raw: Path, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    as_csv(raw, folder / "a.csv", "gb18030")
    shutil.copy(raw, folder / "b.xlsx")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = refresh([folder], only=FEW)
    assert done.path.parent == tmp_path
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.libreoffice
def test_an_old_xls_is_only_read_and_gives_a_new_workbook(raw: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path), str(raw)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    old = tmp_path / "raw.xls"
    before = old.read_bytes()
    done = refresh([old], only=FEW)
    assert done.path != old
    assert done.path.suffix == ".xlsx"
    assert old.read_bytes() == before
    xlsx = analyse(load([raw]))
    assert (
        done.analysis.cleaned.tables["orders"]["amount"].sum()
        == xlsx.cleaned.tables["orders"]["amount"].sum()
    )


EVIL = "EVIL7"
PAYLOADS = (
    f'=HYPERLINK("http://{EVIL}","x")',
    f"=1+1&{EVIL}",
    f"+cmd|' /C {EVIL}'!A0",
    f"-2+3+{EVIL}",
    f"@SUM(A1){EVIL}",
    f"{{={EVIL}}}",
    f"http://{EVIL}.example/",
    f"mailto:{EVIL}@example.org",
    f"\t={EVIL}",
    f"[red]{EVIL}[/]<b>&amp;\"'",
)


def hostile_book(path: Path) -> Path:
    """Every table that we know, with every text column full of what Excel would like to compute."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for table in CORE:
            sheet = book.add_worksheet(table.en)
            for at, column in enumerate(table.columns):
                sheet.write_string(0, at, column.en)
                for row in range(60):
                    if column.kind in ("text", "id"):
                        sheet.write_string(row + 1, at, f"{PAYLOADS[row % len(PAYLOADS)]}{row // 30}")
                    elif column.kind == "date":
                        sheet.write_datetime(row + 1, at, pd.Timestamp(2026, 1 + row // 10, 1 + row % 28))
                    elif column.kind in ("money", "count", "percent"):
                        sheet.write_number(row + 1, at, 100 + row)
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_from_the_data_becomes_a_formula_or_a_link(lang: Language, tmp_path: Path) -> None:
    book = hostile_book(tmp_path / "hostile.xlsx")
    done = refresh([book], lang=lang)
    written = opened(book)
    seen: Counter[str] = Counter()
    for sheet in written.worksheets[len(CORE) :]:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if EVIL in str(cell.value):
                seen[cell.data_type] += 1
            assert not (cell.hyperlink and EVIL in str(cell.hyperlink.target))
    assert seen["s"] > 20, "the hostile names must be on the pages, or this test shows nothing"
    assert set(seen) == {"s"}
    assert EVIL not in " ".join(name.attr_text or "" for name in written.defined_names.values())
    assert {page.key for page in done.report.pages} >= {"overview", "attainment", "funnel", "quality"}
    for name, data in parts(book).items():
        for formula in data.split(b"<f>")[1:] + data.split(b"<c:f>")[1:]:
            assert EVIL.encode() not in formula.partition(b"<")[0], name


@pytest.mark.corpus
@pytest.mark.skipif(not HOSTILE_EXPORT.exists(), reason="the shared data sets are not beside the project")
def test_a_wrecked_export_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        refresh([HOSTILE_EXPORT], tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.corpus
@pytest.mark.skipif(not HOSTILE_EXPORT.exists(), reason="the shared data sets are not beside the project")
def test_a_wrecked_export_is_refused_even_when_its_headers_are_known(tmp_path: Path) -> None:
    known = {"OrderDateKey": "Order date", "SalesAmount": "Amount", "SalesOrderNumber": "Order ID"}
    with HOSTILE_EXPORT.open(encoding="utf-8-sig", newline="") as source:
        header, *rows = csv.reader(source)
    export = tmp_path / "sales.csv"
    with export.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([[known.get(name, name) for name in header], *rows])
    with pytest.raises(InputError):
        refresh([export], tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, Analysis]:
    """The raw total of a part of a real shop's year, and what a refresh made of it."""
    if not online_retail.PARQUET.exists():
        pytest.skip("the shared data sets are not beside the project")
    book = tmp_path_factory.mktemp("shop") / "online_retail.xlsx"
    raw = online_retail.write(online_retail.PARQUET, book, 60_000)
    return raw, refresh([book], lang="en", only=FEW).analysis


@pytest.mark.corpus
def test_a_real_shop_ties_out_from_the_raw_total_to_the_cleaned(shop: tuple[float, Analysis]) -> None:
    raw, analysis = shop
    (orders,) = analysis.cleaned.reconciliations
    assert orders.amount_in == pytest.approx(raw, abs=1e-6)
    left_out = math.fsum(exclusion.amount or 0 for exclusion in orders.exclusions)
    cleaned = math.fsum(analysis.cleaned.tables["orders"]["amount"])
    assert raw - left_out == pytest.approx(cleaned, abs=1e-6)
    assert orders.ties


@pytest.mark.corpus
def test_retention_of_a_real_shop_equals_plain_pandas(shop: tuple[float, Analysis]) -> None:
    analysis = ask(shop[1], period="2009-12-01..2010-12-31")
    found = run("retention", analysis.cleaned.tables, analysis.scope).rows

    orders = analysis.cleaned.tables["orders"].dropna(subset=["customer_id"])
    orders = orders[orders["amount"] > 0]
    month = orders["order_date"].dt.to_period("M")
    first = month.groupby(orders["customer_id"]).transform("min")
    offset = (month.dt.year - first.dt.year) * 12 + month.dt.month - first.dt.month
    active = orders["customer_id"].groupby([first.astype(str), offset]).nunique()
    assert len(found)
    for row in found.to_dict("records"):
        size, there = active[row["cohort"], 0], active.get((row["cohort"], row["offset"]), 0)
        assert row["size"] == size
        if pd.notna(row["retention"]):
            assert row["retention"] == pytest.approx(there / size)
