"""Stock by product and month: what should be left against what is, issued against sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.reconciling.comparison import COUNTS, PLACES, Comparison, statuses
from xlsales.clean.reconciling.received import NO_SALE_YET

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.reconciling.comparison import Tolerance, Verdict

BALANCE: dict[str, Verdict] = {"balanced": "agrees", "missing": "wrong", "surplus": "wrong"}
"""missing: less is left than opening + received - issued. surplus: more is."""
ISSUES: dict[str, Verdict] = {
    "agreed": "agrees",
    "sold_more": "wrong",
    "issued_more": "wrong",
    "no_stock": "open",
}
"""no_stock: sold in a month that the stock knows, of a product that it knows, with no line for the two."""


def stock_balance(tables: Mapping[str, pd.DataFrame], tolerance: Tolerance = COUNTS) -> Comparison:
    """``expected`` = opening + received - issued against ``closing``; a blank movement is 0."""
    import numpy as np

    lines = _by_month(tables["stock"], ("opening", "received", "issued", "closing"))
    lines["expected"] = (lines["opening"] + lines["received"] - lines["issued"]).round(PLACES)
    lines["difference"] = (lines["expected"] - lines["closing"]).round(PLACES)
    expected, closing = lines["expected"].to_numpy(), lines["closing"].to_numpy()
    same = tolerance.same(expected, closing)
    everything = np.ones(len(lines), dtype=bool)
    status = statuses(BALANCE, {"balanced": same, "missing": expected > closing, "surplus": everything})
    return Comparison(lines.assign(status=status), ("expected", "closing"), BALANCE, "count")


def stock_sold(tables: Mapping[str, pd.DataFrame], tolerance: Tolerance = COUNTS) -> Comparison:
    """``issued`` against ``sold``: the quantity of orders that count, in the stock's months and products."""
    stock, orders = tables["stock"], tables["orders"]
    issued = _by_month(stock, ("issued",))
    kept = stock["product"][stock["period"].notna()].dropna()
    sale = ~orders["status"].isin(NO_SALE_YET) & orders["product"].isin(kept)
    sold = _by_month(orders[sale].rename(columns={"order_date": "period", "quantity": "sold"}), ("sold",))
    sold = sold[sold["month"].isin(issued["month"])]
    lines = issued.merge(sold, on=["month", "product"], how="outer", indicator=True)
    lines[["issued", "sold"]] = lines[["issued", "sold"]].fillna(0.0)
    lines["difference"] = (lines["issued"] - lines["sold"]).round(PLACES)
    there, sold_n = lines["issued"].to_numpy(), lines["sold"].to_numpy()
    status = statuses(
        ISSUES,
        {
            "agreed": tolerance.same(there, sold_n),
            "no_stock": (lines.pop("_merge") == "right_only").to_numpy(),
            "sold_more": sold_n > there,
            "issued_more": there > sold_n,
        },
    )
    return Comparison(lines.assign(status=status), ("issued", "sold"), ISSUES, "count")


def _by_month(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """The sums of the columns by ``month`` (``YYYY-MM``) and ``product``; rows without one are left out."""
    known = rows.assign(month=rows["period"].dt.strftime("%Y-%m"))
    found = known.groupby(["month", "product"], sort=True)[list(names)].sum().round(PLACES)
    return found.reset_index()
