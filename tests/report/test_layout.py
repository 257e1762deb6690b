"""Where blocks stand, as data."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.report import sample
from xlsales.report import charts, layout
from xlsales.report.blocks import Chart, Note, Page, Placed, Run, Table, TableColumn
from xlsales.report.layout import CONTENT, MARGIN, lay_out

GRID = (104,) * 6 + (16,) + (104,) * 6


def page(*bands, columns=GRID, title="t", key="p", **more):
    return Page(key, key, title, "", (), (), columns, bands, **more)


def chart(key, height=260, kind="column"):
    made = charts.trend(key, label="l", finding="f", months=["1"], values=[1.0], lang="zh")
    return Chart(made.key, "l", "f", kind, made.categories, made.series, height=height)


def table(key, rows, columns=6):
    return Table(
        key,
        "l",
        tuple(TableColumn(f"c{i}", f"h{i}", "count") for i in range(columns)),
        ((1,) * columns,) * rows,
    )


def spots(made):
    return {getattr(spot.block, "key", "?"): spot for spot in made.spots}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sample_page_is_1264_px_between_its_margins_and_blocks_never_overlap(lang):
    report = sample.report(lang)
    for one in report.pages:
        made = lay_out(one, report.pages, lang)
        assert made.widths[0] == made.widths[-1] == MARGIN
        assert made.width(1, made.last) == CONTENT
        taken = set()
        for spot in made.spots:
            cells = {
                (r, c) for r in range(spot.top, spot.bottom + 1) for c in range(spot.left, spot.right + 1)
            }
            assert not cells & taken
            taken |= cells
            assert spot.top >= 5
            assert spot.bottom < len(made.heights)
            assert spot.right <= made.last
        assert all(0 < height <= 546 for height in made.heights)


def test_charts_alone_have_their_height_and_the_higher_decides():
    made = lay_out(page((Placed(chart("a", 200), 0, 5), Placed(chart("b", 290), 7, 12))), (), "zh")
    for spot in made.spots:
        assert made.height(spot.top + 1, spot.bottom) == 290


def test_a_chart_beside_a_table_grows_with_it_until_columns_would_be_towers_and_bars_slabs():
    made = spots(lay_out(page((Placed(table("t", 12), 0, 5), Placed(chart("c"), 7, 12))), (), "zh"))
    assert made["c"].bottom == made["t"].bottom
    tall = lay_out(page((Placed(table("t", 40), 0, 5), Placed(chart("c"), 7, 12))), (), "zh")
    spot = spots(tall)["c"]
    assert tall.height(spot.top + 1, spot.bottom) <= layout.TALLEST_COLUMNS
    bars = lay_out(page((Placed(table("t", 40), 0, 5), Placed(chart("c", kind="bar"), 7, 12))), (), "zh")
    spot = spots(bars)["c"]
    most = max(layout.TALLEST_BAR * len(spot.block.categories), spot.block.height)
    assert most - layout.CHART_ROW < bars.height(spot.top + 1, spot.bottom) <= most


def test_a_short_table_leaves_the_chart_its_height():
    made = lay_out(page((Placed(table("t", 2), 0, 5), Placed(chart("c", 260), 7, 12))), (), "zh")
    spot = spots(made)["c"]
    assert made.height(spot.top + 1, spot.bottom) >= 260


def test_blocks_that_share_columns_stand_below_one_another():
    made = spots(
        lay_out(
            page((Placed(table("a", 3), 0, 5), Placed(table("b", 2), 0, 5), Placed(chart("c"), 7, 12))),
            (),
            "zh",
        )
    )
    assert made["b"].top == made["a"].bottom + 2
    assert made["c"].top == made["a"].top


def test_a_table_on_the_wrong_number_of_columns_is_refused():
    with pytest.raises(ValueError, match="6 columns on 5 grid columns"):
        lay_out(page((Placed(table("a", 3), 0, 4),)), (), "zh")


def test_long_sentences_take_more_lines():
    short = lay_out(page(), (), "zh")
    long = lay_out(page((Placed(Note(((Run("很长" * 200),),)), 0, 12),), title="t"), (), "zh")
    assert short.heights == layout.HEAD
    assert long.heights[5] > 4 * 16
    headline = lay_out(Page("p", "p", "t", "", (Run("很长的标题" * 20),), (), GRID, ()), (), "zh")
    assert headline.wrapped == {layout.HEADLINE_ROW}


def test_long_names_make_their_row_higher_and_stop_at_three_lines():
    rows = [("短",), ("一个放不下的很长的名称",), ("长" * 200,)]
    made = lay_out(page((Placed(Table("t", "l", (TableColumn("a", "a"),), tuple(rows)), 0, 0),)), (), "zh")
    assert made.heights[-3:] == (24, 24 + layout.LINE["zh"], 24 + 2 * layout.LINE["zh"])


def test_in_a_dense_table_a_name_takes_two_lines_at_most():
    rows = (("短",), ("一个放不下的很长的名称",), ("长" * 200,))
    dense = Table("t", "l", (TableColumn("a", "a"),), rows, dense=True)
    assert lay_out(page((Placed(dense, 0, 0),)), (), "zh").heights[-3:] == (20, *[20 + layout.LINE["zh"]] * 2)


def printed(made):
    """The rows of each printed sheet, the head not among them."""
    edges = [5, *made.breaks, len(made.heights)]
    return [range(first, end) for first, end in pairwise(edges)]


def test_a_page_that_fits_on_one_sheet_is_not_broken():
    assert lay_out(page((Placed(chart("a", 600), 0, 12),)), (), "zh").breaks == ()


def test_a_page_a_little_longer_than_a_sheet_is_squeezed_onto_it_and_a_longer_one_is_not():
    head, most = sum(layout.HEAD), int(layout.SHEET_PX * layout.SQUEEZE)
    made = [
        lay_out(page((Placed(chart("a", 300), 0, 12),), (Placed(chart("b", px), 0, 12),)), (), "zh")
        for px in (total - head - 300 - 2 * layout.SECTION - layout.SPACE
                   for total in (layout.SHEET_PX, layout.SHEET_PX + 1, most, most + 1))
    ]  # fmt: skip
    assert [one.squeezed for one in made] == [False, True, True, False]
    assert [len(one.breaks) for one in made] == [0, 0, 0, 1]


def test_a_sheet_ends_between_bands_and_holds_what_it_can():
    bands = [(Placed(chart(f"c{index}", 200), 0, 12),) for index in range(8)]
    made = lay_out(page(*bands), (), "zh")
    room = layout.SHEET_PX - sum(made.heights[:5])
    sheets = printed(made)
    tops = {spot.top for spot in made.spots}
    band = layout.SECTION + 200 + layout.SPACE
    assert [len([row for row in sheet if row in tops]) for sheet in sheets] == [3, 3, 2]
    assert all(sum(made.heights[row] for row in sheet) - layout.SPACE <= room for sheet in sheets)
    assert 3 * band - layout.SPACE <= room < 4 * band - layout.SPACE
    assert set(made.breaks) <= tops


def test_a_table_longer_than_a_sheet_begins_where_there_is_room_and_else_on_the_next():
    after = [lay_out(page((Placed(chart("c", height), 0, 12),), (Placed(table("t", 90), 0, 5),)), (), "zh")
             for height in (300, 600)]  # fmt: skip
    assert [len(made.breaks) for made in after] == [0, 1]


def test_further_sheets_repeat_the_header_of_the_one_table_that_fills_them_and_else_the_head():
    short, long, longer = (Placed(table(key, rows), 0, 5) for key, rows in (("s", 3), ("t", 90), ("u", 120)))
    made = lay_out(page((short,), (long,)), (), "zh")
    assert made.titles == (spots(made)["t"].top + 1,) * 2
    assert {lay_out(page(*bands), (), "zh").titles for bands in [((short,),), ((long,), (longer,))]} == {
        (0, 4)
    }


def test_no_sheet_ends_inside_a_chart_beside_a_table_longer_than_it():
    above, beside = chart("c", 300), (Placed(table("t", 90), 0, 5), Placed(chart("d", 400), 7, 12))
    made = lay_out(page((Placed(above, 0, 12),), beside), (), "zh")
    assert made.breaks == (spots(made)["d"].top,)


def test_rows_of_a_table_stay_even_beside_two_blocks_below_one_another():
    left = replace(table("a", 9), dense=True)
    upper, lower = (replace(table(key, 2), dense=True) for key in "bc")
    band = (Placed(left, 0, 5), Placed(upper, 7, 12), Placed(lower, 7, 12))
    made = lay_out(page(band), (), "zh")
    first = spots(made)["a"].top + 2
    assert set(made.heights[first : first + 9]) == {layout.DENSE_ROW}
