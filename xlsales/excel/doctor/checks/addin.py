"""The add-in that brings the ribbon into every workbook; a workbook of `xlsales new` needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.finding import fine, problem
from xlsales.excel.doctor.machine import INTERNET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine


def installed(machine: Machine) -> Iterator[Finding]:
    """Installed, of the version of xlwings that is installed, and not marked as coming from elsewhere."""
    addin, version = machine.addin, machine.packages.get("xlwings")
    if not machine.can_have_excel or version is None:
        return
    if addin is None:
        yield fine("addin.absent")
    elif (addin.zone or 0) >= INTERNET:
        yield problem("addin.marked", path=addin.path)
    elif addin.xlwings != version:
        yield problem("addin.stale", path=addin.path, inside=addin.xlwings or "?", installed=version)
    else:
        yield fine("addin.fine", path=addin.path, version=version)
