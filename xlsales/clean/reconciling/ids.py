"""Names as whole numbers, and sums by them: a million orders are added up in a few hundredths of a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.reconciling.comparison import PLACES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def coded(*columns: pd.Series) -> tuple[list[np.ndarray], pd.Index]:
    """The columns as positions in their common names, a blank as the position after the last."""
    import numpy as np
    import pandas as pd

    codes, names = pd.concat(columns, ignore_index=True).factorize()
    codes = np.where(codes < 0, len(names), codes)
    ends = np.cumsum([len(column) for column in columns])
    return np.split(codes, ends[:-1]), pd.Index(names)


def summed(codes: np.ndarray, values: pd.Series | np.ndarray, count: int) -> np.ndarray:
    """The sum of the values of each of ``count`` codes; a blank adds nothing."""
    import numpy as np

    numbers = np.nan_to_num(np.asarray(values, dtype="float64"))
    return np.round(np.bincount(codes, numbers, minlength=count), PLACES)


def counted(codes: np.ndarray, where: np.ndarray, count: int) -> np.ndarray:
    """How many rows of each of ``count`` codes are so."""
    import numpy as np

    return np.bincount(codes[where], minlength=count)


def first_day(codes: np.ndarray, dates: pd.Series, count: int) -> np.ndarray:
    """The earliest date of each code as a day, NaT where there is none."""
    import numpy as np

    days = dates.to_numpy().astype("datetime64[D]")
    later = np.flatnonzero(~np.isnat(days))
    earliest = np.full(count, np.datetime64("NaT", "D"))
    while len(later):  # of several rows of one code the last one written stays, so the others are asked again
        at, own = codes[later], days[later]
        better = np.isnat(earliest[at]) | (own < earliest[at])
        later, at, own = later[better], at[better], own[better]
        earliest[at] = own
    return earliest


def blank(count: int) -> pd.Series:
    """So many blank texts."""
    import pandas as pd

    return pd.Series(None, range(count), dtype="str")


def joined(*parts: pd.Series) -> pd.Series:
    """The texts of one part after those of the other."""
    import pandas as pd

    return pd.concat(parts, ignore_index=True).astype("str")
