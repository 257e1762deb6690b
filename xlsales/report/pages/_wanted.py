"""A page that its inputs are missing for: what it would show, and by which headers they are recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report.blocks import Cell, Note, Placed, Table, TableColumn
from xlsales.report.pages._cards import card_bands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsales.language import Language
    from xlsales.report.blocks import Band, Card, Page
    from xlsales.report.pages._context import Context
    from xlsales.tables.spec import Column

ALIASES = 6
"""So many other words for a header are told."""
COLUMNS = (200,) + (152,) * ALIASES + (152,)
LAST = len(COLUMNS) - 1


def wanting(
    context: Context,
    page: str,
    metric: str,
    inputs: tuple[str, ...] = (),
    shows: str = "",
    cards: tuple[Card, ...] = (),
) -> Page:
    """The page with nothing but why it is empty, and the columns without which it stays so.

    ``inputs`` (``leads.created``) are those of the metric where none are given; ``shows`` is the wording of
    what the page would show. ``cards`` are its key numbers, whose names are there whatever is missing.
    """
    said = context.lacking(metric, inputs).sentences + ((context.sentence(shows),) if shows else ())
    bands: tuple[Band, ...] = ((Placed(Note(said, callout=True), 0, LAST),),)
    bands += tuple(card_bands(cards, LAST)) if cards else ()
    bands += headers(context, page, inputs or context.missing(metric))
    return context.page(page, context.sentence(f"{page}.headline_none"), (), COLUMNS, bands)


def headers(context: Context, page: str, inputs: Iterable[str]) -> tuple[Band, ...]:
    """One table a table that these inputs are of, with the columns that it must have."""
    named: dict[str, set[str]] = {}
    for name in inputs:
        table, _, column = name.partition(".")
        named.setdefault(table, set()).add(column)
    tables = (_needed(context, page, table, columns) for table, columns in named.items())
    return tuple((Placed(table, 0, LAST),) for table in tables if table.rows)


def accepted(context: Context) -> Table | None:
    """Every header by which the main tables that are not there are recognised; None where all are.

    On the grid of the mapping page, whose fourth column is a narrow one.
    """
    from xlsales.tables.specs import CORE, table

    word, lang = context.word, context.lang
    absent = [known for known in (*CORE, table("invoices")) if known.key not in context.cleaned.tables]
    columns = (
        TableColumn("table", word("wanted.table"), strong=True),
        TableColumn("kind", word("wanted.kind"), quiet=True),
        TableColumn("header", word("wanted.header"), strong=True),
        TableColumn("needed", word("wanted.needed"), align="center"),
        *_also(context),
    )
    rows = tuple(
        (
            known.title(lang),
            word(f"wanted.kinds.{column.kind}"),
            column.title(lang),
            "●" if column.needed else "",
            *_others(column, lang),
        )
        for known in absent
        for column in sorted(known.columns, key=lambda one: not one.needed)
    )
    label = word("wanted.accepted")
    made = Table("wanted", label, columns, rows, note=word("wanted.note"), alt=label, filter=True, dense=True)
    return made if rows else None


def _needed(context: Context, page: str, key: str, named: set[str]) -> Table:
    """The columns that a table which is not there must have; of one that is, those named."""
    from xlsales.tables.specs import table

    known, lang = table(key), context.lang
    columns = [
        one
        for one in known.columns
        if one.name in named or (one.needed and key not in context.cleaned.tables)
    ]
    label = context.word("wanted.label", table=known.title(lang))
    more = Cell(context.word("wanted.mapping"), link="mapping")
    return Table(
        f"wanted_{page}_{key}",
        label,
        (
            TableColumn("header", context.word("wanted.header"), strong=True),
            *_also(context),
            TableColumn("more", context.word("wanted.more")),
        ),
        tuple((one.title(lang), *_others(one, lang), more) for one in columns),
        note=context.word("wanted.note"),
        alt=label,
        dense=True,
    )


def _also(context: Context) -> tuple[TableColumn, ...]:
    names = range(1, ALIASES + 1)
    return tuple(TableColumn(f"also_{n}", context.word("wanted.also", n=n), quiet=True) for n in names)


def _others(column: Column, lang: Language) -> list[str]:
    """Other words for the header in the page's language, in as many cells as there are for them."""
    title = column.title(lang)
    found = (alias for alias in column.aliases if alias.isascii() == (lang == "en") and alias != title)
    shown = list(dict.fromkeys(found))[:ALIASES]
    return [*shown, *[""] * (ALIASES - len(shown))]
