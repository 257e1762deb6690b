"""客户价值: what customers are worth, what a new one costs, and in which segments they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from xlsales.metrics import _catalogue
from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._scope import month_of
from xlsales.report.blocks import Card, Cell, Kpis, Note, Origin, Placed, Table, TableColumn
from xlsales.report.pages._cards import lacks
from xlsales.report.pages._clientele import (
    first_trait,
    migration,
    profile,
    referral,
    renewals,
    signings,
    tenures,
)
from xlsales.report.pages._context import TOP, identified, plain_row
from xlsales.report.pages._lacking import lacking_note, lacking_note_of_each
from xlsales.report.pages._wanted import wanting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlsales.metrics._catalogue import Format
    from xlsales.metrics._scope import Scope
    from xlsales.report.blocks import Band, Page, Sentence, Value
    from xlsales.report.pages._context import Context, Record

COLUMNS = (150, 84, 108) + (78,) * 4 + (30,) + (150,) + (86,) * 5
SEGMENTS, METHODS, LAST = 6, 8, len(COLUMNS) - 1
OFF = 0.2
"""A model whose holdout error is larger is marked, and said not to be relied on."""
FORMS: dict[str, Format] = {
    "customers": "count",
    "share": "percent",
    "amount": "money",
    "amount_share": "percent",
    "average": "money",
    "days_since": "days",
    "value": "money",
    "worth": "money",
    "lifetime": "number",
    "foretold": "number",
    "error": "percent",
    "cost": "money",
    "new_customers": "count",
    "cac": "money",
    "payback": "number",
    "ltv_cac": "number",
    "orders": "count",
    "historic": "money",
    "purchases": "number",
}


def value(context: Context) -> Page:
    """Cards, segments and lifetime values, the most valuable customers and CAC; then who they all are."""
    segments = context.records("rfm_segments")
    if not segments:
        return _without_customers(context)
    methods = {row["method"]: row for row in context.records("ltv")}
    whole = context.total("cac", _won_in(context))
    there = {metric: make(context) for metric, make in FURTHER.items() if context.has(metric)}
    left = [_segments(context, segments), _list(context), *(there[one] for one in WIDE if one in there)]
    beside = (_methods(context, methods), *(there[one] for one in LOW if one in there))
    right = [beside, *((there[one],) for one in NARROW if one in there)]
    bands: list[Band] = [(Placed(Kpis(_cards(context)), 0, LAST),)]
    bands += [_pair(*pair) for pair in zip_longest(left, right)]
    absent = {metric: context.missing(metric) for metric in FURTHER if metric not in there}
    if absent:
        bands.append((Placed(lacking_note_of_each(context, absent), 0, LAST),))
    bands.append((Placed(Note(_notes(context, methods, whole)), 0, LAST),))
    return context.page(
        "value", _headline(context, methods, whole), _second(context, segments), COLUMNS, tuple(bands)
    )


def _won_in(context: Context) -> Scope:
    """The scope of acquisition costs: the last whole month where this one has all its costs, not its days."""
    scope = context.scope
    if context.total("cac").get("status") != "partial_month":
        return scope
    return scope.over(month_of(scope.current.end.replace(day=1) - ONE_DAY))


def _earlier(context: Context) -> str:
    """That month; nothing where the cost is of the period itself."""
    window = _won_in(context).period
    return "" if window == context.scope.period else context.say(f"{window.start:%Y-%m}", "month")


def _without_customers(context: Context) -> Page:
    """Why there is no value, and what can be said of leads, contracts and kinds of orders all the same."""
    there = {metric: FURTHER[metric](context) for metric in OF_NOBODY if context.has(metric)}
    note = Note((context.sentence("no_rows"),), callout=True)
    if not identified(context):
        inputs = () if context.missing("rfm_segments") else ("orders.customer_id",)
        if not there:
            return wanting(context, "value", "rfm_segments", inputs, cards=_cards(context))
        note = lacking_note(context, "rfm_segments", inputs)
    bands: list[Band] = [(Placed(note, 0, LAST),), (Placed(Kpis(_cards(context)), 0, LAST),)]
    left = [there[one] for one in WIDE if one in there]
    right = [(there[one],) for one in NARROW if one in there]
    bands += [_pair(*pair) for pair in zip_longest(left, right)]
    second = first_trait(context) or ()
    return context.page("value", context.sentence("value.headline_none"), second, COLUMNS, tuple(bands))


def _pair(left: Table | Note | None, right: tuple[Table | Note, ...] | None) -> Band:
    """A block and those beside it, one below the other: a table takes its columns, a note its half."""
    placed = [(left, 0, SEGMENTS), *((block, METHODS, LAST) for block in right or ())]
    return tuple(
        Placed(block, first, first + len(block.columns) - 1 if isinstance(block, Table) else last)
        for block, first, last in placed
        if block is not None
    )


def _headline(context: Context, methods: dict[str, Record], whole: Record) -> Sentence:
    worth = methods.get("formula", {}).get("value")
    if worth is None:
        historic = context.strong(methods.get("historic", {}).get("value"), "money")
        return context.sentence("value.headline_historic", value=historic)
    if whole.get("cac") is None or _earlier(context):
        return context.sentence("value.headline_worth", value=context.strong(worth, "money"))
    return context.sentence(
        "value.headline",
        value=context.strong(worth, "money"),
        cac=context.strong(whole["cac"], "money"),
        times=context.strong(whole["ltv_cac"], "number"),
        months=context.say(whole["payback"], "number"),
    )


def _second(context: Context, segments: list[Record]) -> Sentence:
    said: list[Sentence] = []
    found = {row["segment"]: row for row in segments}
    if best := found.get("champion"):
        said.append(
            context.sentence(
                "value.second",
                count=context.say(best["customers"], "count"),
                share=context.say(best["share"], "percent"),
                amount=context.strong(best["amount_share"], "percent"),
            )
        )
    away = [found[name] for name in ("slipping", "win_back") if name in found]
    if away:
        said.append(
            context.sentence(
                "value.second_away",
                count=context.strong(sum(row["customers"] for row in away), "count"),
                amount=context.strong(sum(row["amount"] for row in away), "money"),
            )
        )
    if month := _earlier(context):
        until = context.scope.current.end.isoformat()
        said.append(context.sentence("value.second_partial", month=month, date=until))
    return context.together(*said)


def _cards(context: Context) -> tuple[Card, ...]:
    methods = {row["method"]: row for row in context.records("ltv")}
    won_in, month = _won_in(context), _earlier(context)
    whole, worth = context.total("cac", won_in), methods.get("formula", {})
    of = won_in.period if month else None
    formula, historic = ((("method", name),) for name in ("formula", "historic"))
    given: tuple[tuple[str, float | None, Format, Origin], ...] = (
        ("ltv", worth.get("value"), "money", Origin("ltv", "value", formula)),
        ("historic", methods.get("historic", {}).get("value"), "money", Origin("ltv", "value", historic)),
        ("cac", whole.get("cac"), "money", Origin("cac", "cac", period=of)),
        ("ltv_cac", whole.get("ltv_cac"), "number", Origin("cac", "ltv_cac", period=of)),
        ("payback", whole.get("payback"), "number", Origin("cac", "payback", period=of)),
        ("active_customers", worth.get("customers"), "count", Origin("ltv", "customers", formula)),
    )
    return tuple(
        Card(
            key,
            _card_label(context, key, month if origin.metric == "cac" else ""),
            number,
            form,
            origin=origin,
            lacks=lacks(context, origin.metric, number, "cards.too_little"),
        )
        for key, number, form, origin in given
    )


def _card_label(context: Context, key: str, month: str) -> str:
    label = context.word(f"value.cards.{key}")
    return context.word("value.cards_of", label=label, month=month) if month else label


def _segments(context: Context, segments: list[Record]) -> Table:
    keys = ("customers", "share", "amount", "amount_share", "average", "days_since")
    return Table(
        "rfm_segments",
        context.word("value.segments"),
        (
            TableColumn("segment", context.word("value.columns.segment"), strong=True),
            *_columns(context, keys),
        ),
        tuple(
            (context.word(f"value.names.{row['segment'] or 'none'}"), *(row[key] for key in keys))
            for row in segments
        ),
        note=context.word("value.segments_note"),
        alt=context.word("value.segments"),
        dense=True,
        metric="rfm_segments",
        about=tuple((("segment", row["segment"]),) for row in segments),
    )


def _methods(context: Context, methods: dict[str, Record]) -> Table:
    keys = ("worth", "customers", "lifetime", "foretold", "error")
    rows = list(methods.values())

    def shown(row: Record, key: str) -> Value | Cell:
        number: Value = row["value" if key == "worth" else key]
        if key == "error" and row[key] is not None and abs(row[key]) > OFF:
            return Cell(number, tone="bad", mark="▲" if row[key] > 0 else "▼", bold=True)
        return number

    return Table(
        "ltv_methods",
        context.word("value.methods"),
        (TableColumn("method", context.word("value.columns.method"), strong=True), *_columns(context, keys)),
        tuple(
            (context.word(f"value.ways.{row['method']}"), *(shown(row, key) for key in keys)) for row in rows
        ),
        note=context.word("value.methods_note_sales" if rows[0]["cost_status"] else "value.methods_note"),
        alt=context.word("value.methods"),
        dense=True,
        metric="ltv",
        about=tuple((("method", row["method"]),) for row in rows),
    )


def _list(context: Context) -> Table:
    def make() -> list[Record]:
        found = _catalogue.compute("customer_value", context.cleaned.tables, context.scope).head(TOP)
        return [plain_row(row) for row in found.to_dict("records")]

    scope = context.scope
    rows = context.kept(f"customer_value {scope.period.start}..{scope.current.end} top", make)
    off = _far_off(context)

    def shown(row: Record, key: str) -> Value | Cell:
        return Cell(row[key], tone="quiet") if off and key in ("purchases", "value") else row[key]

    foretold = any(row["value"] is not None for row in rows)
    margin = ("historic",) if any(row["historic"] != row["amount"] for row in rows) else ()
    keys = ("amount", *margin, *(("purchases", "value") if foretold else ()))
    label = context.word("value.list" if foretold else "value.list_historic")
    return Table(
        "customer_values",
        label,
        (
            TableColumn("account", context.word("value.columns.account"), strong=True),
            *_columns(context, ("orders",)),
            TableColumn("segment", context.word("value.columns.segment")),
            *(replace(column, strong=column.strong and not off) for column in _columns(context, keys)),
        ),
        tuple(
            (
                context.name(row["account"]),
                row["orders"],
                context.word(f"value.names.{row['segment']}") if row["segment"] else None,
                *(shown(row, key) for key in keys),
            )
            for row in rows
        ),
        note=context.word(f"value.list_note{('_off' if off else '') if foretold else '_historic'}"),
        alt=label,
        dense=True,
        metric="customer_value",
        about=tuple((("account_id", row["account_id"]),) for row in rows),
        empty=context.word("no_rows"),
    )


def _far_off(context: Context) -> bool:
    """Whether the model has failed its test, so that its numbers are at best an order."""
    error = next((row["error"] for row in context.records("ltv") if row["method"] == "model"), None)
    return error is not None and abs(error) > OFF


def _costs(context: Context) -> Table:
    won_in, month = _won_in(context), _earlier(context)
    found = context.records("cac", won_in, by=("channel",))
    rows = [row for row in found if row["cost"] is not None or row["new_customers"]]
    keys = ("cost", "new_customers", "cac", "ltv_cac", "payback")
    total = context.total("cac", won_in)
    label = context.word("value.costs_of", month=month) if month else context.word("value.costs")
    period = Origin(period=won_in.period) if month else None
    return Table(
        "cac_channels",
        label,
        (
            TableColumn("name", context.dimension("channel"), strong=True),
            *(replace(column, origin=period) for column in _columns(context, keys)),
        ),
        tuple((context.name(row["channel"]), *(row[key] for key in keys)) for row in rows),
        (context.word("total"), *(total.get(key) for key in keys)),
        note=context.word("value.costs_note"),
        alt=label,
        dense=True,
        metric="cac",
        by=("channel",),
        empty=context.word("no_rows"),
    )


def _columns(context: Context, keys: Sequence[str]) -> list[TableColumn]:
    return [
        TableColumn(
            key,
            context.word(f"value.columns.{key}"),
            FORMS[key],
            strong=key in ("value", "worth", "cac"),
            quiet=key in ("customers", "orders"),
            origin=Origin(column="value") if key == "worth" else None,
            bar=1.0 if key in ("share", "amount_share") else None,
            bar_tone="context",
            exact=key == "cac",
        )
        for key in keys
    ]


def _notes(context: Context, methods: dict[str, Record], whole: Record) -> tuple[Sentence, ...]:
    costs = next(iter(methods.values()), {}).get("cost_status")
    said = [context.sentence("value.note_sales" if costs else "value.note")]
    if few := context.records("rfm_segments")[0]["status"]:
        said.append(context.sentence(f"value.segments_{few}"))
    model = methods.get("model", {})
    if model.get("error") is not None:
        trust = "off" if abs(model["error"]) > OFF else "near"
        said.append(
            context.sentence(
                f"value.note_{trust}",
                foretold=context.say(round(model["foretold"]), "count"),
                bought=context.say(model["bought"], "count"),
                error=context.say(model["error"], "percent", signed=True),
            )
        )
    elif model.get("status"):
        said.append(context.sentence(f"value.no_model.{model['status']}"))
    if left_out := whole.get("left_out"):
        share = left_out / (left_out + (whole["cost"] or 0))
        said.append(
            context.sentence(
                "value.note_costs",
                amount=context.say(left_out, "money"),
                share=context.say(share, "percent"),
            )
        )
    unnamed = sum(
        row["cost"] or 0
        for row in context.records("cac", _won_in(context), by=("channel",))
        if row["status"] == "unallocated"
    )
    if unnamed and whole["cost"] > unnamed:
        said.append(
            context.sentence(
                "value.note_unallocated",
                amount=context.say(unnamed, "money"),
                share=context.say(unnamed / whole["cost"], "percent"),
            )
        )
    if (first := first_trait(context)) is not None:
        said.append(first)
    return tuple(said)


WIDE = ("profile", "renewal_priority", "customer_density")
OF_NOBODY = ("profile", "renewal_priority", "customer_density", "referral")
"""What can be told without customers in the orders."""
LOW, NARROW = ("value_tiers",), ("cac", "tier_migration", "referral")
FURTHER: Mapping[str, Callable[[Context], Table | Note]] = {
    "cac": _costs,
    "profile": profile,
    "tier_migration": migration,
    "renewal_priority": renewals,
    "value_tiers": tenures,
    "customer_density": signings,
    "referral": referral,
}
"""What there is where its inputs are: on the wide left, below the methods and further down on the right."""
