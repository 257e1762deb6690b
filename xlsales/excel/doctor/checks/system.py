"""The system below: folders that can be written, room on the disk, and the code page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.finding import fine, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine

ROOM = 1_000_000_000
"""Bytes that should be free: kept copies of workbooks may take as much."""


def folders(machine: Machine) -> Iterator[Finding]:
    """Copies, the cache, logs and what Excel writes while a button runs."""
    good = True
    for folder in machine.folders:
        if not folder.writable:
            good = False
            yield problem("folders.closed", path=folder.path)
        elif folder.free < ROOM:
            good = False
            free = f"{folder.free / 1e6:,.0f}"
            yield warning("folders.full", path=folder.path, free=free)
    if good and machine.folders:
        yield fine("folders.fine", free=f"{min(one.free for one in machine.folders) / 1e9:,.0f}")


def code_page(machine: Machine) -> Iterator[Finding]:
    """Told because it decides which letters a path may have; our VBA is the same in every one."""
    if machine.code_page:
        yield fine("code_page.fine", code_page=machine.code_page)
