"""An explained number as JSON, and its rows as a workbook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from xlsales.cli.result import value
from xlsales.errors import InputError, UsageError
from xlsales.explain.fact import Fact
from xlsales.explain.sheet import detail, heading, rows_sheet
from xlsales.language import text
from xlsales.metrics._behind import Behind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from xlsales.explain.number import Number
    from xlsales.explain.sheet import Detail
    from xlsales.explain.words import Explained


def as_json(numbers: Sequence[Explained]) -> str:
    """The number of a cell; of a sentence or a chart ``{"place", "numbers": [...]}`` with all of them.

    Of a number ``{"place", "shown", "metric", "column", "value", "definition", "basis", ..., "rows"}``; blank
    is null. Money is in yuan, percent and points are fractions. Of each row: its table, sheet and number,
    what its table says, and what it adds (``part``; of a ratio also ``whole``); ``total`` is what they make.
    Of a number of no metric, ``metric`` is null and ``of`` says what it counts.
    ``rows`` is null where nothing tells them, ``total`` also where they do not add up.
    """
    answers = [_answer(number) for number in numbers]
    answer = answers[0] if len(answers) == 1 else {"place": answers[0]["place"], "numbers": answers}
    return json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False)


def _answer(number: Explained) -> dict[str, Any]:
    chosen = number.selected
    try:
        found: Detail | None = detail([number])
    except InputError:
        found = None
    return {
        "place": f"{chosen.sheet}!{chosen.cell}",
        "shown": chosen.shown,
        **(_of_fact(number) if isinstance(number, Fact) else _of_metric(number)),
        "adds_up": None if found is None else found.adds_up,
        "total": None if found is None else value(Behind(found.rows, found.adds_up).number),
        "rows": None if found is None else [_plain(row) for row in found.rows.to_dict("records")],
    }


def _of_fact(fact: Fact) -> dict[str, Any]:
    return {
        "metric": None,
        "of": fact.key,
        "value": value(fact.value),
        "definition": fact.definition,
        "as_of": fact.analysis.scope.as_of.isoformat(),
        "about": list(dict.fromkeys(name for one in fact.evidence for name in one.about)),
    }


def _of_metric(number: Number) -> dict[str, Any]:
    scope, lang = number.scope, number.lang
    return {
        "metric": number.metric.key,
        "column": number.column,
        "value": value(number.value),
        "definition": number.metric.definition(lang),
        "basis": scope.basis,
        "start": number.window.start.isoformat(),
        "end": number.window.end.isoformat(),
        "as_of": scope.as_of.isoformat(),
        "filters": {name: list(values) for name, values in scope.filters},
        "where": dict(number.where),
        "options": dict(number.options),
        "result": {name: value(one) for name, one in number.result.items()},
    }


def write_rows(numbers: Sequence[Explained], found: Detail, out: Path) -> None:
    """The rows as a workbook of their own. ``UsageError`` where there is a file already."""
    if out.suffix.lower() != ".xlsx":
        raise UsageError("output_not_workbook", file=out.name)
    if out.exists():
        raise UsageError("output_exists", file=out.name)
    lang = numbers[0].lang
    name = text(lang, "desktop.rows_sheet.name")
    out.write_bytes(rows_sheet(name, heading(numbers), found, lang))


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): value(one) for name, one in row.items()}
