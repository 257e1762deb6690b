"""Of every kind of dirt at a stated rate exactly its cells are found; ``-s`` prints recall and precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clean.dirt import INJECTORS, clean_sheets, soil
from xlsales.clean.clean import clean
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from tests.clean.dirt import Sheets
    from xlsales.language import Language

EACH = 12
"""Pieces of dirt of each kind: 0.2 % to 1 % of their tables."""
OURS = {rule for rule, _ in INJECTORS}
STANDING = {"same_person"}
"""What the clean institution has itself, as families share a number and children a name."""


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
    for rule in sorted(OURS):
        asked, got = ({one for one in those if one[0] == rule} for those in (expected, caught))
        right = len(asked & got)
        shares = f"{right / len(asked):7.1%} {right / max(len(got), 1):7.1%}"
        print(f"  {rule:22} {len(asked):4} {len(got):4} {shares}")
    assert caught == expected


def found(sheets: Sheets) -> set[tuple[str, str, int]]:
    issues = clean(sheets.raws()).issues
    rows = issues["cell"].str.extract(r"(\d+)")[0].astype(int)
    return {one for one in zip(issues["rule"], issues["table"], rows, strict=True) if one[0] in OURS}
