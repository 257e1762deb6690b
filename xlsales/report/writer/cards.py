"""Key number cards: label and status, value, target, changes, the last 13 months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.language import text
from xlsales.report import theme
from xlsales.report.card_grid import INSET, card_columns, half, parts, stacked
from xlsales.report.formats import BLANK, header, is_blank, judgement, least_seen, resolve
from xlsales.report.writer.styles import literal, quoted, worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.language import Language
    from xlsales.report.blocks import Card, Kpis, Tone
    from xlsales.report.card_grid import Part
    from xlsales.report.formats import Resolved
    from xlsales.report.layout import Spot
    from xlsales.report.writer.page import Canvas


Span = tuple[int, int]
"""First and last grid column."""


@dataclass(frozen=True)
class Figure:
    """A number as its cell holds it, with the words that stand there when there is none."""

    value: float | None
    num_format: str = "General"
    blank: str = ""
    formula: str = ""
    tone: Tone = "strong"


def write_cards(canvas: Canvas, spot: Spot, kpis: Kpis) -> None:
    """The row of cards, each on nearly the same width."""
    columns = canvas.layout.widths[spot.left : spot.right + 1]
    spans = card_columns(columns, len(kpis.cards), spot.left)
    rows = {part: spot.top + row for row, part in enumerate(parts(kpis, columns, canvas.lang))}
    high = stacked(kpis, columns, canvas.lang)
    for card, (left, right) in zip(kpis.cards, spans, strict=True):
        _card(canvas, rows, card, (left, right), high=high and is_blank(card.target))
        canvas.blocks[card.key] = xl_range(spot.top, left, spot.bottom, right)


def _card(canvas: Canvas, rows: Mapping[Part, int], card: Card, span: Span, *, high: bool) -> None:
    lang, small, (left, right) = canvas.lang, theme.SMALL, span
    unit = resolve(card.format, [card.value, card.target], lang)
    mark, rule, colour = theme.STATUS[card.status] if card.status else ("", theme.CONTEXT2, theme.INK3)
    status = f"{mark} {text(lang, f'formats.status.{card.status}')}" if card.status else ""
    edge: dict[str, object] = {
        "left": 5,
        "left_color": rule,
        "bg_color": theme.PANEL,
        "indent": 1,
        "align": "left",
    }
    panel: dict[str, object] = {"bg_color": theme.PANEL, "align": "right", "indent": 1}
    middle = left + half(canvas.layout.widths[left : right + 1]) - 1
    whole, near, far = (left, right), (left, middle), (middle + 1, right)
    label = header(card.label, unit.unit, lang)
    _label(canvas, rows["label"], near if status else whole, label, edge)
    if status:
        bold = card.status != "near"
        _words(canvas, rows["label"], far, status, font_size=small, font_color=colour, bold=bold, **panel)
    value = Figure(unit.scaled(card.value), unit.num_format, BLANK)
    _figure(canvas, rows["value"], whole, value, font_size=theme.CARD, bold=True, **edge)
    if "target" in rows and not high:
        goal = target(card, unit, lang)
        _figure(canvas, rows["target"], near, goal, font_size=small, font_color=theme.INK2, **edge)
        cells = (xl_rowcol_to_cell(rows["value"], left), xl_rowcol_to_cell(rows["target"], left))
        tint = colour if card.status in ("missed", "over") else theme.INK
        gap = against_target(card, cells, lang)
        _figure(canvas, rows["target"], far, gap, font_size=small, bold=True, font_color=tint, **panel)
    for row, base, word, span, look in _changes(card, rows, (near, far, whole), (edge, panel), high):
        figure = change(card, base, word, lang)
        tint = theme.TEXT[figure.tone] if figure.tone in ("good", "bad") else theme.INK3
        _figure(canvas, row, span, figure, font_size=small, font_color=tint, **look)
    if card.lacks:
        lacks = canvas.ruler.fitted(card.lacks, canvas.layout.width(*whole) - INSET, small)
        _words(canvas, rows["change"], whole, lacks, font_size=small, font_color=theme.INK3, **edge)
    _words(canvas, rows["history"], whole, "", **edge)
    _sparkline(canvas, rows["history"], left, card, label, unit)
    cell = xl_rowcol_to_cell(rows["value"], left, row_abs=True, col_abs=True)
    canvas.key_cells[f"XS_{card.key}"] = f"{quoted(canvas.name)}!{cell}"


def _changes(
    card: Card,
    rows: Mapping[Part, int],
    spans: tuple[Span, Span, Span],
    looks: tuple[dict[str, object], dict[str, object]],
    high: bool,
) -> list[tuple[int, float | None, str, Span, dict[str, object]]]:
    """The row, base, word, columns and look of each change.

    They stand side by side, ``high`` above one another; what has nothing to compare with leaves its room.
    """
    (near, far, whole), (edge, panel) = spans, looks
    row = rows.get("change")
    if row is None or card.lacks:
        return [(rows["target"], None, "mom", whole, edge)] if high else []
    bases = ((card.previous, "mom"), (card.year_ago, "yoy"))
    known = [one for one in bases if not is_blank(one[0])]
    first, second = (*known, (None, "mom"), (None, "mom"))[:2]
    if high:
        return [(rows["target"], *first, whole, edge), (row, *second, whole, edge)]
    if len(known) < len(bases):
        return [(row, *first, whole, edge)]
    return [(row, *first, near, edge), (row, *second, far, panel)]


def target(card: Card, unit: Resolved, lang: Language) -> Figure:
    """The target or cap in the unit of the value; nothing where there is none."""
    words = text(lang, "formats.cap" if card.target_is_cap else "formats.target")
    return Figure(unit.scaled(card.target), worded(words, unit.num_format))


def against_target(card: Card, cells: tuple[str, str], lang: Language) -> Figure:
    """Attainment, or for rates and days the gap, as a live formula over the value and target cells."""
    if card.value is None or card.target is None or is_blank(card.value) or is_blank(card.target):
        return Figure(None)
    value, goal = cells
    if card.format in ("percent", "points", "days"):
        number = "0" if card.format == "days" else "0.0"
        scale = 1 if card.format == "days" else 100
        number += _suffix("days" if card.format == "days" else "points", lang)
        times = "*100" if card.format == "percent" else ""
        gap = (card.value - card.target) * scale
        return Figure(
            gap, _signs("formats.gap", number, ("+", "-"), lang), formula=f"=({value}-{goal}){times}"
        )
    if card.target <= 0:
        return Figure(None)
    share = _signs("formats.attained", "0.0%", ("", "-"), lang)
    return Figure(card.value / card.target, share, formula=f'=IF(N({goal})<=0,"",{value}/{goal})')


def change(card: Card, base: float | None, word: str, lang: Language) -> Figure:
    """The difference to ``base`` with arrow and sign, if there is one; a share needs a base above zero."""
    if base is None or is_blank(base):
        return Figure(None)
    blank = text(lang, f"formats.{word}", number=BLANK)
    number = {"percent": "0.0%", "points": "0.0", "days": "0"}[card.change]
    number += "" if card.change == "percent" else _suffix(card.change, lang)
    form = _signs(f"formats.{word}", number, ("▲ +", "▼ -", f"{BLANK} "), lang)
    if card.value is None or is_blank(card.value):
        return Figure(None, form, blank)
    if card.change == "percent":
        value = card.value / base - 1 if base > 0 else None
    else:
        value = (card.value - base) * (100 if card.change == "points" else 1)
    if value is not None and abs(value) < least_seen(number):  # no direction, nor a sign before the zero
        return Figure(value, _signs(f"formats.{word}", number, (f"{BLANK} ", f"{BLANK} "), lang))
    return Figure(value, form, blank, tone=judgement(value, card.good_up))


def _signs(key: str, number: str, signs: tuple[str, ...], lang: Language) -> str:
    """A number format with one section a sign: ``"环比 ▲ "+0.0%;"环比 ▼ "-0.0%;"环比 – "0.0%``."""
    template = text(lang, key)
    sections = []
    for sign in signs:
        mark, plain = sign.rstrip("+-"), sign[len(sign.rstrip("+-")) :]
        sections.append(worded(template.replace("{number}", mark + "{number}"), plain + number))
    return ";".join(sections)


def _suffix(kind: str, lang: Language) -> str:
    """The unit behind a difference: pp directly in Chinese, after a space elsewhere."""
    unit = text(lang, f"formats.{kind}_unit")
    return literal(unit if kind == "points" and lang == "zh" else f" {unit}")


def _label(canvas: Canvas, row: int, span: tuple[int, int], label: str, look: dict[str, object]) -> None:
    """The label, a point smaller and then shortened where the status beside it leaves too little room."""
    room = canvas.layout.width(*span) - INSET
    size = theme.BODY if canvas.ruler.px(label, theme.BODY) <= room else theme.SMALL
    label = canvas.ruler.fitted(label, room, size)
    _words(canvas, row, span, label, font_size=size, font_color=theme.INK2, **look)


def _words(canvas: Canvas, row: int, span: tuple[int, int], words: str, **look: object) -> None:
    style = _merged(canvas, row, span, look)
    if words:
        canvas.sheet.write_string(row, span[0], words, style)
    else:
        canvas.sheet.write_blank(row, span[0], None, style)


def _figure(canvas: Canvas, row: int, span: tuple[int, int], figure: Figure, **look: object) -> None:
    if figure.value is None:
        _words(canvas, row, span, figure.blank, **look)
        return
    style = _merged(canvas, row, span, {**look, "num_format": figure.num_format, "shrink": True})
    if figure.formula:
        canvas.sheet.write_formula(row, span[0], figure.formula, style, figure.value)
    else:
        canvas.sheet.write_number(row, span[0], figure.value, style)


def _merged(canvas: Canvas, row: int, span: tuple[int, int], look: dict[str, object]) -> object:
    style = canvas.styles(**look)
    left, right = span
    if right > left:
        canvas.sheet.merge_range(row, left, row, right, "", style)
    return style


def _sparkline(canvas: Canvas, row: int, column: int, card: Card, label: str, unit: Resolved) -> None:
    if len(card.history) < 2:
        return
    names, values = zip(*card.history, strict=True)
    columns = (
        (text(canvas.lang, "formats.category"), names, "@"),
        (label, [unit.scaled(value) for value in values], unit.num_format),
    )
    source = canvas.sources.add(f"{canvas.page.name} · {card.label}", columns)[1]
    canvas.sheet.add_sparkline(
        row,
        column,
        {
            "range": source.range,
            "type": "line",
            "series_color": theme.CONTEXT2,
            "last_point": True,
            "last_color": theme.ACCENT,
            "weight": 1.5,
        },
    )
