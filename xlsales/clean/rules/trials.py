"""Trial lessons and test entries among the orders: pointed out, so that a rule can decide about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.tables.spoken import speaks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from xlsales.clean.rows import Rows

TOKEN = 1.0
"""An order of no more than this, but more than nothing, is a token: 0.01 to test a payment, 1 for a trial."""
SAID = "体验|试听|测试|(?:^|[^a-z])(?:test|testing|trial|demo)(?:[^a-z]|$)"
WORDS = re.compile(SAID, re.IGNORECASE)
HINTS = ("体验", "试听", "测试", "test", "trial", "demo")
DEAR = 50 * TOKEN
"""Only where half of the orders cost this much is a token one; a shop sells candles for less than 1."""
NAMED = ("product", "customer", "campaign", "type")


def tokens(amount: pd.Series) -> pd.Series:
    """Which of the orders' amounts are tokens."""
    small = (amount > 0) & (amount <= TOKEN)
    return small if small.any() and amount.median() >= DEAR else small & False


def trial_orders(tables: Mapping[str, Rows]) -> list[Finding]:
    """Orders of a token amount, or whose product, customer, campaign or type says trial or test.

    Each is told once, by the first column that says so.
    """
    import numpy as np
    import pandas as pd

    if "orders" not in tables:
        return []
    rows = tables["orders"]
    frame = rows.frame
    said: dict[str, np.ndarray] = {}
    for name in NAMED:
        if name in rows.text:
            cells = rows.text[name][frame.index] if name == "type" else frame[name]
            if not speaks_of(cells, HINTS):
                continue
            codes, words = pd.factorize(cells)
            says = [WORDS.search(word) is not None for word in words]
            if any(says):
                said[name] = np.array([*says, False])[codes]
    said["amount"] = tokens(frame["amount"]).to_numpy(dtype=bool)
    findings, told = [], np.zeros(len(frame), dtype=bool)
    for name, hit in said.items():
        at = frame.index[hit & ~told]
        told |= hit
        amounts = tuple(frame["amount"][at].fillna(0.0))
        findings += [Finding("trial_order", at, (), amounts, name, "orders")] if len(at) else []
    return findings
