"""The page of retention holds customers against their targets, and says whose lessons are given back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.report.pages.books import orders, page, report, said, words
from xlsales.language import LANGUAGES, text
from xlsales.report.blocks import Cell, Chart, Table

if TYPE_CHECKING:
    from tests.report.pages.books import Row
    from xlsales.language import Language
    from xlsales.report.blocks import Page

TARGETS = (
    ("renewal rate", "gold", "90%"),
    ("churn rate", "", "95"),
    ("churn rate", "nobody", "10%"),
    ("retention rate", "", "950"),
    ("customer growth", "", "300"),
    ("customers", "", "3"),
    ("customers", "Key account", "5"),
    ("customers", "Key account", "6"),
)


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def made(lang: Language) -> Page:
    sold = orders()
    book = {
        "orders": sold,
        "products": [{"product": "Maths", "teacher": "Ma"}, {"product": "Art", "teacher": "Niu"}],
        "refunds": [{"order_id": "11003", "refund_date": "2026-10-31", "amount": 5}],  # of July
        "customers": [{"customer_id": sold[0]["customer_id"], "tier": "VIP"}],
        "targets": [
            {"period": "2026-10", "metric": metric, "customer_type": kind, "target": target}
            for metric, kind, target in TARGETS
        ],
    }
    return page(report(book, lang, only=["retention"], period="2026-10"), "retention")


def rows(made: Page, key: str) -> list[tuple[object, ...]]:
    blocks = (placed.block for band in made.bands for placed in band)
    table = next(block for block in blocks if isinstance(block, Table) and block.key == key)
    return [tuple(one.value if isinstance(one, Cell) else one for one in row) for row in table.rows]


def test_every_target_has_a_row_and_says_how_it_stands(made: Page, lang: Language) -> None:
    found = {
        str(name): (target, rate, status)
        for name, _, target, rate, *_, status in rows(made, "customer_targets")
    }
    assert len(found) == len(TARGETS) - 1  # two of one count are one row, and none is believed
    stand = {str(status) for *_, status in found.values()}
    if lang == "en":
        assert stand >= {"No such type", "Above 100%", "Two targets", "● Met", "▼ Behind"}
        target, bought, status = found["All customers · customers"]
        assert (target, status) == ("3 cust.", "● Met")
        assert str(bought).endswith(" cust.")
        assert "customer targets are met" in said(made.second)


def test_whose_lessons_are_given_back(made: Page) -> None:
    """Bob teaches nothing: his courses are Maths, those of the others Art."""
    found = {str(name): (full, part) for name, _, full, part, _ in rows(made, "teacher_dropouts")}
    assert sum(full + part for full, part in found.values()) == 1  # type: ignore[operator]
    assert set(found) == {"Ma", "Niu"}


def in_turn(days: int = 396) -> list[dict[str, str]]:
    """Forty customers, one a day in turn, up to the end of October 2026."""
    dates = [date(2026, 10, 31) - timedelta(days=days - 1 - k) for k in range(days)]
    return [
        {"order_id": f"{k:03d}", "order_date": f"{day}", "customer_id": f"C{k % 40}", "amount": "100"}
        for k, day in enumerate(dates)
    ]


def chart(made: Page, key: str) -> Chart:
    blocks = (placed.block for band in made.bands for placed in band)
    return next(block for block in blocks if isinstance(block, Chart) and block.key == key)


def test_who_all_come_back_after_as_many_days_are_not_told_from_and_to() -> None:
    made = page(report({"orders": in_turn()}, "en", only=["retention"]), "retention")
    assert "100.0% of first-time customers bought again, mostly 40 days later." in set(words(made.bands))


def leaving(lost: dict[str, int], kept: dict[str, int], lang: Language) -> str:
    """What the page says of customers by campus who bought twice a year ago, and now unless they are lost."""
    sold: list[Row] = []
    customers: list[Row] = []
    for region in lost:
        for number in range(lost[region] + kept[region]):
            who = f"{region}{number}"
            customers.append({"customer_id": who, "region": region})
            days = ["2025-09-25", "2025-10-25", *(["2026-10-20"] if number >= lost[region] else [])]
            sold += [{"order_date": day, "customer_id": who, "amount": "100"} for day in days]
    book = {"orders": sold, "customers": customers}
    made = page(report(book, lang, only=["retention"], period="2026-10"), "retention")
    return " ".join(words(made.bands))


def test_who_leave_more_often_are_named_with_their_ratio() -> None:
    """West 30/40, South 20/40 and North 6/60 of 140: the others of West lost 26 of 100."""
    found = leaving({"West": 30, "South": 20, "North": 6}, {"West": 10, "South": 20, "North": 54}, "en")
    assert "of 40 with Region West 75.0% left in a year, 2.9 times others (95% 2.0 to 4.2)" in found


def test_where_all_others_stayed_no_ratio_is_told() -> None:
    lost, kept = {"西区": 20, "东区": 0}, {"西区": 20, "东区": 60}
    assert "共性（非原因）：校区西区 40 位流失 50.0%，其他客户无流失。" in leaving(lost, kept, "zh")
    assert "40 with Region 西区 50.0% left in a year, while the others lost none." in leaving(
        lost, kept, "en"
    )


def test_where_no_trait_stands_out_it_is_said(lang: Language) -> None:
    found = leaving({"W": 10, "E": 10}, {"W": 30, "E": 30}, lang)
    assert text(lang, "pages.renewals.traits_none") in found


def test_leavers_are_told_by_reason_apart_from_what_nobody_can_tell(lang: Language) -> None:
    """Of forty answers of half a year 20 say price and ten a code of their own; of ten before five price."""
    now = ["too expensive"] * 20 + ["Night shift"] * 10 + ["Other"] * 6 + [""] * 4
    before = ["too expensive"] * 5 + ["Night shift"] * 5
    asked = [
        {"survey_id": f"{day[:7]}-{k}", "day": day, "survey_type": "churn", "reason": reason}
        for day, said_then in (("2026-09-01", now), ("2026-03-01", before))
        for k, reason in enumerate(said_then)
    ]
    aims = [{"period": "2026-10", "metric": "churn rate", "target": "10%"}]
    made = page(
        report({"orders": orders(), "surveys": asked, "targets": aims}, lang, only=["retention"],
               period="2026-10"), "retention",
    )  # fmt: skip
    reasons = chart(made, "churn_reasons")
    names = ("价格", "Night shift", "无法归类", "未填原因")
    if lang == "en":
        names = ("Price", "Night shift", "Unclassified", "No reason given")
    running = ("50%", "75%", "90%", "100%")
    assert reasons.categories == tuple(
        f"{name} · {share}" for name, share in zip(names, running, strict=True)
    )
    assert reasons.finding == {
        "zh": "价格占 50.0%，较前 6 个月 0.0 个百分点；15.0% 无法归类；10.0% 未填",
        "en": "Price 50.0%, 0.0 pts on the 6 months before; 15.0% unclassified; 10.0% blank",
    }[lang]  # fmt: skip


def test_differences_of_few_members_are_grey(made: Page) -> None:
    blocks = (placed.block for band in made.bands for placed in band)
    table = next(block for block in blocks if isinstance(block, Table) and block.key == "membership")
    kept = [column.key for column in table.columns].index("retention")
    assert all(isinstance(row[kept], Cell) and row[kept].tone == "quiet" for row in table.rows)


def test_after_which_order_customers_come_again_and_how_soon() -> None:
    """Each comes every forty days, nine times or more."""
    made = page(report({"orders": in_turn()}, "en", only=["retention"]), "retention")
    assert rows(made, "repurchases") == [(str(k), 40, 40, 1.0, 40, 40, 40) for k in range(1, 7)]
    # 365 days of November 2025 to October 2026, one customer each
    assert "orders of one day are one · 9.1 orders per customer in 12 months" in set(words(made.bands))


def test_months_of_repurchase_that_are_alike_have_no_peak() -> None:
    even = chart(
        page(report({"orders": in_turn(800)}, "en", only=["retention"]), "retention"), "repurchase_months"
    )
    assert even.finding == "No month stands out"
    assert (even.series[0].tone, even.series[0].tones) == ("context", ())


def test_the_first_year_of_data_is_shown_without_a_verdict(lang: Language) -> None:
    """Of the 365 days of the year 356 are of customers who had come before."""
    first = chart(
        page(report({"orders": in_turn()}, lang, only=["retention"]), "retention"), "repurchase_months"
    )
    told = {
        "en": "The first year alone: early months read low, no verdict",
        "zh": "只有首年数据：靠前的月份偏低，不下结论",
    }
    assert (first.finding, first.series[0].tones) == (told[lang], ())
    assert first.series[0].values[6] == 31 / 356


def test_a_month_in_which_many_buy_again_is_the_peak() -> None:
    """Thirty more come twice in July: 31 of the 365 in turn, and thirty of the 395."""
    again = [
        {"order_id": f"J{day}{k}", "order_date": f"2026-07-{day}", "customer_id": f"J{k}", "amount": "100"}
        for day in ("01", "31")
        for k in range(30)
    ]
    made = page(report({"orders": [*in_turn(800), *again]}, "en", only=["retention"]), "retention")
    peaks = chart(made, "repurchase_months")
    assert peaks.series[0].values[6] == (31 + 30) / (365 + 30)
    assert peaks.finding == "Peak in Jul: 15.4% of repurchases"


def test_data_of_less_than_a_year_have_no_peak(lang: Language) -> None:
    made = page(report({"orders": in_turn(300)}, lang, only=["retention"]), "retention")
    peaks = chart(made, "repurchase_months")
    assert not peaks.series
    assert peaks.finding == {"en": "The data do not reach a whole year", "zh": "数据不足一整年"}[lang]


def test_where_nobody_bought_twice_nothing_is_said_of_buying_again(lang: Language) -> None:
    made = page(report({"orders": in_turn(40)}, lang, only=["retention"]), "retention")
    keys = [getattr(placed.block, "key", "") for band in made.bands for placed in band]
    assert "retention" in keys
    assert "repurchases" not in keys


def test_only_the_month_that_is_not_over_is_greyed(lang: Language) -> None:
    """Each customer buys every three months, from September, October or November 2025 on."""
    made = page(report({"orders": orders()}, lang, only=["retention"], as_of="2026-10-15"), "retention")
    blocks = (placed.block for band in made.bands for placed in band)
    heat = next(block for block in blocks if isinstance(block, Table) and block.key == "retention")
    open_months = {
        cohort: [k for k, cell in enumerate(cells, 1) if isinstance(cell, Cell) and cell.immature]
        for cohort, _, *cells in heat.rows
    }
    assert open_months == {"2025-10": [12], "2025-11": [11]}  # both are October 2026
    assert [cell is None for cell in heat.rows[1][2:]] == [False] * 11 + [True]


def given_back(months: int, refunds: dict[int, int]) -> Page:
    """Ten orders a month until October 2026; the first of each month are given back so many months later."""
    sold, back = [], []
    for month in range(months):
        year, index = divmod(2026 * 12 + 9 - month, 12)
        for k in range(10):
            order = {"order_id": f"{month}-{k}", "order_date": f"{year}-{index + 1:02d}-05", "amount": "100"}
            sold.append(order | {"customer_id": f"C{k}", "product": ("Maths", "Art")[k % 2]})
            if k in refunds:
                then, later = divmod(year * 12 + index + refunds[k], 12)
                day = f"{then}-{later + 1:02d}-20"
                back.append({"order_id": order["order_id"], "refund_date": day, "amount": "100"})
    known = [row for row in back if row["refund_date"] < "2026-11"]
    book = {"orders": sold, "refunds": known}
    return page(report(book, "en", only=["retention"], as_of="2026-10-31"), "retention")


def test_drop_out_by_course_is_of_orders_that_are_old_enough() -> None:
    """Of twelve months of ten orders those up to July are 90 days old, nine of them: 45 orders a course."""
    made = given_back(12, {0: 0, 2: 1, 1: 2})
    found = {row[0]: row[1:3] for row in rows(made, "dropouts")}
    assert found == {"Maths": (45, 18), "Art": (45, 9)}
    assert "orders up to Jul 2026, all 90 days old or more" in set(words(made.bands))
    months = chart(made, "dropout_months")
    assert months.series[0].tones == ("accent",) * 9 + ("bad_tint",) * 3
    assert months.finding == "30.0% of mature orders refunded"


def test_the_curve_of_drop_out_is_of_orders_that_have_had_all_their_months() -> None:
    curve = chart(given_back(12, {0: 0, 2: 1, 1: 2, 3: 5}), "dropout_curve")
    assert curve.categories == tuple(f"M{k}" for k in range(7))
    assert curve.series[0].values == (0.25, 0.5, 0.75, 0.75, 0.75, 1.0, 1.0)
    assert curve.finding == "50.0% by the end of the next month (M1)"
    young = chart(given_back(4, {0: 0}), "dropout_curve")
    assert not young.series
    assert young.empty == "No order with a refund is six months old yet"


def test_where_no_order_is_old_enough_all_are_shown_and_that_is_said() -> None:
    made = given_back(2, {0: 0})
    assert {row[0]: row[1] for row in rows(made, "dropouts")} == {"Maths": 10, "Art": 10}
    assert "orders of the last 13 months, under 90 days old: will rise" in set(words(made.bands))


@pytest.mark.parametrize("gold", [3, 40])
def test_points_are_said_and_how_many_members_there_is_a_non_member_like(gold: int) -> None:
    """Forty who began in one month, gold members of a hundred points each, thirty of them used."""
    members = [
        {"customer_id": f"C{k}", "tier": "Gold" if k < gold else "", "points_earned": 100, "points_used": 30}
        for k in range(40)
    ]
    made = page(report({"orders": in_turn(800), "customers": members}, "en", only=["retention"]), "retention")
    told = f"Members have earned {100 * gold:,} points and used {30 * gold:,} (30.0%)."
    apart = " Members are held against non-members where there is one like them: 0 members of the 40 who had"
    assert any(one.startswith(told) for one in words(made.bands))
    assert any(one.startswith(told + apart) for one in words(made.bands)) is (gold == 40)
