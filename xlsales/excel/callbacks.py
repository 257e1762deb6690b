"""The macros that a ribbon calls, held against the Subs that there are.

Excel looks for a callback when somebody presses the button, by its name, and passes it as many arguments as
the kind of control and the attribute say. So a wrong one is found here, before anybody has a workbook.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from xlsales.package.markup import local, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsales.excel.vba.project import Module

_CALLBACK = re.compile(r"on[A-Z]\w*|get[A-Z]\w*|loadImage")
_SUB = re.compile(
    r"^[ \t]*(?:Public[ \t]+)?(?:Static[ \t]+)?Sub[ \t]+(\w+)[ \t]*\(([^()]*(?:\(\)[^()]*)*)\)",
    re.IGNORECASE | re.MULTILINE,
)

_ON_ACTION = {"checkBox": 2, "toggleButton": 2, "command": 2, "dropDown": 3, "gallery": 3}
"""Arguments of ``onAction``: the control, and for these whether it is pressed, or an item's id and place."""

_WITH_INDEX = re.compile(r"getItem(?!Count|Height|Width)\w+")
"""Asked for each item of a list: the control, the place of the item, and what to answer."""


def wrong_callbacks(custom_ui: str, modules: Sequence[Module]) -> list[str]:
    """The callbacks without a public Sub in a standard module that takes what Excel passes, in words."""
    subs = dict(_subs(modules))
    wrong = []
    for name, passed in _callbacks(custom_ui):
        if name not in subs:
            wrong.append(f"{name} is no Sub")
        elif subs[name] != passed:
            wrong.append(f"{name} takes {subs[name]} arguments and gets {passed}")
    return sorted(set(wrong))


def _callbacks(custom_ui: str) -> Iterator[tuple[str, int]]:
    """Every macro that the ribbon names, and how many arguments it gets."""
    for control in parse(custom_ui.encode(), "customUI").iter(etree.Element):
        for attribute, macro in control.attrib.items():
            if _CALLBACK.fullmatch(str(attribute)):
                yield str(macro), _passed(local(control), str(attribute))


def _passed(control: str, attribute: str) -> int:
    if attribute == "onAction":
        return _ON_ACTION.get(control, 1)
    if attribute in {"onLoad", "onShow", "onHide"}:
        return 1
    return 3 if _WITH_INDEX.fullmatch(attribute) else 2


def _subs(modules: Sequence[Module]) -> Iterator[tuple[str, int]]:
    """The public Subs of the standard modules, with and without their module, and what they take."""
    for module in modules:
        if module.kind == "standard":
            for name, arguments in _SUB.findall(module.code.replace(" _\n", " ")):
                count = len(arguments.split(",")) if arguments.strip() else 0
                yield from ((name, count), (f"{module.name}.{name}", count))
