"""The true answers, counted from the rows that the sheets report, by plain loops and nothing else.

Money is summed in fen and given in yuan, so every amount is exact to the cent. The definitions are those
of the metrics in words, written a second time: nothing of ``xlsales.metrics`` is used here.

- signed: amounts of the orders that are not cancelled, by order date; net: less the refunds by refund date;
  cash: receipts by paid date less the refunds. Receipts and refunds bear the names of their order, and
  blank ones when the sheets do not report it.
- Every dimension is a dict from name to numbers; the name of a blank is None, that of the whole is "".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from xlsales.demo import agreement_answers as agreements
from xlsales.demo import institution as qiming
from xlsales.demo import value_answers as value
from xlsales.demo.counting import PERIOD, month_of
from xlsales.demo.customer_answers import new_customers, repurchase, retention, sales_by_age
from xlsales.demo.dirt import soiled
from xlsales.demo.lead_answers import activity, cohort, conversion, win_rate
from xlsales.demo.money_answers import attainment, money_lines, sales

if TYPE_CHECKING:
    from datetime import date

    from xlsales.demo.counting import Names
    from xlsales.language import Language

BASES = ("signed", "net", "cash")
MONEY_BY = ("", "month", "region", "team", "rep", "product", "category", "channel", "type")
TARGETS_BY = ("", "month", "region", "team", "rep")
LEADS_BY = ("", "region", "team", "rep", "channel", "product")


@dataclass(frozen=True)
class Answers:
    """What a right reading of the demo workbook says about October 2026, its last and complete month.

    ``sales[basis][dimension][name]``: amount, orders, customers, aov, previous, year_ago, mom, yoy; the
    dimension ``month`` has all months of the data, every other one the period. ``attainment`` likewise:
    actual, target, attainment, gap. ``funnel[view][month][stage]`` are counts of the period and the month
    before, the cohort of which is seen when it was as old. ``conversion[dimension][name]``: n, won, rate;
    ``win_rate``: n, won, lost, rate. ``new_customers[month]`` counts; ``sales_by_age[basis]``: new,
    existing, anonymous; ``retention[month][k]`` is (active
    in the k-th month after, size of the cohort); ``repurchase``: customers, repeated, rate,
    per_customer.
    ``renewal[dimension][name]``, ``dropout[dimension][name]``, ``churn``, ``churn_reasons`` and
    ``membership``: see ``agreement_answers``. ``rfm``, ``warnings``, ``warning_hits``, ``came_once``,
    ``profile``, ``referral`` and ``customer_targets``: see ``value_answers``.
    """

    period: str
    as_of: date
    months: tuple[str, ...]
    sales: dict[str, dict[str, Names]]
    attainment: dict[str, dict[str, Names]]
    funnel: dict[str, dict[str, dict[str, int]]]
    conversion: dict[str, Names]
    win_rate: dict[str, Names]
    new_customers: dict[str, int]
    sales_by_age: dict[str, dict[str, float]]
    retention: dict[str, dict[int, tuple[int, int]]]
    repurchase: dict[str, Any]
    renewal: dict[str, Names]
    dropout: dict[str, Names]
    churn: dict[str, Any]
    churn_reasons: dict[str, int]
    membership: Names
    rfm: Names
    warnings: dict[str, set[str]]
    warning_hits: Names
    came_once: set[str]
    profile: dict[tuple[str, str | None], dict[str, Any]]
    referral: dict[str, Any]
    customer_targets: dict[tuple[str, str | None], dict[str, Any]]


@cache
def answers(lang: Language | None = None) -> Answers:
    """The answers with the names as the sheets of ``lang`` write them, or with their keys."""

    def named(numbers: Names, dimension: str) -> Names:
        speaks = lang if dimension not in ("", "month", "type") else None  # types are read as their keys
        return {_name(key, speaks): numbers[key] for key in sorted(numbers, key=str)}

    reported = soiled().reported
    money = {basis: tuple(money_lines(reported, basis)) for basis in BASES}
    months = tuple(sorted({month_of(line.day) for line in money["signed"]}))
    return Answers(
        period=PERIOD,
        as_of=max(line.day for lines in money.values() for line in lines),
        months=months,
        sales={basis: {d: named(sales(money[basis], d), d) for d in MONEY_BY} for basis in BASES},
        attainment={
            basis: {d: named(attainment(reported, money[basis], d), d) for d in TARGETS_BY} for basis in BASES
        },
        funnel={"cohort": cohort(reported), "activity": activity(reported)},
        conversion={d: named(conversion(reported, d), d) for d in LEADS_BY},
        win_rate={d: named(win_rate(reported, d), d) for d in LEADS_BY},
        new_customers=new_customers(reported, months),
        sales_by_age={basis: sales_by_age(reported, money[basis]) for basis in BASES},
        retention=retention(reported, months),
        repurchase=repurchase(reported),
        renewal={d: named(agreements.renewal(reported, d), d) for d in agreements.BY},
        dropout={d: named(agreements.dropout(reported, d), d) for d in agreements.BY},
        churn=agreements.churn(reported),
        churn_reasons=agreements.reasons(reported),
        membership=named(agreements.membership(reported), "tier"),
        rfm=value.rfm(reported),
        warnings=value.warnings(reported),
        warning_hits=value.hits(reported),
        came_once=value.came_once(reported),
        profile={(d, _name(key, lang)): row for (d, key), row in value.profile(reported).items()},
        referral=value.referral(reported),
        customer_targets={
            (measure, _name(tier, lang)): row
            for (measure, tier), row in value.customer_targets(reported).items()
        },
    )


def _name(key: str | None, lang: Language | None) -> str | None:
    return key if lang is None or key is None else qiming.word(key, lang)
