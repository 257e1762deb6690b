"""How the template looks: the fonts and colours of the report, as formats that are made once a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.report import theme

if TYPE_CHECKING:
    from xlsales.language import Language

INPUT, INPUT_FILL = "#0000FF", "#FFFBE6"
"""What somebody types is blue on pale yellow, as financial models have it."""

_STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": theme.TITLE},
    "quiet": {"font_size": theme.SMALL, "font_color": theme.INK3},
    "section": {"bold": True, "font_size": theme.SECTION, "bottom": 1, "bottom_color": theme.INK},
    "section_note": {
        "font_size": theme.SMALL,
        "font_color": theme.INK3,
        "align": "right",
        "indent": 1,
        "bottom": 1,
        "bottom_color": theme.INK,
    },
    "head": {
        "bold": True,
        "font_size": theme.SMALL,
        "font_color": theme.INK2,
        "bottom": 1,
        "bottom_color": theme.CONTEXT2,
    },
    "cell": {"text_wrap": True, "valign": "vcenter", "bottom": 1, "bottom_color": theme.BAND},
    "count": {
        "num_format": "#,##0",
        "align": "right",
        "indent": 1,
        "valign": "vcenter",
        "bottom": 1,
        "bottom_color": theme.BAND,
    },
    "link": {
        "bold": True,
        "underline": 1,
        "font_color": theme.ACCENT,
        "valign": "vcenter",
        "bottom": 1,
        "bottom_color": theme.BAND,
    },
    "step": {
        "bold": True,
        "font_size": theme.HEADLINE,
        "bg_color": theme.PANEL,
        "valign": "vcenter",
        "left": 5,
        "left_color": theme.ACCENT,
        "align": "left",
        "indent": 1,
    },
    "step_text": {
        "text_wrap": True,
        "valign": "top",
        "font_color": theme.INK2,
        "bg_color": theme.PANEL,
        "left": 5,
        "left_color": theme.ACCENT,
        "align": "left",
        "indent": 1,
    },
    "note": {
        "text_wrap": True,
        "valign": "vcenter",
        "bg_color": theme.BAD_PANEL,
        "left": 5,
        "left_color": theme.BAD,
        "align": "left",
        "indent": 1,
    },
    "needed": {"bold": True, "bg_color": theme.ACCENT, "font_color": theme.WHITE, "valign": "vcenter"},
    "optional": {"bold": True, "bg_color": theme.BAND, "valign": "vcenter"},
    "input": {
        "num_format": "@",
        "font_color": INPUT,
        "bg_color": INPUT_FILL,
        "valign": "vcenter",
        "align": "left",
        "indent": 1,
        "border": 1,
        "border_color": theme.RULE,
    },
    "data": {},
    "sample": {"italic": True, "font_color": theme.INK3},
    "indented": {
        "text_wrap": True,
        "valign": "vcenter",
        "align": "left",
        "indent": 1,
        "bottom": 1,
        "bottom_color": theme.BAND,
    },
    "key": {"font_color": theme.INK3, "valign": "vcenter", "bottom": 1, "bottom_color": theme.BAND},
}


class Look:
    """The formats of one workbook in one language, by name."""

    def __init__(self, book: Any, lang: Language) -> None:
        self._book = book
        self._base = {"font_name": theme.FONT[lang], "font_size": theme.BODY, "font_color": theme.INK}
        self._made: dict[tuple[str, str, str], Any] = {}

    def __call__(self, name: str, *, align: str = "", number_format: str = "") -> Any:
        """The format of this name, aligned and with the number format given."""
        key = (name, align, number_format)
        if key not in self._made:
            given: dict[str, object] = {}
            if align:
                # A number right at the border would touch the text in the next column.
                given |= {"align": align, "indent": 1 if align == "right" else 0}
            if number_format:
                given["num_format"] = number_format
            self._made[key] = self._book.add_format(self._base | _STYLES[name] | given)
        return self._made[key]
