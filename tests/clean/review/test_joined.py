"""Orders that are joined of headers and lines are decided about where the doubted cell stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clean.review.test_decisions import case_of, decide, same, states
from tests.clean.sheets import sheet
from xlsales.clean.clean import clean
from xlsales.clean.review.decisions import Case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.clean.clean import Cleaned
    from xlsales.clean.review.decisions import Decision

HEADERS = """
    order_id | order_date | customer_id | rep
    A1       | 2026-03-01 | C1          | 李娜
    A2       | 2026-03-02 | C2          | 王芳
    A3       | 2062-03-03 | C3          | 王芳
"""
LINES = """
    line_id | order_id | product    | quantity | unit_price | amount
    1       | A1       | 钢琴       | 2        | 50         | 100
    2       | A1       | 声乐       | 1        | 300        | 30
    3       | A2       | 钢琴       | 3        | 50         | 150
    4       | A2       | 钢琴体验课 | 1        | 9          | 9
    5       | A3       | 钢琴       | 1        | 50         | 50
"""
ROSTER = "rep | joined\n李娜 |"


def both(said: Sequence[Decision] = (), headers: str = HEADERS, lines: str = LINES) -> Cleaned:
    return clean(
        [
            sheet("order_headers", headers, name="主表"),
            sheet("order_lines", lines, name="明细"),
            sheet("roster", ROSTER, name="花名册"),
        ],
        said,
    )


def rows(cleaned: Cleaned) -> list[tuple[str, float]]:
    orders = cleaned.tables["orders"]
    return list(zip(orders["order_id"], orders["amount"], strict=True))


FIRST = [("A1", 100), ("A1", 30), ("A2", 150), ("A2", 9), ("A3", 50)]


def test_a_case_is_of_the_half_that_has_the_cell() -> None:
    cleaned = both()
    assert rows(cleaned) == FIRST
    assert case_of(cleaned, "amount_mismatch") == Case("order_lines", "2", "amount", "30", "amount_mismatch")
    assert case_of(cleaned, "future_date") == Case(
        "order_headers", "A3", "order_date", "2062-03-03", "future_date"
    )
    assert case_of(cleaned, "unknown_rep") == Case("order_headers", "", "rep", "王芳", "unknown_rep")
    assert case_of(cleaned, "trial_order") == Case("order_lines", "", "product", "钢琴体验课", "trial_order")


def test_a_dropped_line_is_dropped_and_the_others_of_its_order_stay() -> None:
    said = [decide(case_of(both(), "amount_mismatch"), "drop", reviewer="经理")]
    cleaned = both(said)
    assert rows(cleaned) == [one for one in FIRST if one != ("A1", 30)]
    assert states(cleaned) == ["applied"]
    reconciled = {one.table: one for one in cleaned.reconciliations}
    assert [(one.rule, one.rows, one.amount) for one in reconciled["orders"].exclusions] == [
        ("decided", 1, 30)
    ]
    assert all(one.ties for one in cleaned.reconciliations)
    (issue,) = cleaned.issues.query("rule == 'decided'").to_dict("records")
    assert (issue["sheet"], issue["cell"], issue["suggestion"]) == ("明细", "F3", "经理")
    same(cleaned, both(said))


def test_a_dropped_header_drops_its_whole_order() -> None:
    cleaned = both([decide(case_of(both(), "future_date"), "drop")])
    assert rows(cleaned) == FIRST[:4]
    assert "line_without_order" not in set(cleaned.issues["rule"])


def test_corrections_act_on_the_half() -> None:
    before = both()
    said = [
        decide(case_of(before, "amount_mismatch"), "correct", "300"),
        decide(case_of(before, "future_date"), "correct", "2026-03-03"),
        decide(case_of(before, "unknown_rep"), "correct", "李娜"),
    ]
    cleaned = both(said)
    assert rows(cleaned) == [("A1", 100), ("A1", 300), *FIRST[2:]]
    assert cleaned.tables["orders"]["order_date"].max().year == 2026
    assert set(cleaned.tables["orders"]["rep"]) == {"李娜"}
    changes = cleaned.changes[["table", "cell", "before", "after"]]
    assert sorted(changes.to_numpy().tolist()) == [
        ["order_headers", "B4", "2062-03-03", "2026-03-03"],
        ["order_headers", "D3", "王芳", "李娜"],
        ["order_headers", "D4", "王芳", "李娜"],
        ["order_lines", "F3", "30", "300"],
    ]
    assert set(states(cleaned)) == {"applied"}
    same(cleaned, both(said[::-1]))


def test_an_accepted_header_is_settled_for_all_its_lines() -> None:
    cleaned = both([decide(Case("order_headers", "A2", "rep", "王芳", "unknown_rep"), "accept")])
    found = cleaned.issues.query("rule == 'unknown_rep'")
    assert found[["amount", "choice"]].to_numpy().tolist() == [[150, "accept"], [9, "accept"], [50, ""]]
    assert [(one.state, one.rows, one.amount) for one in cleaned.decisions] == [("applied", 2, 150 + 9)]


def test_a_text_on_lines_is_dropped_in_all_of_them() -> None:
    cleaned = both([decide(case_of(both(), "trial_order"), "drop")])
    assert rows(cleaned) == [one for one in FIRST if one != ("A2", 9)]
    assert states(cleaned) == ["applied"]


def test_a_dropped_line_takes_its_share_of_the_total_that_the_header_states() -> None:
    headers = "order_id | order_date | amount\nA1 | 2026-03-01 | 200\nA2 | 2026-03-02 | 318"
    lines = LINES.replace("    5       | A3       | 钢琴       | 1        | 50         | 50\n", "")
    before = both(headers=headers, lines=lines)
    trial = case_of(before, "trial_order")
    cleaned = both([decide(trial, "drop")], headers=headers, lines=lines)
    left = {(key, round(amount, 6)) for key, amount in rows(cleaned)}
    share = 318 * 150 / (150 + 9)
    assert left == {("A1", round(200 * 100 / 130, 6)), ("A1", round(200 * 30 / 130, 6)), ("A2", share)}


def test_a_line_that_stands_twice_is_dropped_before_its_header_is_spread() -> None:
    headers = "order_id | order_date | amount\nA1 | 2026-03-01 | 100\nA2 | 2026-03-02 | 60"
    lines = "order_id | product | amount\nA1 | 钢琴 | 100\nA1 | 钢琴 | 100\nA2 | 声乐 | 60"
    again = case_of(both(headers=headers, lines=lines), "possible_duplicate")
    cleaned = both([decide(again, "drop")], headers=headers, lines=lines)
    assert rows(cleaned) == [("A1", 100), ("A2", 60)]


def test_blanking_the_decisions_restores_what_was() -> None:
    before = both()
    both([decide(case_of(before, "amount_mismatch"), "drop")])
    same(before, both())
