"""Which names are proposed as one, how surely, and how fast."""

from __future__ import annotations

import csv
import hashlib
import random
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlsales.clean.naming.alike import LEAST, alike, apart
from xlsales.clean.naming.identity import customer

ORGANISATIONS = Path(__file__).parents[3] / "../shared/data/names/csv_example_input_with_true_ids.csv"


def proposed(
    *names: str, phones: tuple[str | None, ...] = (), addresses: tuple[str | None, ...] = ()
) -> bool:
    return bool(alike([customer(name) or "" for name in names], phones, addresses))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northwind Traders", "Nortwind Traders Ltd"),
        ("Traders Northwind Co", "Northwind Traders"),
        ("杭州晓光教育科技有限公司", "杭州小光教育科技有限公司"),
        ("北京明德教育咨询有限公司", "北京明德教育咨询"[:-1] + "问有限公司"),
        ("杭州晓光教育科技", "杭州晓光教育科技集团"),
        ("晓光明德教育有限公司", "小光明德教育有限公司"),
        ("云帆致弘信息技术有限公司", "云帆致信息技术有限公司"),
    ],
)
def test_a_name_misspelt_or_turned_round_is_proposed(one: str, other: str) -> None:
    assert proposed(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州第一中学教育集团", "杭州第二中学教育集团"),
        ("Central School No. 1", "Central School No. 2"),
        ("Little Leaders of Tomorrow I", "Little Leaders of Tomorrow II"),
        ("Little Leaders of Tomorrow A", "Little Leaders of Tomorrow B"),
        ("Acme Trading 2025", "Acme Trading 2026"),
        ("北京晓光教育科技有限公司", "上海晓光教育科技有限公司"),
        ("晓光教育科技东城分校", "晓光教育科技西城分校"),
        ("North Lawndale Learning Center", "South Lawndale Learning Center"),
        ("Eastern Learning Center", "Western Learning Center"),
        ("Red Retrospot Mug Large", "Blue Retrospot Mug Large"),
        ("高级英语口语入门班", "高级英语口语进阶班"),
        ("云帆卓越信息技术有限公司", "云帆致信息技术有限公司"),
    ],
)
def test_names_that_say_that_they_are_two_are_never_proposed(one: str, other: str) -> None:
    assert not proposed(one, other)
    assert apart((customer(one) or "").casefold(), (customer(other) or "").casefold())


def test_a_phone_in_common_makes_a_shorter_name_the_same_and_other_phones_make_doubt() -> None:
    names = ("Abington", "City Schools Abington")
    assert not proposed(*names)
    assert proposed(*names, phones=("13800138000", "13800138000"))
    assert proposed("Northwind Traders", "Nortwind Traders")
    assert not proposed("Northwind Traders", "Nortwind Tradres", phones=("13800138000", "13900139000"))


def test_an_address_in_common_says_more_than_a_phone() -> None:
    names, street = ("Lavizzo", "City Schools Lavizzo Mildred"), "138 W. 109th St"
    assert proposed(*names, phones=("1", "1"), addresses=(street, "138 W 109TH ST"))
    assert not proposed(*names, phones=("1", "1"), addresses=(street, "14 Oak Avenue"))


def test_nothing_and_one_name_have_no_pair() -> None:
    assert alike([]) == alike(["ACME"]) == []


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("abcAB 晓光北京12", max_size=12), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_names_means_nothing(names: list[str], dice: random.Random) -> None:
    turned = list(names)
    dice.shuffle(turned)

    def said(of: list[str]) -> list[tuple[str, str, float]]:
        return sorted((*sorted((of[pair.one], of[pair.other])), pair.score) for pair in alike(of))

    assert said(names) == said(turned)


# Against true ids

LEASTS = (0.6, 0.7, 0.8, LEAST, 0.9, 1.0, 1.1)


def fold_of(true_id: str) -> int:
    """0 or 1 by the first byte of the SHA-256 of the id, so that all rows of one organisation are in one."""
    return hashlib.sha256(true_id.encode()).digest()[0] % 2


def curve(rows: list[dict[str, str]]) -> dict[float, tuple[float, float]]:
    """Precision and recall of all pairs of rows by least score, of every pair with one true id."""
    ids = [row["True Id"] for row in rows]
    pairs = alike(
        [customer(row["Site name"]) or "" for row in rows],
        [row["Phone"] or None for row in rows],
        [row["Address"] or None for row in rows],
        least=min(LEASTS),
    )
    true = sum(count * (count - 1) // 2 for count in Counter(ids).values())
    points = {}
    for least in LEASTS:
        hits = [ids[pair.one] == ids[pair.other] for pair in pairs if pair.score >= least]
        points[least] = sum(hits) / len(hits), sum(hits) / true
    return points


def tuned(points: dict[float, tuple[float, float]]) -> float:
    """The least score with the best F0.5 (a proposal that is wrong costs more than one that is missing)."""
    return max(points, key=lambda least: 1.25 / (1 / points[least][0] + 0.25 / points[least][1]))


@pytest.mark.corpus
@pytest.mark.skipif(not ORGANISATIONS.is_file(), reason="the shared data sets are not beside the project")
def test_precision_and_recall_hold_on_the_fold_of_the_organisations_that_was_not_tuned_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two folds, both ways: the least score that is best on one is held against the other.

    This proves that the least score is no accident of the organisations it was chosen on, and no more. What
    the score is made of (the weights of phones and addresses, the words in ``alike.apart``) was devised
    looking at fold 0, but the figures of fold 1 were printed and read all the while, so neither fold is
    unseen. Within a fold there are fewer strangers to take for one another than in the whole, where the
    precision is lower; ``LEAST`` is held against the whole too.
    """
    with ORGANISATIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    points = {fold: curve([row for row in rows if fold_of(row["True Id"]) == fold]) for fold in (0, 1)}
    whole = curve(rows)
    with capsys.disabled():
        for said, found in (("fold 0", points[0]), ("fold 1", points[1]), ("whole", whole)):
            for least, (precision, recall) in found.items():
                print(f"\n{said}: least {least:.2f}  precision {precision:.3f}  recall {recall:.3f}", end="")
        for fold in (0, 1):
            least = tuned(points[fold])
            precision, recall = points[1 - fold][least]
            print(
                f"\ntuned on fold {fold}: least {least:.2f}; the other: {precision:.3f}, {recall:.3f}", end=""
            )
    for held in (points[1][tuned(points[0])], points[0][tuned(points[1])], whole[LEAST]):
        precision, recall = held
        assert precision >= 0.95
        assert recall >= 0.80
    for found in (*points.values(), whole):
        assert all(more[1] >= less[1] for more, less in pairwise(found.values()))


# Speed

SYLLABLES = (
    "an ber cor dan el for gran hol in jas kor lin mar nor os pel quin ros sol tor und ver wil xan yor zel"
)
KINDS = [
    "教育科技有限公司",
    "教育咨询有限公司",
    "贸易公司",
    "信息技术股份有限公司",
    " Systems Ltd",
    " Trading Co., Ltd.",
    " Foods Inc.",
]
CHARACTERS = (
    "晓光明德启航博雅思源华文新方远大卓越优学未来星辰海天致弘毅知行"
    "合金鹏翔宇瑞丰泰和安康宏达嘉禾百川众智云帆立信诚恒盛昌隆兴业润"
)


def many_names(count: int) -> list[str]:
    dice = random.Random(7)
    names: dict[str, None] = {}
    while len(names) < count:
        kind = dice.choice(KINDS)
        stem = dice.choices(SYLLABLES.split(), k=4) if kind.startswith(" ") else dice.choices(CHARACTERS, k=4)
        names["".join(stem) + kind] = None
        if len(names) % 50 == 0:  # one in fifty again with a letter lost
            names["".join(stem[:3]) + kind] = None
    return list(names)


def test_names_take_less_than_half_a_minute_per_hundred_thousand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = many_names(25_000)
    start, begun = time.process_time(), time.perf_counter()
    forms = sorted({form for form in map(customer, names) if form})
    pairs = alike(forms)
    cpu, wall = time.process_time() - start, time.perf_counter() - begun
    with capsys.disabled():
        print(f"\n{len(names):,} names, {len(pairs):,} pairs: {cpu:.1f} CPU-s, {wall:.1f} s", end="")
    assert cpu < 30 / 4
    assert pairs
