"""The one place where metrics are declared, found and run.

    @metric(
        "win_rate",
        zh="赢单率", en="Win rate",
        definition_zh="成交 ÷（成交 + 流失）。", definition_en="Won / (won + lost).",
        needs=("leads.created", "leads.stage"),
        columns=(Out("won", "count", "成交", "Won"), ...),
        options=(BY,),
        rows=(48, 51),
    )
    def win_rate(leads: Frame, *, scope: Scope, by: tuple[str, ...] = ()) -> pd.DataFrame: ...

The function's signature is the argument list everywhere: table parameters first, named as the
tables are (those without a default are required), then ``scope``, then the options. Its docstring
says what the numbers mean, where the formula comes from and which edge cases are decided how.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from xlsales.errors import UsageError
from xlsales.metrics._once import once
from xlsales.tables.specs import TABLES, table

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from xlsales.language import Language
    from xlsales.metrics._behind import Behind, Trail, Where
    from xlsales.metrics._scope import Scope

Frame = Any
"""A dataframe that narwhals understands: pandas here, DuckDB or Spark where the data are large."""
Tables = Mapping[str, Frame]

Format = Literal["text", "month", "date", "money", "count", "number", "percent", "points", "days"]
"""How a number is shown; percent and points are fractions (0.5 is 50%, 0.01 is one point)."""

DIMENSIONS: dict[str, tuple[str, str]] = {
    "month": ("月份", "Month"),
    "region": ("校区", "Region"),
    "team": ("团队", "Team"),
    "rep": ("顾问", "Rep"),
    "channel": ("渠道", "Channel"),
    "product": ("课程", "Product"),
    "category": ("类别", "Category"),
    "type": ("类型", "Type"),
    "campaign": ("活动", "Campaign"),
    "customer": ("客户", "Customer"),
}
LEAD_DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "kind": ("线索类型", "Lead type"),
    "industry": ("行业", "Industry"),
    "company_size": ("公司规模", "Company size"),
    "occupation": ("职业", "Occupation"),
    "age": ("年龄", "Age"),
    "decision_chain": ("决策链", "Decision chain"),
    "learning_need": ("学习需求", "Learning need"),
}
"""What leads alone can be split by."""
PERIODS: dict[str, tuple[str, str]] = {"quarter": ("季度", "Quarter"), "year": ("年度", "Year")}
"""Stretches of time beside the month that a metric may take as dimensions, where it says so."""
TITLES: Mapping[str, tuple[str, str]] = {**DIMENSIONS, **LEAD_DIMENSIONS, **PERIODS}
"""The Chinese and the English title of every dimension."""


@dataclass(frozen=True)
class Out:
    """One result column: its name, format and titles."""

    name: str
    format: Format
    zh: str
    en: str

    def title(self, lang: Language) -> str:
        """The column's header, without its unit."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Option:
    """One option: what it means, and its allowed values where they are a closed list."""

    name: str
    zh: str
    en: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric:
    """A declared metric. ``tables`` maps each table parameter to whether it is required."""

    key: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    needs: tuple[str, ...]
    columns: tuple[Out, ...]
    options: tuple[Option, ...]
    rows: tuple[int, ...]
    function: Callable[..., pd.DataFrame]
    tables: Mapping[str, bool]
    behind: Trail
    """By column, how it is made of rows: see ``xlsales.metrics._behind``."""

    def title(self, lang: Language) -> str:
        """The metric's name."""
        return self.zh if lang == "zh" else self.en

    def definition(self, lang: Language) -> str:
        """The formula in words."""
        return self.definition_zh if lang == "zh" else self.definition_en

    def missing(self, tables: Tables) -> tuple[str, ...]:
        """The ``table.column`` inputs that are absent or entirely blank."""
        return tuple(need for need in self.needs if not _present(tables, need))


@dataclass(frozen=True)
class Result:
    """What a metric gave: its columns in order, tidy rows, and the total where one row says it."""

    metric: Metric
    scope: Scope
    columns: tuple[Out, ...]
    rows: pd.DataFrame
    total: Mapping[str, Any] | None = None


_REGISTRY: dict[str, Metric] = {}


def metric(
    key: str,
    *,
    zh: str,
    en: str,
    definition_zh: str,
    definition_en: str,
    needs: tuple[str, ...],
    columns: tuple[Out, ...],
    options: tuple[Option, ...] = (),
    rows: tuple[int, ...] = (),
    behind: Trail | None = None,
) -> Callable[[Callable[..., pd.DataFrame]], Callable[..., pd.DataFrame]]:
    """Declare the decorated function as the metric ``key``; it stays an ordinary function."""

    def declare(function: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
        parameters = inspect.signature(function).parameters
        known = {table.key for table in TABLES}
        tables = {
            name: parameter.default is inspect.Parameter.empty
            for name, parameter in parameters.items()
            if name in known
        }
        promised = [*tables, "scope", *(option.name for option in options)]
        if list(parameters) != promised:
            raise TypeError(f"{key}: the parameters must be {promised}, they are {list(parameters)}")
        if not function.__doc__:
            raise TypeError(f"{key}: say in a docstring what the number means and where its formula is from")
        strange = set(behind or ()) - {column.name for column in columns}
        if strange:
            raise TypeError(f"{key}: the rows behind {sorted(strange)} are told, and there is no such column")
        if key in _REGISTRY:
            raise TypeError(f"{key}: declared twice")
        _REGISTRY[key] = Metric(
            key,
            zh,
            en,
            definition_zh,
            definition_en,
            needs,
            columns,
            options,
            rows,
            function,
            tables,
            behind or {},
        )
        return function

    return declare


@cache
def catalogue() -> Mapping[str, Metric]:
    """Every declared metric by key, in alphabetical order."""
    import xlsales.metrics as package

    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("_"):
            import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_REGISTRY.items()))


def find(key: str) -> Metric:
    """The metric called ``key``, or an error that names the nearest ones."""
    from difflib import get_close_matches

    metrics = catalogue()
    if key not in metrics:
        near = get_close_matches(key, metrics, n=3, cutoff=0.4) or sorted(metrics)
        raise UsageError("unknown_metric", metric=key, near=", ".join(near))
    return metrics[key]


def run(key: str, tables: Tables, scope: Scope, **options: Any) -> Result:
    """Compute one metric, and its total row when it has dimensions to total over.

    Raises as :func:`compute` does.
    """
    found = tabulate(key, tables, scope, **options)
    declared, rows = found.metric, found.rows
    by = tuple(options.get("by", default_by(declared)))
    total = None
    if any(option.name == "by" for option in declared.options):
        whole = compute(key, tables, scope, **{**options, "by": ()}) if by else rows
        if len(whole) == 1:
            total = {str(name): value for name, value in whole.iloc[0].items()}
    return replace(found, total=total)


def tabulate(key: str, tables: Tables, scope: Scope, **options: Any) -> Result:
    """The metric's rows with their columns, without a total. Raises as :func:`compute` does."""
    from xlsales.metrics._texts import as_usual

    declared = find(key)
    rows = as_usual(compute(key, tables, scope, **options))
    by = tuple(options.get("by", default_by(declared)))
    dimensions = tuple(Out(name, "month" if name == "month" else "text", *TITLES[name]) for name in by)
    return Result(declared, scope, dimensions + declared.columns, rows)


def compute(key: str, tables: Tables, scope: Scope, **options: Any) -> pd.DataFrame:
    """The metric's tidy rows alone.

    Raises ``UsageError`` for an unknown metric, option or dimension and ``InputError`` naming the
    inputs that are missing.
    """
    from xlsales.errors import InputError
    from xlsales.metrics._once import one_run
    from xlsales.metrics._texts import handy_texts

    declared = find(key)
    _check_options(declared, options)
    missing = declared.missing(tables)
    if missing:
        raise InputError("missing_input", metric=declared.title, missing=lambda lang: _titles(missing, lang))
    given = {name: tables.get(name) for name in declared.tables}
    with one_run(), handy_texts(given) as arguments:
        return declared.function(**arguments, scope=scope, **options)


def rows_behind(
    key: str,
    tables: Tables,
    scope: Scope,
    column: str,
    where: Where,
    row: Mapping[str, Any],
    **options: Any,
) -> Behind:
    """The rows that the number in ``column`` of one row of a result is made of.

    ``where`` are the names of that row by dimension, ``row`` is all of it, ``options`` are those of the
    result but ``by``. Raises ``InputError`` where nothing tells them, and for tables that stay in an engine.
    """
    from xlsales.errors import InputError
    from xlsales.metrics._behind import asked
    from xlsales.metrics._texts import as_usual, handy_texts

    declared = find(key)
    if column not in declared.behind:
        raise InputError("rows_not_traceable", metric=declared.title)
    if any(not hasattr(one, "iloc") for one in tables.values()):
        raise InputError("rows_in_engine", metric=declared.title)
    defaults = {
        name: value.default for name, value in inspect.signature(declared.function).parameters.items()
    }
    with handy_texts(tables) as given:
        behind = declared.behind[column](asked(given, scope, where, row, {**defaults, **options}))
    return replace(behind, rows=as_usual(behind.rows))


def default_by(declared: Metric) -> tuple[str, ...]:
    """The dimensions that a metric's result has rows by where none are asked for."""
    parameter = inspect.signature(declared.function).parameters.get("by")
    return () if parameter is None else tuple(parameter.default)


def _check_options(declared: Metric, options: Mapping[str, Any]) -> None:
    allowed = {option.name: option for option in declared.options}
    for name, value in options.items():
        if name not in allowed:
            raise UsageError(
                "unknown_option", metric=declared.key, option=name, known=", ".join(allowed) or "-"
            )
        values = allowed[name].values
        chosen = value if isinstance(value, tuple) else (value,)
        for one in chosen:
            if values and one not in values:
                raise UsageError("unknown_value", option=name, value=one, known=", ".join(values))


def _titles(needs: tuple[str, ...], lang: Language) -> str:
    named = (need.split(".") for need in needs)
    return ", ".join(f"{table(key).title(lang)}.{table(key).column(name).title(lang)}" for key, name in named)


def _present(tables: Tables, need: str) -> bool:
    name, _, column = need.partition(".")
    return tables.get(name) is not None and says(tables[name], column)


@once
def says(table: Frame, column: str) -> bool:
    """Whether the table has the column, and anything in it."""
    import narwhals as nw

    frame = nw.from_native(table).lazy()
    if column not in frame.collect_schema().names():
        return False
    return not bool(frame.select(nw.col(column).is_null().all()).collect().item())
