"""字段映射: what every header was taken for and why, and the cells in which the user says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.language import text
from xlsales.report.blocks import Cell, Note, Placed, Run, Table, TableColumn
from xlsales.report.pages import _evidence
from xlsales.report.pages._evidence import evident, items
from xlsales.report.pages._wanted import accepted
from xlsales.tables.confirmed import role
from xlsales.tables.profiles import tags
from xlsales.tables.seen import seen, troubles
from xlsales.tables.specs import table as table_of

if TYPE_CHECKING:
    from xlsales.report.blocks import Band, Page, Sentence, Tone, Value
    from xlsales.report.pages._context import Context
    from xlsales.tables.confirmed import Confirmed
    from xlsales.tables.seen import Seen, Trouble
    from xlsales.tables.spec import Match

    Row = tuple[Value | Cell, ...]

COLUMNS = (130, 102, 130, 56, 150, 208, 112, 96, 112, 128, 40)
LAST = len(COLUMNS) - 1
TOLD = 8
"""So many troubles are told in words; the rows below show them all."""
TONES: dict[str, Tone] = {"suggested": "bad", "gone": "bad", "unmapped": "quiet", "ignored": "quiet"}


def mapping(context: Context) -> Page:
    """What needed columns are missing, what is wrong with confirmations, every header, and those to come."""
    headers = seen(context.survey)
    bad = troubles(context.survey, context.memory.confirmed)
    bands: list[Band] = []
    if missing := _missing(context):
        bands.append((Placed(missing, 0, LAST),))
    if bad:
        bands.append((Placed(_troubles(context, bad), 0, LAST),))
    gone = [one for kind, one in bad if kind == "gone"]
    bands.append((Placed(_headers(context, headers, gone), 0, LAST),))
    bands += [(Placed(one, 0, len(one.columns) - 1),) for one in accepted(context, COLUMNS)]
    return context.page(
        "mapping", _headline(context, headers), context.sentence("mapping.second"), COLUMNS, tuple(bands)
    )


def _headline(context: Context, headers: list[Seen]) -> Sentence:
    words = [_how(one.match) for one in headers]
    by_word = list(zip(headers, words, strict=True))
    applied = [one for one in headers if one.match.applied]
    waiting = [one for one, word in by_word if word == "suggested"]
    left = [one for one, word in by_word if word in ("unmapped", "ignored")]
    counts = {"headers": headers, "headers_used": applied, "headers_asked": waiting, "headers_left": left}
    every, used, asked, unused = (
        context.strong(evident(context, len(ones), of, _evidence.headers(ones)), "count")
        for of, ones in counts.items()
    )
    return context.sentence(
        "mapping.headline" if waiting else "mapping.headline_sure",
        headers=every,
        applied=used,
        suggested=asked,
        unmapped=unused,
    )


def _how(match: Match) -> str:
    return "ignored" if match.how == "confirmed" and match.column is None else match.how


def _missing(context: Context) -> Note | None:
    """The needed columns without which a sheet is no table, and what would mend it: two lines each."""
    sentences: list[Sentence] = []
    for one in context.survey.ignored:
        for name in one.missing if one.table and one.reason == "missing_columns" else ():
            near = next((it for it in one.matches if it.how == "suggested" and it.column == name), None)
            facts = {
                "sheet": f"{one.source} · {one.sheet}",
                "table": context.table_title(one.table or ""),
                "column": _title(context, one.table or "", name),
                "header": near.header if near else "",
                "letter": near.letter if near else "",
            }
            sentences.append((Run(context.word("mapping.missing.what", **facts), "strong"),))
            remedy = "mapping.missing.do_near" if near else "mapping.missing.do"
            sentences.append((Run(context.word(remedy, **facts)),))
    if not sentences:
        return None
    return Note(tuple(sentences), callout=True, label=context.word("mapping.missing.label"), tone="bad")


def _troubles(context: Context, bad: list[tuple[Trouble, Confirmed]]) -> Note:
    """Two lines each: what happened, and what to do."""
    sentences: list[Sentence] = []
    for kind, one in bad[:TOLD]:
        facts = {
            "header": one.header,
            "source": one.profile,
            "table": context.table_title(one.table),
            "column": _title(context, one.table, one.column) if one.known and one.column else one.column,
        }
        sentences.append((Run(context.word(f"mapping.troubles.{kind}.what", **facts), "strong"),))
        sentences.append((Run(context.word(f"mapping.troubles.{kind}.do", **facts)),))
    if len(bad) > TOLD:
        left = [(one.table, "", 1, one.header, 1.0) for _, one in bad[TOLD:]]
        more = context.say(evident(context, len(bad) - TOLD, "not_shown", items(("header",), left)), "count")
        sentences.append((Run(context.word("mapping.more_troubles", count=more)),))
    return Note(tuple(sentences), callout=True, label=context.word("mapping.not_applied"), tone="bad")


def _headers(context: Context, headers: list[Seen], gone: list[Confirmed]) -> Table:
    word = context.word
    columns = (
        TableColumn("source", word("mapping.columns.source"), strong=True),
        TableColumn("table", word("mapping.columns.table")),
        TableColumn("sheet", word("mapping.columns.sheet")),
        TableColumn("letter", word("mapping.columns.letter"), align="center"),
        TableColumn("header", word("mapping.columns.header"), strong=True),
        TableColumn("samples", word("mapping.columns.samples"), quiet=True),
        TableColumn("column", word("mapping.columns.column")),
        TableColumn("how", word("mapping.columns.how")),
        TableColumn("suggestion", word("mapping.columns.suggestion")),
        TableColumn("confirm", word("mapping.columns.confirm"), input=True),
        TableColumn("id", word("mapping.columns.id"), quiet=True),
    )
    said = {one.id: one for one in context.memory.confirmed}
    names = tags((source, sheet) for one in headers for source, sheet, _ in one.places)
    rows = [_row(context, one, names, said.get(one.id)) for one in headers]
    rows += [_gone(context, one) for one in gone]
    return Table(
        "mapping",
        word("mapping.headers"),
        columns,
        tuple(rows),
        note=word("mapping.headers_note"),
        alt=word("mapping.headers"),
        filter=True,
        dense=True,
        empty=word("mapping.nothing"),
        row_key="id",
    )


def _row(context: Context, one: Seen, names: dict[tuple[str, str], str], said: Confirmed | None) -> Row:
    match, (source, sheet, _) = one.match, one.places[0]
    sheets = list(dict.fromkeys(place[:2] for place in one.places))
    letters = dict.fromkeys(letter for *place, letter in one.places if tuple(place) == (source, sheet))
    same = items((), [(one.table, "!".join(place), 1, 1.0) for place in sheets[1:]])
    others = context.say(evident(context, len(sheets) - 1, "more_sheets", same), "count")
    more = context.word("mapping.more_sheets", count=others) if len(sheets) > 1 else ""
    how, title = _how(match), _title(context, one.table, match.column) if match.column else ""
    return (
        names[source, sheet],
        context.table_title(one.table),
        sheet + more,
        " ".join(letters),
        match.header,
        " · ".join(match.samples),
        title if match.applied else "",
        Cell(context.word(f"mapping.how.{how}"), tone=TONES.get(how, "plain")),
        title if how == "suggested" else "",
        Cell(_word(context, said), allowed=_allowed(context, one.table)),
        one.id,
    )


def _gone(context: Context, one: Confirmed) -> Row:
    how = Cell(context.word("mapping.how.gone"), tone=TONES["gone"])
    entry = Cell(_word(context, one), allowed=_allowed(context, one.table))
    return (one.profile, context.table_title(one.table), "", "", one.header, "", "", how, "", entry, one.id)


def _word(context: Context, said: Confirmed | None) -> str | None:
    """What the user has entered, as a word of the page's language."""
    if said is None:
        return None
    if not said.known:
        return said.column
    return _title(context, said.table, said.column) if said.column else text(context.lang, "mapping.ignore")


def _allowed(context: Context, table: str) -> tuple[str, ...]:
    columns = (_title(context, table, column.name) for column in table_of(table).columns)
    return (*dict.fromkeys(columns), text(context.lang, "mapping.ignore"))


def _title(context: Context, table: str, column: str) -> str:
    """The name by which ``xlsales.tables.confirmed`` knows the column, not the user's own header."""
    return role(table_of(table).column(column), context.lang)
