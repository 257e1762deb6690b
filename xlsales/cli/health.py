"""What ``doctor`` prints: a line for each fix, the findings with the worst first, and a sum."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from xlsales.cli.result import plain
from xlsales.excel.doctor.finding import LEVELS
from xlsales.excel.doctor.fixes import FIXES
from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.mending import Mended
    from xlsales.language import Language

MARKS = {"problem": "✗", "warning": "!", "ok": "✓"}


def parts(
    findings: Sequence[Finding], mended: Sequence[Mended], command: str, lang: Language
) -> Iterator[Table | str]:
    """What to print, in order. ``command`` is what mends what can be mended."""
    for one in mended:
        yield plain(one.sentence(lang))
    yield _table(sorted(findings, key=lambda finding: LEVELS.index(finding.level)), lang)
    levels = [finding.level for finding in findings]
    fine = levels.count("ok")
    if fine == len(levels):
        yield text(lang, "doctor.summary_fine", fine=fine)
        return
    yield text(
        lang,
        "doctor.summary",
        problems=levels.count("problem"),
        warnings=levels.count("warning"),
        fine=fine,
    )
    if not mended and any(finding.key in FIXES for finding in findings):
        yield text(lang, "doctor.mendable", command=command)


def as_json(findings: Sequence[Finding], mended: Sequence[Mended], lang: Language) -> str:
    """The same for programs."""
    said = {
        "findings": [
            {
                "key": finding.key,
                "level": finding.level,
                "title": finding.title(lang),
                "what": finding.what(lang),
                "remedy": finding.remedy(lang),
                "facts": dict(finding.facts),
            }
            for finding in findings
        ],
        "mended": [
            {"key": one.finding.key, "done": one.error is None, "what": one.sentence(lang)} for one in mended
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _table(findings: Sequence[Finding], lang: Language) -> Table:
    """What was found and, below it, what to do: side by side leaves no room for a path in one line."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    for name in ("level", "title", "what"):
        table.add_column(text(lang, f"doctor.columns.{name}"), overflow="fold", no_wrap=name != "what")
    for finding in findings:
        remedy = f"\n→ {plain(finding.remedy(lang))}\n" if finding.level != "ok" else ""
        table.add_row(
            f"{MARKS[finding.level]} {text(lang, f'doctor.{finding.level}')}",
            finding.title(lang),
            plain(finding.what(lang)) + remedy,
        )
    return table
