"""The tables of an engine, all together, as cleaning in memory asks them and tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.large.codes import listed_in, named
from xlsales.clean.large.concerned import TooManyError, concerned
from xlsales.clean.large.filling import filled
from xlsales.clean.large.spelling import names_in, together
from xlsales.clean.naming.products import beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from xlsales.clean.fill import Filled
    from xlsales.clean.large.concerned import Concerned
    from xlsales.clean.large.reading import Entered
    from xlsales.clean.naming.names import Elsewhere
    from xlsales.clean.review.settle import Settlement
    from xlsales.clean.rows import Rows


class There:
    """What ``clean.away.Away`` asks, of tables that were entered.

    ``entered`` are the tables as they are by then, ``settlement`` is what came of decisions. ``unfilled``:
    too many rows were concerned by blanks. ``coded`` are the codes of products in memory with the names
    beside them.
    """

    def __init__(self, entered: Iterable[Entered], settlement: Settlement) -> None:
        self.entered, self.settlement = list(entered), settlement
        self.unfilled = False
        self.coded = beside({})
        self._concerned: list[Concerned | None] = []

    def listed_names(self) -> pd.DataFrame:
        """Codes and names of the products tables."""
        import pandas as pd

        return pd.concat([listed_in(one) for one in self.entered], ignore_index=True)

    def named(self, official: pd.DataFrame) -> Elsewhere:
        """Products by their codes, and then the names in all tables."""
        self.entered = [named(one, official) for one in self.entered]
        return together(map(names_in, self.entered))

    def concerned(self, tables: Mapping[str, Rows]) -> list[Rows]:
        """The rows that blanks are filled in or from; none where these are too many."""
        try:
            self._concerned = concerned(self.entered, tables)
        except TooManyError:
            self._concerned, self.unfilled = [None for _ in self.entered], True
        return [one.rows for one in self._concerned if one]

    def filled(self, found: Sequence[Filled]) -> None:
        """Put into all rows what was put into those."""
        given = iter(found)
        self.entered = [
            filled(one, own, next(given)) if own else one
            for one, own in zip(self.entered, self._concerned, strict=True)
        ]

    def left(self, tables: Mapping[str, Rows]) -> None:
        """Keep what rules about tables there have to know of those in memory."""
        self.coded = beside(tables)
