"""What has how much, by names: few enough for dictionaries, from which the rows of a result are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Key = tuple[str, ...]
    """The names in the order of ``by``, ``YYYY-MM`` for the month; () is the whole."""
    Amounts = dict[Key, float]


def rows_of(keys: Sequence[Key], by: Sequence[str]) -> pd.DataFrame:
    """A row for each key with its names as text."""
    import pandas as pd

    names = {name: [key[place] for key in keys] for place, name in enumerate(by)}
    return pd.DataFrame(names, range(len(keys)), dtype="str")


def column_of(
    keys: Iterable[Key], amounts: Mapping[Key, float], missing: float = float("nan")
) -> NDArray[np.float64]:
    """The amount of each key."""
    import numpy as np

    return np.array([amounts.get(key, missing) for key in keys], "float64")
