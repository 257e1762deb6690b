"""Order lines whose amount is held against quantity x unit price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows
    from xlsales.tables.spec import RawTable

CENT = 0.005
"""Half of the smallest coin: a unit price is rounded to it."""
EXCEPTIONS = 0.2
"""Where more than this share of a sheet's lines break the law, it is not the law of that sheet."""
BROKEN = 0.01
"""Share of lines off by a power of ten from which on a sheet's decimal marks are not believed."""


def broken_decimals(tables: Mapping[str, Rows]) -> list[Finding]:
    """Refuse a sheet whose decimal marks were lost on the way through another locale.

    ``51,865`` x 2 = ``10,373`` was 51.865 x 2 = 103.73 before the point became a thousands mark. Only
    texts with such marks can be broken so: a bare tenth of the price is a discount. Raises ``InputError``.
    """
    import numpy as np
    import pandas as pd

    rows = tables.get("orders")
    if rows is None or not {"unit_price", "amount"} <= set(rows.text):
        return []
    marked = rows.text["unit_price"].str.contains(",", regex=False, na=False)
    marked |= rows.text["amount"].str.contains(",", regex=False, na=False)
    if not marked.any() or (lines := _lines(rows)) is None:
        return []
    with np.errstate(divide="ignore"):
        power = pd.Series(np.log10((lines["amount"] / lines["full"]).abs().to_numpy()), lines.index)
    off = marked[lines.index] & (power.round() != 0) & ((power - power.round()).abs() < 1e-7)
    share = off.groupby(rows.part[lines.index]).transform("mean")
    wrong = lines.index[off & (share >= BROKEN)]
    if len(wrong):
        place, shown = rows.places("amount", wrong[:1]).iloc[0], rows.text.loc[wrong[0]]
        raw = rows.raws[rows.part[wrong[0]]]
        raise broken(raw, place["cell"], shown["quantity"], shown["unit_price"], shown["amount"])
    return []


def broken(raw: RawTable, cell: str, quantity: str, price: str, amount: str) -> InputError:
    """What is said of a sheet whose decimal marks were lost, with a line that shows it."""
    return InputError(
        "broken_decimals",
        source=raw.source,
        sheet=raw.sheet,
        cell=cell,
        quantity=quantity,
        price=price,
        amount=amount,
    )


def amount_mismatch(tables: Mapping[str, Rows]) -> list[Finding]:
    """Lines whose amount is not quantity x unit price, with or without the discount, where others' is.

    The discount may be money off the line, money off each unit, or a share. The amount at stake is what
    the line has beyond quantity x unit price - discount.
    """
    if "orders" not in tables or (lines := _lines(tables["orders"])) is None:
        return []
    amount, full, discount, quantity = (lines[name] for name in ("amount", "full", "discount", "quantity"))
    slack = CENT * (1 + quantity.abs())
    off = amount.notna()
    for expected in (full, full - discount, full - quantity * discount, full * (1 - discount)):
        off &= (amount - expected).abs() > slack
    share = off.groupby(tables["orders"].part[lines.index]).transform("mean")
    off &= share <= EXCEPTIONS
    expected = (full - discount)[off]
    suggestions = tuple(f"{one:.12g}" for one in expected)
    wrong = Finding(
        "amount_mismatch", lines.index[off], suggestions, tuple(amount[off] - expected), "amount", "orders"
    )
    return [wrong] if off.any() else []


def _lines(orders: Rows) -> pd.DataFrame | None:
    """The lines that state quantity, unit price and amount; ``full`` is what the first two give."""
    if not {"quantity", "unit_price", "amount"} <= set(orders.text):
        return None
    frame = orders.frame
    stated = orders.text["amount"].notna()[frame.index] & frame[
        ["quantity", "unit_price", "amount"]
    ].notna().all(axis=1)
    lines = frame.loc[stated, ["quantity", "unit_price", "amount", "discount"]].fillna({"discount": 0.0})
    lines["full"] = lines["quantity"] * lines["unit_price"]
    worth = (lines["full"] != 0) & (lines["amount"] != 0)
    return lines if worth.all() else lines[worth]
