"""How far each lead has come: the one reading of stage and stage dates that every lead metric shares.

A lead has reached a stage when it was ever there or further: a skipped stage counts, going back takes
nothing away, a lost lead keeps what it reached, and a renewal implies a win. A date after the day of
the look has not happened yet; the stage column, which has no date of its own, counts unless the date
of that stage or of an earlier one is still to come. A lead that was won is won, even if marked lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.metrics._slices import midnight
from xlsales.tables.specs import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw

    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._slices import Look

DIMENSIONS = ("month", "region", "team", "rep", "channel", "product")
"""What leads can be split by."""
STEPS = STAGES[1:]
"""The stages that have a date column."""
WON = STAGES.index("won")


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


def progress(leads: nw.LazyFrame[Any], looks: Sequence[Look]) -> nw.LazyFrame[Any]:
    """Each lead as it stood on the day of its ``look``.

    ``reached`` is the place in STAGES of the furthest stage; ``is_won``, ``is_lost`` and ``is_open``
    are 1 or 0, and exactly one of them is 1.
    """
    import narwhals as nw

    after = nw.lit(midnight(looks[0].as_of, 1))
    for number, look in enumerate(looks):
        if look.as_of != looks[0].as_of:
            after = nw.when(nw.col("look") == number).then(nw.lit(midnight(look.as_of, 1))).otherwise(after)
    never = len(STAGES)
    coming = [either(nw.col(name) >= nw.col("after"), k, never) for k, name in enumerate(STEPS, 1)]
    dated = [either(nw.col(name) < nw.col("after"), k, 0) for k, name in enumerate(STEPS, 1)]
    marked = [either(nw.col("stage") == name, k, 0) for k, name in enumerate(STEPS, 1)]
    left = either(nw.col("lost") < nw.col("after"), 1, 0)
    marked_lost = either((nw.col("stage") == "lost") & nw.col("lost").is_null(), 1, 0)
    return (
        leads.with_columns(after=after)
        .with_columns(
            coming=nw.min_horizontal(*coming),
            dated=nw.max_horizontal(*dated),
            marked=nw.max_horizontal(*marked),
            left=left,
            marked_lost=marked_lost,
        )
        .with_columns(
            marked=either(nw.col("marked") < nw.col("coming"), nw.col("marked"), 0),
            left=either(nw.col("coming") == never, nw.max_horizontal("left", "marked_lost"), nw.col("left")),
        )
        .with_columns(reached=nw.max_horizontal("dated", "marked"))
        .with_columns(is_won=either(nw.col("reached") >= WON, 1, 0))
        .with_columns(is_lost=nw.col("left") * (1 - nw.col("is_won")))
        .with_columns(is_open=1 - nw.col("is_won") - nw.col("is_lost"))
    )


def either(condition: nw.Expr, yes: nw.Expr | int, no: nw.Expr | int) -> nw.Expr:
    """``yes`` where the condition holds, ``no`` where it does not or is unknown."""
    import narwhals as nw

    def value(of: nw.Expr | int) -> nw.Expr:
        return nw.lit(of) if isinstance(of, int) else of

    return nw.when(condition).then(value(yes)).otherwise(value(no))
