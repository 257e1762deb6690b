"""Where the links to other pages stand in the title row: one a column, as evenly as the grid allows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from xlsales.report import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.report.blocks import Page
    from xlsales.report.measure import Ruler

PADDING = 8
"""Pixels that the edges of a cell take from the room for its text."""
STEP = 9
"""Pixels of one step of Excel's indent."""
GAPS = range(20, 61, 4)
"""Pixels between links that are tried."""
CLOSEST = 12
"""Pixels that two links are apart at least."""
EVEN = 36
"""Pixels by which gaps may differ and still look alike."""
FEWEST = 5
"""So few links are kept at least where more of them would stand unevenly."""


@dataclass(frozen=True)
class Link:
    """A link in the title row: its grid column, counted on the sheet, the page, and how it stands there."""

    column: int
    page: str
    align: Literal["left", "right"] = "right"
    indent: int = 0


def short_name(page: Page) -> str:
    """What links to the page say."""
    return page.short or page.name


def page_links(page: Page, pages: Sequence[Page], ruler: Ruler) -> tuple[Link, ...]:
    """The links at the right end of the title row, as many as stand evenly beside the title.

    Where not all fit, the first page, the last, which says what the words mean, and the nearest ones stay.
    """
    if len(pages) < 2:
        return ()
    title = ruler.px(page.title, theme.TITLE, bold=True) + PADDING
    here = [other.key for other in pages].index(page.key)
    sizes = [ruler.px(short_name(other), theme.SMALL, bold=True) + PADDING for other in pages]
    columns = _columns(page.columns, title)
    for count in range(min(len(pages), len(columns)), 0, -1):
        kept = _nearest(here, len(pages), count)
        there = [sizes[index] for index in kept]
        tried = [
            (_uneven(spots, there), place, spots)
            for place, end in enumerate(_ends(columns, there[-1]))
            for gap in GAPS
            if (spots := _spots(columns, there, end, gap))
        ]
        even = any(uneven <= EVEN for uneven, _, _ in tried)
        if even or (tried and count <= FEWEST):
            _, _, best = min(tried, key=lambda one: (max(one[0], EVEN), one[1], one[0]))
            return tuple(
                _link(columns[spot], left, sizes[index], pages[index].key)
                for (spot, left), index in zip(best, kept, strict=True)
            )
    return ()


def _ends(columns: Sequence[tuple[int, int, int]], size: int) -> tuple[int, ...]:
    """Where the last link may end: at the right edge of the page, or at the left of a wide last column."""
    _, left, right = columns[-1]
    return (right, left + size) if right - left > 2 * size else (right,)


def _uneven(spots: Sequence[tuple[int, int]], sizes: Sequence[int]) -> int:
    """By how many pixels the gaps between links differ."""
    placed = list(zip(spots, sizes, strict=False))
    gaps = [after[0][1] - before[0][1] - before[1] for before, after in pairwise(placed)]
    return max(gaps, default=0) - min(gaps, default=0)


def _columns(widths: Sequence[int], title: int) -> list[tuple[int, int, int]]:
    """Of the columns beside the title: number on the sheet, left edge, right edge."""
    found, left = [], 0
    for number, width in enumerate(widths, start=1):
        if left >= title:
            found.append((number, left, left + width))
        left += width
    return found


def _nearest(here: int, pages: int, count: int) -> list[int]:
    ends = (0, pages - 1)
    near = sorted(range(pages), key=lambda page: (page != here, page not in ends, abs(page - here), page))
    return sorted(near[:count])


def _spots(
    columns: Sequence[tuple[int, int, int]], sizes: Sequence[int], end: int, gap: int
) -> list[tuple[int, int]]:
    """Place in ``columns`` and left edge of each link, from the right end on; none where they do not fit."""
    spots: list[tuple[int, int]] = []
    goal, free = end, len(columns)
    for size in reversed(sizes):
        open_: list[tuple[int, int, int]] = []
        for spot, (_, left, right) in enumerate(columns[:free]):
            edge = min(max(goal, left + size), right)
            if right - left >= size and edge - goal <= gap - CLOSEST:
                open_.append((abs(edge - goal), -spot, edge))
        if not open_:
            return []
        _, place, edge = min(open_)
        free = -place
        spots.append((free, edge - size))
        goal = edge - size - gap
    return spots[::-1]


def _link(column: tuple[int, int, int], start: int, size: int, page: str) -> Link:
    number, left, right = column
    before, after = start - left, right - start - size
    if after <= before:
        return Link(number, page, "right", round(after / STEP))
    return Link(number, page, "left", round(before / STEP))
