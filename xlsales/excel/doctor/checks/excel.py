"""The desktop Excel: whether it is there, and which of xlwings' two libraries it will load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.finding import fine, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine


def program(machine: Machine) -> Iterator[Finding]:
    """Office from the Microsoft Store lives in a box in which it cannot start Python."""
    excel = machine.excel
    if not machine.can_have_excel:
        yield fine("excel.elsewhere", system=machine.system)
    elif excel is None:
        yield problem("excel.absent")
    elif "windowsapps" in {part.lower() for part in excel.program.parts}:
        yield problem("excel.store", path=excel.program)
    else:
        yield fine("excel.fine", version=excel.version, path=excel.program)


def bits(machine: Machine) -> Iterator[Finding]:
    """They need not match, since Python runs as a program of its own: Excel's bits name the library."""
    if machine.system != "win32" or machine.excel is None:
        return
    if machine.excel.bits is None:
        yield fine("bits.unknown", python=machine.python.bits)
    else:
        yield fine("bits.fine", excel=machine.excel.bits, python=machine.python.bits)
