"""A table in its engine becomes a clean one, stage by stage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.large.account import account, money_as_given
from xlsales.clean.large.amounts import BACK, said_back
from xlsales.clean.large.body import data_rows
from xlsales.clean.large.codes import WRITTEN, written
from xlsales.clean.large.columns import GONE
from xlsales.clean.large.corrected import as_decided, corrected, is_kept, touched
from xlsales.clean.large.findings import torn
from xlsales.clean.large.own_rules import GIVEN, change, mark
from xlsales.clean.large.reading import Entered, Reading
from xlsales.clean.large.refused import refuse_broken_decimals
from xlsales.clean.large.repeats import apart, possible_duplicates
from xlsales.clean.large.sources import Sifted
from xlsales.clean.large.spelling import respelled
from xlsales.clean.large.trials import TYPE, said_trial
from xlsales.tables.mapping import is_running_number
from xlsales.tables.spec import ROW, SOURCE, letter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw

    from xlsales.clean.large.account import Large
    from xlsales.clean.large.decided import Decided
    from xlsales.clean.naming.names import Spelling
    from xlsales.clean.rules.user_rules import Rule
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable, Table

    Frame = nw.LazyFrame[Any]


def source_of(raw: RawTable, scan: Any, engine: Lazy) -> Reading:
    """The rows of ``scan``, a frame of ``engine`` in which ``raw`` tells the columns, as they came."""
    import narwhals as nw

    given = nw.from_native(scan).lazy()
    names = [name for name in given.collect_schema().names() if name not in (SOURCE, ROW)]
    texts = [f"raw {k}" for k in range(len(names))]
    letters = {letter(k): text for k, text in enumerate(texts)}
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
    money = money_as_given(changed, entered.read.raw.table)
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
    found = [*torn(entered, frame), *sifted.found, *alike]
    made = account(read, frame, again, clean, sifted.ruled, found)
    worth = money_as_given(sifted.frame, table)
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
