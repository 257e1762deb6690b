"""What a user enters in cells that we asked to fill is there after every refresh."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from tests.package.workbooks import openpyxl_book, read, refreshed, saved
from xlsales.package.book import open_book
from xlsales.package.check import check
from xlsales.package.forms import FORM, form_cells
from xlsales.package.graft import graft
from xlsales.package.keep import set_aside
from xlsales.package.names import owned_sheets
from xlsales.package.plan import plan

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

ASKED = {"period": "B4", "basis": "B5", "note": "B6", "days": "B7", "owner": "B8"}


def page(name: str, rows_above: int = 0, asked: dict[str, str] = ASKED) -> bytes:
    """Our page with a form whose cells hold what we propose, lower on the page by ``rows_above``."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        sheet.write("A1", "口径")
        fill = book.add_format({"bg_color": "#FFF8E1"})
        for field, cell in asked.items():
            row = int(cell[1:]) + rows_above
            sheet.write(f"A{row}", field)
            if field == "days":
                sheet.write(f"B{row}", 3, fill)
            else:
                sheet.write_string(f"B{row}", f"our {field}", fill)
    return out.getvalue()


def cells(rows_above: int, asked: dict[str, str]) -> dict[str, str]:
    return {f"review.{field}": f"B{int(cell[1:]) + rows_above}" for field, cell in asked.items()}


def grafted(data: bytes, rows_above: int = 0, asked: dict[str, str] = ASKED) -> bytes:
    name = plan(open_book(data), {"review": "复核"}, []).names["review"]
    after = graft(
        data, page(name, rows_above, asked), {name: "review"}, {}, {"review": cells(rows_above, asked)}
    )
    check(data, after, ["review"])
    return after


def answered(data: bytes, sheet_name: str = "复核") -> bytes:
    """Saved by another program after somebody filled the form in: text, a number, a formula, a blank."""
    book = read(data)
    sheet: Worksheet = book[sheet_name]
    sheet["B4"] = " 2026-10"
    sheet["B6"] = "=1+1"
    sheet["B7"] = 12.5
    sheet["B8"] = None
    return saved(book)


def values(data: bytes, rows_above: int = 0, sheet_name: str = "复核") -> list[object]:
    sheet = read(data)[sheet_name]
    return [sheet[f"B{row + rows_above}"].value for row in range(4, 9)]


def test_what_was_entered_stands_there_after_a_refresh_and_the_rest_is_ours() -> None:
    after = grafted(answered(grafted(openpyxl_book())))
    assert values(after) == [" 2026-10", "our basis", "=1+1", 12.5, None]
    assert read(after)["复核"]["B7"].fill.fgColor.rgb == "FFFFF8E1"


def test_an_entry_moves_with_its_field() -> None:
    after = grafted(answered(grafted(openpyxl_book())), rows_above=7)
    assert values(after, rows_above=7) == [" 2026-10", "our basis", "=1+1", 12.5, None]


def test_an_entry_follows_the_cell_that_the_user_moved_on_a_sheet_that_was_renamed() -> None:
    book = read(answered(grafted(openpyxl_book())))
    book["复核"].title = "我的复核"
    for entry in book["我的复核"].defined_names.values():
        if entry.name == f"{FORM}review.basis":
            entry.attr_text = "'我的复核'!$H$20"
        elif entry.name.startswith(FORM):
            entry.attr_text = entry.attr_text.replace("复核", "我的复核", 1)
    book["我的复核"]["H20"] = "net"
    after = grafted(saved(book))
    assert values(after, sheet_name="我的复核") == [" 2026-10", "net", "=1+1", 12.5, None]


def test_a_field_that_is_new_holds_our_proposal_and_one_that_is_gone_leaves_nothing() -> None:
    fewer = {name: cell for name, cell in ASKED.items() if name != "note"}
    once = grafted(openpyxl_book(), asked=fewer)
    assert values(grafted(once))[2] == "our note"
    again = grafted(answered(grafted(once)), asked=fewer)
    book = open_book(again)
    assert set(form_cells(book, owned_sheets(book)["review"])) == {f"review.{name}" for name in fewer}


def test_a_cell_that_the_user_deleted_has_no_entry() -> None:
    book = read(answered(grafted(openpyxl_book())))
    next(n for n in book["复核"].defined_names.values() if n.name.endswith("period")).attr_text = "#REF!"
    assert values(grafted(saved(book)))[0] == "our period"


def test_filling_a_form_is_no_change_to_keep_a_copy_for() -> None:
    data = answered(grafted(openpyxl_book()))
    assert set_aside(data, ["review"], " (old)") == (data, {})
    book = read(data)
    book["复核"]["C4"] = "a remark beside it"
    assert set_aside(saved(book), ["review"], " (old)")[1] == {"复核": "复核 (old)"}


def test_refreshing_a_filled_form_again_changes_nothing() -> None:
    once = grafted(answered(grafted(openpyxl_book())))
    assert grafted(once) == once


def test_a_sheet_without_a_form_asks_for_nothing() -> None:
    book = open_book(refreshed(openpyxl_book()))
    assert form_cells(book, owned_sheets(book)["overview"]) == {}


@pytest.mark.libreoffice
def test_an_entry_survives_a_save_in_libreoffice(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(answered(grafted(openpyxl_book())))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    out = tmp_path / "saved"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    after = grafted((out / "book.xlsx").read_bytes())
    assert values(after) == [" 2026-10", "our basis", "=1+1", 12.5, None]
