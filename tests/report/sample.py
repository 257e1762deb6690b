"""A report with every block, made up to be awkward: forty reps, long names, losses, blanks, hostile text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.report import charts
from xlsales.report.blocks import (
    Alert,
    Alerts,
    Card,
    Cell,
    Field,
    Form,
    Kpis,
    Note,
    Page,
    Placed,
    Report,
    Run,
    Table,
    TableColumn,
)
from xlsales.report.formats import change, sentence

if TYPE_CHECKING:
    from xlsales.language import Language
    from xlsales.report.blocks import Band

SALES = (3521, 3386, 3654, 3128, 2689, 3712, 3805, 3627, 3899, 4316, 4462, 3988, 3864)
GOALS = (3450, 3500, 3600, 3200, 2800, 3650, 3750, 3800, 3950, 4200, 4350, 4050, 4102)
STEPS = {
    "zh": ("线索量", "到访率", "试听转报名率", "客单价", "续费", "退费"),
    "en": ("Leads", "Show-up", "Trial conversion", "Avg. order", "Renewals", "Refunds"),
}
EFFECTS = (142, -68, -213, 59, 38, -82)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+86 138 0000 0000",
    "@SUM(A1:A9)",
    "-5",
    "007",
    "1E5",
    "http://x.example/a",
    "Hi!A1",
)
HALF = (104,) * 6
TWELVE = (60, 60, 100) + (87,) * 12


def words(lang: Language, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def report(lang: Language) -> Report:
    return Report(lang, (overview(lang), attainment(lang), retention(lang), hostile(lang), bare(lang)))


def names(lang: Language) -> dict[str, str]:
    return {
        "overview": words(lang, "总览", "Overview"),
        "attainment": words(lang, "达成", "Attainment"),
        "retention": words(lang, "留存", "Retention"),
        "hostile": words(lang, "敌意", "Bob's sheet"),
        "bare": words(lang, "空白", "Bare"),
        "data": words(lang, "图表数据", "Chart data"),
    }


def page(
    lang: Language, key: str, title: str, columns: tuple[int, ...], bands: tuple[Band, ...], **more: object
) -> Page:
    facts: dict[str, object] = {
        "as_of": words(
            lang,
            "数据截至 2026-10-31（10 月已结账）· 口径：实收，含续费，退费已冲减 · 示例数据",
            "As of 31 Oct 2026 (month closed) · Basis: cash received, net of refunds · Sample data",
        ),
        "headline": sentence(
            words(
                lang,
                "10月销售额 **{sales}**，达成 **{share}**，环比 {mom}：主要因试听转报名率（{effect}）",
                "October sales **{sales}**, **{share}** of target, {mom} MoM: mainly conversion ({effect})",
            ),
            sales=words(lang, "386.4万", "¥3.86M"),
            share="94.2%",
            mom=change(-0.031, "percent", lang),
            effect=Run(words(lang, "-21.3万", "-¥213k"), "bad"),
        ),
        "second": (
            Run(
                words(
                    lang,
                    "缺口 23.8万 中，城西、高新两校区合计 -27.6万。",
                    "Of the ¥238k shortfall, two campuses account for -¥276k.",
                )
            ),
        ),
        "footer": words(
            lang, "启明教育 & 示例 数据截至 2026-10-31", "Qiming & Co (sample), as of 2026-10-31"
        ),
        "short": names(lang)[key],
        **more,
    }
    return Page(key=key, name=names(lang)[key], title=title, columns=columns, bands=bands, **facts)  # type: ignore[arg-type]


def cards(lang: Language) -> Kpis:
    def label(zh: str, en: str) -> str:
        return words(lang, zh, en)

    history = tuple((str(month), float(v)) for month, v in enumerate(SALES))
    return Kpis(
        (
            Card(
                "sales",
                label("销售额", "Sales"),
                3_864_000,
                "money",
                4_102_000,
                status="missed",
                previous=3_988_000,
                year_ago=3_521_000,
                history=tuple((month, v * 1000) for month, v in history),
            ),
            Card(
                "new",
                label("新签", "Enrolments"),
                299,
                "count",
                330,
                status="missed",
                previous=328,
                year_ago=286,
                history=history,
            ),
            Card(
                "cvr",
                label("试听转报名率", "Trial conversion"),
                0.316,
                "percent",
                0.35,
                status="missed",
                previous=0.358,
                year_ago=0.342,
                change="points",
                history=history,
            ),
            Card(
                "aov",
                label("客单价", "Avg. order"),
                5355,
                "money",
                5300,
                status="met",
                previous=5280,
                year_ago=5120,
                history=history,
            ),
            Card(
                "gap",
                label("复购间隔", "Repurchase gap"),
                46,
                "days",
                45,
                status="near",
                previous=44,
                year_ago=47,
                change="days",
                good_up=False,
                history=history,
                target_is_cap=True,
            ),
            Card(
                "refund",
                label("退费率", "Refund rate"),
                0.034,
                "percent",
                None,
                previous=None,
                year_ago=0.026,
                change="points",
                good_up=False,
                history=(*((str(month), None) for month in range(12)), ("12", 0.034)),
            ),
        )
    )


def overview(lang: Language) -> Page:
    months = ("25-10", "11", "12", "26-01", "02", "03", "04", "05", "06", "07", "08", "09", "10")
    if lang == "en":
        months = (
            "Oct 25",
            "Nov",
            "Dec",
            "Jan 26",
            "Feb",
            "Mar",
            "Apr",
            "May",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
        )
    trend = charts.trend(
        "trend",
        label=words(lang, "近 13 个月销售额", "Sales, last 13 months"),
        note=words(
            lang,
            "柱 = 实际，虚线 = 目标，深灰 = 去年同月",
            "bars = actual, dashes = target, dark grey = year ago",
        ),
        finding=words(
            lang,
            "连续两个月未达目标；同比仍 +9.7%",
            "Two months in a row below target; still +9.7% on last year",
        ),
        months=months,
        values=[v * 1000 for v in SALES],
        targets=[v * 1000 for v in GOALS],
        target_label=words(lang, "目标", "Target"),
        lang=lang,
    )
    bridge = charts.bridge(
        "bridge",
        label=words(lang, "环比差异桥", "Month-on-month bridge"),
        note=words(lang, "9月 → 10月", "Sep → Oct"),
        finding=words(
            lang,
            "试听转报名率一项拖累 -21.3万，超过净下降 -12.4万",
            "Trial conversion alone costs ¥213k, more than the net drop of ¥124k",
        ),
        start=(words(lang, "9月", "Sep"), 3_988_000),
        steps=[(name, v * 1000) for name, v in zip(STEPS[lang], EFFECTS, strict=True)],
        end=(words(lang, "10月", "Oct"), 3_864_000),
        lang=lang,
    )
    alerts = Alerts(
        words(lang, "需要关注", "Needs attention"),
        (
            Alert(
                "high",
                words(
                    lang,
                    "试听转报名率 31.6%，环比 -4.2pp，降幅为近 13 月最大",
                    "Trial conversion 31.6%, -4.2 pts MoM, largest drop in 13 months",
                ),
                -213_000,
                "attainment",
            ),
            Alert(
                "medium",
                words(
                    lang,
                    "退费率 3.4%，超上限 0.4pp，连续 2 个月上升",
                    "Refund rate 3.4%, 0.4 pts over cap, up 2 months in a row",
                ),
                -82_000,
                "retention",
            ),
            Alert(
                "low",
                words(
                    lang,
                    "到访率 74.0%，环比 -1.7pp，主要来自抖音渠道而且这一行长到放不下所以会被缩短成省略号",
                    "Show-up rate 74.0%, -1.7 pts MoM, mostly Douyin leads, a line too long to stand whole",
                ),
                None,
                "hostile",
            ),
            Alert("low", words(lang, "没有证据页的提醒", "An alert without a page"), 12_000),
        ),
        note=words(lang, "按影响金额排序", "by impact"),
    )
    bands = (
        (Placed(cards(lang), 0, 12),),
        (Placed(trend, 0, 5), Placed(bridge, 7, 12)),
        (Placed(campuses(lang), 0, 5), Placed(alerts, 7, 12)),
        (
            Placed(
                Note(
                    (
                        (
                            Run(
                                words(
                                    lang,
                                    "注：达成 ≥100% 标 ●，95%–100% 标 ◆，<95% 标 ▼。",
                                    "Note: attainment ≥100% ●, 95–100% ◆, <95% ▼.",
                                )
                            ),
                        ),
                    )
                ),
                0,
                12,
            ),
        ),
    )
    return page(
        lang,
        "overview",
        words(lang, "月度经营总览 · 2026年10月", "Monthly Business Overview · October 2026"),
        (*HALF, 16, *HALF),
        bands,
    )


def money_columns(lang: Language) -> tuple[TableColumn, ...]:
    return (
        TableColumn("target", words(lang, "目标", "Target"), "money", total="sum", quiet=True),
        TableColumn("actual", words(lang, "实际", "Actual"), "money", total="sum", strong=True),
        TableColumn(
            "attainment",
            words(lang, "达成率", "Attainment"),
            "percent",
            formula='IF(N({target})<=0,"",{actual}/{target})',
            total="formula",
            bar=1.0,
            bar_line=True,
        ),
        TableColumn(
            "gap",
            words(lang, "差额", "Gap"),
            "money",
            formula='IF(N({target})<=0,"",{actual}-{target})',
            total="formula",
            signed=True,
        ),
    )


def campuses(lang: Language) -> Table:
    rows = [
        (words(lang, "滨江", "Binjiang"), 1_500_000, 1_538_000),
        (words(lang, "城西", "Chengxi"), 1_352_000, 1_184_000),
        (words(lang, "高新", "Gaoxin"), 1_250_000, 1_142_000),
    ]
    return Table(
        "campus",
        words(lang, "校区达成", "Attainment by campus"),
        (
            TableColumn("name", words(lang, "校区", "Campus"), strong=True),
            *money_columns(lang),
            TableColumn("mom", words(lang, "环比", "MoM"), "percent", signed=True, total="value"),
        ),
        tuple(
            (name, goal, actual, actual / goal, actual - goal, 0.01 * index - 0.02)
            for index, (name, goal, actual) in enumerate(rows)
        ),
        (words(lang, "合计", "Total"), 4_102_000, 3_864_000, 3_864 / 4_102, -238_000, -0.031),
        note=words(lang, "达成率条满格（右侧竖线）= 100% 目标", "Full bar (line at right) = 100% of target"),
    )


def reps() -> list[tuple[str, str, str, float | None, float]]:
    """Campus, team, name, target, actual: forty, every ninth without a target, one with negative sales."""
    rows = []
    for index in range(40):
        name = ("陈静", "李晓雯", "欧阳娜娜", "Alexandra von Hohenstein", "王浩")[
            index % 5
        ] + f" {index + 1:02d}"
        goal = None if index % 9 == 8 else 300_000.0 + 11_000 * (index % 7)
        actual = -5_300.5 if index == 13 else 260_000.0 + 9_700 * ((index * 7) % 13)
        rows.append((("滨江", "城西", "高新")[index % 3], ("一组", "二组")[index % 2], name, goal, actual))
    return rows


def attainment(lang: Language) -> Page:
    people = reps()
    gaps = [(name, None if goal is None else actual - goal) for *_, name, goal, actual in people]
    ranked = charts.ranked(
        "rep_gap",
        label=words(lang, "顾问差额排名", "Gap by rep"),
        note=words(lang, "实际 - 目标", "actual - target"),
        finding=words(lang, "缺口集中在 3 人", "Three reps carry the gap"),
        items=gaps,
        lang=lang,
    )
    landing = charts.progress(
        "landing",
        label=words(lang, "Q4 进度与落地预测", "Q4 progress and landing"),
        note=words(
            lang,
            "% = 占 Q4 目标 · 深 = 已完成，灰 = 预测，浅橙 = 缺口",
            "% of Q4 target · dark = done, grey = forecast, orange = gap",
        ),
        finding=words(
            lang,
            "按 10 月日均推算，城西落地 88.5% 最低",
            "At the pace of October, Chengxi lands lowest at 88.5%",
        ),
        items=[
            (words(lang, "滨江", "Binjiang"), 0.326, 1.036, 172_000.0),
            (words(lang, "城西", "Chengxi"), 0.278, 0.885, -489_000.0),
            (words(lang, "高新", "Gaoxin"), 0.291, 0.923, -301_000.0),
            (words(lang, "合计", "Total"), 0.3, 0.952, -618_000.0),
        ],
        lang=lang,
    )
    quarter = (
        TableColumn(
            "q_target", words(lang, "Q4目标", "Q4 target"), "money", total="sum", quiet=True, rule_left=True
        ),
        TableColumn(
            "q_share",
            words(lang, "Q4进度", "Q4 done"),
            "percent",
            formula='IF(N({q_target})<=0,"",{actual}/{q_target})',
            total="formula",
        ),
        TableColumn("lag", words(lang, "进度差", "Lag"), "points", signed=True, total="value"),
        TableColumn("daily", words(lang, "日均需", "Daily need"), "money", total="sum"),
        TableColumn("landing", words(lang, "预测", "Landing"), "money", total="sum"),
        TableColumn("share", words(lang, "预测达成", "Landing %"), "percent", total="value"),
        TableColumn("aov", words(lang, "客单价", "Avg. order"), "money"),
        TableColumn("status", words(lang, "状态", "Status"), align="center"),
    )
    heads = (
        TableColumn("campus", words(lang, "校区", "Campus")),
        TableColumn("team", words(lang, "团队", "Team")),
        TableColumn("rep", words(lang, "顾问", "Rep"), strong=True),
    )
    rows = []
    for campus, team, name, goal, actual in people:
        share = None if goal is None else actual / goal
        status = (
            Cell("")
            if share is None
            else Cell(words(lang, "达标", "Met"), "good", "●")
            if share >= 1
            else Cell(words(lang, "落后", "Missed"), "bad", "▼")
        )
        q_goal = None if goal is None else goal * 3
        rows.append(
            (
                campus,
                team,
                name,
                goal,
                actual,
                share,
                None if goal is None else actual - goal,
                q_goal,
                None if q_goal is None else actual / q_goal,
                None if q_goal is None else actual / q_goal - 0.315,
                None if q_goal is None else (q_goal - actual) / 61,
                actual * 3.1,
                None if q_goal is None else actual * 3.1 / q_goal,
                None if actual < 0 else 5355.0,
                status,
            )
        )
    goal = sum(row[3] or 0 for row in rows)
    actual = sum(row[4] for row in rows)
    total = (
        words(lang, "合计", "Total"),
        "",
        "",
        goal,
        actual,
        actual / goal,
        actual - goal,
        goal * 3,
        actual / goal / 3,
        -0.015,
        sum(row[10] or 0 for row in rows),
        actual * 3.1,
        actual * 3.1 / goal / 3,
        None,
        None,
    )
    table = Table(
        "reps",
        words(lang, "顾问明细", "Reps"),
        (*heads, *money_columns(lang), *quarter),
        tuple(rows),
        total,
        note=words(lang, "可筛选、可排序；合计随筛选变化", "filter and sort; totals follow the filter"),
        filter=True,
        dense=True,
    )
    empty = Table(
        "teams",
        words(lang, "团队", "Teams"),
        (*heads, *money_columns(lang), *quarter),
        (),
        total,
        empty=words(lang, "没有团队数据。", "There are no teams."),
    )
    callout = Note(
        (
            sentence(
                words(
                    lang,
                    "31.6%（299 / n=947），95% 区间 28.7%–34.6%；差 {gap}，折合 {cost}",
                    "31.6% (299 / n=947), 95% interval 28.7%–34.6%; {gap}, worth {cost}",
                ),
                gap=Run(words(lang, "-4.2 个百分点", "-4.2 pts"), "bad"),
                cost=Run(words(lang, "-21.3万", "-¥213k"), "bad"),
            ),
            (
                Run(
                    words(
                        lang,
                        "证据强度：接近但未达 95% 显著，先查原因再定性。" * 4,
                        "Evidence: near but short of 95% significance, so look for a cause before a verdict. "
                        * 3,
                    )
                ),
            ),
        ),
        callout=True,
        label=words(lang, "▼ 瓶颈  试听 → 报名", "▼ Bottleneck  trial → enrolment"),
        tone="bad",
    )
    bands = (
        (Placed(callout, 0, 14),),
        (Placed(ranked, 0, 6), Placed(landing, 8, 14)),
        (Placed(empty, 0, 14),),
        (Placed(table, 0, 14),),
    )
    return page(
        lang,
        "attainment",
        words(lang, "达成 · 2026年10月与第四季度", "Attainment · October 2026 and Q4"),
        TWELVE,
        bands,
    )


def cohorts(lang: Language) -> Table:
    curve = (0.93, 0.86, 0.79, 0.74, 0.70, 0.67, 0.64, 0.62, 0.60, 0.585, 0.57, 0.56)
    rows = []
    for index in range(12):
        seen = 12 - index
        cells = [
            Cell(value - 0.06, mark="▼", bold=True)
            if index == 9 and k < 2
            else Cell(value, immature=True)
            if k == seen - 1
            else value
            if k < seen
            else None
            for k, value in enumerate(curve)
        ]
        rows.append((f"{2025 + (index + 9) // 12}-{(index + 9) % 12 + 1:02d}", 200 + 13 * index, *cells))
    return Table(
        "cohorts",
        words(lang, "批次留存", "Cohort retention"),
        (
            TableColumn("cohort", words(lang, "批次", "Cohort"), "month", strong=True),
            TableColumn("n", words(lang, "人数", "Customers"), "count", quiet=True),
            *(TableColumn(f"m{k}", f"M{k}", "percent", heat="block") for k in range(1, 13)),
        ),
        tuple(rows),
        note=words(
            lang,
            "灰底斜体 = 宽限期未满，仍会变化 · 空白 = 尚未到期",
            "grey italics = not final yet · blank = not due yet",
        ),
        dense=True,
        heat_range=(0.54, 0.95),
    )


def retention(lang: Language) -> Page:
    bins = [
        (name, count)
        for name, count in zip(
            ("提前", "1", "16", "31", "46", "61", "76", "91", "106", ">120"),
            (38, 29, 31, 34, 41, 33, 19, 16, 12, 19),
            strict=True,
        )
    ]
    gaps = charts.histogram(
        "gaps",
        label=words(lang, "复购间隔", "Days between purchases"),
        note=words(lang, "15 天一档", "bins of 15 days"),
        finding=words(lang, "第 46–60 天最集中", "Most return after 46–60 days"),
        bins=bins,
        lang=lang,
    )
    reasons = [
        ("排课冲突", 29),
        ("效果未达预期", 22),
        ("老师更换", 17),
        ("搬家 / 转学", 14),
        ("价格", 11),
        ("无续课需求", 8),
        ("其他", 6),
    ]
    if lang == "en":
        reasons = [
            ("Timetable clash", 29),
            ("Fell short of expectations", 22),
            ("Teacher left", 17),
            ("Moved away", 14),
            ("Price", 11),
            ("No need", 8),
            ("Other", 6),
        ]
    why = charts.bars(
        "why",
        label=words(lang, "流失原因", "Reasons to leave"),
        note=words(lang, "人数 · 累计占比", "customers · running share"),
        finding=words(lang, "前 3 项占 64%，排课冲突居首", "Three reasons make up 64%"),
        items=reasons,
        lang=lang,
        cumulative=True,
    )
    rates = Table(
        "channels",
        words(lang, "渠道 × 阶段 · 步转化率", "Channel × stage"),
        (
            TableColumn("channel", words(lang, "渠道", "Channel"), strong=True),
            TableColumn(
                "leads", words(lang, "线索", "Leads"), "count", total="sum", bar=1200, bar_tone="context"
            ),
            *(
                TableColumn(
                    f"s{k}", words(lang, f"第{k}步", f"Step {k}"), "percent", heat="column", total="value"
                )
                for k in range(1, 6)
            ),
        ),
        tuple(
            (name, 300 + 97 * i, *(0.9 - 0.1 * k + 0.013 * ((i * 5 + k * 3) % 7) for k in range(5)))
            for i, name in enumerate(("转介绍", "抖音", "小红书", "地推", "大众点评"))
        ),
        (words(lang, "合计", "Total"), 2470, 0.9, 0.8, 0.7, 0.6, 0.5),
        note=words(lang, "色深 = 列内较高", "darker = higher in its column"),
    )
    counts = Table(
        "counts",
        words(lang, "渠道 × 阶段 · 人数", "Channel × stage, people"),
        (
            TableColumn("channel", words(lang, "渠道", "Channel"), strong=True),
            *(
                TableColumn(f"s{k}", words(lang, f"第{k}步", f"Step {k}"), "count", total="sum")
                for k in range(6)
            ),
        ),
        tuple(
            (name, *(400 - 50 * k + i * 7 for k in range(6)))
            for i, name in enumerate(("转介绍", "抖音", "小红书"))
        ),
        (words(lang, "合计", "Total"), *(1200 - 150 * k + 21 for k in range(6))),
    )
    people = [
        (name, 60 + 3 * i, 0.2 + 0.016 * i, 0.12 + 0.015 * i, 0.31 + 0.0155 * i)
        for i, (*_, name, _, _) in enumerate(reps()[:13])
    ]
    people[0] = (people[0][0], 71, 0.197, 0.12, 0.305)
    interval = charts.intervals(
        "rates",
        label=words(lang, "顾问试听转报名率", "Trial conversion by rep"),
        note=words(lang, "点 = 转化率，线 = 95% 区间（Wilson）", "dot = rate, line = 95% interval (Wilson)"),
        finding=words(
            lang, "仅一人的区间整体低于总体", "Only one interval lies wholly below the overall rate"
        ),
        items=people,
        overall=0.316,
        lang=lang,
    )
    columns = (88, 72, *(92,) * 5, 92, *(92,) * 6)
    bands = (
        (Placed(cards(lang), 0, 13),),
        (Placed(cohorts(lang), 0, 13),),
        (Placed(gaps, 0, 5), Placed(why, 7, 13)),
        (Placed(rates, 0, 6), Placed(counts, 0, 6), Placed(interval, 8, 13)),
    )
    return page(
        lang,
        "retention",
        words(lang, "留存 · 截至 2026年10月", "Retention · to October 2026"),
        columns,
        bands,
    )


def hostile(lang: Language) -> Page:
    long = words(
        lang,
        "一个非常长的客户名称，长到三行也放不下，所以要在不改变原始数据的前提下缩短显示" * 3,
        "a very long customer name that does not fit even on three lines of its cell " * 3,
    )
    rows = tuple(
        (text, text, float(index), Cell(text, link="overview"), Cell(text, mark="▼"))
        for index, text in enumerate((*HOSTILE, long))
    )
    table = Table(
        "hostile",
        words(lang, "文本就是文本", "Text is text"),
        (
            TableColumn("a", "=A1", strong=True),
            TableColumn("b", "=a1"),
            TableColumn("n", "n", "number"),
            TableColumn("l", "+link"),
            TableColumn("w", "@wrap", wrap=True),
        ),
        rows,
        filter=True,
    )
    form = Form(
        "settings",
        words(lang, "设置", "Settings"),
        (
            Field("period", words(lang, "月份", "Month"), "2026-10"),
            Field("basis", words(lang, "口径", "Basis"), "signed", ("signed", "net", "cash")),
            Field("n", "n", 3),
        ),
    )
    chart = charts.bars(
        "bad_names",
        label="=A1",
        finding="=A1",
        items=[(text, 10.0 + i) for i, text in enumerate(HOSTILE)],
        lang=lang,
    )
    names_chart = charts.intervals(
        "bad_intervals",
        label="x",
        finding="Hi!A1 + 2",
        items=[(text, 50, 0.3, 0.2, 0.4) for text in HOSTILE],
        overall=0.3,
        lang=lang,
    )
    bands = (
        (Placed(table, 0, 4),),
        (Placed(form, 0, 1), Placed(chart, 3, 4)),
        (Placed(names_chart, 0, 3),),
    )
    return page(
        lang,
        "hostile",
        words(lang, "敌意文本", "Hostile text"),
        (220, 220, 160, 264, 400),
        bands,
        headline=(Run("=HYPERLINK(1)"),),
        as_of="=1+1",
    )


def bare(lang: Language) -> Page:
    note = words(
        lang,
        "缺少线索表；补上后这里会显示漏斗。",
        "There are no leads; with them this page shows the funnel.",
    )
    nothing = charts.bridge(
        "no_bridge",
        label=words(lang, "差异桥", "Bridge"),
        finding="",
        start=("a", 0.0),
        steps=(),
        end=("b", 5.0),
        lang=lang,
        empty=note,
    )
    first = charts.trend(
        "first",
        label=words(lang, "首月", "First month"),
        finding=words(lang, "首月 1,234元", "First month"),
        months=["26-10"],
        values=[1234.0],
        lang=lang,
    )
    losses = charts.trend(
        "losses",
        label=words(lang, "负销售额", "Negative sales"),
        finding=words(lang, "8 月退费超过收款", "Refunds exceeded receipts in August"),
        months=["07", "08", "09", "10"],
        values=[120_000.0, -45_000.0, None, 3_000.0],
        targets=[100_000.0, None, 90_000.0, None],
        target_label="T",
        lang=lang,
    )
    crossing = charts.bridge(
        "crossing",
        label=words(lang, "跨零", "Across zero"),
        finding="x",
        start=("a", 30_000.0),
        steps=[("b", -50_000.0), ("c", -5_000.0), ("d", 40_000.0)],
        end=("e", 15_000.0),
        lang=lang,
    )
    card = Kpis(
        (
            Card("none", words(lang, "无数据", "Nothing"), None, "money"),
            Card(
                "loss",
                words(lang, "亏损", "Loss"),
                -5_300.0,
                "money",
                20_000.0,
                status="missed",
                previous=-100.0,
                year_ago=0.0,
            ),
        )
    )
    bands = (
        (Placed(Note(((Run(note),),), callout=True), 0, 12),),
        (Placed(card, 0, 12),),
        (
            Placed(nothing, 0, 5),
            Placed(
                Alerts(
                    words(lang, "需要关注", "Needs attention"),
                    (),
                    empty=words(lang, "没有需要关注的事项。", "Nothing needs attention."),
                ),
                7,
                12,
            ),
        ),
        (Placed(first, 0, 5), Placed(losses, 7, 12)),
        (Placed(crossing, 0, 5),),
    )
    return page(
        lang,
        "bare",
        words(lang, "空白页", "Bare page"),
        (*HALF, 16, *HALF),
        bands,
        headline=(),
        second=(),
        as_of="",
    )
