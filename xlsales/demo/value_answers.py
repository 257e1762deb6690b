"""RFM, warnings, profile, referrals and targets of customers, counted one customer and lead after another."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from xlsales.demo import agreement_answers as agreements
from xlsales.demo.counting import PERIOD, last_day, month_of, ratio, shifted
from xlsales.demo.lead_answers import win_rate

if TYPE_CHECKING:
    from xlsales.demo.counting import Names
    from xlsales.demo.rows import World

END = last_day(PERIOD)
YEAR = shifted(PERIOD, -11)
SEGMENTS = {
    "yyy": "champion",
    "yyn": "loyal",
    "yny": "promising",
    "ynn": "recent",
    "nyy": "slipping",
    "nyn": "regular",
    "nny": "win_back",
    "nnn": "dormant",
}
"""By whether recency, frequency and money are high."""
LATE, LEAST, RECENT, PROMPT = 2, 30, timedelta(90), timedelta(2)
Bought = dict[str, dict[date, int]]


def _bought(world: World) -> Bought:
    """By customer, the money in fen of each day on which he bought."""
    found: Bought = defaultdict(lambda: defaultdict(int))
    for order in world.orders:
        if order.status != "cancelled":
            found[order.customer_id][order.order_date] += order.amount
    return found


def _recent(bought: Bought, end: date, since: str) -> Bought:
    """The same from a month on, up to a day."""
    found = {
        customer: {day: fen for day, fen in days.items() if since <= month_of(day) and day <= end}
        for customer, days in bought.items()
    }
    return {customer: days for customer, days in found.items() if days}


def rfm(world: World) -> Names:
    """The customers of the last twelve months by segment, with what they spent in yuan."""
    year = _recent(_bought(world), END, YEAR)
    r = _fifths({customer: -(END - max(days)).days for customer, days in year.items()})
    f = _fifths({customer: len(days) for customer, days in year.items()})
    m = _fifths({customer: sum(days.values()) for customer, days in year.items()})
    found: Names = {}
    for customer, days in year.items():
        high = "".join("y" if scores[customer] >= 4 else "n" for scores in (r, f, m))
        row = found.setdefault(SEGMENTS[high], {"customers": 0, "amount": 0.0})
        row["customers"] += 1
        row["amount"] += sum(days.values()) / 100
    return found


def _fifths(values: dict[str, int]) -> dict[str, int]:
    """1 for the lowest fifth to 5 for the highest, equal values alike."""
    ordered = sorted(values.values())
    first = {value: at for at, value in reversed(list(enumerate(ordered)))}
    return {name: 1 + 5 * first[value] // len(ordered) for name, value in values.items()}


def warnings(world: World, end: date = END) -> dict[str, set[str]]:
    """By customer of the twelve months to a day, why he may leave, but for what a model says."""
    bought = _bought(world)
    since = shifted(month_of(end), -11)
    found: dict[str, set[str]] = defaultdict(set)
    seen = {customer: sorted(day for day in days if day <= end) for customer, days in bought.items()}
    own = {
        customer: median((b - a).days for a, b in pairwise(days))
        for customer, days in seen.items()
        if len(days) > 1
    }
    others = median(own.values())
    for customer in _recent(bought, end, since):
        days = seen[customer]
        if (end - days[-1]).days > max(LATE * own.get(customer, others), LEAST):
            found[customer].add("late")
        spent = [bought[customer][day] for day in days[-3:]]
        if len(spent) == 3 and spent[0] > spent[1] > spent[2]:
            found[customer].add("falling")
    for ticket in world.tickets:
        if end - RECENT < ticket.opened <= end:
            if ticket.kind == "complaint":
                found[ticket.customer_id].add("complaint")
            answered = min(ticket.responded or ticket.closed or date.max, end + timedelta(1))
            if answered - ticket.opened > PROMPT:
                found[ticket.customer_id].add("slow_answer")
    for customer, scores in _scores(world, end, since).items():
        if len(scores) > 2 and scores[-3] > scores[-2] > scores[-1]:
            found[customer].add("dissatisfied")
    there = _recent(bought, end, since)
    return {customer: signs for customer, signs in found.items() if customer in there}


def _scores(world: World, end: date, since: str) -> dict[str, list[float]]:
    """How content each customer said he was, day by day from a month on; one kind of call alone asks."""
    said: dict[str, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for survey in world.surveys:
        if survey.score is not None and since <= month_of(survey.day) and survey.day <= end:
            said[survey.customer_id][survey.day].append(survey.score)
    return {customer: [mean(days[day]) for day in sorted(days)] for customer, days in said.items()}


def came_once(world: World) -> set[str]:
    """Who has bought on one day only."""
    return {customer for customer, days in _bought(world).items() if len(days) == 1}


def hits(world: World) -> Names:
    """Of those who had a sign half a year ago, how many have not bought since; by sign."""
    then = last_day(shifted(PERIOD, -6))
    valid = (order for order in world.orders if order.status != "cancelled")
    back = {order.customer_id for order in valid if order.order_date > then}
    found: Names = {}
    for customer, signs in warnings(world, then).items():
        for sign in signs:
            row = found.setdefault(sign, {"customers": 0, "gone": 0})
            row["customers"] += 1
            row["gone"] += customer not in back
    return found


def profile(world: World) -> dict[tuple[str, str | None], dict[str, Any]]:
    """Leads closed within twelve months by what they are: won, lost, and the win rate against that of all."""
    whole = win_rate(world, "", YEAR)[""]
    return {
        (attribute, name): {**row, "lift": ratio(row["rate"] or 0, whole["rate"])}
        for attribute in ("region", "channel", "product")
        for name, row in win_rate(world, attribute, YEAR).items()
    }


def referral(world: World) -> dict[str, Any]:
    """The leads of the period that students brought, what became of them, and what they cost."""
    leads = [lead for lead in world.leads if month_of(lead.created) == PERIOD]
    brought = [lead for lead in leads if lead.channel == "referral" or lead.referrer]
    won = sum(lead.won is not None for lead in brought)
    active = len(_recent(_bought(world), END, YEAR))
    cost = sum(
        row.cost for row in world.costs if row.channel == "referral" and month_of(row.period) == PERIOD
    )
    return {
        "leads": len(leads),
        "referred": len(brought),
        "won": won,
        "referrers": len({lead.referrer for lead in brought if lead.referrer}),
        "active": active,
        "k": len(brought) / active * won / len(brought),
        "cost": cost / 100,
        "cost_per_win": cost / 100 / won,
    }


def customer_targets(world: World) -> dict[tuple[str, str | None], dict[str, Any]]:
    """By measure and tier: what is aimed at and what came in the period."""
    tiers = {customer.customer_id: customer.tier for customer in world.customers}
    bought = _bought(world)
    gone = agreements.churn(world)
    by_tier = agreements.renewal(world, "", name=lambda contract: tiers[contract.customer_id])

    def buyers(month: str, tier: str | None) -> int:
        there = (customer for customer, days in bought.items() if month in map(month_of, days))
        return sum(tier in (None, tiers[customer]) for customer in there)

    found = {}
    for row in world.targets:
        if row.metric == "sales":
            continue
        measure, tier = row.metric.split("_")[0], row.customer_type
        if measure == "renewal":
            rates = by_tier[tier]
            whole, part = rates["due"], rates["renewed"]
        elif measure == "churn":
            whole, part = gone["start"], gone["lost"]
        else:
            measure, whole, part = "growth", buyers(shifted(PERIOD, -12), tier), buyers(PERIOD, tier)
        rate = part / whole - (measure == "growth")
        found[measure, tier] = {"target": row.target / 100, "whole": whole, "part": part, "rate": rate}
    return found
