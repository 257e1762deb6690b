"""Where the blocks of a page stand: pure geometry in pixels, rows and columns.

Every page is 1264 px of content between two 16 px margin columns. Rows and columns are counted
from 0 on the sheet, so the first content column is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.report import theme
from xlsales.report.blocks import Alerts, Chart, Form, Kpis, Note, Table
from xlsales.report.figures import as_cell, columns_of
from xlsales.report.measure import lines, text_px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.report.blocks import Band, Block, Page, Placed, Sentence

MARGIN, CONTENT = 16, 1264
GUTTER = 24
"""A grid column up to this wide separates blocks and carries nothing."""
TITLE_ROW, AS_OF_ROW, HEADLINE_ROW, SECOND_ROW, RULE_ROW = range(5)
HEAD = (34, 20, 30, 22, 10)
SECTION, SPACE = 26, 12
CARD = (24, 38, 20, 20, 40)
CHART_ROW = 24
TALLEST_COLUMNS = 420
"""Columns do not grow beyond this height beside a long table; bars and intervals do."""
TABLE_HEAD, FILTER_HEAD = 26, 36
ROW, DENSE_ROW = 24, 20
NOTE_ROW, CALLOUT_ROW = 20, 24
PADDING = 10
"""What the edges of a cell take from the room for its text."""
MOST_LINES = 3
"""A text cell that was not asked to wrap grows to three lines, then it is shortened."""


@dataclass(frozen=True)
class Spot:
    """A block on the sheet: its first and last row and column, all included."""

    block: Block
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Layout:
    """A page on its grid: widths with both margins, heights of every row down to the last, blocks, links.

    ``links`` are (column, page key). ``wrapped`` are the head rows whose sentence takes several lines.
    """

    widths: tuple[int, ...]
    heights: tuple[int, ...]
    spots: tuple[Spot, ...]
    links: tuple[tuple[int, str], ...]
    wrapped: frozenset[int]

    @property
    def last(self) -> int:
        """The last content column."""
        return len(self.widths) - 2

    def width(self, left: int, right: int) -> int:
        """Pixels from the left edge of one column to the right edge of another."""
        return sum(self.widths[left : right + 1])

    def height(self, top: int, bottom: int) -> int:
        """Pixels from the top of one row to the bottom of another."""
        return sum(self.heights[top : bottom + 1])


def lay_out(page: Page, pages: Sequence[Page], lang: Language) -> Layout:
    """The page's blocks on rows and columns. ``pages`` are all pages of the report, for the links."""
    widths = (MARGIN, *page.columns, MARGIN)
    heights, wrapped = _head(page)
    spots: list[Spot] = []
    for index, band in enumerate(page.bands):
        if index:
            heights.append(SPACE)
        top = len(heights)
        band_heights, band_spots = _band(band, page.columns, lang)
        heights += band_heights
        spots += [
            Spot(spot.block, top + spot.top, spot.left, top + spot.bottom, spot.right) for spot in band_spots
        ]
    links = _links(page, pages)
    return Layout(widths, tuple(heights), tuple(spots), links, wrapped)


def sentence_px(sentence: Sentence, size: float) -> int:
    """Pixels that a sentence takes on one line."""
    return sum(text_px(run.text, size, run.tone in theme.BOLD) for run in sentence)


def plain_text(sentence: Sentence) -> str:
    """The words of a sentence without their tones."""
    return "".join(run.text for run in sentence)


def card_columns(columns: Sequence[int], count: int, first: int) -> list[tuple[int, int]]:
    """First and last grid column of each of ``count`` cards of nearly equal width; gutters stay empty."""
    edges = [0]
    for width in columns:
        edges.append(edges[-1] + width)
    cuts = [0]
    for index in range(1, count):
        goal = edges[-1] * index / count
        room = range(cuts[-1] + 1, len(columns) - (count - index) + 1)
        cuts.append(min(room, key=lambda cut: (abs(edges[cut] - goal), cut)))
    cuts.append(len(columns))
    spans = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        inner = [column for column in range(left, right) if columns[column] > GUTTER] or [left]
        spans.append((first + inner[0], first + inner[-1]))
    return spans


def _head(page: Page) -> tuple[list[int], frozenset[int]]:
    """Heights of the five head rows; a sentence that is too long for its line takes more."""
    heights, wrapped = list(HEAD), set()
    for row, text, size, bold, line in (
        (AS_OF_ROW, page.as_of, theme.SMALL, False, 16),
        (HEADLINE_ROW, plain_text(page.headline), theme.HEADLINE, True, 24),
        (SECOND_ROW, plain_text(page.second), theme.BODY, False, 18),
    ):
        count = lines(text, CONTENT - PADDING, size, bold)
        if count > 1:
            heights[row] += line * (count - 1)
            wrapped.add(row)
    return heights, frozenset(wrapped)


def _links(page: Page, pages: Sequence[Page]) -> tuple[tuple[int, str], ...]:
    """One page link a column at the right end of the title row, as many as the title leaves room for.

    Where not all fit, the first page and those nearest to this one stay.
    """
    if len(pages) < 2:
        return ()
    title = text_px(page.title, theme.TITLE, bold=True) + PADDING
    left, room = 0, []
    for column, width in enumerate(page.columns, start=1):
        if left >= title and width > GUTTER:
            room.append(column)
        left += width
    here = [other.key for other in pages].index(page.key)
    near = sorted(range(len(pages)), key=lambda index: (index != here, index != 0, abs(index - here), index))
    kept = sorted(near[: len(room)])
    return tuple(zip(room[len(room) - len(kept) :], (pages[index].key for index in kept), strict=True))


def _band(band: Band, columns: Sequence[int], lang: Language) -> tuple[list[int], list[Spot]]:
    """Row heights of a band and its blocks, rows counted from the band's first."""
    stacks = _stacks(band)
    only_charts = all(isinstance(placed.block, Chart) for placed in band)
    heights: list[int] = []
    starts: list[list[int]] = []
    for stack in stacks:
        wants: list[int] = []
        tops = []
        for placed in stack:
            if wants:
                wants.append(SPACE)
            tops.append(len(wants))
            bottom_chart = placed is stack[-1] and not only_charts
            wants += _rows(placed, columns, lang, grows=bottom_chart)
        starts.append(tops)
        heights += [0] * (len(wants) - len(heights))
        heights[: len(wants)] = [max(pair) for pair in zip(heights, wants, strict=False)]
    _grow(heights, stacks, starts)
    spots = []
    for stack, tops in zip(stacks, starts, strict=True):
        ends = [*(top - 2 for top in tops[1:]), None]
        for placed, top, end in zip(stack, tops, ends, strict=True):
            block = placed.block
            if end is None:
                rows = len(_rows(placed, columns, lang, grows=False))
                end = len(heights) - 1 if isinstance(block, Chart) else top + rows - 1
                if isinstance(block, Chart) and block.kind == "column":
                    while end > top + 1 and sum(heights[top + 1 : end]) >= max(TALLEST_COLUMNS, block.height):
                        end -= 1
            spots.append(Spot(block, top, placed.first + 1, end, placed.last + 1))
    return heights, spots


def _stacks(band: Band) -> list[list[Placed]]:
    """The band's blocks in columns: a block that shares a grid column with an earlier one stands below it."""
    stacks: list[list[Placed]] = []
    for placed in band:
        for stack in stacks:
            if any(placed.first <= other.last and other.first <= placed.last for other in stack):
                stack.append(placed)
                break
        else:
            stacks.append([placed])
    return stacks


def _grow(heights: list[int], stacks: list[list[Placed]], starts: list[list[int]]) -> None:
    """Add rows until every chart at the bottom of the band has the height it asks for."""
    for stack, tops in zip(stacks, starts, strict=True):
        block = stack[-1].block
        if isinstance(block, Chart) and drawn(block):
            missing = block.height - sum(heights[tops[-1] + 1 :])
            while missing > 0:
                heights.append(min(CHART_ROW, max(missing, 8)))
                missing -= heights[-1]


def drawn(chart: Chart) -> bool:
    """Whether a chart has anything to draw."""
    return any(value is not None for series in chart.series for value in series.values)


def _rows(placed: Placed, columns: Sequence[int], lang: Language, *, grows: bool) -> list[int]:
    """The row heights that a block asks for; ``grows`` leaves a chart's height to its band."""
    block, widths = placed.block, columns[placed.first : placed.last + 1]
    match block:
        case Kpis():
            history = any(len(card.history) > 1 for card in block.cards)
            return list(CARD) if history else [*CARD[:-1], 8]
        case Chart():
            if not drawn(block):
                return [SECTION, CALLOUT_ROW + _extra(block.empty, sum(widths))]
            return [SECTION, CHART_ROW] if grows else [SECTION, *_filled(block.height)]
        case Table():
            return [SECTION, *_table_rows(block, widths, lang)]
        case Alerts():
            return [SECTION, *[ROW] * max(1, len(block.alerts))]
        case Note():
            return [SECTION] * bool(block.label and not block.callout) + _note_rows(block, sum(widths))
        case Form():
            return [SECTION, *[ROW] * len(block.fields)]


def _filled(height: int) -> list[int]:
    count, rest = divmod(height, CHART_ROW)
    return [CHART_ROW] * count + ([max(rest, 8)] if rest else [])


def _extra(text: str, px: int) -> int:
    return 18 * (lines(text, px - 2 * PADDING, theme.BODY) - 1)


def _note_rows(note: Note, px: int) -> list[int]:
    size = theme.BODY if note.callout else theme.SMALL
    base, line = (CALLOUT_ROW, 18) if note.callout else (NOTE_ROW, 16)
    lead = (f"{note.label}    ",) if note.callout and note.label else ("",)
    counts = [
        lines((lead[0] if index == 0 else "") + plain_text(sentence), px - 2 * PADDING, size)
        for index, sentence in enumerate(note.sentences)
    ]
    return [base + line * (count - 1) for count in counts]


def _table_rows(table: Table, widths: Sequence[int], lang: Language) -> list[int]:
    """The header's height and one height a row, the total included; one blank row where there are none."""
    columns = columns_of(table, lang)
    if len(columns) != len(widths):
        raise ValueError(f"table {table.key} has {len(columns)} columns on {len(widths)} grid columns")
    tallest = max(
        lines(column.title, width - PADDING, theme.SMALL, bold=True)
        for column, width in zip(columns, widths, strict=True)
    )
    head = (FILTER_HEAD if table.filter else TABLE_HEAD) + 14 * (tallest - 1)
    base = DENSE_ROW if table.dense else ROW
    rows = []
    for row in table.rows:
        most = 1
        for column, width, value in zip(columns, widths, row, strict=True):
            if isinstance(as_cell(value).value, str):
                count = lines(column.shown(value), width - PADDING, theme.BODY, column.spec.strong)
                most = max(most, count if column.spec.wrap else min(count, MOST_LINES))
        rows.append(min(base + 17 * (most - 1), 540))
    return [head, *(rows or [base]), *([base] if table.total is not None and table.rows else [])]
