"""The growth page states what its bridges say, and no more than the data can tell."""

from __future__ import annotations

import pytest

from tests.report.pages.books import LAST, PLENTY, orders, page, report, said, shown
from tests.report.pages.test_headlines import k
from xlsales.language import LANGUAGES
from xlsales.report.blocks import Chart, Note, Table

SOLD = sum(1000 * place + 100 * LAST for place in (1, 2, 3))
BEFORE = sum(1000 * place + 100 * (LAST - 1) for place in (1, 2, 3))
COUNTED = {
    **PLENTY,
    # Twice as many in October of what costs half as much: only the volume is no change of the price.
    "orders": [
        {**row, "quantity": "2" if row["order_date"].startswith("2026-10") else "1"} for row in orders()
    ],
}


def growth(name: str, lang: str = "en"):
    return shown(name, "growth", lang)


def blocks(of, kind: type):
    return [placed.block for band in of.bands for placed in band if isinstance(placed.block, kind)]


def test_without_quantities_it_names_no_cause() -> None:
    made = growth("an ordinary book")
    assert said(made.headline) == (
        f"Oct 2026 sales {k(SOLD)}, +¥{SOLD - BEFORE} on the period before (▲ +{SOLD / BEFORE - 1:.1%})"
    )
    bridge = blocks(made, Chart)[0]
    assert bridge.categories == ("Base", "No quantity", "Current")
    assert "no quantity" in bridge.note


def test_with_quantities_it_names_the_largest_part_of_the_change() -> None:
    made = page(report(COUNTED, "en", only=["growth"]), "growth")
    # Maths is sold by two reps and Art by one, all at one a month: the volume doubles what each brought.
    assert said(made.headline).endswith(
        f"mainly volume (+{k(BEFORE)}), against price (-{k(2 * BEFORE - SOLD)})"
    )
    bridge = blocks(made, Chart)[0]
    assert bridge.categories == ("Base", "Price", "Volume", "Current")
    up, down = (next(one.values for one in bridge.series if one.name == name) for name in ("Up", "Down"))
    assert (up[2], down[1]) == (BEFORE, 2 * BEFORE - SOLD)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_came_and_what_went_are_both_named_where_they_nearly_cancel(lang: str) -> None:
    """One product of 900 is gone and another of 1,000 is new: +1,000 against -900 make +100."""
    sold = [("2026-08-05", "Old", "900"), ("2026-09-15", "Old", "900"), ("2026-10-31", "New", "1000")]
    rows = [
        {"order_id": f"K{n}", "order_date": day, "product": what, "amount": money, "quantity": "1"}
        for n, (day, what, money) in enumerate(sold)
    ]
    headline = said(page(report({"orders": rows}, lang, only=["growth"]), "growth").headline)
    both = {
        "en": "mainly new items (+¥1,000), against gone (-¥900)",
        "zh": "新售产品（+1,000元），同时有未再售出（-900元）",
    }
    assert headline.endswith(both[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["an ordinary book", "no leads", "the cash basis", "forty reps with long names"]
)
def test_who_moved_adds_up_to_the_whole_change(name: str, lang: str) -> None:
    tables = [one for one in blocks(growth(name, lang), Table) if one.metric == "growth_bridge"]
    assert tables
    for table in tables:
        for column in (1, 2, 3):
            assert sum(row[column] for row in table.rows) == pytest.approx(table.total[column])
        assert len(table.rows) <= 7


def test_a_year_without_leads_says_what_would_tell_more() -> None:
    notes = [said(line) for note in blocks(growth("no leads"), Note) for line in note.sentences]
    assert any("table Leads" in note for note in notes)


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("a first month", f"Oct 2026 sales {k(SOLD)}; no comparable period before"),
        ("leads only", "No sales, so no growth to take apart"),
        ("a period that has not begun", "No sales, so no growth to take apart"),
    ],
)
def test_where_there_is_nothing_to_compare_it_claims_nothing(name: str, states: str) -> None:
    made = growth(name)
    assert said(made.headline) == states
    assert not blocks(made, Chart)


def test_units_are_compared_with_what_there_is() -> None:
    with_targets = blocks(growth("an ordinary book"), Table)[-1]
    without = blocks(growth("no targets"), Table)[-1]
    assert [column.key for column in with_targets.columns][2] == "target_rate"
    assert "target_rate" not in [column.key for column in without.columns]
