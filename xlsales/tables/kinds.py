"""Files that engines read: which are written alike, and text as every engine can read it."""

from __future__ import annotations

import shutil
from itertools import count
from typing import TYPE_CHECKING

from xlsales.tables.csvtext import decode, head

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

PARQUET = ".parquet"
TEXTS = (".csv", ".tsv", ".txt")

_numbers = count(1)


def is_read(file: Path) -> bool:
    """Whether engines read files of this ending."""
    return file.suffix.lower() in (PARQUET, *TEXTS)


def by_kind(files: Sequence[Path]) -> list[list[Path]]:
    """Files of the same columns, types and time zones together, text also by its delimiter, in their order.

    An engine reads those together as one table: what a column of it is, is then the same in all of them.
    """
    kinds: dict[Hashable, list[Path]] = {}
    for file in files:
        kinds.setdefault(_kind(file), []).append(file)
    return list(kinds.values())


def zones(file: Path) -> dict[str, str]:
    """The time zone of each column of moments that a Parquet file writes in one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return {
        one.name: one.type.tz
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


def _kind(file: Path) -> Hashable:
    """What files have to have in common; a damaged one is of a kind of its own."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if file.suffix.lower() != PARQUET:
        written = head(file)
        return written.delimiter, written.names
    try:
        return tuple((one.name, str(one.type)) for one in pq.read_schema(file))
    except (pa.ArrowInvalid, OSError):
        return file
