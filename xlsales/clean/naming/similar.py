"""How alike two names are, and which of many a name most likely means: suggestions, never decisions."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xlsales.clean.naming.identity import company

if TYPE_CHECKING:
    from collections.abc import Sequence


def similarity(one: str, other: str) -> float:
    """0 to 1, of the names without legal form, case and width.

    The larger of the share of letters in common in their order (1 - indel distance / length) and the
    same with the words sorted, so that ``North Acme`` is ``Acme North``. 0 where either is blank.
    """
    from rapidfuzz import fuzz

    a, b = company(one) or "", company(other) or ""
    if not a or not b:
        return 0.0
    return max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b)) / 100


def best_match(name: str, candidates: Sequence[str | None], least: float) -> tuple[str, float] | None:
    """The candidate most like the name and how alike they are; None where all are below ``least``.

    Of equally good ones the one that comes first in the alphabet, so their order means nothing.
    """
    from rapidfuzz import fuzz, process

    known = _known(tuple(candidates))
    wanted = company(name)
    if not wanted:
        return None
    scores: dict[str, float] = {}
    for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
        for _, score, key in process.extract(wanted, known, scorer=scorer, limit=5, score_cutoff=least * 100):
            scores[key] = max(score, scores.get(key, 0.0))
    if not scores:
        return None
    best = min(scores, key=lambda key: (-scores[key], key))
    return best, scores[best] / 100


@lru_cache(maxsize=8)
def _known(candidates: tuple[str | None, ...]) -> dict[str, str]:
    """Each candidate and its comparable form, in alphabetical order."""
    forms = {one: company(one) for one in sorted({one for one in candidates if one})}
    return {one: form for one, form in forms.items() if form}
