"""A few rows for each table, so that an untouched template can be refreshed and shows what belongs where.

Every row has the mark of the samples in its id or in its rep's name. So nobody takes one for real, the report
says it too, and the rows can be found again to be deleted.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from xlsales.language import text

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.tables.spec import Column, Table

    Value = str | float | date | None

MARKED = ("order_id", "lead_id", "payment_id", "refund_id", "customer_id", "rep")


def samples(table: Table, lang: Language) -> list[dict[str, Value]]:
    """The rows of a table: canonical column -> value, in the words of the language."""
    head, *rows = (line.split("|") for line in _rows()[table.key].strip().splitlines())
    columns = [table.column(name.strip()) for name in head]
    return [
        {column.name: _value(column, said.strip(), lang) for column, said in zip(columns, row, strict=True)}
        for row in rows
    ]


def shown(column: Column, value: str, lang: Language) -> str:
    """How the value of a column with a closed list is written in a language."""
    return column.values[value][0] if lang == "zh" else value


@cache
def _rows() -> dict[str, str]:
    return tomllib.loads(files("xlsales.excel.template").joinpath("samples.toml").read_text("utf-8"))


def _value(column: Column, said: str, lang: Language) -> Value:
    if not said:
        return None
    if column.values:
        return shown(column, said, lang)
    if column.kind == "date":
        return date.fromisoformat(said)
    if column.kind in ("money", "count"):
        return float(said)
    words = said if column.kind == "id" else text(lang, f"template.samples.{said}")
    return text(lang, "template.samples.mark") + words if column.name in MARKED else words
