"""What the sentences of a page state is what the rows of the book add up to."""

from __future__ import annotations

import pytest

from tests.report.pages.books import BOOKS, orders, page, report, said, shown, words
from xlsales.language import LANGUAGES
from xlsales.metrics import _catalogue
from xlsales.report.blocks import Alerts, Cell, Chart, Note, Table

OCTOBER = [1000 * place + 100 * 14 for place in (1, 2, 3)]
SEPTEMBER = [1000 * place + 100 * 13 for place in (1, 2, 3)]
SALES, BEFORE = sum(OCTOBER), sum(SEPTEMBER)
TARGET = 3 * 3000


def headline(name: str, key: str, lang: str = "en") -> str:
    return said(shown(name, key, lang).headline)


def block(name: str, key: str, which: str, lang: str = "en"):
    bands = shown(name, key, lang).bands
    return next(
        p.block for band in bands for p in band if getattr(p.block, "key", type(p.block).__name__) == which
    )


def k(amount: float) -> str:
    """Thousands as English sentences say them."""
    return f"¥{amount / 1000:.0f}k" if abs(amount) >= 1e4 else f"¥{amount:,.0f}"


@pytest.mark.parametrize(
    ("name", "states"),
    [
        (
            "an ordinary book",
            f"Oct 2026 sales {k(SALES)}, {SALES / TARGET:.1%} of target, "
            f"▲ +{SALES / BEFORE - 1:.1%} MoM: mainly North (+¥200)",
        ),
        ("no targets", f"Oct 2026 sales {k(SALES)}, ▲ +{SALES / BEFORE - 1:.1%} MoM: mainly North (+¥200)"),
        ("a first month", f"Oct 2026 sales {k(SALES)}, {SALES / TARGET:.1%} of target"),
        ("a first month without targets", f"Oct 2026 sales {k(SALES)}"),
        (
            "negative sales",
            f"Oct 2026 sales -{k(SALES)}, -{SALES / TARGET:.1%} of target, "
            f"▼ -{(BEFORE + SALES) / BEFORE:.1%} MoM: "
            f"mainly North (-{k(sum(OCTOBER[:2]) + sum(SEPTEMBER[:2]))})",
        ),
        ("one single order", "Oct 2026 sales ¥250"),
        ("an open month", f"Oct 2026 sales {k(sum(OCTOBER[1:]))}, {sum(OCTOBER[1:]) / TARGET:.1%} of target"),
        ("leads only", "No orders to count in Oct 2026"),
        ("a period that has not begun", "No orders to count in Oct 2026"),
        ("a filter that nothing passes", "No orders to count in Oct 2026"),
    ],
)
def test_the_overview_states_the_sum_of_the_orders(name: str, states: str) -> None:
    assert headline(name, "overview") == states


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("an ordinary book", "100.0% of all shortfalls sit with Ann"),
        ("no targets", "No targets, so no attainment"),
        ("targets for another month only", "No targets, so no attainment"),
        ("targets of regions only", "100.0% of all shortfalls sit with South, North"),
        ("a target of somebody who sells nothing", "100.0% of all shortfalls sit with Dee, Ann"),
        ("every dimension blank", f"{SALES / 9000:.1%} of target"),
        ("negative sales", "100.0% of all shortfalls sit with Cid, Bob, Ann"),
        ("a period that has not begun", f"The period has not begun; its target is ¥{TARGET:,}"),
    ],
)
def test_attainment_names_those_who_are_behind_and_never_praises_without_targets(
    name: str, states: str
) -> None:
    assert headline(name, "attainment") == states


def test_attainment_says_when_everybody_made_it() -> None:
    book, _ = BOOKS["an ordinary book"]
    easy = {**book, "targets": [{**row, "target": "100"} for row in book["targets"]]}
    assert (
        said(page(report(easy, only=["attainment"]), "attainment").headline) == "All 3 targets by Rep are met"
    )


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("an ordinary book", f"24 leads, {6 / 24:.1%} won; no step is below its own 6-month median"),
        ("a first month", f"24 leads, {6 / 24:.1%} won"),
        ("a period that has not begun", "No leads in Oct 2026"),
        ("a filter that nothing passes", "No leads in Oct 2026"),
        ("no leads", "No leads, so no funnel"),
        ("a filter that leads lack", "No leads, so no funnel"),
    ],
)
def test_the_funnel_claims_no_median_that_it_has_not_seen(name: str, states: str) -> None:
    assert headline(name, "funnel") == states


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("a first month", "Too little history to compare cohorts; 12-month repurchase 0.0%"),
        ("no customers", "No customer ids, so no retention"),
        ("a filter that nothing passes", "No customer bought in the 12 months up to Oct 2026"),
        ("leads only", "No customer ids, so no retention"),
    ],
)
def test_retention_blames_missing_ids_only_when_they_are_missing(name: str, states: str) -> None:
    assert headline(name, "retention") == states


LARGEST = max(OCTOBER) / SALES
"""Of three orders the largest 5 % is one."""


@pytest.mark.parametrize(
    ("name", "states"),
    [
        (
            "an ordinary book",
            "New customers bring 0.0% (0.0 pts on the period before); the 10 largest have 100.0%, "
            f"large orders (1) {LARGEST:.1%}",
        ),
        (
            "a first month",
            f"New customers bring 100.0%; the 10 largest have 100.0%, large orders (1) {LARGEST:.1%}",
        ),
        (
            "no customers",
            f"Large orders (1) make {LARGEST:.1%} of what was signed; no customers are named",
        ),
        ("negative sales", "Sales to known customers are not above zero, so there are no shares"),
        ("leads only", "No orders to count in this period"),
    ],
)
def test_the_customers_page_blames_missing_names_only_when_they_are_missing(name: str, states: str) -> None:
    assert headline(name, "accounts") == states


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "key", "metric", "inputs"),
    [
        ("no targets", "attainment", "attainment", {"en": "table Targets", "zh": "目标表"}),
        ("no leads", "funnel", "lead_funnel", {"en": "table Leads", "zh": "线索表"}),
        ("no customers", "retention", "retention", {"en": "Orders: Customer ID", "zh": "订单的客户编号"}),
        ("leads only", "overview", "sales", {"en": "table Orders", "zh": "订单表"}),
        ("a filter that leads lack", "funnel", "lead_funnel", {"en": "Leads: Category", "zh": "线索的类别"}),
    ],
)
def test_a_page_names_the_input_it_lacks_and_what_it_would_bring(
    name: str, key: str, metric: str, inputs: dict[str, str], lang: str
) -> None:
    note = block(name, key, "Note", lang)
    assert isinstance(note, Note)
    words = "".join(said(sentence) for sentence in note.sentences)
    assert inputs[lang] in words
    assert _catalogue.find(metric).title(lang) in words


def test_targets_that_say_nothing_about_the_period_are_not_called_missing() -> None:
    note = block("targets for another month only", "attainment", "Note")
    assert said(note.sentences[0]).startswith("The targets name none for Oct 2026.")
    note = block("a filter that nothing passes", "attainment", "Note")
    assert said(note.sentences[0]).startswith("The targets name none for Oct 2026 · Region: West.")


def test_the_bridge_goes_from_the_period_before_to_this_one() -> None:
    chart = block("an ordinary book", "overview", "bridge")
    assert isinstance(chart, Chart)
    assert chart.categories == ("Previous", "North", "South", "Current")
    assert chart.finding == f"North alone +¥200, net change +¥{SALES - BEFORE}"
    plain = block("every dimension blank", "overview", "bridge")
    assert plain.categories == ("Previous", "Change", "Current")
    assert plain.finding == f"+¥{SALES - BEFORE} on the period before"
    assert block("a first month", "overview", "bridge").empty == "No comparable period before this one"


def test_alerts_cost_what_the_targets_miss_and_speak_of_regions_where_only_they_have_targets() -> None:
    alerts = block("targets of regions only", "overview", "Alerts")
    assert isinstance(alerts, Alerts)
    gaps = {"North": sum(OCTOBER[:2]) - 9000, "South": OCTOBER[2] - 9000}
    assert [(alert.text.split()[0], alert.amount) for alert in alerts.alerts] == [
        ("South", gaps["South"]),
        ("North", gaps["North"]),
    ]


def test_without_targets_whoever_sold_less_than_before_needs_attention() -> None:
    book, _ = BOOKS["no targets"]
    sold = [
        row for row in book["orders"] if row["rep"] == "Ann" or not row["order_date"].startswith("2026-10")
    ]
    bands = page(report({**book, "orders": sold, "leads": []}, only=["overview"]), "overview").bands
    alerts = next(placed.block for band in bands for placed in band if isinstance(placed.block, Alerts))
    assert [(alert.text.split()[0], alert.amount) for alert in alerts.alerts] == [
        ("South", -SEPTEMBER[2]),
        ("North", OCTOBER[0] - sum(SEPTEMBER[:2])),
    ]


def test_a_month_below_zero_makes_every_loss_a_high_alert() -> None:
    alerts = block("negative sales", "overview", "Alerts").alerts
    assert [alert.severity for alert in alerts] == ["high"] * 3


def test_beyond_twelve_units_the_rest_is_one_row_and_nothing_is_lost() -> None:
    book, _ = BOOKS["forty reps without targets"]
    flat = [
        {name: value for name, value in row.items() if name in ("order_date", "rep", "amount")}
        for row in book["orders"]
    ]
    made = page(report({"orders": flat}, only=["overview"]), "overview")
    table = next(p.block for band in made.bands for p in band if isinstance(p.block, Table))
    assert len(table.rows) == 11
    assert table.rows[-1][0] == "30 others"
    october = [1000 * place + 1400 for place in range(1, 41)]
    assert table.rows[-1][1] == sum(october[:30])
    assert sum(row[1] for row in table.rows) == sum(october)


def keys(made) -> set[str]:
    """The keys of the tables of a page."""
    blocks = (placed.block for band in made.bands for placed in band)
    return {block.key for block in blocks if isinstance(block, Table)}


def test_the_quality_page_ties_in_rows_and_money_and_says_so() -> None:
    rows = orders()
    twice = [*rows, rows[0], {**rows[1], "order_id": "09999", "order_date": ""}]
    made = page(report({"orders": twice}, only=["quality"]), "quality")
    assert said(made.headline) == f"44 rows read, {42 / 44:.1%} counted; 2 findings, 1 of them high"
    table = next(
        band[0].block for band in made.bands if getattr(band[0].block, "key", "") == "reconciliation"
    )
    amount = sum(int(row["amount"]) for row in rows)
    (row,) = table.rows
    assert row[1:4] == (44, 2, 42)
    assert row[6] == amount
    assert row[5] == amount + int(rows[0]["amount"]) + int(rows[1]["amount"])
    assert row[7] == "Needed value is missing: 1 (¥2,100); Duplicate row: 1 (¥1,100)"


def test_long_names_are_counted_rather_than_cut_out_of_a_finding() -> None:
    chart = block("forty reps with long names", "attainment", "rep_gap")
    gaps = sorted(1000 * place + 1400 - 22000 for place in range(1, 41))
    assert chart.finding == (
        f"The gap sits with Maximiliana von Hohenzollern-Sigmaringen the 0th and 2 more: -{k(-sum(gaps[:3]))}"
    )


@pytest.mark.parametrize(
    ("name", "units", "widths"),
    [("an ordinary book", (60, 60), {80}), ("forty reps with long names", (None, None), set(range(72, 80)))],
)
def test_long_names_of_units_take_their_room_from_the_figures(
    name: str, units: tuple[int | None, ...], widths: set[int]
) -> None:
    columns = shown(name, "attainment").columns
    assert set(columns[-12:]) <= widths
    for width, expected in zip(columns, units, strict=False):
        assert width == expected if expected else 60 < width <= 120


def test_targets_of_regions_are_shown_by_region() -> None:
    table = block("targets of regions only", "attainment", "attainment_units")
    gaps = {"North": sum(OCTOBER[:2]) - 9000, "South": OCTOBER[2] - 9000}
    assert {row[0]: row[5] for row in table.rows} == gaps


def test_the_quality_page_adds_up_what_each_source_brought_where_there_are_several() -> None:
    from dataclasses import replace

    from tests.report.pages.books import sheets
    from xlsales.analysis import analyse, build_report

    (one,) = sheets({"orders": orders(last=7)}, "en")
    (other,) = sheets({"orders": orders(first=8)}, "en")
    given = [
        replace(one, source="2026-10 Store.csv", sheet="2026-10 Store"),
        replace(other, source="Fair.csv", sheet="Fair"),
    ]
    made = page(build_report(analyse(given), "en", ["quality"]), "quality")
    table = next(band[0].block for band in made.bands if getattr(band[0].block, "key", "") == "by_source")
    early, late = (sum(int(row["amount"]) for row in part) for part in (orders(last=7), orders(first=8)))
    assert [row[:4] for row in table.rows[:2]] == [
        ("Fair", "Orders", late, 21),
        ("Store", "Orders", early, 21),
    ]
    assert table.rows[2][1:4] == ("Orders", early + late, 42)
    alone = page(report({"orders": orders()}, only=["quality"]), "quality")
    assert "by_source" not in keys(alone)


def test_the_quality_page_says_what_each_of_the_users_rules_did() -> None:
    rows = orders()
    rules = [
        {"rule": "cheap", "table": "Orders", "condition": "amount < 1200", "action": "exclude"},
        {"rule": "dear", "table": "Orders", "condition": "amount > 1000000", "action": "flag"},
        {"rule": "vague", "table": "Orders", "condition": "amount about 100", "action": "flag"},
    ]
    made = page(report({"orders": rows, "rules": rules}, only=["quality"]), "quality")
    table = next(band[0].block for band in made.bands if getattr(band[0].block, "key", "") == "own_rules")
    cheap = [int(row["amount"]) for row in rows if int(row["amount"]) < 1200]
    assert cheap
    assert [row[0] for row in table.rows] == ["cheap", "dear", "vague"]
    assert table.rows[0][3:5] == (len(cheap), sum(cheap))
    assert table.rows[1][3:6] == (0, None, "")
    assert table.rows[2][5].value == "about"


def test_the_quality_page_weighs_a_blank_by_the_orders_that_have_it() -> None:
    rows = orders()
    rows[0] |= {"rep": ""}
    made = page(report({"orders": rows}, only=["quality"]), "quality")
    table = next(band[0].block for band in made.bands if getattr(band[0].block, "key", "") == "completeness")
    (row,) = (row for row in table.rows if row[0] == "Rep")
    assert row[2:5] == (len(rows), len(rows) - 1, 1)
    assert row[6] == int(rows[0]["amount"])


def test_the_quality_page_lists_what_cleaning_changed_with_an_example_of_each_kind() -> None:
    rows = orders()
    rows[4] |= {"region": f" {rows[4]['region'].upper()}"}
    made = page(report({"orders": rows}, only=["quality"]), "quality")
    table = next(band[0].block for band in made.bands if getattr(band[0].block, "key", "") == "changes")
    (row,) = table.rows
    before, after = rows[4]["region"].strip(), rows[4]["region"].strip().capitalize()
    assert row[:4] == ("One spelling of one name", "Orders", "Region", 1)
    assert row[7] == f"{before} → {after}"
    same = page(report({"orders": orders()}, only=["quality"]), "quality")
    assert "changes" not in keys(same)


def lead_rows(channel: str, won: int, n: int, month: str = "2026-10") -> list[dict[str, str]]:
    return [
        {"lead_id": f"{channel}{month}{at}", "created": f"{month}-02", "channel": channel, "rep": "Ann"}
        | ({"won": f"{month}-09"} if at < won else {})
        for at in range(n)
    ]


def channels_of(leads: list[dict[str, str]], lang: str = "en"):
    return page(
        report({"leads": leads}, lang, only=["channels"], period="2026-10", as_of="2026-10-31"), "channels"
    )


def test_the_channel_that_stands_off_for_sure_is_named_with_the_rate_of_the_others() -> None:
    leads = lead_rows("Web", 10, 100) + lead_rows("Street", 12, 100) + lead_rows("Referral", 50, 100)
    found = channels_of(leads)
    rate, others = 50 / 100, 22 / 200
    assert said(found.headline) == (
        f"Referral converts {rate:.1%}, +{100 * (rate - others):.1f} pts against {others:.1%} of all other "
        "channels, significant after correction"
    )
    assert said(found.second).startswith(f"Overall conversion {72 / 300:.1%}; no earlier period")


def test_channels_that_differ_by_chance_are_not_praised_or_blamed() -> None:
    leads = lead_rows("Web", 10, 100) + lead_rows("Street", 12, 100)
    told = f"No channel of 2 differs significantly from the others; overall {22 / 200:.1%}"
    assert said(channels_of(leads).headline) == told


def test_the_change_is_told_as_rates_and_mix_that_add_up() -> None:
    leads = lead_rows("Web", 10, 100) + lead_rows("Referral", 50, 100)
    leads += lead_rows("Web", 10, 150, "2026-09") + lead_rows("Referral", 25, 50, "2026-09")
    change = 60 / 200 - 35 / 200
    within = (10 / 100 - 10 / 150) * (0.5 + 0.75) / 2
    assert said(channels_of(leads).second) == (
        f"Overall conversion {60 / 200:.1%}, ▲ +{100 * change:.1f} pts MoM: +{100 * within:.1f} pts within "
        f"channels, +{100 * (change - within):.1f} pts from their mix."
    )


@pytest.mark.parametrize("as_of", ["2026-10-09", "2026-10-31"])
def test_the_channels_count_the_costs_of_the_acquisition_cost_and_say_what_is_left_out(as_of: str) -> None:
    costs = [
        {"period": "2026-10", "kind": "Advertising", "channel": "Web", "cost": "600"},
        {"period": "2026-10", "kind": "Rent", "channel": "", "cost": "1400"},
    ]
    book = {"leads": lead_rows("Web", 10, 100), "costs": costs}
    found = page(report(book, "en", only=["channels"], period="2026-10", as_of=as_of), "channels")
    (table,) = (
        p.block for band in found.bands for p in band if getattr(p.block, "key", "") == "channel_table"
    )
    at = [column.key for column in table.columns].index("cost_per_win")
    cell = table.rows[0][at]
    assert len(table.rows) == 1
    partial = as_of < "2026-10-31"
    assert cell == (Cell(600 / 10, tone="quiet") if partial else 600 / 10)
    told = list(words(found.bands))
    assert any("¥1,400 more are for rent" in one for one in told)
    assert any(f"wins up to {as_of} only" in one for one in told) is partial


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("no leads", "No leads, so no channels and people to compare"),
        ("every dimension blank", f"Leads name no two channels to compare; overall conversion {2 / 8:.1%}"),
    ],
)
def test_without_channels_the_page_says_so(name: str, states: str) -> None:
    assert headline(name, "channels") == states
