"""What a rule finds in rows in memory, and what its counterpart finds in the same rows in an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd
import pyarrow as pa

from xlsales.clean.clean import clean
from xlsales.clean.issues import issue_table
from xlsales.clean.large.judging import Judged
from xlsales.clean.large.listing import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xlsales.clean.large.listing import Found
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable

SAID = ["rule", "table", "field", "source", "cell", "suggestion"]


def by_both(
    raws: Sequence[RawTable], engine: Lazy, rule: Callable[[Judged], Iterable[Found]], *names: str
) -> list[list[dict[str, Any]]]:
    """The issues of these names, in memory and there. The rule must leave no rows out."""
    cleaned = clean(raws)
    sheets = {key: [raw for raw in raws if raw.table.key == key] for key in cleaned.tables}
    frames = {
        key: nw.from_native(engine.table(pa.Table.from_pandas(frame, preserve_index=False))).lazy()
        for key, frame in cleaned.tables.items()
    }
    asked = Judged(frames, set(frames), sheets, engine, None)
    there = [issue_table(), *(listed([one], sheets[one.table]).issues for one in rule(asked))]
    return [
        issues.loc[issues["rule"].isin(names), SAID].sort_values(SAID).to_dict("records")
        for issues in (cleaned.issues, pd.concat(there))
    ]
