"""Columns of a table in its engine become values, each different text read once by the parser of its kind.

The different texts come out of the engine and go back as a table of values; typed columns are taken as they
are. Of ids only the odd ones come out; names of which there are more than ``MANY`` are trimmed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.changes import change_table
from xlsales.clean.large.columns import GONE, counts_of, dtype_of, few_texts_of, small_table, texts_of, typed
from xlsales.clean.large.derived import Note, discounted, turned
from xlsales.clean.large.ids import read_ids
from xlsales.clean.large.refused import refuse_unusable
from xlsales.clean.naming.identity import FORMS
from xlsales.clean.parse import parse
from xlsales.clean.parse.dates import FIRST, LAST
from xlsales.clean.parse.placeholder import DAYS
from xlsales.tables.spec import ROW, SOURCE, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.decided import Decided
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import Column, RawTable

    Frame = nw.LazyFrame[Any]

_NO_DAYS = sorted(year * 10_000 + month * 100 + day for year, month, day in DAYS)
WHOLE = 1e15
"""From here on a decimal is written as such, whole or not."""


def _no_rows() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({SOURCE: [], ROW: [], "label": []})


@dataclass
class Reading:
    """Columns of ``given`` become values one by one; what was found in which is noted on the way.

    ``at`` says in which column of the frame the texts of each canonical
    column stand, ``doubtful`` of which the columns are that hold the rule a cell breaks, ``suggested`` by
    column and text what it may mean, ``names`` by column of names the texts (``text``), how often each stands
    there (``n``) and its ``value``. ``decided`` is what people decided about its rows, once it is at work.
    ``skipped`` are the rows that are none (``large.body``).
    """

    raw: RawTable
    engine: Lazy
    at: Mapping[str, str]
    given: Frame
    decided: Decided | None = None
    skipped: pd.DataFrame = field(default_factory=_no_rows)

    def __post_init__(self) -> None:
        self.doubtful: dict[str, str] = {}
        self.suggested: dict[str, dict[str, str]] = {}
        self.noted: list[Note] = []
        self.trimmed: list[str] = []
        self.names: dict[str, pd.DataFrame] = {}

    def values(self) -> Frame:
        """All columns of the table as values, and ``rule <column>`` where some have none."""
        import narwhals as nw

        table, frame = self.raw.table, self.given
        for column in table.columns:
            if column.name in self.at:
                frame = self._unread(self._column(frame, column), column)
        more: dict[str, nw.Expr] = {}
        for column in table.columns:
            if column.name in self.at:
                continue
            if column.instead in self.at:
                more[column.name] = nw.col(str(column.instead))
                self._codes_as_names(column)
            elif column.product_of and all(part in self.at for part in column.product_of):
                more |= discounted(self, frame, column.name, column.product_of)
            else:
                more[column.name] = nw.lit(None, dtype_of(column))
        return turned(self, frame.with_columns(**more))

    def judged(self, frame: Frame) -> Frame:
        """With ``GONE``: rows without a needed value, by the rule that their cell breaks."""
        import narwhals as nw

        needed = [one.name for one in self.raw.table.columns if one.needed]
        blank = nw.any_horizontal(*(nw.col(name).is_null() for name in needed), ignore_nulls=False)
        missing = nw.when(blank).then(nw.lit("missing_needed")) if needed else nw.lit(None, nw.String)
        rules = [nw.col(found) for name in needed if (found := f"rule {name}") in self.doubtful]
        return frame.with_columns(nw.coalesce(*rules, missing).alias(GONE))

    def text(self, name: str) -> nw.Expr:
        """What stands in a column of ``given`` as text, whole numbers without a point."""
        import narwhals as nw

        kind, cell = self.given.collect_schema()[name], nw.col(name)
        text = cell.cast(nw.String)
        if not kind.is_float():
            return text
        whole = (cell == cell.round(0)) & (cell.abs() < WHOLE)
        return nw.when(whole).then(cell.cast(nw.Int64).cast(nw.String)).otherwise(text)

    def table(self, rows: pd.DataFrame) -> Frame:
        """A small table as one of the engine's."""
        return small_table(self.engine, rows)

    def cells(self, name: str, rows: Iterable[int], *, sheet: bool = False) -> list[str]:
        """The cells of a column in these rows, of a row without a number the column alone."""
        letter = self.raw.letters.get(name) or next(iter(self.raw.letters.values()))
        first = f"{self.raw.sheet}!" if sheet else ""
        return [f"{first}{letter}{numbered(row)}" for row in rows]

    def _column(self, frame: Frame, column: Column) -> Frame:
        import narwhals as nw

        name = self.at[column.name]
        kind = frame.collect_schema()[name]
        cell = nw.col(name)
        if typed(column, kind) and column.kind == "date":
            moment = cell.cast(nw.Datetime("us"))
            moment = moment if column.timed else moment.dt.truncate("1d")
            sound = (moment >= _midnight(FIRST)) & (moment < _midnight(LAST, 1))
            day = moment.dt.year() * 10_000 + moment.dt.month() * 100 + moment.dt.day()
            rule = (
                nw.when(day.is_in(_NO_DAYS)).then(nw.lit("placeholder")).otherwise(nw.lit("impossible_date"))
            )
            return self._checked(frame, column, moment, nw.when(~sound & ~cell.is_null()).then(rule), sound)
        if typed(column, kind):
            number = cell.cast(nw.Float64) * self.raw.scale.get(column.name, 1.0)
            # What is no number stands for a blank, as in memory.
            return self._checked(frame, column, number, nw.lit(None, nw.String), number - number == 0)
        if kind != nw.String:
            text = self.text(name)
            self.given = self.given.with_columns(text.alias(name))
            frame = frame.with_columns(text.alias(name))
        return self._read(frame, column)

    def _checked(self, frame: Frame, column: Column, value: Any, rule: Any, sound: Any) -> Frame:
        """The values where they are sound, and the rule that a cell breaks."""
        import narwhals as nw

        found = f"rule {column.name}"
        self.doubtful[found] = column.name
        return frame.with_columns(nw.when(sound).then(value).alias(column.name), rule.alias(found))

    def _read(self, frame: Frame, column: Column) -> Frame:
        """The texts by the parser of their kind, each once; too many names are only trimmed."""
        import narwhals as nw

        if column.kind == "id":
            return read_ids(self, frame, column)
        name = self.at[column.name]
        # Asked of the columns as they came: the frame has been joined to the values of others meanwhile.
        if column.name in FORMS:
            counted = counts_of(self.given, name)
            texts = None if counted is None else counted["text"]
        else:
            counted = None
            texts = (few_texts_of if column.kind == "text" else texts_of)(self.given, name)
        if texts is None:
            self.trimmed.append(column.name)
            trimmed = nw.col(name).str.strip_chars()
            return frame.with_columns(nw.when(trimmed != "").then(trimmed).alias(column.name))
        if column.name == "discount" and self._says_percent(name):
            column = replace(column, kind="percent")
        known = self.parsed(column, texts)
        if counted is not None:
            self.names[column.name] = counted.assign(value=known[column.name])
        rules, values = known[f"rule {column.name}"], known[column.name]
        if column.kind == "text" and rules.isna().all() and texts.equals(values.astype("str")):
            return frame.with_columns(nw.col(name).alias(column.name))
        self.doubtful[f"rule {column.name}"] = column.name
        return frame.join(self.table(known), left_on=name, right_on="text", how="left")

    def parsed(self, column: Column, texts: pd.Series) -> pd.DataFrame:
        """``text``, what each is, and the rule that it breaks; what else was found in them is noted."""
        import pandas as pd

        parsed = parse(column, texts, self.raw.scale.get(column.name, 1.0))
        rules = pd.Series(None, texts.index, "str")
        for one in parsed.faults:
            rules[one.rows] = one.rule
            meant = dict(zip(texts[one.rows], one.suggestions, strict=False))
            self.suggested.setdefault(column.name, {}).update(meant)
        self.noted += [Note(rule, column.name, meant, texts[rows]) for rule, rows, meant in parsed.notes]
        known = pd.DataFrame({"text": texts, column.name: parsed.values, f"rule {column.name}": rules})
        refuse_unusable(self, column, known)
        return known

    def as_read(self, frame: Frame, known: pd.DataFrame, field: str) -> Frame:
        """A column in which the ``known`` texts are what they were read as, and all others stay."""
        import narwhals as nw

        rule = f"rule {field}"
        self.doubtful[rule] = field
        read = known.rename(columns={field: "read"}).assign(known=True)
        frame = frame.join(self.table(read), left_on=self.at[field], right_on="text", how="left")
        value = nw.when(nw.col("known").is_null()).then(nw.col(field)).otherwise(nw.col("read"))
        return frame.with_columns(value.alias(field)).drop("known", "read")

    def _says_percent(self, name: str) -> bool:
        """Whether most cells of a column are percents, as ``clean.read`` takes a discount."""
        import narwhals as nw

        signed = nw.col(name).str.strip_chars().str.contains("[%％]$").cast(nw.Int64).sum()
        counts = self.given.select(signed=signed, said=nw.col(name).count()).collect("pandas").to_pandas()
        return bool((counts["signed"] * 2 > counts["said"]).iloc[0])

    def _unread(self, frame: Frame, column: Column) -> Frame:
        """What cannot be read of a correction is put down to it."""
        import narwhals as nw

        found = f"rule {column.name}"
        if found not in self.doubtful or not self.decided or column.name not in self.decided.fields:
            return frame
        wrong = ~nw.col(found).is_null()
        if typed(column, frame.collect_schema()[self.at[column.name]]):
            wrong = nw.col(column.name).is_null()
        rule = nw.when(nw.col(f"put {column.name}") & wrong).then(nw.lit("unreadable_correction"))
        return frame.with_columns(rule.otherwise(nw.col(found)).alias(found))

    def _codes_as_names(self, column: Column) -> None:
        """Where codes stand for the names of a column, they are names, and counted as such."""
        if column.name not in FORMS:
            return
        counted = counts_of(self.given, self.at[str(column.instead)])
        if counted is None:
            self.trimmed.append(column.name)
        else:
            said = counted["text"].str.strip()
            self.names[column.name] = counted.assign(value=said.where(said != ""))


@dataclass(frozen=True)
class Entered:
    """A table that was read and not yet judged: its rows as values, with the columns that they came in.

    ``changes`` are what was done to them. ``coded``: products have been named by their codes. ``torn`` are
    the fields with ``torn <field>``: what other rows say of a blank that they contradict each other about.
    """

    read: Reading
    frame: Frame
    texts: Sequence[str]
    changes: pd.DataFrame = field(default_factory=change_table)
    coded: bool = False
    torn: tuple[str, ...] = ()


def _midnight(day: date, after: int = 0) -> Any:
    from datetime import datetime, time, timedelta

    return datetime.combine(day + timedelta(after), time.min)
