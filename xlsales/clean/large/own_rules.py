"""The users' own rules over a table in its engine, as ``clean.rules.user_rules`` has them in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.clean.large.columns import GONE, dtype_of, texts_of
from xlsales.clean.large.corrected import taken_back
from xlsales.clean.large.listing import Found
from xlsales.clean.read import money_of
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import narwhals as nw

    from xlsales.clean.large.reading import Reading
    from xlsales.clean.rules.user_rules import Rule
    from xlsales.tables.spec import RawTable

    Frame = nw.LazyFrame[Any]

GIVEN = "given amount"
"""The money of a row before rules changed it; only there where one could."""


@dataclass(frozen=True)
class Ruled:
    """The rows that a rule hit, each with what it is worth as ``amount``, and the finding where it is one."""

    name: str
    rows: Frame
    found: Found | None = None

    def counted(self) -> tuple[int, float]:
        """How many rows, and their money."""
        import narwhals as nw

        sums = self.rows.select(n=nw.len(), amount=nw.col("amount").sum()).collect("pandas").to_native()
        amount = sums["amount"].iloc[0]
        return int(sums["n"].iloc[0]), float(amount) if amount == amount and amount is not None else 0.0


@dataclass
class _Cells:
    """What conditions ask of a frame, which is joined to what they find."""

    read: Reading
    frame: Frame

    def among(self, name: str, fits: Callable[[str], bool], *, written: bool) -> nw.Expr:
        """Whether the text of a column fits: asked once of each different text."""
        import narwhals as nw
        import pandas as pd
        import pyarrow as pa

        names = self.frame.collect_schema().names()
        column = self.read.at.get(name, name) if written else name
        hit = next(one for k in range(len(names) + 1) if (one := f"hit {k}") not in names)
        text = nw.col(column).cast(nw.String)
        texts = texts_of(self.frame.select(text), column)
        fitting = [one for one in texts if fits(one)]
        known = pd.DataFrame({f"{hit} text": fitting})
        known = known.astype("str").assign(**{hit: True})
        lookup = self.read.engine.table(pa.Table.from_pandas(known, preserve_index=False))
        self.frame = self.frame.with_columns(text.alias(f"{hit} cell")).join(
            nw.from_native(lookup).lazy(), left_on=f"{hit} cell", right_on=f"{hit} text", how="left"
        )
        return nw.col(hit).fill_null(False)


def rules_of(raws: Sequence[RawTable]) -> list[Rule]:
    """Those of the rules sheets among these that are understood; the others are findings of their cells."""
    from xlsales.clean.read import read_rows
    from xlsales.clean.rules.user_rules import Rule, read

    sheets = [raw for raw in raws if raw.table.key == "rules"]
    return [one for one in read(read_rows(sheets).frame) if isinstance(one, Rule)] if sheets else []


def change(read: Reading, frame: Frame, rules: Sequence[Rule]) -> tuple[Frame, list[Ruled]]:
    """What caps and sets make of the values, rule by rule; money as it came stays as ``GIVEN``."""
    import narwhals as nw

    table, done = read.raw.table, []
    own = [one for one in rules if one.table.key == table.key and one.column is not None]
    if own and (money := money_of(table)):
        frame = frame.with_columns(nw.col(money.name).alias(GIVEN))
    for rule in own:
        assert rule.column is not None
        cells = _Cells(read, frame)
        hit = rule.holds.expr(cells)
        cell, value = nw.col(rule.column.name), _value(rule)
        hit &= cell > value if rule.do == "cap" else ~(cell == value).fill_null(False)
        before = cells.frame.with_columns(hit=hit.fill_null(False))
        number = rule.column.kind == "money"
        more = nw.lit(value) - cell.fill_null(0.0) if number else nw.lit(0.0)
        done.append(Ruled(rule.name, before.filter(nw.col("hit")).select(amount=more)))
        new = nw.when(nw.col("hit")).then(nw.lit(value, dtype_of(rule.column))).otherwise(cell)
        frame = before.with_columns(new.alias(rule.column.name)).drop("hit")
    return frame, done


def mark(read: Reading, frame: Frame, rules: Sequence[Rule]) -> tuple[Frame, list[Ruled]]:
    """What the rules leave out, or point at, among the rows that count; each row is left out once."""
    import narwhals as nw

    table, done = read.raw.table, []
    money = money_of(table)
    field = money.name if money else next(iter(read.at))
    names = frame.collect_schema().names()
    worth = (
        nw.col(GIVEN if GIVEN in names else money.name).fill_null(0.0) if money else nw.lit(None, nw.Float64)
    )
    written = nw.col(read.at[field]).cast(nw.String) if field in read.at else nw.lit(None, nw.String)
    for rule in rules:
        if rule.table.key != table.key or rule.column is not None:
            continue
        cells = _Cells(read, frame)
        hit = rule.holds.expr(cells) & nw.col(GONE).is_null()
        rows = cells.frame.filter(hit).select(SOURCE, ROW, cell=written, amount=worth)
        which = "user_excluded" if rule.do == "exclude" else "user_flagged"
        found = Found(which, table.key, field, rows, _called(rule.name), excluded=rule.do == "exclude")
        done.append(Ruled(rule.name, rows, found))
        if rule.do == "exclude":
            frame = cells.frame.with_columns(
                nw.when(hit).then(nw.lit("user_excluded")).otherwise(nw.col(GONE)).alias(GONE)
            )
    return taken_back(read, frame, "user_excluded"), done


def _called(name: str) -> Callable[[Any], list[str]]:
    return lambda rows: [name] * len(rows)


def _value(rule: Rule) -> Any:
    import pandas as pd

    dated = rule.column is not None and rule.column.kind == "date"
    return pd.Timestamp(rule.value).to_pydatetime() if dated else rule.value
