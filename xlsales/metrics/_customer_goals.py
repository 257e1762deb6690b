"""Targets of customers and not of money: which rates and counts the sheet of targets asks for, and of whom.

What the metric column calls a row tells what it is a target of, so it never adds to targets of money. A
rate holds from its month on until the next one for the same names, to the end of the fiscal year, since a
year's rate is often stated once; how many customers there are to be holds for its own month alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.metrics._scope import shift_months
from xlsales.metrics._targets import NAMES, plans
from xlsales.metrics._typed_targets import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._targets import Target

WORDS: dict[str, str] = {
    "renewal": "续费率 续约率 续签率 续学率 续班率 续报率 合同续约率 合同续费率 客户续约率 客户续费率 "
    "学员续费率 renewal renewals renewalrate contractrenewal contractrenewalrate customerrenewalrate",
    "retention": "留存率 客户留存率 学员留存率 保留率 客户保留率 retention retentionrate "
    "customerretention customerretentionrate",
    "churn": "流失率 客户流失率 学员流失率 churn churnrate customerchurn customerchurnrate attrition "
    "attritionrate",
    "growth": "客户增长 客户增长率 客户数增长 客户数增长率 客户数量增长 客户数量增长率 学员增长 "
    "学员增长率 学员数增长 学员数增长率 customergrowth customergrowthrate customercountgrowth "
    "growthincustomers growthofcustomers",
    "customers": "客户数 客户数量 成交客户数 购买客户数 学员数 学员人数 customers customercount "
    "numberofcustomers buyingcustomers",
}
"""How sheets of targets call what can be held against them; see ``customer_targets``."""
SHARES = ("renewal", "retention", "churn")
COUNT = "customers"
POINTS = 2.0
"""Growth beyond this is meant in per cent: 30 is 30 %. Of a share all beyond 1 is."""


@dataclass(frozen=True)
class Goal:
    """What is asked of the customers of a type, where ``names`` of units or a product narrow them down.

    ``target`` is a share as a fraction, or a count; NaN where ``status`` says why nobody can tell it:
    ``two_targets``, ``several_months`` or ``unclear_target``. ``row`` is where it is stated.
    """

    measure: str
    customer_type: str
    names: tuple[tuple[str, str], ...]
    since: str
    target: float
    status: str
    row: Target


def goals(targets: Frame, scope: Scope) -> list[Goal]:
    """The targets that hold for the period, by measure, type and names; see ``targets_by`` for filters."""
    last = f"{scope.period.end:%Y-%m}"
    found = []
    for measure, words in WORDS.items():
        first = f"{scope.period.start:%Y-%m}" if measure == COUNT else _fiscal_start(scope)
        asked: dict[tuple[str, ...], list[Target]] = defaultdict(list)
        for row in plans(targets, frozenset(words.split())):
            if min(first, last) <= row.month <= last and _passes(row, scope):
                asked[plain(row.customer_type), *(getattr(row, name) for name in NAMES)].append(row)
        found += [_goal(measure, asked[key]) for key in sorted(asked)]
    return found


def _goal(measure: str, rows: Sequence[Target]) -> Goal:
    since = max(row.month for row in rows)
    latest = sorted((row for row in rows if row.month == since), key=lambda row: row.place)
    values = {_meant(measure, row.amount) for row in latest}
    status, target = "", next(iter(values))
    if len(values) > 1:
        status = "two_targets"
    elif measure == COUNT and any(row.month != since for row in rows):
        status = "several_months"
    elif target is None:
        status = "unclear_target"
    row = latest[0]
    names = tuple((name, getattr(row, name)) for name in NAMES if getattr(row, name))
    known = target if target is not None and not status else float("nan")
    return Goal(measure, row.customer_type, names, since, known, status, row)


def _meant(measure: str, number: float) -> float | None:
    """The number of the sheet as a fraction or a count; None where it can be no target of the measure."""
    if measure == COUNT:
        return number if number > 0 else None
    if measure == "growth":
        return number / 100 if abs(number) > POINTS else number
    share = number / 100 if number > 1 else number
    return share if 0 <= share <= 1 else None


def _passes(row: Target, scope: Scope) -> bool:
    return all(getattr(row, name, None) in allowed for name, allowed in scope.filters)


def _fiscal_start(scope: Scope) -> str:
    """The month in which the fiscal year of the period's end begins."""
    end = scope.period.end
    return f"{shift_months(end, -((end.month - scope.policy.fiscal_year_start) % 12)):%Y-%m}"
