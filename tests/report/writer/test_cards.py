"""Cards hold numbers, never words that look like numbers."""

from __future__ import annotations

import pytest
from openpyxl.utils import range_boundaries

from tests.report import sample
from tests.report.writer.reading import of
from xlsales.report.blocks import Card, Kpis
from xlsales.report.writer.cards import change


def test_card_numbers_are_numbers(cached, lang, written):
    sheet = cached[sample.names(lang)["overview"]]
    left, top, *_ = range_boundaries(of(written, "overview").blocks["cvr"])
    near, far = sheet.cell(top + 3, left).value, sheet.cell(top + 3, left + 1).value
    assert (near, far) == (pytest.approx(-4.2), pytest.approx(-2.6))
    assert sheet.cell(top + 2, left + 1).value == pytest.approx(-3.4)
    assert sheet.cell(top + 2, left).value == pytest.approx(0.35)
    refund, top, *_ = range_boundaries(of(written, "overview").blocks["refund"])
    assert sheet.cell(top + 2, refund).value is None


def test_a_card_says_nothing_of_what_it_has_nothing_to_compare_with(cached, lang, written):
    sheet = cached[sample.names(lang)["overview"]]
    left, top, right, _ = range_boundaries(of(written, "overview").blocks["refund"])
    card = next(
        card
        for page in sample.report(lang).pages
        for band in page.bands
        for placed in band
        if isinstance(placed.block, Kpis)
        for card in placed.block.cards
        if card.key == "refund"
    )
    assert card.previous is None
    said = [sheet.cell(top + 3, column).value for column in range(left, right + 1)]
    assert said[0] == pytest.approx((card.value - card.year_ago) * 100)
    assert set(said[1:]) == {None}


def test_a_share_of_change_needs_a_base_above_zero(cached, written, lang):
    sheet = cached[sample.names(lang)["bare"]]
    left, top, *_ = range_boundaries(of(written, "bare").blocks["loss"])
    assert sheet.cell(top + 3, left).value == sample.words(lang, "环比 –", "MoM –")


def test_a_change_that_shows_as_zero_has_neither_direction_nor_sign():
    card = Card("k", "l", 0.3998, "percent", previous=0.4, change="points")
    figure = change(card, card.previous, "mom", "en")
    assert figure.value == pytest.approx(-0.02)
    assert figure.num_format.split(";") == ['"MoM – "0.0" pts"'] * 2
    assert figure.tone == "strong"
    assert change(card, 0.41, "mom", "en").tone == "bad"
