"""Everything that is a line of words: sentences, section heads, notes, alerts, forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from xlsales.language import text
from xlsales.report import theme
from xlsales.report.blocks import Run, Table
from xlsales.report.formats import is_blank, money_label, resolve
from xlsales.report.layout import PADDING, note_lines, plain_text

if TYPE_CHECKING:
    from xlsales.report.blocks import Alert, Alerts, Form, Note, Sentence
    from xlsales.report.layout import Spot
    from xlsales.report.writer.page import Canvas

LONGEST = 32_000
"""Excel's limit for one cell is 32,767 characters."""


def words(sentence: str) -> Sentence:
    """Plain words as a sentence."""
    return (Run(sentence),) if sentence else ()


def write_sentence(
    canvas: Canvas,
    row: int,
    span: tuple[int, int],
    sentence: Sentence,
    size: float,
    colour: str,
    *,
    wrap: bool,
    **properties: object,
) -> None:
    """A sentence at the left of ``span``, overflowing to the right, or merged and wrapped when it is long."""
    sheet, styles = canvas.sheet, canvas.styles
    runs = [run for run in sentence if run.text]
    left, right = span
    style = styles(font_size=size, font_color=colour, **({"text_wrap": True} if wrap else {}), **properties)
    if wrap and right > left:
        sheet.merge_range(row, left, row, right, "", style)
    if len(runs) == 1:
        only = styles.run(runs[0].tone, size, colour)
        alone = styles(
            font_size=size,
            font_color=only.font_color,
            bold=bool(only.bold),
            **({"text_wrap": True} if wrap else {}),
            **properties,
        )
        sheet.write_string(row, left, runs[0].text[:LONGEST], alone)
    elif runs:
        parts = [part for run in runs for part in (styles.run(run.tone, size, colour), run.text)]
        sheet.write_rich_string(row, left, *parts, style)
    elif properties:
        sheet.write_blank(row, left, None, style)


def section(canvas: Canvas, spot: Spot, label: str, note: str = "", unit: str = "") -> None:
    """The head above a block: label left, unit and note right, ink line below."""
    sheet, styles = canvas.sheet, canvas.styles
    line = {"bottom": 1, "bottom_color": theme.INK}
    for column in range(spot.left, spot.right + 1):
        sheet.write_blank(spot.top, column, None, styles(**line))
    room = canvas.layout.width(spot.left, spot.right) - PADDING
    label = canvas.ruler.fitted(label, room, theme.SECTION, bold=True)
    inset = int(isinstance(spot.block, Table) and spot.block.inset)
    look = styles(font_size=theme.SECTION, bold=True, indent=inset, **line)
    sheet.write_string(spot.top, spot.left, label, look)
    right = " · ".join(part for part in (unit, note) if part)
    left_over = room - canvas.ruler.px(label, theme.SECTION, bold=True) - 2 * PADDING
    right = canvas.ruler.fitted(right, left_over, theme.SMALL) if left_over > 60 else ""
    if right and spot.right > spot.left:
        sheet.write_string(
            spot.top,
            spot.right,
            right,
            styles(font_size=theme.SMALL, font_color=theme.INK3, align="right", **line),
        )


def empty(canvas: Canvas, spot: Spot, sentence: str) -> None:
    """The sentence that stands where a chart has nothing to draw."""
    room = canvas.layout.width(spot.left, spot.right) - 2 * PADDING
    wide = canvas.ruler.lines(sentence, room, theme.BODY) > 1
    write_sentence(
        canvas, spot.top + 1, (spot.left, spot.right), words(sentence), theme.BODY, theme.INK2, wrap=wide
    )


def write_note(canvas: Canvas, spot: Spot, note: Note) -> None:
    """Sentences in small type, or a callout: a tinted panel with a rule at its left."""
    top = spot.top
    if note.label and not note.callout:
        section(canvas, spot, note.label)
        top += 1
    rule, fill = theme.PANELS.get(note.tone, theme.NEUTRAL_PANEL)
    size = theme.BODY if note.callout else theme.SMALL
    room = canvas.layout.width(spot.left, spot.right) - 2 * PADDING
    panel = {"bg_color": fill, "left": 5, "left_color": rule, "indent": 1} if note.callout else {}
    for row, sentence in enumerate(note_lines(note), start=top):
        for column in range(spot.left + 1, spot.right + 1):
            if note.callout:
                canvas.sheet.write_blank(row, column, None, canvas.styles(bg_color=fill))
        colour = theme.INK3 if not note.callout else theme.INK if row == top else theme.INK2
        wide = canvas.ruler.lines(plain_text(sentence), room, size) > 1
        write_sentence(canvas, row, (spot.left, spot.right), sentence, size, colour, wrap=wide, **panel)


def write_alerts(canvas: Canvas, spot: Spot, alerts: Alerts) -> None:
    """One row an alert: mark and word, text, link, signed amount at the right edge."""
    unit = resolve("money", [alert.amount for alert in alerts.alerts], canvas.lang)
    label = money_label(unit, canvas.lang) if alerts.alerts else ""
    section(canvas, spot, alerts.label, alerts.note, label)
    if not alerts.alerts:
        empty(canvas, spot, alerts.empty)
    for row, alert in enumerate(alerts.alerts, start=spot.top + 1):
        _alert(canvas, spot, row, alert, unit.signed, unit.scaled(alert.amount))


def _alert(canvas: Canvas, spot: Spot, row: int, alert: Alert, num_format: str, amount: float | None) -> None:
    sheet, styles = canvas.sheet, canvas.styles
    line = {"bottom": 1, "bottom_color": theme.BAND}
    mark, tone = theme.SEVERITY[alert.severity]
    lead = f"{mark} {text(canvas.lang, f'formats.severity.{alert.severity}')}   "
    for column in range(spot.left, spot.right + 1):
        sheet.write_blank(row, column, None, styles(**line))
    last = spot.right - 1 - bool(alert.page)
    room = canvas.layout.width(spot.left, max(last, spot.left)) - PADDING
    words_left = canvas.ruler.fitted(
        alert.text, room - canvas.ruler.px(lead, theme.BODY, bold=True), theme.BODY
    )
    sentence = (Run(lead, tone), Run(words_left))
    write_sentence(canvas, row, (spot.left, spot.left), sentence, theme.BODY, theme.INK, wrap=False, **line)
    if alert.page and spot.right - 1 > spot.left:
        style = styles(font_size=theme.SMALL, font_color=theme.ACCENT, align="right", **line)
        words_link = canvas.shorts.get(alert.page)
        if words_link:
            canvas.link(row, spot.right - 1, alert.page, f"{words_link} →", style)
    if not is_blank(amount) and spot.right > spot.left:
        colour = theme.BAD_TEXT if (amount or 0) < 0 else theme.GOOD
        style = styles(num_format=num_format, align="right", bold=True, font_color=colour, **line)
        sheet.write_number(row, spot.right, amount, style)


def write_form(canvas: Canvas, spot: Spot, form: Form) -> None:
    """Labels left, the cells to fill beside them, a list of choices where there are any."""
    sheet, styles = canvas.sheet, canvas.styles
    section(canvas, spot, form.label)
    choices = [(field.label, field.allowed, "@") for field in form.fields if field.allowed]
    sources = iter(canvas.sources.add(form.label, choices) if choices else [])
    column = min(spot.left + 1, spot.right)
    for row, field in enumerate(form.fields, start=spot.top + 1):
        canvas.fields[f"{form.key}.{field.key}"] = xl_rowcol_to_cell(row, column)
        style = styles(border=1, border_color=theme.RULE, bg_color=theme.PANEL, num_format="@", locked=False)
        if column > spot.left:
            room = canvas.layout.widths[spot.left] - PADDING
            sheet.write_string(
                row,
                spot.left,
                canvas.ruler.fitted(field.label, room, theme.BODY),
                styles(font_color=theme.INK2),
            )
        if is_blank(field.value):
            sheet.write_blank(row, column, None, style)
        elif isinstance(field.value, str):
            sheet.write_string(row, column, field.value, style)
        else:
            plain = styles(border=1, border_color=theme.RULE, bg_color=theme.PANEL)
            sheet.write(row, column, field.value, plain)
        if field.allowed:
            sheet.data_validation(
                row, column, row, column, {"validate": "list", "source": f"={next(sources).range}"}
            )
    canvas.blocks[form.key] = xl_range(spot.top + 1, spot.left, spot.bottom, column)
