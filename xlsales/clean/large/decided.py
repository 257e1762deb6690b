"""Decisions about rows in an engine: settled in memory, with the few rows that they may be about.

Rows of a text that was decided about wherever it stands may be any number, so the text comes alone. A row
that was decided about by itself comes as it is, is found again in the engine, and known there by its number.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.large.brought import ID, brought
from xlsales.clean.large.columns import TAG
from xlsales.clean.naming.aliases import is_rename
from xlsales.clean.review.keys import DIGEST
from xlsales.clean.review.settle import settle
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.reading import Reading
    from xlsales.clean.review.decisions import Decision
    from xlsales.clean.review.settle import Settlement, State
    from xlsales.tables.spec import RawTable

    Frame = nw.LazyFrame[Any]

DOUBTED = {"conflict": "conflicting_decisions", "unfit": "unfit_decision"}
"""The rule of what cannot hold."""
MOST = 200_000
"""Where more rows of a source say what a row without an id of its own says, it is not looked for."""


@dataclass(frozen=True)
class Decided:
    """What was decided about rows of one source.

    ``rows`` are those decided about one by one: ``SOURCE``, ``ROW``, ``nth`` of those that are the same in
    all, and ``TAG``, their number. ``everywhere`` has by field the texts that others stand for, ``cells`` by
    field and row the texts that stand there otherwise, ``standing`` by field the texts that were to become
    others, ``corrections`` the cases of those that did, by field and row or text.

    ``dropped`` has by row the decision, ``kept`` by rule the rows that count although it leaves them out.
    ``without`` are decisions that drop the rows in which their rule doubts a text, each with the rows that it
    is not about. ``doubted`` are decisions that cannot hold: by rule and field the rows, or the texts that
    are not one row's, with the cases.
    """

    rows: pd.DataFrame
    everywhere: dict[str, dict[str, str]]
    cells: dict[str, dict[int, str]]
    standing: dict[str, set[str]]
    corrections: dict[tuple[str, int | str], str]
    dropped: dict[int, Decision]
    kept: dict[str, set[int]]
    without: dict[Decision, set[int]]
    doubted: dict[tuple[str, str], dict[int | str, list[str]]]

    @property
    def places(self) -> list[tuple[str, int]]:
        """The ``SOURCE`` and ``ROW`` of those decided about one by one."""
        return list(zip(self.rows[SOURCE], self.rows[ROW], strict=True))

    @property
    def fields(self) -> list[str]:
        """The columns in which a text becomes another."""
        return sorted({*self.everywhere, *self.cells})


@dataclass(frozen=True)
class Decisions:
    """The decisions, settled with what they may be about.

    ``here`` are the sheets in memory, ``there`` the sources as they came, ``rows`` those brought from each,
    ``standing`` the texts that were decided about wherever they stand, a sheet for each source and field.
    """

    settlement: Settlement
    here: Sequence[RawTable]
    there: Sequence[Reading]
    rows: Sequence[tuple[Reading, RawTable]]
    standing: Sequence[tuple[Reading, RawTable]]

    def first(self, rows: Sequence[int]) -> int:
        """The row in memory, or else the text in an engine, that comes first among these."""
        here = sum(len(raw.frame) for raw in self.here)
        there = here + sum(len(raw.frame) for _, raw in self.rows)
        return next((number for number in rows if not here <= number < there), rows[0])

    def parts(
        self, read: Reading, among: Sequence[tuple[Reading, RawTable]]
    ) -> Iterator[tuple[int, RawTable, RawTable]]:
        """Of those that are of one source the number of the first row, and the sheet before and after."""
        before = [*self.here, *(raw for _, raw in (*self.rows, *self.standing))]
        own = {id(raw) for one, raw in among if one is read}
        start = 0
        for raw, after in zip(before, self.settlement.raws, strict=True):
            if id(raw) in own:
                yield start, raw, after
            start += len(raw.frame)


def settled(here: Sequence[RawTable], there: Iterable[Reading], decisions: Sequence[Decision]) -> Decisions:
    """Settle the decisions about sheets in memory and about sources in an engine, but for aliases."""
    rows: list[tuple[Reading, RawTable]] = []
    standing: list[tuple[Reading, RawTable]] = []
    sources = list(there)
    decisions = [one for one in decisions if not is_rename(one)]
    for key, reads in of_tables(sources).items():
        own = [one for one in decisions if one.table == key]
        if own:
            rows += _rows(reads, own)
            standing += [it for read in reads for it in _standing(read, own)]
    raws = [*here, *(raw for _, raw in rows), *(raw for _, raw in standing)]
    return Decisions(settle(raws, decisions), here, sources, rows, standing)


def of_tables(there: Iterable[Reading]) -> dict[str, list[Reading]]:
    """The sources in an engine by their table."""
    found: dict[str, list[Reading]] = {}
    for one in there:
        found.setdefault(one.raw.table.key, []).append(one)
    return found


def decided(decisions: Decisions, read: Reading) -> Decided | None:
    """What was decided about the rows of one source; None where nothing was."""
    standing: dict[int, str] = {}
    everywhere: dict[str, dict[str, str]] = defaultdict(dict)
    for start, raw, after in decisions.parts(read, decisions.standing):
        for name in map(str, raw.frame):
            standing |= dict(enumerate(raw.frame[name], start))
            pairs = zip(raw.frame[name], after.frame[name], strict=True)
            everywhere[name] |= {before: new for before, new in pairs if before != new}
    rows, cells = _one_by_one(decisions, read, everywhere)
    if rows.empty and not standing:
        return None
    tags = set(rows[TAG])
    made = Decided(
        rows,
        {name: texts for name, texts in everywhere.items() if texts},
        cells,
        standing=defaultdict(set),
        corrections={},
        dropped={},
        kept=defaultdict(set),
        without={},
        doubted=defaultdict(lambda: defaultdict(list)),
    )
    for one, numbers in decisions.settlement.rows.items():
        its = [number for number in numbers if number in tags]
        texts = [standing[number] for number in numbers if number in standing]
        if its or texts:
            first = decisions.first(numbers) in {*standing, *tags}
            _note(made, one, decisions.settlement.states[one], its, texts, first)
    return made


def _one_by_one(
    decisions: Decisions, read: Reading, everywhere: Mapping[str, Mapping[str, str]]
) -> tuple[pd.DataFrame, dict[str, dict[int, str]]]:
    """The ``rows`` and ``cells`` of what was decided."""
    import pandas as pd

    numbers = decisions.settlement.rows.items()
    asked = {number for one, own in numbers if not one.case.of_value for number in own}
    places: list[tuple[str, int, int, int]] = []
    cells: dict[str, dict[int, str]] = defaultdict(dict)
    for start, raw, after in decisions.parts(read, decisions.rows):
        again = pd.Series(raw.frame.index).groupby(raw.frame.index.to_numpy()).cumcount() + 1
        for position, row in enumerate(raw.frame.index):
            if (number := start + position) not in asked:
                continue
            places.append((raw.source, row, again[position], number))
            for name in map(str, raw.frame):
                before, new = (_text(one.frame[name].iloc[position]) for one in (raw, after))
                if new != everywhere.get(name, {}).get(before, before):
                    cells[name][number] = new
    whole = dict.fromkeys((ROW, "nth", TAG), "int64")
    known = pd.DataFrame(places, columns=[SOURCE, ROW, "nth", TAG]).astype({SOURCE: "str"} | whole)
    return known, cells


def _note(
    made: Decided, one: Decision, state: State, rows: Sequence[int], texts: Sequence[str], first: bool
) -> None:
    """Add what comes of one decision about these rows and texts.

    ``first``: its first row is of this source, where a text is pointed at that cannot be settled.
    """
    of_value = one.case.of_value
    own: list[int | str] = [*texts, *rows]
    if one.choice == "correct" and texts:
        made.standing[one.field].update(texts)
    if state in DOUBTED:
        for row in own[: int(first)] if of_value else own:
            made.doubted[DOUBTED[state], one.field][row].append(one.case.id)
    elif state != "applied":
        return
    elif one.choice == "correct":
        made.corrections.update({(one.field, row): one.case.id for row in own})
    elif one.choice == "keep":
        made.kept[one.rule].update(rows)
    elif one.choice == "drop" and of_value:
        made.without[one] = set(made.rows[TAG]).difference(rows)
    elif one.choice == "drop":
        made.dropped.update(dict.fromkeys(rows, one))


def _rows(reads: Sequence[Reading], own: Sequence[Decision]) -> list[tuple[Reading, RawTable]]:
    """The rows that decisions about single ones may be about, and those like them."""
    import narwhals as nw

    single = [one for one in own if not one.case.of_value]
    ids = sorted({one.key for one in single if not one.key.startswith(DIGEST)})
    texts: dict[str, set[str]] = defaultdict(set)
    for one in single:
        if one.key.startswith(DIGEST):
            texts[one.field] |= _before(one, own)
    if not single:
        return []

    def picked(read: Reading, rows: Frame) -> Frame:
        hits = [nw.col(ID).is_in(ids)]
        for name, olds in texts.items():
            hit = _says(read, name, olds)
            if rows.filter(hit).head(MOST + 1).select(nw.len()).collect().item() <= MOST:
                hits.append(hit)
        return rows.filter(nw.any_horizontal(*hits, ignore_nulls=True))

    return brought(reads, picked)


def _before(about: Decision, own: Iterable[Decision]) -> set[str]:
    """The text that a decision is about, and those that corrections make into it."""
    texts = {about.old}
    while (
        more := {
            one.old
            for one in own
            if one.field == about.field and one.choice == "correct" and one.value in texts
        }
        - texts
    ):
        texts |= more
    return texts


def _says(read: Reading, field: str, texts: Collection[str]) -> nw.Expr:
    """Whether one of the texts stands in the cell of a row, or a number or day that is written so."""
    import narwhals as nw

    if field not in read.at:
        return nw.col(ROW) == nw.col(ROW) if "" in texts else nw.col(ROW) != nw.col(ROW)  # all or none
    name = read.at[field]
    kind, cell = read.given.collect_schema()[name], nw.col(name)
    if isinstance(kind, nw.Datetime):
        cell = cell.dt.truncate("1s")
    hit = (
        cell.cast(nw.Float64).is_in([number for one in texts if (number := _number(one)) is not None])
        if kind.is_numeric()
        else cell.cast(nw.String).is_in(sorted(texts))
    )
    blank = cell.cast(nw.String).fill_null("").str.strip_chars() == ""
    return hit.fill_null(False) | blank if "" in texts else hit.fill_null(False)


def _standing(read: Reading, own: Iterable[Decision]) -> Iterable[tuple[Reading, RawTable]]:
    """The texts that are decided about wherever they stand, and do stand here."""
    import narwhals as nw
    import pandas as pd

    texts: dict[str, set[str]] = defaultdict(set)
    for one in own:
        if one.case.of_value and one.field in read.at and one.old:
            texts[one.field].add(one.old)
    for name, olds in texts.items():
        rows = read.given.select(text=read.text(read.at[name])).filter(nw.col("text").is_in(sorted(olds)))
        found = rows.unique().collect("pandas").to_pandas()["text"].astype("str").sort_values()
        if len(found):
            frame = pd.DataFrame({name: found.array}, pd.RangeIndex(len(found)))
            yield read, replace(read.raw, frame=frame, rest=None)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
