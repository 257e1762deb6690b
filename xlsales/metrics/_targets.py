"""Targets by any of their names, whatever levels one sheet mixes, and never counted twice.

A row stands for the finest name it gives: a rep, else a team, else a region, else the company; a row
with a product, or a type of customer, stands for that part of it. Targets are taken as monthly, since a
quarter's target on its first month cannot be told from a month's. A period sums its months; a month that
it only partly covers counts by its share of working days.

- A target stated for a unit is that unit's target. Only where there is none, the targets of its parts
  add up: reps to their team, teams to their region, regions to the company.
- A row never adds to one that covers it already, and where its team or region is unknown, every row
  that may be its parent covers it.
- The team of a rep, and the region of either, are those of the latest order where the row is silent.
- Targets by product, or by type of customer, add up to a unit's target only in a month in which the unit
  has no other.
- Where a metric column says what a row is about, only sales count. A sheet with targets for sales and
  for money received gives the latter on the cash basis and the former on the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from xlsales.metrics._behind import PART, PLACE, added
from xlsales.metrics._facts import PLACES, money_lines
from xlsales.metrics._once import once
from xlsales.metrics._scope import month_of
from xlsales.metrics._slices import midnight
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import narwhals as nw

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Basis, Scope

UNITS = ("region", "team", "rep")
"""From coarse to fine; a row's level is the place of its finest unit, counted from 1, the company's is 0."""
NAMES = (*UNITS, "product")
SPLITS = ("product", "customer_type")
"""What a row may be about a part of, beside its unit."""

SALES = frozenset(
    (
        *("销售额", "销售", "销售金额", "业绩", "销售业绩", "签约额", "签约", "成交额", "成交金额"),
        *("营业额", "营收", "收入", "金额"),
        *("sales", "salesamount", "revenue", "amount", "bookings", "turnover"),
    )
)
CASH = frozenset(
    (
        *("回款", "回款额", "回款金额", "收款", "收款额", "实收", "到账"),
        *("cash", "collection", "collections", "payments"),
    )
)


PLANNED_VISITS = frozenset(
    ("拜访", "拜访数", "拜访量", "拜访次数", "客户拜访", "visit", "visits", "customervisits", "sitevisits")
)


@dataclass(frozen=True)
class Target:
    """One row of the target sheet; "" is a name it lacks. ``said`` is the region as the row gives it."""

    month: str
    region: str
    team: str
    rep: str
    product: str
    said: str
    amount: float
    customer_type: str = ""
    place: tuple[str, int] = ("", 0)
    """Its sheet and its row there."""

    @property
    def splits(self) -> frozenset[str]:
        """Which of ``SPLITS`` the row gives."""
        return frozenset(name for name in SPLITS if getattr(self, name))

    @property
    def level(self) -> int:
        """3 for a rep's target, 2 a team's, 1 a region's, 0 the company's."""
        return 3 if self.rep else 2 if self.team else 1 if self.region else 0

    def may_cover(self, part: Target) -> bool:
        """Whether the finer ``part`` may belong to this row: they differ in no name that both know."""
        if self.team and part.team:
            return self.team == part.team and (not self.said or not part.said or self.said == part.said)
        return not self.region or not part.region or self.region == part.region


Part = tuple[Target, float]
"""A row with what it adds to a target."""


def stated(targets: Frame, orders: Frame, scope: Scope) -> list[Target]:
    """The rows of the target sheet that are about sales, with the names that the latest orders know."""
    return _stated(targets, orders, scope.basis, scope.as_of)


def plans(targets: Frame, words: frozenset[str]) -> list[Target]:
    """The rows of the target sheet whose metric is one of ``words``, under the names that they give."""
    return [
        _target(row, row["team"], row["region"])
        for row in _records(targets)
        if _plain(row["metric"]) in words
    ]


@once
def _records(targets: Frame) -> list[dict[Any, Any]]:
    import narwhals as nw

    frame: nw.LazyFrame[Any] = nw.from_native(targets).lazy()
    frame = frame.filter(~nw.col("period").is_null(), ~nw.col("target").is_null())
    names = ("rep", "team", "region", *SPLITS, "metric")
    texts = (nw.col(name).fill_null("") for name in names)
    rows = frame.select("period", "target", SOURCE, ROW, *texts).collect("pandas")
    return rows.to_pandas().to_dict("records")


def _target(row: dict[Any, Any], team: str, region: str) -> Target:
    month, amount, place = f"{row['period']:%Y-%m}", float(row["target"]), (row[SOURCE], row[ROW])
    kind, said = row["customer_type"], row["region"]
    return Target(month, region, team, row["rep"], row["product"], said, amount, kind, place)


@once
def _stated(targets: Frame, orders: Frame, basis: Basis, as_of: date) -> list[Target]:
    records = _records(targets)
    about = _about_sales({row["metric"] for row in records}, basis)
    records = [row for row in records if row["metric"] in about]
    silent = any(not row["region"] or (row["rep"] and not row["team"]) for row in records)
    teams, regions = homes(orders, as_of) if silent else ({}, {})
    found = []
    for row in records:
        rep, team, said = row["rep"], row["team"] or teams.get(row["rep"], ""), row["region"]
        region = said or regions.get(("rep", rep)) or regions.get(("team", team)) or ""
        found.append(_target(row, team, region))
    return found


def targets_by(rows: Iterable[Target], scope: Scope, by: Sequence[str]) -> Amounts:
    """The target by ``by`` over the months of the period; a unit that has none is not there."""
    return {
        key: round(fsum(amount for _, amount in parts), PLACES)
        for key, parts in targets_made(rows, scope, by).items()
    }


def targets_made(
    rows: Iterable[Target], scope: Scope, by: Sequence[str]
) -> Mapping[tuple[str, ...], list[Part]]:
    """The rows that make up the target by ``by``, each with what it adds: all of it, or a share of its month.

    A filter is a name too: rows that do not carry it say nothing about what it asks for.
    """
    names = [name for name in (*UNITS, *SPLITS) if name in by or name in dict(scope.filters)]
    level = max((UNITS.index(name) + 1 for name in names if name in UNITS), default=0)
    shares = _month_shares(scope)
    groups = defaultdict[tuple[str, str, str], list[Target]](list)
    for row in rows:
        if row.month in shares:
            groups[row.month, row.product, row.customer_type].append(row)
    parts = defaultdict[frozenset[str], dict[tuple[str, ...], list[Part]]](lambda: defaultdict(list))
    for (month, *_), group in groups.items():
        for row in standing(group, level):
            key = (month, *(getattr(row, name) for name in names))
            parts[row.splits][key].append((row, row.amount * shares[month]))
    made = defaultdict[tuple[str, ...], list[Part]](list)
    for key, found in _coarsest(parts, frozenset(names) & frozenset(SPLITS)).items():
        named = dict(zip(("month", *names), key, strict=True))
        if all(named.get(name) in allowed for name, allowed in scope.filters):
            made[tuple(named[name] for name in by)] += found
    return made


def aim(asked: Asked) -> Behind:
    """The rows of the target sheet that make up the target of the period."""
    goals = stated(asked.tables["targets"], asked.tables["orders"], asked.scope)
    return told(targets_made(goals, asked.scope, ()).get((), []))


def told(parts: Iterable[Part]) -> Behind:
    """The rows of the target sheet behind a target."""
    import pandas as pd

    rows = pd.DataFrame([("targets", *row.place, amount) for row, amount in parts], columns=[*PLACE, PART])
    return added(rows.astype({ROW: "int64", PART: "float64"}))


def _coarsest(
    parts: Mapping[frozenset[str], dict[tuple[str, ...], list[Part]]], asked: frozenset[str]
) -> dict[tuple[str, ...], list[Part]]:
    """For each key the targets that say no more than what is asked, or else those of its parts."""
    found: dict[tuple[str, ...], list[Part]] = {}
    for further in ({*SPLITS}, {"customer_type"}, {"product"}, set()):
        found |= parts.get(asked | further, {})
    return found


def standing(rows: Sequence[Target], level: int) -> list[Target]:
    """The rows of one month and product that make up the targets of a level, none of them covered."""
    kept: list[Target] = []
    for at in range(len(UNITS), level - 1, -1):
        own = [row for row in rows if row.level == at]
        kept = own + [part for part in kept if not any(row.may_cover(part) for row in own)]
    return kept


def known_throughout(rows: Iterable[Target], scope: Scope) -> bool:
    """Whether every month of the period has a target somewhere in the sheet.

    A sheet whose targets are never closer than three months apart is a quarter's sheet: there, a target
    covers the months up to the next.
    """
    months = sorted({_number(row.month) for row in rows})
    step = min((b - a for a, b in pairwise(months)), default=1)
    return all(
        any(month <= _number(asked) < month + step for month in months) for asked in _month_shares(scope)
    )


def _month_shares(scope: Scope) -> dict[str, float]:
    """How much of each month the period covers, in working days."""
    shares = {}
    for month, part in scope.by_month().items():
        whole = month_of(part.period.start)
        days = scope.calendar.between(whole.start, whole.end)
        covered = scope.calendar.between(part.period.start, part.period.end)
        shares[month] = 1.0 if part.period == whole else covered / days
    return shares


def _number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number)


def _about_sales(words: set[str], basis: Basis) -> set[str]:
    """Those of the metric column's words that this basis measures itself against; blank always is."""
    plain = {word: _plain(word) for word in words}
    sales = {word for word in words if plain[word] in SALES}
    cash = {word for word in words if plain[word] in CASH}
    first, second = (cash, sales) if basis == "cash" else (sales, cash)
    return (first or second) | {""}


def _plain(word: str) -> str:
    """``月度销售额目标（元）`` as ``销售额``."""
    word = re.sub(r"[\s_]|\(.*", "", normalize("NFKC", word).casefold())
    return re.sub(r"^(月度?|monthly)|(目标|指标|target|quota)$", "", word)


@once
def homes(orders: Frame, as_of: date) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """The team of each rep, and the region of each rep and team, in the latest order that names one."""
    import narwhals as nw

    lines = money_lines(orders, None, None, "signed").filter(nw.col("date") < midnight(as_of, 1))
    units = lines.with_columns(nw.col(name).fill_null("") for name in UNITS)
    latest = units.group_by(*UNITS).agg(nw.col("date").max()).collect("pandas").to_pandas()
    teams: dict[str, str] = {}
    regions: dict[tuple[str, str], str] = {}
    for row in latest.sort_values(["date", *UNITS]).to_dict("records"):
        region, team, rep = (row[name] for name in UNITS)
        if rep and team:
            teams[rep] = team
        if rep and region:
            regions["rep", rep] = region
        if team and region:
            regions["team", team] = region
    return teams, regions
