"""A table in its engine becomes a clean one: what is left out by which rule, and the proof of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from xlsales.clean.changes import change_table
from xlsales.clean.issues import RULES
from xlsales.clean.large.amounts import BACK, said_back
from xlsales.clean.large.body import data_rows
from xlsales.clean.large.codes import WRITTEN, beside, written
from xlsales.clean.large.corrected import as_decided, corrected, is_kept, touched, unread
from xlsales.clean.large.listing import Found, always, listed, standing_at
from xlsales.clean.large.own_rules import GIVEN, change, mark
from xlsales.clean.large.reading import GONE, Entered, Reading
from xlsales.clean.large.refused import refuse_broken_decimals
from xlsales.clean.large.repeats import apart, possible_duplicates
from xlsales.clean.large.sources import Sifted
from xlsales.clean.large.spelling import respelled
from xlsales.clean.large.trials import TYPE, said_trial
from xlsales.clean.parse import times
from xlsales.clean.read import money_of
from xlsales.clean.reconcile import Exclusion, Reconciliation
from xlsales.tables.mapping import is_running_number
from xlsales.tables.spec import ROW, SOURCE, SheetText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.corrected import Touched
    from xlsales.clean.large.decided import Decided
    from xlsales.clean.large.own_rules import Ruled
    from xlsales.clean.large.tally import Tally
    from xlsales.clean.naming.names import Spelling
    from xlsales.clean.rules.user_rules import Rule
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import Column, RawTable, Table

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


def source_of(raw: RawTable, scan: Any, engine: Lazy) -> Reading:
    """The rows of ``scan``, a frame of ``engine`` in which ``raw`` tells the columns, as they came."""
    import narwhals as nw

    given = nw.from_native(scan).lazy()
    names = [name for name in given.collect_schema().names() if name not in (SOURCE, ROW)]
    texts = [f"raw {k}" for k in range(len(names))]
    letters = {SheetText("", "", None).letter(k): text for k, text in enumerate(texts)}  # type: ignore[arg-type]
    numbers = [
        letters[one.letter] for one in raw.matches if not one.applied and is_running_number(one.header)
    ]
    at = {name: letters[letter] for name, letter in raw.letters.items()}
    told = (nw.col(name).alias(text) for name, text in zip(names, texts, strict=True))
    frame, skipped = data_rows(raw, given.select(SOURCE, ROW, *told), at, engine)
    return Reading(raw, engine, at, frame.drop(numbers), skipped=skipped)


def enter(source: Reading, decided: Decided | None = None) -> Entered:
    """Read the rows, once it was put to work what people ``decided`` about them."""
    came = [name for name in source.given.collect_schema().names() if name not in (SOURCE, ROW)]
    read = corrected(source, decided)
    said = {source.at[name]: at for name, at in read.at.items() if at != source.at[name]}
    shared = set(read.at.values())
    texts = [*(name for name in came if name not in said or name in shared), *said.values()]
    return Entered(read, source.engine.often(read.values()), texts)


def sifted(
    entered: Entered, spelled: Mapping[str, Mapping[str, Spelling]], rules: Sequence[Rule] = ()
) -> Sifted:
    """Leave out rows that were read by what is in them alone, with names as ``spelled`` says.

    ``rules`` are the users' own, of which those of this table are put to work.
    """
    import narwhals as nw

    entered = respelled(entered, spelled)
    changed, ruled = change(entered.read, entered.frame, rules)
    refuse_broken_decimals(entered.read, changed)
    money = _money_as_given(changed, entered.read.raw.table)
    worth = nw.col(money) if money else nw.lit(None, nw.Float64)
    frame, said = as_decided(entered.read, entered.read.judged(changed), worth)
    frame, marked = mark(entered.read, frame, rules)
    return Sifted(entered, entered.read.engine.often(frame), (*ruled, *marked), tuple(said))


def clean_large(sifted: Sifted) -> Large:
    """Clean the rows that are left, once ``told_once`` has left out those that another file knows better."""
    import narwhals as nw

    entered = sifted.entered
    read, raw, texts = entered.read, entered.read.raw, entered.texts
    frame, table, identity = sifted.frame, raw.table, raw.table.identity
    if table.key == "orders":
        frame = said_trial(said_back(frame, read.at), read.at)
    frame = written(frame, read)
    again: Frame | None = None
    if identity and identity in read.at:
        once, again = apart(read, frame, identity, texts)
        firsts = again.filter((nw.col("again") == 1) | is_kept(read, "duplicate"))
        clean = read.engine.held(nw.concat([_kept(once, table), _kept(firsts, table)]))
    else:
        clean = read.engine.held(_kept(frame, table))
    alike = possible_duplicates(read, frame, texts)
    found = [*_torn(entered, frame), *sifted.found, *alike]
    made = _account(read, frame, again, clean, sifted.ruled, found)
    worth = _money_as_given(sifted.frame, table)
    return replace(made, changes=entered.changes, touched=touched(read, sifted.frame, worth))


def without_cells(raw: RawTable, rows: int, digest: str) -> RawTable:
    """The recognised table with its count of rows, of which only a sample was looked at."""
    import pandas as pd

    frame = pd.DataFrame(index=pd.RangeIndex(rows))
    return replace(raw, frame=frame, skipped=(), errors=(), rest=None, digest=digest)


def _kept(frame: Frame, table: Table) -> Frame:
    import narwhals as nw

    given = [name for name in (GIVEN, BACK, TYPE, WRITTEN) if name in frame.collect_schema().names()]
    columns = (one.name for one in table.columns)
    return frame.filter(nw.col(GONE).is_null()).select(*columns, SOURCE, ROW, *given)


def _account(
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
    money, amount = money_of(table), _money_as_given(clean, table)
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
    found = listed([*_found(read, frame, again, exclusions, ruled), *others], [read.raw], places)
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
    blanks, newest, days = _facts(clean, [one for one in table.columns if one.name in read.at])
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
    blanks, newest, days = _facts(left, [one for one in large.table.columns if one.name in large.blanks])
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


def _money_as_given(frame: Frame, table: Table) -> str | None:
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


def _found(
    read: Reading,
    frame: Frame,
    again: Frame | None,
    exclusions: Mapping[str, tuple[int, float]],
    ruled: Sequence[Ruled],
) -> Iterator[Found]:
    """What was found in cells and rows on the way."""
    import narwhals as nw

    table = read.raw.table
    money = money_of(table)
    first = table.identity if table.identity in read.at else next(iter(read.at))
    amount = nw.col(money.name) if money else nw.lit(None, nw.Float64)

    def rows(of: Frame, name: str, excluded: bool, *more: str) -> Frame:
        cell = nw.col(read.at[name]).cast(nw.String) if name in read.at else nw.lit(None, nw.String)
        worth = amount if excluded else nw.lit(None, nw.Float64)
        return of.select(SOURCE, ROW, *more, cell=cell, amount=worth)

    if read.doubtful:
        broken = frame.group_by(*read.doubtful).agg(n=nw.len()).collect("pandas").to_native()
        for at, name in sorted(read.doubtful.items()):
            needed = table.column(name).needed
            for rule in sorted(broken[at].dropna().unique()):
                wrong = frame.filter(nw.col(at) == rule)
                if rule == "unreadable_correction":
                    worth = amount if needed else nw.lit(None, nw.Float64)
                    yield unread(read, wrong, name, worth, needed)
                    continue
                hit = rows(wrong, name, needed)
                yield Found(rule, table.key, name, hit, _meant(read.suggested.get(name, {})), needed)
    if "missing_needed" in exclusions:
        gone = frame.filter(nw.col(GONE) == "missing_needed")
        for column in table.columns:
            if column.needed:
                blank = rows(gone.filter(nw.col(column.name).is_null()), column.name, True)
                yield Found("missing_needed", table.key, column.name, blank, excluded=True)
    if len(read.skipped):
        skipped = read.table(read.skipped.rename(columns={"label": "cell"}))
        skipped = skipped.with_columns(amount=nw.lit(None, nw.Float64))
        yield Found("skipped_row", table.key, "", skipped, excluded=True)
    yield from _noted(read)
    yield from (one.found for one in ruled if one.found)
    if again is not None:
        repeats = rows(again.filter(nw.col("again") > 1), str(first), True, "other")
        shown = standing_at([read.raw], str(first))
        yield Found("duplicate", table.key, str(first), repeats, shown, excluded=True)


def _torn(entered: Entered, frame: Frame) -> Iterator[Found]:
    """Blanks about which other rows contradict each other."""
    import narwhals as nw

    read = entered.read
    for name in entered.torn:
        other = nw.col(f"torn {name}")
        cell, amount = nw.col(read.at[name]).cast(nw.String), nw.lit(None, nw.Float64)
        rows = frame.filter(~other.is_null()).select(SOURCE, ROW, other=other, cell=cell, amount=amount)
        yield Found("backup_conflict", read.raw.table.key, name, rows, lambda some: list(some["other"]))


def _meant(suggested: Mapping[str, str]) -> Callable[[pd.DataFrame], list[str]]:
    return lambda rows: [suggested.get(cell, "") for cell in rows["cell"]]


def _noted(read: Reading) -> Iterator[Found]:
    """The choices made for columns, each shown by its first cell."""
    import narwhals as nw

    for one in read.noted:
        cell = nw.col(read.at[one.field]).cast(nw.String) if one.field in read.at else nw.lit(None, nw.String)
        rows, meant = read.given.select(SOURCE, ROW, cell=cell, amount=nw.lit(None, nw.Float64)), one.meant
        if one.texts is not None:
            rows = rows.join(read.table(one.texts.to_frame("cell")), on="cell", how="semi")
            meant = times(meant, int(rows.select(nw.len()).collect().item()))
        first = rows.sort(SOURCE, ROW, "cell").head(1)
        yield Found(one.rule, read.raw.table.key, one.field, first, always(meant))
