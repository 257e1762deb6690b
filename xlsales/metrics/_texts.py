"""How pandas holds the texts of a table while metrics are computed: of few rows as Python's own strings.

Arrow holds millions of texts in little memory, but each step over it has a price of its own, and a report
of a few thousand rows is thousands of steps.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from xlsales.metrics._once import once

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

FEW = 50_000
"""Up to so many rows Python's strings are faster; at twice as many they no longer are."""


@contextmanager
def handy_texts(tables: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The tables to compute with. Where all are small, texts made in the block are Python's strings too.

    Never both kinds among the tables: pandas makes neither of them when it puts them together.
    """
    import pandas as pd

    given = [one for one in tables.values() if one is not None]
    if all(hasattr(one, "iloc") and len(one) <= FEW for one in given):
        with pd.option_context("mode.string_storage", "python"):
            yield {name: one if one is None else _handy(one) for name, one in tables.items()}
    else:
        yield tables


@once
def _handy(frame: pd.DataFrame) -> pd.DataFrame:
    return as_usual(frame)


def as_usual(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its texts, and its titles, as pandas makes them where it is called.

    Itself where they are so already: what was worked out from it is known by that.
    """
    import pandas as pd

    usual = pd.StringDtype(na_value=float("nan"))
    other = [name for name, kind in frame.dtypes.items() if kind == "str" and kind != usual]
    if not other and frame.columns.dtype == usual:
        return frame
    return frame.astype(dict.fromkeys(other, usual)).set_axis([*frame.columns], axis="columns")
