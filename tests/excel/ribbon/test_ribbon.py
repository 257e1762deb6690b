"""The ribbon: every control is declared once, says what it changes, and calls a Sub that is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from xml.etree import ElementTree

import pytest

from xlsales.excel.macros import MACROS
from xlsales.excel.ribbon.buttons import BUTTONS, TAB_KEYTIP
from xlsales.excel.ribbon.markup import MODULE, NAMESPACE, custom_ui
from xlsales.language import LANGUAGES
from xlsales.metrics._catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsales.language import Language

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "workbook_templates" / "vba" / f"{MODULE}.bas"
SCHEMA = ROOT.parent / "shared" / "schemas" / "customui14.xsd"
CALLBACK = re.compile(r"on[A-Z]\w+|get[A-Z]\w+")
MOST_CHARACTERS = 1024
"""What Office takes of a label, screentip or supertip."""

ARGUMENTS = {
    "onLoad": ["IRibbonUI"],
    "onAction": ["IRibbonControl"],
    "onChange": ["IRibbonControl", "String"],
    "getEnabled": ["IRibbonControl", "ByRef"],
    "getVisible": ["IRibbonControl", "ByRef"],
    "getText": ["IRibbonControl", "ByRef"],
    "getItemCount": ["IRibbonControl", "ByRef"],
    "getItemLabel": ["IRibbonControl", "Integer", "ByRef"],
}
"""What Office hands to each callback in VBA: the types of the arguments, ByRef for what comes back."""


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    return request.param


def controls(lang: Language) -> Iterator[ElementTree.Element]:
    """Every element with an id, in the order of the part."""
    root = ElementTree.fromstring(custom_ui(lang))
    return (element for element in root.iter() if "id" in element.attrib)


def callbacks(lang: Language) -> set[tuple[str, str]]:
    """The kind and the Sub of every callback in the part."""
    root = ElementTree.fromstring(custom_ui(lang))
    pairs = (pair for element in root.iter() for pair in element.attrib.items())
    return {(kind, sub) for kind, sub in pairs if CALLBACK.fullmatch(kind)}


def subs() -> dict[str, list[str]]:
    """The public Subs of the module, with the types of their arguments."""
    found = re.findall(r"^Public Sub (\w+)\((.*)\)", SOURCE.read_text("utf-8"), re.MULTILINE)
    return {name: [kind_of(one) for one in said.split(", ")] if said else [] for name, said in found}


def kind_of(argument: str) -> str:
    return "ByRef" if argument.startswith("ByRef ") else argument.rpartition(" As ")[2]


def free_of_prefixes(keytips: Sequence[str]) -> bool:
    """Whether no keytip is the beginning of another, which Office could then not tell apart."""
    return not any(
        other.startswith(one) for k, one in enumerate(keytips) for other in keytips[:k] + keytips[k + 1 :]
    )


def test_every_declared_control_is_on_the_ribbon_in_its_order(lang: Language) -> None:
    ids = [one.get("id") for one in controls(lang)]
    assert [one for one in ids if one in {button.id for button in BUTTONS}] == [b.id for b in BUTTONS]


def test_every_metric_is_in_the_menu_by_its_own_name(lang: Language) -> None:
    labels = {one.get("id"): one.get("label") for one in controls(lang)}
    named = {f"metric_{key}": metric.title(lang) for key, metric in catalogue().items()}
    assert {id_: label for id_, label in labels.items() if id_.startswith("metric_")} == named


def test_every_id_is_used_once(lang: Language) -> None:
    ids = [one.get("id") for one in controls(lang)]
    assert len(ids) == len(set(ids))


def test_the_keytips_of_the_tab_and_of_its_menu_can_be_told_apart(lang: Language) -> None:
    tips = {
        one.get("id"): one.get("keytip") for one in controls(lang) if one.tag.rpartition("}")[2] != "item"
    }
    items = [tip for id_, tip in tips.items() if tip and id_.startswith("metric_")]
    tab = [button.keytip for button in BUTTONS]
    assert len(items) == len(catalogue())
    for keytips in (tab, items):
        assert free_of_prefixes(keytips)
    assert all(re.fullmatch("[A-Z0-9]{1,3}", tip) for tip in [TAB_KEYTIP, *tab, *items])


@pytest.mark.parametrize(("keytips", "free"), [(["A", "B"], True), (["A", "AB"], False), (["A", "A"], False)])
def test_a_keytip_that_begins_another_is_noticed(keytips: list[str], free: bool) -> None:
    assert free_of_prefixes(keytips) is free


def test_a_label_is_four_chinese_characters_or_two_words_at_most(lang: Language) -> None:
    for button in (one for one in controls(lang) if one.get("imageMso")):
        label = button.get("label", "")
        wide = sum(east_asian_width(character) == "W" for character in label)
        assert 0 < wide <= 4 if lang == "zh" else len(label.split()) <= 2, label


def test_every_control_says_what_it_does_and_changes_within_what_office_shows(lang: Language) -> None:
    for control in controls(lang):
        said = [control.get(name, "") for name in ("label", "screentip", "supertip")]
        assert max(map(len, said)) <= MOST_CHARACTERS
        if control.get("keytip") and control.get("id") != "xlsales_tab":
            assert all(said)


def test_every_image_is_a_name_and_no_path() -> None:
    assert all(re.fullmatch("[A-Z][A-Za-z0-9]+", button.image) for button in BUTTONS)


def test_every_group_has_one_large_button_and_it_comes_first() -> None:
    groups: dict[str, list[str]] = {}
    for button in BUTTONS:
        groups.setdefault(button.group, []).append(button.size)
    assert all(sizes[0] == "large" and sizes.count("large") == 1 for sizes in groups.values())
    assert list(groups) == ["data", "analyse", "explain", "report", "help"]


def test_every_callback_has_a_sub_that_takes_what_office_hands_it(lang: Language) -> None:
    there = subs()
    assert {kind for kind, _ in callbacks(lang)} == set(ARGUMENTS)
    for kind, sub in callbacks(lang):
        module, _, name = sub.partition(".")
        assert module == MODULE
        assert there.get(name) == ARGUMENTS[kind], f"{kind} of {sub}"


def test_every_control_can_be_disabled(lang: Language) -> None:
    pressed = [one for one in controls(lang) if one.get("onAction") or one.get("onChange")]
    assert len(pressed) == len(BUTTONS) - 1 + len(catalogue())
    assert {one.get("getEnabled") for one in pressed} == {f"{MODULE}.GetEnabled"}


def test_the_part_is_in_the_namespace_that_keeps_its_ribbon(lang: Language) -> None:
    assert ElementTree.fromstring(custom_ui(lang)).tag == f"{{{NAMESPACE}}}customUI"


def test_the_module_is_plain_ascii_in_lines_that_vba_takes() -> None:
    source = SOURCE.read_text("utf-8")
    assert source.isascii()
    assert max(map(len, source.splitlines())) < 1023


def test_every_control_has_its_function_and_every_function_its_control() -> None:
    assert set(MACROS) == {button.id for button in BUTTONS}


@pytest.mark.corpus
def test_the_part_follows_the_schema_of_office(lang: Language) -> None:
    if not SCHEMA.exists():
        pytest.skip("the schema of Office, customui14.xsd, is not beside the project")
    schema = pytest.importorskip("xmlschema", reason="xmlschema is not installed").XMLSchema(SCHEMA)
    schema.validate(custom_ui(lang))
    broken = custom_ui(lang).replace("onAction=", "onClick=", 1)
    assert not schema.is_valid(broken)
