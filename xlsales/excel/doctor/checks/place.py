"""Where the workbook lies: in the cloud, where its path is a web address, or in a place that is swept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor import conf
from xlsales.excel.doctor.finding import fine, problem, warning
from xlsales.excel.doctor.paths import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine

ADD = "ADD_WORKBOOK_TO_PYTHONPATH"


def cloud(machine: Machine) -> Iterator[Finding]:
    """A web address fails only where xlwings looks for code beside the workbook, and ours is not there."""
    book = machine.book
    if book is None:
        return
    if book.cloud is None:
        yield fine("cloud.none", book=book.path)
    elif not book.modules or conf.setting(machine, ADD).lower() == "false":
        yield fine("cloud.fine", book=book.path, cloud=book.cloud)
    else:
        yield problem("cloud.path", book=book.path, cloud=book.cloud, setting=ADD)


def temporary(machine: Machine) -> Iterator[Finding]:
    """An attachment opened from the mail program lies in a folder that is emptied."""
    book = machine.book
    if book is None:
        return
    folders = [machine.environ.get(name, "") for name in ("TEMP", "TMP", "TMPDIR")]
    mail = any(part.lower() in ("content.outlook", "inetcache") for part in book.path.parts)
    if mail or any(inside(book.path, folder) for folder in folders):
        yield warning("temporary.found", book=book.path)
