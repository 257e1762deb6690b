"""Which rows in an engine are concerned by blanks that other rows know: these come into memory.

Of rows that are the same in all that filling looks at one comes, at its first place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.changes import TIMES
from xlsales.clean.fill import FIELDS, LOOKUPS
from xlsales.clean.frames import conform
from xlsales.clean.rows import Rows
from xlsales.clean.rules.sources import WHOSE
from xlsales.tables.held import fetched
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.fill import Lookup
    from xlsales.clean.large.reading import Entered

    Frame = nw.LazyFrame[Any]

MOST = 200_000
"""So many different rows of a table are brought into memory; where more are concerned nothing is filled."""


class TooManyError(Exception):
    """More rows are concerned than are brought."""


@dataclass(frozen=True)
class Concerned:
    """Rows of a table in an engine as they stand there (``told``, with ``TIMES``), and as rows of sheets."""

    told: pd.DataFrame
    rows: Rows


def concerned(entered: Sequence[Entered], tables: Mapping[str, Rows]) -> list[Concerned | None]:
    """Of each table there the rows that blanks, there and in ``tables`` in memory, are filled in or from.

    Raises ``TooManyError``.
    """
    import pandas as pd

    blank = [_blank(one, entered, tables) for one in entered]
    lacking = _lacking(entered, blank, tables)
    if not lacking:
        return [None for _ in entered]
    lookups = [one for one in LOOKUPS if (one.table, one.field) in lacking]
    parts = [[rows] if rows is not None else [] for rows in blank]
    # Whoever is told by an order is looked up next, so that customers come last.
    for kinds in ({"order", "rep"}, {"customer_id"}):
        wanted = _wanted(entered, parts, tables, lookups)
        for one, own in zip(entered, parts, strict=True):
            key, identity = one.read.raw.table.key, one.read.raw.table.identity
            asked = {it.their_key for it in lookups if it.donor == key and _kind(it.their_key) in kinds}
            if identity in one.read.at and key in {table for table, _ in lacking} and "order" in kinds:
                asked.add(str(identity))
            ways = {name: wanted.get(_kind(name), set()) for name in sorted(asked)}
            if any(ways.values()):
                own.append(_holding(one, ways))
    found: list[Concerned | None] = []
    for one, own in zip(entered, parts, strict=True):
        rows = pd.concat(own).drop_duplicates([*columns_of(one), SOURCE]) if own else None
        found.append(None if rows is None or rows.empty else _concerned(one, rows))
    return found


def columns_of(entered: Entered) -> list[str]:
    """All that filling looks at in a row of the table."""
    table = entered.read.raw.table
    names = {table.identity, *WHOSE, *FIELDS.get(table.key, ())}
    names |= {column.name for column in table.columns if column.kind == "date" and column.needed}
    for one in LOOKUPS:
        names |= {one.key, one.field} if one.table == table.key else set()
        names |= {one.their_key, one.known} if one.donor == table.key else set()
    return [column.name for column in table.columns if column.name in names]


def _fields(entered: Entered) -> list[str]:
    """What may be filled in the table."""
    table = entered.read.raw.table
    return [name for name in FIELDS.get(table.key, ()) if name in entered.read.at and name != table.identity]


def _blank(entered: Entered, others: Sequence[Entered], tables: Mapping[str, Rows]) -> pd.DataFrame | None:
    """The rows with a blank that a row of another table, or another row with the id, may fill."""
    import narwhals as nw

    fields, table = _fields(entered), entered.read.raw.table
    blank = (
        entered.frame.filter(
            nw.any_horizontal(*(nw.col(name).is_null() for name in fields), ignore_nulls=True)
        )
        if fields
        else None
    )
    if blank is None or not blank.select(*fields).head(1).collect("pandas").shape[0]:
        return None
    ways: list[tuple[str, str, Frame]] = []
    for one in LOOKUPS:
        if one.table == table.key and one.field in fields:
            ways += [(one.field, one.key, keys) for keys in _keys(one, entered, others, tables)]
    if table.identity in entered.read.at:
        identity = str(table.identity)
        own = entered.frame.select(key=nw.col(identity)).drop_nulls()
        own = own.join(blank.select(key=nw.col(identity)).drop_nulls().unique(), on="key", how="semi")
        times = own.group_by("key").agg(times=nw.len()).filter(nw.col("times") > 1).select("key")
        ways += [(name, identity, times) for name in fields]
        for other in others:
            if other is not entered and other.read.raw.table.key == table.key and identity in other.read.at:
                there = other.frame.select(key=nw.col(identity)).drop_nulls().unique()
                ways += [(name, identity, there) for name in fields]
        if table.key in tables:
            here = tables[table.key].frame[identity]
            ways += [(name, identity, entered.read.table(_as_keys(here))) for name in fields]
    hits = []
    for number, (field, key, keys) in enumerate(ways):
        blank = blank.join(
            keys.with_columns(nw.lit(True).alias(f"way {number}")), left_on=key, right_on="key", how="left"
        )
        hits.append(nw.col(field).is_null() & nw.col(f"way {number}").fill_null(False))
    return _brought(entered, blank.filter(nw.any_horizontal(*hits, ignore_nulls=True))) if hits else None


def _keys(
    lookup: Lookup, entered: Entered, others: Sequence[Entered], tables: Mapping[str, Rows]
) -> Iterable[Frame]:
    """The keys that the rows of the other table have, in memory and there, as ``key``."""
    import narwhals as nw

    if lookup.donor in tables and (known := tables[lookup.donor].frame[lookup.their_key]).notna().any():
        yield entered.read.table(_as_keys(known))
    for one in others:
        if one.read.raw.table.key == lookup.donor:
            yield one.frame.select(key=nw.col(lookup.their_key)).drop_nulls().unique()


def _holding(entered: Entered, ways: Mapping[str, set[str]]) -> pd.DataFrame:
    """The rows in which one of the columns has one of the wanted keys."""
    import narwhals as nw
    import pandas as pd

    rows, hits = entered.frame, []
    for name, keys in ways.items():
        if keys:
            known = pd.DataFrame({"key": sorted(keys)}, dtype="str").assign(**{f"way {name}": True})
            rows = rows.join(entered.read.table(known), left_on=name, right_on="key", how="left")
            hits.append(nw.col(f"way {name}").fill_null(False))
    return _brought(entered, rows.filter(nw.any_horizontal(*hits, ignore_nulls=True)))


def _brought(entered: Entered, rows: Frame) -> pd.DataFrame:
    """Of equal rows one for each file, with its first row (``ROW``), its texts and ``TIMES``."""
    import narwhals as nw

    columns, at = columns_of(entered), entered.read.at
    texts = {f"text {name}": nw.col(at[name]).cast(nw.String).min() for name in columns if name in at}
    found = rows.group_by(*columns, SOURCE).agg(nw.col(ROW).min(), nw.len().alias(TIMES), **texts)
    brought = fetched(found.head(MOST + 1))
    if len(brought) > MOST:
        raise TooManyError
    strings = [name for name in brought if brought[name].dtype == object]
    return brought.astype(dict.fromkeys(strings, "str"))


def _lacking(
    entered: Sequence[Entered], blank: Sequence[pd.DataFrame | None], tables: Mapping[str, Rows]
) -> set[tuple[str, str]]:
    """The table and field of all blanks that may be filled by or in a table there."""
    found = {
        (one.read.raw.table.key, name)
        for one, rows in zip(entered, blank, strict=True)
        for name in _fields(one)
        if rows is not None and rows[name].isna().any()
    }
    there = {one.read.raw.table.key for one in entered}
    for key, rows in tables.items():
        donors = {one.donor for one in LOOKUPS if one.table == key} | {key}
        for name in FIELDS.get(key, ()) if donors & there else ():
            if name in rows.text and name != rows.table.identity and rows.frame[name].isna().any():
                found.add((key, name))
    return found


def _wanted(
    entered: Sequence[Entered],
    parts: Sequence[Sequence[pd.DataFrame]],
    tables: Mapping[str, Rows],
    lookups: Sequence[Lookup],
) -> dict[str, set[str]]:
    """The keys of all rows brought and of those with blanks in memory, by what they are keys of."""
    wanted: dict[str, set[str]] = {}

    def want(rows: pd.DataFrame) -> None:
        for name in ("order_id", "contract_id", "customer_id", "rep", *identities):
            if name in rows:
                wanted.setdefault(_kind(name), set()).update(rows[name].dropna().unique())

    identities = {one.read.raw.table.identity or "" for one in entered}
    for own in parts:
        for rows in own:
            want(rows)
    blanks = {key: rows.frame for key, rows in tables.items()}
    for key in dict.fromkeys(one.table for one in lookups):
        if key in tables:
            fields = [one.field for one in lookups if one.table == key]
            want(blanks[key][blanks[key][fields].isna().any(axis=1)])
    for one in lookups:  # whom an order or contract in memory tells is looked up there
        if one.donor in tables and _kind(one.their_key) == "order":
            rows = tables[one.donor].frame
            want(rows[rows[one.their_key].isin(wanted.get("order", set()))])
    return wanted


def _kind(name: str) -> str:
    """Orders and contracts have one kind of id."""
    return "order" if name in ("order_id", "contract_id") else name


def _as_keys(column: pd.Series) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"key": column.dropna().drop_duplicates().sort_values().array}, dtype="str")


def _concerned(entered: Entered, rows: pd.DataFrame) -> Concerned:
    import pandas as pd

    read = entered.read
    columns = columns_of(entered)
    rows = rows.sort_values([SOURCE, ROW, *columns], ignore_index=True)
    times = rows.groupby(columns, dropna=False, sort=False)[TIMES].transform("sum")
    told = rows.assign(**{TIMES: times}).drop_duplicates(columns).reset_index(drop=True)
    part, files = told[SOURCE].factorize()
    suffix = f"!{read.raw.sheet}"
    text = {name: told.get(f"text {name}") for name in read.at}
    nothing = pd.Series(0, told.index)
    frame = conform(read.raw.table, told)
    return Concerned(
        told,
        Rows(
            raws=tuple(replace(read.raw, source=str(one).removesuffix(suffix)) for one in files),
            frame=frame,
            text=pd.DataFrame(text, told.index).astype("str"),
            rest=nothing.astype("uint64"),
            part=pd.Series(part, told.index, dtype="int64"),
            position=nothing,
            row=told[ROW].astype("int64"),
            amounts=pd.Series(float("nan"), told.index),
            findings=(),
        ),
    )
