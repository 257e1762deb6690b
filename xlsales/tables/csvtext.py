"""Delimited text as it leaves other programs: which encoding, which delimiter, which rows."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from xlsales.errors import InputError
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DELIMITERS = ",;\t|"
BY_SPACES = " "
"""Where columns are aligned with runs of them."""
LOOKED_AT = 200
"""How many records are looked at to find the delimiter."""
HEAD = 100_000
"""So many bytes of a file are enough to know how it is written."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(data: bytes, name: str) -> str:
    """The text: by its byte order mark, else strictly as UTF-8, else strictly as GB18030.

    Raises ``InputError`` with the line of the first byte that is neither.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name)
    try:
        return _strict(data, "utf-8", name)
    except InputError:
        return _strict(data, "gb18030", name)


def records(text: str, name: str) -> list[list[str]]:
    """All records with their fields as text. A blank line is an empty record, as Excel counts it.

    The delimiter is the first line's ``sep=;`` where Excel wrote one, else found by ``sniff``. Raises
    ``InputError`` where a quotation mark is not closed, since the rest of the file would be one cell.
    """
    stated = _stated(text)
    reader = _reader(text, stated or sniff(text))
    try:
        rows = list(reader)
    except csv.Error:
        raise InputError("csv_quotes", file=name, line=reader.line_num) from None
    if stated:
        rows[0] = []
    return rows


@dataclass(frozen=True)
class Head:
    """How a text file is written, by its beginning: a name that comes twice, in whatever case, is numbered.

    ``stated``: its first line is Excel's ``sep=;``. ``above`` are the records before the names: titles.
    """

    encoding: str
    delimiter: str
    names: tuple[str, ...]
    stated: bool
    above: tuple[tuple[str, ...], ...] = ()


def head(file: Path) -> Head:
    """Which encoding, delimiter and names the file has.

    Raises ``InputError`` as ``decode`` does, and for a file in which nothing stands.
    """
    found = file.stat()
    return _head(file, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1024)
def _head(file: Path, _changed: int, _size: int) -> Head:
    """As ``head``, which is asked of a file again and again, and reads all of it to tell its encoding."""
    with file.open("rb") as opened:
        data = opened.read(HEAD)
    encoding = _encoding(file, data)
    if encoding != "utf-16":
        data = data[: data.rfind(b"\n") + 1] or data
    text = codecs.getincrementaldecoder(encoding)(errors="ignore").decode(data)
    _without_nuls(text, file.name)
    stated = _stated(text)
    if stated:
        text = text.partition("\n")[2]
    delimiter = stated or sniff(text)
    found = list(islice(_unbroken(_reader(text, delimiter)), LOOKED_AT))
    at = _header(found)
    if at is None:
        raise InputError("file_empty", file=file.name)
    return Head(encoding, delimiter, _told_apart(found[at]), bool(stated), tuple(map(tuple, found[:at])))


def even_records(file: Path) -> Iterator[list[str]]:
    """The names and the records under them, each with as many fields as there are names, without blank ones.

    Fields beyond the names are those of no column. Raises ``InputError`` as ``head`` and ``records`` do.
    """
    written = head(file)
    width = len(written.names)
    with file.open(encoding=written.encoding, errors="strict", newline="") as opened:
        if written.stated:
            opened.readline()
        reader = csv.reader(
            opened, delimiter=written.delimiter, skipinitialspace=written.delimiter == " ", strict=True
        )
        yield list(written.names)
        try:
            for record in islice(reader, len(written.above) + 1, None):
                if any(record):
                    yield record[:width] + [""] * (width - len(record))
        except csv.Error:
            raise InputError("csv_quotes", file=file.name, line=reader.line_num) from None
        except UnicodeDecodeError:
            decode(file.read_bytes(), file.name)
            raise


def is_even(file: Path) -> bool:
    """Whether every record has as many fields as the first, and every quotation mark is closed."""
    written = head(file)
    with file.open(encoding=written.encoding, newline="") as opened:
        try:
            return all(
                len(record) in (0, len(written.names))
                for record in csv.reader(opened, delimiter=written.delimiter, strict=True)
            )
        except (csv.Error, UnicodeDecodeError):
            return False


def _header(records: list[list[str]]) -> int | None:
    """The first record that fills more than half of what most of them fill; a title above fills less."""
    filled = [sum(map(bool, map(str.strip, record))) for record in records]
    counts = Counter(width for width in filled if width > 1)
    usual = max(counts, key=lambda width: (counts[width], width), default=1)
    return next((at for at, width in enumerate(filled) if 2 * width > usual), None)


def _told_apart(first: list[str]) -> tuple[str, ...]:
    """The names, none of which an engine takes for another of them or for a column of ours."""
    ours, names = {SOURCE, ROW}, set[str]()
    found = []
    for at, given in enumerate(first):
        name = given or f"column {at + 1}"
        if name.casefold() in ours:
            name += "_"
        while name.casefold() in names:
            name += f" {at + 1}"
        names.add(name.casefold())
        found.append(name)
    return tuple(found)


def _encoding(file: Path, data: bytes) -> str:
    """By its mark, else UTF-8 where all of it is, else GB18030."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with file.open("rb") as opened:
            while piece := opened.read(HEAD):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _stated(text: str) -> str | None:
    """The delimiter that Excel wrote into a first line ``sep=;``."""
    first = text[:10].split("\n", 1)[0].strip()
    return first[4] if first.lower().startswith("sep=") and len(first) == 5 else None


def _unbroken(records: Iterator[list[str]]) -> Iterator[list[str]]:
    """The records up to one that is broken, which the engine tells about."""
    try:
        yield from records
    except csv.Error:
        return


def sniff(text: str) -> str:
    """The delimiter that cuts most of the first records into the same number of fields, at least two.

    A file with none of them may be aligned with runs of spaces; otherwise it is one column of commas.
    """
    scores = {delimiter: _evenness(text, delimiter) for delimiter in DELIMITERS + " "}
    space = scores.pop(" ")
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best] == (0.0, 0):
        return " " if space[0] > 0.9 else ","
    return best


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """The share of the first records that have the commonest width above one, and that width."""
    widths: Counter[int] = Counter()
    try:
        for record in islice(_reader(text, delimiter), LOOKED_AT):
            if any(record):
                widths[len(record)] += 1
    except csv.Error:
        pass
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0, 0
    width = max(wide, key=lambda width: (wide[width], width))
    return wide[width] / widths.total(), width


def _reader(text: str, delimiter: str):  # type: ignore[no-untyped-def]
    return csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter == " ", strict=True
    )


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("csv_encoding", file=name, line=line, byte=error.start + 1) from None
    _without_nuls(text, name)
    return text


def _without_nuls(text: str, name: str) -> None:
    if "\0" in text:
        at = text.index("\0")
        raise InputError("csv_encoding", file=name, line=text.count("\n", 0, at) + 1, byte=at + 1)
