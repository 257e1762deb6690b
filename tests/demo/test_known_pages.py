"""The refreshed demo, read back from its file: what the cells show is what the generator knows."""

from __future__ import annotations

import itertools
import re
import warnings
from collections import defaultdict
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from statsmodels.stats.proportion import proportion_confint

from tests.demo_made import demo_bytes
from tests.report.calculation import calculate
from xlsales.demo import institution as qiming
from xlsales.demo.agreement_answers import renewal
from xlsales.demo.answers import answers
from xlsales.demo.counting import month_of, shifted
from xlsales.demo.dirt import soiled
from xlsales.demo.money_answers import money_lines
from xlsales.demo.surroundings import products
from xlsales.hosts.file import refresh
from xlsales.language import LANGUAGES, text
from xlsales.report.blocks import Chart, Table
from xlsales.tables import specs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from xlsales.demo.answers import Answers
    from xlsales.hosts.file import Refreshed
    from xlsales.language import Language

Rows = list[dict[str, Any]]

UNITS = {
    "亿": 1e8,
    "万": 1e4,
    "元": 1,
    "¥M": 1e6,
    "¥k": 1e3,
    "¥": 1,
    "pp": 0.01,
    "pts": 0.01,
    "天": 1,
    "days": 1,
}
QUARTER = ("2026-10", "2026-11", "2026-12")
ELAPSED, DAYS = 18, 62
"""Working days of October 2026 (22 weekdays, five of them a holiday, and the 10th made up) and of the
quarter (21 more in November, 23 in December)."""
STAGES = ("new", "contacted", "booked", "trial", "won", "renewed")


class Shown:
    """A refreshed demo: its cells as numbers, scaled back by the unit that the header states."""

    def __init__(self, done: Refreshed, lang: Language) -> None:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".* extension is not supported")
            self.values = openpyxl.load_workbook(done.path, data_only=True)
            self.formulas = openpyxl.load_workbook(done.path)
        self.lang: Language = lang
        blocks = [
            (page.name, placed.block) for page in done.report.pages for band in page.bands for placed in band
        ]
        self.tables = {f"xs_{block.key}": block for _, block in blocks if isinstance(block, Table)}
        self.charts = {block.key: (page, block.label) for page, block in blocks if isinstance(block, Chart)}

    def table(self, name: str) -> Rows:
        """The rows of a table as they are written, by column key, the total last."""
        sheet = next(sheet for sheet in self.values.worksheets if name in sheet.tables)
        left, top, right, bottom = range_boundaries(sheet.tables[name].ref)
        keys = [column.key for column in self.tables[name].columns]
        header, *rows = sheet.iter_rows(top, bottom, left, right, values_only=True)
        return [
            {key: scaled(value, title) for key, title, value in zip(keys, header, row, strict=True)}
            for row in rows
        ]

    def number(self, name: str) -> float:
        """A key number by its name in the workbook, in the unit of the label above it."""
        sheet, cell = self.values.defined_names[name].attr_text.replace("$", "").split("!")
        page = self.values[sheet.strip("'")]
        return scaled(page[cell].value, page[cell].offset(-1).value)

    def change(self, name: str, column: int = 0) -> float | None:
        """The change on the card of a key number: 0 from the month before, 1 from a year ago."""
        sheet, cell = self.values.defined_names[name].attr_text.replace("$", "").split("!")
        value = self.values[sheet.strip("'")][cell].offset(2, column).value
        return None if isinstance(value, str) else value

    def name(self, key: str | None) -> str:
        """How the pages call a key of the institution."""
        return text(self.lang, "pages.blank") if key is None else qiming.word(key, self.lang)

    def chart(self, key: str) -> list[tuple[Any, ...]]:
        """What a chart reads: one tuple a column, money in the unit that stands beside the chart's label."""
        page, label = self.charts[key]
        sheet = self.values[page]
        (head,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == label)
        note = next(cell.value for cell in sheet[head.row][head.column :] if cell.value)
        unit = UNITS.get(note.split(" · ")[0].replace("万元", "万"), 1)
        figures = [one for one in self.values.worksheets if one.sheet_state == "visible"][-1]
        data = figures.iter_rows(values_only=True)
        block = itertools.takewhile(any, itertools.dropwhile(lambda row: row[0] != f"{page} · {label}", data))
        return [
            tuple(value * unit if isinstance(value, int | float) else value for value in column)
            for column in zip(*list(block)[2:], strict=True)
        ]


def scaled(value: Any, title: str | None) -> Any:
    """A cell's value without the unit that its header states in brackets."""
    unit = re.search(r"[（(]([^（()）]+)[)）]$", title or "")
    if unit is None or unit[1] not in UNITS or not isinstance(value, int | float):
        return value
    return value * UNITS[unit[1]]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """The demo of each language, refreshed once."""
    found = {}
    for lang in LANGUAGES:
        path: Path = tmp_path_factory.mktemp("demo") / f"demo_{lang}.xlsx"
        path.write_bytes(demo_bytes(lang))
        found[lang] = Shown(refresh([path], lang=lang), lang)
    return found


@pytest.fixture(params=LANGUAGES)
def shown(request: pytest.FixtureRequest, pages: dict[str, Shown]) -> Shown:
    return pages[request.param]


@pytest.fixture(scope="module")
def known() -> Answers:
    return answers()


def about(value: float | None) -> Any:
    return value if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)


def test_the_key_numbers_are_the_answers(shown: Shown, known: Answers) -> None:
    sales = known.sales["signed"][""][""]
    funnel = known.funnel["activity"]["2026-10"]
    (m1, m1_size), (m3, m3_size) = known.retention["2026-09"][1], known.retention["2026-07"][3]
    expected = {
        "XS_sales": sales["amount"],
        "XS_new_customers": known.new_customers["2026-10"],
        "XS_aov": sales["aov"],
        "XS_close_rate": funnel["won"] / funnel["trial"],
        "XS_win_rate": known.win_rate[""][""]["rate"],
        "XS_repurchase": known.repurchase["rate"],
        "XS_repurchase_12m": known.repurchase["rate"],
        "XS_retention_m1": m1 / m1_size,
        "XS_retention_m3": m3 / m3_size,
        "XS_repurchase_days": median(gaps_to_second_order()),
        "XS_churn": known.churn["rate"],
        "XS_renewal": renewal(soiled().reported, "", "2026-09")[""]["rate"],
        **worth_and_cost(known.new_customers["2026-10"]),
    }
    around = {"XS_head", "XS_margin", "XS_market_share", "XS_coverage"}
    names = {name for name in shown.values.defined_names if name.startswith("XS_")}
    assert names - around == set(expected)
    names &= set(expected)
    assert {name: shown.number(name) for name in names} == pytest.approx(expected, rel=1e-9)


def worth_and_cost(new: float) -> dict[str, float]:
    """What a customer is worth by the formula, and what a new one costs, counted order by order."""
    cost = {one.product: one.cost for one in products()}
    spent: dict[str, dict[str, float]] = {"now": defaultdict(float), "then": defaultdict(float)}
    buyer: dict[str, str] = {}
    earned = known_money = ever_earned = unknown = 0.0
    for order in soiled().reported.orders:
        month = month_of(order.order_date)
        if order.status != "cancelled" and month <= "2026-10":
            buyer[order.order_id] = order.customer_id
            if order.product in cost:
                ever_earned += (order.amount - cost[order.product] * order.quantity) / 100
            else:
                unknown += order.amount / 100
        if order.status == "cancelled" or not "2024-11" <= month <= "2026-10":
            continue
        spent["now" if month >= "2025-11" else "then"][order.customer_id] += order.amount / 100
        if month >= "2025-11" and order.product in cost:
            known_money += order.amount / 100
            earned += (order.amount - cost[order.product] * order.quantity) / 100
    lost = sum(customer not in spent["now"] for customer in spent["then"]) / len(spent["then"])
    margin = earned / known_money
    back: dict[str, float] = defaultdict(float)
    for refund in soiled().reported.refunds:
        month = month_of(refund.refund_date)
        if refund.order_id in buyer and month <= "2026-10":
            back["ever"] += refund.amount / 100
            if month >= "2025-11" and buyer[refund.order_id] in spent["now"]:
                back["year"] += refund.amount / 100
    a_year = (sum(spent["now"].values()) - back["year"]) / len(spent["now"]) * margin
    cac = sum(one.cost for one in soiled().reported.costs if month_of(one.period) == "2026-10") / 100 / new
    ltv = a_year * min(1 / lost, 5)
    return {
        "XS_ltv": ltv,
        "XS_historic": (ever_earned + (unknown - back["ever"]) * margin) / len(set(buyer.values())),
        "XS_cac": cac,
        "XS_ltv_cac": ltv / cac,
        "XS_payback": cac / (a_year / 12),
        "XS_active_customers": len(spent["now"]),
    }


def gaps_to_second_order() -> Iterator[int]:
    days: dict[str, set[Any]] = defaultdict(set)
    for order in soiled().reported.orders:
        if order.status != "cancelled" and "2025-11" <= month_of(order.order_date) <= "2026-10":
            days[order.customer_id].add(order.order_date)
    for first, second, *_ in (sorted(when) for when in days.values() if len(when) > 1):
        yield (second - first).days


def test_the_changes_on_the_cards_are_those_of_the_answers(shown: Shown, known: Answers) -> None:
    months = known.sales["signed"]["month"]
    now, before, ago = (months[month] for month in ("2026-10", "2026-09", "2025-10"))
    for name, key in (("XS_sales", "amount"), ("XS_aov", "aov")):
        assert shown.change(name) == about(now[key] / before[key] - 1)
        assert shown.change(name, 1) == about(now[key] / ago[key] - 1)
    new = known.new_customers
    assert shown.change("XS_new_customers") == about(new["2026-10"] / new["2026-09"] - 1)
    assert shown.change("XS_new_customers", 1) == about(new["2026-10"] / new["2025-10"] - 1)
    rates = [known.funnel["activity"][month] for month in ("2026-10", "2026-09")]
    now_rate, before_rate = (stages["won"] / stages["trial"] for stages in rates)
    assert shown.change("XS_close_rate") == about(100 * (now_rate - before_rate))


def test_the_target_on_the_sales_card_and_its_attainment(shown: Shown, known: Answers) -> None:
    goal = known.attainment["signed"][""][""]
    sheet, cell = shown.values.defined_names["XS_sales"].attr_text.replace("$", "").split("!")
    value = shown.values[sheet.strip("'")][cell]
    assert scaled(value.offset(1).value, value.offset(-1).value) == about(goal["target"])
    assert value.offset(1, 1).value == about(goal["attainment"])


def test_sales_by_campus_are_the_answers_with_their_total(shown: Shown, known: Answers) -> None:
    *rows, total = shown.table("xs_units")
    sales, goals = known.sales["signed"], known.attainment["signed"]
    assert {row["name"] for row in rows} == {shown.name(key) for key in sales["region"]}
    for key in sales["region"]:
        row = next(row for row in rows if row["name"] == shown.name(key))
        check_unit(row, sales["region"][key], goals["region"][key])
    check_unit(total, sales[""][""], goals[""][""])
    assert [row["actual"] for row in rows] == sorted((row["actual"] for row in rows), reverse=True)


def check_unit(row: dict[str, Any], sale: dict[str, Any], goal: dict[str, Any]) -> None:
    expected = (sale["amount"], goal["target"], goal["attainment"], goal["gap"], sale["mom"])
    for key, value in zip(("actual", "target", "attainment", "gap", "mom"), expected, strict=True):
        assert row[key] == about(value), key


Unit = tuple[str | None, ...]


def counted(by: tuple[str, ...]) -> dict[Unit, dict[str, float | None]]:
    """Targets and sales of the month and the quarter by unit, in yuan; () is the whole."""
    found: dict[Unit, dict[str, float | None]] = defaultdict(
        lambda: {"target": None, "quarter_target": None, "actual": 0}
    )
    for row in (one for one in soiled().reported.targets if one.metric == "sales"):
        unit = found[tuple(getattr(row, name) for name in by)]
        for key, months in (("target", QUARTER[:1]), ("quarter_target", QUARTER)):
            if month_of(row.period) in months:
                unit[key] = (unit[key] or 0) + row.target / 100
    for line in money_lines(soiled().reported, "signed"):
        if month_of(line.day) == "2026-10":
            unit = found[tuple(line.name(name) for name in by)]
            unit["actual"] += line.amount / 100
    return {key: unit for key, unit in found.items() if unit["actual"] or unit["quarter_target"]}


@pytest.mark.parametrize(
    ("name", "by"),
    [("xs_attainment_units", ("region", "team")), ("xs_attainment_reps", ("region", "team", "rep"))],
)
def test_attainment_of_month_and_quarter(shown: Shown, name: str, by: tuple[str, ...]) -> None:
    *rows, total = shown.table(name)
    units = counted(by)
    written = {tuple(row[key] for key in by): row for row in rows}
    assert len(written) == len(rows)
    assert written.keys() == {tuple(map(shown.name, unit)) for unit in units}
    shortfall = sum(min(unit["actual"] - unit["target"], 0) for unit in units.values() if unit["target"])
    for unit, numbers in units.items():
        check_attainment(written[tuple(map(shown.name, unit))], numbers, shortfall, shown.lang)
    (whole,) = counted(()).values()
    check_attainment(total, whole, min(whole["actual"] - whole["target"], 0), shown.lang)


def check_attainment(row: dict[str, Any], unit: dict[str, Any], shortfall: float, lang: Language) -> None:
    actual, target, goal = unit["actual"], unit["target"], unit["quarter_target"]
    assert row["actual"] == about(actual)
    assert row["target"] == about(target)
    assert row["quarter_target"] == about(goal)
    if target is None:
        assert not any(row[key] for key in ("attainment", "gap", "gap_share", "quarter_done", "lag", "daily"))
        assert row["status"] == text(lang, "pages.status.no_target")
        return
    gap, done = actual - target, actual / goal
    assert row["attainment"] == about(actual / target)
    assert row["gap"] == about(gap)
    assert row["gap_share"] == about(gap / shortfall if gap < 0 else None)
    assert row["quarter_done"] == about(done)
    assert row["lag"] == about(done - ELAPSED / DAYS)
    assert row["daily"] == about((goal - actual) / (DAYS - ELAPSED))
    assert row["landing"] == about(actual / ELAPSED * DAYS)
    assert row["landing_share"] == about(actual / ELAPSED * DAYS / goal)
    word = "met" if gap >= 0 else "near" if actual / target >= 0.95 else "missed"
    assert row["status"].endswith(text(lang, f"pages.status.{word}"))


@pytest.mark.parametrize("view", ["cohort", "activity"])
def test_the_funnel_on_both_bases(shown: Shown, known: Answers, view: str) -> None:
    now, before = (known.funnel[view][month] for month in ("2026-10", "2026-09"))
    rows = shown.table(f"xs_funnel_{view}")
    assert [row["stage"] for row in rows] == [text(shown.lang, f"pages.stages.{stage}") for stage in STAGES]
    assert [row["n"] for row in rows] == [now[stage] for stage in STAGES]
    assert rows[0]["entrants"] is None
    for row, (entered, stage) in zip(rows[1:], itertools.pairwise(STAGES), strict=True):
        assert row["entrants"] == now[entered]
        assert row["rate"] == about(now[stage] / now[entered])
        interval = proportion_confint(now[stage], now[entered], method="wilson")
        assert (row["low"], row["high"]) == pytest.approx(interval, abs=1e-9)
        assert row["change"] == about(now[stage] / now[entered] - before[stage] / before[entered])


def stage_dates_by_channel() -> dict[str | None, dict[str, int]]:
    found: dict[str | None, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STAGES, 0))
    for lead in soiled().reported.leads:
        for stage in STAGES:
            day = lead.created if stage == "new" else getattr(lead, stage)
            if day is not None and month_of(day) == "2026-10":
                found[lead.channel][stage] += 1
    return found


def test_channels_by_stage_in_rates(shown: Shown, known: Answers) -> None:
    channels = {shown.name(key): stages for key, stages in stage_dates_by_channel().items()}
    channels[text(shown.lang, "pages.total")] = known.funnel["activity"]["2026-10"]
    rates = {row["channel"]: row for row in shown.table("xs_channel_rates")}
    assert rates.keys() == channels.keys()
    for name, stages in channels.items():
        assert rates[name]["n"] == stages["new"]
        assert rates[name]["overall"] == about(stages["won"] / stages["new"])
        for entered, stage in itertools.pairwise(STAGES[:-1]):
            rate = stages[stage] / stages[entered] if stages[entered] else None
            assert rates[name][stage] == about(rate), (name, stage)


def test_the_heat_map_cell_by_cell(shown: Shown, known: Answers) -> None:
    rows = shown.table("xs_retention")
    months = known.months[-13:-1]
    assert [row["cohort"] for row in rows] == list(months)
    for row, month in zip(rows, months, strict=True):
        cohort = known.retention[month]
        assert row["size"] == cohort[0][1]
        for k in range(1, 13):
            active, size = cohort.get(k, (None, 1))
            assert row[f"m{k}"] == about(None if active is None else active / size), (month, k)


def test_repurchase_by_course(shown: Shown, known: Answers) -> None:
    days: dict[tuple[str | None, str], set[Any]] = defaultdict(set)
    for order in soiled().reported.orders:
        if order.status != "cancelled" and shifted("2026-10", -11) <= month_of(order.order_date) <= "2026-10":
            days[order.product, order.customer_id].add(order.order_date)
    *rows, total = shown.table("xs_repurchase_products")
    products = {product for product, _ in days}
    assert {row["name"] for row in rows} == {shown.name(product) for product in products}
    for product in products:
        row = next(row for row in rows if row["name"] == shown.name(product))
        visits = [when for (bought, _), when in days.items() if bought == product]
        repeaters = sum(len(when) > 1 for when in visits)
        assert (row["customers"], row["repeaters"]) == (len(visits), repeaters)
        assert row["rate"] == about(repeaters / len(visits))
    whole = known.repurchase
    assert (total["customers"], total["repeaters"]) == (whole["customers"], whole["repeated"])
    assert total["rate"] == about(whole["rate"])


def test_after_which_order_customers_come_again(shown: Shown) -> None:
    days: dict[str, set[date]] = defaultdict(set)
    for order in soiled().reported.orders:
        if order.status != "cancelled" and month_of(order.order_date) <= "2026-10":
            days[order.customer_id].add(order.order_date)
    visits = [sorted(when) for when in days.values()]
    rows = shown.table("xs_repurchases")
    assert [row["step"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    for nth, row in enumerate(rows, 1):
        gaps = [(when[nth] - when[nth - 1]).days for when in visits if len(when) > nth]
        assert (row["n"], row["again"]) == (sum(len(when) >= nth for when in visits), len(gaps))
        assert row["share"] == about(len(gaps) / row["n"])
        quartiles = quantiles(gaps, n=4, method="inclusive")
        assert [row["early_days"], row["median_days"], row["late_days"]] == [about(one) for one in quartiles]


def test_the_contracts_of_the_last_month_whose_grace_is_over(shown: Shown) -> None:
    *rows, total = shown.table("xs_renewals")
    known = {key: renewal(soiled().reported, key, "2026-09") for key in ("product", "")}
    assert {row["name"] for row in rows} == {shown.name(key) for key in known["product"]}
    named = {shown.name(key): row for key, row in known["product"].items()} | {total["name"]: known[""][""]}
    for row in [*rows, total]:
        expected = named[row["name"]]
        assert row["due"] == expected["due"]
        assert row["renewal"] == about(expected["rate"])
        for name in ("grr", "nrr", "upgrade_share", "uplift"):
            assert row[name] == about(expected[name])
    renewed, lapsed, grace = shown.chart("renewal_months")[1:4]
    last = renewal(soiled().reported, "")[""]
    assert (renewed[-1], lapsed[-1], grace[-1]) == (last["renewed"], last["lapsed"], last["open"])


def test_members_by_level(shown: Shown, known: Answers) -> None:
    rows = shown.table("xs_membership")
    tiers = [shown.name(key) for key in ("gold", "silver")]
    assert [row["tier"] for row in rows] == [*tiers, text(shown.lang, "pages.renewals.no_member")]
    for row, key in zip(rows, ("gold", "silver", None), strict=True):
        expected = known.membership[key]
        assert row["base"] == expected["base"]
        assert row["retention"] == about(expected["rate"])
        assert row["difference"] == about(expected["difference"])
        assert row["per_buyer"] == about(expected["amount"] / expected["buyers"])


MONEY = dict.fromkeys(("orders", "payments", "refunds", "contracts"), "amount")
MONEY |= {"targets": "target", "costs": "cost", "market": "size"}
"""The column of money of each table that has one."""


def test_the_reconciliation_adds_up_to_the_reported_rows(shown: Shown) -> None:
    rows = {row["table"]: row for row in shown.table("xs_reconciliation")}
    written, reported = soiled().sheets, soiled().reported.tables()
    totals = {"orders": 1, "targets": 1, "refunds": 4}
    for key, facts in reported.items():
        row = rows.pop(specs.table(key).title(shown.lang))
        assert row["rows_in"] == len(written[key]) + totals.get(key, 0)
        assert row["rows_out"] == len(facts)
        assert row["rows_excluded"] == row["rows_in"] - row["rows_out"]
        assert row["ties"] == text(shown.lang, "pages.quality.ties")
        if key not in MONEY:
            assert row["amount_in"] is row["amount_out"] is None
            continue
        lost = {
            (mark.row)
            for mark in soiled().marks
            if mark.table == key and (mark.kind, mark.column) == ("error", MONEY[key])
        }
        fen = sum(getattr(one.row, MONEY[key]) for at, one in enumerate(written[key]) if at not in lost)
        assert row["amount_in"] == about(fen / 100)
        assert row["amount_out"] == about(sum(getattr(fact, MONEY[key]) for fact in facts) / 100)
    assert not rows


def test_the_trend_is_the_last_thirteen_months_with_their_targets(shown: Shown, known: Answers) -> None:
    months = [shifted("2026-10", -k) for k in range(12, -1, -1)]
    columns = shown.chart("trend")
    for numbers, key in ((known.sales, "amount"), (known.attainment, "target")):
        expected = [numbers["signed"]["month"][month][key] for month in months]
        assert pytest.approx(expected) in columns, key


def test_the_bridge_goes_from_last_month_to_this_one_by_what_each_campus_changed(
    shown: Shown, known: Answers
) -> None:
    names, *columns = shown.chart("bridge")
    for key, sale in known.sales["signed"]["region"].items():
        at = names.index(shown.name(key))
        change = abs(sale["amount"] - sale["previous"])
        assert any(column[at] == about(change) for column in columns), key


def test_the_ranking_is_everybody_by_the_gap_to_the_target(shown: Shown, known: Answers) -> None:
    names, gaps, *_ = shown.chart("rep_gap")
    goals = known.attainment["signed"]["rep"]
    expected = {shown.name(key): goal["gap"] for key, goal in goals.items() if goal["target"]}
    assert dict(zip(names, gaps, strict=True)) == pytest.approx(expected)
    assert list(gaps) == sorted(gaps, reverse=True)


def test_new_and_existing_customers_share_the_sales_of_the_month(shown: Shown, known: Answers) -> None:
    _, existing, new, *_ = shown.chart("new_existing")
    ages = known.sales_by_age["signed"]
    assert (new[-1], existing[-1]) == pytest.approx((ages["new"], ages["existing"]))


def test_the_average_curve_pools_the_cohorts_that_are_over(shown: Shown, known: Answers) -> None:
    _, rates, *_ = shown.chart("retention_curve")
    for k, rate in enumerate(rates, 1):
        cells = [cohort[k] for month in known.months[-13:-1] if k in (cohort := known.retention[month])]
        assert rate == about(sum(active for active, _ in cells) / sum(size for _, size in cells))


def test_every_formula_gives_the_value_that_is_cached(shown: Shown) -> None:
    seen = 0
    for sheet in shown.formulas.worksheets:
        if not any(name.startswith("xs_") for name in sheet.tables):
            continue
        values = shown.values[sheet.title]
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            cached = values[cell.coordinate].value
            assert calculate(sheet, values, cell) == pytest.approx("" if cached is None else cached), cell
            seen += 1
    assert seen > 100


def test_both_languages_show_the_same_numbers(pages: dict[str, Shown]) -> None:
    zh, en = (pages[lang] for lang in LANGUAGES)
    assert list(zh.tables) == list(en.tables)
    for name, table in zh.tables.items():
        for column in table.columns:
            ours, theirs = (
                sorted(row[column.key] for row in one.table(name) if isinstance(row[column.key], int | float))
                for one in (zh, en)
            )
            assert ours == pytest.approx(theirs), (name, column.key)
