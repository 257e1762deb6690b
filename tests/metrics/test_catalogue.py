from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.metrics.frames import scope, table
from tests.metrics.test_laws import case_file
from xlsales.errors import InputError, UsageError
from xlsales.metrics import _catalogue
from xlsales.metrics._catalogue import TITLES, Option, Out, catalogue, find, metric, run
from xlsales.metrics._slices import TIMES
from xlsales.tables.specs import TABLES
from xlsales.tables.specs import table as spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.metrics._catalogue import Metric

every_metric = pytest.mark.parametrize("declared", catalogue().values(), ids=list(catalogue()))
ORDERS = table("orders", "order_date | amount\n2026-10-01 | 1")


@every_metric
def test_a_metric_is_written_down_in_cases(declared: Metric) -> None:
    assert case_file(declared)["case"]


@every_metric
def test_a_metric_says_everything_in_both_languages(declared: Metric) -> None:
    words = [
        (declared.zh, declared.en),
        (declared.definition_zh, declared.definition_en),
        *((column.zh, column.en) for column in declared.columns),
        *((option.zh, option.en) for option in declared.options),
    ]
    for zh, en in words:
        assert re.search(r"[\u4e00-\u9fff]|^95%", zh), zh
        assert en.isascii(), en
        assert en.strip(), zh


@every_metric
def test_a_definition_is_a_sentence(declared: Metric) -> None:
    assert re.match(r"\(?[A-Z]", declared.definition_en), declared.definition_en
    assert (declared.definition_zh[-1], declared.definition_en[-1]) == ("。", ".")


@every_metric
def test_a_metric_needs_columns_that_exist_of_tables_it_takes(declared: Metric) -> None:
    for need in declared.needs:
        key, name = need.split(".")
        assert spec(key).column(name)
        assert key in declared.tables


@every_metric
def test_a_metric_has_no_column_twice_and_answers_to_capabilities(declared: Metric) -> None:
    names = [column.name for column in declared.columns]
    assert len(set(names)) == len(names)
    split = {name for option in declared.options if option.name == "by" for name in option.values}
    assert not set(names) & split
    assert declared.rows


@every_metric
def test_its_docstring_is_more_than_its_definition(declared: Metric) -> None:
    assert len(inspect.getdoc(declared.function) or "") > len(declared.definition_en)


def test_every_dimension_but_those_of_time_is_a_column_of_some_table() -> None:
    columns = {column.name for table in TABLES for column in table.columns}
    assert set(TITLES) - set(TIMES) <= columns


def test_an_unknown_metric_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as error:
        find("sale")
    assert "sales" in error.value.do("en")


def test_an_unknown_option_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as error:
        run("sales", {"orders": ORDERS}, scope("2026-10"), colour="red")
    assert "by" in error.value.do("zh")


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"orders": None},
        {"orders": table("orders", "order_date | amount")},
        {"orders": table("orders", "order_date | amount\n2026-10-01 |")},
        {"orders": ORDERS.drop(columns="amount")},
    ],
    ids=["no tables", "no orders", "no rows", "a blank column", "no column"],
)
def test_what_is_missing_is_named_in_the_users_words(tables: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        run("sales", tables, scope("2026-10"))
    assert "金额" in error.value.what("zh")
    assert "Amount" in error.value.what("en")


def test_a_result_has_its_dimensions_first_and_the_total_of_the_whole() -> None:
    orders = table("orders", "order_date | region | amount\n2026-10-01 | 南 | 1\n2026-10-02 | 北 | 2")
    result = run("sales", {"orders": orders}, scope("2026-10"), by=("month", "region"))
    assert [(column.name, column.format) for column in result.columns[:3]] == [
        ("month", "month"),
        ("region", "text"),
        ("amount", "money"),
    ]
    assert [column.name for column in result.columns] == list(result.rows.columns)
    assert result.total is not None
    assert result.total["amount"] == 3


def made(**changes: Any) -> Callable[..., Any]:
    words = {"zh": "甲", "en": "a", "definition_zh": "甲", "definition_en": "a"}
    return metric(
        changes.pop("key", "made"),
        **{**words, "needs": (), "columns": (Out("n", "count", "甲", "n"),), **changes},
    )


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_catalogue, "_REGISTRY", dict(_catalogue._REGISTRY))


@pytest.mark.usefixtures("registry")
def test_a_declaration_that_differs_from_the_signature_is_refused() -> None:
    def another(orders: Any, *, scope: Any, colour: str = "") -> pd.DataFrame:
        """Words."""
        return pd.DataFrame()

    with pytest.raises(TypeError, match="colour"):
        made()(another)
    made(options=(Option("colour", "颜色", "colour"),))(another)
    with pytest.raises(TypeError, match="twice"):
        made(options=(Option("colour", "颜色", "colour"),))(another)


@pytest.mark.usefixtures("registry")
def test_a_declaration_without_a_docstring_is_refused() -> None:
    def silent(orders: Any, *, scope: Any) -> pd.DataFrame:
        return pd.DataFrame()

    with pytest.raises(TypeError, match="docstring"):
        made()(silent)
