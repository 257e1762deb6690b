"""What is wrong with clean rows that can be read, where a table of the rule's stays in an engine.

Each rule is that of ``clean.rules`` by its name, as a filter of narwhals over all rows; what a rule knows of
products, reps and days comes into memory and goes back as a small table. Nothing is left out here
but the rows of texts that somebody drops.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xlsales.clean.issues import issue_table
from xlsales.clean.large.amounts import amount_mismatch, cancellations
from xlsales.clean.large.bare import anonymous, negative_prices, outcomes
from xlsales.clean.large.codes import codes_and_names
from xlsales.clean.large.columns import small_table
from xlsales.clean.large.days import before_the_order, contract_backwards, future_days, stages_backwards
from xlsales.clean.large.listing import Found, always, listed, placed, places_of
from xlsales.clean.large.lone import no_products, renewals_of_nothing, unknown_regions
from xlsales.clean.large.names import similar_names
from xlsales.clean.large.persons import same_person
from xlsales.clean.large.prices import unusual_amounts
from xlsales.clean.large.receipts import no_such_order, overpaid, refund_over_paid
from xlsales.clean.large.references import unknown_names
from xlsales.clean.large.told_twice import told_twice
from xlsales.clean.large.trials import trial_orders
from xlsales.clean.large.twice import same_id
from xlsales.clean.review.settle import said_by
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

    import narwhals as nw
    import pandas as pd

    from xlsales.clean.large.corrected import Dropped, Touched
    from xlsales.clean.review.decisions import Decision
    from xlsales.tables.engines import Lazy
    from xlsales.tables.spec import RawTable

    Frame = nw.LazyFrame[Any]


class Judged:
    """The clean tables of an engine, all of them, with what rules ask of them.

    ``large`` are those whose rows were never in memory: a rule that asks of none of them has been applied.
    ``sheets`` are the files and sheets of each table, ``has`` the columns that these have. ``coded`` are the
    codes of products with the names beside them, None where these are too many.
    """

    def __init__(
        self,
        tables: Mapping[str, Frame],
        large: Set[str],
        sheets: Mapping[str, Sequence[RawTable]],
        engine: Lazy,
        coded: pd.DataFrame | None,
    ) -> None:
        self.tables, self.large, self.sheets, self.engine = dict(tables), large, sheets, engine
        self.coded = coded
        self.has = {key: {name for raw in own for name in raw.letters} for key, own in sheets.items()}

    def key_field(self, key: str) -> str:
        """The field whose cell stands for a whole row, as ``Rows.key_field``."""
        table = self.sheets[key][0].table
        names = [table.identity or "", *(column.name for column in table.columns)]
        return next(name for name in names if name in self.has[key])

    def asks(self, *keys: str) -> bool:
        """Whether the tables are there, and one of them was never in memory."""
        return set(keys) <= set(self.tables) and not self.large.isdisjoint(keys)

    def having(self, key: str, field: str) -> Frame:
        """The rows of the files and sheets that have a column for the field."""
        import narwhals as nw

        by_files = [(field in raw.letters, places_of(raw)) for raw in self.sheets[key]]
        having = {place for has, places in by_files if has for place in places}
        lacking = {place for has, places in by_files if not has for place in places} - having
        rows = self.tables[key]
        return rows.filter(~nw.col(SOURCE).is_in(sorted(lacking))) if lacking else rows

    def small(self, key: str, *columns: str) -> pd.DataFrame:
        """Some columns of a table whose rows are few, in memory."""
        found: pd.DataFrame = self.tables[key].select(*columns).unique().collect("pandas").to_pandas()
        return found.astype({one: "str" for one in columns if found[one].dtype == object})

    def money(self, key: str) -> str | None:
        """The column of the money that a row of the table stands for."""
        from xlsales.clean.read import money_of
        from xlsales.tables.specs import table

        found = money_of(table(key))
        return found.name if found else None

    def worth(self, key: str) -> nw.Expr:
        """That money of a row, 0 where it has none."""
        import narwhals as nw

        money = self.money(key)
        return nw.col(money).fill_null(0.0) if money else nw.lit(0.0)

    def table(self, rows: pd.DataFrame) -> Frame:
        """A table of what memory knows as one of the engine's."""
        return small_table(self.engine, rows)


@dataclass(frozen=True)
class Verdict:
    """The first findings of every rule, and how many more there are by table, field and rule.

    ``wrong`` are by table the rows of all that count against the quality of the data. ``tables`` are what is
    left of these, and ``gone`` by table the places (``SOURCE``, ``ROW``) of what is not.
    ``dropped`` are the rows and the money of each decision that these are gone by.
    """

    issues: pd.DataFrame
    beyond: Mapping[tuple[str, str, str], int]
    wrong: Mapping[str, Sequence[Frame]]
    tables: Mapping[str, Any]
    gone: Mapping[str, Sequence[Frame]]
    dropped: Mapping[Decision, tuple[int, float]]


def judged(
    raws: Iterable[RawTable],
    tables: Mapping[str, Any],
    large: Set[str],
    engine: Lazy,
    coded: pd.DataFrame | None,
    touched: Sequence[tuple[str, Touched]],
) -> Verdict:
    """What every rule finds.

    ``tables`` are all clean tables in the engine, by key; the rows of ``large`` were never in memory.
    ``coded`` is what ``codes.with_those_there`` gives, ``touched`` what decisions about a table touch. Rows
    that these drop because of a rule are no rows to the rules after it.
    """
    import narwhals as nw
    import pandas as pd

    of_table: dict[str, list[RawTable]] = {}
    for raw in raws:
        of_table.setdefault(raw.table.key, []).append(raw)
    frames = {key: nw.from_native(frame).lazy() for key, frame in tables.items()}
    asked = Judged(frames, large, of_table, engine, coded)
    issues = [placed(issue_table())]
    beyond: dict[tuple[str, str, str], int] = {}
    wrong: dict[str, list[Frame]] = {}
    gone: dict[str, list[Frame]] = {}
    dropped: dict[Decision, tuple[int, float]] = {}
    said = [its for _, one in touched for its in one.dropped]
    for rule in RULES_THERE:
        for one in rule(asked):
            places = [place for key, own in touched if key == one.table for place in own.decided.places]
            parts = _divided(asked, one, said, gone, dropped)
            found = listed(parts, of_table[one.table], places)
            issues.append(found.issues)
            for (field, which), count in found.unlisted.items():
                beyond[one.table, field, which] = beyond.get((one.table, field, which), 0) + count
            wrong.setdefault(one.table, []).extend(found.wrong)
    left = {key: frame.to_native() for key, frame in asked.tables.items()}
    return Verdict(pd.concat(issues, ignore_index=True), beyond, wrong, left, gone, dropped)


def _divided(
    of: Judged,
    one: Found,
    said: Iterable[Dropped],
    gone: dict[str, list[Frame]],
    dropped: dict[Decision, tuple[int, float]],
) -> Iterator[Found]:
    """A finding without the rows that a decision about their text drops, and these as dropped."""
    import narwhals as nw

    place = [SOURCE, ROW]
    for its in said:
        about = its.decision
        if (about.rule, about.table, about.field) != (one.rule, one.table, one.field):
            continue
        hit = of.engine.held(one.rows.join(its.places, on=place, how="semi"))
        yield Found("decided", one.table, one.field, hit, always(said_by(about)), excluded=True)
        sums = hit.select(rows=nw.len(), amount=nw.col("amount").sum()).collect("pandas").to_pandas().iloc[0]
        rows, amount = dropped.get(about, (0, 0.0))
        if sums["rows"]:
            dropped[about] = (rows + int(sums["rows"]), amount + float(sums["amount"]))
        one = replace(one, rows=one.rows.join(its.places, on=place, how="anti"))
        gone.setdefault(one.table, []).append(hit.select(*place).unique())
        left = of.tables[one.table].join(gone[one.table][-1], on=place, how="anti")
        of.tables[one.table] = of.engine.held(left)
    yield one


RULES_THERE: tuple[Callable[[Judged], Iterable[Found]], ...] = (
    same_id,
    same_person,
    amount_mismatch,
    unusual_amounts,
    trial_orders,
    refund_over_paid,
    overpaid,
    no_such_order,
    told_twice,
    negative_prices,
    cancellations,
    anonymous,
    no_products,
    similar_names,
    codes_and_names,
    unknown_regions,
    stages_backwards,
    before_the_order,
    contract_backwards,
    future_days,
    outcomes,
    renewals_of_nothing,
    unknown_names,
)
"""In the order of ``clean.rules.checks.CHECKS``."""
