"""What cannot be so is pointed out at its cell; a check that lacks its input is silent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tests.clean.sheets import raw, sheet
from xlsales.clean.clean import clean
from xlsales.tables.specs import table

LEADS = "lead_id | created | contacted | trial | won | lost | lost_reason | amount | stage\n"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("L1|2026-03-01|2026-03-02|2026-03-05|2026-03-09|||100|won", []),
        ("L1|2026-03-01||2026-03-05|2026-03-05|||100|won", []),
        ("L1|2026-03-01 15:30|2026-03-01|2026-03-05|2026-03-05|||100|won", []),
        ("L1|2026-03-01|2026-02-28|||||100|contacted", [("stage_backwards", "C2", "≥ 2026-03-01")]),
        ("L1|2026-03-01|2026-03-08|2026-03-05||||100|trial", [("stage_backwards", "D2", "≥ 2026-03-08")]),
        ("L1|2026-03-01||||2026-02-01|贵|100|lost", [("stage_backwards", "F2", "≥ 2026-03-01")]),
        ("L1|2026-03-01||||2026-03-05||100|lost", [("lost_without_reason", "G2", "")]),
        ("L1|2026-03-01|||2026-03-05|||0|won", [("won_without_amount", "H2", "")]),
        ("L1|2026-03-01|||2026-03-05||||won", [("won_without_amount", "H2", "")]),
    ],
)
def test_a_lead_goes_forward_and_ends_with_what_belongs_to_it(row: str, found: list[Any]) -> None:
    issues = clean([sheet("leads", LEADS + row)]).issues
    assert list(issues[["rule", "cell", "suggestion"]].itertuples(index=False, name=None)) == found


def test_a_sheet_without_the_column_is_not_asked_for_it() -> None:
    rows = "L1 | 2026-03-01 | 2026-03-05 | | won\nL2 | 2026-03-01 | | 2026-03-05 | lost"
    rows = f"lead_id | created | won | lost | stage\n{rows}"
    assert clean([sheet("leads", rows)]).issues.empty


ORDERS = "order_id | order_date | amount | rep | product\nO1 | 2026-03-10 | 100 | 陈静 | 钢琴"


def told(*raws: Any) -> list[tuple[str, str, str, float]]:
    issues = clean(raws).issues
    return list(issues[["rule", "cell", "suggestion", "amount"]].itertuples(index=False, name=None))


def test_a_payment_is_no_larger_and_no_earlier_than_its_order() -> None:
    paid = "order_id | paid_date | amount\nO1|2026-03-10|100\nO1|2026-03-11|100.01\nO1|2026-03-09|50"
    assert [one[:3] for one in told(sheet("orders", ORDERS), sheet("payments", paid, name="收款"))] == [
        ("overpaid", "C3", "≤ 100"),
        ("before_order", "B4", "≥ 2026-03-10"),
    ]


def test_a_contract_ends_after_it_starts() -> None:
    rows = "contract_id | start | end | amount\nK1|2026-03-01|2026-02-01|9\nK2|2026-03-01|2026-03-01|9"
    assert told(sheet("contracts", rows)) == [("contract_backwards", "C2", "≥ 2026-03-01", 9)]


def test_products_and_reps_are_known_whatever_their_width_and_case() -> None:
    products = sheet("products", "product | list_price\nＰiano A | 100", name="课程")
    roster = sheet(
        "roster",
        "rep | joined | left\n陈静 | 2026-04-01 |\n王芳 | | 2026-03-01\n王芳 | 2026-03-15 |",
        name="人员",
    )
    orders = """
    order_date | amount | rep | product
    2026-03-10 | 90 | 李明 | piano a
    2026-03-10 | 90 | 陈静 | PIANO A
    2026-03-10 | 90 | 王芳 | violin
    2026-04-01 | 90 | 陈静 |
    2026-03-15 | 90 | 王芳 |
    2026-03-15 | 90 | |
    """
    assert told(sheet("orders", orders), products, roster) == [
        ("unknown_product", "D4", "", 90),
        ("unknown_rep", "C2", "", 90),
        ("rep_not_there", "C3", "2026-04-01–", 90),
        ("rep_not_there", "C4", "–2026-03-01; 2026-03-15–", 90),
    ]


def test_a_renewal_renews_something_where_the_data_reach_back_a_year() -> None:
    rows = """
    order_id | order_date | customer_id | amount | type
    O1 | 2025-01-01 | C1 | 9 | 新签
    O2 | 2025-06-01 | C2 | 9 | 续费
    O3 | 2026-03-01 | C1 | 9 | 续费
    O4 | 2026-03-01 | C3 | 9 | 续费
    """
    assert told(sheet("orders", rows)) == [("renewal_of_nothing", "E5", "", 9)]


def test_a_day_far_beyond_the_data_is_a_slip_and_next_month_is_not() -> None:
    rows = "".join(f"2026-0{1 + at % 9}-{1 + at % 28:02} | 100\n" for at in range(120))
    assert told(sheet("orders", f"order_date | amount\n{rows}2026-10-01 | 500")) == []
    found = told(sheet("orders", f"order_date | amount\n{rows}2062-10-01 | 500"))
    assert [one[:2] for one in found] == [("future_date", "A122")]


@pytest.mark.parametrize(
    ("row", "found"),
    [("钢琴体验课 | 客 | 99", True), ("Piano trial | 客 | 99", True), ("钢琴 | test | 900", True),
     ("钢琴 | 客 | 0.01", True),
     ("钢琴 | 客 | 1", True), ("钢琴 | 客 | 1.01", False), ("Contest | 客 | 900", False)],
)  # fmt: skip
def test_trials_and_tests_are_pointed_out_and_count(row: str, found: bool) -> None:
    rows = "\n".join("2026-10-01 | 钢琴 | 客 | 900" for _ in range(3))
    cleaned = clean(
        [sheet("orders", f"order_date | product | customer | amount\n{rows}\n2026-10-01 | {row}")]
    )
    assert ("trial_order" in set(cleaned.issues["rule"])) == found
    assert len(cleaned.tables["orders"]) == 4


IDS = st.sampled_from([None, "O1", "O2", "0"])
DAYS = st.sampled_from([None, "2026-01-05", "2026-02-05", "1900-01-01", "2062-01-01"])
MONEY = st.sampled_from([None, "0", "0.01", "100", "-5", "9999999"])
WHO = st.sampled_from([None, "王芳", "未知", "test"])
LINES = st.lists(st.tuples(IDS, DAYS, MONEY, WHO, WHO), max_size=8)


RULES = "rule | condition | action | value\n大 | 金额 > 50 | 封顶 | 50\n测 | 客户 = test | 剔除 |"


def books(lines: list[tuple[Any, ...]], more: list[tuple[Any, ...]]) -> list[Any]:
    def columns(rows: list[tuple[Any, ...]], names: str) -> dict[str, list[Any]]:
        return {name: [row[at] for row in rows] for at, name in enumerate(names.split())}

    orders = "order_id order_date amount customer rep"
    return [
        raw("orders", columns(lines, orders), name="a", source="1.csv"),
        raw("orders", columns(more, orders), name="b", source="2.csv"),
        raw("orders", columns(more, orders), name="备份", source="2.csv"),
        raw("payments", columns(more, "order_id paid_date amount"), name="p"),
        raw("leads", columns(more, "lead_id created amount customer rep"), name="l"),
        sheet("roster", "rep | joined | left\n王芳 | 2026-02-01 | ", name="r"),
        sheet(
            "rules",
            "rule | condition | action | value\n大 | 金额 > 50 | 封顶 | 50\n测 | 客户 = test | 剔除 |",
            name="规则",
        ),
    ]


@settings(deadline=None, max_examples=6)
@given(LINES, LINES, st.randoms(use_true_random=False))
def test_whatever_stands_there_all_ties_out_and_order_means_nothing(lines: Any, more: Any, dice: Any) -> None:
    raws = books(lines, more)
    before = [one.frame.copy() for one in raws]
    cleaned = clean(raws)
    for one, frame in zip(raws, before, strict=True):
        assert_frame_equal(one.frame, frame)
    assert all(done.ties for done in cleaned.reconciliations)
    shuffled = list(lines)
    dice.shuffle(shuffled)
    turned = books(shuffled, more)
    dice.shuffle(turned)
    again = clean(turned)
    for key, frame in cleaned.tables.items():
        names = [column.name for column in table(key).columns]
        assert sorted(map(repr, frame[names].to_numpy().tolist())) == sorted(
            map(repr, again.tables[key][names].to_numpy().tolist())
        )
