"""Where the blocks of a page stand: pure geometry in pixels, rows and columns.

Every page is 1264 px of content between two 16 px margin columns. Rows and columns are counted
from 0 on the sheet, so the first content column is 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from xlsales.report import card_grid, theme
from xlsales.report.blocks import Alerts, Chart, Form, Kpis, Note, Run, Table
from xlsales.report.figures import as_cell, columns_of
from xlsales.report.measure import RULERS
from xlsales.report.navigation import page_links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.language import Language
    from xlsales.report.blocks import Band, Block, Page, Placed, Sentence
    from xlsales.report.figures import Column
    from xlsales.report.measure import Ruler
    from xlsales.report.navigation import Link

MARGIN, CONTENT = 16, 1264
TITLE_ROW, AS_OF_ROW, HEADLINE_ROW, SECOND_ROW, RULE_ROW = range(5)
HEAD = (34, 20, 30, 22, 10)
SECTION, SPACE = 26, 12
CHART_ROW = 24
TALLEST_COLUMNS, TALLEST_BAR = 420, 64
"""Columns do not grow beyond this height beside a long table, a chart of bars not beyond this for each."""
TABLE_HEAD, FILTER_HEAD = 26, 36
ROW, DENSE_ROW = 24, 20
LINE: dict[Language, int] = {"zh": 18, "en": 17}
"""What each further line of a text adds to its row."""
NOTE_ROW, CALLOUT_ROW = 20, 24
INDENT = 9
PADDING, HEAD_PADDING = 8, 4
"""What the edges of a cell and of a table header take from the room for their text."""
TALLEST_ROW = 540
"""Excel's limit is 546 px."""
MOST_LINES, DENSE_LINES = 3, 2
"""A text cell that was not asked to wrap grows to so many lines, in a dense table or in others."""
SHEET_PX = 864
"""What a printed A4 sheet holds of a page at the scale that its width gives, a little left over."""
SQUEEZE = 1.12
"""A page that is longer than a sheet by this at most is printed a little smaller, on the one sheet."""
FEWEST_ROWS = 160
"""A table that runs over sheets starts on the next one where less than this is left."""


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

    ``wrapped`` are the head rows whose sentence takes several lines.
    ``breaks`` are the rows that begin a new printed sheet, ``titles`` the first and last row that every
    further one repeats. ``squeezed``: it is printed on one sheet, at a smaller scale than its width gives.
    """

    widths: tuple[int, ...]
    heights: tuple[int, ...]
    spots: tuple[Spot, ...]
    links: tuple[Link, ...]
    wrapped: frozenset[int]
    breaks: tuple[int, ...] = ()
    titles: tuple[int, int] = (0, RULE_ROW)
    squeezed: bool = False

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
    heights, wrapped = _head(page, RULERS[lang])
    spots: list[Spot] = []
    tops: list[int] = []
    for index, band in enumerate(page.bands):
        if index:
            heights.append(SPACE)
        top = len(heights)
        if not (tops and all(_is_footnote(placed.block) for placed in band)):
            tops.append(top)
        band_heights, band_spots = _band(band, page.columns, lang)
        heights += band_heights
        spots += [replace(spot, top=top + spot.top, bottom=top + spot.bottom) for spot in band_spots]
    links = page_links(page, pages, RULERS[lang])
    titles = _titles(heights, spots)
    squeezed = SHEET_PX < sum(heights) <= SHEET_PX * SQUEEZE
    breaks = () if squeezed else _breaks(heights, tops, spots, titles)
    widths = (MARGIN, *page.columns, MARGIN)
    return Layout(widths, tuple(heights), tuple(spots), links, wrapped, breaks, titles, squeezed)


def plain_text(sentence: Sentence) -> str:
    """The words of a sentence without their tones."""
    return "".join(run.text for run in sentence)


def drawn(chart: Chart) -> bool:
    """Whether a chart has anything to draw."""
    return any(value is not None for series in chart.series for value in series.values)


def text_room(column: Column, width: int) -> int:
    """Pixels that a table cell has for its text."""
    return width - PADDING - INDENT * column.indent


def most_lines(table: Table) -> int:
    """Lines that a text takes in the table before it is shortened."""
    return DENSE_LINES if table.dense else MOST_LINES


def _head(page: Page, ruler: Ruler) -> tuple[list[int], frozenset[int]]:
    """Heights of the five head rows; a sentence that is too long for its line takes more."""
    heights, wrapped = list(HEAD), set()
    for row, words, size, bold, line in (
        (AS_OF_ROW, page.as_of, theme.SMALL, False, 16),
        (HEADLINE_ROW, plain_text(page.headline), theme.HEADLINE, True, 24),
        (SECOND_ROW, plain_text(page.second), theme.BODY, False, 18),
    ):
        count = ruler.lines(words, CONTENT - PADDING, size, bold)
        if count > 1:
            heights[row] += line * (count - 1)
            wrapped.add(row)
    return heights, frozenset(wrapped)


def _titles(heights: Sequence[int], spots: Sequence[Spot]) -> tuple[int, int]:
    """The rows that further sheets repeat: the head, or the header of the one table that fills sheets."""
    room = SHEET_PX - sum(heights[: RULE_ROW + 1])
    tall = [
        spot for spot in spots if isinstance(spot.block, Table) and _reach(heights, spot.top, spot) > room
    ]
    return (tall[0].top + 1, tall[0].top + 1) if len(tall) == 1 else (0, RULE_ROW)


def _breaks(
    heights: Sequence[int], tops: Sequence[int], spots: Sequence[Spot], titles: tuple[int, int]
) -> tuple[int, ...]:
    """The bands that begin a printed sheet, so that no sheet ends inside a block that fits on one.

    Only a table may run over, and then with rows enough on its first sheet. ``tops`` are the bands' first
    rows; footnotes stay with the band above them.
    """
    room = SHEET_PX - sum(heights[: RULE_ROW + 1])
    further = SHEET_PX - sum(heights[titles[0] : titles[1] + 1])
    breaks, used = [], 0
    for top, end in pairwise([*tops, len(heights)]):
        left, high = room - used, sum(heights[top : end - (end < len(heights))])
        whole = [spot for spot in spots if top <= spot.top < end and not isinstance(spot.block, Table)]
        may_run_over = high > room and left >= FEWEST_ROWS
        cut = any(_reach(heights, top, spot) > left for spot in whole if not _is_footnote(spot.block))
        if used and high > left and (cut or not may_run_over):
            breaks.append(top)
            room, used = further, 0
        used += high
        if used > room:
            room, used = further, (used - room) % further
        used += SPACE
    return tuple(breaks)


def _is_footnote(block: Block) -> bool:
    return isinstance(block, Note) and not block.callout


def _reach(heights: Sequence[int], top: int, spot: Spot) -> int:
    return sum(heights[top : spot.bottom + 1])


def _band(band: Band, columns: Sequence[int], lang: Language) -> tuple[list[int], list[Spot]]:
    """Row heights of a band and its blocks, rows counted from the band's first.

    A row is as high as the block that needs most of it. Charts at the bottom of a band take what
    height there is, and the band grows until they have what they ask for.
    """
    heights: list[int] = []
    fixed: list[Spot] = []
    bottom: list[Spot] = []
    for stack in _stacks(band):
        row = 0
        for placed in stack:
            if row:
                _claim(heights, row, [SPACE])
                row += 1
            block, last = placed.block, placed is stack[-1]
            stretches = last and isinstance(block, Chart) and drawn(block)
            wants = [SECTION] if stretches else _rows(placed, columns, lang)
            _claim(heights, row, wants)
            spot = Spot(block, row, placed.first + 1, row + len(wants) - 1, placed.last + 1)
            (bottom if stretches else fixed).append(spot)
            row += len(wants)
    for spot in bottom:
        missing = _asks(spot) - sum(heights[spot.top + 1 :])
        if missing > 0:
            heights += _filled(missing)
    return heights, fixed + [replace(spot, bottom=_chart_bottom(spot, heights)) for spot in bottom]


def _stacks(band: Band) -> list[list[Placed]]:
    """The band's blocks in columns: one that shares a grid column with an earlier one stands below it."""
    stacks: list[list[Placed]] = []
    for placed in band:
        for stack in stacks:
            if any(placed.first <= other.last and other.first <= placed.last for other in stack):
                stack.append(placed)
                break
        else:
            stacks.append([placed])
    return stacks


def _claim(heights: list[int], row: int, wants: Sequence[int]) -> None:
    """Make the rows from ``row`` on as high as wanted, but for a head beside a table's even rows."""
    heights += [0] * (row + len(wants) - len(heights))
    for index, want in enumerate(wants, start=row):
        even = want in (SECTION, TABLE_HEAD) and heights[index] >= DENSE_ROW
        heights[index] = heights[index] if even else max(heights[index], want)


def _asks(spot: Spot) -> int:
    return spot.block.height if isinstance(spot.block, Chart) else 0


def _chart_bottom(spot: Spot, heights: Sequence[int]) -> int:
    """The last row of a chart that takes what height there is, until columns are too long, bars too thick."""
    if not isinstance(spot.block, Chart) or spot.block.kind == "scatter":
        return len(heights) - 1
    bars = spot.block.kind == "bar"
    most = max(TALLEST_BAR * len(spot.block.categories) if bars else TALLEST_COLUMNS, _asks(spot))
    rows = range(spot.top + 1, len(heights))
    return max(
        (row for row in rows if sum(heights[spot.top + 1 : row + 1]) <= most), default=len(heights) - 1
    )


def _rows(placed: Placed, columns: Sequence[int], lang: Language) -> list[int]:
    """The row heights that a block asks for."""
    block, widths, ruler = placed.block, columns[placed.first : placed.last + 1], RULERS[lang]
    match block:
        case Kpis():
            return card_grid.heights(block, widths, lang)
        case Chart() if drawn(block):
            return [SECTION, *_filled(block.height)]
        case Chart():
            return [SECTION, _sentence_row(block.instead, sum(widths), ruler)]
        case Table():
            return [SECTION, *_table_rows(block, widths, lang)]
        case Alerts() if block.alerts:
            return [SECTION, *[ROW] * len(block.alerts)]
        case Alerts():
            return [SECTION, _sentence_row(block.empty, sum(widths), ruler)]
        case Note():
            return [SECTION] * bool(block.label and not block.callout) + _note_rows(block, sum(widths), ruler)
        case Form():
            return [SECTION, *[ROW] * len(block.fields)]


def _filled(height: int) -> list[int]:
    """Rows of nearly the same height that make up ``height``."""
    count = max(1, round(height / CHART_ROW))
    row, rest = divmod(height, count)
    return [row + 1] * rest + [row] * (count - rest)


def _sentence_row(words: str, px: int, ruler: Ruler) -> int:
    return CALLOUT_ROW + 18 * (ruler.lines(words, px - 2 * PADDING, theme.BODY) - 1)


def note_lines(note: Note) -> list[Sentence]:
    """The note's sentences as they are written: a callout's label leads the first."""
    if not (note.callout and note.label):
        return list(note.sentences)
    tone = note.tone if note.tone in theme.PANELS else "strong"
    lead = Run(f"{note.label}    ", tone)
    first, *others = note.sentences or ((),)
    return [(lead, *first), *others]


def _note_rows(note: Note, px: int, ruler: Ruler) -> list[int]:
    size, base, line = (theme.BODY, CALLOUT_ROW, 18) if note.callout else (theme.SMALL, NOTE_ROW, 16)
    counts = [ruler.lines(plain_text(words), px - 2 * PADDING, size) for words in note_lines(note)]
    return [base + line * (count - 1) for count in counts]


def _table_rows(table: Table, widths: Sequence[int], lang: Language) -> list[int]:
    """The header's height and one height a row, the total included; one blank row where there are none."""
    columns, ruler = columns_of(table, lang), RULERS[lang]
    if len(columns) != len(widths):
        raise ValueError(f"table {table.key} has {len(columns)} columns on {len(widths)} grid columns")
    tallest = max(
        ruler.lines(column.title, width - HEAD_PADDING, theme.SMALL, bold=True)
        for column, width in zip(columns, widths, strict=True)
    )
    head = (FILTER_HEAD if table.filter else TABLE_HEAD) + 14 * (tallest - 1)
    base = DENSE_ROW if table.dense else ROW
    rows = []
    for row in table.rows:
        most = 1
        for column, width, value in zip(columns, widths, row, strict=True):
            if isinstance(as_cell(value).value, str) and not column.is_key:
                count = ruler.lines(
                    column.shown(value), text_room(column, width), theme.BODY, column.spec.strong
                )
                whole = column.spec.wrap or column.spec.input
                most = max(most, count if whole else min(count, most_lines(table)))
        rows.append(min(base + LINE[lang] * (most - 1), TALLEST_ROW))
    if not rows:
        return [head, _sentence_row(table.empty, CONTENT, ruler)]
    return [head, *rows, *([base] if table.total is not None else [])]
