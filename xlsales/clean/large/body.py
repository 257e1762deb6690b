"""Which rows of a file in an engine are data: blank ones, totals and repeated headers are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.columns import small_table
from xlsales.tables.body import GROUPS, HINT, anchors, is_bare_total, repeats_header, totals
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable

    Frame = nw.LazyFrame[Any]

MOST = 200_000
"""Of no more rows is looked at each whether it is a total."""


def data_rows(raw: RawTable, rows: Frame, at: Mapping[str, str], engine: Lazy) -> tuple[Frame, pd.DataFrame]:
    """The rows that hold data, and what was left out besides blanks: ``SOURCE``, ``ROW`` and the ``label``.

    As ``xlsales.tables.body.data_rows``, ``at`` being where the mapped columns stand in ``rows``.
    """
    import narwhals as nw
    import pandas as pd

    kinds = rows.collect_schema()
    texts = [name for name in kinds.names() if name not in (SOURCE, ROW) and kinds[name] == nw.String]
    rows = _without_blanks(rows, list(dict.fromkeys(at.values())), texts)
    headers = {at[one.column]: one.header for one in raw.matches if one.column and one.applied}
    near = _doubtful(rows, raw, at, texts, headers).head(MOST).collect("pandas").to_pandas()
    # The columns of a sheet have numbers, by which totals are looked for.
    numbers = {name: k for k, name in enumerate([*dict.fromkeys(at.values()), *texts])}
    cells = pd.DataFrame({k: near[name].astype("str") for name, k in numbers.items()}, near.index)
    columns = {name: numbers[own] for name, own in at.items()}
    out = totals(cells, columns, anchors(raw.table, at))
    titles = {numbers[own]: title for own, title in headers.items() if own in texts}
    out |= dict.fromkeys(repeats_header(cells, titles), next(iter(titles.values()), ""))
    if not out:
        return rows, near.head(0)[[SOURCE, ROW]].assign(label="")
    left = near.loc[sorted(out), [SOURCE, ROW]].assign(label=[out[row] for row in sorted(out)])
    gone = small_table(engine, left[[SOURCE, ROW]].drop_duplicates())
    return rows.join(gone, on=[SOURCE, ROW], how="anti"), left


def _without_blanks(rows: Frame, names: Sequence[str], texts: Sequence[str]) -> Frame:
    """The rows in which any of the columns has something.

    Joined rather than filtered where there are others: what a filter knows of so many columns is more than
    Spark can carry through the plans to come.
    """
    blank = rows.filter(~_filled(names, texts)).select(SOURCE, ROW)
    if not len(blank.head(1).collect("pandas")):
        return rows
    return rows.join(blank.unique(), on=[SOURCE, ROW], how="anti")


def _doubtful(
    rows: Frame, raw: RawTable, at: Mapping[str, str], texts: Sequence[str], headers: Mapping[str, str]
) -> Frame:
    """The rows that may be totals or repeat the header: few, of whatever many."""
    import narwhals as nw

    spoken = {name: nw.col(name).str.contains(HINT).fill_null(False) for name in texts}
    anchoring = list(dict.fromkeys(at[name] for name in anchors(raw.table, at)))
    loose = nw.all_horizontal(
        nw.lit(True), *(~_filled([name], texts) | spoken.get(name, nw.lit(False)) for name in anchoring),
        ignore_nulls=True,
    )  # fmt: skip
    said = loose & nw.any_horizontal(nw.lit(False), *spoken.values(), ignore_nulls=True)
    for name, bare in _bare_totals(rows, [at[one] for one in GROUPS if at.get(one) in texts]).items():
        said |= nw.col(name).is_in(bare)
    titled = {name: title for name, title in headers.items() if name in texts}
    if len(titled) > 1:
        equal = [(nw.col(name) == title).fill_null(False).cast(nw.Int64) for name, title in titled.items()]
        said |= nw.sum_horizontal(*equal) >= max(2, len(titled) / 2)
    return rows.filter(said)


def _bare_totals(rows: Frame, names: Sequence[str]) -> dict[str, list[str]]:
    """The bare words for a total among the texts of columns that group, where there are any."""
    import narwhals as nw

    if not names:
        return {}
    said = nw.any_horizontal(*(nw.col(name).str.contains(HINT) for name in names), ignore_nulls=True)
    groups = rows.filter(said).select(*names).unique().head(MOST).collect("pandas").to_pandas()
    found = {name: [one for one in groups[name].dropna().unique() if is_bare_total(one)] for name in names}
    return {name: bare for name, bare in found.items() if bare}


def _filled(names: Sequence[str], texts: Sequence[str]) -> nw.Expr:
    """Whether any of the columns has something in a row."""
    import narwhals as nw

    filled = [
        (nw.col(name).str.strip_chars() != "").fill_null(False) if name in texts else ~nw.col(name).is_null()
        for name in names
    ]
    return nw.any_horizontal(*filled, ignore_nulls=True)
