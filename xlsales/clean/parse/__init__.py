"""Text becomes values: one pure parser per kind, each over the distinct texts of a column.

``parse`` reads a column of any kind; ``text``, ``numbers``, ``dates`` and ``stage`` hold the kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.frames import DTYPES
from xlsales.clean.parse import dates, numbers, stage, text
from xlsales.clean.parse._distinct import TIDY, Parsed, read_distinct, times
from xlsales.clean.parse.placeholder import DOUBTFUL

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from xlsales.clean.parse._distinct import Reading
    from xlsales.tables.spec import Column, Kind

__all__ = ["Parsed", "parse", "times"]


def parse(column: Column, cells: pd.Series, scale: float = 1.0) -> Parsed:
    """The str/null ``cells`` of one sheet's ``column`` as values of its kind.

    ``scale`` multiplies money whose cell names no unit of its own: 10,000 under a header in 万元.
    """
    readers: dict[Kind, Callable[[list[str]], Reading]] = {
        "id": text.phones if column.name == "phone" else text.ids,
        "text": text.text,
        "date": dates.moments if column.timed else dates.dates,
        "money": lambda texts: (numbers.aims if column.name == "target" else numbers.numbers)(texts, scale),
        "count": lambda texts: numbers.numbers(texts, scale),
        "percent": numbers.percent,
        "stage": lambda texts: stage.stage(texts, column.values),
        "flag": stage.flag,
    }
    plain_id = text.PLAIN_PHONE if column.name == "phone" else text.PLAIN_ID
    plain = {"id": plain_id, "text": TIDY}.get(column.kind)
    return read_distinct(cells, DTYPES[column.kind], readers[column.kind], plain, DOUBTFUL)
