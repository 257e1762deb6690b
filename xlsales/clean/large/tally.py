"""How many rows of a table in an engine have findings, by file and by rep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.account import Large
    from xlsales.tables.engines import Lazy

    Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Tally:
    """``rows`` and those with a finding that counts against quality (``failed``).

    ``files`` has all rows of each file as they came (``source``), ``owners`` those that count by ``rep``,
    None where the table has no reps.
    """

    files: pd.DataFrame
    owners: pd.DataFrame | None


def tallied(large: Large, more: Sequence[Frame], engine: Lazy) -> Tally | None:
    """What the findings in the rows of the table come to, ``more`` being those of rules about whole tables.

    None where its rows have no numbers by which findings could be told apart.
    """
    import narwhals as nw
    import pandas as pd

    if not large.files:
        return None
    failed, owners = dict.fromkeys(large.files, 0), None
    clean = nw.from_native(large.frame).lazy()
    if parts := [*large.wrong, *more]:
        wrong = engine.held(nw.concat(parts).unique())
        counts = wrong.group_by(SOURCE).agg(failed=nw.len()).collect("pandas").to_pandas()
        found = dict(zip(counts[SOURCE].astype("str"), counts["failed"].astype(int), strict=True))
        failed = {name: found.get(name, 0) for name in failed}
        clean = clean.join(wrong.with_columns(failed=nw.lit(1)), on=[SOURCE, ROW], how="left")
    else:
        clean = clean.with_columns(failed=nw.lit(0))
    if large.blanks.get("rep", large.rows) < large.rows:
        reps = clean.drop_nulls(["rep"]).group_by("rep")
        each = reps.agg(rows=nw.len(), failed=nw.col("failed").fill_null(0).sum())
        owners = each.collect("pandas").to_pandas().astype({"rep": "str", "rows": "int64", "failed": "int64"})
    files = pd.DataFrame({"source": list(large.files), "rows": list(large.files.values())})
    return Tally(files.assign(failed=list(failed.values())), owners)
