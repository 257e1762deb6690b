"""Words of a closed vocabulary: stages, types, statuses, and yes or no."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from xlsales.clean.parse._distinct import Reading, keyed, narrow

if TYPE_CHECKING:
    from collections.abc import Mapping

YES = frozenset({"是", "有", "对", "y", "yes", "t", "true", "1", "1.0", "√", "✓", "✔"})
NO = frozenset({"否", "没有", "错", "n", "no", "f", "false", "0", "0.0", "×", "✗", "✘", "x"})


def stage(texts: list[str], vocabulary: Mapping[str, tuple[str, ...]]) -> Reading:
    """The canonical value whose name or spelling the text is; an unknown one suggests the nearest."""
    spellings: dict[str, str] = {}
    known: dict[str, str] = {}
    for canonical, others in vocabulary.items():
        for spelling in (canonical, *others):
            spellings.setdefault(keyed(spelling), canonical)
            known.setdefault(keyed(spelling), spelling)
    values = [spellings.get(keyed(one)) for one in texts]
    faults = []
    for at, value in enumerate(values):
        if value is None:
            near = get_close_matches(keyed(texts[at]), known, n=1, cutoff=0.5)
            faults.append(("unknown_word", at, known[near[0]] if near else ""))
    return Reading(values, faults)


def flag(texts: list[str]) -> Reading:
    """True or False from 是/否, yes/no, true/false, 1/0, √/×."""
    words = [narrow(one).casefold() for one in texts]
    values = [True if word in YES else False if word in NO else None for word in words]
    return Reading(values, [("unreadable_flag", at, "") for at, value in enumerate(values) if value is None])
