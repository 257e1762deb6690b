"""Small tables worked out by hand: the units of every reconciliation with their sides and status."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.metrics.frames import cells, table
from tests.metrics.test_cases import calculate
from xlsales.clean.reconciling.catalogue import reconciled
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).with_name("cases")


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            yield pytest.param(case, case.get("of", path.stem), id=f"{path.stem}: {case['name']}")


def tables(case: dict[str, str]) -> dict[str, pd.DataFrame]:
    """The tables of a case; a column ``_source`` says which source each row is from."""
    found = {}
    for key in set(case) - {"name", "of", "expect"}:
        header, rows = cells(case[key])
        if SOURCE not in header:
            found[key] = table(key, case[key])
            continue
        at = header.index(SOURCE)
        text = "\n".join(" | ".join(one for n, one in enumerate(row) if n != at) for row in (header, *rows))
        found[key] = table(key, text).assign(**{SOURCE: pd.Series([row[at] for row in rows], dtype="str")})
    return {key: frame.assign(**{ROW: range(2, 2 + len(frame))}) for key, frame in found.items()}


@pytest.mark.parametrize(("case", "key"), [*cases()])
def test_the_units_are_as_worked_out(case: dict[str, str], key: str) -> None:
    header, rows = cells(case["expect"])
    units = reconciled(tables(case))[key].units
    numbers = [pd.api.types.is_numeric_dtype(units[name]) for name in header]
    found = [[_plain(value) for value in row] for row in units[header].to_numpy(dtype=object)]
    worked = [
        [calculate(cell) if number and cell else cell for cell, number in zip(row, numbers, strict=True)]
        for row in rows
    ]
    assert sorted(found, key=repr) == sorted(([_plain(cell) for cell in row] for row in worked), key=repr)


def _plain(value: Any) -> Any:
    """A number without what floats add, a blank as "", anything else as text."""
    if value is None or value != value or value == "":
        return ""
    return round(float(value), 6) + 0.0 if isinstance(value, float | int) else str(value)
