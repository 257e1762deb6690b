"""What the selected number is: its place on the page, its metric, and what it counts.

The pages are made again from the book as it stands, so nothing has to be remembered of them, and a number
that has become old since the last refresh shows by its side as it would be now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.errors import WorkbookError
from xlsales.hosts.desktop.names import marked
from xlsales.hosts.desktop.quiet import quiet
from xlsales.hosts.desktop.saved import private_folder, saved_copy
from xlsales.hosts.desktop.status import telling
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from xlsales.analysis import Analysis
    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language
    from xlsales.metrics._catalogue import Metric
    from xlsales.report.blocks import Report


@dataclass(frozen=True)
class Selected:
    """The selected cell: its sheet and page key, the words in it, and the block that it lies in.

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
    """A selected number with its metric, and what of the data it is about.

    ``where`` are the dimensions of its row with their values, "" for blank; empty for a total. ``result``
    is the metric's row there, by column; empty where it has none.
    """

    selected: Selected
    label: str
    metric: Metric
    analysis: Analysis
    lang: Language
    where: tuple[tuple[str, str], ...]
    result: Mapping[str, Any]


def selected_number(live: Live, lang: Language) -> Number:
    """The number in the selected cell. WorkbookError where it is none of ours."""
    chosen = _selected(live)
    with private_folder() as folder, quiet(live):
        telling(live, lang)("read")
        return number_in(saved_copy(live, folder), chosen)


def number_in(copy: Path, chosen: Selected) -> Number:
    """The number of a selected cell, from a copy of the book. WorkbookError where it is none of ours."""
    return _number(chosen, *_page(copy, chosen.page))


def lines(number: Number) -> list[str]:
    """What is said about it, one thing a line."""
    lang, scope, chosen = number.lang, number.analysis.scope, number.selected
    place = " · ".join(filter(None, (chosen.sheet, number.label, *chosen.labels, chosen.column)))
    found = [
        text(lang, "desktop.explain.place", place=place, cell=chosen.cell, shown=chosen.shown),
        text(lang, "desktop.explain.metric", metric=number.metric.title(lang)),
        text(lang, "desktop.explain.definition", definition=number.metric.definition(lang)),
        text(lang, "desktop.explain.basis", basis=text(lang, f"pages.bases.{scope.basis}")),
        text(
            lang,
            "desktop.explain.period",
            start=scope.current.start,
            end=scope.current.end,
            as_of=scope.as_of,
        ),
        text(lang, "desktop.explain.filters", filters=_filters(number)),
    ]
    return found + list(_counts(number))


def _filters(number: Number) -> str:
    from xlsales.metrics._catalogue import TITLES

    lang = number.lang
    given = [(name, " / ".join(values)) for name, values in number.analysis.scope.filters]
    blank = text(lang, "pages.blank")
    parts = [f"{TITLES[name][lang == 'en']} = {value or blank}" for name, value in (*given, *number.where)]
    return text(lang, "pages.comma").join(parts) or text(lang, "desktop.explain.no_filters")


def _counts(number: Number) -> Iterator[str]:
    """How many it is made of, and the status word, where the metric says so."""
    from xlsales.report.formats import say

    columns = {column.name: column for column in number.metric.columns}
    for name, value in number.result.items():
        column = columns.get(name)
        if column is not None and column.format == "count" and value == value and value is not None:
            shown = say(float(value), "count", number.lang)
            yield text(number.lang, "desktop.explain.count", name=column.title(number.lang), count=shown)
    status = number.result.get("status")
    if isinstance(status, str) and status:
        yield text(number.lang, "desktop.explain.status", status=status)


def _selected(live: Live) -> Selected:
    cell, sheet = live.app.ActiveCell, live.app.ActiveSheet
    key = marked(live).get(sheet.Name) if live.app.ActiveWorkbook.Name == live.name else None
    if key is None:
        raise WorkbookError("not_our_number")
    place, shown = cell.Address.replace("$", ""), str(cell.Text)
    table = cell.ListObject
    if table is not None:
        first, head = table.Range.Column, table.Range.Row
        labels = tuple(str(sheet.Cells(cell.Row, column).Text) for column in range(first, cell.Column))
        column = str(sheet.Cells(head, cell.Column).Text).replace("\n", " ")
        return Selected(sheet.Name, key, place, shown, table.Name, column, labels)
    corner = cell.MergeArea.Cells(1, 1).Address
    for name in live.book.Names:
        at, _, address = str(name.RefersTo).removeprefix("=").rpartition("!")
        if (
            name.Name.startswith("XS_")
            and address == corner
            and at.strip("'").replace("''", "'") == sheet.Name
        ):
            return Selected(sheet.Name, key, place, shown, name.Name)
    raise WorkbookError("not_our_number")


def _page(copy: Path, key: str) -> tuple[Analysis, Report]:
    """The analysis of the book as it stands, and its page with this key."""
    from xlsales.analysis import ask, build_report
    from xlsales.hosts.file import headers_language
    from xlsales.hosts.memory import read_memory
    from xlsales.hosts.reading import understood
    from xlsales.report.pages import PAGES
    from xlsales.settings import read_settings

    if key not in PAGES:
        raise WorkbookError("not_our_number")
    data = copy.read_bytes()
    said, memory = read_settings(data), read_memory(data)
    found, _ = understood([copy], lambda *_: None, memory)
    analysis = ask(found, period=said.period, as_of=said.as_of, basis=said.basis or "signed", memory=memory)
    report = build_report(analysis, said.lang or headers_language(analysis.survey), (key,))
    return analysis, report


def _number(chosen: Selected, analysis: Analysis, report: Report) -> Number:
    from xlsales.metrics._catalogue import compute, find
    from xlsales.report.blocks import Kpis, Table
    from xlsales.report.writer.tables import table_name

    lang = report.lang
    for block in (placed.block for page in report.pages for band in page.bands for placed in band):
        if isinstance(block, Kpis):
            for card in block.cards:
                if f"XS_{card.key}" == chosen.block and card.metric:
                    metric = find(card.metric)
                    whole = compute(card.metric, analysis.cleaned.tables, analysis.scope)
                    result = _row(whole, ())
                    return Number(chosen, card.label, metric, analysis, lang, (), result)
        if isinstance(block, Table) and block.metric and _named(chosen.block, table_name(block)):
            where = _where(chosen.labels, block.by, lang)
            by = block.by if where else ()
            options = {"by": by} if by else {}
            rows = compute(block.metric, analysis.cleaned.tables, analysis.scope, **options)
            return Number(chosen, block.label, find(block.metric), analysis, lang, where, _row(rows, where))
    raise WorkbookError("not_our_number")


def _where(labels: tuple[str, ...], by: tuple[str, ...], lang: Language) -> tuple[tuple[str, str], ...]:
    """The dimensions of a row by their labels; none on the total row, or left of the figures."""
    if len(labels) < len(by) or not by or labels[0] == text(lang, "pages.total"):
        return ()
    blank = text(lang, "pages.blank")
    return tuple((name, "" if label == blank else label) for name, label in zip(by, labels, strict=False))


def _row(rows: Any, where: tuple[tuple[str, str], ...]) -> Mapping[str, Any]:
    for name, value in where:
        rows = rows[rows[name] == value]
    return dict(rows.iloc[0]) if len(rows) == 1 else {}


def _named(name: str, wished: str) -> bool:
    """Whether a table is the one that wished for this name; a number follows where it was taken."""
    rest = name.lower().removeprefix(wished.lower())
    return rest == "" or (len(rest) < len(name) and rest[:1] == "_" and rest[1:].isdecimal())
