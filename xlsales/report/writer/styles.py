"""Cell formats, each made once, and the pieces of Excel syntax that words need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.report import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.language import Language
    from xlsales.report.blocks import Tone

DEFAULT_ROW = 16.5
"""Points of a row below the page: not XlsxWriter's own 15, whose rows it leaves without a height."""

Style = Any
"""An XlsxWriter format; the library has no types."""


class Styles:
    """Cell formats by their properties, every one with font, size, colour and alignment named."""

    def __init__(self, add_format: Callable[[dict[str, object]], Style], lang: Language) -> None:
        self.font = theme.FONT[lang]
        self._add_format = add_format
        self._made: dict[tuple[tuple[str, object], ...], Style] = {}

    def __call__(self, **properties: object) -> Style:
        """The format with these XlsxWriter properties over the page's defaults."""
        full = {
            "font_name": self.font,
            "font_scheme": "none",
            "font_size": theme.BODY,
            "font_color": theme.INK,
            "valign": "vcenter",
            **properties,
        }
        return self._get(full)

    def rule(self, **properties: object) -> Style:
        """A format for a conditional rule: only what it changes."""
        return self._get({"rule": True, **properties})

    def run(self, tone: Tone, size: float, colour: str = theme.INK) -> Style:
        """The format of a stretch of a sentence; ``colour`` is that of plain text."""
        return self(
            font_size=size,
            font_color=colour if tone == "plain" else theme.TEXT[tone],
            bold=tone in theme.BOLD,
        )

    def _get(self, properties: dict[str, object]) -> Style:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._add_format({k: v for k, v in properties.items() if k != "rule"})
        return self._made[key]


def literal(words: str) -> str:
    """Words as a literal of a number format."""
    return '"' + words.replace('"', "”") + '"' if words else ""


def worded(template: str, number: str) -> str:
    """A number format inside words: ``worded("目标 {number}", "0.0%")`` is ``"目标 "0.0%``."""
    before, _, after = template.partition("{number}")
    return literal(before) + number + literal(after)


def quoted(sheet: str) -> str:
    """A sheet name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"
