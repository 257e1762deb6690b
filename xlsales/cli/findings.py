"""What ``check`` prints: what each sheet was read as, the findings by rule, and whether totals tie out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.cli.result import plain
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from rich.table import Table

    from xlsales.analysis import Analysis
    from xlsales.language import Language
    from xlsales.tables.spec import Match, RawTable

SEVERITIES = ("high", "medium", "low")
SHOWN_CELLS = 3


def clean(analysis: Analysis) -> bool:
    """Whether there is nothing to look at: no finding, and every total ties out."""
    return analysis.cleaned.open_issues.empty and all(one.ties for one in analysis.cleaned.reconciliations)


def parts(analysis: Analysis, lang: Language) -> Iterator[Table | str]:
    """What to print, in order."""
    yield _sheets(analysis, lang)
    issues = analysis.cleaned.issues
    yield text(lang, "cli.check.clean") if issues.empty else _issues(issues, lang)
    for one in analysis.cleaned.reconciliations:
        yield one.sentence(lang)
    yield from _reconciled(analysis, lang)


def _reconciled(analysis: Analysis, lang: Language) -> Iterator[str]:
    """What orders, payments, invoices and the rest say of each other, a line each."""
    from xlsales.clean.large.compared import compared
    from xlsales.clean.reconciling.catalogue import reconciled

    for key, found in reconciled(compared(analysis.cleaned)).items():
        rows = [row for row in found.totals().to_dict("records") if row["units"]]
        agreeing = sum(row["units"] for row in rows if found.statuses[row["status"]] == "agrees")
        parts = [text(lang, "cli.reconciled.agrees", count=f"{agreeing:,}")]
        parts += [
            text(
                lang,
                "cli.reconciled.part",
                status=text(lang, f"pages.reconcile.{key}.{row['status']}"),
                count=f"{row['units']:,}",
                difference=f"{row['difference']:,.2f}",
            )
            for row in rows
            if found.statuses[row["status"]] != "agrees"
        ]
        first, second = (sum(row[side] for row in rows) for side in found.sides)
        yield text(
            lang,
            "cli.reconciled.line",
            name=text(lang, f"pages.reconcile.{key}.name"),
            units=f"{len(found.units):,}",
            first=text(lang, f"pages.reconcile.{key}.first"),
            one=f"{first:,.2f}",
            second=text(lang, f"pages.reconcile.{key}.second"),
            other=f"{second:,.2f}",
            difference=f"{first - second:,.2f}",
            parts=text(lang, "clean.separator").join(parts),
        )


def _sheets(analysis: Analysis, lang: Language) -> Table:
    table = _table("tables", ("sheet", "table", "header", "rows", "columns", "suggestions"), lang)
    for raw in analysis.survey.tables:
        mapped = [match for match in raw.matches if match.applied]
        rest = [match for match in raw.matches if match not in mapped and match.header.strip()]
        table.add_row(
            plain(f"{raw.source} · {raw.sheet}"),
            raw.table.title(lang),
            " + ".join(map(str, raw.header_rows)),
            f"{len(raw.frame):,}",
            plain(", ".join(_mapped(raw, match, lang) for match in mapped)),
            plain(", ".join(_suggested(raw, match, lang) for match in rest)),
        )
    for ignored in analysis.survey.ignored:
        reason = text(lang, f"pages.ignored.{ignored.reason}")
        table.add_row(plain(f"{ignored.source} · {ignored.sheet}"), "–", "", "", "", reason)
    return table


def _mapped(raw: RawTable, match: Match, lang: Language) -> str:
    title = raw.table.column(match.column or "").title(lang)
    return title if match.header == title else f"{match.header} → {title}"


def _suggested(raw: RawTable, match: Match, lang: Language) -> str:
    if match.how != "suggested" or match.column is None:
        return match.header
    column = raw.table.column(match.column).title(lang)
    return text(lang, "cli.check.perhaps", header=match.header, column=column)


def _issues(issues: pd.DataFrame, lang: Language) -> Table:
    from xlsales.report.formats import say
    from xlsales.tables.specs import table as spec

    table = _table("issues", ("severity", "finding", "table", "done", "count", "amount", "cells"), lang)
    groups = [
        (keys, group) for keys, group in issues.groupby(["severity", "rule", "table", "action"], sort=True)
    ]
    groups.sort(key=lambda item: (SEVERITIES.index(item[0][0]), -len(item[1]), item[0]))
    for (severity, rule, key, action), group in groups:
        table.add_row(
            text(lang, f"formats.severity.{severity}"),
            text(lang, f"issues.{rule}.title"),
            spec(str(key)).title(lang),
            text(lang, f"pages.actions.{action}"),
            f"{len(group):,}",
            say(float(group["amount"].sum()) or None, "money", lang),
            _cells(group, lang),
        )
    return table


def _cells(group: pd.DataFrame, lang: Language) -> str:
    places = [f"{sheet}!{cell}" for sheet, cell in zip(group["sheet"], group["cell"], strict=True)]
    first = plain(", ".join(places[:SHOWN_CELLS]))
    more = len(places) - SHOWN_CELLS
    return text(lang, "cli.check.more", cells=first, more=f"{more:,}") if more > 0 else first


def _table(title: str, names: tuple[str, ...], lang: Language) -> Table:
    from rich.table import Table

    table = Table(title=text(lang, f"cli.check.{title}"), title_justify="left")
    for name in names:
        right = name in ("rows", "count", "amount")
        table.add_column(
            text(lang, f"cli.check.{name}"), justify="right" if right else "left", overflow="fold"
        )
    return table
