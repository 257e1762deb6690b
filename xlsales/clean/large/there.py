"""The tables of an engine, all together, as cleaning in memory asks them and tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.large.codes import listed_in, named
from xlsales.clean.large.spelling import names_in, together

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from xlsales.clean.large.reading import Entered
    from xlsales.clean.naming.names import Elsewhere


class There:
    """What ``clean.away.Away`` asks, of tables that were entered; ``entered`` are as they are then."""

    def __init__(self, entered: Iterable[Entered]) -> None:
        self.entered = list(entered)

    def listed_names(self) -> pd.DataFrame:
        """Codes and names of the products tables."""
        import pandas as pd

        return pd.concat([listed_in(one) for one in self.entered], ignore_index=True)

    def named(self, official: pd.DataFrame) -> Elsewhere:
        """Products by their codes, and then the names in all tables."""
        self.entered = [named(one, official) for one in self.entered]
        return together(map(names_in, self.entered))
