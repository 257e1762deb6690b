"""The line from sheets of text to a report."""

from __future__ import annotations

from datetime import date

import pytest

from tests.report.pages.books import PLENTY, leads, orders, sheets
from xlsales.analysis import analyse, build_report
from xlsales.errors import InputError, UsageError
from xlsales.language import LANGUAGES
from xlsales.metrics._catalogue import compute
from xlsales.metrics._scope import Window
from xlsales.report.pages import PAGES


def test_orders_or_leads_alone_are_enough() -> None:
    assert list(analyse(sheets({"orders": orders()})).cleaned.tables) == ["orders"]
    assert list(analyse(sheets({"leads": leads()})).cleaned.tables) == ["leads"]


def test_targets_alone_are_refused_with_the_sheets_that_were_seen() -> None:
    with pytest.raises(InputError) as refused:
        analyse(sheets({"targets": PLENTY["targets"]}))
    assert refused.value.key == "nothing_to_analyse"
    for lang in LANGUAGES:
        assert "book.xlsx!Targets" in refused.value.what(lang) + refused.value.do(lang)


def test_a_response_is_judged_by_the_clock_where_the_sheet_has_one() -> None:
    """54 hours by the clock are two days by the calendar, and 48 hours the limit."""
    times = {
        "a": ("2026-10-05 09:00:00", "2026-10-07 15:00:00"),
        "b": ("2026-10-05 09:00:00", "2026-10-07 08:30"),
    }
    days = {"c": ("2026-10-05", "2026-10-07"), "d": ("2026-10-05 09:00", "2026-10-07")}
    rows = [
        {"lead_id": name, "created": created, "responded": responded}
        for name, (created, responded) in (times | days).items()
    ]
    found = analyse(sheets({"leads": rows}), period="2026-10", as_of=date(2026, 10, 31))
    sla = compute("response_sla", found.cleaned.tables, found.scope).iloc[0]
    assert (sla["within"], sla["late"]) == (3, 1)
    assert sla["p90_hours"] == pytest.approx(48 + 0.7 * 6)  # of 47.5, 48, 48 and 54


def test_no_sheets_at_all_are_refused() -> None:
    with pytest.raises(InputError):
        analyse([])


def test_by_default_it_is_about_the_month_of_the_last_fact() -> None:
    scope = analyse(sheets(PLENTY)).scope
    assert scope.period == Window(date(2026, 10, 1), date(2026, 10, 31))
    assert (scope.as_of, scope.basis, scope.filters) == (date(2026, 10, 31), "signed", ())


def test_what_is_asked_for_is_the_scope() -> None:
    filters = (("region", ("North", "")),)
    scope = analyse(
        sheets(PLENTY), period="2026-09", as_of=date(2026, 9, 20), basis="net", filters=filters
    ).scope
    assert scope.period == Window(date(2026, 9, 1), date(2026, 9, 30))
    assert (scope.as_of, scope.basis, scope.filters) == (date(2026, 9, 20), "net", filters)


def test_the_order_of_sheets_and_rows_does_not_show_on_the_pages() -> None:
    backwards = {key: rows[::-1] for key, rows in reversed(PLENTY.items())}
    one, other = (
        build_report(analyse(sheets(book)), "en", ["overview", "attainment"]) for book in (PLENTY, backwards)
    )
    assert one == other


def test_pages_come_in_their_own_order_whatever_the_order_asked_for() -> None:
    analysis = analyse(sheets(PLENTY))
    made = build_report(analysis, "en", ["quality", "funnel"])
    assert [page.key for page in made.pages] == ["funnel", "quality"]
    assert made.lang == "en"


def test_an_unknown_page_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        build_report(analyse(sheets(PLENTY)), "en", ["frontpage"])
    told = refused.value.what("en") + refused.value.do("en")
    assert "frontpage" in told
    assert all(page in told for page in PAGES)
