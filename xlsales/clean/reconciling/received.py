"""What each order is worth and what came in for it: the ground of every reconciliation of money.

- An order is worth the sum of its lines that count: neither cancelled, refunded nor pending.
- Received is what was paid less what was given back. Exports say a refund in two places, as a negative
  payment and as a row of the refunds; it is taken away once: of an order with negative payments the refunds
  are not looked at, as on the cash basis. A refund takes money away whatever sign the sheet writes.
- Several payments of one order are added up before they are held against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.clean.reconciling.comparison import PLACES
from xlsales.clean.reconciling.ids import blank, coded, counted, joined, summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

NO_SALE_YET = ("cancelled", "pending", "refunded")


@dataclass(frozen=True)
class Received:
    """Arrays over the order ids of ``names``, in their order, then what carries no id at all.

    Of these there are two more places: the orders without an id (``no_id``), and the money without one.
    ``orders`` and ``invoices`` are the place of each of their rows. ``lines`` counts rows of the orders,
    ``counting`` and ``cancelled`` those that count and that are cancelled or refunded,
    ``moves`` payments and refunds.
    """

    names: pd.Index
    orders: np.ndarray
    invoices: np.ndarray
    lines: np.ndarray
    counting: np.ndarray
    cancelled: np.ndarray
    ordered: np.ndarray
    moves: np.ndarray
    paid: np.ndarray
    refunded: np.ndarray

    @property
    def received(self) -> np.ndarray:
        """Paid less refunded."""
        import numpy as np

        came: np.ndarray = np.round(self.paid - self.refunded, PLACES)
        return came

    @property
    def no_id(self) -> int:
        """Where the orders without an id stand; the money without one stands after them."""
        return len(self.names)

    def ids(self) -> pd.Series:
        """The order ids by place, blank in the last two."""
        import pandas as pd

        return joined(pd.Series(self.names, dtype="str"), blank(2))


def received(tables: Mapping[str, pd.DataFrame]) -> Received:
    """Orders, payments and refunds by order id; the refunds and the invoices may be absent."""
    import numpy as np

    orders, payments = tables["orders"], tables["payments"]
    present = [key for key in ("orders", "payments", "refunds", "invoices") if key in tables]
    columns, names = coded(*(tables[key]["order_id"] for key in present))
    places = len(names) + 2
    codes = dict(zip(present, columns, strict=True))
    money = {key: codes[key] + (codes[key] == len(names)) for key in present if key != "orders"}
    status = orders["status"]
    sale = ~status.isin(NO_SALE_YET).to_numpy()
    amounts = payments["amount"].fillna(0.0).to_numpy()
    moves = np.bincount(money["payments"], minlength=places)
    given_back = summed(money["payments"], np.maximum(-amounts, 0.0), places)
    if "refunds" in money:
        moves = moves + np.bincount(money["refunds"], minlength=places)
        told = counted(money["payments"], amounts < 0, places) > 0
        refunds = summed(money["refunds"], tables["refunds"]["amount"].abs(), places)
        given_back = np.where(told, given_back, refunds)
    return Received(
        names,
        codes["orders"],
        money.get("invoices", np.array([], dtype=np.intp)),
        lines=np.bincount(codes["orders"], minlength=places),
        counting=counted(codes["orders"], sale, places),
        cancelled=counted(codes["orders"], status.isin(["cancelled", "refunded"]).to_numpy(), places),
        ordered=summed(codes["orders"], orders["amount"].where(sale, 0.0), places),
        moves=moves,
        paid=summed(money["payments"], np.maximum(amounts, 0.0), places),
        refunded=given_back,
    )
