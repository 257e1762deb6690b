"""What stands beside attainment: who is in which band, sales per head, margin, market share and coverage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.report.blocks import Note, Origin, Placed, Table, TableColumn
from xlsales.report.pages._cards import card, card_bands
from xlsales.report.pages._units import target_unit, with_targets
from xlsales.report.traced import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.report.blocks import Band, Sentence, Value
    from xlsales.report.pages._context import Context, Record

BANDS = ("over_120", "100_to_120", "80_to_100", "under_80")
WIDTH = 7
"""Grid columns of each of the two tables."""


def output_cards(context: Context, last: int) -> list[Band]:
    """The cards, and what each of them that has a figure is a share of."""
    cards = (
        card(context, "head", "sales_per_head", "per_head", "money",
             label=context.word("output.per_head")),
        card(context, "margin", "gross_margin", "margin", "percent", label=context.word("output.margin"),
             change="points"),
        card(context, "market_share", "market_share", "share", "percent",
             label=context.word("output.market_share"), change="points"),
        card(context, "coverage", "market_coverage", "coverage", "percent",
             label=context.word("output.coverage"), change="points"),
    )  # fmt: skip
    said = _about(context)
    notes: list[Band] = [(Placed(Note(said), 0, last),)] if said else []
    return [*card_bands(cards, last), *notes]


def per_head(context: Context, last: int) -> list[Band]:
    """Sales per head by unit and by time on the roster; nothing where nobody is on a roster."""
    if context.total("sales_per_head").get("per_head") is None:
        return []
    return [(Placed(_by_unit(context), 0, WIDTH - 1), Placed(_by_tenure(context), last - WIDTH + 1, last))]


def _about(context: Context) -> tuple[Sentence, ...]:
    """What each of the cards is a share of, and what stays out of it."""
    said = []
    found = context.total("gross_margin")
    if found.get("margin") is not None:
        covered = context.say(found["coverage"], "percent")
        said.append(
            context.sentence(
                "output.margin_note", covered=covered, basis=context.word(f"bases.{found['basis']}")
            )
        )
    found = context.total("market_share")
    if found.get("share") is not None and found["unmatched"]:
        said.append(context.sentence("output.share_note", unmatched=context.say(found["unmatched"], "money")))
    found = context.total("market_coverage")
    if found.get("coverage") is not None:
        counts = {key: context.say(found[key], "count") for key in ("covered", "universe", "unlisted")}
        said.append(context.sentence("output.coverage_note", **counts))
    return tuple(said)


def by_band(context: Context, unit: str) -> str:
    """How many of those with a target stand in which band of attainment; "" where ``unit`` has none."""
    if unit != target_unit(context):
        return ""
    rows = [row for row in with_targets(context, unit) if row["band"]]
    parts = (
        context.word(
            "output.in_band",
            band=context.word(f"output.bands.{band}"),
            count=context.counted([row for row in rows if row["band"] == band], "attainment"),
        )
        for band in BANDS
    )
    return joined(" · ", parts) if len(rows) > 1 else ""


def _by_unit(context: Context) -> Table:
    """Sales per head by team, or by region where there are no teams."""
    total = context.total("sales_per_head")
    unit = next((name for name in ("team", "region") if context.spread[name] > 1), "team")
    rows = context.records("sales_per_head", by=(unit,))
    off = total["off_roster"]
    note = context.word("output.per_head_note")
    if off:
        note = context.word("output.per_head_off", amount=context.say(off, "money"))
    body = [_figures(context.name(row[unit]), row) for row in rows]
    label = context.word("output.by_unit", unit=context.dimension(unit))
    table = _table(context, "heads_by_unit", context.dimension(unit), label, note, body, total)
    return replace(table, metric="sales_per_head", by=(unit,))


def _by_tenure(context: Context) -> Table:
    """Sales per head by time on the roster."""
    rows = context.records("sales_by_tenure")
    body = [_figures(context.word(f"output.tenures.{row['tenure']}"), row) for row in rows]
    label, note = context.word("output.by_tenure"), context.word("output.tenure_note")
    total = context.total("sales_per_head")
    table = _table(context, "heads_by_tenure", context.word("output.tenure"), label, note, body, total)
    about = tuple((("tenure", row["tenure"]),) for row in rows)
    whole = (-1, "", Origin("sales_per_head"))
    return replace(table, metric="sales_by_tenure", about=about, elsewhere=(whole,))


def _table(
    context: Context,
    key: str,
    head: str,
    label: str,
    note: str,
    rows: Sequence[tuple[Value, ...]],
    total: Record,
) -> Table:
    word = context.word
    columns = (
        TableColumn("name", head, strong=True),
        TableColumn("headcount", word("output.columns.headcount"), "number", quiet=True),
        TableColumn("joiners", word("output.columns.joiners"), "count", quiet=True),
        TableColumn("leavers", word("output.columns.leavers"), "count", quiet=True),
        TableColumn("amount", word("columns.actual"), "money"),
        TableColumn("per_head", word("output.columns.per_head"), "money", strong=True),
        TableColumn("mom", word("columns.mom"), "percent", signed=True),
    )
    return Table(
        key,
        label,
        columns,
        tuple(rows),
        _figures(word("total"), total),
        note=note,
        alt=label,
        dense=True,
        empty=word("no_rows"),
    )


def _figures(name: str, row: Record) -> tuple[Value, ...]:
    return (name, *(row[key] for key in ("headcount", "joiners", "leavers", "amount", "per_head", "mom")))
