"""Whether Excel lets macros run: its settings, the company's policies, the mark on a file from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.finding import fine, problem, warning
from xlsales.excel.doctor.machine import INTERNET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine

ALL, ASK, SIGNED, NONE = 1, 2, 3, 4
"""VBAWarnings. Without the value Excel asks."""


def macros(machine: Machine) -> Iterator[Finding]:
    """Excel's macro setting. A policy of the company overrides the user's own choice."""
    if machine.system != "win32" or machine.excel is None:
        return
    chosen, by = machine.trust.macros, "_by_policy" if machine.trust.by_policy else ""
    if chosen == NONE:
        yield problem(f"macros.none{by}")
    elif chosen == SIGNED:
        yield problem(f"macros.signed{by}")
    elif chosen == ALL:
        yield warning(f"macros.all{by}")
    else:
        yield fine("macros.fine")


def mark(machine: Machine) -> Iterator[Finding]:
    """Macros that came by mail or download: Excel blocks them and offers no button to allow it."""
    book = machine.book
    if machine.system != "win32" or book is None or not book.modules:
        return
    if (book.zone or 0) < INTERNET:
        yield fine("mark.none", book=book.path.name)
    elif machine.trust.internet is False:
        yield fine("mark.allowed", book=book.path.name)
    else:
        yield problem("mark.blocked", book=book.path)
