"""Where the parts of cards stand: their columns, and the rows that at least one card has words for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from xlsales.language import text
from xlsales.report import theme
from xlsales.report.formats import is_blank
from xlsales.report.measure import RULERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.language import Language
    from xlsales.report.blocks import Card, Kpis

GUTTER = 24
"""A grid column up to this wide separates blocks and carries nothing."""
INSET = 14
"""Room that the rule, the indent and the edge take in a card."""
Part = Literal["label", "value", "target", "change", "history"]
HEIGHTS: Mapping[Part, int] = {"label": 24, "value": 38, "target": 20, "change": 20, "history": 40}
FOOT = 8
"""The height of the last row where no card has a history."""


def card_columns(columns: Sequence[int], count: int, first: int) -> list[tuple[int, int]]:
    """First and last grid column of each of ``count`` cards of nearly equal width; gutters stay empty.

    Their widths have the least sum of squares. Each has two columns or more where there are twice as many
    columns as cards.
    """
    edges, wide = [0], [0]
    for width in columns:
        edges.append(edges[-1] + width)
        wide.append(wide[-1] + (width > GUTTER))
    least = max(1, min(2, wide[-1] // count))
    cuts: dict[int, tuple[int, float, tuple[int, ...]]] = {0: (0, 0.0, (0,))}
    for index in range(1, count + 1):
        goal = edges[-1] * index / count
        cuts = {
            cut: min(
                (squares + (edges[cut] - edges[left]) ** 2, off + abs(edges[cut] - goal), (*before, cut))
                for left, (squares, off, before) in cuts.items()
                if wide[cut] - wide[left] >= least
            )
            for cut in range(1, len(edges))
            if any(wide[cut] - wide[left] >= least for left in cuts)
        }
    _, _, chosen = cuts[len(columns)]
    spans = []
    for left, right in pairwise(chosen):
        inner = [column for column in range(left, right) if columns[column] > GUTTER] or [left]
        spans.append((first + inner[0], first + inner[-1]))
    return spans


def half(widths: Sequence[int]) -> int:
    """How many of a card's grid columns make up its left half. Raises ``ValueError`` where there is one."""
    if len(widths) < 2:
        raise ValueError("a card needs two grid columns")
    return min(range(1, len(widths)), key=lambda count: (abs(2 * sum(widths[:count]) - sum(widths)), count))


def stacked(kpis: Kpis, columns: Sequence[int], lang: Language) -> bool:
    """Whether changes on the period before stand above those on the year before in cards without a target.

    They do where half of one such card is too narrow for what it says.
    """
    spans = card_columns(columns, len(kpis.cards), 0)
    return any(
        _narrow(card, columns[left : right + 1], lang)
        for card, (left, right) in zip(kpis.cards, spans, strict=True)
    )


def parts(kpis: Kpis, columns: Sequence[int], lang: Language) -> tuple[Part, ...]:
    """The rows of a band of cards on these grid columns, from the top."""
    compared = any(
        card.lacks or not (is_blank(card.previous) and is_blank(card.year_ago)) for card in kpis.cards
    )
    aims = any(not is_blank(card.target) for card in kpis.cards)
    wanted: dict[Part, bool] = {"target": aims or stacked(kpis, columns, lang), "change": compared}
    return tuple(part for part in HEIGHTS if wanted.get(part, True))


def heights(kpis: Kpis, columns: Sequence[int], lang: Language) -> list[int]:
    """The height of each of those rows."""
    history = any(len(card.history) > 1 for card in kpis.cards)
    return [
        FOOT if part == "history" and not history else HEIGHTS[part] for part in parts(kpis, columns, lang)
    ]


def _narrow(card: Card, widths: Sequence[int], lang: Language) -> bool:
    if not is_blank(card.target) or is_blank(card.previous) or is_blank(card.year_ago):
        return False
    count = half(widths)
    rooms = (sum(widths[:count]) - INSET, sum(widths[count:]) - INSET)
    pairs = ((card.previous, "mom"), (card.year_ago, "yoy"))
    return any(
        RULERS[lang].px(_change(card, base, word, lang), theme.SMALL) > room
        for (base, word), room in zip(pairs, rooms, strict=True)
    )


def _change(card: Card, base: float | None, word: str, lang: Language) -> str:
    """About what the change of the card's value says."""
    value, base = card.value or 0, base or 0
    if card.change == "percent":
        said = f"{(value / base - 1) * 100 if base else 0:+.1f}%"
    else:
        number = (value - base) * (100 if card.change == "points" else 1)
        unit = text(lang, f"formats.{card.change}_unit")
        said = f"{number:+.1f}{'' if lang == 'zh' else ' '}{unit}"
    return text(lang, f"formats.{word}", number=f"▲ {said}")
