from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.metrics.frames import scope
from xlsales.clean.frames import conform
from xlsales.metrics.channel_performance import channel_performance
from xlsales.metrics.rate_bridge import rate_bridge
from xlsales.tables.specs import LEADS

COUNTS = {"Web": (30, 400), "Street": (32, 300), "Referral": (60, 200), "Expo": (3, 20)}


def leads(counts: dict[str, tuple[int, int]] = COUNTS, month: str = "2026-10") -> pd.DataFrame:
    rows = [
        {
            "lead_id": f"{channel}{at}{month}",
            "created": f"{month}-01",
            "channel": channel,
            "won": f"{month}-05" if at < won else None,
        }
        for channel, (won, n) in counts.items()
        for at in range(n)
    ]
    return conform(LEADS, pd.DataFrame(rows, dtype=object))


def test_a_channel_is_held_against_all_others_as_statsmodels_does() -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    found = channel_performance(leads(), scope=scope("2026-10")).set_index("channel")
    won, n = (sum(counts[at] for counts in COUNTS.values()) for at in (0, 1))
    raw = [proportion.proportions_ztest([k, won - k], [m, n - m])[1] for k, m in COUNTS.values()]
    corrected = multitest.multipletests(raw, method="holm")[1]
    assert list(found["p"][list(COUNTS)]) == pytest.approx(list(corrected), abs=1e-12)
    sure = {name: p < 0.05 for name, p in zip(COUNTS, corrected, strict=True)}
    assert sure == {"Web": True, "Street": False, "Referral": True, "Expo": False}
    assert dict(found["flag"]) == {"Web": "below", "Street": "", "Referral": "above", "Expo": ""}


def test_a_sample_below_thirty_has_no_verdict_however_far_off() -> None:
    found = channel_performance(
        leads({"Web": (20, 400), "Expo": (20, 20)}), scope=scope("2026-10")
    ).set_index("channel")
    assert found["p"]["Expo"] < 0.001
    assert set(found["flag"]) == {""}


def test_the_effects_of_all_channels_are_the_change_of_the_whole() -> None:
    dice = np.random.default_rng(2)
    for _ in range(20):
        now, then = (
            {f"C{at}": (int(dice.integers(0, n + 1)), int(n)) for at, n in enumerate(dice.integers(0, 9, 5))}
            for _ in range(2)
        )
        both = pd.concat([leads({**now, "Z": (1, 2)}), leads({**then, "Z": (1, 3)}, "2026-09")])
        found = rate_bridge(both.reset_index(drop=True), scope=scope("2026-10"))
        rates = [
            (1 + sum(k for k, _ in counts.values())) / (extra + sum(n for _, n in counts.values()))
            for counts, extra in ((now, 2), (then, 3))
        ]
        assert found["effect"].sum() == pytest.approx(rates[0] - rates[1], abs=1e-12)
        assert found["mix_effect"].sum() + found["rate_effect"].sum() == pytest.approx(
            rates[0] - rates[1], abs=1e-12
        )
