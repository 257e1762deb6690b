"""总览: what the month came to, against what, why, and what needs attention."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.report import charts
from xlsales.report.blocks import Alert, Alerts, Kpis, Note, Origin, Placed, Table, TableColumn
from xlsales.report.pages._cards import card
from xlsales.report.pages._context import adds_up
from xlsales.report.pages._evidence import evident, findings
from xlsales.report.pages._lacking import lacking_note
from xlsales.report.pages._live_columns import attainment_column, change_column, gap_column
from xlsales.report.pages._units import sales_and_targets, target_unit, with_targets
from xlsales.report.traced import summed

if TYPE_CHECKING:
    from xlsales.clean.issues import Severity
    from xlsales.report.blocks import Band, Card, Chart, Page, Run, Sentence, Total
    from xlsales.report.pages._context import Context, Record

HALF = 104
COLUMNS = (HALF,) * 6 + (16,) + (HALF,) * 6
LEFT, RIGHT, ALL = (0, 5), (7, 12), (0, 12)
LOW_CHART = 208
"""Pixels: so low that a long table of units still prints on the same sheet."""
STEPS = 7
"""So many changes stand in the bridge: labels of more run into each other."""
ALERT_NAME = 150
"""Pixels that a name takes in an alert, measured in the body font."""
HIGH, MEDIUM = 0.03, 0.01
"""An alert worth 3 % of the month's sales is high, one worth 1 % is medium."""


def overview(context: Context) -> Page:
    """Cards, 13-month trend, bridge from the period before, attainment by unit, alerts."""
    sales = context.total("sales")
    sold = context.records("sales", context.trend, by=("month",))
    bands: list[Band] = [(Placed(Kpis(_cards(context)), *ALL),)]
    if sold:
        units = _units(context)
        trend, bridge = _trend(context), _bridge(context)
        if units.dense:
            trend, bridge = replace(trend, height=LOW_CHART), replace(bridge, height=LOW_CHART)
        bands.append((Placed(trend, *LEFT), Placed(bridge, *RIGHT)))
        bands.append((Placed(units, *LEFT), Placed(_alerts(context), *RIGHT)))
    elif sales:
        bands.append((Placed(Note((context.sentence("no_rows"),), callout=True), *ALL),))
    else:
        bands.append((Placed(lacking_note(context, "sales"), *ALL),))
    aims = context.total("attainment").get("target") is not None
    note = context.sentence("overview.note" if aims else "overview.note_plain")
    bands.append((Placed(Note((note,)), *ALL),))
    return context.page("overview", _headline(context), _second(context), COLUMNS, tuple(bands))


def _headline(context: Context) -> Sentence:
    sales, target = context.total("sales"), context.total("attainment")
    period = context.period_name()
    if not (sales and context.begun and context.records("sales", context.trend, by=("month",))):
        return context.sentence("overview.headline_none", period=period)
    parts: dict[str, str | Run] = {"period": period, "sales": context.strong(sales["amount"], "money")}
    key = "overview.headline"
    if target.get("attainment") is not None:
        key += "_target"
        parts["attainment"] = context.strong(target["attainment"], "percent")
    if sales["mom"] is not None:
        key += "_mom"
        parts["mom"] = context.judged(sales["mom"], "percent", arrow=True)
        driver = _driver(context)
        if driver:
            key += "_driver"
            name, effect = driver
            parts |= {"driver": name, "effect": context.judged(effect, "money")}
    return context.sentence(key, **parts)


def _second(context: Context) -> Sentence:
    quarter = context.total("attainment", context.quarter)
    if quarter.get("attainment") is not None:
        parts: dict[str, str | Run] = {
            "target": context.say(quarter["target"], "money"),
            "done": context.strong(quarter["attainment"], "percent"),
            "time": context.say(quarter["time_share"], "percent"),
        }
        if quarter.get("required_daily"):
            return context.sentence(
                "overview.second_daily", **parts, daily=context.strong(quarter["required_daily"], "money")
            )
        return context.sentence("overview.second_quarter", **parts)
    orders = context.total("sales")
    if not orders.get("orders"):
        return ()
    return context.sentence(
        "overview.second_orders" if orders["customers"] else "overview.second_nobody",
        orders=context.say(orders["orders"], "count"),
        customers=context.say(orders["customers"], "count"),
        aov=context.say(orders["aov"], "money"),
    )


def _changes(context: Context) -> list[Record]:
    """What each unit adds to the change from the period before; the parts sum to the whole change."""
    if context.unit is None:
        return []
    return [
        {"name": row["name"], "effect": row["change"] or 0.0}
        for row in sales_and_targets(context, context.unit)
    ]


def _steps(context: Context) -> list[Record]:
    """The largest of the changes, and the rest in one where they are too many for labels side by side."""
    changes = _changes(context)
    if len(changes) <= STEPS:
        return changes
    known = {context.name(name) for name in context.names_in_orders(context.unit or "")}
    named = sorted(changes, key=lambda row: (row["name"] not in known, -abs(row["effect"]), row["name"]))
    kept, rest = named[: STEPS - 1], named[STEPS - 1 :]
    return [*kept, {"name": context.word("rest"), "effect": summed(row["effect"] for row in rest)}]


def _driver(context: Context) -> tuple[str, float] | None:
    """The unit that moved most in the direction of the whole change."""
    change = context.total("sales")["change"]
    same = [row for row in _changes(context) if change and row["effect"] * change > 0]
    if not same:
        return None
    most = max(same, key=lambda row: (abs(row["effect"]), row["name"]))
    return context.named(context.unit or "", most["name"]), most["effect"]


def _cards(context: Context) -> tuple[Card, ...]:
    word, goal = context.word, context.total("attainment").get("target")
    return (
        card(context, "sales", "sales", "amount", "money", label=word("cards.sales"), target=goal),
        card(context, "new_customers", "new_customers", "new_customers", "count",
             label=word("cards.new_customers")),
        card(context, "aov", "sales", "aov", "money", label=word("cards.aov")),
        card(context, "close_rate", "lead_funnel", "step_rate", "percent", label=word("rates.won"),
             change="points", view="activity"),
        card(context, "win_rate", "win_rate", "win_rate", "percent", label=word("cards.win_rate"),
             change="points"),
        card(context, "repurchase", "repurchase", "repurchase", "percent", label=word("cards.repurchase"),
             change="points"),
    )  # fmt: skip


def _trend(context: Context) -> Chart:
    rows = context.records("sales", context.trend, by=("month",))
    targets = {
        row["month"]: row["target"] for row in context.records("attainment", context.trend, by=("month",))
    }
    months = [row["month"] for row in rows]
    goals = tuple(targets.get(month) for month in months)
    return charts.trend(
        "trend",
        label=context.word(
            "overview.trend" if len(months) > 1 else "cards.sales", months=context.counted(rows, "sales")
        ),
        note=context.word("overview.trend_note" if any(goals) else "overview.trend_note_plain"),
        finding=_trend_finding(context, rows, goals),
        months=context.month_labels(months),
        values=tuple(row["amount"] for row in rows),
        targets=goals if any(goals) else (),
        target_label=context.word("target"),
        lang=context.lang,
    )


def _trend_finding(context: Context, rows: list[Record], goals: tuple[float | None, ...]) -> str:
    sales = context.total("sales")
    yoy = (
        ""
        if sales["yoy"] is None
        else context.word("overview.finding_yoy", yoy=context.say(sales["yoy"], "percent", signed=True))
    )
    if not context.begun:
        return context.word("no_rows")
    goal = context.total("attainment")
    if not context.scope.complete and goal.get("attainment") is not None:
        return context.word(
            "overview.finding_open",
            attainment=context.say(goal["attainment"], "percent"),
            time=context.say(goal["time_share"], "percent"),
        )
    missed: list[Record] = []
    for row, aim in zip(reversed(rows), reversed(goals), strict=True):
        if not aim or row["amount"] >= aim:
            break
        missed.append(row)
    if missed:
        key = "overview.finding_missed" if len(missed) > 1 else "overview.finding_missed_once"
        return context.word(key, months=context.counted(missed, "sales")) + yoy
    if goals and goals[-1]:
        return context.word("overview.finding_met") + yoy
    if sales["mom"] is not None:
        return (
            context.word("overview.finding_mom", mom=context.say(sales["mom"], "percent", signed=True)) + yoy
        )
    if sales["change"] is not None:
        change = context.say(sales["change"], "money", signed=True)
        return context.word("overview.finding_change", change=change) + yoy
    return context.word("overview.finding_first", sales=context.say(sales["amount"], "money"))


def _bridge(context: Context) -> Chart:
    sales = context.total("sales")
    whole = [{"name": context.word("columns.change"), "effect": sales["change"]}]
    parts = sorted(_steps(context) or whole, key=lambda row: (-(row["effect"] or 0.0), row["name"]))
    driver = _driver(context)
    unit = context.dimension(context.unit) if context.unit else ""
    finding = context.word("overview.finding_flat")
    if sales["change"] is None:
        finding = context.word("overview.no_base")
    elif sales["change"] and not driver:
        finding = context.word(
            "overview.finding_change", change=context.say(sales["change"], "money", signed=True)
        )
    elif driver:
        finding = context.word(
            "overview.finding_driver",
            name=driver[0],
            effect=context.say(driver[1], "money", signed=True),
            change=context.say(sales["change"], "money", signed=True),
        )
    has_base = sales["change"] is not None
    return charts.bridge(
        "bridge",
        label=context.word("overview.bridge", unit=unit) if unit else context.word("overview.bridge_plain"),
        note=context.word("overview.bridge_note"),
        finding=finding,
        start=(context.word("previous"), sales["previous"] or 0.0),
        steps=tuple((row["name"], row["effect"]) for row in parts) if has_base else (),
        end=(context.word("current"), sales["amount"]),
        empty="" if has_base else context.word("overview.no_base"),
        lang=context.lang,
    )


def _units(context: Context) -> Table:
    unit = context.unit or "product"
    rows = sales_and_targets(context, unit)
    total, whole = context.total("sales"), context.total("attainment")
    live = adds_up((row["target"] for row in rows), whole.get("target"))
    sums: Total = "sum" if live else "value"
    first = (
        TableColumn("name", context.dimension(unit), strong=True),
        TableColumn(
            "actual", context.word("columns.actual"), "money", total=sums, origin=Origin(column="amount")
        ),
    )
    mom = TableColumn("mom", context.word("columns.mom"), "percent", signed=True, total="value")
    if any(row["target"] for row in rows):
        keys = ("amount", "target", "attainment", "gap", "mom")
        columns = (
            *first,
            *(
                replace(column, origin=Origin("attainment"))
                for column in (
                    TableColumn("target", context.word("columns.target"), "money", total=sums, quiet=True),
                    attainment_column(context, live=live),
                    gap_column(context, live=live),
                )
            ),
            mom,
        )
        note, key = context.word("overview.units_note"), "overview.units"
    else:
        keys = ("amount", "share", "previous", "change", "mom")
        columns = (
            *first,
            TableColumn(
                "share", context.word("columns.share"), "percent", total="value", bar=1.0, bar_tone="context"
            ),
            TableColumn("previous", context.word("columns.previous"), "money", total="sum", quiet=True),
            change_column(context, "actual"),
            mom,
        )
        note, key = context.word("overview.units_note_plain"), "attainment.plain"
    both = {**whole, **total}
    title = context.word(key, unit=context.dimension(unit))
    return Table(
        "units",
        title,
        columns,
        tuple((row["name"], *(row[key] for key in keys)) for row in rows),
        (context.word("total"), *(both.get(key) for key in keys)),
        note=note,
        alt=title,
        dense=len(rows) > 6,
        metric="sales",
        by=(unit,),
    )


def _alerts(context: Context) -> Alerts:
    """What costs most, from the funnel, the targets and the data, largest first."""
    sales = context.total("sales")["amount"] or 0.0
    costs = [*_funnel_alerts(context), *(_target_alerts(context) or _drop_alerts(context))]
    costs.sort(key=lambda alert: (alert.amount or 0.0, alert.text))
    found = [*costs[:4], *_data_alerts(context)]
    return Alerts(
        context.word("overview.alerts"),
        tuple(replace(alert, severity=_severity(alert, sales)) for alert in found),
        note=context.word("overview.alerts_note"),
        empty=context.word("overview.no_alerts"),
    )


def _funnel_alerts(context: Context) -> list[Alert]:
    return [
        Alert(
            "low",
            context.word(
                "alerts.bottleneck",
                step=context.word(f"rates.{row['stage']}"),
                rate=context.say(row["step_rate"], "percent"),
                change=context.say(row["change"], "points", signed=True),
            ),
            -row["lost_value"],
            "funnel",
        )
        for row in context.records("lead_funnel", view="activity")
        if row["bottleneck"] and row["lost_value"]
    ]


def _target_alerts(context: Context) -> list[Alert]:
    """Everybody behind their target; the whole where targets name nobody."""
    unit = target_unit(context)
    behind = with_targets(context, unit) if unit else [context.total("attainment")]
    return [
        Alert(
            "low",
            context.word(
                "alerts.target",
                name=context.names([row], unit, ALERT_NAME, "attainment") if unit else context.word("total"),
                attainment=context.say(row["attainment"], "percent"),
                share=context.say(row["gap_share"], "percent"),
            ),
            row["gap"],
            "attainment",
        )
        for row in behind
        if (row.get("gap") or 0) < 0
    ]


def _drop_alerts(context: Context) -> list[Alert]:
    """Without targets, whoever sold less than in the period before."""
    if context.total("attainment").get("target"):
        return []
    whole: list[Record] = [{"name": None, "effect": context.total("sales")["change"] or 0.0}]

    def said(name: str | None) -> str:
        if name is None:
            return context.word("total")
        shown = context.names(
            [{"name": context.named(context.unit or "", name)}], "name", ALERT_NAME, "sales"
        )
        return f"{shown} " if context.lang == "zh" and shown[-1:].isascii() else shown

    return [
        Alert("low", context.word("alerts.drop", name=said(row["name"])), row["effect"], "growth")
        for row in _changes(context) or whole
        if row["effect"] < 0
    ]


def _data_alerts(context: Context) -> list[Alert]:
    """High findings, with what they concern in the whole data: no amount of this period's."""
    issues = context.cleaned.open_issues
    high = issues[issues["severity"] == "high"]
    if high.empty:
        return []
    count = evident(context, len(high), "high", findings(context, high))
    money = float(high["amount"].abs().sum())
    money = evident(context, money, "at_stake", findings(context, high, "size"), form="money")
    words = context.word(
        "alerts.issues", count=context.say(count, "count"), amount=context.say(money, "money")
    )
    return [Alert("high", words, None, "quality")]


def _severity(alert: Alert, sales: float) -> Severity:
    if alert.amount is None:
        return alert.severity
    if sales <= 0:
        return "high"
    share = abs(alert.amount) / sales
    return "high" if share >= HIGH else "medium" if share >= MEDIUM else "low"
