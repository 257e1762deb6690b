"""The arguments that several commands share, and what their text means."""

# Annotations are read when the commands are declared, so they are not postponed here.
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from xlsales.credentials import masked
from xlsales.errors import InputError, UsageError
from xlsales.language import Language
from xlsales.metrics._scope import Basis
from xlsales.tables.declared import Engine, Source


def existing(book: Path) -> Path:
    """The file or folder, which must be there."""
    if not book.exists():
        raise InputError("file_not_found", file=book)
    return book


def existing_if_any(book: Path | None) -> Path | None:
    """The file, where one is given, which must be there."""
    return book and existing(book)


def all_existing(books: list[Path]) -> list[Path]:
    """The files and folders, which must be there."""
    return [existing(book) for book in books]


def _choice(values: Any, option: str) -> Any:
    """An option that takes one of these words."""
    return typer.Option(option, metavar="|".join(get_args(values)), show_default=False)


Books = Annotated[list[Path], typer.Argument(metavar="BOOK", callback=all_existing)]
Lang = Annotated[Language | None, _choice(Language, "--lang")]
Period = Annotated[str | None, typer.Option(metavar="PERIOD")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]
BasisOption = Annotated[Basis | None, _choice(Basis, "--basis")]


Sources = Annotated[list[str] | None, typer.Option("--source", metavar="TABLE=PLACE")]
Queries = Annotated[list[str] | None, typer.Option("--query", metavar="TABLE=SQL")]
EngineOption = Annotated[Engine | None, _choice(Engine, "--engine")]


def sources(places: Iterable[str], queries: Iterable[str]) -> list[Source]:
    """``orders=2026/*.parquet``, and for an address of a database also ``orders=select ...``."""
    from xlsales.tables.declared import source

    asked = dict(_pair(one, "--query", 'orders="select * from orders"') for one in queries)
    found = [_pair(one, "--source", "orders=2026/*.parquet") for one in places]
    if alone := set(asked) - {table for table, _ in found}:
        raise UsageError("query_without_source", table=masked(sorted(alone)[0]))
    return [source(table, place, asked.get(table, ""), said="--source") for table, place in found]


def _pair(given: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals:
        raise UsageError("not_a_pair", option=option, given=masked(given), example=example)
    return name.strip(), value.strip()


def filters(given: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """``region=滨江 region=城西 rep=陈静`` as ``(("region", ("滨江", "城西")), ("rep", ("陈静",)))``."""
    from xlsales.metrics._catalogue import TITLES

    allowed: dict[str, tuple[str, ...]] = {}
    for name, value in (_pair(one, "--filter", "region=滨江") for one in given):
        if name not in TITLES:
            raise UsageError("unknown_value", option="--filter", value=name, known=", ".join(TITLES))
        allowed[name] = (*allowed.get(name, ()), value)
    return tuple(allowed.items())


def options(metric: Any, by: str | None, pairs: Iterable[str]) -> dict[str, Any]:
    """The metric's options from their text, each of the kind that its default is."""
    from inspect import signature

    given = dict(_pair(pair, "--set", "view=activity") for pair in pairs)
    if by is not None:
        given["by"] = by
    parameters = signature(metric.function).parameters
    return {
        name: _value(value, parameters[name].default if name in parameters else None, name)
        for name, value in given.items()
    }


def _value(value: str, default: object, option: str) -> Any:
    if isinstance(default, tuple):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(default, bool):
        return value.lower() in ("1", "true", "yes")
    if isinstance(default, int | float):
        try:
            return type(default)(value)
        except ValueError:
            raise UsageError(
                "unknown_value", option=option, value=value, known=type(default).__name__
            ) from None
    return value
