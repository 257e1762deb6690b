"""How far each lead has come: the one reading of stage and stage dates that every lead metric shares.

A lead has reached a stage when it was ever there or further: a skipped stage counts, going back takes
nothing away, a lost lead keeps what it reached, and a renewal implies a win. A date after the day of
the look has not happened yet; the stage column, which has no date of its own, counts unless the date
of that stage or of an earlier one is still to come. A lead that was won is won, even if marked lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsales.metrics._catalogue import LEAD_DIMENSIONS
from xlsales.metrics._once import once, worked_out
from xlsales.metrics._slices import distinct, midnight, names
from xlsales.tables.held import fetched
from xlsales.tables.specs import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._slices import Look

DIMENSIONS = ("month", "region", "team", "rep", "channel", "product", "campaign", *LEAD_DIMENSIONS)
"""What leads can be split by."""
STEPS = STAGES[1:]
"""The stages that have a date column."""
EVER = date(1900, 1, 1)


@dataclass(frozen=True)
class Known:
    """What the leads can tell at all, whatever the period."""

    stages: tuple[str, ...]
    """In order; ``new`` always."""
    dated: frozenset[str]
    """The stages, and ``lost``, that have at least one date."""
    marked: frozenset[str]
    """The values of the stage column."""

    @property
    def wins(self) -> bool:
        """Whether a win would show: without it no win is not 0 %."""
        return bool(self.marked or self.dated & {"won", "renewed"})

    @property
    def losses(self) -> bool:
        """Whether any loss is recorded."""
        return "lost" in self.marked | self.dated


@once
def known(leads: Frame) -> Known:
    """What the leads can tell."""
    import narwhals as nw

    marks = [(~nw.col(name).is_null()).any().alias(f"dated {name}") for name in (*STEPS, "lost")]
    marks += [(nw.col("stage") == name).any().alias(f"marked {name}") for name in (*STAGES, "lost")]
    row = nw.from_native(leads).lazy().select(*marks).collect("pandas").to_dict(as_series=False)
    found = {tuple(name.split(" ")) for name, (value,) in row.items() if value is True or value == 1}
    dated = frozenset(name for kind, name in found if kind == "dated")
    marked = frozenset(name for kind, name in found if kind == "marked")
    stages = tuple(name for name in STAGES if name == "new" or name in dated | marked)
    return Known(stages, dated, marked)


@once
def moments(leads: Frame) -> nw.LazyFrame[Any]:
    """The leads with ``since <stage>`` and ``since lost``: the moments these hold from.

    Null where the lead has not come to it. What only the stage column tells holds since the last date of
    that stage or an earlier one; where there is none, since ever.
    """
    import narwhals as nw

    def told(stage: str, dates: Sequence[str]) -> nw.Expr:
        # Spark's greatest wants two columns at least, and its least is given more than one below.
        latest = nw.coalesce(nw.max_horizontal(dates[0], *dates), nw.lit(midnight(EVER)))
        return nw.when(nw.col("stage") == stage).then(latest)

    rows: nw.LazyFrame[Any] = nw.from_native(leads).lazy()
    found = rows.with_columns(nw.coalesce("lost", told("lost", STEPS)).alias("since lost"))
    further: list[str] = []
    for k, stage in reversed(list(enumerate(STEPS, 1))):
        reached = nw.min_horizontal(
            nw.col(stage), told(stage, STEPS[:k]), *(nw.col(name) for name in further)
        )
        further = [f"since {stage}"]
        found = found.with_columns(reached.alias(*further))
    return worked_out(found)


def here(stage: str, seen: nw.Expr) -> nw.Expr:
    """1 for a lead of ``moments`` that has reached the stage (or is lost) before ``seen``, else 0."""
    import narwhals as nw

    return (nw.col(f"since {stage}") < seen).fill_null(False).cast(nw.Int64)


def standing(leads: nw.LazyFrame[Any], looks: Sequence[Look], by: Sequence[str]) -> pd.DataFrame:
    """How many of the leads of ``moments`` created in each look had come how far by the day of the look.

    Columns: ``look`` (its place among the distinct ones), the names of ``by``, ``reached`` (the place in
    ``STAGES`` of the furthest stage), ``outcome`` (won, lost or open) and ``leads``.
    """
    import narwhals as nw
    import numpy as np

    leads = leads.select("created", *names(by), *(f"since {name}" for name in (*STEPS, "lost")))
    parts = []
    for layer in _apart(distinct(looks)):
        inside = [
            nw.col("created").is_between(
                midnight(look.window.start), midnight(min(look.window.end, look.as_of), 1), "left"
            )
            for look in layer.values()
        ]
        number = _first_that(inside, [nw.lit(number) for number in layer])
        days = [nw.lit(midnight(look.as_of, 1)) for look in layer.values()]
        rows = leads.with_columns(look=number).filter(~nw.col("look").is_null())
        rows = rows.with_columns(seen=_first_that([nw.col("look") == place for place in layer], days))
        rows = rows.with_columns(
            reached=nw.sum_horizontal(*(here(stage, nw.col("seen")) for stage in STEPS)),
            left=here("lost", nw.col("seen")),
        )
        parts.append(rows.group_by("look", *names(by), "reached", "left").agg(leads=nw.len()))
    found = fetched(nw.concat(parts))
    won, left = found["reached"] >= STAGES.index("won"), found.pop("left") == 1
    return found.assign(outcome=np.select([won, left], ["won", "lost"], "open"))


def _apart(looks: Sequence[Look]) -> list[dict[int, Look]]:
    """The looks by their place, in as few groups as it takes for no two of a group to overlap."""
    layers: list[dict[int, Look]] = []
    for place, look in sorted(enumerate(looks), key=lambda one: one[1].window):
        free = (one for one in layers if next(reversed(one.values())).window.end < look.window.start)
        layer = next(free, None)
        if layer is None:
            layers.append({place: look})
        else:
            layer[place] = look
    return layers


def _first_that(conditions: Sequence[nw.Expr], values: Sequence[nw.Expr]) -> nw.Expr:
    """The value of the first condition that holds; null where none does."""
    import narwhals as nw

    chain: Any = nw
    for condition, value in zip(conditions, values, strict=True):
        chain = chain.when(condition).then(value)
    found: nw.Expr = chain
    return found
