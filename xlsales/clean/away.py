"""What cleaning in memory asks of tables whose rows stay elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.clean.naming.names import Elsewhere


class Away(Protocol):
    """Tables elsewhere. They are asked in the order of the methods, each once, and do as they are told."""

    def listed_names(self) -> pd.DataFrame:
        """As ``naming.products.listed_names``, of products tables there."""

    def named(self, official: pd.DataFrame) -> Elsewhere:
        """The names there, once the ``official_names`` of products are put to work."""
