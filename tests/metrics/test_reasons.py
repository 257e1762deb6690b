"""Reasons by keyword: words are whole words, and what is denied is not the reason."""

from __future__ import annotations

import pytest

from xlsales.metrics._reasons import UNCLASSIFIED, is_code, reason_class


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I feel the teacher is bad", "product"),
        ("feedback never answered", "service"),
        ("coffee machine broken", UNCLASSIFIED),
        ("collateral damage", UNCLASSIFIED),
        ("of course the service was bad", "service"),
        ("Discontent with support", "service"),
        ("贵校老师态度不好", "service"),
        ("长时间没人联系", "service"),
        ("价格不贵，主要是老师不好", "product"),
        ("不是价格问题，是时间不合适", "timing"),
    ],
)
def test_a_keyword_inside_another_word_or_denied_tells_nothing(text: str, expected: str) -> None:
    assert reason_class(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It isn't too expensive, just too far", "place"),
        ("not the price, the schedule", "timing"),
        ("We can’t afford it", "price"),
        ("不是太贵，是没效果", "product"),
        ("要不是太贵就续了", "price"),
        ("是不是太贵了", "price"),
        ("价格不优惠", "price"),
        ("课程不适合", "product"),
        ("Prices too high", "price"),
        ("course fees", "price"),
        ("no time", "timing"),
        ("not interested", "no_need"),
    ],
)
def test_a_denial_belongs_to_its_clause_and_a_keyword_may_be_a_denial_itself(
    text: str, expected: str
) -> None:
    assert reason_class(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("毕业", "finished"),
        ("孩子已学完", "finished"),
        ("Graduated in June", "finished"),
        ("没学完就不来了", UNCLASSIFIED),
        ("升学", "school"),
        ("转学去外地", "school"),
        ("孩子生病", "health"),
        ("健康原因", "health"),
        ("公司倒闭", "closed"),
        ("went bankrupt", "closed"),
        ("搬家", "place"),
        ("moved away", "place"),
        ("switched to another provider", "competitor"),
        ("stop using", "no_need"),
    ],
)
def test_leavers_have_words_of_their_own(text: str, expected: str) -> None:
    assert reason_class(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("转行", True),
        ("Parents' decision", True),
        ("其他", False),
        ("Other", False),
        ("", False),
        ("家里商量了很久决定先停一停再说", False),
        ("we talked it over at home and will pause", False),
    ],
)
def test_a_code_is_short_and_says_more_than_other(text: str, expected: bool) -> None:
    assert is_code(text) == expected
