"""Rows that say the same in other words are one in an engine, as in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pytest

from tests.clean.large.several_files import frames, there
from tests.clean.large.test_sources import ORDERS, left
from xlsales.clean.clean import clean
from xlsales.tables import engines

if TYPE_CHECKING:
    from tests.clean.large.several_files import Rows

pytest.importorskip("duckdb")

NAMES = (*ORDERS, "note")
FIRST = ("N1", "2026-01-02", "C1", "雅思", "1000", "a")


@pytest.mark.parametrize(
    ("again", "rows"),
    [
        (("N1", "2026/1/2", "C1", "雅思", "1,000.00", "a"), 1),
        ((" N1", "2026年1月2日", "C1 ", "雅思 ", "￥1000", "a"), 1),
        (("N1", "2026-01-03", "C1", "雅思", "1000", "a"), 2),
        (("N1", "2026-01-02", None, "雅思", "1000", "a"), 1),
        (("N1", "2026-01-02", "C1", "雅思", "1000", "b"), 2),
    ],
    ids=[
        "written differently",
        "with spaces and signs",
        "another day",
        "a blank that the first row fills",
        "another note",
    ],
)
def test_a_row_with_an_id_counts_once_however_it_is_written(again: Rows, rows: int) -> None:
    other = ("N2", "2026-01-05", "C2", "托福", "70", "a")
    parts = frames("orders", NAMES, {"a.csv": [FIRST, other, again]})
    here = clean([own for own, _ in parts])
    cleaned = there([parts], engines.opened("duckdb"))
    found = nw.from_native(cleaned.tables["orders"]).lazy().collect("pandas").to_pandas()
    assert left(found, ORDERS) == left(here.tables["orders"], ORDERS)
    assert len(found) == 1 + rows
    assert all(one.ties for one in cleaned.reconciliations)


def test_a_cell_that_cannot_be_read_is_the_same_only_where_its_text_is() -> None:
    names = ("order_id", "order_date", "amount", "quantity")
    rows = [("N1", "2026-01-02", "10", text) for text in ("一堆", "很多", "一堆")]
    parts = frames("orders", names, {"a.csv": rows})
    cleaned = there([parts], engines.opened("duckdb"))
    found = nw.from_native(cleaned.tables["orders"]).lazy().collect("pandas").to_pandas()
    assert left(found, names) == left(clean([own for own, _ in parts]).tables["orders"], names)
    assert len(found) == 2
