"""Orders that an export splits into headers (when, who, where) and lines (what, how much), joined by id.

One order row per line, with the header's words. Money that the header states (its total, what is paid, the
platform's fee) is spread over the lines in proportion to their amounts, so that it counts once. A header with
a total and no lines is an order by itself. What has no counterpart is left out with its value, never lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.clean.rules.lines import CENT, EXCEPTIONS
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import ORDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows

SPLIT = ("order_headers", "order_lines")
OF_LINE = ("order_id", "product", "product_id", "category", "quantity", "unit_price", "discount", "cost")
SPREAD = ("amount", "paid", "fee")


def conflicting_headers(tables: Mapping[str, Rows]) -> list[Finding]:
    """Headers of an order that has another one which says more, or is later, or else sorts first."""
    from pandas.util import hash_pandas_object

    rows = tables["order_headers"]
    several = rows.frame[rows.frame["order_id"].duplicated(keep=False)]
    if several.empty:
        return []
    texts = rows.text.loc[several.index].fillna("")
    ranked = several.assign(
        _said=-several.notna().sum(axis=1),
        _late=-several["order_date"].astype("int64"),
        _text=hash_pandas_object(texts, index=False),
    ).sort_values(["order_id", "_said", "_late", "_text"], kind="stable")
    first = ranked.index.to_series().groupby(ranked["order_id"]).transform("first")
    others = ranked.index[first != ranked.index].sort_values()
    places = rows.places("order_id", first[others])
    cells = tuple(places["sheet"] + "!" + places["cell"])
    money = tuple(rows.frame.loc[others, "amount"])
    return [Finding("conflicting_header", others, cells, money, "order_id", "order_headers")]


def apart(tables: Mapping[str, Rows]) -> list[Finding]:
    """Lines of no header, headers of no line, and headers whose total is not what their lines add up to."""
    headers, lines = (tables[key].frame for key in SPLIT)
    lone_lines = lines[~lines["order_id"].isin(headers["order_id"])]
    lone = headers[~headers["order_id"].isin(lines["order_id"])]
    bare, whole = lone[lone["amount"].isna()], lone[lone["amount"].notna()]
    findings = [
        Finding(
            "line_without_order", lone_lines.index, (), tuple(lone_lines["amount"]), "order_id", "order_lines"
        ),
        Finding("order_without_lines", bare.index, (), (), "order_id", "order_headers"),
        Finding("total_without_lines", whole.index, (), tuple(whole["amount"]), "order_id", "order_headers"),
        *_totals(headers, lines),
    ]
    return [finding for finding in findings if len(finding.rows)]


def _totals(headers: pd.DataFrame, lines: pd.DataFrame) -> list[Finding]:
    found = lines.groupby("order_id")["amount"].agg(["sum", "size"]).reindex(headers["order_id"])
    found.index = headers.index
    stated = found["sum"].notna() & headers["amount"].notna()
    off = (headers["amount"] - found["sum"])[stated]
    off = off[off.abs() > CENT * (1 + found["size"][stated])]
    if off.empty or len(off) > EXCEPTIONS * stated.sum():
        return []
    sums = tuple(f"{one:.12g}" for one in found.loc[off.index, "sum"])
    return [Finding("total_differs", off.index, sums, tuple(off), "amount", "order_headers")]


def join(tables: Mapping[str, Rows], orders: Rows | None) -> Rows:
    """The order rows of headers and lines that have each other, below ``orders`` that came whole.

    Header ids are unique and every line has its header: what ``conflicting_headers`` and ``apart`` leave.
    """
    import pandas as pd

    headers, lines = (tables[key] for key in SPLIT)
    at = pd.Series(headers.frame.index, headers.frame["order_id"])
    header = pd.Series(at[lines.frame["order_id"]].to_numpy(), lines.frame.index)
    lone = headers.frame.index[~headers.frame.index.isin(header)]
    parts = [*([orders] if orders else []), _lines(headers, lines, header)]
    return stacked([*parts, _lone(headers, lone)] if len(lone) else parts)


def _lines(headers: Rows, lines: Rows, header: pd.Series) -> Rows:
    """The lines as order rows, on their own labels."""
    import pandas as pd

    above = headers.frame.loc[header].set_axis(header.index)
    share = _shares(lines.frame["amount"], header)
    columns = {}
    for column in ORDERS.columns:
        name = column.name
        if name in SPREAD:
            columns[name] = above[name] * share
        else:
            columns[name] = lines.frame[name] if name in OF_LINE else above[name]
    columns["amount"] = columns["amount"].where(above["amount"].notna(), lines.frame["amount"])
    frame = pd.DataFrame(columns).assign(**{name: lines.frame[name] for name in (SOURCE, ROW)})
    own = [name for name in lines.text if name in (*OF_LINE, "amount")]
    words = [name for name in headers.text if name in columns and name not in (*own, *SPREAD)]
    text = lines.text.loc[header.index, own].join(
        headers.text.loc[header, words].set_axis(header.index), validate="1:1"
    )
    if "amount" in text:
        text["amount"] = text["amount"].where(above["amount"].isna())
    # Equal lines were judged as lines: they have an id of their own, or nothing proves them to be one.
    rest = pd.Series(range(len(header)), header.index, dtype="uint64")
    raws = tuple(replace(raw, table=ORDERS, skipped=()) for raw in lines.raws)
    return replace(
        _cut(lines, header.index),
        raws=raws,
        frame=frame,
        text=text,
        rest=rest,
        amounts=frame["amount"],
        elsewhere=(headers, header),
    )


def _lone(headers: Rows, labels: pd.Index) -> Rows:
    """Headers without lines as order rows, on their own labels."""
    import pandas as pd

    frame = headers.frame.loc[labels]
    absent = {
        column.name: pd.Series(None, labels, dtype="float64" if column.kind in ("money", "count") else "str")
        for column in ORDERS.columns
        if column.name not in frame
    }
    return replace(
        _cut(headers, labels),
        raws=tuple(replace(raw, table=ORDERS, skipped=()) for raw in headers.raws),
        frame=frame.assign(**absent)[[*(column.name for column in ORDERS.columns), SOURCE, ROW]],
        text=headers.text.loc[labels],
        rest=headers.rest[labels],
        amounts=frame["amount"],
    )


def _shares(amounts: pd.Series, header: pd.Series) -> pd.Series:
    """What part of its order each line is; equal parts where the lines do not add up to more than zero."""
    orders = amounts.groupby(header)
    total = orders.transform("sum")
    return (amounts / total).where(total > 0, 1 / orders.transform("size"))


def _cut(rows: Rows, labels: pd.Index) -> Rows:
    part, position, row = (one[labels] for one in (rows.part, rows.position, rows.row))
    return replace(rows, part=part, position=position, row=row, findings=())


def stacked(parts: list[Rows]) -> Rows:
    """The rows of all parts below each other, under labels of their own but for those of the first."""
    import pandas as pd

    first, *others = parts
    if not others:
        return first
    moved = [first]
    start, raws = int(first.text.index.max()) + 1 if len(first.text) else 0, len(first.raws)
    for rows in others:
        moved.append(_moved(rows, start, raws))
        start, raws = start + len(rows.frame), raws + len(rows.raws)
    return replace(
        first,
        raws=tuple(raw for rows in moved for raw in rows.raws),
        frame=pd.concat([rows.frame for rows in moved]),
        text=pd.concat([rows.text for rows in moved]),
        rest=pd.concat([rows.rest for rows in moved]),
        part=pd.concat([rows.part for rows in moved]),
        position=pd.concat([rows.position for rows in moved]),
        row=pd.concat([rows.row for rows in moved]),
        amounts=pd.concat([rows.amounts for rows in moved]),
        elsewhere=next((rows.elsewhere for rows in moved if rows.elsewhere), None),
    )


def _moved(rows: Rows, start: int, raws: int) -> Rows:
    """Rows of which all are left, under labels from ``start``, and their sheets after ``raws`` others."""
    import pandas as pd

    labels = pd.RangeIndex(start, start + len(rows.frame))
    return replace(
        rows,
        frame=rows.frame.set_axis(labels),
        text=rows.text.set_axis(labels),
        rest=rows.rest.set_axis(labels),
        part=rows.part.set_axis(labels) + raws,
        position=rows.position.set_axis(labels),
        row=rows.row.set_axis(labels),
        amounts=rows.amounts.set_axis(labels),
        elsewhere=rows.elsewhere and (rows.elsewhere[0], rows.elsewhere[1].set_axis(labels)),
    )
