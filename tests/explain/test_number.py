"""Every figure of a metric on every page says what it is, and its rows add up to it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo_made import analysed_demo
from xlsales.analysis import build_report
from xlsales.errors import InputError, WorkbookError
from xlsales.explain.fact import Fact
from xlsales.explain.number import Number, Selected, lines, number_in
from xlsales.explain.sheet import counted, detail
from xlsales.explain.words import Named, numbers_named, told
from xlsales.language import text, wording
from xlsales.metrics._catalogue import compute, rows_behind
from xlsales.metrics._once import one_run
from xlsales.report.blocks import Alerts, Cell, Chart, Kpis, Note, Placed, Table
from xlsales.report.traced import Figure, Said, Traced, figures_of, numbers_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.analysis import Analysis
    from xlsales.language import Language
    from xlsales.report.blocks import Block, Page, Report, Value
    from xlsales.report.pages._context import Computed
    from xlsales.report.traced import Source


_made: dict[Any, Any] = {}
_computed: Computed = {}


@pytest.fixture(autouse=True)
def _one_run() -> Iterator[None]:
    """What many figures build on is worked out once for all tests."""
    with one_run(_made):
        yield


@cache
def made(lang: Language) -> tuple[Analysis, Report]:
    analysis = analysed_demo(lang, "2026-10")
    return analysis, build_report(analysis, lang, computed=_computed if lang == "en" else None)


def blocks(page: Page) -> Iterator[Block]:
    return (placed.block for band in page.bands for placed in band)


def tables(lang: Language) -> list[Table]:
    _, report = made(lang)
    found = (block for page in report.pages for block in blocks(page))
    return [block for block in found if isinstance(block, Table) and block.metric]


def plain(value: Value | Cell) -> Value:
    return value.value if isinstance(value, Cell) else value


def written(value: Value | Cell) -> str:
    """As the sheet holds it: 1, not 1.0."""
    value = plain(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def cells(table: Table) -> Iterator[tuple[Selected, Value]]:
    """The figures of the first and the last row and of the total, as they stand in the sheet."""
    rows = [*table.rows[:1], *table.rows[-1:], *([table.total] if table.total else [])]
    for row, (place, column) in product(rows, enumerate(table.columns)):
        figure = (
            column.format not in ("text", "month", "date")
            or column.origin
            or (not table.metric and column.format == "date")
        )
        if figure and place and plain(row[place]) not in (None, ""):
            labels = tuple(map(written, row[:place]))
            yield Selected("", "", "", "", f"xs_{table.key}", column.header, labels), plain(row[place])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_a_metrics_table_is_explained_as_what_the_page_shows(lang: Language) -> None:
    analysis, report = made(lang)
    seen = set()
    for table in tables(lang):
        for chosen, shown in cells(table):
            number = number_in(report, analysis, chosen)
            if number.result and not number.derived and not isinstance(shown, str):
                assert number.value == pytest.approx(shown, abs=1e-6), (table.key, chosen)
                seen.add(table.key)
            assert len(lines(number)) >= 7
    assert seen == {table.key for table in tables(lang)}


ADD_UP = {
    "overview": 21,
    "attainment": 96,
    "growth": 46,
    "accounts": 34,
    "funnel": 31,
    "channels": 50,
    "pipeline": 68,
    "retention": 69,
    "value": 49,
    "warning": 10,
}
"""Of how many figures of each page, at least, the rows add up: of its cards, and of ``cells``."""
OTHERWISE = {
    "low high adjusted_low adjusted_high": "the ends of intervals",
    "median norm change usual_gap repurchase_days response_days": "medians, and how far they lie apart",
    "median_days early_days late_days": "medians and quartiles",
    "adjusted shrunk": "rates adjusted for the mix, or drawn to the mean of all",
    "now": "medians and the like among the checks of the funnel",
    "n": "the smaller of two samples",
    "needed": "rounded up to whole leads",
    "days days_since days_left": "days from a date to that of the data",
    "worth value historic ltv ltv_cac payback": "margins, lifetimes and what is made of them",
    "alive purchases error foretold": "what models say",
    "lift": "a rate over that of all",
    "why": "what made each sign, several rows of one",
    "difference spend_difference": "members beside non-members of the same kind",
}
"""Columns and cards whose rows are shown although they do not add up, each with the reason."""
SEVERAL = {"growth_rep", "value_tiers", "tier_migration"}
"""Tables with a row or column about several names at once, which no row of the metric tells."""


def figures(page: Page) -> Iterator[tuple[str, Number, Value]]:
    """The figures of a page by their column or card, with what the page shows."""
    analysis, report = made("en")
    for block in blocks(page):
        for card in block.cards if isinstance(block, Kpis) else ():
            yield (
                card.key,
                number_in(report, analysis, Selected("", "", "", "", f"XS_{card.key}")),
                card.value,
            )
        if isinstance(block, Table) and block.metric:
            keys = {column.header: column.key for column in block.columns}
            for chosen, shown in cells(block):
                yield keys[chosen.column], number_in(report, analysis, chosen), shown


@pytest.mark.parametrize("key", ADD_UP)
def test_the_rows_behind_the_figures_of_a_page_add_up_to_them(key: str) -> None:
    _, report = made("en")
    added = 0
    otherwise = {column for columns in OTHERWISE for column in columns.split()}
    for column, number, shown in figures(next(page for page in report.pages if page.key == key)):
        if not number.result:
            assert number.selected.block.removeprefix("xs_") in SEVERAL
            continue
        if number.value is None or number.value != number.value:
            assert shown is None or number.derived
            continue
        behind = number.behind
        assert behind.adds_up or column in otherwise, (number.selected, column)
        if behind.adds_up and not number.derived:
            expected = number.value if isinstance(shown, str) else shown
            assert behind.number == pytest.approx(expected, abs=1e-6), number.selected
            added += 1
    assert added >= ADD_UP[key], added


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_card_is_explained_as_what_it_shows(lang: Language) -> None:
    analysis, report = made(lang)
    found = (block for page in report.pages for block in blocks(page))
    cards = [card for block in found if isinstance(block, Kpis) for card in block.cards]
    assert len(cards) >= 8
    for card in cards:
        number = number_in(report, analysis, Selected("", "", "", "", f"XS_{card.key}"))
        assert number.value == pytest.approx(card.value)
        assert number.label == card.label


@pytest.mark.parametrize(
    ("lang", "card", "stage"), [("zh", "close_rate", "阶段 = 报名成交"), ("en", "ltv", "Method = formula")]
)
def test_the_filters_tell_the_row_of_the_metric_that_no_dimension_tells(
    lang: Language, card: str, stage: str
) -> None:
    analysis, report = made(lang)
    number = number_in(report, analysis, Selected("", "", "", "", f"XS_{card}"))
    assert any(line.endswith(stage) for line in lines(number)), lines(number)


def test_the_rows_come_with_what_their_sheets_say_and_where_they_stand() -> None:
    analysis, report = made("en")
    number = number_in(report, analysis, Selected("", "", "", "", "XS_sales"))
    found = detail([number])
    orders = analysis.cleaned.tables["orders"].set_index("_row")["amount"]
    assert list(found.rows["part"]) == list(orders[found.rows["_row"]])
    assert found.titles["customer"] == "Customer"
    assert "They add up" in counted(found, "en")


@pytest.mark.parametrize("sign", ["complaint", "slow_answer", "late"])
def test_the_reasons_of_a_warning_are_explained_by_the_rows_that_made_the_signs(sign: str) -> None:
    analysis, report = made("en")
    block = next(one for one in tables("en") if one.key == "warning_list")
    word = text("en", f"pages.warning.names.{sign}")
    account, why = next(row[:2] for row in block.rows if word in str(row[1]))
    chosen = Selected("", "", "", str(why), "xs_warning_list", "Why", (str(account),))
    number = number_in(report, analysis, chosen)
    assert number.value == len(str(why).split(", "))
    assert not number.named
    rows = number.behind.rows
    sheet = "orders" if sign == "late" else "tickets"
    theirs = analysis.cleaned.tables[sheet].merge(rows[rows["_table"] == sheet], on=["_source", "_row"])
    assert set(theirs["customer_id"]) == {number.result["account_id"]}
    if sign == "complaint":
        assert theirs["kind"].str.lower().str.contains("complain").any()


def test_scores_that_fell_are_explained_by_three_surveys() -> None:
    analysis, _ = made("en")
    found = compute("warning_list", analysis.cleaned.tables, analysis.scope)
    row = found[found["why"].str.contains("dissatisfied")].to_dict("records")[0]
    behind = rows_behind("warning_list", analysis.cleaned.tables, analysis.scope, "reasons", (), row)
    asked = analysis.cleaned.tables["surveys"].merge(behind.rows, on=["_source", "_row"])
    assert set(asked["customer_id"]) == {row["account_id"]}
    assert list(asked.sort_values("day")["score"].diff()[1:] < 0) == [True, True]


def test_a_number_of_the_calendar_has_no_rows() -> None:
    analysis, report = made("en")
    number = number_in(report, analysis, Selected("", "", "", "", "XS_sales"))
    bare = Number(**{**vars(number), "result": {}})
    with pytest.raises(InputError) as refused:
        _ = bare.behind
    assert refused.value.key == "rows_not_traceable"


def test_a_blank_number_is_said_to_be_blank_and_takes_no_part_in_a_sum() -> None:
    analysis, report = made("en")
    number = number_in(report, analysis, Selected("", "", "", "", "XS_sales"))
    blank = replace(number, result={**number.result, number.column: None})
    lacking = replace(number, result={}, selected=replace(number.selected, shown="–"))
    for one in (blank, lacking):
        with pytest.raises(InputError) as refused:
            _ = one.behind
        assert refused.value.key == "blank_number"
    assert replace(number, others=(blank,)).behind.number == pytest.approx(number.value)


@pytest.mark.parametrize("block", ["xs_nothing", "XS_other", "xs_units_x"])
def test_what_is_no_number_of_a_metric_is_refused(block: str) -> None:
    analysis, report = made("en")
    with pytest.raises(WorkbookError) as refused:
        number_in(report, analysis, Selected("", "", "", "", block, "Sales", ("a",)))
    assert refused.value.key == "not_our_number"


OF_NO_METRIC = ("reconcile", "review", "mapping", "quality", "log", "definitions")
"""Pages about the raw sheets themselves, whose figures count rows and findings."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_the_pages_of_metrics_is_of_a_metric(lang: Language) -> None:
    _, report = made(lang)
    assert {page.key for page in report.pages} == {*ADD_UP, *OF_NO_METRIC}
    for page in report.pages:
        if page.key in OF_NO_METRIC:
            continue
        for block in blocks(page):
            if isinstance(block, Table) and any(c.format not in ("text", "month") for c in block.columns):
                assert block.metric, block.key
            assert all(card.origin for card in (block.cards if isinstance(block, Kpis) else ()))


NO_FIGURES = {
    r"[A-Z][a-z]{2} (20)?\d\d|\d{4}-\d\d": "a month",
    r"\bQ[1-4]\b": "a quarter",
    r"\d+ of \d+, \d+ left|done / \d+ x \d+|/ \d+ working days": "working days of the calendar",
    r"\d+ months|\d+ days after the end": "an option of the metric, which its definition tells",
    r"\b\d\d-\d\d\b": "a day",
    r"more than \d+ days behind|\d or more working days|by more than \d+\.0%": "from where a source is late",
    r"axis starts at \d+": "where a chart begins",
    r"\bM\d+": "a month after the first order",
}
"""What is written in digits and is no figure, by how it looks."""
PLAIN = "".join(chr(0x1D7CE + digit) for digit in range(10))


def _without_digits(words: Any) -> Any:
    """The wording with its own digits (95%, 12 months) written otherwise than those that are filled in."""
    if isinstance(words, dict):
        return {key: _without_digits(value) for key, value in words.items()}
    if not isinstance(words, str):
        return words
    own = dict(zip("0123456789", PLAIN, strict=True))
    return re.sub(r"\{[^}]*\}|\d", lambda found: own.get(found[0], found[0]), words)


def said_on(page: Page) -> Iterator[str]:
    """All words of a page but the names in its tables."""
    yield from (run.text for run in (*page.headline, *page.second))
    for block in blocks(page):
        match block:
            case Table(label=label, note=note, rows=rows):
                yield from (label, note)
                yield from (cell for row in rows for cell in map(plain, row) if isinstance(cell, Said))
            case Chart(label=label, finding=finding, note=note, series=series):
                yield from (label, finding, note)
                yield from (words for one in series for words in one.labels or () if words)
            case Alerts(alerts=alerts, note=note):
                yield from (note, *(alert.text for alert in alerts))
            case Note(sentences=sentences):
                yield from (run.text for sentence in sentences for run in sentence)


@cache
def traced_pages() -> Report:
    """The pages with numbers that can be explained, in wording without digits of its own."""
    words = _without_digits(wording("en"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xlsales.language.wording", lambda _: words)
        return build_report(made("en")[0], "en", computed=_computed, traced=True)


@pytest.mark.parametrize("key", [*ADD_UP, *OF_NO_METRIC])
def test_every_number_in_the_words_of_a_page_knows_what_it_is_of(key: str) -> None:
    page = next(one for one in traced_pages().pages if one.key == key)
    unknown = []
    for words in said_on(page):
        rest = words
        for number, _ in numbers_in(words):
            rest = re.sub(rf"(?<![0-9.]){re.escape(number)}(?![0-9])", "", rest, count=1)
        for known in NO_FIGURES:
            rest = re.sub(known, "", rest)
        if re.search("[0-9]", rest):
            unknown.append(words)
    assert not unknown


GIVEN = {"weight": "what a dimension weighs is a rule", "header": "the number of a row"}
"""Columns of pages about the raw sheets that hold digits and no figure, each with the reason."""
NOT_ADDED = {
    "score_change dimension clean_rows rows_change": "shares of what is shown",
    "latest": "a day, shown with its rows",
    "failed": "blank cells are no findings, and days and totals no rows",
    "money_out money_read": "amounts that could not be read",
    "not_shown": "all are shown, with those on the page",
    "apart_rows": "rows with a decision of their own",
}
"""What the rows are shown of although they do not add up to it, each with the reason."""
NO_ROWS = {"overdue": "days from the calendar"}
"""What no rows make, each with the reason."""


def is_count(figure: Source) -> bool:
    return isinstance(figure, Figure) and figure.counted is not None


def facts_of(words: str, number: Traced) -> list[Fact]:
    found = numbers_named(Named(words, number), Selected("", "", "A1", words, ""), "", made("en")[0], "en")
    return [one for one in found if isinstance(one, Fact)]


@pytest.mark.parametrize("key", OF_NO_METRIC)
def test_every_figure_of_a_page_about_the_raw_sheets_is_what_its_rows_add_up_to(key: str) -> None:
    page = next(one for one in traced_pages().pages if one.key == key)
    otherwise = {name for names in NOT_ADDED for name in names.split()}
    found = [number for words in said_on(page) for _, number in numbers_in(words)]
    for table in (block for block in blocks(page) if isinstance(block, Table)):
        for chosen, shown in cells(table):
            column = next(one.key for one in table.columns if one.header == chosen.column)
            if column not in GIVEN:
                assert isinstance(shown, Traced), (table.key, chosen)
                found.append(shown)
    assert found
    for number in found:
        for fact in numbers_named(
            Named("", number), Selected("", key, "A1", "", ""), "", made("en")[0], "en"
        ):
            assert isinstance(fact, Fact)
            if number.how == "itself":
                assert fact.value == number
            assert fact.key in NO_ROWS or all(one.rows for one in fact.evidence), fact.key
            if fact.key not in NO_ROWS:
                assert fact.behind.adds_up or fact.key in otherwise, (
                    fact.key,
                    fact.value,
                    fact.evidence[0].about,
                )
            assert len(told((fact,))) >= 6


def test_a_finding_is_explained_with_the_cells_that_it_stands_in() -> None:
    alerts = next(one for one in blocks(traced_pages().pages[0]) if isinstance(one, Alerts))
    alert = next(one for one in alerts.alerts if one.page == "quality")
    fact = facts_of(*numbers_in(alert.text)[0])[0]
    rows = detail([fact]).rows
    issues = made("en")[0].cleaned.open_issues
    assert list(rows["cell"]) == list(issues.loc[issues["severity"] == "high", "cell"])
    assert counted(detail([fact]), "en").endswith("They add up to the number.")


@pytest.mark.parametrize("key", ["overview", "accounts", "attainment", "channels", "growth", "retention"])
def test_each_of_what_is_counted_counts_one_with_the_first_of_its_rows(key: str) -> None:
    page = next(one for one in traced_pages().pages if one.key == key)
    said = [one for words in said_on(page) for one in numbers_in(words)]
    counts = [one for one in said if any(map(is_count, figures_of(one[1])))]
    assert counts
    for words, value in counts:
        chosen = Selected("", key, "A1", words, "")
        (number,) = numbers_named(Named(words, value), chosen, "", made("en")[0], "en")
        assert number.value == value == float(words)
        assert number.behind.number == value


def test_a_count_of_nothing_has_no_rows() -> None:
    page = next(one for one in traced_pages().pages if one.key == "attainment")
    (note,) = (words for words in said_on(page) if "≥" in words and "<" in words)
    words, none = next(one for one in numbers_in(note) if not one[1])
    (number,) = numbers_named(Named(words, none), Selected("", "", "", words, ""), "", made("en")[0], "en")
    assert number.behind.rows.empty
    assert number.behind.number == number.value == 0
    assert "Metric: Target attainment · Number of them" in lines(number)


def test_the_name_of_a_row_tells_all_of_the_row_and_who_is_in_it() -> None:
    analysis, report = made("en")
    deciles = next(one for one in tables("en") if one.key == "grade_calibration")
    for row in deciles.rows:
        chosen = Selected("", "", "", written(row[0]), "xs_grade_calibration", deciles.columns[0].header)
        number = number_in(report, analysis, chosen)
        assert number.value == plain(row[0])
        closed, still = number.result["n"], number.result["open"]
        assert len(number.behind.rows) == closed + still
        assert number.result["least"] <= number.result["predicted"] <= number.result["most"]
        assert any(line.startswith("Highest chance: ") for line in lines(number))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_name_of_a_row_of_a_metric_is_explained_by_its_first_figure(lang: Language) -> None:
    analysis, report = made(lang)
    for table in (one for one in tables(lang) if one.columns[0].format == "text" and one.rows):
        shown = str(plain(table.rows[0][0]))
        number = number_in(
            report, analysis, Selected("", "", "", shown, f"xs_{table.key}", table.columns[0].header)
        )
        words = ("text", "month", "date")
        first = next(place for place, one in enumerate(table.columns) if one.format not in words)
        assert number.result or table.key in SEVERAL, table.key
        if number.result and not number.derived and len(table.by) < 2:  # the first of two names has more rows
            assert number.value == pytest.approx(plain(table.rows[0][first])), table.key


def test_two_rows_that_begin_with_the_same_name_are_told_apart_by_their_next() -> None:
    analysis, report = made("en")
    table = next(one for one in tables("en") if one.key == "large_orders")
    twice = ((*table.rows[0][:2], "another", *table.rows[0][3:]), table.rows[0])
    rows = replace(table, rows=twice, about=((("order_id", "another"),), table.about[0]))
    page = replace(report.pages[0], bands=((Placed(rows, 0, 7),),))
    labels = tuple(str(plain(value)) for value in table.rows[0][:5])
    place = [column.key for column in table.columns].index("amount")
    chosen = Selected("", "", "", "", "xs_large_orders", table.columns[place].header, labels)
    number = number_in(replace(report, pages=(page,)), analysis, chosen)
    assert number.value == plain(table.rows[0][place])
