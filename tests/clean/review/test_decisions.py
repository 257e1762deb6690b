"""Decisions hold wherever their rows have gone, and are gone when they are taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from tests.clean.sheets import raw, sheet
from xlsales.clean.clean import clean
from xlsales.clean.review.cases import cases_of, choices
from xlsales.clean.review.decisions import CHOICES, Case, Decision, decisions_of
from xlsales.language import LANGUAGES, text
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.clean.clean import Cleaned
    from xlsales.clean.review.decisions import Choice
    from xlsales.language import Language
    from xlsales.tables.spec import RawTable

ORDERS = """
    order_id | order_date | customer | quantity | unit_price | amount
    O1       | 2026-10-01 | 甲       | 1        | 100        | 100
    O2       | 2026-10-02 | 乙       | 2        | 50         | 900
    O3       | 2026-10-32 | 丙       | 1        | 30         | 30
    O4       | 2026-10-04 | 丁       | 1        | 40         | 四十
    O5       | 2026-10-05 | 戊       | 1        | 50         | 50
    O5       | 2026-10-05 | 戊       | 1        | 50         | 50
    O6       | 2026-10-06 | 己       | 1        | 60         | 60
    O7       | 2026-10-07 | 庚       | 1        | 70         | 70
"""
"""O2 is 800 above 2 x 50, O3 and O4 cannot be read where they must, the second O5 is a duplicate."""


def case_of(cleaned: Cleaned, rule: str, at: int = 0) -> Case:
    """The ``at``-th case of a rule, from the top."""
    issues = cleaned.issues[(cleaned.issues["rule"] == rule) & (cleaned.issues["case"] != "")]
    return list(cases_of(issues))[at]


def decide(case: Case, choice: Choice, value: str = "", **more: str) -> Decision:
    return Decision(case.table, case.key, case.field, case.old, case.rule, choice, value, **more)


def amounts(cleaned: Cleaned, table: str = "orders") -> dict[str, float]:
    frame = cleaned.tables[table]
    return dict(zip(frame["order_id"], frame["amount"], strict=True))


def states(cleaned: Cleaned) -> list[str]:
    return [one.state for one in cleaned.decisions]


def same(one: Cleaned, other: Cleaned) -> None:
    """Nothing differs but for what remembers decisions."""
    for key, frame in one.tables.items():
        assert_frame_equal(frame, other.tables[key])
    assert_frame_equal(one.issues, other.issues)
    assert one.reconciliations == other.reconciliations
    assert_frame_equal(one.changes, other.changes)


def ordered(raw_table: RawTable, order: Sequence[int]) -> RawTable:
    """The same sheet with its rows in another order."""
    frame = raw_table.frame.iloc[list(order)].set_axis(raw_table.frame.index[: len(order)])
    return replace(raw_table, frame=frame)


def test_a_case_is_known_by_the_id_of_its_row_and_by_what_stands_there() -> None:
    assert case_of(clean([sheet("orders", ORDERS)]), "amount_mismatch") == Case(
        "orders", "O2", "amount", "900", "amount_mismatch"
    )


def test_every_case_has_an_id_of_its_own() -> None:
    issues = clean([sheet("orders", ORDERS)]).issues
    ids = issues.loc[issues["case"] != "", "case"]
    assert len(ids) == 4
    assert ids.is_unique
    assert ids.str.fullmatch("[0-9a-f]{12}").all()


def test_a_correction_goes_through_the_parser_of_its_column() -> None:
    orders = sheet("orders", ORDERS)
    wrong = case_of(clean([orders]), "unreadable_number")
    cleaned = clean([orders], [decide(wrong, "correct", "￥0.004万", reviewer="王芳")])
    assert amounts(cleaned)["O4"] == 40
    assert states(cleaned) == ["applied"]
    assert "unreadable_number" not in set(cleaned.issues["rule"])
    assert cleaned.changes.to_dict("records") == [
        {
            "table": "orders", "source": "book.xlsx", "sheet": "Sheet1", "cell": "F5", "field": "amount",
            "before": "四十", "after": "￥0.004万", "rule": "decided", "origin": "王芳", "times": 1,
        }
    ]  # fmt: skip


def test_a_correction_that_cannot_be_read_names_its_case() -> None:
    orders = sheet("orders", ORDERS)
    wrong = case_of(clean([orders]), "impossible_date")
    cleaned = clean([orders], [decide(wrong, "correct", "2026-10-33")])
    (issue,) = cleaned.issues[cleaned.issues["field"] == "order_date"].to_dict("records")
    assert (issue["rule"], issue["action"], issue["cell"]) == ("unreadable_correction", "excluded", "B4")
    assert (issue["value"], issue["suggestion"]) == ("2026-10-33", wrong.id)
    assert "O3" not in amounts(cleaned)
    assert cleaned.reconciliations[0].ties


def test_a_corrected_excel_error_is_a_value() -> None:
    orders = sheet("orders", "order_id | order_date | amount\nO1 | 2026-10-01 | \nO2 | 2026-10-02 | 5")
    orders = replace(orders, errors=((2, "amount"),))
    wrong = case_of(clean([orders]), "excel_error")
    assert amounts(clean([orders], [decide(wrong, "correct", "7")])) == {"O1": 7, "O2": 5}


def test_a_dropped_row_is_reconciled_with_its_value() -> None:
    orders = sheet("orders", ORDERS)
    wrong = case_of(clean([orders]), "amount_mismatch")
    cleaned = clean([orders], [decide(wrong, "drop", reviewer="王芳", note="测试单")])
    assert "O2" not in amounts(cleaned)
    (reconciled,) = cleaned.reconciliations
    assert next((one.rule, one.rows, one.amount) for one in reconciled.exclusions) == ("decided", 1, 900)
    assert reconciled.ties
    (issue,) = cleaned.issues[cleaned.issues["rule"] == "decided"].to_dict("records")
    assert (issue["cell"], issue["suggestion"], issue["amount"]) == ("F3", "王芳 · 测试单", 900)


def test_an_accepted_finding_is_no_longer_open_and_changes_nothing() -> None:
    orders = sheet("orders", ORDERS)
    before = clean([orders])
    cleaned = clean([orders], [decide(case_of(before, "amount_mismatch"), "accept")])
    assert len(cleaned.open_issues) == len(before.open_issues) - 1
    same(before, replace(cleaned, issues=before.issues))
    assert cleaned.issues.loc[cleaned.issues["rule"] == "amount_mismatch", "choice"].tolist() == ["accept"]


def test_a_deferred_finding_stays_open_and_says_so() -> None:
    orders = sheet("orders", ORDERS)
    before = clean([orders])
    cleaned = clean([orders], [decide(case_of(before, "amount_mismatch"), "defer")])
    assert len(cleaned.open_issues) == len(before.open_issues)
    assert cleaned.issues.loc[cleaned.issues["rule"] == "amount_mismatch", "choice"].tolist() == ["defer"]


def test_a_kept_duplicate_counts_although_the_rule_leaves_it_out() -> None:
    orders = sheet("orders", ORDERS)
    again = case_of(clean([orders]), "duplicate")
    cleaned = clean([orders], [decide(again, "keep")])
    assert cleaned.tables["orders"]["order_id"].tolist().count("O5") == 2
    assert cleaned.reconciliations[0].ties
    assert cleaned.issues.loc[cleaned.issues["rule"] == "duplicate", "choice"].tolist() == ["keep"]


def test_of_rows_that_are_the_same_each_can_be_decided_about() -> None:
    rows = "\n".join(["2026-10-01 | 甲 | 5"] * 3)
    orders = sheet("orders", f"order_date | customer | amount\n{rows}")
    before = clean([orders])
    second, third = (case_of(before, "possible_duplicate", at) for at in (0, 1))
    assert second.key != third.key
    cleaned = clean([orders], [decide(third, "drop")])
    assert cleaned.tables["orders"][ROW].tolist() == [2, 3]
    assert cleaned.issues.loc[cleaned.issues["rule"] == "possible_duplicate", "case"].tolist() == [second.id]


def test_a_dropped_possible_duplicate_whose_twin_is_gone_stays() -> None:
    rows = "order_date | customer | amount\n2026-10-01 | 甲 | 5\n2026-10-01 | 甲 | 5"
    orders = sheet("orders", rows)
    dropped = decide(case_of(clean([orders]), "possible_duplicate"), "drop")
    cleaned = clean([ordered(orders, [0])], [dropped])
    assert len(cleaned.tables["orders"]) == 1
    assert states(cleaned) == ["gone"]


@pytest.mark.parametrize("changed", ["900.0", "901"])
def test_a_decision_waits_where_the_cell_says_something_else(changed: str) -> None:
    orders = sheet("orders", ORDERS)
    dropped = decide(case_of(clean([orders]), "amount_mismatch"), "drop")
    cleaned = clean([sheet("orders", ORDERS.replace("| 900", f"| {changed}"))], [dropped])
    assert states(cleaned) == ["gone"]
    assert amounts(cleaned)["O2"] == float(changed)


def test_an_acceptance_is_gone_where_nothing_is_found_any_more() -> None:
    orders = sheet("orders", ORDERS)
    accepted = decide(case_of(clean([orders]), "amount_mismatch"), "accept")
    assert states(
        clean([sheet("orders", ORDERS.replace("| 2        | 50", "| 2        | 450"))], [accepted])
    ) == ["gone"]


def test_decisions_that_contradict_each_other_are_reported_and_none_holds() -> None:
    orders = sheet("orders", ORDERS)
    before = clean([orders])
    wrong = case_of(before, "amount_mismatch")
    other = replace(wrong, rule="unreadable_number")
    cleaned = clean([orders], [decide(wrong, "drop"), decide(other, "correct", "100")])
    assert states(cleaned)[0] == "conflict"
    assert amounts(cleaned)["O2"] == 900
    (issue,) = cleaned.issues[cleaned.issues["rule"] == "conflicting_decisions"].to_dict("records")
    assert (issue["cell"], issue["value"]) == ("F3", "900")
    assert issue["suggestion"] == f"{wrong.id} / {other.id}"


def test_two_corrections_to_the_same_value_are_one() -> None:
    orders = sheet("orders", ORDERS)
    wrong = case_of(clean([orders]), "amount_mismatch")
    said = [decide(one, "correct", "100") for one in (wrong, replace(wrong, rule="unreadable_number"))]
    assert amounts(clean([orders], said))["O2"] == 100


@pytest.mark.parametrize(
    ("rule", "choice", "value"),
    [("amount_mismatch", "correct", ""), ("amount_mismatch", "keep", ""), ("unreadable_number", "drop", ""),
     ("duplicate", "correct", "O8"), ("duplicate", "drop", "")],
)  # fmt: skip
def test_what_cannot_be_done_about_a_case_is_reported(rule: str, choice: Choice, value: str) -> None:
    orders = sheet("orders", ORDERS)
    before = clean([orders])
    case = case_of(before, rule)
    cleaned = clean([orders], [decide(case, choice, value)])
    assert states(cleaned) == ["unfit"]
    (issue,) = cleaned.issues[cleaned.issues["rule"] == "unfit_decision"].to_dict("records")
    assert issue["suggestion"] == case.id
    assert amounts(cleaned) == amounts(before)


def test_what_is_said_of_a_corrected_value_holds_as_long_as_the_correction_does() -> None:
    orders = sheet("orders", ORDERS.replace("| 900", "| 100"))
    first = decide(case_of(clean([orders]), "unreadable_number"), "correct", "44")
    then = case_of(clean([orders], [first]), "amount_mismatch")
    assert then.old == "44"
    second = decide(then, "correct", "40")
    assert amounts(clean([orders], [second, first]))["O4"] == 40
    assert states(clean([orders], [second])) == ["gone"]


ALL = (("amount_mismatch", "drop", ""), ("unreadable_number", "correct", "40"),
       ("impossible_date", "correct", "2026-10-31"), ("duplicate", "keep", ""))  # fmt: skip


def all_decided(cleaned: Cleaned) -> list[Decision]:
    return [decide(case_of(cleaned, rule), choice, value) for rule, choice, value in ALL]  # type: ignore[arg-type]


def test_a_second_refresh_gives_the_decided_result_and_none_gives_the_first() -> None:
    orders = sheet("orders", ORDERS)
    before = clean([orders])
    decided = all_decided(before)
    result = clean([orders], decided)
    assert amounts(result) == {"O1": 100, "O3": 30, "O4": 40, "O5": 50, "O6": 60, "O7": 70}
    same(result, clean([orders], decided))
    same(result, clean([orders], decided[::-1]))
    same(before, clean([orders], []))


@settings(deadline=None, max_examples=8)
@given(order=st.permutations(range(8)))
def test_decisions_go_with_their_rows_however_these_are_sorted(order: list[int]) -> None:
    orders = sheet("orders", ORDERS)
    decided = all_decided(clean([orders]))
    result = clean([ordered(orders, order)], decided)
    assert amounts(result) == {"O1": 100, "O3": 30, "O4": 40, "O5": 50, "O6": 60, "O7": 70}
    assert len(result.tables["orders"]) == 7
    assert set(states(result)) == {"applied"}


def test_decisions_hold_when_rows_are_added_also_with_the_same_id() -> None:
    orders = sheet("orders", ORDERS)
    before = clean([orders])
    more = sheet("orders", ORDERS.rstrip() + """
    O8       | 2026-10-08 | 辛       | 1        | 80         | 80
    O2       | 2026-10-09 | 乙       | 1        | 20         | 20""")  # fmt: skip
    result = clean([more], all_decided(before))
    assert set(states(result)) == {"applied"}
    assert result.tables["orders"]["amount"].sum() == 100 + 30 + 40 + 50 + 50 + 60 + 70 + 80 + 20
    open_still = decide(case_of(before, "amount_mismatch"), "defer")
    (issue,) = clean([more], [open_still]).issues.query("rule == 'amount_mismatch'").to_dict("records")
    assert (issue["case"], issue["choice"]) == (open_still.case.id, "defer")


def test_rows_without_an_id_are_known_by_their_texts_whatever_columns_others_bring() -> None:
    targets = sheet("targets", "period | rep | target\n2026-10 | 甲 | -5\n2026-11 | 乙 | 5")
    dropped = decide(case_of(clean([targets]), "negative_target"), "drop")
    assert dropped.key.startswith("row:")
    other = sheet("targets", "period | team | target\n2026-10 | 一队 | 9", name="Sheet2")
    noted = replace(targets, rest=pd.Series([7, 8], index=targets.frame.index, dtype="uint64"))
    cleaned = clean([other, noted], [dropped])
    assert sorted(cleaned.tables["targets"]["target"]) == [5, 9]


CELLS = st.sampled_from(["5", "5", "7", "-3", "五", "", "1e3"])
DAYS = st.sampled_from(["2026-10-01", "2026-10-02", "2026-13-01", "someday", ""])
IDS = st.sampled_from(["O1", "O2", "O3", ""])


@st.composite
def decided_books(draw: st.DrawFn) -> tuple[RawTable, list[Decision]]:
    rows = draw(st.lists(st.tuples(IDS, DAYS, CELLS), min_size=1, max_size=9))
    names = ("order_id", "order_date", "amount")
    orders = raw("orders", {name: [row[at] or None for row in rows] for at, name in enumerate(names)})
    issues = clean([orders]).issues
    known = list(cases_of(issues[issues["case"] != ""]))
    said = (
        st.tuples(st.sampled_from(known), st.sampled_from(CHOICES), CELLS | DAYS) if known else st.nothing()
    )
    decided = draw(st.lists(said, max_size=8)) if known else []
    return orders, [decide(case, choice, value) for case, choice, value in decided]


@settings(deadline=None, max_examples=15)
@given(decided_books())
def test_whatever_is_decided_nothing_gets_lost(book: tuple[RawTable, list[Decision]]) -> None:
    orders, decided = book
    cleaned = clean([orders], decided)
    (reconciled,) = cleaned.reconciliations
    filled = orders.frame.notna().any(axis=1)
    assert reconciled.ties
    assert reconciled.rows_in == filled.sum()
    assert reconciled.rows_out == len(cleaned.tables["orders"])
    excluded = cleaned.issues[cleaned.issues["action"] == "excluded"]
    gone = set(orders.frame.index[filled]) - set(cleaned.tables["orders"][ROW])
    assert gone <= set(excluded["cell"].str.extract(r"(\d+)")[0].astype(int))
    assert len(cleaned.decisions) == len(set(decided))
    same(cleaned, clean([orders], decided[::-1]))
    assert cleaned.tables["orders"][SOURCE].eq("book.xlsx!Sheet1").all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_filled_in_either_language_is_understood(lang: Language) -> None:
    case = Case("orders", "O2", "amount", "900", "amount_mismatch")
    for choice in CHOICES:
        said = {
            "choice": f" {text(lang, f'choices.{choice}')} ",
            "value": "7",
            "reviewer": "王芳",
            "note": "核",
        }
        assert decisions_of({case.id: said}, [case]) == (
            decide(case, choice, "7", reviewer="王芳", note="核"),
        )


def test_the_sheet_wins_for_what_is_on_it_and_memory_keeps_the_rest() -> None:
    cases = [Case("orders", f"O{number}", "amount", "9", "amount_mismatch") for number in range(4)]
    remembered = [decide(case, "drop") for case in cases[:3]]
    rows = {cases[0].id: {"choice": ""}, cases[1].id: {"choice": "接受"}, cases[3].id: {"choice": "defer"}}
    assert decisions_of(rows, [], remembered) == (
        decide(cases[1], "accept"), decide(cases[2], "drop"),
        Decision("", cases[3].id, "", "", "", "defer"),
    )  # fmt: skip
    assert decisions_of({}, cases, remembered) == tuple(remembered)


def test_nothing_that_was_written_is_lost() -> None:
    case = Case("orders", "O2", "amount", "900", "amount_mismatch")

    def said(**cells: str) -> Decision:
        (decision,) = decisions_of({case.id: cells}, [case])
        return decision

    assert said(value="100") == decide(case, "correct", "100")
    assert said(note="问过了") == decide(case, "defer", note="问过了")
    assert said(choice="OK", value="1", note="n") == decide(case, "defer", "1", note="OK · n")


def test_what_can_be_decided_depends_on_whether_the_row_counts() -> None:
    assert choices(Case("orders", "O", "amount", "9", "amount_mismatch")) == (
        "accept", "correct", "drop", "defer",
    )  # fmt: skip
    assert choices(Case("orders", "O", "amount", "x", "unreadable_number")) == ("accept", "correct", "defer")
    assert choices(Case("orders", "O", "discount", "x", "unreadable_number")) == (
        "accept", "correct", "drop", "defer",
    )  # fmt: skip
    assert choices(Case("orders", "O", "order_id", "O", "duplicate")) == ("accept", "keep", "defer")
    assert choices(Case("orders", "O", "order_id", "O", "possible_duplicate")) == ("accept", "drop", "defer")
    for nothing in ("skipped_row", "ambiguous_dates", "decided", "no such rule"):
        assert choices(Case("orders", "O", "amount", "x", nothing)) == ()
