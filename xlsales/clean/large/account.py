"""A cleaned table in its engine: what came in, what was left out by which rule, what the clean rows hold."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from xlsales.clean.changes import change_table
from xlsales.clean.issues import RULES
from xlsales.clean.large.codes import beside
from xlsales.clean.large.columns import GONE
from xlsales.clean.large.corrected import is_kept
from xlsales.clean.large.findings import findings
from xlsales.clean.large.listing import listed
from xlsales.clean.large.own_rules import GIVEN
from xlsales.clean.read import money_of
from xlsales.clean.reconcile import Exclusion, Reconciliation
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.corrected import Touched
    from xlsales.clean.large.listing import Found
    from xlsales.clean.large.own_rules import Ruled
    from xlsales.clean.large.reading import Reading
    from xlsales.clean.large.tally import Tally
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import Column, Table

    Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Large:
    """A clean table in its engine, and what is known of it whole.

    ``frame`` is of the engine, with the columns of ``conform``, of orders also ``BACK`` and ``TYPE``.
    ``blanks`` are the blank cells by column, ``newest`` the last day of each date column, ``days`` all
    days of those that it needs, ``files`` the rows of each file as they came, ``unlisted`` by (field,
    rule) the findings beyond those in ``issues``. ``trimmed`` are the columns of names with too many
    different texts to read each. ``unfilled``: too many rows were concerned by blanks to fill any.
    ``ruled`` are by rule of the users' own the rows that it hit, and their money or what it changed of
    it. ``changes`` are the names and blanks that became others, a row for each. ``wrong`` are the rows
    with findings that count against the quality of the data, and ``tally`` what they come to once all
    rules are applied. Where rows have no numbers, as in CSV files, there are neither ``files`` nor a
    ``tally``. ``coded`` are the codes of products with the names beside them, None where these are too
    many. ``touched`` is what decisions about its rows have to do with.
    """

    table: Table
    frame: Any
    rows: int
    blanks: Mapping[str, int]
    newest: Mapping[str, date]
    days: Mapping[str, tuple[date, ...]]
    issues: pd.DataFrame
    unlisted: Mapping[tuple[str, str], int]
    reconciliation: Reconciliation
    trimmed: tuple[str, ...]
    digest: str
    ruled: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    changes: pd.DataFrame = field(default_factory=change_table)
    unfilled: bool = False
    files: Mapping[str, int] = field(default_factory=dict)
    wrong: tuple[Any, ...] = ()
    tally: Tally | None = None
    coded: pd.DataFrame | None = None
    touched: Touched | None = None


def account(
    read: Reading,
    frame: Frame,
    again: Frame | None,
    clean: Frame,
    ruled: Sequence[Ruled],
    others: Iterable[Found],
) -> Large:
    """Count what came in, what was left out by which rule, and what came of it."""
    import narwhals as nw

    table, has_given = read.raw.table, GIVEN in clean.collect_schema().names()
    money, amount = money_of(table), money_as_given(clean, table)
    by_rule = _sums(frame.with_columns(key=nw.col(GONE).fill_null("")), amount, "key")
    rows_in = sum(rows for rows, _ in by_rule.values()) + len(read.skipped)
    amount_in = math.fsum(amount for _, amount in by_rule.values())
    exclusions = {rule: found for rule, found in by_rule.items() if rule}
    if len(read.skipped):
        exclusions["skipped_row"] = (len(read.skipped), 0.0)
    if again is not None:
        repeats = _sums(again.filter((nw.col("again") > 1) & ~is_kept(read, "duplicate")), amount)
        if repeats.get("", (0, 0.0))[0]:
            before = exclusions.get("duplicate", (0, 0.0))
            exclusions["duplicate"] = (before[0] + repeats[""][0], before[1] + repeats[""][1])
    rows_out, amount_out = _sums(clean, money.name if money else None).get("", (0, 0.0))
    if has_given and money:
        less = clean.with_columns(less=nw.col(GIVEN).fill_null(0.0) - nw.col(money.name).fill_null(0.0))
        if changed := _sums(less, "less").get("", (0, 0.0))[1]:
            exclusions["changed_amount"] = (0, changed)
        clean = clean.drop(GIVEN)
    coded, clean = beside(clean, read)
    places = read.decided.places if read.decided else ()
    found = listed([*findings(read, frame, again, exclusions, ruled), *others], [read.raw], places)
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
        sum(found.count(money.name, rule) for rule, (_, action) in RULES.items() if action == "blanked")
        if money
        else 0,
    )
    blanks, newest, days = _facts(clean, table.columns)
    return Large(
        table,
        clean.to_native(),
        rows_out,
        blanks,
        newest,
        days,
        found.issues,
        found.unlisted,
        reconciliation,
        tuple(read.trimmed),
        _digest(reconciliation, blanks, newest),
        {one.name: one.counted() for one in ruled},
        files=_files(frame),
        wrong=found.wrong,
        coded=coded,
    )


def without_rows(large: Large, parts: Sequence[Frame], engine: Lazy) -> Large:
    """The table without rows that were left out once its rules had been asked, by a decision about a text."""
    import narwhals as nw

    if not parts:
        return large
    places = nw.concat(list(parts))
    clean, money = nw.from_native(large.frame).lazy(), money_of(large.table)
    column = money.name if money else None
    gone = _sums(clean.join(places, on=[SOURCE, ROW], how="semi"), column).get("")
    if gone is None:
        return large
    left = engine.held(clean.join(places, on=[SOURCE, ROW], how="anti"))
    rows, amount = _sums(left, column).get("", (0, 0.0))
    before = large.reconciliation
    others = [one for one in before.exclusions if one.rule != "decided"]
    already = next((one for one in before.exclusions if one.rule == "decided"), Exclusion("decided", 0, 0.0))
    worth = gone[1] + (already.amount or 0.0) if money else None
    exclusions = sorted(
        [*others, Exclusion("decided", gone[0] + already.rows, worth)], key=lambda one: one.rule
    )
    reconciliation = replace(
        before, rows_out=rows, amount_out=amount if money else None, exclusions=tuple(exclusions)
    )
    blanks, newest, days = _facts(left, large.table.columns)
    return replace(
        large,
        frame=left.to_native(),
        rows=rows,
        blanks=blanks,
        newest=newest,
        days=days,
        reconciliation=reconciliation,
        digest=_digest(reconciliation, blanks, newest),
    )


def _facts(
    clean: Frame, columns: Sequence[Column]
) -> tuple[dict[str, int], dict[str, date], dict[str, tuple[date, ...]]]:
    """The blank cells of each column, the last day of each date column, all days of those needed."""
    import narwhals as nw
    import pandas as pd

    dates = [one for one in columns if one.kind == "date"]
    blanks = [nw.col(one.name).is_null().cast(nw.Int64).sum().alias(f"blank {one.name}") for one in columns]
    newest = [nw.col(one.name).max().alias(f"newest {one.name}") for one in dates]
    facts = clean.select(*blanks, *newest).collect("pandas").to_native().iloc[0]
    last = {one.name: facts[f"newest {one.name}"] for one in dates}
    return (
        {one.name: int(facts[f"blank {one.name}"]) for one in columns},
        {name: pd.Timestamp(day).date() for name, day in last.items() if not pd.isna(day)},
        {one.name: _days(clean, one.name) for one in dates if one.needed},
    )


def _digest(reconciliation: Reconciliation, blanks: Mapping[str, int], newest: Mapping[str, date]) -> str:
    said = repr((reconciliation, blanks, {name: str(day) for name, day in newest.items()}))
    return blake2b(said.encode(), digest_size=6).hexdigest()


def money_as_given(frame: Frame, table: Table) -> str | None:
    """The column of the money of a row before rules changed it."""
    money = money_of(table)
    return GIVEN if GIVEN in frame.collect_schema().names() else money.name if money else None


def _files(frame: Frame) -> dict[str, int]:
    """The rows of each file; of none where rows have no numbers."""
    import narwhals as nw

    each = frame.group_by(SOURCE).agg(rows=nw.len(), first=nw.col(ROW).min()).collect("pandas").to_pandas()
    numbered = bool((each["first"] > 0).all())
    return dict(zip(each[SOURCE].astype("str"), each["rows"].astype(int), strict=True)) if numbered else {}


def _days(frame: Frame, name: str) -> tuple[date, ...]:
    import narwhals as nw

    days = frame.select(day=nw.col(name).dt.truncate("1d")).drop_nulls().unique().collect("pandas")
    return tuple(sorted(days.to_pandas()["day"].dt.date))


def _sums(frame: Frame, amount: str | None, key: str = "") -> dict[str, tuple[int, float]]:
    """Rows and money by ``key``. Added up in a thousand parts, so that rounding cannot show at any size."""
    import narwhals as nw

    parts = frame.with_columns(
        sum_key=nw.col(key) if key else nw.lit(""),
        sum_part=nw.col(ROW) % 1000,
        sum_amount=nw.col(amount).fill_null(0.0) if amount else nw.lit(0.0),
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
