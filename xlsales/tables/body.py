"""Which rows below a header are data: totals, repeated headers and page titles are not."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from xlsales.tables.spoken import speaks_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np
    import pandas as pd

    from xlsales.tables.header import Header
    from xlsales.tables.spec import SheetText, Table

GROUPS = ("period", "rep", "team", "region", "channel")
"""Columns in which a bare total word is a total even beside a date: a daily sheet sums up its reps."""

_HINT_WORDS = "计汇累总"
HINT = rf"[{_HINT_WORDS}]|(?i:total)"
"""What every total's label has in it."""
_WORD = r"(?:合计|小计|总计|共计|总和|汇总|累计)"
_BARE = re.compile(rf"(?:{_WORD}|(?:(?:grand|sub)[\s-]?)?totals?):?")
_LABEL = re.compile(
    rf".{{0,20}}{_WORD}(?:数|数量|金额)?[:\d.,()元万笔条单人个件]*|(?:.{{1,30}}\s)?(?:(?:grand|sub)[\s-]?)?totals?\s*:?"
)


def is_total(text: str) -> bool:
    """Whether a cell labels a total row: 合 计, 华东 小计, Grand Total, North Total; not Total Energies."""
    return _LABEL.fullmatch(_plain(text)) is not None


def is_bare_total(text: str) -> bool:
    """Whether a cell says nothing but that it is a total: 合计, Grand Total; not 华东小计."""
    return _BARE.fullmatch(_plain(text)) is not None


def anchors(table: Table, names: Collection[str]) -> list[str]:
    """Those of the columns ``names`` that only a row of data fills: dates and ids."""
    return [one.name for one in table.columns if one.kind in ("date", "id") and one.name in names]


def data_rows(
    sheet: SheetText, header: Header, columns: Mapping[str, int], anchors: Collection[str]
) -> tuple[pd.DataFrame, tuple[tuple[int, str], ...]]:
    """The rows below ``header`` that hold data, and what was left out besides blanks: (row, label there).

    ``columns`` are the mapped columns and their labels in the sheet, ``anchors`` those of them that only
    a data row fills (dates and ids). A total row carries a total's label and no anchor, or a bare total
    word where a rep, team, region, channel or period should stand.
    """
    rows = sheet.rows.loc[header.rows[-1] + 1 :]
    labels = list(columns.values())
    wrong = [row for row, label in sheet.errors if label in labels]
    rows = _kept(rows, rows[labels].notna().any(axis=1) | rows.index.isin(wrong))
    out = totals(rows, columns, anchors) | _repeated(rows, sheet, header, labels)
    return _kept(rows, ~rows.index.isin(list(out))), tuple(sorted(out.items()))


def _kept(rows: pd.DataFrame, keep: pd.Series | np.ndarray[Any, Any]) -> pd.DataFrame:
    """The rows to keep; the same frame, not a copy of all its texts, where that is every row."""
    return rows if keep.all() else rows[keep]


def totals(rows: pd.DataFrame, columns: Mapping[str, int], anchors: Collection[str]) -> dict[int, str]:
    """The total rows, and what calls them so; for the other names see ``data_rows``."""
    import pandas as pd

    groups = {columns[name] for name in GROUPS if name in columns}
    anchoring = {columns[name] for name in anchors}
    found = {label: _total_cells(rows[label]) for label in sorted(groups | anchoring)}
    data = pd.Series(False, rows.index)
    for label in anchoring:
        data |= rows[label].notna() & ~rows.index.isin(found[label].index)
    loose = rows[~data]
    for label in map(int, rows.columns):
        if label not in found:  # in a row that an anchor makes data, nothing else can make a total
            found[label] = _total_cells(loose[label])
    out: dict[int, str] = {}
    for label, cells in sorted(found.items()):
        summed = cells.index.isin(loose.index)
        for row, text, alone in zip(map(int, cells.index), cells, summed, strict=True):
            if alone or (label in groups and is_bare_total(text)):
                out.setdefault(row, text.strip())
    return out


def _total_cells(cells: pd.Series) -> pd.Series:
    """The cells that label a total, by row; spelling is looked at once per distinct text."""
    spoken = speaks_of(cells, (*_HINT_WORDS, "total"))
    near = cells[cells.str.contains(HINT, na=False)] if spoken else cells[:0]
    return near[near.isin([text for text in near.unique() if is_total(text)])]


def _repeated(rows: pd.DataFrame, sheet: SheetText, header: Header, labels: Sequence[int]) -> dict[int, str]:
    """Rows that repeat a title row, or a header row in at least half of the mapped columns (and in two)."""
    out: dict[int, str] = {}
    above = sheet.rows.loc[: header.rows[-1]]
    for number, row in above.iterrows():
        texts = row.dropna()
        if texts.empty:
            continue
        alike = rows[rows[texts.index[0]] == texts.iloc[0]]
        repeats = []
        if len(alike):
            repeats = list(alike.index[((alike == row) | (alike.isna() & row.isna())).all(axis=1)])
        if number in header.rows:
            names = texts.index.intersection(list(labels))
            repeats += repeats_header(rows, {int(name): texts[name] for name in names})
        out |= dict.fromkeys(repeats, texts.iloc[0].strip())
    return out


def repeats_header(rows: pd.DataFrame, titles: Mapping[int, str]) -> list[int]:
    """The rows that say again what the header calls at least half of the mapped columns, and two."""
    if len(titles) < 2:
        return []
    equal = sum((rows[label] == title).to_numpy(int, na_value=0) for label, title in titles.items())
    return list(map(int, rows.index[equal >= max(2, len(titles) / 2)]))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    return text if text.isascii() else "".join(text.split())
