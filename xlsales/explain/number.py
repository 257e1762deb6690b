"""A number on a page: which block it stands in, which metric it is of, and what it is about.

Where it stands is read from the sheet as it is, so a table may have been sorted or filtered since; the page
is made again from the data as they stand, so nothing has to be remembered of it, and a number that has become
old since the last refresh shows by its side as it would be now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from xlsales.errors import InputError, WorkbookError
from xlsales.language import LANGUAGES, text
from xlsales.metrics._once import once
from xlsales.report.blocks import Cell, Kpis, Origin, Table
from xlsales.report.formats import BLANK
from xlsales.tables.specs import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from xlsales.analysis import Analysis
    from xlsales.language import Language
    from xlsales.metrics._behind import Behind, Where
    from xlsales.metrics._catalogue import Metric, Out, Tables
    from xlsales.metrics._scope import Scope, Window
    from xlsales.report.blocks import Report, TableColumn, Value

NAMED = 20
"""So many names that a number is about are said; the rows behind it tell all."""


@dataclass(frozen=True)
class Selected:
    """A cell of a page: its sheet and page key, the words in it, and the block that it lies in.

    ``block`` is the name of a table of ours or of a key number (``XS_sales``). ``column`` is the table's
    header above it, ``labels`` are the leading cells of its row.
    """

    sheet: str
    page: str
    cell: str
    shown: str
    block: str
    column: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """A number of a page with its metric, and what of the data it is about.

    ``column`` is the metric's column that it is, ``where`` are the dimensions of its row with their values,
    "" for blank; empty for a total. ``result`` is the metric's row there, by column; empty where it has none.
    """

    selected: Selected
    label: str
    metric: Metric
    column: str
    analysis: Analysis
    scope: Scope
    lang: Language
    where: Where
    result: Mapping[str, Any]
    options: Mapping[str, Any]
    derived: bool = False
    """Whether the page works its number out from this one."""
    others: tuple[Number, ...] = ()
    """Further ones of the same column, to which this one is added."""
    counted: tuple[Number, ...] | None = None
    """Of a count, one number of each row of the metric that is counted; ``column`` is empty then."""
    named: bool = False
    """Whether the cell has the name of its row (a decile, a team): all of the row is told then."""

    @property
    def value(self) -> Any:
        """What it is now, with the others; None where it is blank."""
        if self.counted is not None:
            return len(self.counted)
        known = [one for one in (number.result.get(self.column) for number in (self, *self.others))
                 if one is not None and one == one]  # fmt: skip
        return sum(known[1:], known[0]) if known else None

    @property
    def window(self) -> Window:
        """The days that it is about, as far as the data reach; all of a period that they do not reach."""
        current = self.scope.current
        return current if current.start <= current.end else self.scope.period

    @property
    def out(self) -> Out:
        """The metric's column that it is; of a count, how many of its rows."""
        from xlsales.metrics._catalogue import Out

        if self.counted is not None:
            zh, en = (text(lang, "desktop.explain.rows") for lang in LANGUAGES)
            return Out(self.column, "count", zh, en)
        return next(one for one in self.metric.columns if one.name == self.column)

    @cached_property
    def behind(self) -> Behind:
        """The rows that it is made of. ``InputError`` where nothing tells them."""
        from xlsales.metrics._behind import WHOLE, together
        from xlsales.metrics._once import one_run

        with one_run():
            if self.counted is not None:
                return self._first_rows(self.counted)
            tables = self.analysis.cleaned.tables
            numbers = [one for one in (self, *self.others) if not one._blank]
            if not numbers:
                raise InputError("blank_number", metric=self.metric.title)
            parts = [number._alone(tables) for number in numbers]
        if not self.others:
            return parts[0]
        sums = all(part.adds_up and WHOLE not in part.rows for part in parts)
        return replace(together(parts), adds_up=sums)

    @property
    def _blank(self) -> bool:
        """Whether there is no number: what it needs is missing, or it is of nothing."""
        if not self.result:
            return self.selected.shown == BLANK
        if self.derived and self.selected.shown not in ("", BLANK):
            return False
        value = self.result.get(self.column, 0)
        return value is None or value != value

    def _first_rows(self, counted: tuple[Number, ...]) -> Behind:
        """One row behind each of what is counted. Texts change their kind once for all, not for each."""
        import pandas as pd

        from xlsales.metrics._behind import PLACE, added, no_rows
        from xlsales.metrics._texts import as_usual, handy_texts

        with handy_texts(self.analysis.cleaned.tables) as tables:
            rows = pd.concat([no_rows().rows, *(one._first_row(tables) for one in counted)])
            found = added(rows[PLACE].assign(part=1.0))
        return replace(found, rows=as_usual(found.rows))

    def _first_row(self, tables: Tables) -> pd.DataFrame:
        """The first of the rows behind the row of the metric, which counts one for it."""
        for column in self.metric.behind:
            if self.result.get(column) is not None:
                rows = replace(self, column=column)._alone(tables).rows
                if len(rows):
                    return rows.head(1)
        raise InputError("rows_not_traceable", metric=self.metric.title)

    def _alone(self, tables: Tables) -> Behind:
        from xlsales.metrics._catalogue import rows_behind

        if not self.result:
            raise InputError("rows_not_traceable", metric=self.metric.title)
        return rows_behind(
            self.metric.key, tables, self.scope, self.column, self.where, self.result, **self.options
        )


def number_in(report: Report, analysis: Analysis, chosen: Selected) -> Number:
    """The number of a cell of a report. WorkbookError where it is none of a metric."""
    for block in (placed.block for page in report.pages for band in page.bands for placed in band):
        if isinstance(block, Kpis):
            for card in block.cards:
                if f"XS_{card.key}" == chosen.block and card.origin:
                    return _number(chosen, card.label, analysis, report.lang, card.origin, ())
        if isinstance(block, Table) and block.metric and _named(chosen.block, block.key):
            words = len(chosen.labels) < max(_leading(block), 1)
            named = words and not _has_rows_of_its_own(_column_of(block, chosen))
            whole = replace(chosen, labels=(*chosen.labels, chosen.shown)) if words else chosen
            origin, where = _cell_of(block, _of_row(block, chosen) if named else whole, report.lang)
            kept = replace(chosen, labels=chosen.labels[: _leading(block)])
            number = _number(kept, block.label, analysis, report.lang, origin, where)
            return replace(number, named=named)
    raise WorkbookError("not_our_number")


def _has_rows_of_its_own(column: TableColumn) -> bool:
    """Whether words of a column, such as the reasons of a warning, are made of rows as figures are."""
    return column.format == "text" and column.origin is not None


def cell_in(report: Report, chosen: Selected) -> Value:
    """What a cell of a table of a report holds now; None where there is no such cell."""
    table = table_of(report, chosen)
    if table is None:
        return None
    labels = chosen.labels[: _leading(table)] or (chosen.shown,)
    row = _row_of(table, labels)
    cells = table.total if row is None else table.rows[row]
    if cells is None or (row is None and labels[0] != _said(cells[0])):
        return None
    held = cells[table.columns.index(_column_of(table, chosen))]
    return held.value if isinstance(held, Cell) else held


def table_of(report: Report, chosen: Selected) -> Table | None:
    """The table of a report in which a cell stands; None where it is in none."""
    for block in (placed.block for page in report.pages for band in page.bands for placed in band):
        if isinstance(block, Table) and _named(chosen.block, block.key):
            return block
    return None


def spelled_out(table: Table, chosen: Selected) -> Selected:
    """The selection with the names of its row as the table has them: in the sheet long ones end in ….

    WorkbookError where several rows have names that were cut to these.
    """
    words = chosen.labels[: _leading(table)] or (chosen.shown,)
    rows = {tuple(map(_said, row[: len(words)])) for row in table.rows}
    fitting = [] if words in rows else [row for row in rows if all(map(_cut_from, words, row))]
    if not fitting:
        return chosen
    whole, *others = fitting
    if others:
        raise WorkbookError("name_cut_off", name=words[0])
    if not chosen.labels:
        return replace(chosen, shown=whole[0])
    return replace(chosen, labels=whole + chosen.labels[len(words) :])


def _cut_from(word: str, name: str) -> bool:
    return word == name or (word.endswith("…") and name.startswith(word.removesuffix("…")))


def lines(number: Number) -> list[str]:
    """What is said about it, one thing a line."""
    from xlsales.report.formats import say

    lang, scope, chosen = number.lang, number.scope, number.selected
    place = " · ".join(filter(None, (chosen.sheet, number.label, *chosen.labels, chosen.column)))
    title = f"{number.metric.title(lang)} · {number.out.title(lang)}"
    now = say(number.value, number.out.format, lang)
    shown = now if isinstance(number.value, date) else chosen.shown  # a sheet holds a day as a number
    found = [
        text(lang, "desktop.explain.place", place=place, cell=chosen.cell, shown=shown),
        text(lang, f"desktop.explain.{'from' if number.derived else 'metric'}", metric=title),
        text(lang, "desktop.explain.now", value=now),
        text(lang, "desktop.explain.definition", definition=number.metric.definition(lang)),
        text(lang, "desktop.explain.basis", basis=text(lang, f"pages.bases.{scope.basis}")),
        text(
            lang,
            "desktop.explain.period",
            start=number.window.start,
            end=number.window.end,
            as_of=scope.as_of,
        ),
        text(lang, "desktop.explain.filters", filters=filters(number)),
    ]
    return found + list(_counts(number))


def filters(number: Number) -> str:
    """What of the data it is about, in words."""
    from xlsales.metrics._catalogue import TITLES

    lang = number.lang
    blank = text(lang, "pages.blank")
    given = {TITLES[name][lang == "en"]: dict.fromkeys(values) for name, values in number.scope.filters}
    for one in (number, *number.others) if number.counted is None else number.counted:
        about = [(TITLES[name][lang == "en"], value) for name, value in one.where]
        for title, value in (*about, *_row_of_metric(one)):
            given.setdefault(title, {})[value] = None
    parts = [f"{title} = {_listed([value or blank for value in given[title]], lang)}" for title in given]
    return text(lang, "pages.comma").join(parts) or text(lang, "desktop.explain.no_filters")


def _listed(names: list[str], lang: Language) -> str:
    """The first names, and how many more there are."""
    more = len(names) - NAMED
    return " / ".join(names[:NAMED]) + (text(lang, "pages.and_more", count=f"{more:,}") if more > 0 else "")


def _row_of_metric(number: Number) -> Iterator[tuple[str, str]]:
    """What tells the rows of a metric apart beside dimensions: the words before its first figure."""
    columns = (column for column in number.metric.columns if column.name != "rank")
    words = takewhile(lambda column: column.format in ("text", "month"), columns)
    for column in words:
        value = number.result.get(column.name)
        if isinstance(value, str) and value:
            stage = column.name == "stage" and value in STAGES
            yield column.title(number.lang), text(number.lang, f"pages.stages.{value}") if stage else value


def _counts(number: Number) -> Iterator[str]:
    """How many it is made of, and the status word, where the metric says so; of a name all of its row.

    Nothing of several rows together: what is said of one of them would be taken for all.
    """
    from xlsales.report.formats import say

    if number.others:
        return
    figures = ("count", "money", "number", "percent", "points", "days") if number.named else ("count",)
    columns = {column.name: column for column in number.metric.columns if column.format in figures}
    for name, value in number.result.items():
        column = columns.get(name)
        if column is not None and value == value and value is not None:
            shown = say(float(value), column.format, number.lang)
            yield text(number.lang, "desktop.explain.count", name=column.title(number.lang), count=shown)
    status = number.result.get("status")
    if isinstance(status, str) and status:
        yield text(number.lang, "desktop.explain.status", status=status)


def _of_row(table: Table, chosen: Selected) -> Selected:
    """The first figure of the row whose name was chosen; a name that is a figure, as a decile, itself."""
    labels = (*chosen.labels, chosen.shown)
    if not _leading(table):
        return replace(chosen, labels=labels)
    figures = (one.header for one in table.columns if one.format not in ("text", "month", "date"))
    return replace(chosen, labels=labels, column=next(figures, chosen.column))


def _cell_of(table: Table, chosen: Selected, lang: Language) -> tuple[Origin, Where]:
    """Where the numbers of a table's column come from, and the names that the row is about."""
    column, row = _column_of(table, chosen), _row_of(table, chosen.labels)
    origin = column.origin or Origin()
    other = _elsewhere(table, -1 if row is None else row, column.key)
    origin = replace(
        origin,
        metric=other.metric or origin.metric or table.metric,
        column=other.column or origin.column or column.key,
        options=other.options or origin.options or table.options,
        period=other.period or origin.period,
        derived=other.derived or origin.derived,
    )
    if table.about:
        about = table.about[row] if row is not None else ()
        return replace(origin, about=(*about, *other.about, *origin.about)), ()
    return origin, _where(chosen.labels, table.by, lang)


def _elsewhere(table: Table, row: int, column: str) -> Origin:
    """What the table says about one of its rows alone."""
    found = (origin for place, key, origin in table.elsewhere if place == row and key in ("", column))
    return next(found, Origin())


def _column_of(table: Table, chosen: Selected) -> TableColumn:
    """The column of a cell: the one in its place, or where columns were moved the one with its header.

    The header in the sheet may end in a unit. WorkbookError where neither is one of ours.
    """
    header = chosen.column.replace("\n", " ")
    named = [one for one in table.columns if header.startswith(one.header)]
    place = len(chosen.labels)
    here = [one for one in table.columns[place : place + 1] if one in named]
    if not (here or named):
        raise WorkbookError("not_our_number")
    return (here or named)[0]


def _leading(table: Table) -> int:
    """How many columns of words come before the figures."""
    words = [column.format in ("text", "month") for column in table.columns]
    return words.index(False) if False in words else len(words)


def _row_of(table: Table, labels: tuple[str, ...]) -> int | None:
    """The row of the table that begins with these words; None for its total row, and without any word."""
    leading = list(labels[: max(_leading(table), 1)])
    rows = [list(map(_said, row)) for row in table.rows]
    for known in filter(None, (leading, leading[:1])):
        for place, words in enumerate(rows):
            if words[: len(known)] == known:
                return place
    return None


def _said(cell: Value | Cell) -> str:
    """What a cell holds, as the sheet does."""
    value = cell.value if isinstance(cell, Cell) else cell
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _where(labels: tuple[str, ...], by: tuple[str, ...], lang: Language) -> Where:
    """The dimensions of a row by their labels; none on the total row, or left of the figures."""
    if not by or not labels or labels[0] == text(lang, "pages.total"):
        return ()
    blank = text(lang, "pages.blank")
    return tuple((name, "" if label == blank else label) for name, label in zip(by, labels, strict=False))


def _number(
    chosen: Selected, label: str, analysis: Analysis, lang: Language, origin: Origin, where: Where
) -> Number:
    from xlsales.metrics._catalogue import find

    metric = find(origin.metric)
    scope = analysis.scope.over(origin.period) if origin.period else analysis.scope
    if origin.column not in {one.name for one in metric.columns}:
        raise WorkbookError("not_our_number")
    told = {name: str(value) for name, value in origin.about}
    split = {name for option in metric.options if option.name == "by" for name in option.values}
    names = (*where, *((name, told.pop(name)) for name in list(told) if name in split))
    by = tuple(dict.fromkeys(name for name, _ in names))
    asked = dict(origin.options) | ({"by": by} if split else {})
    rows = _rows(metric.key, analysis.cleaned.tables, scope, tuple(asked.items()))
    for name, value in (*names, *told.items()):
        same = (
            rows[name] == float(value) if rows[name].dtype.kind in "if" else rows[name].astype("str") == value
        )
        rows = rows[same]
    result = {str(name): value for name, value in rows.iloc[0].items()} if len(rows) == 1 else {}
    options = dict(origin.options)
    return Number(
        chosen,
        label,
        metric,
        origin.column,
        analysis,
        scope,
        lang,
        names,
        result,
        options,
        origin.derived,
    )


@once
def _rows(key: str, tables: Tables, scope: Scope, options: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    from xlsales.metrics._catalogue import compute

    return compute(key, tables, scope, **dict(options))


def _named(name: str, key: str) -> bool:
    """Whether a table is the one that wished for this key; a number follows where it was taken."""
    wished = f"xs_{key}"
    rest = name.lower().removeprefix(wished.lower())
    return rest == "" or (len(rest) < len(name) and rest[:1] == "_" and rest[1:].isdecimal())
