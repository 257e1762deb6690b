"""Kaplan-Meier and Aalen-Johansen against statsmodels, with late entries and competing ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from xlsales.metrics._survival import median_ages, share_by, win_curves


def lives(seed: int, late: bool) -> pd.DataFrame:
    dice = np.random.default_rng(seed)
    entry = dice.integers(0, 12, 300) if late else np.zeros(300, "int64")
    exit = entry + dice.integers(0, 40, 300)
    ended = dice.choice(["won", "lost", "open"], 300, p=[0.6, 0.2, 0.2])
    cell = dice.integers(0, 2, 300)
    return pd.DataFrame({"cell": cell, "entry": entry, "exit": exit, "ended": ended, "leads": 1})


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_share_won_is_one_less_the_survival_of_statsmodels(seed: int, late: bool) -> None:
    found = lives(seed, late)
    curves = win_curves(found, "censored")
    for cell, own in found.groupby("cell"):
        # To them a life is at risk after its entry and a day of 0 is no time: half a day earlier is the same.
        oracle = SurvfuncRight(
            own["exit"] + 1.0, own["ended"] == "won", entry=own["entry"] + 0.5 if late else None
        )
        mine = curves[curves["cell"] == cell]
        expected = dict(zip(oracle.surv_times - 1, 1 - oracle.surv_prob, strict=True))
        for age, share in zip(mine["age"], mine["share"], strict=True):
            assert share == pytest.approx(expected[age])
        assert median_ages(curves)[cell] == oracle.quantile(0.5) - 1


@pytest.mark.parametrize("seed", range(3))
def test_the_share_won_beside_losses_is_the_cumulative_incidence_of_statsmodels(seed: int) -> None:
    found = lives(seed, late=False).assign(cell=0)
    kinds = found["ended"].map({"open": 0, "won": 1, "lost": 2}).to_numpy()
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # its standard errors where the last one at risk goes
        oracle = CumIncidenceRight(found["exit"].to_numpy() + 1.0, kinds)
    curve = win_curves(found, "competing")
    for age, incidence in zip(oracle.times - 1, oracle.cinc[0], strict=True):
        assert share_by(curve, age) == pytest.approx(incidence)


def test_a_count_of_leads_weighs_as_many_rows() -> None:
    rows = lives(1, late=True)
    counted = rows.groupby(["cell", "entry", "exit", "ended"], as_index=False)["leads"].sum()
    pd.testing.assert_frame_equal(win_curves(rows, "competing"), win_curves(counted, "competing"))


def test_nobody_won_is_no_curve() -> None:
    rows = pd.DataFrame({"cell": [0], "entry": [0], "exit": [3], "ended": ["open"], "leads": [1]})
    curves = win_curves(rows, "censored")
    assert not len(curves)
    assert not len(median_ages(curves))
    assert share_by(curves, 10) == 0
