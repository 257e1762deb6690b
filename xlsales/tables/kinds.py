"""Files that engines read: which are written alike, and text as every engine can read it."""

from __future__ import annotations

import csv
import shutil
from itertools import count
from typing import TYPE_CHECKING

from xlsales.errors import InputError
from xlsales.tables.csvtext import BY_SPACES, decode, even_records, head
from xlsales.tables.names import stated_unit
from xlsales.tables.sources import OTHERS, is_markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO


PARQUET = ".parquet"
TEXTS = (".csv", ".tsv", ".txt")

BLANK = "null"
"""The type of a column in which nothing stands."""
_numbers = count(1)


def is_read(file: Path) -> bool:
    """Whether engines read the file: by its ending, and a text unless it is a workbook by its first bytes.

    Raises ``InputError`` for one that cannot be opened.
    """
    if file.suffix.lower() == PARQUET:
        return True
    if file.suffix.lower() not in TEXTS:
        return False
    with opened(file) as given:
        return not given.read(8).startswith(OTHERS)


def opened(file: Path) -> BinaryIO:
    """The file to be read. ``InputError`` where that is not allowed."""
    try:
        return file.open("rb")
    except OSError as error:
        raise InputError("file_unreadable", file=file.name, reason=error.strerror) from None


def by_kind(files: Sequence[Path]) -> list[list[Path]]:
    """Files of the same columns, types and time zones together, text also by its delimiter, in their order.

    An engine reads those together as one table: what a column of it is, is then the same in all of them.
    A Parquet file in which a column is blank throughout may say nothing of its type.

    Raises ``InputError`` for a file that no engine can read.
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


def as_utf8(file: Path, folder: Path, called: str = "") -> Path:
    """The text file, or its text where it is ``called`` so in ``folder`` if it is written otherwise.

    Raises ``InputError`` where its bytes are no text, with the line of the first.
    """
    written = head(file)
    if written.above or written.delimiter == BY_SPACES:
        return evened(file, folder, called)
    if written.encoding in ("utf-8", "utf-8-sig") and not written.stated:
        return file
    made = _beside(file, folder, called)
    try:
        with (
            file.open(encoding=written.encoding, newline="") as given,
            made.open("w", encoding="utf-8", newline="") as text,
        ):
            if written.stated:
                given.readline()
            shutil.copyfileobj(given, text)
    except UnicodeDecodeError:
        decode(file.read_bytes(), file.name)
        raise
    return made


def evened(file: Path, folder: Path, called: str = "") -> Path:
    """The text file as every engine can read it: names first, and in each record a field for each of them."""
    made = _beside(file, folder, called)
    with made.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, delimiter=delimiter(file), lineterminator="\n").writerows(even_records(file))
    return made


def delimiter(file: Path) -> str:
    """The delimiter of the text file once it is ``as_utf8``."""
    written = head(file).delimiter
    return "," if written == BY_SPACES else written


def titles(file: Path) -> tuple[tuple[str, ...], ...]:
    """What stands above the names in a file of text."""
    return () if file.suffix.lower() == PARQUET else head(file).above


def without_column(file: Path, name: str, folder: Path, called: str) -> Path:
    """The Parquet file, or one in ``folder`` where its column of this name, in any case, has another."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = pq.read_schema(file).names
    if name not in map(str.casefold, names):
        return file
    others = [f"{one}_" if one.casefold() == name else one for one in names]
    made = _beside(file, folder, called)
    with pq.ParquetFile(file) as given:
        kinds = zip(given.schema_arrow, others, strict=True)
        with pq.ParquetWriter(made, pa.schema([one.with_name(called) for one, called in kinds])) as whole:
            for rows in given.iter_batches():
                whole.write_batch(rows.rename_columns(others))
    return made


def _beside(file: Path, folder: Path, called: str) -> Path:
    made = folder / f"text-{next(_numbers)}" / (called or file.name)
    made.parent.mkdir(parents=True)
    return made


def _columns(file: Path) -> dict[str, str]:
    """What each column of a file is.

    Raises ``InputError`` for a file in which nothing stands, that is a web page, damaged or cannot be opened.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with opened(file) as given:
        begins = given.read(200)
    if not begins:
        raise InputError("file_empty", file=file.name)
    if file.suffix.lower() != PARQUET:
        if is_markup(begins):
            raise InputError("web_page", file=file.name)
        written = head(file)
        unit = next((one for title in written.above for one in map(stated_unit, title) if one), 1)
        return dict.fromkeys(written.names, f"text {written.delimiter} {unit}")
    try:
        return {one.name: str(one.type) for one in pq.read_schema(file)}
    except (pa.ArrowException, OSError):
        raise InputError("parquet_damaged", file=file.name) from None
