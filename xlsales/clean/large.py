"""Cleaning a table that stays in its engine: what can be said of whole columns, in narwhals.

Each text of a column is read by the parser of its kind, once: its different texts come out of the engine, and
go back as values. Typed columns are taken as they are. Rows without a needed value and exact repeats of an id
are left out. Findings are counted in full and listed up to ``LISTED`` for each rule and column. What needs
rows side by side in memory is not done: similar names, outliers, references between tables, decisions about
single cells and the users' own rules; the quality page says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from xlsales.clean.frames import DTYPES
from xlsales.clean.issues import RULES, Issue, issue_table
from xlsales.clean.parse import parse
from xlsales.clean.parse.dates import FIRST, LAST
from xlsales.clean.read import money_of
from xlsales.clean.reconcile import Exclusion, Reconciliation
from xlsales.tables.held import held
from xlsales.tables.spec import ROW, SOURCE, SheetText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import Column, RawTable, Table

    Frame = nw.LazyFrame[Any]

LISTED = 200
"""So many findings of one rule in one column are listed; all are counted."""
MANY = 50_000
"""A column of names with more different texts is only trimmed."""
GONE = "gone"


@dataclass(frozen=True)
class Large:
    """A clean table in its engine, and what is known of it whole.

    ``frame`` is of the engine, with the columns of ``conform``. ``blanks`` are the blank cells by column,
    ``newest`` the last day of each date column, ``unlisted`` by (field, rule) the findings beyond those in
    ``issues``. ``trimmed`` are the columns of names with too many different texts to read each.
    """

    table: Table
    frame: Any
    rows: int
    blanks: Mapping[str, int]
    newest: Mapping[str, date]
    issues: pd.DataFrame
    unlisted: Mapping[tuple[str, str], int]
    reconciliation: Reconciliation
    trimmed: tuple[str, ...]
    digest: str


def clean_large(raw: RawTable, scan: Any, engine: Lazy) -> Large:
    """Clean the rows of ``scan``, a frame of ``engine`` in which ``raw`` says which column is which."""
    import narwhals as nw

    given = nw.from_native(scan).lazy()
    names = [name for name in given.collect_schema().names() if name not in (SOURCE, ROW)]
    texts = [f"raw {k}" for k in range(len(names))]
    frame = given.select(
        SOURCE, ROW, *(nw.col(name).alias(text) for name, text in zip(names, texts, strict=True))
    )
    letters = {SheetText("", "", None).letter(k): text for k, text in enumerate(texts)}  # type: ignore[arg-type]
    at = {name: letters[letter] for name, letter in raw.letters.items()}
    read = _Reading(raw, engine, at, _different(frame, raw, at))
    frame = read.typed(frame)
    table, identity = raw.table, raw.table.identity
    again: Frame | None = None
    if identity and identity in at:
        once, again = _apart(frame, identity, texts)
        firsts = again.filter(nw.col("again") == 1)
        clean = held(nw.concat([_kept(once, table), _kept(firsts, table)]))
    else:
        clean = held(_kept(frame, table))
    return _account(read, frame, again, clean)


@dataclass
class _Reading:
    """Columns become values one by one; what was found in which column is noted on the way."""

    raw: RawTable
    engine: Lazy
    at: Mapping[str, str]
    different: Mapping[str, int]

    def __post_init__(self) -> None:
        self.doubtful: dict[str, str] = {}  # the column of rules -> the canonical column
        self.noted: list[tuple[str, str, str]] = []
        self.trimmed: list[str] = []

    def typed(self, frame: Frame) -> Frame:
        """All columns of the table as values, ``rule <column>`` where some have none, and ``gone``."""
        import narwhals as nw

        table = self.raw.table
        for column in table.columns:
            if column.name in self.at:
                frame = self._column(frame, column)
        for column in table.columns:
            if column.name in self.at:
                continue
            if column.instead in self.at:
                frame = frame.with_columns(nw.col(str(column.instead)).alias(column.name))
            elif column.product_of and all(part in self.at for part in column.product_of):
                first, second = column.product_of
                frame = frame.with_columns((nw.col(first) * nw.col(second)).alias(column.name))
            else:
                frame = frame.with_columns(nw.lit(None, _dtype(column)).alias(column.name))
        gone = nw.lit(None, nw.String)
        for column in reversed([one for one in table.columns if one.needed]):
            rule = nw.lit("missing_needed")
            if (found := f"rule {column.name}") in self.doubtful:
                rule = nw.coalesce(nw.col(found), rule)
            gone = nw.when(nw.col(column.name).is_null()).then(rule).otherwise(gone)
        return frame.with_columns(gone.alias(GONE))

    def _column(self, frame: Frame, column: Column) -> Frame:
        import narwhals as nw

        name = self.at[column.name]
        kind = frame.collect_schema()[name]
        cell = nw.col(name)
        if column.kind == "date" and (kind == nw.Date or isinstance(kind, nw.Datetime)):
            moment = cell.cast(nw.Datetime("us"))
            moment = moment if column.timed else moment.dt.truncate("1d")
            sound = (moment >= _midnight(FIRST)) & (moment < _midnight(LAST, 1))
            return self._checked(frame, column, moment, sound, "impossible_date")
        if column.kind in ("money", "count") and kind.is_numeric() and column.name != "discount":
            number = cell.cast(nw.Float64) * self.raw.scale.get(column.name, 1.0)
            return self._checked(frame, column, number, number - number == 0, "unreadable_number")
        if kind != nw.String:
            text = cell.cast(nw.Int64).cast(nw.String) if kind.is_float() else cell.cast(nw.String)
            if kind.is_float():
                text = nw.when(cell == cell.round(0)).then(text).otherwise(cell.cast(nw.String))
            frame = frame.with_columns(text.alias(name))
        return self._read(frame, column)

    def _checked(self, frame: Frame, column: Column, value: Any, sound: Any, rule: str) -> Frame:
        import narwhals as nw

        found = f"rule {column.name}"
        self.doubtful[found] = column.name
        return frame.with_columns(
            nw.when(sound).then(value).alias(column.name),
            nw.when(~sound & ~nw.col(self.at[column.name]).is_null()).then(nw.lit(rule)).alias(found),
        )

    def _read(self, frame: Frame, column: Column) -> Frame:
        """The texts by the parser of their kind, each once; ids and too many names are only trimmed."""
        import narwhals as nw
        import pandas as pd
        import pyarrow as pa

        name = self.at[column.name]
        trimmed = nw.col(name).str.strip_chars()
        trimmed = nw.when(trimmed != "").then(trimmed)
        plain = column.kind == "id" and column.name != "phone"
        if plain or (column.kind in ("id", "text") and self.different.get(name, 0) > MANY):
            if not plain:
                self.trimmed.append(column.name)
            return frame.with_columns(trimmed.alias(column.name))
        found = frame.select(text=nw.col(name)).unique().drop_nulls().collect("pandas").to_native()
        texts = found["text"].astype("str").sort_values(ignore_index=True)
        parsed = parse(column, texts, self.raw.scale.get(column.name, 1.0))
        rules = pd.Series(None, texts.index, "str")
        for one in parsed.findings:
            if RULES[one.rule][1] == "blanked":
                rules[one.rows] = one.rule
            elif len(one.rows):
                self.noted.append((column.name, one.rule, one.suggestions[0] if one.suggestions else ""))
        if column.kind in ("id", "text") and rules.isna().all() and texts.equals(parsed.values.astype("str")):
            return frame.with_columns(nw.col(name).alias(column.name))
        known = pd.DataFrame({"text": texts, column.name: parsed.values, f"rule {column.name}": rules})
        lookup = nw.from_native(self.engine.table(pa.Table.from_pandas(known, preserve_index=False))).lazy()
        self.doubtful[f"rule {column.name}"] = column.name
        return frame.join(lookup, left_on=name, right_on="text", how="left")


def _different(frame: Frame, raw: RawTable, at: Mapping[str, str]) -> dict[str, int]:
    """How many different texts the columns of names have, all counted at once."""
    import narwhals as nw

    schema = frame.collect_schema()
    asked = [
        at[one.name]
        for one in raw.table.columns
        if one.name in at
        and (one.kind == "text" or one.name == "phone")
        and schema[at[one.name]] == nw.String
    ]
    if not asked:
        return {}
    found = frame.select(nw.col(*asked).n_unique()).collect("pandas").to_native()
    return {name: int(found[name].iloc[0]) for name in asked}


def _apart(frame: Frame, identity: str, texts: Sequence[str]) -> tuple[Frame, Frame]:
    """Rows whose id stands once or that have none, and the others with ``again``: 1 for the first of equals.

    Equal are rows that say the same in every column, also in those that we do not know.
    """
    import narwhals as nw

    there = frame.filter(nw.col(GONE).is_null())
    ids = there.select(identity).drop_nulls().group_by(identity).agg(times=nw.len())
    several = held(ids.filter(nw.col("times") > 1).select(identity))
    once = there.join(several, on=identity, how="anti")
    others = there.join(several, on=identity, how="semi")
    # Whichever of equal rows stays is the same but for its place; one is enough to number them by.
    return once, held(others.with_columns(again=nw.col(ROW).rank("ordinal").over(*texts)))


def _kept(frame: Frame, table: Table) -> Frame:
    import narwhals as nw

    return frame.filter(nw.col(GONE).is_null()).select(*(one.name for one in table.columns), SOURCE, ROW)


def _account(read: _Reading, frame: Frame, again: Frame | None, clean: Frame) -> Large:
    """Count what came in, what was left out by which rule, and what came of it."""
    import narwhals as nw
    import pandas as pd

    table = read.raw.table
    money = money_of(table)
    by_rule = _sums(frame.with_columns(key=nw.col(GONE).fill_null("")), money, "key")
    rows_in = sum(rows for rows, _ in by_rule.values())
    amount_in = math.fsum(amount for _, amount in by_rule.values())
    exclusions = {rule: found for rule, found in by_rule.items() if rule}
    if again is not None:
        repeats = _sums(again.filter(nw.col("again") > 1), money)
        if repeats.get("", (0, 0.0))[0]:
            exclusions["duplicate"] = repeats[""]
    rows_out, amount_out = _sums(clean, money).get("", (0, 0.0))
    lists = list(_listed(read, frame, again))
    unlisted = {(field, rule): count - len(rows) for field, rule, count, rows in lists if count > len(rows)}
    issues = [issue for *_, rows in lists for issue in rows] + list(_notes(read))
    days = [one.name for one in table.columns if one.kind == "date" and one.name in read.at]
    known = [one.name for one in table.columns if one.name in read.at]
    facts = (
        clean.select(
            *(nw.col(name).is_null().cast(nw.Int64).sum().alias(f"blank {name}") for name in known),
            *(nw.col(name).max().alias(f"newest {name}") for name in days),
        )
        .collect("pandas")
        .to_native()
        .iloc[0]
    )
    newest = {name: facts[f"newest {name}"] for name in days}
    reconciliation = Reconciliation(
        table.key,
        rows_in,
        rows_out,
        amount_in if money else None,
        amount_out if money else None,
        tuple(
            Exclusion(rule, rows, amount if money else None)
            for rule, (rows, amount) in sorted(exclusions.items())
        ),
        sum(
            count
            for field, rule, count, _ in lists
            if money and field == money.name and rule != "missing_needed"
        ),
    )
    blanks = {name: int(facts[f"blank {name}"]) for name in known}
    said = repr((reconciliation, blanks, {name: str(day) for name, day in newest.items()}))
    return Large(
        table,
        clean.to_native(),
        rows_out,
        blanks,
        {name: pd.Timestamp(day).date() for name, day in newest.items() if not pd.isna(day)},
        issue_table(issues),
        unlisted,
        reconciliation,
        tuple(read.trimmed),
        blake2b(said.encode(), digest_size=6).hexdigest(),
    )


def _sums(frame: Frame, money: Column | None, key: str = "") -> dict[str, tuple[int, float]]:
    """Rows and money by ``key``. Added up in a thousand parts, so that rounding cannot show at any size."""
    import narwhals as nw

    amount = nw.col(money.name).fill_null(0.0) if money else nw.lit(0.0)
    parts = frame.with_columns(
        sum_key=nw.col(key) if key else nw.lit(""), sum_part=nw.col(ROW) % 1000, sum_amount=amount
    )
    found = (
        parts.group_by("sum_key", "sum_part")
        .agg(rows=nw.len(), amount=nw.col("sum_amount").sum())
        .collect("pandas")
        .to_native()
    )
    return {
        str(one): (int(part["rows"].sum()), math.fsum(part["amount"]))
        for one, part in found.groupby("sum_key", sort=True)
    }


def _listed(read: _Reading, frame: Frame, again: Frame | None) -> Iterator[tuple[str, str, int, list[Issue]]]:
    """Field, rule, how many findings, and the first of them."""
    import narwhals as nw

    table = read.raw.table
    first = table.identity if table.identity in read.at else next(iter(read.at))
    if read.doubtful:
        counts: dict[tuple[str, str], int] = {}
        for found, field in read.doubtful.items():
            many = (
                frame.filter(~nw.col(found).is_null())
                .group_by(found)
                .agg(n=nw.len())
                .collect("pandas")
                .to_native()
            )
            counts |= {(field, str(rule)): int(n) for rule, n in zip(many[found], many["n"], strict=True)}
        for (field, rule), count in sorted(counts.items()):
            rows = frame.filter(nw.col(f"rule {field}") == rule)
            yield field, rule, count, _issues(read, rows, field, rule, table.column(field).needed)
    gone = frame.filter(nw.col(GONE) == "missing_needed")
    if count := int(gone.select(nw.len()).collect().item()):
        yield "", "missing_needed", count, _issues(read, gone, str(first), "missing_needed", True)
    if again is not None:
        repeats = again.filter(nw.col("again") > 1)
        if count := int(repeats.select(nw.len()).collect().item()):
            yield str(first), "duplicate", count, _issues(read, repeats, str(first), "duplicate", True)


def _issues(read: _Reading, rows: Frame, field: str, rule: str, excluded: bool) -> list[Issue]:
    """The first rows as issues, by file and number."""
    import narwhals as nw

    raw, money = read.raw, money_of(read.raw.table)
    cell, amount = (
        nw.col(read.at[field]).cast(nw.String),
        nw.col(money.name) if money else nw.lit(None, nw.Float64),
    )
    shown = rows.select(SOURCE, ROW, cell=cell, amount=amount).sort(SOURCE, ROW, "cell").head(LISTED)
    severity, action = RULES[rule]
    if excluded:
        severity, action = "high" if action == "blanked" else severity, "excluded"
    letter = raw.letters[field]
    return [
        Issue(
            *(rule, severity, action, raw.table.key, str(source), raw.sheet),
            f"{letter}{number}" if number else letter,
            field,
            "" if text is None or text != text else str(text),
            "",
            float(worth) if action == "excluded" and worth is not None else float("nan"),
        )
        for source, number, text, worth in shown.collect("pandas").to_native().itertuples(index=False)
    ]


def _notes(read: _Reading) -> Iterator[Issue]:
    raw = read.raw
    for field, rule, suggestion in read.noted:
        severity, action = RULES[rule]
        place = (raw.table.key, raw.source, raw.sheet, f"{raw.letters[field]}1", field, "", suggestion)
        yield Issue(rule, severity, action, *place, float("nan"))


def _dtype(column: Column) -> Any:
    import narwhals as nw

    return {
        "str": nw.String,
        "datetime64[us]": nw.Datetime("us"),
        "float64": nw.Float64,
        "boolean": nw.Boolean,
    }[DTYPES[column.kind]]


def _midnight(day: date, after: int = 0) -> Any:
    from datetime import datetime, time, timedelta

    return datetime.combine(day + timedelta(after), time.min)


def without_cells(raw: RawTable, rows: int, digest: str) -> RawTable:
    """The recognised table with its count of rows, of which only a sample was looked at."""
    import pandas as pd

    return replace(raw, frame=pd.DataFrame(index=pd.RangeIndex(rows)), errors=(), rest=None, digest=digest)
