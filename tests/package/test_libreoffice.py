"""LibreOffice as a second opinion: it opens what we wrote and shows it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.package.workbooks import PLAIN, WANTED, read, refreshed
from xlsales.package.blank import blank_book
from xlsales.package.book import open_book
from xlsales.package.check import check
from xlsales.package.names import owned

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.libreoffice


def converted(data: bytes, kind: str, folder: Path) -> Path:
    source = folder / "book.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "out" / f"book.{kind}"


@pytest.mark.parametrize("maker", [*PLAIN, "blank"])
def test_our_page_is_printed_with_its_figures(maker: str, tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    data = blank_book() if maker == "blank" else PLAIN[maker]()
    pdf = converted(refreshed(data, (100, 200, 12.5)), "pdf", tmp_path)
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    for shown in ("月度总览", "312.5", "=rep0", "连续两月增长"):
        assert shown in text


def test_a_sheet_of_ours_is_still_ours_after_libreoffice_saved_the_workbook(tmp_path: Path) -> None:
    resaved = converted(refreshed(PLAIN["openpyxl"]()), "xlsx", tmp_path).read_bytes()
    assert owned(open_book(resaved)) == {"overview": "总览", "data": "数据"}
    again = refreshed(resaved, (5, 6, 7))
    assert read(again, data_only=True)["总览"]["A2"].value == 18
    check(resaved, again, WANTED)
    assert refreshed(again, (5, 6, 7)) == again
