"""Where the links of the title row stand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from xlsales.report import theme
from xlsales.report.blocks import Page
from xlsales.report.measure import RULERS
from xlsales.report.navigation import STEP, page_links

EQUAL = (104,) * 6 + (16,) + (104,) * 6
MIXED = (150, 190, 150, 110, 110, 130, 130, 130, 164)
ONE_WIDE = (130, 84, 84, 84, 84, 84, 84, 630)


def page(key, columns=EQUAL, title="t"):
    return Page(key, key, title, "", (), (), columns, ())


def ends(columns, link, words):
    """Left and right edge of a link's words, as Excel sets them."""
    left = sum(columns[: link.column - 1])
    if link.align == "left":
        start = left + STEP * link.indent
        return start, start + words
    end = left + columns[link.column - 1] - STEP * link.indent
    return end - words, end


def test_links_stand_at_the_right_end_beside_the_title():
    pages = [page(key) for key in "abcd"]
    made = page_links(pages[0], pages, RULERS["zh"])
    assert [link.page for link in made] == list("abcd")
    assert (made[-1].column, made[-1].align, made[-1].indent) == (len(EQUAL), "right", 0)
    assert page_links(pages[0], pages[:1], RULERS["zh"]) == ()


@pytest.mark.parametrize("columns", [EQUAL, MIXED, ONE_WIDE])
def test_gaps_between_links_look_alike_on_any_grid(columns):
    names = ["总览", "达成", "增长", "渠道人员", "客户", "商机", "对账", "口径"]
    pages = [page(name, columns) for name in names]
    made = page_links(pages[2], pages, RULERS["zh"])
    assert len(made) >= 5
    words = [RULERS["zh"].px(link.page, theme.SMALL, bold=True) for link in made]
    edges = [ends(columns, link, px) for link, px in zip(made, words, strict=True)]
    gaps = [after[0] - before[1] for before, after in pairwise(edges)]
    assert min(gaps) > 0
    assert max(gaps) - min(gaps) <= 45  # and a step of the indent


def test_where_not_all_links_fit_the_first_page_the_last_and_the_nearest_stay():
    pages = [page(key, (300, 200, 200, 300, 264)) for key in "abcdefg"]
    assert [link.page for link in page_links(pages[4], pages, RULERS["zh"])] == ["a", "d", "e", "g"]


def test_links_never_stand_under_the_title():
    pages = [page(key, title="A rather long title that needs its room") for key in "abcdef"]
    assert page_links(pages[0], pages, RULERS["en"])[0].column >= 6
