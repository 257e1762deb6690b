"""How alike two names are, and which of many a name most likely means: suggestions, never decisions.

The list is the user's own, so the most alike name of it is given even where words tell the two apart; only
``alike``, which proposes pairs that nobody asked for, leaves these out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xlsales.clean.naming.identity import company

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


def likeness(ones: Sequence[str], others: Sequence[str]) -> Numbers:
    """0 to 1 for each of ``ones`` and the name at its place in ``others``.

    The larger of the share of letters in common in their order (1 - indel distance / length) and the same
    with the words sorted, so that ``north acme`` is ``acme north``.
    """
    import numpy as np
    from rapidfuzz import process

    straight, turned = (process.cpdist(ones, others, scorer=one, dtype=np.float64) for one in _scorers())
    larger: Numbers = np.maximum(straight, turned) / 100
    return larger


def similarity(one: str, other: str) -> float:
    """The likeness of two names without legal form, case and width; 0 where either is blank."""
    a, b = company(one), company(other)
    return float(likeness([a], [b])[0]) if a and b else 0.0


def best_match(name: str, candidates: Sequence[str | None], least: float) -> tuple[str, float] | None:
    """The candidate most like the name and how alike they are; None where all are below ``least``.

    Of equally good ones the one that comes first in the alphabet, so their order means nothing.
    """
    import numpy as np
    from rapidfuzz import process

    names, forms = _known(tuple(candidates))
    wanted = company(name)
    if not wanted or not names:
        return None
    straight, turned = (
        process.cdist([wanted], forms, scorer=one, score_cutoff=least * 100, dtype=np.float64)[0]
        for one in _scorers()
    )
    scores = np.maximum(straight, turned) / 100
    best = int(scores.argmax())
    return (names[best], float(scores[best])) if scores[best] >= least else None


def _scorers() -> tuple[Any, Any]:
    from rapidfuzz import fuzz

    return fuzz.ratio, fuzz.token_sort_ratio


@lru_cache(maxsize=8)
def _known(candidates: tuple[str | None, ...]) -> tuple[list[str], list[str]]:
    """The candidates that say something, in alphabetical order, and their comparable forms."""
    forms = {one: form for one in sorted({one for one in candidates if one}) if (form := company(one))}
    return list(forms), list(forms.values())
