"""How long things take when some are not over yet: Kaplan-Meier, and Aalen-Johansen beside a competing end.

A life is watched from age ``entry`` (0, or the age at which the watching began: left truncation) to age
``exit``, where it was won, lost, or was still going on (right-censored). Ages are whole days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Losses = Literal["censored", "competing"]
"""censored: a lost deal leaves the sample, as if it might still have been won (Kaplan and Meier 1958).
competing: it will never be won (the cumulative incidence of Aalen and Johansen 1978)."""


def win_curves(lives: pd.DataFrame, losses: Losses) -> pd.DataFrame:
    """The share won by each age at which any was: ``cell``, ``age``, ``share``, in that order.

    ``lives``: ``cell`` (whole number; one curve each), ``entry``, ``exit``, ``ended`` (won, lost or open) and
    ``leads``, how many such there are. A life counts as at risk on every day from entry to exit, both
    included, so one that is won on the day it began was at risk on that day.
    """
    ends = lives[lives["ended"] == "won"] if losses == "censored" else lives[lives["ended"] != "open"]
    ends = ends.assign(won=ends["leads"] * (ends["ended"] == "won"))
    steps = ends.groupby(["cell", "exit"], as_index=False)[["leads", "won"]].sum()
    steps = steps.rename(columns={"exit": "age"})
    share = steps["leads"] / _at_risk(lives, steps)
    cell = steps["cell"]
    left = (1 - share).groupby(cell).cumprod()
    if losses == "censored":
        return steps[["cell", "age"]].assign(share=1 - left)
    before = left.groupby(cell).shift(fill_value=1.0)
    won = (before * share * steps["won"] / steps["leads"]).groupby(cell).cumsum()
    return steps[["cell", "age"]].assign(share=won)


def median_ages(curves: pd.DataFrame) -> pd.Series:
    """By cell, the first age by which half are won; a cell whose curve stays below a half is not there."""
    return curves[curves["share"].round(12) >= 0.5].groupby("cell")["age"].min()


def share_by(curve: pd.DataFrame, age: float) -> float:
    """The share won up to that age on the curve of one cell; 0 before its first win."""
    reached = curve.loc[curve["age"] <= age, "share"]
    return float(reached.max()) if len(reached) else 0.0


def _at_risk(lives: pd.DataFrame, steps: pd.DataFrame) -> NDArray[np.float64]:
    """How many of the cell are at risk at each step: begun by that age, less those over before it."""
    import numpy as np

    span = int(max(lives["exit"].max(), steps["age"].max(), 0)) + 2 if len(lives) else 1
    cell, age = steps["cell"].to_numpy("int64") * span, steps["age"].to_numpy("int64")
    found = np.zeros(len(steps))
    for name, side, sign in (("entry", "right", 1.0), ("exit", "left", -1.0)):
        keys = lives["cell"].to_numpy("int64") * span + lives[name].to_numpy("int64")
        order = np.argsort(keys, kind="stable")
        running = np.concatenate([[0.0], lives["leads"].to_numpy("float64")[order].cumsum()])
        until = np.searchsorted(keys[order], cell + age, side="right" if side == "right" else "left")
        since = np.searchsorted(keys[order], cell)
        found += sign * (running[until] - running[since])
    return found
