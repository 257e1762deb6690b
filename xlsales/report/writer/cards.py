"""Key number cards: label and status, value, target, changes, the last 13 months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.language import text
from xlsales.report import theme
from xlsales.report.formats import BLANK, header, is_blank, judgement, resolve
from xlsales.report.layout import PADDING, card_columns
from xlsales.report.measure import fitted, text_px
from xlsales.report.writer.styles import literal, quoted, worded

if TYPE_CHECKING:
    from xlsales.report.blocks import Card, Kpis
    from xlsales.report.formats import Resolved
    from xlsales.report.layout import Spot
    from xlsales.report.writer.page import Canvas

INSET = 12
"""Room that the rule and the indent take in a card."""


def write_cards(canvas: Canvas, spot: Spot, kpis: Kpis) -> None:
    """The row of cards, each on nearly the same width."""
    columns = canvas.layout.widths[spot.left : spot.right + 1]
    spans = card_columns(columns, len(kpis.cards), spot.left)
    for card, (left, right) in zip(kpis.cards, spans, strict=True):
        _card(canvas, spot, card, left, right)
        canvas.blocks[card.key] = xl_range(spot.top, left, spot.bottom, right)


def _card(canvas: Canvas, spot: Spot, card: Card, left: int, right: int) -> None:
    numbers = [card.value, card.target]
    unit = resolve(card.format, numbers, canvas.lang)
    label = header(card.label, unit.unit, canvas.lang)
    mark, rule, colour = theme.STATUS[card.status] if card.status else ("", theme.CONTEXT2, theme.INK3)
    status = f"{mark} {text(canvas.lang, f'formats.status.{card.status}')}" if card.status else ""
    edge = {"left": 5, "left_color": rule, "bg_color": theme.PANEL, "indent": 1, "align": "left"}
    panel = {"bg_color": theme.PANEL, "align": "right", "indent": 1}
    middle = _middle(canvas, left, right, text_px(status, theme.SMALL, bold=True) + INSET)
    row, whole, halves = spot.top, (left, right), ((left, middle), (middle + 1, right))
    small, styles = theme.SMALL, canvas.styles

    label = fitted(label, canvas.layout.width(*halves[0]) - INSET, theme.BODY)
    _put(canvas, row, halves[0], label, font_color=theme.INK2, **edge)
    _put(
        canvas,
        row,
        halves[1],
        status,
        font_size=small,
        font_color=colour,
        bold=card.status != "near",
        **panel,
    )
    _put(
        canvas, row + 1, whole, unit.scaled(card.value), font_size=theme.CARD, bold=True,
        num_format=unit.num_format, **edge,
    )  # fmt: skip
    kind = "cap" if card.target_is_cap else "target"
    target = worded(text(canvas.lang, f"formats.{kind}"), unit.num_format)
    _put(
        canvas, row + 2, halves[0], unit.scaled(card.target), blank=text(canvas.lang, f"formats.{kind}", number=BLANK),
        font_size=small, font_color=theme.INK2, num_format=target, **edge,
    )  # fmt: skip
    judged = card.status in ("missed", "over")
    result, num_format, formula = _against_target(canvas, card, (row + 1, left), (row + 2, left))
    _put(
        canvas, row + 2, halves[1], result, formula=formula, font_size=small, bold=True, num_format=num_format,
        font_color=colour if judged else theme.INK, **panel,
    )  # fmt: skip
    for base, word, half, look in (
        (card.previous, "mom", *_pair(halves[0], edge)),
        (card.year_ago, "yoy", *_pair(halves[1], panel)),
    ):
        value = _change(card, base)
        tone = judgement(value, card.good_up)
        tint = theme.TEXT[tone] if tone in ("good", "bad") else theme.INK3
        _put(
            canvas, row + 3, half, value, blank=text(canvas.lang, f"formats.{word}", number=BLANK), font_size=small,
            font_color=tint, num_format=_change_format(canvas, card.change, f"formats.{word}"), **look,
        )  # fmt: skip
    _put(canvas, row + 4, whole, "", **edge)
    _sparkline(canvas, row + 4, left, card, label, unit)
    canvas.key_cells[f"XS_{card.key}"] = (
        f"{quoted(canvas.name)}!{xl_rowcol_to_cell(row + 1, left, row_abs=True, col_abs=True)}"
    )


def _pair(half: tuple[int, int], look: dict[str, object]) -> tuple[tuple[int, int], dict[str, object]]:
    return half, look


def _middle(canvas: Canvas, left: int, right: int, right_px: int) -> int:
    """The last column of the left half: the widest that leaves the status its room, at least half."""
    if right == left:
        raise ValueError("a card needs two grid columns")
    width = canvas.layout.width
    half = min(
        range(left, right), key=lambda column: (abs(width(left, column) * 2 - width(left, right)), column)
    )
    return half


def _put(
    canvas: Canvas,
    row: int,
    span: tuple[int, int],
    value: float | str | None,
    *,
    blank: str = "",
    formula: str = "",
    **properties: object,
) -> None:
    """One line of a card on merged cells: a number as a number, with ``blank`` where there is none."""
    style = canvas.styles(**properties)
    left, right = span
    if right > left:
        canvas.sheet.merge_range(row, left, row, right, "", style)
    if is_blank(value):
        value = blank
    if isinstance(value, str):
        if value:
            canvas.sheet.write_string(row, left, value, style)
        else:
            canvas.sheet.write_blank(row, left, None, style)
    elif formula:
        canvas.sheet.write_formula(row, left, formula, style, value)
    else:
        canvas.sheet.write_number(row, left, value, style)


def _against_target(
    canvas: Canvas, card: Card, value_cell: tuple[int, int], target_cell: tuple[int, int]
) -> tuple[float | None, str, str]:
    """Attainment, or the gap where a share of the target says nothing: value, number format, formula."""
    value, target = (xl_rowcol_to_cell(*cell) for cell in (value_cell, target_cell))
    if card.value is None or card.target is None or is_blank(card.value) or is_blank(card.target):
        return None, "General", ""
    if card.format in ("percent", "points", "days"):
        kind = "days" if card.format == "days" else "points"
        scale = 1 if card.format == "days" else 100
        digits = "0" if card.format == "days" else "0.0"
        number = f"+{digits}{_suffix(canvas, kind)};-{digits}{_suffix(canvas, kind)}"
        template = text(canvas.lang, "formats.gap")
        num_format = ";".join(worded(template, part) for part in number.split(";"))
        times = "" if scale == 1 or card.format == "points" else f"*{scale}"
        return (card.value - card.target) * scale, num_format, f"=({value}-{target}){times}"
    if card.target <= 0:
        return None, "General", ""
    num_format = worded(text(canvas.lang, "formats.attained"), "0.0%")
    return card.value / card.target, num_format, f'=IF(N({target})<=0,"",{value}/{target})'


def _change(card: Card, base: float | None) -> float | None:
    """The difference to ``base``, as its cell holds it; a share needs a positive base."""
    if card.value is None or base is None or is_blank(card.value) or is_blank(base):
        return None
    if card.change == "percent":
        return card.value / base - 1 if base > 0 else None
    return (card.value - base) * (100 if card.change == "points" else 1)


def _change_format(canvas: Canvas, change: str, word: str) -> str:
    """``"环比 ▲ "+0.0%;"环比 ▼ "-0.0%;"环比 – "0.0%``."""
    digits = {"percent": "0.0%", "points": "0.0", "days": "0"}[change]
    number = digits + ("" if change == "percent" else _suffix(canvas, change))
    template = text(canvas.lang, word)
    parts = (("▲ ", "+"), ("▼ ", "-"), (f"{BLANK} ", ""))
    return ";".join(
        worded(template.replace("{number}", mark + "{number}"), sign + number) for mark, sign in parts
    )


def _suffix(canvas: Canvas, kind: str) -> str:
    unit = text(canvas.lang, f"formats.{kind}_unit")
    return literal(unit if kind == "points" and canvas.lang == "zh" else f" {unit}")


def _sparkline(canvas: Canvas, row: int, column: int, card: Card, label: str, unit: Resolved) -> None:
    if len(card.history) < 2:
        return
    history = [unit.scaled(value) for value in card.history]
    source = canvas.sources.add(f"{canvas.page.name} {card.label}", [(label, history, unit.num_format)])[0]
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
