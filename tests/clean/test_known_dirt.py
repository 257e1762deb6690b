"""Of every kind of dirt at a stated rate exactly its cells are found; ``-s`` prints recall and precision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.clean.dirt import INJECTORS, clean_sheets, soil
from xlsales.clean.clean import clean
from xlsales.clean.issues import RULES
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from tests.clean.soiled import Sheets
    from xlsales.language import Language

EACH = 12
"""Pieces of dirt of each kind: 0.2 % to 10 % of their tables."""
STANDING = {"same_person"}
"""What the clean institution has itself, as families share a number and children a name."""

NOT_INJECTED = {
    "unreadable_flag": "no table has a column of yes and no: cases/parse.toml",
    "skipped_row": "left out where sheets are recognised, before cleaning: ../tables/test_body.py",
    "changed_amount": "a line of the reconciliation, no finding: rules/test_user_rules.py",
    "unknown_region": "the institution's regions are campuses, no provinces: naming/test_names.py",
    "similar_name": "a matter of degree: naming/test_fuzzy_names.py",
    "decided": "no dirt, comes of decisions: review/test_decisions.py",
    "unreadable_correction": "no dirt, comes of decisions: review/test_decisions.py",
    "conflicting_decisions": "no dirt, comes of decisions: review/test_decisions.py",
    "unfit_decision": "no dirt, comes of decisions: review/test_decisions.py",
}
"""The rules that no injector stands for: why, and where they are tested."""


def test_every_rule_is_injected_or_says_why_not() -> None:
    injected = {rule for rule, _ in INJECTORS}
    assert injected | set(NOT_INJECTED) == set(RULES)
    assert not injected & set(NOT_INJECTED)
    for rule, why in NOT_INJECTED.items():
        assert (Path(__file__).parent / why.rpartition(": ")[2]).is_file(), rule


@pytest.mark.parametrize("lang", LANGUAGES)
def test_clean_sheets_raise_no_alarm(lang: Language) -> None:
    issues = clean(clean_sheets(lang).raws()).issues
    print(f"\n{lang}: issues on clean sheets: {issues['rule'].value_counts().to_dict()}")
    assert set(issues["rule"]) <= STANDING


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_dirt_is_found_and_nothing_else(lang: Language) -> None:
    sheets = clean_sheets(lang)
    standing = found(sheets)
    expected = soil(sheets, EACH)
    caught = found(sheets) - standing
    print(f"\n{lang}: rule, injected, found, recall, precision")
    for rule in sorted({one[0] for one in expected | caught}):
        asked, got = ({one for one in those if one[0] == rule} for those in (expected, caught))
        right = len(asked & got)
        shares = f"{right / max(len(asked), 1):7.1%} {right / max(len(got), 1):7.1%}"
        print(f"  {rule:22} {len(asked):4} {len(got):4} {shares}")
    assert caught == expected


def found(sheets: Sheets) -> set[tuple[str, str, int]]:
    """Every finding: rule, sheet, row."""
    issues = clean(sheets.raws()).issues
    rows = issues["cell"].str.extract(r"(\d+)")[0].astype(int)
    return set(zip(issues["rule"], issues["sheet"], rows, strict=True))
