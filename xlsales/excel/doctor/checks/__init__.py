"""The checks: each takes a machine and yields findings.

They stand in the order in which one thing needs another, and that is the order of the findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.checks import (
    addin,
    excel,
    fonts,
    mac,
    place,
    python,
    settings,
    system,
    trust,
    xlwings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine
    from xlsales.language import Language

CHECKS: tuple[Callable[[Machine], Iterator[Finding]], ...] = (
    python.installation,
    python.environment,
    python.letters,
    excel.program,
    excel.bits,
    xlwings.package,
    xlwings.pywin32,
    xlwings.library,
    xlwings.vanished,
    settings.interpreter,
    settings.conda,
    settings.sheet,
    mac.script,
    trust.macros,
    trust.mark,
    xlwings.embedded,
    place.cloud,
    place.temporary,
    addin.installed,
    system.folders,
    system.code_page,
)


def findings(machine: Machine, lang: Language | None = None) -> tuple[Finding, ...]:
    """What every check has to say, in order."""
    found = [finding for check in CHECKS for finding in check(machine)]
    return (*found, *fonts.fonts(machine, lang))
