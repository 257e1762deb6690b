"""Which products are told apart by their names, and how surely, against the codes of a real shop."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.sheets import raw
from xlsales.clean.clean import clean
from xlsales.clean.naming.alike import alike
from xlsales.clean.naming.identity import words
from xlsales.clean.naming.variants import FEWEST, LONGEST, variants

if TYPE_CHECKING:
    import random

    from xlsales.clean.naming.alike import Pair

RETAIL = Path(__file__).parents[3] / "../shared/data/online_retail/online_retail_ii_2009_2010.parquet"

MUGS = [
    f"{colour} {thing}" for colour in ("red", "blue") for thing in ("spotty mug", "spotty jug", "oven glove")
]
COURSES = [f"{level}级少儿{course}口语班" for level in "初中" for course in ("英语", "日语", "法语")]


def test_no_vocabulary_is_learnt_from_texts_too_long_for_a_name() -> None:
    mugs = [("red spotty mug", "blue spotty mug"), ("red oven glove", "blue oven glove")] * 2
    note = " ".join(f"word{k}" for k in range(LONGEST))
    short, long = ([f"{name}{tail}" for pair in mugs for name in pair] for tail in ("", f" {note}"))
    assert variants(short, fewest=1)("red spotty mug", "blue spotty mug")
    assert not variants(long, fewest=1)("red spotty mug", "blue spotty mug")


@pytest.mark.parametrize(
    ("vocabulary", "one", "other"),
    [
        (MUGS, "red spotty mug", "blue spotty mug"),
        (MUGS, "oven glove", "red oven glove"),
        (MUGS, "red mug with blue dots", "blue mug with red dots"),
        (COURSES, "初级少儿英语口语班", "中级少儿英语口语班"),
    ],
)
def test_a_word_that_stands_for_others_makes_another_product(
    vocabulary: list[str], one: str, other: str
) -> None:
    assert variants([*vocabulary, one, other])(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("red spotty mug", "red spoty mug"),
        ("red spotty mug", "mug, red spotty"),
        ("red retro spot mug", "red retrospot mug"),
        ("red spotty mug", "red spotty mugs"),
        ("red spotty mug", "red spotty mug design"),
    ],
)
def test_another_spelling_order_or_empty_word_makes_none(one: str, other: str) -> None:
    assert not variants([*MUGS, one, other])(one, other)


def test_a_single_pair_of_names_proves_no_class_of_words() -> None:
    one, other = "杭州晓光少儿口语班", "杭州小光少儿口语班"
    assert not variants([one, other])(one, other)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("ab c红蓝", max_size=9), min_size=2, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_names_and_of_a_pair_means_nothing(names: list[str], dice: random.Random) -> None:
    turned = list(names)
    dice.shuffle(turned)
    two = variants(names)
    assert two(names[0], names[1]) == two(names[1], names[0]) == variants(turned)(names[0], names[1])


def test_colours_are_not_proposed_as_misspellings_and_a_misspelling_is() -> None:
    names = [*MUGS, "red spoty mug", "red spotty mug with saucer", "red and blue spotty mug with saucer"]
    sheet = raw("orders", {
        "order_date": ["2026-10-01"] * len(names), "amount": ["5"] * len(names), "product": names,
    })  # fmt: skip
    found = clean([sheet]).issues.query("rule == 'similar_name'")
    assert found[["value", "suggestion"]].to_numpy().tolist() == [["red spoty mug", "red spotty mug"]]


# Against the codes of a shop


def half_of(code: str) -> int:
    """0 or 1 by the first byte of the SHA-256 of the code without its letter of a variant."""
    return hashlib.sha256(code[:5].encode()).digest()[0] % 2


@pytest.mark.corpus
@pytest.mark.skipif(not RETAIL.is_file(), reason="the shared data sets are not beside the project")
def test_the_pairs_proposed_of_a_shops_products_have_one_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Two descriptions of what was sold are one product where they have a StockCode in common, else two.

    The rule was devised, and ``FEWEST`` chosen, looking at these pairs, all of them, so the figures say how
    well it fits this shop and not how well it will fit another. A pair lies in the half of its first name's
    code; that neither half is far off says no more than that no single family of products carries the figure.
    """
    import pandas as pd

    sold = pd.read_parquet(RETAIL, columns=["StockCode", "Description", "Price"])
    sold = sold[(sold["Price"] > 0) & sold["Description"].notna()].drop_duplicates()
    sold["form"] = sold["Description"].map(words)
    codes = sold.groupby(sold["form"])["StockCode"].agg(lambda one: set(one.str.upper()))
    forms = list(codes.index)
    pairs = alike(forms)

    def same(pair: Pair) -> bool:
        return bool(codes.iloc[pair.one] & codes.iloc[pair.other])

    def precision(of: list[Pair]) -> float:
        return sum(map(same, of)) / len(of)

    kept: dict[int, list[Pair]] = {}
    for fewest in (1, FEWEST, 3, 5, 8):
        two = variants(forms, fewest)
        kept[fewest] = [pair for pair in pairs if not two(forms[pair.one], forms[pair.other])]
    right = sum(map(same, pairs))
    with capsys.disabled():
        print(f"\nall alike: {len(pairs)} pairs, precision {precision(pairs):.3f}", end="")
        for fewest, left in kept.items():
            share = sum(map(same, left)) / right
            print(f"\nfewest {fewest}: {len(left)} pairs, precision {precision(left):.3f}, ", end="")
            print(f"of the true ones {share:.3f}", end="")
    left = kept[FEWEST]
    assert precision(pairs) < 0.75
    assert precision(left) >= 0.90
    assert sum(map(same, left)) >= 0.85 * right
    for half in (0, 1):
        mine = [pair for pair in left if half_of(min(codes.iloc[pair.one])) == half]
        assert precision(mine) >= 0.88
