"""What stands between this machine and working buttons.

``looking`` gathers the facts once, as a ``Machine``; every check in ``checks`` is a pure function of it that
yields findings; ``fixes`` mend what needs no administrator, and never touch how Excel is secured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.finding import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.language import Language

__all__ = ["Finding", "examine"]


def examine(lang: Language | None = None, book: Path | None = None) -> tuple[Finding, ...]:
    """Every finding about this machine and, where one is given, this workbook; what is fine included.

    ``lang`` is the language that the sheets are to be in, for their fonts; without it both. Nothing is
    changed.
    Raises ``WorkbookError`` when ``book`` is no workbook that can be opened.
    """
    from xlsales.excel.doctor.checks import findings
    from xlsales.excel.doctor.looking import look

    return findings(look(book), lang)
