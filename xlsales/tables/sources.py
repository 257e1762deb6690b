"""Files and folders become sheets of text: nothing is interpreted, so nothing can be lost.

Every sheet is read once with every cell as text: an id keeps its zeros, "N/A" stays what was typed,
and a cell that holds an Excel error is listed. What a file is, its first bytes say, not its ending:
systems export text as ``.xls`` and workbooks as ``.csv``.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

from xlsales.errors import InputError
from xlsales.tables.arrow import read_parquet
from xlsales.tables.csvtext import decode, records
from xlsales.tables.extent import check_extent
from xlsales.tables.pieces import large, load, load_large
from xlsales.tables.spec import SheetText

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from xlsales.tables.pieces import Block

ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt", ".parquet")

_ZIP, _OLE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
OTHERS = (_ZIP, _OLE, _PARQUET)
"""What a file begins with that is no text, whatever it is called."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")


def read_all(paths: Iterable[Path]) -> list[SheetText]:
    """The sheets of all files, and of all files in the folders, in the order given."""
    return [sheet for path in paths for file in files(path) for sheet in read(file)]


def files(path: Path) -> list[Path]:
    """The path itself, or the readable files of a folder by name, without hidden and lock files.

    Raises ``InputError`` when there is nothing at the path, or nothing readable in the folder.
    """
    if not path.exists():
        raise InputError("file_not_found", file=path)
    if not path.is_dir():
        return [path]
    found = sorted(
        file
        for file in path.iterdir()
        if file.is_file() and file.suffix.lower() in ENDINGS and not file.name.startswith(("~$", "."))
    )
    if not found:
        raise InputError("folder_empty", folder=path, endings=" ".join(ENDINGS))
    return found


def read(path: Path) -> list[SheetText]:
    """The sheets of one file; a text file is one sheet, named as the file.

    Raises ``InputError`` for a file that is missing, empty, of another kind, damaged or encrypted.
    """
    return read_content(content(path), path)


def content(path: Path) -> bytes:
    """The bytes of a file. Raises ``InputError`` when it is missing, empty or of no kind that is read."""
    if not path.is_file():
        raise InputError("file_not_found", file=path)
    if path.suffix.lower() not in ENDINGS:
        raise InputError("unsupported_file", file=path.name, endings=" ".join(ENDINGS))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("file_unreadable", file=path.name, reason=error.strerror) from None
    if not data.strip():
        raise InputError("file_empty", file=path.name)
    return data


def read_content(data: bytes, path: Path) -> list[SheetText]:
    """The sheets of a file with these bytes, as ``read`` gives them."""
    ending = path.suffix.lower()
    if data.startswith((_ZIP, _OLE)) or ending in (".xlsx", ".xlsm"):
        return read_workbook(data, path.name)
    if data.startswith(_PARQUET) or ending == ".parquet":
        return [read_parquet(data, path.name, path.stem)]
    if is_markup(data[:200]):
        raise InputError("web_page", file=path.name)
    try:
        return [_read_text(data, path)]
    except InputError:
        if ending == ".xls":
            raise InputError("input_unreadable", file=path.name) from None
        raise


def is_markup(begins: bytes) -> bool:
    """Whether a file that begins so is a web page or XML."""
    return begins.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP)


def read_workbook(data: bytes, source: str, skip: Collection[str] = ()) -> list[SheetText]:
    """The sheets of a workbook in their order, but those named in ``skip`` and the very hidden ones.

    A very hidden sheet belongs to a program, not to the user, who cannot even see it. A chart sheet is
    a sheet without rows. Raises ``InputError`` when the bytes are no workbook that can be read.
    """
    import fastexcel

    for library in ("fastexcel", "calamine"):
        logging.getLogger(library).setLevel(logging.ERROR)  # they warn of every blank column and chart sheet
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise InputError("input_encrypted", file=source)
    check_extent(data, source)
    Thread(target=import_module, args=("pandas",)).start()  # the parser lets it load beside itself
    try:
        reader = fastexcel.read_excel(data)
        blocks = _blocks(reader, data, [name for name in reader.sheet_names if name not in skip])
        return [
            SheetText(source, name, frame(block.columns, block.errors), block.column, block.errors)
            for name, block in blocks
            if block
        ]
    except fastexcel.FastExcelError:
        raise InputError("input_unreadable", file=source) from None


def _blocks(reader: Any, data: bytes, names: Sequence[str]) -> Iterator[tuple[str, Block | None]]:
    """The sheets in their order, none where one is very hidden; large ones are read beside the others."""
    with ThreadPoolExecutor(1) as beside:
        try:
            big = set(large(data, names))
            far = {at: beside.submit(load_large, data, name) for at, name in enumerate(names) if name in big}
        except RuntimeError:  # no thread can start
            far = {}
        near = {at: load(reader, name) for at, name in enumerate(names) if at not in far}
        for at, name in enumerate(names):
            yield name, near.pop(at) if at in near else far.pop(at).result() or load(reader, name)


def _read_text(data: bytes, path: Path) -> SheetText:
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = records(decode(data, path.name), path.name)
    width = max(map(len, rows))
    columns = []
    for k in range(width):
        texts = pa.array([row[k] if k < len(row) else "" for row in rows], pa.string())
        blank = pc.equal(pc.utf8_trim_whitespace(texts), "")
        columns.append(pc.if_else(blank, pa.scalar(None, pa.string()), texts))
    return SheetText(path.name, path.stem, frame(columns, ()))


def frame(columns: Sequence[pa.Array], errors: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """The columns as a frame under Excel's row numbers, without blank rows and trailing blank columns."""
    import pandas as pd

    rows = pd.DataFrame({label: column.to_pandas() for label, column in enumerate(columns)}, dtype="str")
    rows.index = pd.RangeIndex(1, len(rows) + 1)
    filled = [label for label in range(len(columns)) if rows[label].notna().any()]
    width = max([*filled, *(label for _, label in errors)], default=-1) + 1
    held = rows.notna().any(axis=1) | rows.index.isin([row for row, _ in errors])
    return rows.loc[held, list(range(width))]
