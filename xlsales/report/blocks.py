"""What a page can hold: a closed list of frozen values that know no cell, colour code or Excel.

Values are raw (yuan, fractions, counts); formats are semantic and are resolved to units once, by
``formats``. A tone says what a value means; the theme says how that looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.metrics._catalogue import Format
    from xlsales.metrics._scope import Window

Value = str | float | int | date | None
Tone = Literal[
    "plain", "strong", "quiet", "good", "bad", "context", "context2", "accent", "bad_soft", "bad_tint", "none"
]
Total = Literal["sum", "formula", "value"]
Status = Literal["met", "near", "missed", "over"]
"""At or above target; within 5 % of it; below; beyond a cap."""


@dataclass(frozen=True)
class Run:
    """A stretch of a sentence with one meaning."""

    text: str
    tone: Tone = "plain"


Sentence = tuple[Run, ...]


@dataclass(frozen=True)
class Origin:
    """Where numbers of a page come from, so that they can be explained: a metric's column.

    ``about`` tells the row of the metric's result, by dimensions or result columns, where the place of the
    number does not; ``options`` are the metric's but ``by``; ``period`` is that of the report where none is
    given. In a table's column, what is empty is as the table says, and the column has the key's name.
    """

    metric: str = ""
    column: str = ""
    about: tuple[tuple[str, str | int], ...] = ()
    options: tuple[tuple[str, str | int], ...] = ()
    period: Window | None = None
    derived: bool = False
    """Whether the page works the number out from the metric's, as a share of a column or a difference."""


@dataclass(frozen=True)
class Card:
    """One key number with its target, its changes and its last 13 months.

    ``key`` becomes the workbook name ``XS_<key>``. ``change`` is how differences are told:
    ``percent`` for relative change, ``points`` and ``days`` for plain differences. A page has the same keys
    whatever the month: without a value the card says in two or three words what it ``lacks``. ``history`` are
    the values of the months up to it, oldest first, by how each is called.
    """

    key: str
    label: str
    value: float | None
    format: Format
    target: float | None = None
    target_is_cap: bool = False
    status: Status | None = None
    previous: float | None = None
    year_ago: float | None = None
    change: Literal["percent", "points", "days"] = "percent"
    good_up: bool = True
    history: tuple[tuple[str, float | None], ...] = ()
    origin: Origin | None = None
    lacks: str = ""


@dataclass(frozen=True)
class Kpis:
    """A row of cards, six at most, the main result first."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Cell:
    """A table value that means more than its column does: a mark before it, a tone, or a heat."""

    value: Value
    tone: Tone = "plain"
    mark: str = ""
    bold: bool = False
    immature: bool = False
    link: str = ""
    """Key of the page that this cell leads to, or a cell of the workbook: ``Sheet!G7``."""
    allowed: tuple[str, ...] = ()
    """The words to choose from in this cell of an input column, where they differ from row to row."""


@dataclass(frozen=True)
class TableColumn:
    """One column of a table.

    ``formula`` makes the cells live: an Excel expression over the row with ``{key}`` for the cell of
    another column, e.g. ``IF({target}=0,"",{actual}/{target})``; the value given is its cached result.
    ``total`` is "sum" (SUBTOTAL 109, follows the filter), "formula" (the same expression on the total
    row), "value" (as given), or None. ``bar`` draws a data bar up to that value; ``bar_line`` adds the
    line that marks the target. ``signed`` colours by sign and shows the plus.
    """

    key: str
    header: str
    format: Format = "text"
    formula: str = ""
    total: Total | None = None
    bar: float | None = None
    bar_line: bool = False
    bar_tone: Literal["good", "context"] = "good"
    signed: bool = False
    good_up: bool = True
    strong: bool = False
    quiet: bool = False
    wrap: bool = False
    heat: Literal["", "column", "block"] = ""
    """column: scaled within this column. block: one scale over all heat columns of the table."""
    align: Literal["", "left", "center", "right"] = ""
    rule_left: bool = False
    input: bool = False
    """The user fills the cells of this column; what stands there comes back with the row's ``row_key``."""
    allowed: tuple[str, ...] = ()
    """The words to choose from in an input column; none where anything may be written."""
    origin: Origin | None = None
    exact: bool = False
    """Money in whole, for tables whose amounts are checked one by one; with cents where one is below 1."""


@dataclass(frozen=True)
class Table:
    """A real Excel table. ``key`` is unique in the report and becomes the table's name ``xs_<key>``.

    One table column takes one grid column, since a table cannot merge cells: a page chooses its grid
    from its main table. ``filter`` adds the buttons; only a table with nothing beside it has them.
    """

    key: str
    label: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Value | Cell, ...], ...]
    total: tuple[Value | Cell, ...] | None = None
    note: str = ""
    alt: str = ""
    filter: bool = False
    dense: bool = False
    inset: bool = False
    """It begins where another block ends at its left, without a free column between them."""
    heat_range: tuple[float, float] | None = None
    empty: str = ""
    """The sentence that stands in the first row when there are none."""
    metric: str = ""
    by: tuple[str, ...] = ()
    """Key of the metric that its numbers are of, and the dimensions in its leading columns."""
    options: tuple[tuple[str, str | int], ...] = ()
    about: tuple[tuple[tuple[str, str | int], ...], ...] = ()
    """The metric's options but ``by``; and row by row what each is about, where its names do not tell."""
    elsewhere: tuple[tuple[int, str, Origin], ...] = ()
    """Rows, by their place (-1 is the total), of which a column (or "" for all) comes from elsewhere."""
    row_key: str = ""
    """In a table with input columns, the key of the column by which a row is known again after sorting.

    Its texts are unique in the table and stand in the cells in full, however narrow the column is."""


@dataclass(frozen=True)
class Series:
    """One series of a chart. ``tones`` and ``labels`` are per point and may be shorter (the rest default).

    A None label deletes that point's label; ``labels`` None shows no labels at all, and an empty tuple
    shows the values themselves in the chart's format. ``low`` and ``high`` are interval ends around
    ``values``. In a scatter chart ``values`` is x and ``at`` is y.
    """

    name: str
    values: tuple[float | None, ...]
    mark: Literal["column", "bar", "line", "dash", "dot", "text"]
    tone: Tone = "context"
    tones: tuple[Tone, ...] = ()
    labels: tuple[str | None, ...] | None = None
    label_tones: tuple[Tone, ...] = ()
    label_at: Literal["outside_end", "inside_base", "inside_end", "above", "right", "left"] = "outside_end"
    at: tuple[float, ...] = ()
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A native chart whose title states the finding. ``key`` is unique in the report.

    ``stacked`` piles the columns or bars; ``signed`` shows the plus on values. The value axis is hidden
    unless ``show_axis``; it starts at ``minimum`` (0 for bars unless the label says otherwise) and ends
    at ``maximum``.
    """

    key: str
    label: str
    finding: str
    kind: Literal["column", "bar", "scatter"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    format: Format = "money"
    note: str = ""
    alt: str = ""
    stacked: bool = False
    show_axis: bool = False
    signed: bool = False
    minimum: float | None = 0
    maximum: float | None = None
    height: int = 260
    """Pixels; pages that stand a chart beside a table let the band decide: see ``Band``."""
    empty: str = ""
    """The sentence that stands in the chart's place when there is nothing to draw."""

    @property
    def instead(self) -> str:
        """What stands there when nothing is drawn: ``empty``, or of columns that are all 0 the finding."""
        return self.empty or self.finding


@dataclass(frozen=True)
class Alert:
    """One thing that needs attention: how much, one line of at most 28 characters, what it costs, where."""

    severity: Literal["high", "medium", "low"]
    text: str
    amount: float | None = None
    page: str = ""
    """Key of the page with the evidence; the line ends in a link to it."""


@dataclass(frozen=True)
class Alerts:
    """A short list of alerts, one row each: mark and word, text, link, signed amount at the right edge."""

    label: str
    alerts: tuple[Alert, ...]
    note: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Note:
    """Words below or between the evidence. A callout is a tinted panel with a rule at its left."""

    sentences: tuple[Sentence, ...]
    callout: bool = False
    label: str = ""
    tone: Tone = "quiet"


@dataclass(frozen=True)
class Field:
    """One cell to fill: its key, unique in the form, what stands there at first, and what is allowed."""

    key: str
    label: str
    value: Value = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """Cells that the user fills and that survive every refresh, one row each."""

    key: str
    label: str
    fields: tuple[Field, ...]


Block = Kpis | Table | Chart | Alerts | Note | Form


@dataclass(frozen=True)
class Placed:
    """A block and the grid columns it takes, first and last included, counted from 0."""

    block: Block
    first: int
    last: int


Band = tuple[Placed, ...]
"""Blocks side by side; those that share columns stand below one another, in the order given.

The band is as high as its highest block; charts at its bottom grow to that height."""


@dataclass(frozen=True)
class Page:
    """One sheet. ``columns`` are the grid's widths in pixels and add up to 1264.

    ``as_of`` is the data line (cut-off, basis, unit), ``headline`` the one sentence, ``second`` what
    it means next.
    """

    key: str
    name: str
    title: str
    as_of: str
    headline: Sentence
    second: Sentence
    columns: tuple[int, ...]
    bands: tuple[Band, ...]
    footer: str = ""
    short: str = ""
    """The page's name in the links at the top."""


@dataclass(frozen=True)
class Report:
    """All pages in order, in one language."""

    lang: Language
    pages: tuple[Page, ...]
