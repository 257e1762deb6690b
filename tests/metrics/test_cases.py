"""Every case of ``cases/<metric>.toml``, one test each.

    additive = ["amount"]             for the laws: columns whose rows add up to the total,
    of_a_base = ["previous"]          those of them that are of a base, of which each month has its own,
    several_rows_per_name = true      whether one name fills several rows (a funnel has one per stage),
    of_the_calendar = ["time_share"]  and columns that say something without any data

    [[case]]
    name = "a cancelled order is no sale"
    scope = { period = "2026-10" }    also as_of (the period's end), basis (signed), filters ({}), policy ({})
    options = { by = ["region"] }     may be left out
    tables.orders = '''...'''         as tests/metrics/frames.py reads it
    expect = '''...'''                all rows in order, any of the columns
    total = '''...'''                 one row; may be left out

An expected number may be arithmetic, so that a reader can follow it: ``300 / 4`` or ``120 - 20``.
A blank cell says that the number must be missing, or the text "".
"""

from __future__ import annotations

import ast
import math
import operator
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.metrics.frames import cells, scope, table
from xlsales.metrics._catalogue import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.metrics._catalogue import Out

CASES = Path(__file__).parent / "cases"
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def collect() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text("utf-8")).get("case", [])
    ]


@pytest.mark.parametrize(("key", "case"), collect())
def test_case(key: str, case: Mapping[str, Any]) -> None:
    unknown = set(case) - {"name", "scope", "options", "tables", "expect", "total"}
    assert not unknown, f"a case has no {unknown}"
    tables = {name: table(name, text) for name, text in case["tables"].items()}
    options = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in case.get("options", {}).items()
    }
    result = run(key, tables, scope(**case["scope"]), **options)
    columns = {column.name: column for column in result.columns}
    compare(case["expect"], result.rows, columns)
    if "total" in case:
        assert result.total is not None, "there is no total row"
        compare(case["total"], pd.DataFrame([result.total]), columns)


def compare(expected: str, found: pd.DataFrame, columns: Mapping[str, Out]) -> None:
    header, rows = cells(expected)
    shown = found[header].to_string()
    assert len(rows) == len(found), f"{len(rows)} rows are expected, found:\n{shown}"
    for number, row in enumerate(rows):
        for name, cell in zip(header, row, strict=True):
            value = found[name].iloc[number]
            assert same(cell, value, columns[name]), (
                f"row {number + 1}, {name}: {cell!r} is expected, found {value!r} in:\n{shown}"
            )


def same(cell: str, value: Any, column: Out) -> bool:
    if not cell:
        return bool(value == "" if column.format in ("text", "month") else pd.isna(value))
    if column.format in ("text", "month"):
        return bool(value == cell)
    if column.format == "date":
        return not pd.isna(value) and f"{value:%Y-%m-%d}" == cell
    return not pd.isna(value) and math.isclose(value, calculate(cell), rel_tol=1e-9, abs_tol=1e-9)


def calculate(expression: str) -> float:
    """The value of plain arithmetic over numbers."""

    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return float(OPERATORS[type(op)](value(left), value(right)))
        raise ValueError(f"not arithmetic: {expression}")

    return value(ast.parse(expression, mode="eval").body)
