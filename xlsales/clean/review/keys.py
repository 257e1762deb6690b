"""What a row is known by from one refresh to the next, wherever sorting and other rows have put it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
    import pandas as pd

    from xlsales.clean.rows import Rows
    from xlsales.tables.spec import RawTable

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

NO_ROW = -1
"""The number of what is no row of a sheet."""
DIGEST = "row:"
"""What the key of a row without an id of its own begins with."""


@dataclass(frozen=True)
class Sheets:
    """The rows of all sheets as they stood before anything was done to them, numbered through."""

    raws: tuple[RawTable, ...]

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for raw in self.raws:
            starts.append(starts[-1] + len(raw.frame))
        return starts

    def place(self, number: int) -> tuple[int, int]:
        """Which sheet a row is on, and its position there."""
        sheet = bisect_right(self._starts, number) - 1
        return sheet, number - self._starts[sheet]

    def tables(self, numbers: Numbers) -> np.ndarray:
        """The table of the sheet that each row is on; "" for what is no row."""
        import numpy as np

        keys = np.array([*(raw.table.key for raw in self.raws), ""], dtype=object)
        sheet = np.searchsorted(self._starts, numbers, side="right") - 1
        found: np.ndarray = keys[np.where(numbers == NO_ROW, len(self.raws), sheet)]
        return found

    def has(self, number: int, field: str) -> bool:
        """Whether the sheet of a row has a column for ``field``."""
        return field in self.raws[self.place(number)[0]].frame

    def texts(self, table: str) -> pd.DataFrame:
        """The cells of one table by row number; empty where no sheet is such a table."""
        import pandas as pd

        frames = [
            raw.frame.astype("str").set_axis(pd.RangeIndex(start, start + len(raw.frame)))
            for raw, start in zip(self.raws, self._starts, strict=False)
            if raw.table.key == table
        ]
        return pd.concat(frames) if frames else pd.DataFrame()

    def numbers(self, rows: Rows, labels: pd.Index, raws: Sequence[RawTable], field: str = "") -> Numbers:
        """The numbers of these rows, in their order. ``raws`` are what was read of the sheets, in theirs.

        An order that was joined is the row of the half that has its cell of ``field``, else its line.
        """
        import numpy as np

        # The rows of a sheet may be read as those of another table, but they are the same frame.
        place = {id(raw.frame): start for raw, start in zip(raws, self._starts, strict=False)}
        starts = np.array([place[id(raw.frame)] for raw in rows.raws], dtype=np.int64)
        numbers: Numbers = starts[rows.part[labels].to_numpy()] + rows.position[labels].to_numpy()
        away, there = rows.away(field, labels)
        if rows.elsewhere and len(there):
            numbers[away] = self.numbers(rows.elsewhere[0], there, raws, field)
        return numbers

    def keys(self, table: str, numbers: Numbers) -> pd.Series:
        """The key of each of these rows of one table.

        It is the row's id, or where that is not unique a digest of its texts. Cells of columns that we do
        not know are not in the digest, so a column of notes may come and go. Of rows with the same texts the
        second has ``:2`` at its end, and so on: they are the same in all that counts.
        """
        import pandas as pd

        texts = self.texts(table)
        wanted = pd.Index(numbers).unique()
        keys = pd.Series(None, index=wanted, dtype="object")
        if (identity := self._identity(table)) in texts:
            asked = texts[identity][wanted].replace("", None).dropna()
            ids = texts[identity][texts[identity].isin(asked.unique())]
            alone = ids[~ids.duplicated(keep=False)]
            keys.update(alone[alone.index.isin(wanted)].astype("object"))
        if len(unnamed := keys.index[keys.isna()]):
            keys[unnamed] = self._digests(texts, unnamed)[unnamed]
        return keys

    def find(
        self, table: str, field: str, wanted: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], list[int]]:
        """By key and text in ``field`` the numbers of the rows of one table that have both.

        Where the table has no such column, its cells are blank. The key "" stands for every row.
        """
        import pandas as pd

        texts = self.texts(table)
        said = texts[field].fillna("") if field in texts else pd.Series("", index=texts.index)
        said = said[said.isin({old for _, old in wanted})]
        keys = {key for key, _ in wanted}
        named = [pd.Series("", index=said.index)] if "" in keys else []
        if (identity := self._identity(table)) in texts:
            ids = texts[identity][said.index]
            named.append(ids[ids.isin(keys)])
        if any(key.startswith(DIGEST) for key in keys):
            digests = self._digests(texts, said.index)
            named.append(digests[digests.isin(keys)])
        found: dict[tuple[str, str], list[int]] = {}
        for names in named:
            for number, key, old in zip(names.index.tolist(), names, said[names.index], strict=True):
                found.setdefault((key, old), []).append(number)
        return {one: numbers for one, numbers in found.items() if one in wanted}

    def _identity(self, table: str) -> str:
        return next((raw.table.identity or "" for raw in self.raws if raw.table.key == table), "")

    def _digests(self, texts: pd.DataFrame, wanted: pd.Index) -> pd.Series:
        """Digests of these rows; every row is looked through for those with the same texts."""
        import numpy as np
        import pandas as pd

        alike = texts
        for name in texts:
            alike = alike[alike[name].isin(texts[name][wanted].unique())]
        digests = pd.Series(_digests(alike), index=alike.index)
        rest = np.concatenate(
            [
                np.zeros(len(raw.frame), dtype=np.uint64)
                if raw.rest is None
                else raw.rest.to_numpy(dtype=np.uint64)
                for raw in self.raws
            ]
        )
        order = np.lexsort((alike.index, rest[alike.index]))
        digests = digests.iloc[order]
        again = digests.groupby(digests).cumcount()
        digests = digests.where(again == 0, digests + ":" + (again + 1).astype("str"))
        return digests[wanted]


def _digests(texts: pd.DataFrame) -> list[str]:
    names = sorted(texts.columns)
    columns = [texts[name].fillna("").tolist() for name in names]
    return [
        DIGEST + digest("".join(f"{name}={text}\n" for name, text in zip(names, row, strict=True) if text))
        for row in zip(*columns, strict=True)
    ]


def digest(text: str) -> str:
    """12 characters that stand for a text: of a million, two are the same once in 500 times."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
