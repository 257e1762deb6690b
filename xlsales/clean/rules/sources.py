"""The same record in several sheets: another export of it, last month's or another system's, is an update.

A record is known by the identity of its table; where a sheet has a row per order line (``LINES`` of its ids
stand on rows that differ), by that and the product. Where two sheets give one record different content, the
rows of one survive and the others are superseded. Who survives does not hang on the order of rows or files:
the sheet whose data reach furthest; of equal ones, where all are exports of one kind, the last by name (its
numbers read as numbers), else the more complete record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlsales.clean.horizon import reach
from xlsales.clean.issues import Finding

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    import numpy as np
    import pandas as pd

    from xlsales.clean.rows import Rows
    from xlsales.tables.spec import Table

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

LINES = 0.05
"""Where more than this share of a sheet's ids stand on rows that differ, its rows are order lines."""
WHOSE = ("order_id", "customer_id", "customer", "phone")
EVIDENT = 5
"""A sheet of so many rows without ids that equals another is a copy; a shorter one if it has its name."""


def repeated_sheets(tables: Mapping[str, Rows]) -> list[Finding]:
    """Sheets whose rows without ids equal those of another sheet: the same file imported twice."""
    import pandas as pd

    findings = []
    for key, rows in tables.items():
        if len(rows.raws) < 2:
            continue
        frame, identity = rows.frame, rows.table.identity
        bare = frame.index[frame[identity].isna()] if identity else frame.index
        digests = pd.util.hash_pandas_object(rows.text.loc[bare].astype("str"), index=False) ^ rows.rest[bare]
        first: dict[tuple[int, ...], int] = {}
        for part, own in sorted(digests.groupby(rows.part[bare]), key=lambda one: _place(rows, one[0])):
            content = tuple(sorted(own))
            known = first.setdefault(content, part)
            alike = rows.raws[known].sheet == rows.raws[part].sheet
            if known != part and (len(own) >= EVIDENT or alike):
                raw = rows.raws[known]
                shown = (f"{raw.source}!{raw.sheet}",) * len(own)
                amounts = tuple(rows.amounts[own.index].fillna(0.0))
                findings.append(Finding("repeated_sheet", own.index, shown, amounts, rows.key_field, key))
    return findings


def superseded(tables: Mapping[str, Rows]) -> list[Finding]:
    """Rows of a record that another sheet knows better.

    The suggestion is the cell where the survivor stands, the amount that of the row left out. Records of
    which every sheet says the same are left to the duplicates, and one id of two things to ``reused``.
    """
    findings = []
    for key, rows in tables.items():
        losers = _losers(rows)
        if losers is not None:
            stands = losers[agree(rows, losers.index, losers)]
            if len(stands):
                places = rows.places(rows.key_field, stands)
                shown = tuple(places["source"] + "!" + places["sheet"] + "!" + places["cell"])
                amounts = tuple(rows.amounts[stands.index].fillna(0.0))
                findings.append(Finding("superseded", stands.index, shown, amounts, rows.key_field, key))
    return findings


def reused(rows: Rows) -> pd.Series | None:
    """Rows of an id that another sheet gives to another thing, with the label of a row of that."""
    losers = _losers(rows)
    return None if losers is None else losers[~agree(rows, losers.index, losers)]


def _losers(rows: Rows) -> pd.Series | None:
    """The rows of records that another sheet knows better, with the label of the first row there."""
    import pandas as pd

    identity = rows.table.identity
    if not identity or len(rows.raws) < 2 or rows.frame[identity].is_unique:
        return None
    record = _records(rows, identity)
    if record.empty:
        return None
    part = rows.part[record.index]
    winner = record.map(_winners(rows, record, part))
    lost = winner.notna() & (part != winner)
    if not lost.any():
        return None
    standing = record.index[part == winner]
    cell = pd.Series(standing, index=record[standing]).groupby(level=0).min()
    losers = record.index[lost]
    return cell[record[losers]].set_axis(losers)


def _records(rows: Rows, identity: str) -> pd.Series:
    """A number for the record of each row, of those rows alone whose id stands in several sheets."""
    import pandas as pd

    frame = rows.frame
    spread = pd.DataFrame({"id": frame[identity], "part": rows.part[frame.index]}).dropna().drop_duplicates()
    shared = spread.loc[spread["id"].duplicated(keep=False), "id"].unique()
    some = frame[frame[identity].isin(shared)] if len(shared) else frame[:0]
    names = [identity]
    if len(some) and _has_lines(rows, identity):
        if "product" not in rows.text:
            return pd.Series(dtype="int64")
        names.append("product")
    return some.groupby(names, dropna=False, sort=False).ngroup()


def _winners(rows: Rows, record: pd.Series, part: pd.Series) -> pd.Series:
    """The sheet whose rows survive, by record, of the records of which two sheets say different things."""
    import pandas as pd

    said = rows.frame.loc[record.index, _said(rows)]
    content = pd.util.hash_pandas_object(said.astype("str"), index=False) ^ rows.rest[record.index]
    each = pd.DataFrame(
        {"record": record, "part": part, "content": content, "filled": said.notna().sum(axis=1)}
    )
    # The sum of their hashes says whether two sheets give a record the same rows, whatever their order.
    told = (
        each.drop_duplicates(["record", "part", "content"]).groupby(["record", "part"], as_index=False).sum()
    )
    told = told[told.groupby("record")["content"].transform("nunique") > 1]
    told["rank"] = told["part"].map(_ranks(rows))
    told["reach"] = told["part"].map(_reaches(rows))
    order = ["reach", "rank"] if _one_kind(rows, told["part"]) else ["reach", "filled", "rank"]
    best = told.sort_values(["record", *order]).drop_duplicates("record", keep="last")
    return best.set_index("record")["part"]


def _said(rows: Rows) -> list[str]:
    return [column.name for column in rows.table.columns if column.name in rows.text]


def _has_lines(rows: Rows, identity: str) -> bool:
    """Whether in any of its sheets the rows of one id are lines of it."""
    frame = rows.frame
    for part in range(len(rows.raws)):
        own = frame.loc[rows.part[frame.index] == part, _said(rows)]
        repeated = own[own[identity].duplicated(keep=False) & own[identity].notna()].drop_duplicates()
        lines = repeated.loc[repeated[identity].duplicated(), identity].nunique()
        if lines > LINES * own[identity].nunique():
            return True
    return False


def agree(rows: Rows, one: pd.Index, other: pd.Index | pd.Series) -> Mask:
    """Whether the rows of one id may be one thing: same customer, phone or order, or else same day.

    Whose it is decides where both say it, and the table's day only where not. Without either they agree.
    """
    import numpy as np

    days = [column.name for column in rows.table.columns if column.kind == "date" and column.needed]
    comparable, equal = _compared(rows.frame, whose_of(rows.table, rows.text), one, other)
    dated, same_day = _compared(rows.frame, days, one, other)
    result: Mask = np.where(comparable, equal, ~dated | same_day)
    return result


def strangers(frame: pd.DataFrame, whose: Sequence[str], one: pd.Index, other: pd.Index | pd.Series) -> Mask:
    """Whether both of two rows say in ``whose`` columns whose they are, and it is not the same."""
    comparable, equal = _compared(frame, whose, one, other)
    return comparable & ~equal


def whose_of(table: Table, has: Container[str]) -> list[str]:
    """The columns that say whose a row of the table is, of those that its sheets have."""
    return [name for name in WHOSE if name in has and name != table.identity]


def _compared(
    frame: pd.DataFrame, names: Sequence[str], one: pd.Index, other: pd.Index | pd.Series
) -> tuple[Mask, Mask]:
    """Whether two rows both say any of ``names``, and whether any that both say is the same."""
    import numpy as np

    comparable, equal = np.zeros(len(one), bool), np.zeros(len(one), bool)
    for name in names:
        a, b = (_plain(frame[name].loc[at].reset_index(drop=True)) for at in (one, other))
        both = (a.notna() & b.notna()).to_numpy(bool)
        comparable |= both
        equal |= both & (a == b).fillna(False).to_numpy(bool)
    return comparable, equal


def _plain(values: pd.Series) -> pd.Series:
    """Moments by their day: one export writes the time of day, another does not."""
    return values.dt.normalize() if values.dtype.kind == "M" else values


def _reaches(rows: Rows) -> pd.Series:
    """The last day of each sheet's rows, by the table's days; long ago where it has none."""
    import pandas as pd

    days = [column.name for column in rows.table.columns if column.kind == "date" and column.needed]
    days = days or [column.name for column in rows.table.columns if column.kind == "date"][:1]
    part = rows.part[rows.frame.index]
    lasts = [reach([rows.frame.loc[part == at, name] for name in days]) for at in range(len(rows.raws))]
    return pd.Series([pd.Timestamp(one) if one else pd.Timestamp(0) for one in lasts])


def _place(rows: Rows, part: int) -> tuple[str, str]:
    """What orders sheets by name, their numbers as numbers: 9月 before 10月."""
    raw = rows.raws[part]
    return by_name(raw.source), by_name(raw.sheet)


def by_name(name: str) -> str:
    """The name with its numbers as long as each other."""
    return re.sub(r"[0-9]+", lambda it: it[0].zfill(12), name)


def _ranks(rows: Rows) -> pd.Series:
    """The place of each sheet by name."""
    import pandas as pd

    ordered = sorted(range(len(rows.raws)), key=lambda part: _place(rows, part))
    return pd.Series({part: rank for rank, part in enumerate(ordered)})


def _one_kind(rows: Rows, parts: pd.Series) -> bool:
    """Whether all are exports of one kind: the same columns under the same headers."""
    kinds = {
        (frozenset(rows.raws[part].letters), frozenset(match.header for match in rows.raws[part].matches))
        for part in parts.unique()
    }
    return len(kinds) <= 1


def same_id(tables: Mapping[str, Rows]) -> list[Finding]:
    """Rows of one sheet with one id, and one product, that contradict each other, where ids are else unique.

    Kept, since both may be right. The suggestion is where the other one stands.
    """
    import pandas as pd

    findings = []
    for key, rows in tables.items():
        identity, frame = rows.table.identity, rows.frame
        if not identity or key in ("customers", "products") or frame[identity].is_unique:
            continue
        names = [identity, *(["product"] if "product" in rows.text else [])]
        part = rows.part[frame.index]
        again = frame[identity].notna() & pd.DataFrame({"part": part, identity: frame[identity]}).duplicated(
            keep=False
        )
        for at in range(len(rows.raws)):
            own = frame[again & (part == at)]
            repeated, unique = own[identity].nunique(), frame.loc[part == at, identity].nunique()
            if not repeated or repeated > LINES * unique:
                continue
            alike = own[own.duplicated(names, keep=False)]
            label = (
                alike.index.to_series()
                .groupby([alike[name] for name in names], dropna=False)
                .transform("min")
            )
            later = alike.index[label != alike.index]
            if len(later):
                places = rows.places(rows.key_field, label[later])
                amounts = tuple(rows.amounts[later].fillna(0.0))
                shown = tuple(places["sheet"] + "!" + places["cell"])
                findings.append(Finding("same_id", later, shown, amounts, rows.key_field, key))
    return findings
