"""Text that is said to fit, fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.report.measure import RULERS

TEXTS = st.text(st.sampled_from("abcW1 .中文—▲（"), max_size=60)
LANGS = st.sampled_from(["zh", "en"])


@given(TEXTS, st.integers(40, 400), st.integers(1, 3), LANGS)
def test_a_fitted_text_takes_no_more_lines_than_it_may(text, px, rows, lang):
    ruler = RULERS[lang]
    fitted = ruler.fitted(text, px, 10, rows=rows)
    assert ruler.lines(fitted, px, 10) <= rows
    assert fitted == " ".join(text.split()) or fitted.endswith("…")


@given(TEXTS, TEXTS, LANGS)
def test_more_text_is_never_narrower(text, more, lang):
    ruler = RULERS[lang]
    assert ruler.px(text + more, 10) >= ruler.px(text, 10)
    assert ruler.px(text, 10, bold=True) >= ruler.px(text, 10)


@given(TEXTS, st.integers(40, 400), LANGS)
def test_text_on_one_line_is_no_wider_than_that_line(text, px, lang):
    ruler = RULERS[lang]
    if ruler.lines(text, px, 10) == 1:
        assert ruler.px(text.rstrip(), 10) <= px + 1


@pytest.mark.parametrize(
    ("text", "lang", "size", "px"),
    [
        ("目标", "zh", 9, 24),  # a Chinese character is as wide as it is high: 2 x 9 pt x 4/3
        ("1234567890", "en", 10, 68),  # a digit of Calibri is 0.507 em
        ("Trial conversion", "en", 9, 76),  # measured with Carlito, which has the widths of Calibri
    ],
)
def test_widths_are_those_of_the_fonts(text, lang, size, px):
    assert px * 0.98 <= RULERS[lang].px(text, size) <= px * 1.08 + 1


def test_latin_words_stay_whole_while_there_is_room():
    assert RULERS["en"].lines("Alexandra von Hohenstein", 110, 10) == 2
    assert RULERS["en"].lines("Donaudampfschifffahrt", 60, 10) == 3
