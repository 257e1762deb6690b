"""Who the customers are, whom to keep first, and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report.blocks import Note, Origin, Table, TableColumn
from xlsales.report.charts.axis import joined, largest_note
from xlsales.report.pages._context import TOP
from xlsales.report.traced import summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.metrics._catalogue import Format
    from xlsales.report.blocks import Sentence
    from xlsales.report.pages._context import Context, Record

TIERS, TENURES = ("A", "B", "C"), ("under_1y", "1_to_2y", "2_to_3y", "over_3y")
BEFORE, NOW = ("A", "B", "C", "new"), ("A", "B", "C", "left")
TRAITS: Mapping[str, Format] = {
    "n": "count",
    "won_share": "percent",
    "lost_share": "percent",
    "index": "count",
    "lift": "number",
}
SIGNINGS: Mapping[str, Format] = {
    "new_customers": "count",
    "new_amount": "money",
    "renewal_customers": "count",
    "renewal_amount": "money",
    "new_share": "percent",
    "amount": "money",
}
DENSITY: Mapping[str, Format] = {
    "new_orders": "count",
    "new_amount": "money",
    "renewal_orders": "count",
    "renewal_amount": "money",
    "new_density": "number",
    "renewal_density": "number",
}
"""What stands in their place where the inhabitants of a region are known: orders beside their density."""


def profile(context: Context) -> Table:
    """The attributes that set won leads apart from lost ones, the best first and the worst last."""
    apart = _apart(context)
    half = TOP // 2
    rows = apart if len(apart) <= TOP else apart[:half] + apart[-half:]
    word = context.word
    return Table(
        "profile",
        word("value.profile"),
        (
            TableColumn("trait", word("value.columns.trait"), strong=True),
            TableColumn("attribute", word("value.columns.attribute"), quiet=True),
            *(
                TableColumn(key, word(f"value.columns.{key}"), form, strong=key == "lift", quiet=key == "n")
                for key, form in TRAITS.items()
            ),
        ),
        tuple(
            (
                context.name(row["value"]),
                context.dimension(row["attribute"]),
                *(row[key] for key in TRAITS),
            )
            for row in rows
        ),
        note=word("value.profile_note"),
        alt=word("value.profile"),
        dense=True,
        metric="profile",
        about=tuple((("attribute", row["attribute"]), ("value", row["value"])) for row in rows),
        empty=word("value.profile_none"),
    )


def first_trait(context: Context) -> Sentence | None:
    """How much more often the first attribute of the profile is won, and how sure that is."""
    first = next((row for row in _apart(context) if row["ideal"] == "ideal"), None)
    if first is None:
        return None
    return context.sentence(
        "value.profile_first",
        value=context.named(first["attribute"], first["value"]),
        rate=context.say(first["win_rate"], "percent"),
        lift=context.strong(first["lift"], "number"),
        low=context.say(first["low"], "number"),
        high=context.say(first["high"], "number"),
    )


def _apart(context: Context) -> list[Record]:
    """The attributes whose win rate is not that of all, the highest lift first."""
    apart = [row for row in context.records("profile") if row["ideal"]]
    return sorted(apart, key=lambda row: (-row["lift"], row["attribute"], row["value"]))


def migration(context: Context) -> Table:
    """How many customers went from each tier to each other since the period before."""
    moved = {(row["before"], row["now"]): row["customers"] for row in context.records("tier_migration")}
    word = context.word
    return Table(
        "tier_migration",
        word("value.migration"),
        (
            TableColumn("before", word("value.columns.before"), strong=True),
            *(
                TableColumn(
                    f"now_{tier}",
                    word(f"value.tiers.{tier}"),
                    "count",
                    heat="block",
                    align="center",
                    origin=Origin(column="customers", about=(("now", tier),)),
                )
                for tier in NOW
            ),
            TableColumn(
                "all", word("total"), "count", strong=True, origin=Origin(column="customers", derived=True)
            ),
        ),
        tuple(
            (word(f"value.tiers.{before}"), *_with_sum([moved.get((before, now)) for now in NOW]))
            for before in BEFORE
        ),
        note=word("value.migration_note"),
        alt=word("value.migration"),
        dense=True,
        metric="tier_migration",
        about=tuple((("before", before),) for before in BEFORE),
    )


def tenures(context: Context) -> Table:
    """How many customers are in each tier, by how long they have been buying."""
    found = {(row["tier"], row["tenure"]): row["customers"] for row in context.records("value_tiers")}
    word = context.word
    return Table(
        "value_tiers",
        word("value.tenures"),
        (
            TableColumn("tier", word("value.columns.tier"), strong=True),
            *(
                TableColumn(
                    tenure,
                    word(f"value.years.{tenure}"),
                    "count",
                    heat="block",
                    align="center",
                    origin=Origin(column="customers", about=(("tenure", tenure),)),
                )
                for tenure in TENURES
            ),
            TableColumn(
                "all", word("total"), "count", strong=True, origin=Origin(column="customers", derived=True)
            ),
        ),
        tuple((tier, *_with_sum([found.get((tier, tenure)) for tenure in TENURES])) for tier in TIERS),
        note=word("value.tenures_note"),
        alt=word("value.tenures"),
        dense=True,
        metric="value_tiers",
        about=tuple((("tier", tier),) for tier in TIERS),
    )


def _with_sum(counts: list[int | None]) -> list[float | None]:
    """The counts, and their sum where there is one."""
    known = [count for count in counts if count is not None]
    return [*counts, summed(known) if known else None]


def renewals(context: Context) -> Table:
    """The contracts to renew first."""
    rows = context.records("renewal_priority")
    word = context.word
    return Table(
        "renewal_priority",
        word("value.renewals"),
        (
            TableColumn("account", word("value.columns.account"), strong=True),
            TableColumn("owner", context.dimension("rep")),
            TableColumn("item", context.dimension("product")),
            TableColumn("end", word("value.columns.end"), "date", quiet=True),
            TableColumn("days_left", word("value.columns.days_left"), "days"),
            TableColumn("due_amount", word("value.columns.due_amount"), "money", strong=True),
            TableColumn("tier", word("value.columns.tier"), align="center"),
        ),
        tuple(
            (
                *(context.name(row[key]) for key in ("account", "owner", "item")),
                row["end"].date(),
                *(row[key] for key in ("days_left", "due_amount", "tier")),
            )
            for row in rows[:TOP]
        ),
        note=word(
            "value.renewals_note",
            shown=context.counted(rows[:TOP], "renewal_priority"),
            count=context.counted(rows, "renewal_priority"),
        ),
        alt=word("value.renewals"),
        metric="renewal_priority",
        about=tuple((("rank", int(row["rank"])),) for row in rows[:TOP]),
        empty=word("value.renewals_none"),
    )


def signings(context: Context) -> Table:
    """New signings and renewals by region, and of all of them."""
    rows = context.records("customer_density", by=("region",))
    total = next(iter(context.records("customer_density", by=())), {}) if rows else {}
    word = context.word
    forms = DENSITY if any(row["new_density"] is not None for row in rows) else SIGNINGS
    shown = rows[:TOP]
    return Table(
        "customer_density",
        word("value.signings"),
        (
            TableColumn("name", context.dimension("region"), strong=True),
            *(
                TableColumn(
                    key,
                    word(f"value.columns.{key}"),
                    form,
                    quiet=key.endswith(("customers", "orders")),
                    total="value",
                )
                for key, form in forms.items()
            ),
        ),
        tuple((context.name(row["region"]), *(row[key] for key in forms)) for row in shown),
        (word("total"), *(total.get(key) for key in forms)) if rows else (),
        note=joined(
            word("value.signings_note"),
            largest_note(
                context.count(shown, "customer_density"),
                context.count(rows, "customer_density"),
                context.lang,
            ),
        ),
        alt=word("value.signings"),
        dense=True,
        metric="customer_density",
        by=("region",),
        about=tuple((("region", row["region"]),) for row in shown),
        empty=word("no_rows"),
    )


def referral(context: Context) -> Note:
    """What customers bring in new leads, in a sentence."""
    found = context.total("referral")
    label = context.word("value.referral")
    if found["conversion"] is None:
        return Note((context.sentence(f"value.referral_{found['status'] or 'no_leads'}"),), label=label)
    said = [
        context.sentence(
            "value.referral_said",
            referred=context.strong(found["referred"], "count"),
            share=context.say(found["referred_share"], "percent"),
            rate=context.strong(found["conversion"], "percent"),
            low=context.say(found["low"], "percent"),
            high=context.say(found["high"], "percent"),
            other=context.say(found["other_conversion"], "percent"),
        )
    ]
    if found["referral_rate"] is not None:
        said.append(
            context.sentence(
                "value.referral_rate",
                referrers=context.say(found["referrers"], "count"),
                rate=context.strong(found["referral_rate"], "percent"),
            )
        )
    if found["k"] is not None:
        said.append(
            context.sentence(
                "value.referral_k",
                active=context.say(found["active"], "count"),
                k=context.strong(round(found["k"] * 100, 6), "number"),
            )
        )
    if found["cost_per_win"] is not None:
        said.append(
            context.sentence(
                "value.referral_cost",
                cost=context.say(found["cost"], "money"),
                win=context.strong(found["cost_per_win"], "money"),
            )
        )
    return Note((context.together(*said),), label=label)
