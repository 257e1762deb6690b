"""Ribbon callbacks: the Sub must exist, be public, and take what Excel passes to that kind of control."""

from __future__ import annotations

import pytest

from xlsales.excel.callbacks import wrong_callbacks
from xlsales.excel.vba.project import Module

CONTROL = "control As IRibbonControl"

PASSED = [
    ("customUI", "onLoad", "ribbon As IRibbonUI"),
    ("customUI", "loadImage", "id As String, ByRef image"),
    ("button", "onAction", CONTROL),
    ("command", "onAction", f"{CONTROL}, ByRef cancelDefault"),
    ("checkBox", "onAction", f"{CONTROL}, pressed As Boolean"),
    ("toggleButton", "onAction", f"{CONTROL}, pressed As Boolean"),
    ("dropDown", "onAction", f"{CONTROL}, id As String, index As Integer"),
    ("gallery", "onAction", f"{CONTROL}, id As String, index As Integer"),
    ("comboBox", "onChange", f"{CONTROL}, text As String"),
    ("editBox", "onChange", f"{CONTROL}, text As String"),
    ("button", "getEnabled", f"{CONTROL}, ByRef enabled"),
    ("dropDown", "getItemCount", f"{CONTROL}, ByRef count"),
    ("dropDown", "getItemLabel", f"{CONTROL}, index As Integer, ByRef label"),
    ("dropDown", "getSelectedItemIndex", f"{CONTROL}, ByRef index"),
    ("gallery", "getItemWidth", f"{CONTROL}, ByRef width"),
    ("dynamicMenu", "getContent", f"{CONTROL}, ByRef content"),
]
"""The signatures of Microsoft's reference, "Customizing the Office Fluent ribbon for developers", part 3."""


def ribbon(element: str, attribute: str, macro: str) -> str:
    return f'<ui><{element} {attribute}="{macro}"/></ui>'


@pytest.mark.parametrize(("element", "attribute", "arguments"), PASSED)
def test_a_sub_that_takes_what_excel_passes_is_right(element: str, attribute: str, arguments: str) -> None:
    modules = [Module("Buttons", f"Public Sub Press({arguments})\nEnd Sub\n")]
    for name in ("Press", "Buttons.Press"):
        assert wrong_callbacks(ribbon(element, attribute, name), modules) == []


@pytest.mark.parametrize(("element", "attribute", "arguments"), PASSED)
def test_one_that_takes_fewer_or_more_is_wrong(element: str, attribute: str, arguments: str) -> None:
    for other in (f"{arguments}, more", arguments.rpartition(",")[0]):
        modules = [Module("Buttons", f"Sub Press({other})\nEnd Sub\n")]
        (said,) = wrong_callbacks(ribbon(element, attribute, "Press"), modules)
        assert said.startswith("Press takes ")
        assert said.endswith(f" arguments and gets {arguments.count(',') + 1}")


@pytest.mark.parametrize(
    "code",
    [
        "Private Sub Press(control As IRibbonControl)\nEnd Sub",
        "Public Function Press(control As IRibbonControl)\nEnd Function",
        "' Public Sub Press(control As IRibbonControl)",
        "Public Sub Pressed(control As IRibbonControl)\nEnd Sub",
    ],
)
def test_what_is_no_public_sub_is_wrong(code: str) -> None:
    assert wrong_callbacks(ribbon("button", "onAction", "Press"), [Module("Buttons", code)]) == [
        "Press is no Sub"
    ]


def test_a_sub_of_a_class_is_none_for_the_ribbon() -> None:
    modules = [Module("Buttons", "Public Sub Press(control As IRibbonControl)\nEnd Sub", "class")]
    assert wrong_callbacks(ribbon("button", "onAction", "Press"), modules) == ["Press is no Sub"]


def test_a_signature_may_go_on_in_the_next_line() -> None:
    modules = [
        Module(
            "Buttons", "Sub Pick(control As IRibbonControl, _\n    id As String, index As Integer)\nEnd Sub"
        )
    ]
    assert wrong_callbacks(ribbon("dropDown", "onAction", "Pick"), modules) == []
