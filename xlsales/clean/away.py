"""What cleaning in memory asks of tables whose rows stay elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.clean.fill import Filled
    from xlsales.clean.naming.names import Elsewhere
    from xlsales.clean.review.settle import Settlement
    from xlsales.clean.rows import Rows


class Away(Protocol):
    """Tables elsewhere. They are asked in the order of the methods, each once, and do as they are told."""

    @property
    def settlement(self) -> Settlement:
        """What comes of decisions, about the sheets in memory, which are its first, and about rows there."""

    def listed_names(self) -> pd.DataFrame:
        """As ``naming.products.listed_names``, of products tables there."""

    def named(self, official: pd.DataFrame) -> Elsewhere:
        """The names there, once the ``official_names`` of products are put to work."""

    def concerned(self, tables: Mapping[str, Rows]) -> list[Rows]:
        """The rows there that blanks, there and in ``tables``, are filled in or from."""

    def filled(self, found: Sequence[Filled]) -> None:
        """What came of these rows, in their order."""

    def left(self, tables: Mapping[str, Rows]) -> None:
        """What the rules leave of the tables in memory."""
