"""Colours, fonts and sizes: the only place that knows how a tone or a status looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.report.blocks import Status, Tone

INK, INK2, INK3 = "#1F2933", "#52606D", "#5F6B78"
RULE, BAND, PANEL = "#D3D9DF", "#EEF1F4", "#F6F8FA"
CONTEXT, CONTEXT2 = "#B4BEC8", "#8A96A3"
ACCENT = "#17456B"
GOOD, BAD, BAD_TEXT = "#0072B2", "#D55E00", "#B34700"
"""Blue and orange, never green and red. ``BAD`` is for fills and rules; it is too pale for small text."""
GOOD_TINT, BAD_SOFT, BAD_TINT, BAD_PANEL = "#BFDCEC", "#EDB184", "#F9D9C0", "#FDF3EB"
GOOD_PANEL = "#EEF5FA"
CHANGED = "#FBE3A2"
"""The fill of a cell that cleaning has changed: neither good nor bad, and no cell to fill."""
INPUT, INPUT_FILL = "#1D4ED8", "#FFF9DB"
"""Cells for the user to fill: blue on pale yellow, as in financial models."""
HEAT = ("#F4F8FB", "#5FA5D0")
IMMATURE = "#E4E8EC"
WHITE = "#FFFFFF"

FONT: dict[Language, str] = {"zh": "微软雅黑", "en": "Calibri"}
"""Named in every cell and chart, since the theme of the workbook they land in is not ours."""

TITLE, HEADLINE, CARD, SECTION, CHART_TITLE, BODY, SMALL = 18, 13, 20, 11, 10.5, 10, 9

TEXT: dict[Tone, str] = {
    "plain": INK,
    "strong": INK,
    "quiet": INK2,
    "good": GOOD,
    "bad": BAD_TEXT,
    "context": INK3,
    "context2": INK2,
    "accent": ACCENT,
    "bad_soft": BAD_TEXT,
    "bad_tint": BAD_TEXT,
    "none": WHITE,
}
"""A tone as text colour; ``none`` is text on a dark fill."""

FILL: dict[Tone, str | None] = {
    "plain": CONTEXT,
    "strong": INK,
    "quiet": RULE,
    "good": GOOD,
    "bad": BAD,
    "context": CONTEXT,
    "context2": CONTEXT2,
    "accent": ACCENT,
    "bad_soft": BAD_SOFT,
    "bad_tint": BAD_TINT,
    "none": None,
}
"""A tone as the fill of a bar; None is invisible."""

BOLD: frozenset[Tone] = frozenset({"strong", "good", "bad"})
"""Tones that make a stretch of a sentence or a label bold."""

PANELS: dict[Tone, tuple[str, str]] = {"bad": (BAD, BAD_PANEL), "good": (GOOD, GOOD_PANEL)}
"""Rule and fill of a callout; any other tone takes the neutral pair."""
NEUTRAL_PANEL = (CONTEXT2, PANEL)

STATUS: dict[Status, tuple[str, str, str]] = {
    "met": ("●", GOOD, GOOD),
    "near": ("◆", CONTEXT2, INK3),
    "missed": ("▼", BAD, BAD_TEXT),
    "over": ("▲", BAD, BAD_TEXT),
}
"""A status as mark, rule colour and text colour."""

SEVERITY: dict[str, tuple[str, Tone]] = {
    "high": ("■", "bad"),
    "medium": ("◆", "strong"),
    "low": ("○", "context"),
}
"""A severity as mark and tone."""
