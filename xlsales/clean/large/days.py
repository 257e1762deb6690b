"""Days in an engine that cannot be so: before what came first, or after all that is known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from xlsales.clean.large.listing import Found, always, rows_of, signed
from xlsales.clean.rules.chronology import AFTER_THE_ORDER, HAPPENED, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw

    from xlsales.clean.large.judging import Judged

    Frame = nw.LazyFrame[Any]


def before_the_order(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.chronology.before_the_order``."""
    import narwhals as nw

    for key, name in AFTER_THE_ORDER.items():
        if of.asks("orders", key):
            dated = of.tables["orders"].drop_nulls(["order_id", "order_date"])
            ordered = dated.group_by("order_id").agg(other=nw.col("order_date").min())
            own = of.tables[key].join(ordered, on="order_id")
            amount = nw.col("amount").fill_null(0.0) if "amount" in own.collect_schema().names() else None
            yield from _before("before_order", key, name, own, nw.col("other"), amount)


def stages_backwards(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.chronology.stages_backwards``."""
    import narwhals as nw

    if not of.asks("leads"):
        return
    leads = of.tables["leads"]
    created = nw.col("created").dt.truncate("1d")  # a stage has no time of day
    latest = created
    for name in STAGES[1:]:
        day = nw.col(name)
        yield from _before("stage_backwards", "leads", name, leads, latest)
        latest = nw.when(day > latest).then(day).otherwise(nw.coalesce(latest, day))
    yield from _before("stage_backwards", "leads", "lost", leads, created)


def contract_backwards(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.chronology.contract_backwards``."""
    import narwhals as nw

    if of.asks("contracts"):
        amount = nw.col("amount").fill_null(0.0)
        rows, start = of.tables["contracts"], nw.col("start")
        yield from _before("contract_backwards", "contracts", "end", rows, start, amount)


def _before(rule: str, key: str, name: str, frame: Frame, other: Any, amount: Any = None) -> Iterator[Found]:
    import narwhals as nw

    early = frame.with_columns(other=other).filter(nw.col(name) < nw.col("other"))
    yield Found(rule, key, name, rows_of(early, name, amount, "other"), signed("≥ "))


def future_days(of: Judged) -> Iterator[Found]:
    """As ``clean.rules.chronology.future_days``."""
    import narwhals as nw

    from xlsales.clean.horizon import FACTS, GAP, sane

    facts = {key: name for key, name in FACTS if key in of.tables}
    if of.large.isdisjoint(facts):
        return
    counts: dict[Any, int] = {}
    for key, name in facts.items():
        days = of.tables[key].select(day=nw.col(name).dt.truncate("1d")).drop_nulls()
        daily = days.group_by("day").agg(n=nw.len()).collect("pandas").to_pandas()
        for day, rows in zip(daily["day"].dt.date, daily["n"], strict=True):
            counts[day] = counts.get(day, 0) + int(rows)
    reached = sane(dict(sorted(counts.items())))
    if not reached:
        return
    limit = _midnight(reached[-1] + timedelta(GAP))
    for key, names in HAPPENED.items():
        for name in names if key in of.large else ():
            late = of.tables[key].filter(nw.col(name) > limit)
            shown = f"≤ {reached[-1]}"
            yield Found("future_date", key, name, rows_of(late, name, of.worth(key)), always(shown))


def _midnight(day: Any) -> Any:
    from datetime import datetime, time

    return datetime.combine(day, time.min)
