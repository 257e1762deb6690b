"""A page that its inputs are missing for: what it would show, and by which headers they are recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report import theme
from xlsales.report.blocks import Cell, Note, Placed, Table, TableColumn
from xlsales.report.layout import PADDING
from xlsales.report.measure import RULERS
from xlsales.report.pages._cards import card_bands
from xlsales.report.pages._lacking import lacking_note
from xlsales.tables.confirmed import role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    said = lacking_note(context, metric, inputs).sentences + ((context.sentence(shows),) if shows else ())
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


def accepted(context: Context, grid: Sequence[int]) -> tuple[Table, ...]:
    """Every header by which the main tables that are not there are recognised, a table each.

    They stand on the grid of the mapping page, whose fourth column is a narrow one, with each row on one
    line: so none fills more than a printed sheet, whose repeated header is that of the page's own table.
    """
    from xlsales.tables.specs import CORE, table

    word, lang = context.word, context.lang
    columns = (
        TableColumn("header", word("wanted.header"), strong=True),
        TableColumn("kind", word("wanted.kind"), quiet=True),
        TableColumn("also_1", word("wanted.also", n=1), quiet=True),
        TableColumn("needed", word("wanted.needed"), align="center"),
        *_also(context, 2),
    )
    rooms = (grid[2], *grid[4 : len(columns)])
    made = []
    for known in (*CORE, table("invoices")):
        rows = []
        for column in sorted(known.columns, key=lambda one: not one.needed):
            first, *others = _others(column, lang, rooms)
            kind = word(f"wanted.kinds.{column.kind}")
            rows.append((role(column, lang), kind, first, "●" if column.needed else "", *others))
        if known.key not in context.cleaned.tables:
            label = word("wanted.accepted", table=known.title(lang))
            note = word("wanted.note")
            made.append(
                Table(f"wanted_{known.key}", label, columns, tuple(rows), note=note, alt=label, dense=True)
            )
    return tuple(made)


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
        tuple((role(one, lang), *_others(one, lang, COLUMNS[1:-1]), more) for one in columns),
        note=context.word("wanted.note"),
        alt=label,
        dense=True,
    )


def _also(context: Context, start: int = 1) -> tuple[TableColumn, ...]:
    names = range(start, ALIASES + 1)
    return tuple(TableColumn(f"also_{n}", context.word("wanted.also", n=n), quiet=True) for n in names)


def _others(column: Column, lang: Language, rooms: Sequence[int]) -> list[str]:
    """Other words for the header in the page's language, each the first that fits into its cell."""
    title = column.title(lang)
    found = [alias for alias in column.aliases if alias.isascii() == (lang == "en") and alias != title]
    words = list(dict.fromkeys(found))
    shown = []
    for room in rooms:
        fits = (one for one in words if RULERS[lang].px(one, theme.BODY) <= room - PADDING)
        shown.append(next(fits, ""))
        words = [one for one in words if one != shown[-1]]
    return shown
