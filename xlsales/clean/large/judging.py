"""What is wrong with clean rows that can be read, where a table of the rule's stays in an engine.

Each rule is that of ``clean.rules`` by its name, as a filter of narwhals over all rows; what a rule knows of
products, reps and days comes into memory and goes back as a small table. Nothing is left out here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from xlsales.clean.issues import issue_table
from xlsales.clean.large.amounts import amount_mismatch, below_zero, cancellations
from xlsales.clean.large.codes import codes_and_names
from xlsales.clean.large.listing import Found, listed
from xlsales.clean.large.lone import no_products, renewals_of_nothing, unknown_regions
from xlsales.clean.large.names import similar_names
from xlsales.clean.large.persons import same_person
from xlsales.clean.large.reading import small_table
from xlsales.clean.large.sources import reused
from xlsales.clean.large.twice import same_id
from xlsales.clean.rules.chronology import AFTER_THE_ORDER, HAPPENED, STAGES
from xlsales.clean.rules.lines import CENT
from xlsales.clean.rules.references import DATED
from xlsales.clean.rules.user_rules import shown
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

    import narwhals as nw
    import pandas as pd

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
        self.tables, self.large, self.sheets, self.engine = tables, large, sheets, engine
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

    def table(self, rows: pd.DataFrame) -> Frame:
        """A table of what memory knows as one of the engine's."""
        return small_table(self.engine, rows)


@dataclass(frozen=True)
class Verdict:
    """The first findings of every rule, and how many more there are by table, field and rule.

    ``wrong`` are by table the rows of all that count against the quality of the data.
    """

    issues: pd.DataFrame
    beyond: Mapping[tuple[str, str, str], int]
    wrong: Mapping[str, Sequence[Frame]]


def judged(
    raws: Iterable[RawTable],
    tables: Mapping[str, Any],
    large: Set[str],
    engine: Lazy,
    coded: pd.DataFrame | None,
) -> Verdict:
    """What every rule finds.

    ``tables`` are all clean tables in the engine, by key; the rows of ``large`` were never in memory.
    ``coded`` is what ``codes.with_those_there`` gives.
    """
    import narwhals as nw
    import pandas as pd

    of_table: dict[str, list[RawTable]] = {}
    for raw in raws:
        of_table.setdefault(raw.table.key, []).append(raw)
    frames = {key: nw.from_native(frame).lazy() for key, frame in tables.items()}
    asked = Judged(frames, large, of_table, engine, coded)
    issues = [issue_table()]
    beyond: dict[tuple[str, str, str], int] = {}
    wrong: dict[str, list[Frame]] = {}
    for rule in RULES_THERE:
        for one in rule(asked):
            found = listed([one], of_table[one.table])
            issues.append(found.issues)
            beyond |= {(one.table, *key): count for key, count in found.unlisted.items()}
            wrong.setdefault(one.table, []).extend(found.wrong)
    return Verdict(pd.concat(issues, ignore_index=True), beyond, wrong)


def _rows(frame: Frame, field: str, amount: Any = None, *more: str) -> Frame:
    import narwhals as nw

    worth = nw.lit(None, nw.Float64) if amount is None else amount
    return frame.select(SOURCE, ROW, *more, cell=nw.col(field), amount=worth)


def _other(sign: str) -> Callable[[pd.DataFrame], list[str]]:
    """Suggestions that are the column ``other``, after a sign."""
    return lambda rows: [f"{sign}{shown(one)}" for one in rows["other"]]


def _no_such_order(of: Judged) -> Iterator[Found]:
    import narwhals as nw

    for key in ("payments", "refunds"):
        if of.asks("orders", key):
            known = of.tables["orders"].select("order_id").drop_nulls().unique()
            if known.head(1).collect("pandas").shape[0]:
                lone = of.tables[key].join(known, on="order_id", how="anti")
                yield Found("no_such_order", key, "order_id", _rows(lone, "order_id", nw.col("amount")))


def _overpaid(of: Judged) -> Iterator[Found]:
    import narwhals as nw

    if of.asks("orders", "payments"):
        owed = _sums(of.tables["orders"].drop_nulls(["order_id", "amount"]), "other")
        paid = of.tables["payments"].join(owed, on="order_id")
        limit = nw.when(nw.col("other") < 0).then(nw.lit(0.0)).otherwise(nw.col("other"))
        over = paid.filter(nw.col("amount") > limit + CENT)
        rows = _rows(over, "amount", nw.col("amount") - nw.col("other"), "other")
        yield Found("overpaid", "payments", "amount", rows, _other("≤ "))


def _refund_over_paid(of: Judged) -> Iterator[Found]:
    """The first refund of the order, by file and row, stands for it."""
    import narwhals as nw

    others = [key for key in ("payments", "orders") if key in of.tables]
    if not others or not of.asks("refunds", others[0]):
        return
    back = of.tables["refunds"].filter(~nw.col("order_id").is_null())
    sums = _sums(back, "whole")
    for key in others:
        received = _sums(of.tables[key].filter(nw.col("amount") > 0), key)
        sums = sums.join(received, on="order_id", how="left")
    limits = sums.with_columns(other=nw.coalesce(*others)).filter(nw.col("whole") > nw.col("other") + CENT)
    first = back.join(limits.select("order_id", "whole", "other"), on="order_id")
    nth = nw.col("one").cum_sum().over("order_id", order_by=[SOURCE, ROW])
    first = first.with_columns(one=nw.lit(1)).with_columns(nth=nth).filter(nw.col("nth") == 1)
    rows = _rows(first, "amount", nw.col("whole") - nw.col("other"), "other")
    yield Found("refund_over_paid", "refunds", "amount", rows, _other(""))


def _sums(frame: Frame, called: str) -> Frame:
    import narwhals as nw

    return (
        frame.filter(~nw.col("order_id").is_null())
        .group_by("order_id")
        .agg(nw.col("amount").sum().alias(called))
    )


def _before_the_order(of: Judged) -> Iterator[Found]:
    import narwhals as nw

    for key, name in AFTER_THE_ORDER.items():
        if of.asks("orders", key):
            dated = of.tables["orders"].drop_nulls(["order_id", "order_date"])
            ordered = dated.group_by("order_id").agg(other=nw.col("order_date").min())
            own = of.tables[key].join(ordered, on="order_id")
            amount = nw.col("amount").fill_null(0.0) if "amount" in own.collect_schema().names() else None
            yield from _before("before_order", key, name, own, nw.col("other"), amount)


def _stages_backwards(of: Judged) -> Iterator[Found]:
    import narwhals as nw

    if not of.asks("leads"):
        return
    leads = of.tables["leads"]
    created = nw.col("created").dt.truncate("1d")  # a stage has no time of day
    latest = created
    for name in STAGES[1:]:
        day = nw.col(name)
        yield from _before("stage_backwards", "leads", name, leads, latest)
        latest = nw.when(day > latest).then(day).otherwise(nw.coalesce(latest, day))
    yield from _before("stage_backwards", "leads", "lost", leads, created)


def _contract_backwards(of: Judged) -> Iterator[Found]:
    import narwhals as nw

    if of.asks("contracts"):
        amount = nw.col("amount").fill_null(0.0)
        rows, start = of.tables["contracts"], nw.col("start")
        yield from _before("contract_backwards", "contracts", "end", rows, start, amount)


def _before(rule: str, key: str, name: str, frame: Frame, other: Any, amount: Any = None) -> Iterator[Found]:
    import narwhals as nw

    early = frame.with_columns(other=other).filter(nw.col(name) < nw.col("other"))
    yield Found(rule, key, name, _rows(early, name, amount, "other"), _other("≥ "))


def _future_days(of: Judged) -> Iterator[Found]:
    import narwhals as nw

    from xlsales.clean.horizon import FACTS, GAP, sane

    facts = {key: name for key, name in FACTS if key in of.tables}
    if of.large.isdisjoint(facts):
        return
    counts: dict[Any, int] = {}
    for key, name in facts.items():
        days = of.tables[key].select(day=nw.col(name).dt.truncate("1d")).drop_nulls()
        daily = days.group_by("day").agg(n=nw.len()).collect("pandas").to_pandas()
        for day, rows in zip(daily["day"].dt.date, daily["n"], strict=True):
            counts[day] = counts.get(day, 0) + int(rows)
    reached = sane(dict(sorted(counts.items())))
    if not reached:
        return
    limit = _midnight(reached[-1] + timedelta(GAP))
    for key, names in HAPPENED.items():
        money = of.money(key)
        for name in names if key in of.large else ():
            late = of.tables[key].filter(nw.col(name) > limit)
            amount = nw.col(money).fill_null(0.0) if money else nw.lit(0.0)
            shown = f"≤ {reached[-1]}"
            yield Found("future_date", key, name, _rows(late, name, amount), _all(shown))


def _all(text: str) -> Callable[[pd.DataFrame], list[str]]:
    return lambda rows: [text] * len(rows)


def _outcomes(of: Judged) -> Iterator[Found]:
    """``lost_without_reason`` and ``won_without_amount``, where the sheets have a column for it."""
    import narwhals as nw

    if not of.asks("leads"):
        return
    leads, has, stage = of.tables["leads"], of.has["leads"], nw.col("stage").fill_null("")
    if "lost_reason" in has:
        lost = leads.filter((stage == "lost") | ~nw.col("lost").is_null(), nw.col("lost_reason").is_null())
        yield Found("lost_without_reason", "leads", "lost_reason", _rows(lost, "lost_reason"))
    if "amount" in has:
        won = stage.is_in(["won", "renewed"]) | ~nw.col("won").is_null()
        bare = leads.filter(won, ~(nw.col("amount") > 0).fill_null(False))
        yield Found("won_without_amount", "leads", "amount", _rows(bare, "amount"))


def _below_zero(of: Judged) -> Iterator[Found]:
    """``negative_target`` and ``negative_price``."""
    import narwhals as nw

    fields = {"targets": ("negative_target", "target"), "orders": ("negative_price", "unit_price")}
    for key, (rule, name) in fields.items():
        if of.asks(key):
            worth = nw.col("amount" if key == "orders" else name)
            yield Found(rule, key, name, _rows(of.tables[key].filter(nw.col(name) < 0), name, worth))


def _anonymous(of: Judged) -> Iterator[Found]:
    import narwhals as nw

    names = [one for one in ("customer_id", "customer") if one in of.has.get("orders", ())]
    if of.asks("orders") and names:
        nobody = nw.col("customer_id").is_null() & nw.col("customer").is_null()
        orders = of.tables["orders"]
        known = orders.filter(~nobody).select(SOURCE).unique()
        lone = orders.filter(nobody).join(known, on=SOURCE, how="semi")
        yield Found("anonymous_customer", "orders", names[0], _rows(lone, names[0], nw.col("amount")))


def _unknown_names(of: Judged) -> Iterator[Found]:
    """``unknown_product``, ``unknown_rep`` and ``rep_not_there``."""
    from xlsales.clean.rules import references

    for key, day in DATED.items():
        if of.asks(key, "products"):
            known = references.known_products(of.small("products", "product", "product_id"))
            yield from _strange(of, "unknown_product", key, "product", known)
        if of.asks(key, "roster"):
            stays = references.stays_of(of.small("roster", "rep", "joined", "left"))
            yield from _strange(of, "unknown_rep", key, "rep", set(stays["key"]))
            yield from _absent(of, key, day, stays)


def _strange(of: Judged, rule: str, key: str, field: str, known: Set[str]) -> Iterator[Found]:

    from xlsales.clean.parse._distinct import keyed

    if not known:
        return
    names = of.small(key, field).dropna()
    strange = names[[keyed(one) not in known for one in names[field]]]
    if len(strange):
        rows = of.tables[key].join(of.table(strange), on=field, how="semi")
        yield Found(rule, key, field, _rows(rows, field, _worth(of, key)))


def _absent(of: Judged, key: str, day: str, stays: pd.DataFrame) -> Iterator[Found]:
    import narwhals as nw

    from xlsales.clean.parse._distinct import keyed
    from xlsales.clean.rules import references

    limited = references.limited_in(stays)
    reps = of.small(key, "rep").dropna()
    reps = reps.assign(key=[keyed(one) for one in reps["rep"]])
    reps = reps[reps["key"].isin(limited)]
    if reps.empty:
        return
    there = of.tables[key].drop_nulls([day]).join(of.table(reps), on="rep")
    pairs = there.select("key", day=nw.col(day)).unique().collect("pandas").to_pandas()
    absent = references.absent_days(pairs.astype({"key": "str"}), stays)
    if absent.empty:
        return
    shown = references.stretches_of(set(absent["key"]), stays)
    rows = there.with_columns(day=nw.col(day)).join(of.table(absent), on=["key", "day"], how="semi")
    found = _rows(rows.rename({"key": "other"}), "rep", _worth(of, key), "other")
    yield Found("rep_not_there", key, "rep", found, lambda rows: [shown[one] for one in rows["other"]])


def _worth(of: Judged, key: str) -> Any:
    import narwhals as nw

    money = of.money(key)
    return nw.col(money).fill_null(0.0) if money else nw.lit(0.0)


def _unusual_amounts(of: Judged) -> Iterator[Found]:
    """What ``clean.rules.outliers`` finds, and ``trial_order`` of a token amount."""
    import narwhals as nw

    from xlsales.clean.rules.outliers import band
    from xlsales.clean.rules.trials import DEAR, TOKEN

    if not of.asks("orders"):
        return
    orders = of.tables["orders"].with_columns(status=nw.col("status").fill_null(""))
    facts = (
        orders.select(
            *(nw.col(name).count().alias(name) for name in ("quantity", "product", "category")),
            middle=nw.col("amount").median(),
        )
        .collect("pandas")
        .to_pandas()
        .iloc[0]
    )
    amount = nw.col("amount")
    token = (amount > 0) & (amount <= TOKEN) if facts["middle"] >= DEAR else amount != amount
    yield Found("trial_order", "orders", "amount", _rows(orders.filter(token), "amount", amount))
    held_up = orders.filter(nw.col("status") != "cancelled")
    if not facts["quantity"]:
        held_up = held_up.with_columns(quantity=nw.lit(1.0))
    grouping = next((name for name in ("product", "category") if facts[name]), None)
    if grouping is None:
        banded = held_up.with_columns(low=nw.lit(None, nw.Float64), usual=nw.lit(None, nw.Float64))
        banded = banded.with_columns(high=nw.col("low"))
    else:
        units = of.table(_unit_bands(of, held_up, grouping))
        sold = nw.when(nw.col("quantity") > 0).then(nw.col("quantity"))
        banded = held_up.join(units, on=grouping, how="left").with_columns(
            *((nw.col(name) * sold).alias(name) for name in ("low", "usual", "high"))
        )
    hits = {
        "price_high": (amount > nw.col("high") + CENT, nw.col("high")),
        "price_low": ((amount > 0) & (amount < nw.col("low") - CENT) & ~token, nw.col("low")),
        "zero_amount": (amount == 0, nw.col("usual")),
    }
    found = {
        rule: banded.filter(hit).with_columns(beyond=amount - limit.fill_null(0.0))
        for rule, (hit, limit) in hits.items()
    }
    below = below_zero(of, banded).filter(~nw.col("explained"))
    found["negative_amount"] = below.with_columns(beyond=amount)
    for rule, hit in found.items():
        rows = _rows(hit, "amount", nw.col("beyond"), "low", "high")
        yield Found(
            rule, "orders", "amount", rows,
            lambda one: list(map(band, one["low"].astype("float64"), one["high"].astype("float64"))),
        )  # fmt: skip


def _unit_bands(of: Judged, orders: Frame, grouping: str) -> pd.DataFrame:
    """``low``, ``usual`` and ``high`` of a unit by ``grouping``, null where nothing is known."""
    import narwhals as nw
    import pandas as pd

    from xlsales.clean.parse._distinct import keyed
    from xlsales.clean.rules.outliers import bands_of, by_the_book
    from xlsales.clean.rules.price_book import price_book

    usable = orders.filter(nw.col("amount") > 0, nw.col("quantity") > 0, ~nw.col(grouping).is_null())
    usable = usable.select(grouping, log=(nw.col("amount") / nw.col("quantity")).log())
    middle = usable.group_by(grouping).agg(median=nw.col("log").median(), count=nw.len())
    known = middle.collect("pandas").to_pandas().astype({grouping: "str"})
    lookup = of.table(known[[grouping, "median"]])
    away = usable.join(lookup, on=grouping).with_columns(away=(nw.col("log") - nw.col("median")).abs())
    spread = away.group_by(grouping).agg(mad=nw.col("away").median()).collect("pandas").to_pandas()
    known = known.merge(spread.astype({grouping: "str"}), on=grouping)
    names = sorted(set(of.small("orders", grouping)[grouping].dropna()))
    known = known.set_index(grouping).reindex(names).rename_axis(grouping).reset_index()
    count = known["count"].fillna(0).to_numpy("float64")
    units = bands_of(count, known["median"].to_numpy(), known["mad"].to_numpy())
    prices = ("product", "product_id", "list_price", "lowest_price", "highest_price")
    book = price_book(of.small("products", *prices)) if "products" in of.tables else None
    if book is not None and grouping == "product":
        listed = book.reindex([keyed(name) for name in known[grouping]]).set_axis(known.index)
        limits = known[[grouping]].assign(low=listed["low"], high=listed["high"])
        limits = limits.dropna(subset=["low", "high"], how="all")
        unit = nw.col("log").exp()
        broken = usable.join(of.table(limits), on=grouping).filter(
            (unit < nw.col("low") - CENT).fill_null(False) | (unit > nw.col("high") + CENT).fill_null(False)
        )
        breaks = broken.group_by(grouping).agg(n=nw.len()).collect("pandas").to_pandas()
        often = known[grouping].map(dict(zip(breaks[grouping], breaks["n"], strict=True))).fillna(0)
        units = by_the_book(
            units, listed["low"].to_numpy(), listed["high"].to_numpy(), count, often.to_numpy("float64")
        )
    return pd.concat([known[[grouping]], pd.DataFrame(units._asdict()).astype("float64")], axis=1)


def _midnight(day: Any) -> Any:
    from datetime import datetime, time

    return datetime.combine(day, time.min)


RULES_THERE: tuple[Callable[[Judged], Iterable[Found]], ...] = (
    same_id,
    same_person,
    amount_mismatch,
    _unusual_amounts,
    _refund_over_paid,
    _overpaid,
    _no_such_order,
    reused,
    _below_zero,
    cancellations,
    _anonymous,
    no_products,
    similar_names,
    codes_and_names,
    unknown_regions,
    _stages_backwards,
    _before_the_order,
    _contract_backwards,
    _future_days,
    _outcomes,
    renewals_of_nothing,
    _unknown_names,
)
"""In the order of ``clean.rules.checks.CHECKS``."""
