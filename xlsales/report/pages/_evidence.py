"""What is behind the numbers that are of no metric: rows read, used and left out, findings, headers, cases.

Each function gives what an :class:`~xlsales.report.traced.Evidence` makes its rows with; nothing is looked up
before somebody asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.read import money_of
from xlsales.language import text
from xlsales.metrics._behind import PART, PLACE, TABLE
from xlsales.report.traced import Evidence, traced
from xlsales.tables.spec import ROW, SOURCE
from xlsales.tables.specs import table as table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from xlsales.clean.reconciling.comparison import Comparison
    from xlsales.clean.review.settle import Settled
    from xlsales.metrics._catalogue import Format
    from xlsales.report.pages._context import Context, Record
    from xlsales.tables.seen import Seen
    from xlsales.tables.spec import RawTable

    Rows = Callable[[], pd.DataFrame]


def evident(
    context: Context,
    value: Any,
    of: str,
    rows: Rows | None = None,
    *about: str,
    form: Format = "count",
) -> Any:
    """The number, which knows what is behind it where the page is made to be explained."""
    if not context.traced or value is None:
        return value
    value = value.item() if hasattr(value, "item") else value
    return traced(value, (Evidence(of, value, tuple(filter(None, about)), rows, form),))


def items(columns: Collection[str], found: Sequence[tuple[Any, ...]]) -> Rows:
    """What is no row: of each its table, sheet and row ("" and 1 for none), ``columns``, and its part."""

    def rows() -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(found, columns=[*PLACE, *columns, PART])

    return rows


def several(parts: Sequence[Rows]) -> Rows:
    """The rows of all of these."""
    return lambda: _together(part() for part in parts)


def days(key: str, source: str, found: Iterable[date]) -> Rows:
    """These days of a source, one each."""
    import pandas as pd

    return items(("day",), [(key, source, 1, pd.Timestamp(day), 1.0) for day in found])


def read(context: Context, raws: Iterable[RawTable]) -> Rows:
    """Every row of these sheets below the headers: those that count and those that do not."""
    sheets = [(raw.table.key, f"{raw.source}!{raw.sheet}") for raw in raws]
    keys = tuple(dict.fromkeys(key for key, _ in sheets))

    def rows() -> pd.DataFrame:
        import pandas as pd

        found = _together((used(context, keys)(), excluded(context, keys)()))
        here = pd.MultiIndex.from_frame(found[[TABLE, SOURCE]]).isin(sheets)
        return found[here]

    return rows


def read_below(context: Context, *raws: RawTable) -> Rows:
    """The rows of these sheets but for totals, subtotals and repeated headers."""

    def rows() -> pd.DataFrame:
        gone = skipped(raws)()[PLACE]
        found = read(context, raws)().merge(gone, on=PLACE, how="left", indicator=True)
        return found[found["_merge"] == "left_only"].drop(columns="_merge")

    return rows


def skipped(raws: Iterable[RawTable]) -> Rows:
    """The total, subtotal and repeated header rows of these sheets."""
    return lambda: _places(
        (raw.table.key, f"{raw.source}!{raw.sheet}", row) for raw in raws for row, _ in raw.skipped
    )


def used(context: Context, keys: Collection[str], *, money: bool = False) -> Rows:
    """The rows of these clean tables; with ``money`` what each brings."""

    def rows() -> pd.DataFrame:
        return _together(_clean(context, key, money) for key in keys if key in context.cleaned.in_memory)

    return rows


def owned(context: Context, keys: Collection[str], rep: str) -> Rows:
    """The rows of these clean tables that are a rep's."""

    def rows() -> pd.DataFrame:
        tables = context.cleaned.in_memory
        parts = [(key, tables[key]["rep"] == rep) for key in keys if key in tables]
        return _together(_clean(context, key, False)[own.to_numpy(bool)] for key, own in parts)

    return rows


def brought(context: Context, key: str, source: str, *, money: bool = False) -> Rows:
    """The rows of a clean table that came from a source, by its readable name."""

    def rows() -> pd.DataFrame:
        from xlsales.clean.by_source import source_of

        if key not in context.cleaned.in_memory:
            return _together(())
        named = source_of(context.cleaned.in_memory[key], context.survey.tables)
        found = _clean(context, key, money)
        return found[(named == source).to_numpy(bool)]

    return rows


def excluded(context: Context, keys: Collection[str]) -> Rows:
    """The rows of these tables that were read and do not count."""

    def rows() -> pd.DataFrame:
        totals = skipped(raw for raw in context.survey.tables if raw.table.key in keys)()
        issues = context.cleaned.issues
        out = issues[issues["table"].isin(list(keys)) & (issues["action"] == "excluded")]
        found = _together((totals, _of_issues(context, out, "")[[*PLACE, PART]])).drop_duplicates(PLACE)
        kept = used(context, keys)()[PLACE].drop_duplicates()
        left = found.merge(kept, on=PLACE, how="left", indicator=True)
        return left[left["_merge"] == "left_only"].drop(columns="_merge")

    return rows


def money_read(context: Context, key: str) -> Rows:
    """What counts of a table, and what the rows carry that were left out."""

    def rows() -> pd.DataFrame:
        issues = context.cleaned.issues
        out = issues[(issues["table"] == key) & (issues["action"] == "excluded")]
        left = _of_issues(context, out.drop_duplicates(["source", "sheet", "cell"]), "amount")
        left = left[left["part"] != 0].drop_duplicates(PLACE)
        return _together((used(context, (key,), money=True)(), left[[*PLACE, PART]]))

    return rows


def findings(context: Context, issues: pd.DataFrame, add: str = "") -> Rows:
    """These findings, one each, or by what ``add`` says: their ``amount``, or its ``size`` without sign."""
    return lambda: _of_issues(context, issues, add)


def changes(context: Context, found: pd.DataFrame) -> Rows:
    """These changes of cells, each as often as it was made."""

    def rows() -> pd.DataFrame:
        return _placed(found, found["source"] + "!" + found["sheet"]).assign(
            change=[text(context.lang, f"changes.{rule}") for rule in found["rule"]],
            before_after=found["before"] + " → " + found["after"],
            part=found["times"].astype("float64"),
        )

    return rows


def decisions(context: Context, settled: Iterable[Settled]) -> Rows:
    """These decisions, one each, where its case first stands."""

    def rows() -> pd.DataFrame:
        import pandas as pd

        names = ["source", "sheet", "cell", "table", "rule", "field", "value"]
        found = pd.DataFrame(
            [
                (one.source, one.sheet, one.cell, said.table, said.rule, said.field, said.old)
                for one in settled
                for said in (one.decision,)
            ],
            columns=names,
            dtype="str",
        )
        return _of_issues(context, found.assign(suggestion="", amount=0.0), "")

    return rows


def calls(found: pd.DataFrame, *, ones: bool = False) -> Rows:
    """These records to ask about, each by the order value that hangs on it, or as ``ones``."""
    return lambda: _placed(found, found["source"]).assign(
        buyer=found["customer"], part=1.0 if ones else found["value"]
    )


def headers(seen: Iterable[Seen]) -> Rows:
    """These headers, each where it first stands."""

    def rows() -> pd.DataFrame:
        import pandas as pd

        found = [
            (one.table, "!".join(one.places[0][:2]), 1, one.places[0][2], one.match.header) for one in seen
        ]
        return pd.DataFrame(found, columns=[*PLACE, "cell", "header"]).assign(part=1.0)

    return rows


def matched(raw: RawTable, names: Iterable[tuple[str, str]]) -> Rows:
    """These headers of a sheet, each a (letter, header)."""
    row = raw.header_rows[-1] if raw.header_rows else 1

    def rows() -> pd.DataFrame:
        import pandas as pd

        found = [
            (raw.table.key, f"{raw.source}!{raw.sheet}", row, f"{letter}{row}", header)
            for letter, header in names
        ]
        return pd.DataFrame(found, columns=[*PLACE, "cell", "header"]).assign(part=1.0)

    return rows


def cells(context: Context, key: str, field: str, *, blank: bool, money: bool = False) -> Rows:
    """The rows of a clean table whose cell in a column is blank, or filled; with the order value of each."""

    def rows() -> pd.DataFrame:
        from xlsales.clean.missing import order_value

        if key not in context.cleaned.in_memory:
            return _together(())
        frame = context.cleaned.in_memory[key]
        found = _clean(context, key, False)
        if money:
            found = found.assign(part=order_value(context.cleaned.in_memory, key).to_numpy())
        return found[(frame[field].isna() == blank).to_numpy(bool)]

    return rows


def compared(context: Context, states: Collection[Record], of: str = "") -> Rows:
    """The units of reconciliations in these states, one each or by what ``of`` says of them.

    ``of`` is ``first``, ``second``, ``difference`` or its ``size`` without sign.
    """

    def rows() -> pd.DataFrame:
        from xlsales.clean.large.compared import compared as tables_of
        from xlsales.clean.reconciling.catalogue import reconciled

        tables = tables_of(context.cleaned)
        found = reconciled(tables)
        return _together(_units(key, found[key], tables, names, of) for key, names in by_key.items())

    by_key: dict[str, set[str]] = {}
    for state in states:
        by_key.setdefault(state["key"], set()).add(state["status"])
    return rows


def _units(
    key: str, one: Comparison, tables: Mapping[str, pd.DataFrame], names: set[str], of: str
) -> pd.DataFrame:
    """The units of a reconciliation in these states, each with its first row and what it adds."""
    import pandas as pd

    from xlsales.clean.reconciling.places import with_places

    units = with_places(key, one.units[one.units["status"].isin(names)], tables)
    sides = {"first": units[one.sides[0]], "second": units[one.sides[1]], "difference": units["difference"]}
    found = {
        TABLE: units["table"].fillna("orders"),
        SOURCE: units["source"].fillna(""),
        ROW: units["row"].fillna(0).astype("int64"),
        "order": units.get("order_id", ""),
        "buyer": units["customer"],
        **sides,
        PART: sides["difference"].abs() if of == "size" else sides.get(of, 1.0),
    }
    return pd.DataFrame(found)


def _clean(context: Context, key: str, money: bool) -> pd.DataFrame:
    frame = context.cleaned.in_memory[key]
    column = money_of(table_of(key)) if money else None
    part = frame[column.name].fillna(0.0) if column else 1.0
    return frame[[SOURCE, ROW]].assign(_table=key, part=part)


def _of_issues(context: Context, issues: pd.DataFrame, add: str) -> pd.DataFrame:
    amount = issues["amount"].fillna(0.0)
    return _placed(issues, issues["source"] + "!" + issues["sheet"]).assign(
        rule=[text(context.lang, f"issues.{rule}.title") for rule in issues["rule"]],
        field=[
            context.field_title(key, name) for key, name in zip(issues["table"], issues["field"], strict=True)
        ],
        value=issues["value"],
        suggestion=issues["suggestion"],
        part=amount if add == "amount" else amount.abs() if add == "size" else 1.0,
    )


def _placed(found: pd.DataFrame, places: pd.Series) -> pd.DataFrame:
    """Table, sheet, row and cell of what stands in cells."""
    row = found["cell"].str.extract(r"(\d+)$", expand=False).astype("float64").fillna(1).astype("int64")
    return found[["cell"]].assign(**{TABLE: found["table"], SOURCE: places, ROW: row})


def _places(found: Iterable[tuple[str, str, int]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(found), columns=PLACE).assign(part=1.0)


def _together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    known = list(parts)
    return pd.concat(known, ignore_index=True) if known else _places(())
