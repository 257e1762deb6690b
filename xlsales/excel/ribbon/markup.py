"""The ribbon as Excel reads it: a customUI14 part whose callbacks are the Subs of ``RibbonXlsales.bas``.

Its words stand in the part itself, in the language it is made for: the part is Unicode on every system,
which strings in VBA are not.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from xlsales.excel.ribbon.buttons import BUTTONS, TAB_KEYTIP
from xlsales.language import text
from xlsales.metrics._catalogue import catalogue
from xlsales.report.pages import PAGES
from xlsales.settings import word

if TYPE_CHECKING:
    from xlsales.excel.ribbon.buttons import Button
    from xlsales.language import Language

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
TAB = "xlsales_tab"
MODULE = "RibbonXlsales"
"""The VBA module that has the callbacks."""

_ITEM_KEYTIPS = tuple(f"{letter}{digit}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for digit in "123456789")
"""Two signs each, so that none begins another; there are more of them than metrics will ever be."""


def custom_ui(lang: Language) -> str:
    """The customUI14 part: one tab, its groups in order, and the metrics of the catalogue as a menu."""
    root = ElementTree.Element("customUI", {"xmlns": NAMESPACE, "onLoad": f"{MODULE}.OnLoad"})
    tabs = ElementTree.SubElement(ElementTree.SubElement(root, "ribbon"), "tabs")
    tab = ElementTree.SubElement(
        tabs,
        "tab",
        {
            "id": TAB,
            "label": text(lang, "ribbon.tab"),
            "insertAfterMso": "TabHome",
            "keytip": TAB_KEYTIP,
            "getVisible": f"{MODULE}.GetVisible",
        },
    )
    for key, buttons in groupby(BUTTONS, key=lambda button: button.group):
        label = text(lang, f"ribbon.groups.{key}")
        group = ElementTree.SubElement(tab, "group", {"id": f"xlsales_{key}", "label": label})
        for button in buttons:
            _WRITE[button.kind](group, button, lang)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + ElementTree.tostring(
        root, encoding="unicode"
    )


def _button(group: ElementTree.Element, button: Button, lang: Language) -> None:
    attributes = {"size": button.size, "onAction": f"{MODULE}.OnButton"}
    ElementTree.SubElement(group, "button", _common(button, lang) | attributes)


def _choice(group: ElementTree.Element, button: Button, lang: Language) -> None:
    """A box with suggestions: the pages here, the latest months when it is opened."""
    attributes = {
        "sizeString": "2026-01-05",
        "getText": f"{MODULE}.GetChoice",
        "onChange": f"{MODULE}.OnChoice",
    }
    if button.id == "period":
        attributes |= {"getItemCount": f"{MODULE}.GetMonthCount", "getItemLabel": f"{MODULE}.GetMonth"}
    box = ElementTree.SubElement(group, "comboBox", _common(button, lang) | attributes)
    if button.id == "pages":
        for page in ("default", *PAGES):
            ElementTree.SubElement(box, "item", {"id": f"page_{page}", "label": word("pages", page, lang)})


def _menu(group: ElementTree.Element, button: Button, lang: Language) -> None:
    menu = ElementTree.SubElement(group, "menu", _common(button, lang) | {"size": button.size})
    for keytip, metric in zip(_ITEM_KEYTIPS, catalogue().values(), strict=False):
        ElementTree.SubElement(
            menu,
            "button",
            {
                "id": f"metric_{metric.key}",
                "label": metric.title(lang),
                "screentip": metric.title(lang),
                "supertip": text(lang, "ribbon.metric_item", definition=metric.definition(lang)),
                "keytip": keytip,
                "getEnabled": f"{MODULE}.GetEnabled",
                "onAction": f"{MODULE}.OnButton",
            },
        )


_WRITE = {"button": _button, "choice": _choice, "menu": _menu}


def _common(button: Button, lang: Language) -> dict[str, str]:
    return {
        "id": button.id,
        "label": text(lang, f"ribbon.{button.id}.label"),
        "imageMso": button.image,
        "screentip": text(lang, f"ribbon.{button.id}.name"),
        "supertip": text(lang, f"ribbon.{button.id}.changes"),
        "keytip": button.keytip,
        "getEnabled": f"{MODULE}.GetEnabled",
    }
