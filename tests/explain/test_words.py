"""Every number that a sentence names or a chart shows says of which metric it is, and which rows make it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.demo_made import analysed_demo
from xlsales.analysis import build_report
from xlsales.errors import WorkbookError
from xlsales.explain.number import Selected, lines
from xlsales.explain.sheet import detail, totals
from xlsales.explain.words import numbers_of, told
from xlsales.metrics._scope import Window
from xlsales.report.blocks import Chart, Kpis, Table
from xlsales.report.layout import lay_out
from xlsales.report.traced import Traced, figures_of, joined, numbers_in, summed, traced

if TYPE_CHECKING:
    from xlsales.analysis import Analysis
    from xlsales.explain.number import Number
    from xlsales.report.blocks import Report

PAGES = ("overview", "growth", "accounts")


@cache
def made() -> tuple[Analysis, Report]:
    analysis = analysed_demo("en", "2026-10")
    return analysis, build_report(analysis, "en", PAGES, traced=True)


def at(page: str, cell: str) -> tuple[Number, ...]:
    analysis, report = made()
    return numbers_of(report, analysis, Selected("", page, cell, "", ""))


def place(page: str, kind: type, key: str = "") -> str:
    """The first cell of a block."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    _, report = made()
    one = next(each for each in report.pages if each.key == page)
    spots = lay_out(one, report.pages, "en").spots
    spot = next(s for s in spots if isinstance(s.block, kind) and key in ("", getattr(s.block, "key", "")))
    return xl_rowcol_to_cell(spot.top, spot.left)


def test_pages_to_be_explained_say_the_same_as_those_that_are_written() -> None:
    analysis, report = made()
    assert build_report(analysis, "en", PAGES) == report


def test_a_headline_explains_each_number_that_it_names() -> None:
    numbers = at("overview", "B3")
    words = "".join(run.text for run in made()[1].pages[0].headline)
    assert [(one.metric.key, one.column) for one in numbers] == [
        ("sales", "amount"),
        ("attainment", "attainment"),
        ("sales", "mom"),
        ("sales", "change"),
    ]
    assert all(one.selected.shown in words for one in numbers)
    assert numbers[3].where == (("region", "Binjiang"),)
    for one in (numbers[0], numbers[3]):
        assert one.behind.number == pytest.approx(one.value)
    orders = made()[0].cleaned.tables["orders"]
    october = orders[
        orders["order_date"].dt.strftime("%Y-%m").eq("2026-10") & orders["status"].ne("cancelled")
    ]
    assert numbers[0].value == pytest.approx(october["amount"].sum())


def test_what_is_told_of_several_numbers_defines_each_metric_once() -> None:
    lines = told(at("overview", "B3"))
    assert sum(line.startswith("Definition") for line in lines) == 2
    assert any("¥528k" in line for line in lines)


def test_a_chart_explains_its_points_by_their_names() -> None:
    numbers = at("overview", place("overview", Chart, "trend"))
    points = [one for one in numbers if one.column == "amount"]
    assert len(points) == 13
    assert points[-1].where == (("month", "2026-10"),)
    assert points[-1].selected.labels == ("Oct",)


def test_the_shares_of_the_largest_customers_are_explained_by_their_rows() -> None:
    numbers = at("accounts", place("accounts", Chart, "largest_customers"))
    assert {one.column for one in numbers} == {"top1", "top5", "top10", "hhi"}
    for one in (one for one in numbers if one.column != "hhi"):
        assert one.behind.number == pytest.approx(one.value)


def test_a_bridge_explains_the_change_that_each_of_its_columns_stands_for() -> None:
    numbers = at("overview", place("overview", Chart, "bridge"))
    parts = [one for one in numbers if one.column == "change" and one.where]
    whole = next(one for one in numbers if one.column == "change" and not one.where)
    assert sum(one.value for one in parts) == pytest.approx(whole.value)


def test_a_card_explains_its_target_and_its_past_as_well() -> None:
    numbers = at("overview", place("overview", Kpis))
    assert {one.column for one in numbers} >= {"amount", "target"}


def growth_by_rep() -> Table:
    return next(
        placed.block
        for band in made()[1].pages[1].bands
        for placed in band
        if isinstance(placed.block, Table) and placed.block.key == "growth_rep"
    )


def test_a_name_that_the_sheet_cuts_off_is_still_that_of_its_row_or_is_refused() -> None:
    analysis, report = made()
    table = growth_by_rep()

    def asked(name: str) -> Selected:
        return Selected("", "growth", "", "", "xs_growth_rep", table.columns[2].header, (name, "1"))

    for row in table.rows[:2]:
        (number,) = numbers_of(report, analysis, asked(f"{str(row[0])[:-1]}…"))
        assert number.value == pytest.approx(row[2])
    with pytest.raises(WorkbookError) as refused:
        numbers_of(report, analysis, asked("…"))
    assert refused.value.key == "name_cut_off"


def test_a_row_that_is_gone_has_no_number_of_the_total() -> None:
    analysis, report = made()
    chosen = Selected(
        "", "growth", "", "", "xs_growth_rep", growth_by_rep().columns[2].header, ("Nobody", "1")
    )
    (number,) = numbers_of(report, analysis, chosen)
    assert number.value is None


def test_the_row_of_all_others_is_explained_as_the_sum_of_theirs() -> None:
    analysis, report = made()
    table = growth_by_rep()
    row = next(row for row in table.rows if str(row[0]).endswith("others"))
    chosen = Selected("", "growth", "", "", "xs_growth_rep", table.columns[2].header, (str(row[0]), "1"))
    (number,) = numbers_of(report, analysis, chosen)
    assert len(number.others) > 1
    assert number.behind.number == pytest.approx(row[2])
    assert len(lines(number)) == 7  # no count of the first of them alone


def test_the_rows_of_several_numbers_say_to_which_they_belong() -> None:
    numbers = at("overview", "B3")
    found = detail(numbers)
    first = found.rows[found.rows["number"].str.startswith(numbers[0].selected.shown)]
    assert first["part"].sum() == pytest.approx(numbers[0].value)


def test_each_number_of_a_sentence_says_what_its_rows_make() -> None:
    sales, attained, growth, driver = totals(at("overview", "B3"))
    assert sales.strip().startswith("¥528k · ")
    assert sales.endswith("make ¥528k")
    assert attained.split()[0] == attained.split()[-1]
    assert growth.split()[-1] in growth.split()[0]
    assert driver.endswith("make -¥14k")


@pytest.mark.parametrize("cell", ["B1", "A1", "ZZ999"])
def test_a_cell_that_names_no_number_is_refused(cell: str) -> None:
    with pytest.raises(WorkbookError):
        at("overview", cell)


def test_numbers_and_words_keep_what_they_are_made_of() -> None:
    _, report = made()
    card = next(p.block for band in report.pages[0].bands for p in band if isinstance(p.block, Kpis)).cards[0]
    value = card.value
    assert isinstance(value, Traced)
    assert [one.column for one in figures_of(-value)] == ["amount"]  # type: ignore[operator]
    assert (value + 0).how == "itself"
    assert (value + value).how == summed([card.value, card.value]).how == "sum"  # type: ignore[list-item, attr-defined]
    assert (value / 2).how == "otherwise"
    assert traced(True, value.figures) is True
    driver = next(run.text for run in report.pages[0].headline if "-¥" in run.text)
    assert [words for words, _ in numbers_in("a " + driver + joined(" · ", ["b"]))] == ["-¥14k"]


def test_a_number_of_a_period_to_come_is_about_all_of_that_period() -> None:
    (number, *_) = at("overview", "B3")
    november = Window(date(2026, 11, 1), date(2026, 11, 30))
    ahead = replace(number, scope=number.scope.over(november))
    assert ahead.window == november
    assert "2026-11-01" in " ".join(lines(ahead))
    assert "2026-11-30" in " ".join(lines(ahead))
