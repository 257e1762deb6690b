"""Two sides of the same thing, unit by unit: what each says and how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

Verdict = Literal["agrees", "open", "wrong"]
"""open: not yet as it should end, such as an order that nobody has paid. wrong: the records contradict."""

ABSOLUTE, RELATIVE = 0.01, 0.00001
"""Sides that differ by no more than a cent, or by no more than a yuan in 100,000, agree."""
PLACES = 6
"""Sums are rounded to so many decimals, so that the order of the rows can never show."""
KEYS = ("order_id", "customer", "product", "month", "source")


@dataclass(frozen=True)
class Tolerance:
    """How far two amounts may lie apart: the larger of ``absolute`` and ``relative`` of the larger one."""

    absolute: float = ABSOLUTE
    relative: float = RELATIVE

    def same(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Where the amounts agree; what floats add is left out of it."""
        import numpy as np

        largest = np.maximum(np.abs(one), np.abs(other))
        same: np.ndarray = np.abs(one - other) <= np.maximum(self.absolute, self.relative * largest) + 1e-9
        return same


MONEY = Tolerance()
COUNTS = Tolerance(0.0, 0.0)


@dataclass(frozen=True)
class Comparison:
    """The units (orders, customers, products by month) in no promised order.

    ``units`` has the columns of ``KEYS`` that name a unit, the two ``sides``, ``difference`` = the first less
    the second, and ``status``, one of ``statuses``. So the sum of one side less that of the other is the sum
    of the differences, over all units and within each status.
    """

    units: pd.DataFrame
    sides: tuple[str, str]
    statuses: Mapping[str, Verdict]
    unit: Literal["money", "count"] = "money"

    def totals(self) -> pd.DataFrame:
        """By ``status``, all of ``statuses`` in order: ``units``, both sides, ``difference``."""
        import numpy as np
        import pandas as pd

        codes = pd.Categorical(self.units["status"], list(self.statuses)).codes
        found = {"status": list(self.statuses), "units": np.bincount(codes, minlength=len(self.statuses))}
        for name in (*self.sides, "difference"):
            sums = np.bincount(codes, self.units[name].to_numpy(), minlength=len(self.statuses))
            found[name] = np.round(sums, PLACES)
        return pd.DataFrame(found)

    def largest(self, count: int) -> pd.DataFrame:
        """The ``count`` units that disagree: the wrong before the open, each by difference, then by name.

        The signs of the differences do not matter.
        """
        import pandas as pd

        parts = []
        for verdict in ("wrong", "open"):
            names = [name for name, one in self.statuses.items() if one == verdict]
            part = self._largest(self.units[self.units["status"].isin(names)], count)
            parts.append(part)
            count -= len(part)
        return pd.concat(parts, ignore_index=True)

    def _largest(self, units: pd.DataFrame, count: int) -> pd.DataFrame:
        listed = units.assign(size=units["difference"].abs())
        if len(listed) > count > 0:  # sorting the names of a million orders would cost more than finding them
            listed = listed[listed["size"] >= listed["size"].nlargest(count).iloc[-1]]
        keys = [name for name in KEYS if name in listed]
        order = listed.sort_values(["size", *keys], ascending=[False, *[True] * len(keys)], kind="stable")
        return order.drop(columns="size").head(count)


def statuses(names: Mapping[str, Verdict], where: Mapping[str, np.ndarray]) -> pd.Categorical[str]:
    """The first status whose condition holds; the last name where none does."""
    import numpy as np
    import pandas as pd

    order = list(names)
    codes = np.select(list(where.values()), [order.index(name) for name in where], len(order) - 1)
    return pd.Categorical.from_codes(codes.astype("int8"), pd.Index(order))
