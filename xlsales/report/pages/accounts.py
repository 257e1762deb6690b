"""客户构成与大单: which customers the sales come from, the large orders, and how key accounts stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.report import charts
from xlsales.report.blocks import Cell, Note, Placed, Table, TableColumn
from xlsales.report.layout import CONTENT
from xlsales.report.pages._context import TOP
from xlsales.report.pages._lacking import lacking_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Band, Chart, Page, Run, Sentence, Tone, Value
    from xlsales.report.pages._context import Context, Record

FIGURES, FIGURE, ITEM = 11, 88, 150
COLUMNS = (CONTENT - FIGURES * FIGURE - ITEM, ITEM) + (FIGURE,) * FIGURES
LAST = len(COLUMNS) - 1
CHART, SMALL_CHART = 200, 150
"""Pixels."""
NAMES = 420
"""Pixels that names of customers take in a sentence, measured in the body font."""
KEY_FIGURES = (
    *("amount", "share", "previous", "yoy", "orders", "last_order", "days_since", "usual_gap", "trend"),
)
"""Of a key account; beside them what it owes and when it renews, or else how it changed."""
FORMS: dict[str, Format] = {
    "customers": "count",
    "amount": "money",
    "share": "percent",
    "share_change": "points",
    "mom": "percent",
    "change": "money",
    "growth_share": "percent",
    "attainment": "percent",
    "pull": "points",
    "previous": "money",
    "yoy": "percent",
    "orders": "count",
    "last_order": "date",
    "days_since": "count",
    "usual_gap": "count",
    "trend": "text",
    "receivable": "money",
    "renewal": "date",
    "slope": "money",
}
TRENDS: dict[str, tuple[str, Tone]] = {"up": ("▲", "good"), "down": ("▼", "bad"), "flat": ("–", "quiet")}


def accounts(context: Context) -> Page:
    """Where the change comes from and what each kind of customer brings; large orders; key accounts."""
    total = context.total("sales")
    if not total or not total["orders"]:
        note = (
            lacking_note(context, "sales")
            if not total
            else Note((context.sentence("no_rows"),), callout=True)
        )
        nothing: tuple[Band, ...] = ((Placed(note, 0, LAST),),)
        return context.page("accounts", context.sentence("accounts.headline_none"), (), COLUMNS, nothing)
    found = context.total("concentration")
    large = context.records("large_orders")
    bands: list[Band] = []
    if found["status"] != "no_customers":
        bands.append(
            (
                Placed(_bridge(context), 0, 5),
                Placed(_kinds(context), 7, LAST),
                Placed(_tiers(context), 7, LAST),
            )
        )
        bands.append((_at_left(_large(context, large)), Placed(_largest(context, found), 9, LAST)))
        bands.append((_at_left(_key_accounts(context)),))
    else:
        bands.append((Placed(lacking_note(context, "key_accounts", ("orders.customer_id",)), 0, LAST),))
        bands.append((_at_left(_large(context, large)),))
    bands.append((Placed(Note(_notes(context, found, large)), 0, LAST),))
    headline = _headline(context, found, large)
    return context.page("accounts", headline, _second(context), COLUMNS, tuple(bands))


def _at_left(table: Table) -> Placed:
    return Placed(table, 0, len(table.columns) - 1)


def _owned(rows: list[Record]) -> bool:
    """Whether any row names its owner; a column of blanks says nothing."""
    return any(row["owner"] for row in rows) or not rows


def _headline(context: Context, found: Record, large: list[Record]) -> Sentence:
    parts: dict[str, str | Run] = {
        "top": context.strong(found["top10"], "percent"),
        "count": context.counted(large, "large_orders"),
        "large": context.strong(large[-1]["cumulative"] if large else None, "percent"),
    }
    some = "_large" if large and large[-1]["cumulative"] is not None else ""
    new = next((row for row in context.records("new_and_existing") if row["kind"] == "new"), {})
    if found["status"] == "no_customers":
        return context.sentence(f"accounts.headline_nobody{some}", **parts)
    if found["top10"] is None or new.get("share") is None:
        return context.sentence("accounts.headline_negative")
    parts["share"] = context.strong(new["share"], "percent")
    if new["share_change"] is None or new["history"]:
        return context.sentence(f"accounts.headline_first{some}", **parts)
    parts["change"] = context.judged(new["share_change"], "points")
    return context.sentence(f"accounts.headline{some}", **parts)


def _second(context: Context) -> Sentence:
    rows = context.records("key_accounts")[:TOP]
    late = [row for row in rows if row["overdue"]]
    if not rows:
        return ()
    parts = {key: context.counted(some, "key_accounts") for key, some in (("count", rows), ("late", late))}
    if not late:
        return context.sentence("accounts.second_none", **parts)
    worth = sum(max(row["amount"], row["previous"] or 0.0) for row in late)
    return context.sentence(
        "accounts.second",
        **parts,
        names=context.names(late, "account", NAMES, "key_accounts"),
        worth=context.strong(worth, "money"),
    )


def _bridge(context: Context) -> Chart:
    """From the previous period to this one, by tier."""
    rows = [row for row in context.records("tier_contribution") if not row["target_status"]]
    total = context.total("sales")
    has_base = total["change"] is not None
    moved = sorted(rows, key=lambda row: (-(row["change"] or 0.0), row["tier"]))
    finding = context.word("overview.no_base")
    if has_base and moved:
        first = max(moved, key=lambda row: (abs(row["change"] or 0.0), row["tier"]))
        finding = context.word(
            "accounts.finding_tier",
            tier=_tier(context, first),
            effect=context.say(first["change"], "money", signed=True),
            change=context.say(total["change"], "money", signed=True),
        )
    chart = charts.bridge(
        "tier_bridge",
        label=context.word("accounts.bridge"),
        note=context.word("overview.bridge_note"),
        finding=finding,
        start=(context.word("previous"), total["previous"] or 0.0),
        steps=tuple((_tier(context, row), row["change"] or 0.0) for row in moved) if has_base else (),
        end=(context.word("current"), total["amount"]),
        empty="" if has_base and moved else context.word("overview.no_base"),
        lang=context.lang,
    )
    return replace(chart, height=CHART)


def _tier(context: Context, row: Record) -> str:
    if not row["tier"]:
        return context.word("accounts.no_tier")
    if row["rule"].endswith("pareto"):
        return context.word(f"accounts.tiers.{row['tier'].lower()}")
    return str(row["tier"])


def _kinds(context: Context) -> Table:
    rows = context.records("new_and_existing")
    with_targets = any(row["target"] is not None for row in rows)
    keys = (
        "customers",
        "amount",
        "share",
        *(("attainment", "pull") if with_targets else ("share_change", "mom")),
    )
    short = any(row["history"] for row in rows)
    return Table(
        "new_and_existing",
        context.word("accounts.kinds"),
        (TableColumn("kind", context.word("accounts.kind"), strong=True), *_columns(context, keys)),
        tuple((context.word(f"accounts.{row['kind']}"), *(row[key] for key in keys)) for row in rows),
        note=context.word(f"accounts.kinds_note{'_short' if short else ''}"),
        alt=context.word("accounts.kinds"),
        dense=True,
        metric="new_and_existing",
        about=tuple((("kind", row["kind"]),) for row in rows),
        empty=context.word("no_rows"),
    )


def _tiers(context: Context) -> Table:
    rows = context.records("tier_contribution")
    with_targets = any(row["target"] is not None for row in rows)
    one_way = len({row["change"] > 0 for row in rows if row["change"]}) == 1
    last = ("attainment", "pull") if with_targets else ("mom", "growth_share" if one_way else "change")
    keys = ("customers", "amount", "share", *last)
    rule = rows[0]["rule"] if rows else "pareto"
    return Table(
        "tiers",
        context.word("accounts.tier_table"),
        (TableColumn("tier", context.word("accounts.tier"), strong=True), *_columns(context, keys)),
        tuple((_tier(context, row), *(row[key] for key in keys)) for row in rows),
        note=context.word(f"accounts.rules.{rule}"),
        alt=context.word("accounts.tier_table"),
        dense=True,
        metric="tier_contribution",
        about=tuple((("tier", row["tier"]),) for row in rows),
        empty=context.word("no_rows"),
    )


def _columns(context: Context, keys: Sequence[str]) -> list[TableColumn]:
    signed = ("share_change", "mom", "change", "pull")
    return [
        TableColumn(
            key,
            context.word(f"accounts.columns.{key}"),
            FORMS[key],
            strong=key == "amount",
            quiet=key == "customers",
            signed=key in signed,
            bar=1.0 if key == "share" else None,
            bar_tone="context",
        )
        for key in keys
    ]


def _large(context: Context, large: list[Record]) -> Table:
    word = context.word
    owned, called = _owned(large), any(row["account"] for row in large) or not large
    columns = (
        *([TableColumn("account", word("accounts.columns.account"), strong=True)] if called else ()),
        TableColumn("item", context.dimension("product"), strong=not called),
        *([TableColumn("owner", context.dimension("rep"))] if owned else ()),
        TableColumn("order_id", word("accounts.columns.order_id"), quiet=True),
        TableColumn("ordered", word("accounts.columns.ordered"), "date", quiet=True),
        TableColumn("amount", word("accounts.columns.amount"), "money", strong=True),
        TableColumn("share", word("accounts.columns.share"), "percent"),
        TableColumn("refunded", word("accounts.columns.refunded"), "money", quiet=True),
    )
    shown = large[:TOP]
    label = word("accounts.large")
    note = word("no_rows")
    if large:
        note = word(
            "accounts.large_note",
            limit=context.say(large[0]["limit"], "money"),
            count=context.counted(large, "large_orders"),
            orders=context.say(large[0]["orders"], "count"),
            shown=context.counted(shown, "large_orders"),
        )
    return Table(
        "large_orders",
        label,
        columns,
        tuple(
            (
                *([context.name(row["account"])] if called else ()),
                context.name(row["item"]),
                *([context.name(row["owner"])] if owned else ()),
                row["order_id"],
                _day(row["ordered"]),
                row["amount"],
                row["share"],
                row["refunded"] or None,
            )
            for row in shown
        ),
        note=note,
        alt=label,
        dense=True,
        metric="large_orders",
        about=tuple(
            tuple((key, row[key]) for key in ("order_id", "account", "owner", "item")) for row in shown
        ),
        empty=word("no_rows"),
    )


def _largest(context: Context, found: Record) -> Chart:
    items = [(count, found[f"top{count}"]) for count in (1, 5, 10)]
    finding = context.word("no_rows")
    if found["top1"] is not None:
        finding = context.word(
            "accounts.finding_top",
            share=context.say(found["top1"], "percent"),
            hhi=context.say(found["hhi"], "count"),
        )
    chart = charts.bars(
        "largest_customers",
        label=context.word("accounts.largest"),
        finding=finding,
        items=[(context.word("accounts.first", count=count), share) for count, share in items],
        note=context.word("accounts.largest_note"),
        format="percent",
        highlight=1,
        empty="" if found["top1"] is not None else context.word("no_rows"),
        lang=context.lang,
    )
    return replace(chart, height=SMALL_CHART)


def _key_accounts(context: Context) -> Table:
    rows = context.records("key_accounts")[:TOP]
    word = context.word
    there = [key for key in ("receivable", "renewal") if any(row[key] is not None for row in rows)]
    owned = _owned(rows)
    figures = (*KEY_FIGURES, *(*there, "change", "slope")[: 2 + (not owned)])
    based = any(row["previous"] is not None for row in rows)
    keys = [key for key in figures if based or key not in ("previous", "yoy", "change")]
    columns = (
        TableColumn("account", word("accounts.columns.account"), strong=True),
        *([TableColumn("owner", context.dimension("rep"))] if owned else ()),
        *(
            TableColumn(
                key,
                word(f"accounts.columns.{'year' if key == 'amount' else key}"),
                FORMS[key],
                strong=key == "amount",
                quiet=key in ("previous", "orders"),
                signed=key in ("yoy", "change", "slope"),
                align="center" if key == "trend" else "",
            )
            for key in keys
        ),
    )
    rule = rows[0]["rule"] if rows else "largest"
    return Table(
        "key_accounts",
        word("accounts.key"),
        columns,
        tuple(
            (
                context.name(row["account"]),
                *([context.name(row["owner"])] if owned else ()),
                *(_cell(context, row, key) for key in keys),
            )
            for row in rows
        ),
        note=word(f"accounts.key_note_{rule}"),
        alt=word("accounts.key"),
        dense=True,
        filter=False,
        metric="key_accounts",
        about=tuple((("account_id", row["account_id"]),) for row in rows),
        empty=word("no_rows"),
    )


def _cell(context: Context, row: Record, key: str) -> Value | Cell:
    value = row[key]
    if key in ("last_order", "renewal"):
        return _day(value)
    if key == "trend":
        if not value:
            return ""
        mark, tone = TRENDS[value]
        return Cell(f"{mark} {context.word(f'accounts.trends.{value}')}", tone=tone)
    if key == "days_since" and row["overdue"]:
        return Cell(value, tone="bad", mark="▼", bold=True)
    shown: Value = value
    return shown


def _day(moment: object) -> Value:
    """A date without its time of day."""
    return moment.date() if hasattr(moment, "date") else None


def _notes(context: Context, found: Record, large: list[Record]) -> tuple[Sentence, ...]:
    said = [context.sentence("accounts.note")]
    if found["anonymous"]:
        said.append(
            context.sentence("accounts.note_anonymous", amount=context.strong(found["anonymous"], "money"))
        )
    return tuple(said)
