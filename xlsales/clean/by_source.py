"""What each source brought: rows and money that count, by the readable name of the export."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.clean.read import money_of
from xlsales.tables import specs
from xlsales.tables.profiles import tags
from xlsales.tables.spec import SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.clean.large.account import Large
    from xlsales.tables.spec import RawTable


@dataclass(frozen=True)
class Brought:
    """Of one table, the rows that count from one source and their money, None in a table without."""

    table: str
    source: str
    rows: int
    amount: float | None


def source_of(frame: pd.DataFrame, raws: Sequence[RawTable]) -> pd.Series:
    """The readable source of each row of a clean table, to group by: 门店, 展会, CRM."""
    import pandas as pd

    named = tags((raw.source, raw.sheet) for raw in raws)
    by_sheet = {f"{source}!{sheet}": tag for (source, sheet), tag in named.items()}
    codes, sheets = pd.factorize(frame[SOURCE])
    tag_of = pd.array([by_sheet.get(sheet) for sheet in sheets], dtype="str")
    return pd.Series(tag_of.take(codes, allow_fill=True), frame.index)


def by_source(
    tables: Mapping[str, pd.DataFrame], raws: Sequence[RawTable], large: Sequence[Large] = ()
) -> tuple[Brought, ...]:
    """Every table's sources, largest first; together they are what counts of the table.

    A table that is ``large``, whose rows are not among ``tables``, is one source.
    """
    found = [
        Brought(one.table.key, tag, one.rows, one.reconciliation.amount_out)
        for one in large
        for tag in _tags_of(one, raws)
    ]
    for key, frame in tables.items():
        money = money_of(specs.table(key))
        for source, part in frame.groupby(source_of(frame, raws), sort=True):
            amount = math.fsum(part[money.name].dropna()) if money else None
            found.append(Brought(key, str(source), len(part), amount))
    order = [one.key for one in specs.TABLES]
    return tuple(sorted(found, key=lambda one: (order.index(one.table), -(one.amount or 0), one.source)))


def _tags_of(large: Large, raws: Sequence[RawTable]) -> list[str]:
    names = tags((raw.source, raw.sheet) for raw in raws)
    return [names[raw.source, raw.sheet] for raw in raws if raw.digest == large.digest]
