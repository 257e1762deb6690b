"""A page that its inputs are missing for: what it would show, and by which headers they are recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report.blocks import Cell, Note, Placed, Table, TableColumn
from xlsales.report.pages._cards import card_bands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsales.language import Language
    from xlsales.report.blocks import Band, Card, Page, Value
    from xlsales.report.pages._context import Context
    from xlsales.tables.spec import Column

ALIASES = 6
"""So many other words for a header are told."""
COLUMNS = (200, 104) + (160,) * ALIASES
LAST = len(COLUMNS) - 1


def wanting(
    context: Context,
    page: str,
    metric: str,
    inputs: tuple[str, ...] = (),
    shows: str = "",
    cards: tuple[Card, ...] = (),
) -> Page:
    """The page with nothing but why it is empty, and the headers by which what is missing is recognised.

    ``inputs`` (``leads.created``) are those of the metric where none are given; ``shows`` is the wording of
    what the page would show. ``cards`` are its key numbers, whose names are there whatever is missing.
    """
    said = context.lacking(metric, inputs).sentences + ((context.sentence(shows),) if shows else ())
    bands: tuple[Band, ...] = ((Placed(Note(said, callout=True), 0, LAST),),)
    bands += tuple(card_bands(cards, LAST)) if cards else ()
    bands += headers(context, page, inputs or context.missing(metric))
    return context.page(page, context.sentence(f"{page}.headline_none"), (), COLUMNS, bands)


def headers(context: Context, page: str, inputs: Iterable[str]) -> tuple[Band, ...]:
    """One table a table that these inputs are of, with the headers of its columns."""
    named: dict[str, set[str]] = {}
    for name in inputs:
        table, _, column = name.partition(".")
        named.setdefault(table, set()).add(column)
    tables = (_headers(context, page, table, columns) for table, columns in named.items())
    return tuple((Placed(table, 0, LAST),) for table in tables if table.rows)


def _headers(context: Context, page: str, key: str, named: set[str]) -> Table:
    """The columns of a table that is not there, the needed ones first; of one that is, those named."""
    from xlsales.tables.specs import table

    word, known = context.word, table(key)
    columns = [one for one in known.columns if key not in context.cleaned.tables or one.name in named]
    columns.sort(key=lambda one: not one.needed)
    return Table(
        f"wanted_{page}_{key}",
        word("wanted.label", table=known.title(context.lang)),
        (
            TableColumn("header", word("wanted.header"), strong=True),
            TableColumn("needed", word("wanted.needed")),
            *(TableColumn(f"also_{n}", word("wanted.also", n=n), quiet=True) for n in range(1, ALIASES + 1)),
        ),
        tuple(_row(context, one, needed=one.needed or one.name in named) for one in columns),
        note=word("wanted.note"),
        alt=word("wanted.label", table=known.title(context.lang)),
        dense=True,
    )


def _row(context: Context, column: Column, *, needed: bool) -> tuple[Value | Cell, ...]:
    title = column.title(context.lang)
    mark = Cell(context.word("wanted.yes"), tone="strong") if needed else Cell("")
    others = _others(column, title, context.lang)
    return (title, mark, *others, *[""] * (ALIASES - len(others)))


def _others(column: Column, title: str, lang: Language) -> list[str]:
    """Other words for the header in the page's language."""
    found = (alias for alias in column.aliases if alias.isascii() == (lang == "en") and alias != title)
    return list(dict.fromkeys(found))[:ALIASES]
