"""Numbers that stand in no cell of their own: in a sentence, a chart, the small print of a card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.explain.fact import Fact, about, fact_lines
from xlsales.explain.number import Number, cell_in, filters, lines, number_in, spelled_out, table_of
from xlsales.language import text
from xlsales.report.blocks import Alerts, Chart, Kpis, Note, Table
from xlsales.report.card_grid import card_columns
from xlsales.report.formats import say
from xlsales.report.layout import HEADLINE_ROW, SECOND_ROW, lay_out, note_lines
from xlsales.report.traced import Evidence, Figure, Traced, figures_of, numbers_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xlsales.analysis import Analysis
    from xlsales.explain.number import Selected
    from xlsales.language import Language
    from xlsales.report.blocks import Card, Page, Report, Sentence
    from xlsales.report.layout import Layout, Spot


@dataclass(frozen=True)
class Named:
    """A number as it is said, and what it is about where the words around it do not tell."""

    words: str
    number: Traced
    about: tuple[str, ...] = ()


Explained = Number | Fact
"""A number of a metric, or of the raw sheets alone."""


def numbers_of(report: Report, analysis: Analysis, chosen: Selected) -> tuple[Explained, ...]:
    """The numbers of a cell: one in a table or on a card, all those that a sentence names or a chart shows.

    ``report`` has traced pages. A number that is worked out from several columns of metrics comes once for
    each. WorkbookError where there is none.
    """
    label = ""
    if chosen.block:
        table = table_of(report, chosen)
        chosen = chosen if table is None else spelled_out(table, chosen)
        held = cell_in(report, chosen)
        named = [Named(*one) for one in numbers_in(held)] if isinstance(held, str) else []
        if table is not None and not table.metric:
            label = table.label
            if isinstance(held, Traced):
                named = [Named(chosen.shown, held, chosen.labels[:1])]
        elif not named:
            number = number_in(report, analysis, chosen)
            if number.result or not isinstance(held, Traced):
                return (number,)
            label, named = number.label, [Named(chosen.shown, held)]
    else:
        page = next((one for one in report.pages if one.key == chosen.page), None)
        if page is None:
            raise WorkbookError("not_our_number")
        label, named = _named_at(page, report, chosen.cell)
    once: dict[tuple[int, ...], Named] = {}
    for one in named:
        once.setdefault(tuple(map(id, one.number.figures)), one)
    lang = report.lang
    found = tuple(one for each in once.values() for one in numbers_named(each, chosen, label, analysis, lang))
    if not found:
        raise WorkbookError("not_our_number")
    return found


def _named_at(page: Page, report: Report, address: str) -> tuple[str, list[Named]]:
    """What stands in a cell that is no cell of a table: the block's label and the numbers in it."""
    from xlsxwriter.utility import xl_cell_to_rowcol

    row, column = xl_cell_to_rowcol(address)
    for place, sentence in ((HEADLINE_ROW, page.headline), (SECOND_ROW, page.second)):
        if row == place:
            return page.title, _of_sentence(sentence)
    layout = lay_out(page, report.pages, report.lang)
    for spot in layout.spots:
        if spot.top <= row <= spot.bottom and spot.left <= column <= spot.right:
            return _in_block(spot, layout, row, column, report.lang)
    return "", []


def _in_block(spot: Spot, layout: Layout, row: int, column: int, lang: Language) -> tuple[str, list[Named]]:
    match spot.block:
        case Kpis(cards):
            widths = layout.widths[spot.left : spot.right + 1]
            spans = card_columns(widths, len(cards), spot.left)
            for card, (left, right) in zip(cards, spans, strict=True):
                if left <= column <= right:
                    return card.label, list(_of_card(card, lang))
        case Chart(label=label, note=note, finding=finding) as chart:
            said = [Named(*one) for one in (*numbers_in(finding), *numbers_in(note))]
            return label, [*said, *_of_chart(chart, lang)]
        case Alerts(label=label, alerts=alerts) if spot.top < row <= spot.top + len(alerts):
            alert = alerts[row - spot.top - 1]
            said = [Named(*one) for one in numbers_in(alert.text)]
            if isinstance(alert.amount, Traced):
                said.append(Named(say(alert.amount, "money", lang, signed=True), alert.amount))
            return label, said
        case Note(label=label) as note:
            place = row - spot.top - bool(label and not note.callout)
            sentences = note_lines(note)
            return label, _of_sentence(sentences[place]) if 0 <= place < len(sentences) else []
        case Table(label=label, note=small):
            return label, [Named(*one) for one in (*numbers_in(label), *numbers_in(small))]
    return "", []


def _of_sentence(sentence: Sentence) -> list[Named]:
    return [Named(*one) for run in sentence for one in numbers_in(run.text)]


def _of_card(card: Card, lang: Language) -> Iterator[Named]:
    for value in (
        card.value,
        card.target,
        card.previous,
        card.year_ago,
        *(value for _, value in card.history),
    ):
        if isinstance(value, Traced):
            yield Named(say(value, card.format, lang), value)


def _of_chart(chart: Chart, lang: Language) -> Iterator[Named]:
    """What the labels of a chart say, and its points where they are numbers of metrics as they stand."""
    for series in (one for one in chart.series if one.tone != "none"):
        for place, value in enumerate(series.values):
            label = (series.labels or ())[place : place + 1]
            said = numbers_in(label[0] or "") if label else ()
            if not said and isinstance(value, Traced) and value.how != "otherwise":
                said = ((say(value, chart.format, lang), value),)
            yield from (Named(*one, chart.categories[place : place + 1]) for one in said)


def numbers_named(
    named: Named, chosen: Selected, label: str, analysis: Analysis, lang: Language
) -> Iterator[Explained]:
    """One number for each column of a metric and each kind of evidence, as the sum of what went into it."""
    groups: dict[tuple[object, ...], list[Figure]] = {}
    facts: dict[str, list[Evidence]] = {}
    for figure in {id(one): one for one in figures_of(named.number)}.values():
        if isinstance(figure, Evidence):
            facts.setdefault(figure.of, []).append(figure)
            continue
        options = sorted((name, value) for name, value in figure.options.items() if name != "by")
        key = (figure.metric, figure.column, figure.scope.period, repr(options))
        groups.setdefault(key, []).append(figure)
    derived = named.number.how == "otherwise"
    at = replace(chosen, shown=named.words, labels=named.about, column="")
    for evidence in facts.values():
        yield Fact(at, label, evidence, analysis, lang, derived or len(facts) > 1)
    for figures in groups.values():
        first, *others = (_number(one, at, label, analysis, lang) for one in figures)
        yield replace(first, others=tuple(others), derived=derived or len(groups) > 1)


def _number(figure: Figure, at: Selected, label: str, analysis: Analysis, lang: Language) -> Number:
    from xlsales.metrics._catalogue import default_by, find

    metric = find(figure.metric)
    if figure.counted is not None:
        each = tuple(_number(_first_figure(row), at, label, analysis, lang) for row in figure.counted)
        scope = each[0].scope if each else figure.scope
        return Number(at, label, metric, "", analysis, scope, lang, (), {}, {}, counted=each)
    by: Iterable[str] = figure.options.get("by", default_by(metric))
    where = tuple((name, str(figure.row[name] or "")) for name in by if name in figure.row)
    options = {name: value for name, value in figure.options.items() if name != "by"}
    return Number(at, label, metric, figure.column, analysis, figure.scope, lang, where, figure.row, options)


def _first_figure(row: Mapping[str, object]) -> Figure:
    """A figure of a row, which tells the row."""
    found = (figure for value in row.values() for figure in figures_of(value))
    return next(figure for figure in found if isinstance(figure, Figure))


def told(numbers: Sequence[Explained]) -> list[str]:
    """What is said about the numbers of a cell, one thing a line: of several, each metric once."""
    first, *others = numbers
    if not others:
        return fact_lines(first) if isinstance(first, Fact) else lines(first)
    lang, chosen = first.lang, first.selected
    place = " · ".join(filter(None, (chosen.sheet, first.label)))
    found = [text(lang, "desktop.explain.cell", place=place, cell=chosen.cell)]
    facts: dict[str, list[Fact]] = {}
    metrics: dict[str, list[Number]] = {}
    for number in numbers:
        if isinstance(number, Fact):
            facts.setdefault(number.key, []).append(number)
        else:
            metrics.setdefault(number.metric.key, []).append(number)
    for kind in facts.values():
        found.append(text(lang, "desktop.explain.of", metric=kind[0].title))
        found.append(text(lang, "desktop.explain.definition", definition=kind[0].definition))
        found += [_fact_line(fact) for fact in kind]
    for same in metrics.values():
        found.append(text(lang, "desktop.explain.metric", metric=same[0].metric.title(lang)))
        found.append(text(lang, "desktop.explain.definition", definition=same[0].metric.definition(lang)))
        found += [_line(number) for number in same]
    scope = first.analysis.scope
    if metrics:
        found.append(text(lang, "desktop.explain.basis", basis=text(lang, f"pages.bases.{scope.basis}")))
    else:
        found.append(text(lang, "desktop.explain.data", as_of=scope.as_of))
    return found


def _fact_line(fact: Fact) -> str:
    """One of several numbers of no metric."""
    lang = fact.lang
    return text(
        lang,
        f"desktop.explain.{'fact_from' if fact.derived else 'fact'}",
        shown=" ".join((*fact.selected.labels, fact.selected.shown)),
        value=say(fact.value, fact.out.format, lang),
        filters=about(fact),
    )


def _line(number: Number) -> str:
    """One of several numbers: what it is said as, what it is now, and what it is about."""
    lang = number.lang
    return text(
        lang,
        f"desktop.explain.{'one_from' if number.derived else 'one'}",
        shown=" ".join((*number.selected.labels, number.selected.shown)),
        column=number.out.title(lang),
        value=say(number.value, number.out.format, lang),
        start=number.window.start,
        end=number.window.end,
        filters=filters(number),
    )
