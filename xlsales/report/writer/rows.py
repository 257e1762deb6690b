"""The rows of a table as elements of a sheet part, column by column rather than cell by cell.

A million rows of sixteen columns are written so in a tenth of the time that a call for each cell takes,
with no more than a piece of them in memory. Texts say themselves: none can become a formula or a number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from xlsales.language import Language
    from xlsales.report.cleaned import CleanedSheet
    from xlsales.tables.spec import Column

PIECE = 20_000
"""Rows at a time."""
LONGEST = 32_767
"""Characters that Excel has room for in a cell."""
CONTROLS = "[\\x00-\\x08\\x0b-\\x1f\\x{fffe}\\x{ffff}]|_x[0-9A-Fa-f]{4}_"
"""What XML cannot say, or Excel would take for what XML cannot say (ECMA-376 part 1, 22.4.2.4)."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
DAY = 86_400_000_000
"""Microseconds."""


def rows(
    sheet: CleanedSheet, first: int, plain: Sequence[str], noticed: Sequence[str], *, date1904: bool
) -> Iterator[bytes]:
    """The elements ``row`` from row ``first`` on. ``plain`` and ``noticed`` are style numbers by column."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    letters = [_letters(place) for place in range(len(plain))]
    for start in range(0, len(sheet), PIECE):
        stop = min(start + PIECE, len(sheet))
        numbers = pa.array(np.arange(first + start, first + stop)).cast(pa.string())
        pieces: list[Any] = ['<row r="', numbers, '">']
        for place, content in enumerate(_contents(sheet, start, stop, date1904=date1904)):
            look = _looks(sheet, place, start, stop, plain[place], noticed[place])
            pieces += [f'<c r="{letters[place]}', numbers, *look, content]
        yield _bytes(pc.binary_join_element_wise(*pieces, "</row>", ""))


def text_rows(frame: pd.DataFrame, first: int, styles: Sequence[str]) -> Iterator[bytes]:
    """The elements ``row`` of a sheet of texts: at the row numbers of the index, from column ``first`` on."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for start in range(0, len(frame), PIECE):
        part = frame.iloc[start : start + PIECE]
        numbers = _array(part.index.to_series(), pa.int64()).cast(pa.string())
        pieces: list[Any] = ['<row r="', numbers, '">']
        for place, style in enumerate(styles):
            texts = _array(part.iloc[:, place], pa.string())
            cell = f'<c r="{_letters(first + place)}'
            said = pc.binary_join_element_wise(cell, numbers, f'" s="{style}"', _texts(texts), "")
            pieces.append(pc.if_else(pc.is_null(texts), "", said))
        yield _bytes(pc.binary_join_element_wise(*pieces, "</row>", ""))


def _bytes(texts: pa.Array) -> bytes:
    """All texts, one behind the other."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    return bytes(pc.binary_join(whole, "")[0].as_buffer().to_pybytes())


def _looks(sheet: CleanedSheet, place: int, start: int, stop: int, plain: str, noticed: str) -> list[Any]:
    """What names the style of each cell of a column."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    name = sheet.columns[place].name if place < len(sheet.columns) else ""
    at = sheet.changed.get(name)
    if at is not None:
        here = at[(at >= start) & (at < stop)] - start
        if len(here):
            mask = np.zeros(stop - start, dtype=bool)
            mask[here] = True
            return ['" s="', pc.if_else(pa.array(mask), noticed, plain), '"']
    return [f'" s="{plain}"']


def _contents(sheet: CleanedSheet, start: int, stop: int, *, date1904: bool) -> Iterator[pa.Array]:
    """Column by column, what follows the style in each cell: its value, or its end."""
    import pyarrow as pa

    for column in sheet.columns:
        values = sheet.frame[column.name].iloc[start:stop]
        if column.kind == "date":
            yield _days(values.to_numpy("datetime64[us]"), date1904=date1904)
        elif column.kind == "flag":
            said = values.map({True: "1", False: "0"}).astype("str")
            yield _valued(_array(said, pa.string()), ' t="b"')
        elif column.kind in ("money", "count", "percent"):
            yield _valued(_array(values, pa.float64()).cast(pa.string()))
        else:
            if column.kind == "stage":
                values = values.map(_spellings(column, sheet.lang)).astype("str")
            yield _texts(_array(values, pa.string()))
    yield _texts(_array(sheet.places.iloc[start:stop], pa.string()))
    yield _texts(_array(sheet.changes.reindex(range(start, stop)), pa.string()))


def _array(values: pd.Series, kind: pa.DataType) -> pa.Array:
    """One array, also of a column that lies in pieces."""
    import pyarrow as pa

    found = pa.array(values, kind, from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _valued(values: pa.Array, kind: str = "") -> pa.Array:
    import pyarrow.compute as pc

    return pc.fill_null(pc.binary_join_element_wise(f"{kind}><v>", values, "</v></c>", ""), "/>")


def _texts(values: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.utf8_slice_codeunits(values, 0, LONGEST)
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        values = pc.replace_substring(values, mark, entity)
    if pc.any(pc.match_substring_regex(values, CONTROLS)).as_py():
        values = pa.array([one and _CONTROL.sub(_escaped, one) for one in values.to_pylist()], pa.string())
    space = ""
    if pc.any(pc.match_substring_regex(values, r"^\s|\s$")).as_py():
        space = ' xml:space="preserve"'
    opening = f' t="inlineStr"><is><t{space}>'
    return pc.fill_null(pc.binary_join_element_wise(opening, values, "</t></is></c>", ""), "/>")


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _days(values: np.ndarray, *, date1904: bool) -> pa.Array:
    """Days since the workbook's first. What is before Excel's calendar is said as text."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    first, sound = ("1904-01-01", "1904-01-01") if date1904 else ("1899-12-30", "1900-03-01")
    since = (values - np.datetime64(first, "us")).astype("int64")
    blank, early = np.isnat(values), values < np.datetime64(sound, "us")
    day, rest = np.divmod(since, DAY)
    said = pa.array(day, mask=blank | early).cast(pa.string())
    if (rest[~blank] != 0).any():
        said = pa.array(since / DAY, mask=blank | early).cast(pa.string())
    cells = _valued(said)
    if early.any():
        words = np.datetime_as_string(values, unit="D")
        cells = pc.if_else(pa.array(early), _texts(pa.array(words, pa.string(), mask=~early)), cells)
    return cells


def _spellings(column: Column, lang: Language) -> dict[str, str]:
    """What a value of a closed vocabulary is called: the first of its spellings in the language."""
    said = {}
    for value, others in column.values.items():
        chinese = [one for one in others if not one.isascii()]
        said[value] = chinese[0] if lang == "zh" and chinese else value
    return said


def _letters(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place))
