"""What was filled in the rows that came into memory is joined to all rows in the engine.

``clean.fill`` works on those rows (see ``concerned``) as on rows of sheets.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from xlsales.clean.changes import COLUMNS, TIMES, change_table
from xlsales.clean.large.concerned import columns_of

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.clean.fill import Filled
    from xlsales.clean.large.concerned import Concerned
    from xlsales.clean.large.reading import Entered

NO_DAY = datetime(1700, 1, 1)  # noqa: DTZ001
"""Stands for a blank day where rows are compared: of blanks no engine says that they are equal."""


def filled(entered: Entered, own: Concerned, after: Filled) -> Entered:
    """The rows in the engine with what has been filled in those brought, and with what contradicts itself."""
    import narwhals as nw
    import pandas as pd

    read, frame = entered.read, entered.frame
    columns = columns_of(entered)
    made = pd.concat([change_table(), *after.changes])
    put = pd.DataFrame(index=own.told.index)
    for name in dict.fromkeys(made["field"]):
        labels = made.index[made["field"] == name]
        put[f"filled {name}"] = after.frame[name].where(after.frame.index.isin(labels))
    torn = dict.fromkeys(one.field for one in after.findings)
    for name in torn:
        said = [pd.Series(list(one.suggestions), one.rows) for one in after.findings if one.field == name]
        put[f"torn {name}"] = pd.concat(said).reindex(put.index).astype("str")
    if not len(put.columns):
        return entered
    put = put[put.notna().any(axis=1)]
    keys = {f"key {name}": own.told.loc[put.index, name] for name in columns}
    keys = {key: one.fillna("" if one.dtype.kind != "M" else NO_DAY) for key, one in keys.items()}
    known = put.assign(**keys).drop_duplicates(list(keys))
    kinds = frame.collect_schema()
    frame = frame.with_columns(
        nw.col(name)
        .fill_null("" if kinds[name] == nw.String else nw.lit(NO_DAY).cast(kinds[name]))
        .alias(key)
        for key, name in zip(keys, columns, strict=True)
    )
    frame = frame.join(read.table(known), on=list(keys), how="left").drop(*keys)
    for column in dict.fromkeys(made["field"]):
        new, rule = nw.col(f"filled {column}"), f"rule {column}"
        more = {rule: nw.when(new.is_null()).then(nw.col(rule))} if rule in read.doubtful else {}
        frame = frame.with_columns(nw.coalesce(column, f"filled {column}").alias(column), **more)
        frame = frame.drop(f"filled {column}")
    changes = _told(made, own.told[TIMES])
    return replace(
        entered,
        frame=frame,
        torn=tuple(torn),
        changes=pd.concat([entered.changes, changes], ignore_index=True),
    )


def _told(changes: pd.DataFrame, times: pd.Series) -> pd.DataFrame:
    """A row for each text that became another by another cell, at its first cell, with its count."""
    each = changes.assign(**{TIMES: times[changes.index]})
    alike = ["table", "field", "before", "after", "origin"]
    first = each.groupby(alike, sort=False, as_index=False).agg(
        {name: "first" for name in COLUMNS if name not in alike} | {TIMES: "sum"}
    )
    return first[[*COLUMNS, TIMES]].astype({TIMES: "int64"})
