"""How the template looks: the fonts and colours of the report, as formats that are made once a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.report import theme

if TYPE_CHECKING:
    from xlsales.language import Language

INPUT, INPUT_FILL = "#0000FF", "#FFFBE6"
"""What somebody types is blue on pale yellow, as financial models have it."""

_LEFT: dict[str, object] = {"align": "left", "indent": 1}
_RIGHT: dict[str, object] = {"align": "right", "indent": 1}
_ROW: dict[str, object] = {"valign": "vcenter", "bottom": 1, "bottom_color": theme.BAND}
_QUIET: dict[str, object] = {"font_size": theme.SMALL, "font_color": theme.INK3}
_SECTION: dict[str, object] = {"bottom": 1, "bottom_color": theme.INK}
_HEAD: dict[str, object] = {"bold": True, "valign": "vcenter"}


def _card(rule: str, fill: str) -> dict[str, object]:
    """A panel with a thick rule at its left."""
    return {"bg_color": fill, "left": 5, "left_color": rule, "text_wrap": True, "valign": "vcenter"} | _LEFT


_STEP = _card(theme.ACCENT, theme.PANEL)

_STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": theme.TITLE},
    "quiet": _QUIET,
    "section": _SECTION | {"bold": True, "font_size": theme.SECTION},
    "section_note": _SECTION | _QUIET | _RIGHT,
    "head": {
        "bold": True,
        "font_size": theme.SMALL,
        "font_color": theme.INK2,
        "bottom": 1,
        "bottom_color": theme.CONTEXT2,
    },
    "cell": _ROW | {"text_wrap": True},
    "indented": _ROW | _LEFT | {"text_wrap": True},
    "count": _ROW | _RIGHT | {"num_format": "#,##0"},
    "link": _ROW | {"bold": True, "underline": 1, "font_color": theme.ACCENT},
    "key": _ROW | {"font_color": theme.INK3},
    "input": _ROW
    | _LEFT
    | {
        "num_format": "@",
        "font_color": INPUT,
        "bg_color": INPUT_FILL,
        "border": 1,
        "border_color": theme.RULE,
    },
    "step": _STEP | {"bold": True, "font_size": theme.HEADLINE, "text_wrap": False},
    "step_text": _STEP | {"font_color": theme.INK2, "valign": "top"},
    "note": _card(theme.BAD, theme.BAD_PANEL),
    "needed": _HEAD | {"bg_color": theme.ACCENT, "font_color": theme.WHITE},
    "optional": _HEAD | {"bg_color": theme.BAND},
    "data": {},
    "sample": {"italic": True, "font_color": theme.INK3},
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
