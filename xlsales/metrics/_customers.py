"""Who the customers are: RFM scores, cohorts, NPS and what a customer is worth.

On plain lists, one entry per order, for ranges that are no table of the product. Names of whoever came by
(see ``_passers_by``) are nobody's, like blanks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from xlsales.metrics._passers_by import nobody

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

BEST = 5
"""The highest score; fewer customers cannot be put into so many ranks."""


@dataclass(frozen=True)
class Rfm:
    """One customer: days since the last order, order days, money; each scored 1 to 5."""

    customer: str
    days: int
    orders: int
    money: float
    r: int
    f: int
    m: int
    parted: bool
    """Whether the scores part the customers, see ``parts``."""

    @property
    def segment(self) -> tuple[str, str]:
        """The usual eight segments; high is a score of 4 or 5. Blank where nothing parts the customers."""
        return SEGMENTS[self.r >= 4, self.f >= 4, self.m >= 4] if self.parted else ("", "")


SEGMENTS: Mapping[tuple[bool, bool, bool], tuple[str, str]] = {
    (True, True, True): ("重要价值", "Champions"),
    (True, False, True): ("重要发展", "Big spenders to develop"),
    (False, True, True): ("重要保持", "Key customers slipping"),
    (False, False, True): ("重要挽留", "Key customers to win back"),
    (True, True, False): ("一般价值", "Loyal"),
    (True, False, False): ("一般发展", "New or occasional"),
    (False, True, False): ("一般保持", "Regulars slipping"),
    (False, False, False): ("一般挽留", "Dormant"),
}


def rfm(
    customers: Sequence[str | None],
    days: Sequence[date | None],
    amounts: Sequence[float | None],
    as_of: date,
) -> list[Rfm]:
    """Recency, frequency and money of each customer by ``as_of``, largest money first, equal ones by name.

    Orders count by the day, so two on one day are one; lines without a customer, date or amount above zero
    are nobody's. A score is 1 + floor(5 x share of customers that are worse): equal values have equal
    scores and the order of the rows means nothing, which ranking by first appearance does not give. Fewer
    than five customers have no segment, nor has anybody where ``parts`` says no.
    """
    bought: dict[str, dict[date, float]] = defaultdict(dict)
    for customer, day, amount in zip(customers, days, amounts, strict=True):
        if customer and not nobody(customer) and day and amount and amount > 0 and day <= as_of:
            bought[customer][day] = bought[customer].get(day, 0.0) + amount
    since = {customer: (as_of - max(by_day)).days for customer, by_day in bought.items()}
    often = {customer: len(by_day) for customer, by_day in bought.items()}
    money = {customer: round(sum(sorted(by_day.values())), 6) for customer, by_day in bought.items()}
    r, f, m = _scores({customer: -gap for customer, gap in since.items()}), _scores(often), _scores(money)
    parted = len(bought) >= BEST and parts(since.values(), often.values(), money.values())
    found = [
        Rfm(one, since[one], often[one], money[one], r[one], f[one], m[one], parted) for one in sorted(bought)
    ]
    return sorted(found, key=lambda one: -one.money)


def parts(days: Iterable[float], orders: Iterable[float], money: Iterable[float]) -> bool:
    """Whether every score parts the customers: a value that all share is neither high nor low.

    But that all of them bought on one day only is low for each.
    """
    often = set(orders)
    return len(set(days)) > 1 and len(set(money)) > 1 and (len(often) > 1 or often == {1})


def _scores(values: Mapping[str, float]) -> dict[str, int]:
    worse, below = 0, {}
    for value, count in sorted(Counter(values.values()).items()):
        below[value] = worse
        worse += count
    return {one: 1 + BEST * below[value] // len(values) for one, value in values.items()}


def cohorts(
    customers: Sequence[str | None], days: Sequence[date | None], months: int
) -> list[tuple[str, int, list[float | None]]]:
    """Per month of the first order: how many began, and the share of them ordering in each month after.

    Month k has a share from k = 1 to ``months``; None beyond the last month of the data.
    """
    active: dict[str, set[int]] = defaultdict(set)
    for customer, day in zip(customers, days, strict=True):
        if customer and not nobody(customer) and day:
            active[customer].add(day.year * 12 + day.month - 1)
    last = max((max(seen) for seen in active.values()), default=0)
    begun: dict[int, list[set[int]]] = defaultdict(list)
    for seen in active.values():
        begun[min(seen)].append(seen)
    return [
        (
            f"{month // 12}-{month % 12 + 1:02}",
            len(members),
            [
                sum(month + k in seen for seen in members) / len(members) if month + k <= last else None
                for k in range(1, months + 1)
            ],
        )
        for month, members in sorted(begun.items())
    ]


def repeat_rate(
    customers: Sequence[str | None], days: Sequence[date | None]
) -> tuple[float | None, float | None, int]:
    """Customers with orders on two days or more / customers, the median days to the second, and customers."""
    bought: dict[str, set[date]] = defaultdict(set)
    for customer, day in zip(customers, days, strict=True):
        if customer and not nobody(customer) and day:
            bought[customer].add(day)
    again = [sorted(seen) for seen in bought.values() if len(seen) > 1]
    gaps = [(seen[1] - seen[0]).days for seen in again]
    share = len(again) / len(bought) if bought else None
    return share, float(median(gaps)) if gaps else None, len(bought)


def nps(scores: Sequence[float | None]) -> tuple[float | None, int, int, int]:
    """Net promoter score: % of 9-10 less % of 0-6 (Reichheld 2003), with promoters, passives, detractors.

    Scores outside 0 to 10 do not count.
    """
    valid = [score for score in scores if score is not None and 0 <= score <= 10]
    promoters = sum(score >= 9 for score in valid)
    detractors = sum(score <= 6 for score in valid)
    net = 100 * (promoters - detractors) / len(valid) if valid else None
    return net, promoters, len(valid) - promoters - detractors, detractors


def retained(start: float, end: float, new: float) -> float | None:
    """(customers at the end - new ones) / customers at the start."""
    return (end - new) / start if start > 0 else None


def revenue_retention(start: float, expansion: float, contraction: float, churned: float) -> float | None:
    """(start + expansion - contraction - churned) / start: NRR, or GRR where the expansion is 0."""
    return (start + expansion - contraction - churned) / start if start > 0 else None


def lifetime_value(
    order_value: float, orders: float, margin: float, retention: float, discount: float
) -> float | None:
    """Margin of a customer over the years to come = m x (1 + d) / (1 + d - r), the first year whole.

    m is order value x orders a year x margin, r the share of customers who stay from year to year, d the
    yearly discount rate (Gupta and Lehmann 2003, with the first margin at once). None unless r < 1 + d.
    """
    if not 0 <= retention < 1 + discount:
        return None
    return order_value * orders * margin * (1 + discount) / (1 + discount - retention)
