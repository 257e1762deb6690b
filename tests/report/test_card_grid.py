"""The columns and rows of a band of cards."""

from __future__ import annotations

import pytest

from xlsales.report.blocks import Card, Kpis
from xlsales.report.card_grid import card_columns, half, heights, parts, stacked

GRID = (104,) * 6 + (16,) + (104,) * 6


def card(**facts):
    return Card("k", "l", 0.5, "percent", change="points", **facts)


def test_cards_share_the_width_and_leave_the_gutter_empty():
    assert card_columns(GRID, 6, 1) == [(1, 2), (3, 4), (5, 6), (8, 9), (10, 11), (12, 13)]
    assert card_columns((88, 72, *(92,) * 12), 4, 1) == [(1, 4), (5, 7), (8, 11), (12, 14)]
    assert card_columns(GRID, 1, 1) == [(1, 13)]


def test_a_card_is_halved_where_its_columns_allow():
    assert half((88, 72, 92, 92)) == 2
    with pytest.raises(ValueError, match="two grid columns"):
        half((104,))


def test_cards_have_a_row_only_for_what_one_of_them_says():
    assert parts(Kpis((card(),)), GRID, "zh") == ("label", "value", "history")
    assert parts(Kpis((card(), card(previous=0.4))), GRID, "zh") == ("label", "value", "change", "history")
    both = Kpis((card(target=0.6), card(previous=0.4)))
    assert parts(both, GRID, "zh") == ("label", "value", "target", "change", "history")


def test_cards_without_a_history_are_lower():
    two = (("2026-09", 0.4), ("2026-10", 0.5))
    low, high = (heights(Kpis((card(history=history),)), GRID, "zh") for history in ((), two))
    assert low[:-1] == high[:-1]
    assert low[-1] < high[-1]


def test_changes_stand_above_one_another_where_half_a_card_is_too_narrow_for_them():
    narrow, wide = (92, 92, 92), (208, 208)
    compared = Kpis((card(previous=0.4, year_ago=0.3),))
    assert stacked(compared, narrow, "zh")
    assert not stacked(compared, wide, "zh")
    assert not stacked(Kpis((card(previous=0.4),)), narrow, "zh")
    assert not stacked(Kpis((card(previous=0.4, year_ago=0.3, target=0.6),)), narrow, "zh")
    assert "target" in parts(compared, narrow, "zh")


def test_all_cards_of_a_band_tell_changes_in_the_same_way():
    both = Kpis((card(previous=0.4), card(previous=0.4, year_ago=0.3)))
    assert stacked(both, (92,) * 6, "zh")
