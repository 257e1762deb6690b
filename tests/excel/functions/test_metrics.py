"""A metric in a cell gives exactly what the command line gives for the same sheets."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo_made import demo_bytes, understood_demo
from tests.excel.functions import windows
from tests.excel.functions.demo import kept, range_of, sheet_of
from xlsales.analysis import ask, recognise, understand
from xlsales.cli import main
from xlsales.cli.result import as_json
from xlsales.demo.layout import LAYOUTS
from xlsales.language import LANGUAGES
from xlsales.metrics._catalogue import catalogue, run
from xlsales.metrics._once import one_run
from xlsales.tables.sources import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from xlsales.analysis import Understood
    from xlsales.language import Language
    from xlsales.tables.spec import SheetText

METRICS = catalogue()
MADE: dict[int, dict[Any, Any]] = {}
"""What metrics of the same tables share; the tables outlive the tests."""
SPLIT = {
    "attainment": "rep",
    "sales": "region,month",
}
"""Dimensions to ask for; where nothing is said here the channel, or the first that a metric has."""
OTHERS = {"lead_funnel": {"view": "activity"}, "retention": {"months": 3}, "repurchase": {"window_months": 6}}


def by_command(key: str, lang: Language, asked: Mapping[str, Any] = {}, **options: Any) -> dict[str, Any]:
    """What ``xlsales metric KEY --json`` prints for the demo, as far as it is kept."""
    return printed_of(demo(lang), key, lang, asked, **options)


def printed_of(
    given: Understood, key: str, lang: Language, asked: Mapping[str, Any], **options: Any
) -> dict[str, Any]:
    """What the command prints, without starting and reading each time."""
    analysis = ask(given, **asked)
    with one_run(MADE.setdefault(id(given), {})):
        found = run(key, analysis.cleaned.tables, analysis.scope, **options)
    answer: dict[str, Any] = json.loads(as_json(found, 0, lang))
    return answer


@cache
def demo(lang: Language) -> Understood:
    return understand(recognise([cut(sheet) for sheet in read_workbook(demo_bytes(lang), "demo.xlsx")]))


def cut(sheet: SheetText) -> SheetText:
    """As the range is that Excel hands over; the index of its rows is the number that Excel shows."""
    places = sheet.rows.index - 1
    return replace(sheet, rows=sheet.rows[places.isin(kept(max(places, default=0) + 1))])


def cells_of(answer: dict[str, Any]) -> Iterator[list[Any]]:
    """The rows of a JSON answer as cells show them: blank text for null."""
    for row in answer["rows"]:
        yield ["" if value is None else value for value in row.values()]


def said(cell: Any) -> Any:
    """A date as JSON says it."""
    return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else cell


def test_a_metric_equals_what_the_command_line_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "demo.xlsx").write_bytes(demo_bytes("zh"))
    with pytest.raises(SystemExit):
        main(
            [
                "metric",
                "sales",
                str(tmp_path / "demo.xlsx"),
                "--by",
                "channel",
                "--period",
                "2026-10",
                "--json",
            ]
        )
    printed = json.loads(capsys.readouterr().out)
    ranges = [sheet_of(table, "zh") for table in ("orders", "payments", "refunds")]
    _, *rows = windows.call("XS_SALES", *ranges, "channel", "2026-10")
    assert rows == list(cells_of(printed))
    whole = understood_demo("zh")
    assert printed["rows"] == printed_of(whole, "sales", "zh", {"period": "2026-10"}, by=("channel",))["rows"]


@pytest.mark.parametrize(("key", "lang"), [(key, LANGUAGES[at % 2]) for at, key in enumerate(METRICS)])
def test_a_metric_equals_the_command_line(key: str, lang: Language) -> None:
    metric = METRICS[key]
    there = {one for one in metric.tables if any(layout.table == one for layout in LAYOUTS)}
    if {need.split(".")[0] for need in metric.needs} - there:
        pytest.skip(f"the demo has no sheet for {key}")
    dimensions = next((option.values for option in metric.options if option.name == "by"), ())
    usual = (
        "channel" if "channel" in dimensions else next((one for one in dimensions if one != "month"), None)
    )
    by = SPLIT.get(key, usual)
    options = {"by": tuple(by.split(","))} if by else {}
    # Of contracts or calls alone nobody can tell how far the data reach.
    day = None if {"orders", "leads"} & there else date(2026, 10, 31)
    expected = by_command(key, lang, {"period": "2026-10", "as_of": day}, **options)
    function = windows.cells().catalogue()[f"XS_{key.upper()}"]
    given = {**{one: range_of(one, lang) for one in there}, "by": by, "period": "2026-10"}
    given["as_of"] = str(day) if day else None
    header, *rows = windows.call(function.name, *(given.get(one.name) for one in function.arguments))
    titles = {column.name: column.title(lang) for column in metric.columns}
    shown = [titles.get(column["name"], column["name"]) for column in expected["columns"]]
    assert header[-len(titles) :] == shown[-len(titles) :]
    assert [[said(cell) for cell in row] for row in rows] == list(cells_of(expected))


@pytest.mark.parametrize("key", OTHERS)
def test_the_other_options_of_a_metric_equal_the_command_line(key: str) -> None:
    metric = METRICS[key]
    expected = by_command(key, "zh", {"as_of": date(2026, 10, 20)}, **OTHERS[key])
    function = windows.cells().catalogue()[f"XS_{key.upper()}"]
    given = {**{one: range_of(one, "zh") for one in metric.tables}, **OTHERS[key], "as_of": "2026-10-20"}
    _, *rows = windows.call(function.name, *(given.get(one.name) for one in function.arguments))
    assert rows == list(cells_of(expected))


@pytest.mark.parametrize("basis", ["net", "cash"])
def test_the_basis_equals_the_command_line(basis: str) -> None:
    expected = by_command("sales", "en", {"basis": basis, "period": "2026-Q3"})
    ranges = [range_of(table, "en") for table in ("orders", "payments", "refunds")]
    _, *rows = windows.call("XS_SALES", *ranges, None, "2026-Q3", None, basis)
    assert rows == list(cells_of(expected))


def test_a_value_of_a_dimension_keeps_only_that_one() -> None:
    orders = range_of("orders", "zh")
    header, *rows = windows.call("XS_SALES", orders, None, None, "校区", "2026-10")
    name, expected = next((row[0], row[1:4]) for row in rows if row[0])
    asked = windows.call("XS_SALES", orders, None, None, f"region={name}", "2026-10")
    assert asked[1][:3] == expected
    assert asked[0][0] == header[1] == "销售额"


@pytest.mark.parametrize("period", ["2026-10-15", 46310.0, "2026年10月", 202610.0, "2026-10"])
def test_a_period_may_be_any_day_of_its_month(period: object) -> None:
    orders = range_of("orders", "zh")
    assert windows.call("XS_SALES", orders, None, None, None, period) == windows.call(
        "XS_SALES", orders, None, None, None, "2026-10"
    )


def test_tables_in_the_wrong_order_are_still_known_by_their_headers() -> None:
    orders, targets = range_of("orders", "en"), range_of("targets", "en")
    right = windows.call("XS_ATTAINMENT", orders, targets, None, None, "team", "2026-10")
    assert windows.call("XS_ATTAINMENT", targets, orders, None, None, "team", "2026-10") == right
