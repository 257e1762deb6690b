"""Tables of texts as files, read into memory and in an engine, and all that cleaning says of them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from xlsales.clean.score import measures
from xlsales.errors import InputError
from xlsales.hosts.file import check
from xlsales.tables.declared import source
from xlsales.tables.spec import ROW
from xlsales.tables.specs import TABLES, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from xlsales.clean.clean import Cleaned
    from xlsales.language import Language

Rows = list[tuple[str | None, ...]]
Said = dict[str, Any]

ISSUES = [
    *("rule", "severity", "action", "table", "source", "field", "cell", "value", "suggestion", "amount"),
    *("key", "holder"),
]


def both(folder: Path, tables: Mapping[str, tuple[Sequence[str], Rows]]) -> tuple[Said, Said]:
    """What comes of the tables, by key their columns and rows, in memory and in DuckDB."""
    for key, (columns, rows) in tables.items():
        write(folder / f"{key}.parquet", key, columns, rows)
    return read(folder, {key: f"{key}.parquet" for key in tables})


def write(file: Path, key: str, columns: Sequence[str], rows: Rows, lang: Language = "zh") -> None:
    """A table as a Parquet file of texts, with our titles as the names."""
    known = {one.name: one.title(lang) for one in table(key).columns}
    cells = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(columns))]
    pq.write_table(pa.table(cells, [known.get(one, one) for one in columns]), file)


def read(folder: Path, places: Mapping[str, str]) -> tuple[Said, Said]:
    """What comes of the files of each table, in memory and in DuckDB."""
    book = folder / "book.xlsx"
    with xlsxwriter.Workbook(book) as made:
        made.add_worksheet("说明").write(0, 0, "数据在文件里")
    sources = [source(key, place, folder=folder) for key, place in places.items()]
    return _said(book, sources), _said(book, sources, engine="duckdb")


def _said(book: Path, sources: Sequence[Any], **how: str) -> Said:
    try:
        cleaned = check([book], sources=sources, **how).cleaned
    except InputError as refused:
        return {"refused": str(refused)}
    return {
        "rows": {key: rows_of(cleaned, key) for key in cleaned.tables},
        "issues": _counted(cleaned.issues[ISSUES].round({"amount": 6})),
        "changes": cleaned.changes.groupby(["table", "field", "rule", "after"])["times"].sum().to_dict(),
        "account": {
            one.table: (
                (one.rows_in, one.rows_out, one.unreadable, one.ties, _money(one.amount_in)),
                sorted((it.rule, it.rows, _money(it.amount)) for it in one.exclusions),
            )
            for one in cleaned.reconciliations
        },
        "scores": measures(cleaned, date(2026, 11, 1), 0, 0),
    }


def _money(amount: float | None) -> float | None:
    return amount if amount is None else round(amount, 6)


def rows_of(cleaned: Cleaned, key: str) -> Counter[tuple[str, ...]]:
    """The clean rows of a table, in whatever order."""
    frame = cleaned.tables[key]
    if cleaned.engine:
        frame = nw.from_native(frame).lazy().collect("pandas").to_pandas()
    own = next(one for one in TABLES if one.key == key)
    return _counted(frame[[*(column.name for column in own.columns), ROW]])


def _counted(frame: pd.DataFrame) -> Counter[tuple[str, ...]]:
    return Counter(map(tuple, frame.astype("str").fillna("").to_numpy().tolist()))


def wrote(folder: Path, files: Mapping[str, str]) -> None:
    """Files of text."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def without_numbers(said: Said) -> Said:
    """All but the numbers of rows, which those of CSV files have not."""
    if "refused" in said:
        return said
    kept = {name: said[name] for name in ("account", "changes", "scores")}
    kept["rows"] = {
        key: sorted(row[:-1] for row in counted.elements()) for key, counted in said["rows"].items()
    }
    return kept


def money(said: Said, key: str = "orders") -> float:
    """The money of the clean rows of a table."""
    at = [one.name for one in table(key).columns].index("amount")
    return sum(float(row[at]) for row in said["rows"][key].elements() if row[at])
