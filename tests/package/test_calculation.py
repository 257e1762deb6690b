from __future__ import annotations

import pytest

from tests.package.workbooks import edited, xlsxwriter_book
from xlsales.package.book import open_book
from xlsales.package.calculation import forget_formulas
from xlsales.package.markup import TRANSITIONAL, local

LINK = f'<Relationship Id="rId77" Type="{TRANSITIONAL.relationships}/calcChain" Target="calcChain.xml"/>'
TYPE = (
    '<Override PartName="/xl/calcChain.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/>'
)


def book_with_chain(cells: str) -> bytes:
    return edited(
        xlsxwriter_book(),
        {
            "xl/calcChain.xml": f'<calcChain xmlns="{TRANSITIONAL.main}">{cells}</calcChain>'.encode(),
            "xl/_rels/workbook.xml.rels": lambda xml: xml.replace("</Rel", f"{LINK}</Rel"),
            "[Content_Types].xml": lambda xml: xml.replace("</Types", f"{TYPE}</Types"),
        },
    )


@pytest.mark.parametrize(
    ("cells", "left"),
    [
        ('<c r="A1" i="1"/><c r="A2"/><c r="B1" i="2"/><c r="B2"/>', ["A1 1", "A2 None"]),
        ('<c r="B1" i="2"/><c r="B2"/><c r="A1" i="1"/><c r="A2"/>', ["A1 1", "A2 1"]),
        ('<c r="A1" i="1"/><c r="A2"/>', ["A1 1", "A2 None"]),
    ],
)
def test_only_cells_of_the_named_sheets_leave_the_chain(cells: str, left: list[str]) -> None:
    book = open_book(book_with_chain(cells))
    forget_formulas(book, {2})
    chain = book.package.tree("xl/calcChain.xml")
    assert [f"{cell.get('r')} {cell.get('i')}" for cell in chain] == left


def test_a_chain_without_cells_goes_with_everything_that_names_it() -> None:
    book = open_book(book_with_chain('<c r="B1" i="2"/><c r="B2"/>'))
    forget_formulas(book, {2})
    after = open_book(book.to_bytes())
    assert after.linked("calcChain") is None
    assert "xl/calcChain.xml" not in after.package
    assert not any("calcChain" in e.get("PartName", "") for e in after.package.tree("[Content_Types].xml"))


def test_a_workbook_that_never_held_our_formulas_keeps_its_chain_as_it_is() -> None:
    data = book_with_chain('<c r="A1" i="1"/>')
    book = open_book(data)
    forget_formulas(book, {2})
    forget_formulas(open_book(xlsxwriter_book()), {2})
    assert book.to_bytes() == data
    assert local(book.root) == "workbook"
