"""Every figure that a page shows of a metric can be explained, and every metric becomes a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from tests.hosts.desktop.conftest import of, sheet
from xlsales.errors import InputError
from xlsales.explain.number import lines
from xlsales.hosts.desktop.explain import selected_numbers
from xlsales.hosts.desktop.metric_sheet import metric_page
from xlsales.language import LANGUAGES
from xlsales.metrics._catalogue import catalogue, find
from xlsales.report.blocks import Report, Table
from xlsales.report.writer import DATA, write

if TYPE_CHECKING:
    from tests.hosts.desktop.conftest import Run
    from xlsales.explain.number import Number
    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language


def explained(live: Live, name: str, row: int, column: int) -> Number:
    book = of(live)
    book.active = [page.name for page in book.sheets].index(name)
    sheet(live, name).selection = f"${get_column_letter(column)}${row}"
    (number,) = selected_numbers(live, "zh")
    return number


def test_the_first_and_the_last_row_of_a_table_of_every_page_are_explained(later: Live, october: Run) -> None:
    """Of its first table; all others are explained from a file in the same way."""
    declared = {
        f"xs_{block.key}": block
        for page in october.done.report.pages
        for band in page.bands
        for block in (placed.block for placed in band)
        if isinstance(block, Table) and block.metric and block.rows
    }
    seen = set()
    for page in of(later).sheets:
        for table in [one for one in page.tables if one.name in declared][:1]:
            block = declared[table.name]
            left, top, _, bottom = range_boundaries(table.cells)
            right = left + max(at for at, one in enumerate(block.columns) if one.format != "text")
            first = explained(later, page.name, top + 1, right)
            last = explained(later, page.name, bottom, right)
            seen.add(table.name)
            origin = block.columns[right - left].origin
            metric = origin.metric if origin and origin.metric else block.metric
            apart = [one.metric for place, _, one in block.elsewhere if place == -1 and one.metric]
            assert first.metric.key == metric
            assert last.metric.key == (apart[0] if table.totals and apart else metric)
            assert [name for name, _ in first.where] == list(block.by)
            assert (last.where == ()) == (table.totals or not block.by)
            if block.by and first.selected.shown:
                assert first.result[block.by[-1]] == first.where[-1][1]
            assert len(lines(first)) >= 6
    assert len(seen) >= 5


def test_every_key_number_is_explained_or_says_which_input_it_lacks(later: Live) -> None:
    every = of(later).names
    names = [name for name in every if name.startswith("XS_")]
    assert not [name for name in names if "#REF!" in every[name].refers]
    lacking = set()
    for name in names:
        place, _, cell = every[name].refers.removeprefix("=").rpartition("!")
        left, top, _, _ = range_boundaries(cell)
        try:
            number = explained(later, place.strip("'"), top, left)
        except InputError as refused:
            lacking.add((name, refused.key))
            continue
        assert number.selected.block == name
        assert number.where == ()
    assert {key for _, key in lacking} == {"missing_input"}
    lacks = {name for name, _ in lacking}
    assert "XS_head" in lacks
    assert {"XS_sales", "XS_new_customers"} <= set(names) - lacks


@pytest.mark.parametrize(("key", "lang"), [(key, LANGUAGES[at % 2]) for at, key in enumerate(catalogue())])
def test_every_metric_becomes_a_page_that_can_be_written(october: Run, key: str, lang: Language) -> None:
    analysis = october.done.analysis
    if find(key).missing(analysis.cleaned.tables):
        with pytest.raises(InputError):
            metric_page(key, analysis, lang)
        return
    page = metric_page(key, analysis, lang)
    written = write(Report(lang, (page,)), {page.key: page.name, DATA: "data"})
    (table,) = written.placement.sheets[0].tables
    assert table.name == f"xs_metric_{key}"
    assert sum(page.columns) == 1264
