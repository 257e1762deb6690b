"""Every example of the catalogue runs, through xlwings' own call path, and gives what it says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.excel.functions import windows

CATALOGUE = windows.cells().catalogue()
WITH_EXAMPLE = [name for name, function in CATALOGUE.items() if function.example]


def shown(result: Any) -> list[list[Any]]:
    """A result as the declaration writes it, as cells: a scalar is one cell, None is blank."""
    rows = result if isinstance(result, list) else [[result]]
    return [["" if value is None else value for value in row] for row in rows]


def close(got: list[list[Any]], expected: list[list[Any]]) -> bool:
    """Whether all cells are the same, numbers to seven digits and days without their zone."""
    return [len(row) for row in got] == [len(row) for row in expected] and all(
        a == (pytest.approx(b, rel=1e-6, abs=1e-9) if isinstance(b, int | float) else b)
        for row, other in zip(got, expected, strict=True)
        for a, b in zip(map(day, row), map(day, other), strict=True)
    )


def day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    return value


def without_header(name: str, rows: list[list[Any]], expected: list[list[Any]]) -> list[list[Any]]:
    """The rows below the header, where the function spills one."""
    return rows[1:] if len(rows) == len(expected) + 1 else rows


@pytest.mark.parametrize("name", WITH_EXAMPLE)
@pytest.mark.parametrize("kind", ["ranges", "arrays"])
def test_an_example_gives_what_it_says(name: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    example = CATALOGUE[name].example
    assert example is not None
    whole = tuple if kind == "arrays" else list
    given = [whole(whole(row) for row in one) if isinstance(one, tuple) else one for one in example.arguments]
    windows.cells().forget()
    got = windows.call(name, *given)
    expected = shown(example.result)
    assert close(without_header(name, got, expected), expected), (example.formula(name), got)


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_an_example_is_a_formula_that_fits_a_cell(name: str) -> None:
    example = CATALOGUE[name].example
    assert example is not None
    formula = example.formula(name)
    assert formula.startswith(f"={name}(")
    assert len(formula) < 8192  # what Excel takes
    assert formula.count("{") == formula.count("}")


def test_only_metrics_and_what_needs_a_workbook_go_without_an_example() -> None:
    without = {name for name, function in CATALOGUE.items() if not function.example}
    assert without == {name for name, function in CATALOGUE.items() if function.family == "metrics"} | {
        "XS_METRIC",
        "XS_EXPLAIN",
        "XS_HELP",
    }
