"""One decision about a text that a rule doubts settles it in all rows, and one about a row goes before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.clean.review.test_decisions import amounts, decide, same, states
from tests.clean.sheets import sheet
from xlsales.clean.clean import clean
from xlsales.clean.review.cases import cases_of, choices, open_cases
from xlsales.clean.review.decisions import Case

if TYPE_CHECKING:
    from xlsales.clean.clean import Cleaned

ORDERS = """
    order_id | order_date | rep  | product    | amount
    O1       | 2026-10-01 | 王芳 | 钢琴       | 100
    O2       | 2026-10-02 | 张三 | 钢琴       | 200
    O3       | 2026-10-03 | 张三 | 声乐       | 400
    O4       | 2026-10-04 | 李四 | 声乐       | 800
    O5       | 2026-10-05 | 张三 | 钢琴体验课 | 1600
    O6       | 2026-09-01 | 离去 | 钢琴       | 3200
    O7       | 2026-10-07 | 离去 | 钢琴       | 6400
"""
ROSTER = "rep | joined | left\n王芳 | 2025-01-01 |\n离去 | 2025-01-01 | 2026-09-30"
RAWS = [sheet("orders", ORDERS), sheet("roster", ROSTER, name="花名册")]
UNKNOWN = Case("orders", "", "rep", "张三", "unknown_rep")
LEFT = Case("orders", "", "rep", "离去", "rep_not_there")
ALL = {"O1": 100, "O2": 200, "O3": 400, "O4": 800, "O5": 1600, "O6": 3200, "O7": 6400}


def open_(cleaned: Cleaned) -> list[tuple[object, ...]]:
    """Rule, text, rows and money of the open cases."""
    decided = [one.decision.case.id for one in cleaned.decisions]
    shown = open_cases(cleaned.issues, decided)[["rule", "value", "rows", "amount"]]
    return list(shown.itertuples(index=False, name=None))


def test_all_rows_of_a_doubted_text_are_one_case_with_their_money() -> None:
    assert open_(clean(RAWS)) == [
        ("rep_not_there", "离去", 1, 6400),
        ("unknown_rep", "张三", 3, 200 + 400 + 1600),
        ("trial_order", "钢琴体验课", 1, 1600),
        ("unknown_rep", "李四", 1, 800),
    ]
    assert UNKNOWN in set(cases_of(open_cases(clean(RAWS).issues)))


def test_an_acceptance_settles_all_rows() -> None:
    cleaned = clean(RAWS, [decide(UNKNOWN, "accept")])
    assert amounts(cleaned) == ALL
    assert [one[1] for one in open_(cleaned)] == ["离去", "钢琴体验课", "李四"]
    (settled,) = cleaned.decisions
    assert (settled.state, settled.rows, settled.amount) == ("applied", 3, 2200)
    assert len(cleaned.open_issues) == len(clean(RAWS).open_issues) - 3


def test_a_correction_reads_another_text_in_all_rows() -> None:
    cleaned = clean(RAWS, [decide(UNKNOWN, "correct", "王芳", reviewer="经理")])
    orders = cleaned.tables["orders"]
    assert orders.groupby("rep")["amount"].sum()["王芳"] == 100 + 200 + 400 + 1600
    changed = cleaned.changes[cleaned.changes["rule"] == "decided"]
    assert changed[["cell", "before", "after", "origin"]].to_numpy().tolist() == [
        [f"C{row}", "张三", "王芳", "经理"] for row in (3, 4, 6)
    ]
    assert states(cleaned) == ["applied"]


def test_a_drop_leaves_out_the_rows_that_the_rule_names_and_no_other_of_the_text() -> None:
    cleaned = clean(RAWS, [decide(LEFT, "drop", reviewer="经理")])
    assert amounts(cleaned) == {key: value for key, value in ALL.items() if key != "O7"}
    (reconciled,) = (one for one in cleaned.reconciliations if one.table == "orders")
    assert [(one.rule, one.rows, one.amount) for one in reconciled.exclusions] == [("decided", 1, 6400)]
    assert reconciled.ties
    assert [(one.state, one.rows, one.amount) for one in cleaned.decisions] == [("applied", 1, 6400)]
    assert cleaned.issues.query("rule == 'decided'")["suggestion"].tolist() == ["经理"]
    same(cleaned, clean(RAWS, [decide(LEFT, "drop", reviewer="经理")]))


def test_a_drop_is_gone_where_the_rule_doubts_the_text_no_more() -> None:
    known = sheet("roster", ROSTER + "\n张三 | |", name="花名册")
    cleaned = clean([RAWS[0], known], [decide(UNKNOWN, "drop")])
    assert amounts(cleaned) == ALL
    assert states(cleaned) == ["gone"]


@pytest.mark.parametrize("choice", ["accept", "drop"])
def test_what_is_said_about_one_row_holds_against_what_is_said_about_its_text(choice: str) -> None:
    single = Case("orders", "O3", "rep", "张三", "unknown_rep")
    said = [decide(UNKNOWN, "correct", "王芳"), decide(single, choice)]  # type: ignore[arg-type]
    cleaned = clean(RAWS, said)
    by_id = {one.decision.key: one for one in cleaned.decisions}
    assert {one.state for one in cleaned.decisions} == {"applied"}
    assert (by_id[""].rows, by_id[""].apart) == (2, 1)
    orders = cleaned.tables["orders"].set_index("order_id")["rep"]
    assert orders["O2"] == orders["O5"] == "王芳"
    assert ("O3" in orders) == (choice == "accept")
    same(cleaned, clean(RAWS, said[::-1]))


def test_a_row_that_is_dropped_by_itself_beside_a_text_that_is_accepted_is_told() -> None:
    single = Case("orders", "O3", "rep", "张三", "unknown_rep")
    cleaned = clean(RAWS, [decide(UNKNOWN, "accept"), decide(single, "correct", "王芳")])
    assert cleaned.tables["orders"]["rep"].tolist().count("王芳") == 2
    assert [(one.decision.key, one.rows, one.apart) for one in cleaned.decisions] == [
        ("", 2, 1), ("O3", 1, 0),
    ]  # fmt: skip


def test_a_correction_of_a_text_to_another_doubted_one_is_decided_about_as_that() -> None:
    other = replace(UNKNOWN, old="李四")
    said = [decide(UNKNOWN, "correct", "李四"), decide(other, "correct", "王芳")]
    for order in (said, said[::-1]):
        cleaned = clean(RAWS, order)
        assert set(cleaned.tables["orders"]["rep"]) == {"王芳", "离去"}
        assert set(states(cleaned)) == {"applied"}


def test_two_decisions_about_one_text_that_contradict_each_other_hold_neither() -> None:
    cleaned = clean(RAWS, [decide(UNKNOWN, "accept"), decide(UNKNOWN, "drop")])
    assert states(cleaned) == ["conflict", "conflict"]
    assert amounts(cleaned) == ALL
    assert cleaned.issues["rule"].tolist().count("conflicting_decisions") == 1


def test_what_cannot_be_done_about_all_rows_of_a_text_is_reported_once() -> None:
    cleaned = clean(RAWS, [decide(LEFT, "correct", "王芳")])
    assert states(cleaned) == ["unfit"]
    assert cleaned.issues["rule"].tolist().count("unfit_decision") == 1
    assert "correct" not in choices(LEFT)


def test_new_rows_of_a_text_are_settled_too() -> None:
    more = sheet("orders", ORDERS.rstrip() + "\n    O8 | 2026-10-08 | 张三 | 钢琴 | 12800")
    cleaned = clean([more, RAWS[1]], [decide(UNKNOWN, "correct", "王芳")])
    assert cleaned.tables["orders"].query("rep == '王芳'")["amount"].sum() == 100 + 2200 + 12800


def test_what_was_said_about_one_row_of_a_text_that_a_correction_puts_there_holds() -> None:
    single = Case("orders", "O3", "rep", "李四", "unknown_rep")
    said = [
        decide(UNKNOWN, "correct", "李四"),
        decide(single, "drop"),
        decide(replace(UNKNOWN, old="李四"), "accept"),
    ]
    cleaned = clean(RAWS, said)
    assert amounts(cleaned) == {key: value for key, value in ALL.items() if key != "O3"}
    assert [(one.decision.key, one.state, one.rows, one.apart) for one in cleaned.decisions] == [
        ("", "applied", 3, 0), ("", "applied", 3, 1), ("O3", "applied", 1, 0),
    ]  # fmt: skip
