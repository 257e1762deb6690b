"""A large sheet is read in pieces of its rows, as many at a time as the machine has cores.

The parser holds every cell of what it reads, and lets other threads run while it does. So pieces take a
part of the time and of the memory. Each is a workbook of its own, with the sheet's rows from one
``<row r="..">`` up to another and, as they are, the parts that cells refer to.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

PIECE = 8 << 20
"""Bytes of XML that are read at a time."""

FEWEST = 16
"""Pieces from which on a sheet is large. While a smaller one is parsed, another core is loading pandas."""

MOST_BESIDE = 2 << 20
"""Bytes of what is read again with every piece: many shared texts would cost more than is gained."""

MOST_THREADS = 4
"""More would wait for the one that inflates."""

_BESIDE = re.compile(r"(xl/)?(_rels/)?(?!calcChain)[^/]*\.(xml|rels)", re.IGNORECASE)
_ROW = re.compile(rb'<row(?:\s[^<>]*?)??\sr="(\d+)"')
_ROWS, _END = b"<sheetData>", b"</sheetData>"


@dataclass(frozen=True)
class Block:
    """Texts of a sheet by columns; the first stands in row ``row``, from 1, and column ``column``, from 0.

    ``errors`` are the cells with an Excel error: the row of the sheet, the column of the block.
    """

    row: int
    column: int
    columns: Sequence[pa.Array]
    errors: tuple[tuple[int, int], ...]


def load(reader: Any, name: str, first: int = 1) -> Block | None:
    """The sheet from its row ``first``, above which it has none; None where it is very hidden."""
    above = first - 2 if first > 1 else None  # taken for the header; None also keeps leading blank rows
    sheet = reader.load_sheet(name, header_row=above, skip_rows=0, dtypes="string", whitespace_as_null=True)
    if sheet.visible == "veryhidden":
        return None
    if not sheet.width:
        return Block(first, 0, [], ())
    batch, failed = sheet.to_arrow_with_errors()
    places = [error.offset_position for error in failed.errors] if failed else []
    errors = tuple(sorted((first + row, label) for row, label in places))
    return Block(first, sheet.selected_columns[0].absolute_index, batch.columns, errors)


def large(data: bytes, names: Sequence[str]) -> list[str]:
    """The sheets of a workbook that are worth reading in pieces."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {entry.filename for entry in package.infolist() if entry.file_size >= FEWEST * PIECE}
            if not parts or sum(package.getinfo(one).file_size for one in _beside(package)) > MOST_BESIDE:
                return []
            return [name for name in names if _part(package, name) in parts]
    except Exception:  # whatever is wrong with the workbook, reading the whole sheet tells
        return []


def load_large(data: bytes, name: str) -> Block | None:
    """A sheet of a workbook as ``load`` gives it; None where it is not plainly divisible."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            beside = {one: package.read(one) for one in _beside(package)}
            part = _part(package, name)
            with package.open(part) as xml:
                return _joined(_loaded(_pieces(xml), part, name, beside))
    except Exception:  # see ``large``
        return None


def _beside(package: zipfile.ZipFile) -> list[str]:
    """The parts that cells refer to."""
    return [one for one in package.namelist() if _BESIDE.fullmatch(one)]


def _part(package: zipfile.ZipFile, name: str) -> str:
    """The part of the worksheet of this name. Raises where there is none at its usual place."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for sheet in ElementTree.fromstring(package.read("xl/workbook.xml")).iterfind(".//{*}sheet"):
        if sheet.get("name") == name:
            (target,) = (targets[value] for key, value in sheet.items() if key.endswith("}id"))
            return "xl/" + target.removeprefix("/").removeprefix("xl/")
    raise ValueError


def _pieces(xml: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """What stands above the rows of a sheet, and some of its rows at a time."""
    head, found, rows = xml.read(PIECE).partition(_ROWS)
    if not found:
        raise ValueError
    while True:
        last = rows.rfind(b"<row ")
        end = rows.find(_END, max(last, 0))
        cut = last if end < 0 else end
        if cut > 0:
            yield head + found, rows[:cut]
        if end >= 0:
            return
        more = xml.read(PIECE)
        if cut < 0 or not more:
            raise ValueError
        rows = rows[cut:] + more


def _loaded(
    pieces: Iterator[tuple[bytes, bytes]], part: str, name: str, beside: Mapping[str, bytes]
) -> Iterator[Block]:
    """The pieces in their order, each read by a thread; only as many are held as there are threads."""
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    waiting: deque[Any] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for head, rows in pieces:
            waiting.append(pool.submit(_piece, head, rows, part, name, beside))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _piece(head: bytes, rows: bytes, part: str, name: str, beside: Mapping[str, bytes]) -> Block:
    """One piece, read. Raises ``ValueError`` where rows are not numbered upwards or may be no rows."""
    import fastexcel

    numbers = [int(number) for number in _ROW.findall(rows)]
    # Looked for alone first: these signs are rare in a sheet, and "<" is everywhere.
    marked = any(sign in rows and b"<" + sign in rows for sign in (b"!", b"?"))
    if marked or b"<!" in head or not _ROW.match(rows) or numbers != sorted(numbers):
        raise ValueError
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for other, content in beside.items():
            package.writestr(other, content)
        package.writestr(part, head + rows + _END + b"</worksheet>")
    block = load(fastexcel.read_excel(buffer.getvalue()), name, numbers[0])
    if block is None:
        raise ValueError
    return block


def _joined(blocks: Iterator[Block]) -> Block:
    """Blocks that stand one below the other as one from the first row of the sheet."""
    import pyarrow as pa

    filled = [block for block in blocks if block.columns]
    column = min((block.column for block in filled), default=0)
    width = max((block.column + len(block.columns) for block in filled), default=column) - column
    columns: list[list[pa.Array]] = [[] for _ in range(width)]
    row = 1
    for block in filled:
        if block.row < row:
            raise ValueError
        length = len(block.columns[0])
        for at, texts in enumerate(columns, start=column - block.column):
            texts.append(pa.nulls(block.row - row, pa.string()))
            there = 0 <= at < len(block.columns)
            texts.append(block.columns[at] if there else pa.nulls(length, pa.string()))
        row = block.row + length
    errors = ((row, label + block.column - column) for block in filled for row, label in block.errors)
    return Block(1, column, [pa.concat_arrays(texts) for texts in columns], tuple(errors))
