"""Real workbooks of many makers: each one grafted without loss, or refused with a reason."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.package.workbooks import WANTED, refreshed
from xlsales.errors import WorkbookError
from xlsales.package.book import open_book
from xlsales.package.check import check

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "workbooks"
FILES = sorted(CORPUS.glob("*.xl[st]*"))
BOOKKEEPING = (
    "[content_types].xml",
    "calcchain.xml",
    "styles.xml",
    "stylesheet.xml",
    "workbook.xml",
    "workbook.xml.rels",
)

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FILES, reason="the shared workbooks are not beside the project"),
]


def streams(data: bytes) -> Counter[tuple[str, int, int]]:
    """Every entry that a graft must not touch: name, checksum and packed size, as zipfile reads them."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return Counter(
            (entry.filename, entry.CRC, entry.compress_size)
            for entry in package.infolist()
            if not entry.filename.lower().endswith(BOOKKEEPING)
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_workbook_is_grafted_without_loss_or_refused(path: Path) -> None:
    data = path.read_bytes()
    try:
        once = refreshed(data)
    except WorkbookError:
        return
    check(data, once, WANTED)
    assert not streams(data) - streams(once)
    assert refreshed(once) == once
    again = refreshed(once, (4, 5, 6))
    check(once, again, WANTED)
    assert not streams(data) - streams(again)
    assert [tab.name for tab in open_book(again).sheets[:-2]] == [tab.name for tab in open_book(data).sheets]


@pytest.mark.parametrize("path", FILES[::4], ids=lambda path: path.name)
def test_another_reader_finds_the_user_s_cells_as_they_were(path: Path) -> None:
    data = path.read_bytes()
    try:
        old = CalamineWorkbook.from_filelike(io.BytesIO(data))
        before = {name: old.get_sheet_by_name(name).to_python() for name in old.sheet_names}
    except Exception:
        pytest.skip("that reader cannot read the workbook to begin with")
    try:
        grafted = refreshed(data)
    except WorkbookError:
        return
    new = CalamineWorkbook.from_filelike(io.BytesIO(grafted))
    assert {name: new.get_sheet_by_name(name).to_python() for name in old.sheet_names} == before
    ours = new.get_sheet_by_name(new.sheet_names[-2]).to_python()
    assert ours[0][0] == "月度总览"
