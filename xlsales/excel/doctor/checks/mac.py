"""Excel on a Mac starts Python through a script, which has to lie in a folder of Excel's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.finding import fine, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine


def script(machine: Machine) -> Iterator[Finding]:
    """The script carries xlwings' version in its name, so each new version needs its own."""
    if machine.system != "darwin" or machine.applescript is None:
        return
    path = machine.applescript
    if path in machine.exists:
        yield fine("mac.fine", name=path.name)
    else:
        yield problem("mac.missing", name=path.name, folder=path.parent)
