"""Files that engines read: which are written alike, and text as every engine can read it."""

from __future__ import annotations

import codecs
from itertools import count
from typing import TYPE_CHECKING

from xlsales.errors import InputError
from xlsales.tables.csvtext import head

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

PARQUET = ".parquet"
TEXTS = (".csv", ".tsv", ".txt")

_PIECE = 1 << 20
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

    Raises ``InputError`` where its bytes are no text.
    """
    written = head(file)
    if written.encoding in ("utf-8", "utf-8-sig") and not written.stated:
        return file
    place = folder / f"text {next(_numbers)}"
    place.mkdir()
    with file.open("rb") as given, (place / file.name).open("w", encoding="utf-8", newline="") as made:
        decoder = codecs.getincrementaldecoder(written.encoding)()
        if written.stated:
            given.readline()
        while data := given.read(_PIECE):
            made.write(_decoded(decoder, data, file, given.tell() - len(data)))
        made.write(_decoded(decoder, b"", file, given.tell()))
    return place / file.name


def _decoded(decoder: codecs.IncrementalDecoder, data: bytes, file: Path, before: int) -> str:
    try:
        return decoder.decode(data, final=not data)
    except UnicodeDecodeError as error:
        at = max(before + error.start, 0)
        with file.open("rb") as opened:
            line = opened.read(at).count(b"\n") + 1
        raise InputError("csv_encoding", file=file.name, line=line, byte=at + 1) from None


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
