"""Files that engines read: which are written alike, and text as every engine can read it."""

from __future__ import annotations

import shutil
from itertools import count
from typing import TYPE_CHECKING

from xlsales.tables.csvtext import decode, head

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PARQUET = ".parquet"
TEXTS = (".csv", ".tsv", ".txt")

BLANK = "null"
"""The type of a column in which nothing stands."""
_numbers = count(1)


def is_read(file: Path) -> bool:
    """Whether engines read files of this ending."""
    return file.suffix.lower() in (PARQUET, *TEXTS)


def by_kind(files: Sequence[Path]) -> list[list[Path]]:
    """Files of the same columns, types and time zones together, text also by its delimiter, in their order.

    An engine reads those together as one table: what a column of it is, is then the same in all of them.
    A Parquet file in which a column is blank throughout may say nothing of its type.
    """
    kinds: list[tuple[dict[str, str], list[Path]]] = []
    for file in files:
        columns = _columns(file)
        for known, alike in kinds:
            if _agree(columns, known):
                known |= {name: kind for name, kind in columns.items() if kind != BLANK}
                alike.append(file)
                break
        else:
            kinds.append((columns, [file]))
    return [alike for _, alike in kinds]


def _agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return list(one) == list(other) and all(
        kind == other[name] or BLANK in (kind, other[name]) for name, kind in one.items()
    )


def zones(files: Sequence[Path]) -> dict[str, str]:
    """The time zone of each column of moments that Parquet files of one kind write in one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return {
        one.name: one.type.tz
        for file in files
        for one in pq.read_schema(file)
        if pa.types.is_timestamp(one.type) and one.type.tz
    }


def as_utf8(file: Path, folder: Path) -> Path:
    """The text file, or its text under its name in ``folder`` where it is written otherwise.

    Raises ``InputError`` where its bytes are no text, with the line of the first.
    """
    written = head(file)
    if written.encoding in ("utf-8", "utf-8-sig") and not written.stated:
        return file
    place = folder / f"text-{next(_numbers)}"
    place.mkdir()
    try:
        with (
            file.open(encoding=written.encoding, newline="") as given,
            (place / file.name).open("w", encoding="utf-8", newline="") as made,
        ):
            if written.stated:
                given.readline()
            shutil.copyfileobj(given, made)
    except UnicodeDecodeError:
        decode(file.read_bytes(), file.name)
        raise
    return place / file.name


def _columns(file: Path) -> dict[str, str]:
    """What each column of a file is; a damaged one has none but itself."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if file.suffix.lower() != PARQUET:
        written = head(file)
        return dict.fromkeys(written.names, f"text {written.delimiter}")
    try:
        return {one.name: str(one.type) for one in pq.read_schema(file)}
    except (pa.ArrowInvalid, OSError):
        return {str(file): "damaged"}
