"""The pipeline page and the blocks of time and loss on the funnel page say what their books add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo_made import analysed_demo
from tests.report.pages.books import BOOKS, FORTY, LAST, PLENTY, REPS, page, report, said, targets
from xlsales.analysis import build_report
from xlsales.language import LANGUAGES
from xlsales.report.blocks import Note, Table
from xlsales.report.layout import SHEET_PX, lay_out

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.report.blocks import Page

OPEN = LAST * len(REPS) * 5
"""Of eight leads a month five stay open; all are older than the 11 days that the slowest win took."""
YOUNG = {
    "lead_id": "Y1",
    "created": "2026-10-25",
    "rep": "Ann",
    "amount": "3600",
    "probability": "0.5",
    "customer_id": "C9",
}


def made(*more: dict[str, str], lang: str = "en", **tables: list[dict[str, str]]) -> Page:
    book = {**PLENTY, "leads": [*PLENTY["leads"], *more], **tables}
    return page(report(book, lang, only=["pipeline"]), "pipeline")  # type: ignore[arg-type]


def table(found: Page, key: str) -> Table:
    blocks = [placed.block for band in found.bands for placed in band]
    return next(block for block in blocks if isinstance(block, Table) and block.key == key)


def test_the_headline_says_what_the_pipeline_covers_and_what_is_too_old_to_count() -> None:
    remaining = 3 * 3000 - (6000 + 3 * 1400)
    assert remaining < 0
    assert said(made(YOUNG).headline) == (
        f"The target of Oct 2026 is reached; weighted pipeline ¥1,800; {OPEN} ({OPEN / (OPEN + 1):.1%}) "
        "older than any win left out"
    )
    more = [{**row, "target": "3600"} for row in PLENTY["targets"]]
    assert said(made(YOUNG, targets=more).headline).startswith(
        f"Weighted pipeline ¥1,800, {1800 / (3 * 3600 - 10200):.1f} times the ¥600 missing in Oct 2026"
    )


def test_once_a_month_is_over_the_pipeline_is_held_against_the_next_one_that_has_a_target() -> None:
    following = [{"period": "2026-11-01", "rep": "Ann", "target": "9000"}]
    found = made(YOUNG, targets=[*PLENTY["targets"], *following])
    assert said(found.headline).startswith(
        "Weighted pipeline ¥1,800, 0.2 times the ¥9,000 missing in Nov 2026"
    )
    (row,) = table(found, "people").rows
    assert row[:4] == ("Ann", 9000, 1800, 1800 / 9000)


def test_the_tables_hold_who_to_follow_up_and_who_waits() -> None:
    waits = {"lead_id": "W1", "created": "2026-10-20", "customer": "Li", "rep": "Bob"}
    answered = {"lead_id": "W2", "created": "2026-10-20", "responded": "2026-10-21", "rep": "Bob"}
    visit = {"day": "2026-10-20", "kind": "Visit", "rep": "Cid", "customer_id": "C9"}
    found = made(YOUNG, waits, answered, activities=[visit])
    best = table(found, "best_leads").rows[0]
    assert (best[1], best[3]) == ("Ann", 3600)
    assert ("Li", "Bob") in [row[:2] for row in table(found, "overdue_leads").rows]
    people = table(found, "people")
    rows = {
        row[0]: dict(zip([column.key for column in people.columns], row, strict=True)) for row in people.rows
    }
    assert [rows["Cid"][key] for key in ("visits", "opportunities", "young")] == [1, 1, 1]
    bob = [rows["Bob"][key] for key in ("due", "within", "overdue")]
    assert bob == [3, 1 / 3, 2]  # one of the book's leads was due and had no answer either


def test_of_forty_people_eleven_are_named_and_the_others_are_one_row_of_sums() -> None:
    """The n-th of them sold 1,000 n + 1,400 of 60,000, and has a lead open that is worth 50 n."""
    book, _ = BOOKS["forty reps with long names"]
    young = [
        {**YOUNG, "lead_id": f"Y{n}", "rep": rep, "amount": str(100 * n)} for n, rep in enumerate(FORTY, 1)
    ]
    more = {"leads": [*book["leads"], *young], "targets": targets(FORTY, amount=60000)}
    people = table(page(report({**book, **more}, only=["pipeline"]), "pipeline"), "people")
    place = [one.key for one in people.columns].index
    assert [row[0] for row in people.rows] == [*list(FORTY)[:11], "29 others"]
    missing, weighted = [58600 - 1000 * n for n in range(1, 41)], [50 * n for n in range(1, 41)]
    others = people.rows[-1]
    assert [row[place("remaining")] for row in people.rows] == [*missing[:11], sum(missing[11:])]
    assert [row[place("weighted")] for row in people.rows] == [*weighted[:11], sum(weighted[11:])]
    assert others[place("coverage")] == pytest.approx(sum(weighted[11:]) / sum(missing[11:]))
    assert people.total is not None
    assert people.total[place("remaining")] == sum(missing)


def test_the_others_have_the_rest_of_what_adds_up_and_no_leads_needed() -> None:
    """The n-th of forty people visits n % 3 + 1 customers and makes an opportunity of the first."""
    book, _ = BOOKS["forty reps with long names"]
    visits = [
        {"day": f"2026-09-{place + 1:02d}", "kind": "Visit", "rep": rep, "customer_id": f"V{n}-{place}"}
        for n, rep in enumerate(FORTY)
        for place in range(n % 3 + 1)
    ]
    came = [
        {"lead_id": f"V{n}", "created": "2026-09-20", "rep": rep, "customer_id": f"V{n}-0"}
        for n, rep in enumerate(FORTY)
    ]
    more = {"leads": [*book["leads"], *came], "activities": visits}
    aims = targets(FORTY, number=LAST - 1, amount=60000)
    made = report({**book, **more, "targets": aims}, only=["pipeline"], period="2026-09")
    found = page(made, "pipeline")
    people = table(found, "people")
    place = [one.key for one in people.columns].index
    assert people.total is not None
    for key, whole in (("visits", len(visits)), ("opportunities", len(FORTY))):
        listed = [row[place(key)] for row in people.rows]
        assert people.total[place(key)] == sum(listed) == whole  # type: ignore[arg-type]
        assert listed[-1] == whole - sum(listed[:-1])  # type: ignore[arg-type]
    assert people.rows[-1][place("needed")] is None
    assert people.total[place("needed")]
    note = found.bands[-1][0].block
    assert isinstance(note, Note)
    assert said(note.sentences[0]).endswith("Needed: at each one's own rate, so no sum.")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_it_lacks(lang: str) -> None:
    notes = [
        said(sentence)
        for band in made(lang=lang).bands
        for placed in band
        if isinstance(placed.block, Note)
        for sentence in placed.block.sentences
    ]
    for field in {"en": ("First response", "Activities"), "zh": ("首次响应时间", "跟进表")}[lang]:
        assert any(field in note for note in notes)


def test_the_funnel_page_says_how_long_deals_take_and_why_they_are_lost() -> None:
    book, _ = BOOKS["an ordinary book"]
    reasons = {"2": "too expensive", "3": ""}
    lost = [
        {**row, "lost_reason": reasons.get(row["lead_id"][4], "no answer")} if row["lost"] else row
        for row in book["leads"]
    ]
    found = page(report({**book, "leads": lost}, only=["funnel"]), "funnel")
    notes = [p.block for band in found.bands for p in band if isinstance(p.block, Note)]
    spoken = [said(sentence) for note in notes for sentence in note.sentences]
    cycle = "Sales cycle: 6 deals won, median 10.5 days, mean 10.5, P75 11.0; median before 10.5 days."
    assert f"{cycle} Reason missing: {1 / 3:.1%} of the losses give none." in spoken
    rows = {row[0]: row for row in table(found, "dwell").rows}
    assert rows["Trial"][1:4] == (6, 1, 1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_printed_on_one_sheet(lang: Language) -> None:
    (found,) = build_report(analysed_demo(lang, "2026-10"), lang, ("pipeline",)).pages
    made = lay_out(found, (found,), lang)
    assert made.squeezed or sum(made.heights) <= SHEET_PX
