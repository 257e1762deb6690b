"""A second opinion on the formulas of a written sheet: the few functions they use, computed anew."""

from __future__ import annotations

import re
from typing import Any

from openpyxl.utils import range_boundaries

FUNCTIONS = {
    "IF": lambda test, yes, no: yes if test else no,
    "N": lambda value: value if isinstance(value, int | float) else 0,
    "SUBTOTAL": lambda _, cells: sum(
        cell for cell in (cells if isinstance(cells, list) else [cells]) if isinstance(cell, int | float)
    ),
    "ISNUMBER": lambda value: isinstance(value, int | float),
    "IFERROR": lambda value, other: value,
}


def calculate(formulas: Any, values: Any, cell: Any) -> Any:
    """The result of ``cell``'s formula over the cached values of its sheet; "" where Excel would give ""."""
    expression = re.sub(r"(?<![<>])=", "==", cell.value.lstrip("="))
    expression = re.sub(r"\b[A-Z]{1,2}\d+:[A-Z]{1,2}\d+\b", lambda m: f"cells({m[0]!r})", expression)
    expression = re.sub(r"(?<!['A-Z:])\b([A-Z]{1,2}\d+)\b(?![':])", r"value('\1')", expression)

    def value(address: str) -> Any:
        return values[address].value

    def cells(reference: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(reference)
        return [c.value for row in values.iter_rows(top, bottom, left, right) for c in row]

    try:
        return eval(expression, {"value": value, "cells": cells, **FUNCTIONS})
    except (TypeError, ZeroDivisionError):
        return ""
