"""What every page is built from: the cleaned input, the scope, the language, and results once computed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlsales.language import text
from xlsales.memory import NOTHING
from xlsales.metrics import _catalogue
from xlsales.metrics._scope import Window, month_of, shift_months
from xlsales.metrics._slices import midnight
from xlsales.report import formats, theme
from xlsales.report.blocks import Page, Run
from xlsales.report.measure import RULERS
from xlsales.report.traced import Figure, filled, traced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from xlsales.clean.clean import Cleaned
    from xlsales.language import Language
    from xlsales.memory import Memory
    from xlsales.metrics._catalogue import Format
    from xlsales.metrics._scope import Scope
    from xlsales.report.blocks import Band, Sentence, Status, Value
    from xlsales.tables.mapping import Survey

Record = dict[str, Any]
Computed = dict[str, list[Record]]
"""Rows of metrics by what was asked: the metric, the window and the options."""

TREND_MONTHS = 13
TOP = 10
"""So many units are shown by name; one or two more still are, beyond that the rest is one row."""
TRAINING = {"region": "campus", "product": "course", "rep": "consultant"}
"""What an English header of a training institution says; others are called by the words of any trade."""
UNITS = ("region", "team", "channel", "product", "rep")
"""The dimensions that a total is first split by, in order of preference."""


@dataclass(frozen=True)
class Context:
    """The input of every page, with results computed once."""

    survey: Survey
    cleaned: Cleaned
    scope: Scope
    lang: Language
    _computed: Computed = field(default_factory=dict, repr=False, compare=False)
    _missing: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)
    memory: Memory = NOTHING
    traced: bool = False
    """Whether numbers know which figures of metrics they are made of, so that the pages can be explained."""
    _traced: Computed = field(default_factory=dict, repr=False, compare=False)

    def records(self, key: str, scope: Scope | None = None, **options: Any) -> list[Record]:
        """The metric's rows as dictionaries, blanks as None; empty when the tables lack what it needs.

        ``scope`` is that of the context over another period.
        """
        scope = scope or self.scope
        asked = f"{key} {scope.period.start}..{scope.period.end} {sorted(options.items())}"
        if asked not in self._computed:
            rows: list[Record] = []
            if self.has(key):
                frame = _catalogue.compute(key, self.cleaned.tables, scope, **options)
                rows = [plain_row(row) for row in frame.to_dict("records")]
            self._computed[asked] = rows
        if not self.traced:
            return self._computed[asked]
        if asked not in self._traced:
            self._traced[asked] = [_with_figures(key, row, scope, options) for row in self._computed[asked]]
        return self._traced[asked]

    def count(self, rows: Sequence[Record], of: str) -> int:
        """How many rows of the metric ``of`` these are."""
        if not self.traced:
            return len(rows)
        counted: int = traced(len(rows), (Figure(of, "", {}, self.scope, {}, rows),))
        return counted

    def counted(self, rows: Sequence[Record], of: str) -> str:
        """How many rows of the metric ``of`` these are, as it stands in a sentence."""
        return self.say(self.count(rows, of), "count")

    def kept(self, asked: str, make: Callable[[], list[Record]]) -> list[Record]:
        """What ``make`` gives, made once and kept with the results; it depends on the tables alone."""
        if asked not in self._computed:
            rows = make()
            self._computed.setdefault(asked, rows)
        return self._computed[asked]

    def total(self, key: str, scope: Scope | None = None) -> Record:
        """The metric over the whole scope as one row, blanks as None; empty when it cannot be computed."""
        rows = self.records(key, scope)
        return rows[0] if len(rows) == 1 else {}

    def at(self, key: str, window: Window, **options: str) -> Record:
        """The metric over a window, where it has stages the step into a win; empty when there is none.

        A whole month of the trend is read from the trend.
        """
        trend = self.trend
        if (
            trend.period.start <= window.start
            and window.end <= trend.as_of
            and window == month_of(window.start)
        ):
            months = self.records(key, trend, by=("month",), **options)
            rows = [row for row in months if row["month"] == f"{window.start:%Y-%m}"]
        else:
            rows = self.records(key, self.scope.over(window), **options)
        return next(iter(wins(rows)), {})

    def has(self, key: str) -> bool:
        """Whether the tables hold what the metric needs."""
        return not self.missing(key)

    def missing(self, key: str) -> tuple[str, ...]:
        """The inputs that the metric needs and the tables lack, also those that the filters ask for."""
        if key not in self._missing:
            declared = _catalogue.find(key)
            first = next(iter(declared.tables))
            columns = self.columns(first)
            asked = tuple(f"{first}.{name}" for name, _ in self.scope.filters if name not in columns)
            self._missing[key] = declared.missing(self.cleaned.tables) + asked
        return self._missing[key]

    def columns(self, table: str) -> Sequence[str]:
        """The columns of a clean table; none where it is not there."""
        import narwhals as nw

        if table not in self.cleaned.tables:
            return ()
        return nw.from_native(self.cleaned.tables[table]).lazy().collect_schema().names()

    def names_in_orders(self, column: str) -> list[str]:
        """The different texts of a column of the orders, blanks left out."""
        import narwhals as nw

        orders = nw.from_native(self.cleaned.tables["orders"]).lazy()
        found = orders.select(nw.col(column)).drop_nulls().unique().collect("pandas").to_native()
        return sorted(found[column].astype("str"))

    def word(self, key: str, **facts: object) -> str:
        """The page wording ``key``."""
        return filled(text(self.lang, f"pages.{key}", **facts), facts.values())

    def sentence(self, key: str, **parts: str | Run | Sentence) -> Sentence:
        """The page wording ``key`` with its placeholders as runs that keep their tone."""
        return formats.sentence(text(self.lang, f"pages.{key}"), **parts)

    def together(self, *sentences: Sentence) -> Sentence:
        """Sentences one after the other, in English with a space between; empty ones are passed over."""
        said: Sentence = ()
        for one in filter(None, sentences):
            said += (*([Run(" ")] if said and self.lang == "en" else []), *one)
        return said

    def say(self, value: Value, form: Format, *, signed: bool = False) -> str:
        """A number as it stands in a sentence."""
        return formats.say(value, form, self.lang, signed=signed)

    def strong(self, value: Value, form: Format) -> Run:
        """A number that matters."""
        return Run(self.say(value, form), "strong")

    def judged(self, value: float | None, form: Format, *, good_up: bool = True, arrow: bool = False) -> Run:
        """A signed number in the colour of its judgement."""
        if arrow:
            return formats.change(value, form, self.lang, good_up)
        return Run(self.say(value, form, signed=True), formats.judgement(value, good_up))

    def name(self, value: object) -> str:
        """A dimension value as shown; the blank bucket has a name of its own."""
        return str(value) if value else self.word("blank")

    def named(self, key: str, value: object) -> str:
        """A dimension value in a sentence, where a bare number would not say what it is."""
        name = self.name(value)
        return f"{self.dimension(key)} {name}" if name.isdecimal() else name

    def names(self, rows: Sequence[Record], column: str, px: int, of: str) -> str:
        """As many of the names in a column as fit into ``px`` of a finding, and how many more there are.

        ``of`` is the metric that the rows are of.
        """
        ruler, shown = RULERS[self.lang], [self.name(row[column]) for row in rows]
        for count in range(len(shown), 0, -1):
            more = rows[count:]
            rest = self.word("and_more", count=self.counted(more, of)) if more else ""
            line = self.word("comma").join(shown[:count])
            if count == 1:
                line = ruler.fitted(line, px, theme.BODY, bold=True)
            if ruler.px(line, theme.BODY, bold=True) <= px:
                return line + rest
        return ""

    def dimension(self, key: str) -> str:
        """What the user calls this dimension: their own header when it is in the page's language.

        Where it is in the other one and not of a training institution, the general word of the trade.
        """
        title = _catalogue.TITLES[key][0 if self.lang == "zh" else 1]
        for raw in self.survey.tables:
            for match in raw.matches:
                if match.column == key and match.applied:
                    header = match.header.strip()
                    chinese = not header.isascii()
                    if chinese == (self.lang == "zh") and 0 < len(header) <= 12:
                        return header
                    if not chinese and key in TRAINING and TRAINING[key] not in header.casefold():
                        title = self.word(f"trade.{key}")
        return title

    @cached_property
    def spread(self) -> Mapping[str, int]:
        """How many different values each dimension has in the orders of the trend, blanks left out."""
        import narwhals as nw

        if not self.has("sales"):
            return dict.fromkeys(UNITS, 0)
        orders = nw.from_native(self.cleaned.tables["orders"]).lazy()
        recent = orders.select("order_date", *UNITS).filter(
            nw.col("order_date") >= midnight(self.trend.period.start),
            nw.col("order_date") < midnight(self.scope.current.end, 1),
        )
        counts = recent.select(
            *(nw.col(name).n_unique() for name in UNITS),
            *(nw.col(name).is_null().any().alias(f"no {name}") for name in UNITS),
        )
        found = {name: value for name, (value,) in counts.collect("pandas").to_dict(as_series=False).items()}
        return {name: int(found[name] or 0) - bool(found[f"no {name}"]) for name in UNITS}

    @property
    def unit(self) -> str | None:
        """The dimension that a total is first split by: one with 2 to 12 values before one with more."""
        few = (name for name, count in self.spread.items() if 2 <= count <= TOP + 2)
        many = (name for name, count in self.spread.items() if count >= 2)
        return next(few, next(many, None))

    @property
    def begun(self) -> bool:
        """Whether the data reach into the period."""
        return self.scope.current.start <= self.scope.current.end

    @property
    def trend(self) -> Scope:
        """The scope over the 13 months that end with the period."""
        last = month_of(self.scope.period.end)
        return self.scope.over(Window(shift_months(last.start, 1 - TREND_MONTHS), last.end))

    @cached_property
    def digest(self) -> str:
        """Of what the numbers come from: the sheets, what was decided about them, and up to which day."""
        from xlsales.clean.review.keys import digest

        sheets = sorted(raw.digest for raw in self.survey.tables)
        return digest(repr((sheets, self.memory.decisions, self.scope.as_of)))

    @property
    def quarter(self) -> Scope:
        """The scope over the quarter that holds the end of the period."""
        end = self.scope.period.end
        first = date(end.year, (end.month - 1) // 3 * 3 + 1, 1)
        return self.scope.over(Window(first, month_of(shift_months(first, 2)).end))

    def period_name(self) -> str:
        """The period as people say it: 2026年10月, October 2026, or its two ends."""
        period = self.scope.period
        if period == month_of(period.start):
            return self.say(period.start.strftime("%Y-%m"), "month")
        return f"{period.start.isoformat()} – {period.end.isoformat()}"

    def month_labels(self, months: Sequence[str]) -> tuple[str, ...]:
        """Axis labels: the year stands with the first month and with each January."""
        labels = []
        for index, month in enumerate(months):
            year, number = month.split("-")
            dated = index == 0 or number == "01"
            if self.lang == "zh":
                labels.append(f"{year[2:]}-{number}" if dated else number)
            else:
                name = date(int(year), int(number), 1).strftime("%b")
                labels.append(f"{name} {year[2:]}" if dated else name)
        return tuple(labels)

    def as_of_line(self) -> str:
        """Data cut-off, closed or not, money basis, filters."""
        closed = self.word("closed" if self.scope.complete else "open_month")
        parts = [
            self.word("as_of", date=self.scope.as_of.isoformat(), closed=closed),
            self.word("basis", basis=self.word(f"bases.{self.scope.basis}")),
        ]
        for dimension, values in self.scope.filters:
            parts.append(f"{self.dimension(dimension)}: {', '.join(values)}")
        return " · ".join(parts)

    def page(
        self,
        key: str,
        headline: Sentence,
        second: Sentence,
        columns: tuple[int, ...],
        bands: tuple[Band, ...],
        title: str = "",
    ) -> Page:
        """A page with the parts that are the same on every one."""
        return Page(
            key=key,
            name=self.word(f"{key}.name"),
            title=title or self.word(f"{key}.title", period=self.period_name()),
            as_of=self.as_of_line(),
            headline=headline,
            second=second,
            columns=columns,
            bands=bands,
            footer=self.word("footer", date=self.scope.as_of.isoformat()),
            short=self.word(f"{key}.short"),
        )

    def table_title(self, key: str) -> str:
        """The table's name in the page's language."""
        from xlsales.tables.specs import table

        return table(key).title(self.lang) if key else ""

    def field_title(self, key: str, column: str) -> str:
        """The column's title in the page's language."""
        from xlsales.tables.specs import table

        if not key or not column:
            return ""
        if column in _catalogue.DIMENSIONS:
            return self.dimension(column)
        return table(key).column(column).title(self.lang)


def identified(context: Context) -> bool:
    """Whether there are orders with amounts, and any of them says who bought."""
    if not context.has("sales"):
        return False
    return any(
        _catalogue.says(context.cleaned.tables["orders"], name) for name in ("customer_id", "customer")
    )


def plain_row(row: dict[Any, Any]) -> Record:
    """The row with NaN, NaT and NA as None and numpy scalars as Python's own."""
    return {str(key): _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if value is None or value != value or (isinstance(value, float) and math.isinf(value)):
        return None
    return value


def _with_figures(key: str, row: Record, scope: Scope, options: dict[str, Any]) -> Record:
    """The row with numbers that know which figure of the metric they are."""
    return {
        column: traced(value, (Figure(key, column, row, scope, options),))
        if type(value) in (int, float)
        else value
        for column, value in row.items()
    }


def adds_up(parts: Iterable[float | None], whole: float | None) -> bool:
    """Whether a live sum of the parts shows the whole: targets stated above the parts do not add up to it."""
    known = [part for part in parts if part is not None]
    return not known or (whole is not None and math.isclose(math.fsum(known), whole, abs_tol=0.005))


def wins(rows: list[Record]) -> list[Record]:
    """Of a metric with stages the rows of the step into a win, of any other all rows."""
    return [row for row in rows if row.get("stage", "won") == "won"]


def status_of(actual: float | None, target: float | None) -> Status | None:
    """Met at or above target, near within 5 % below it, else missed; None without a positive target."""
    if actual is None or target is None or target <= 0:
        return None
    share = actual / target
    return "met" if share >= 1 else "near" if share >= 0.95 else "missed"
