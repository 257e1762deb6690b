"""xlwings: the package, its libraries, and its code inside the workbook, all of one version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.doctor.finding import fine, problem, warning
from xlsales.excel.doctor.library import libraries, library_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.excel.doctor.finding import Finding
    from xlsales.excel.doctor.machine import Machine

SHOWN = 5


def package(machine: Machine) -> Iterator[Finding]:
    """Whether xlwings is installed where the buttons run."""
    version = machine.packages.get("xlwings")
    if version:
        yield fine("xlwings.fine", version=version)
    elif machine.can_have_excel:
        yield problem("xlwings.absent", python=machine.python.executable)


def pywin32(machine: Machine) -> Iterator[Finding]:
    """The way from Python to Excel on Windows."""
    if machine.system != "win32":
        return
    version = machine.packages.get("pywin32")
    if version is None:
        yield problem("pywin32.absent", python=machine.python.executable)
    elif machine.pywin32_error:
        yield problem("pywin32.broken", error=machine.pywin32_error, python=machine.python.executable)
    else:
        yield fine("pywin32.fine", version=version)


def library(machine: Machine) -> Iterator[Finding]:
    """The library that Excel loads, looked for as VBA does: beside the interpreter or one folder up."""
    for name, found in libraries(machine).items():
        folder = library_folder(machine)
        if found and found[0].parent in (folder, folder.parent):
            yield fine("dll.fine", name=name, folder=found[0].parent)
        elif found:
            yield problem("dll.elsewhere", name=name, found=found[0].parent, folder=folder)
        else:
            version = machine.packages["xlwings"]
            yield problem(
                "dll.missing", name=name, folder=folder, version=version, python=machine.python.executable
            )


def vanished(machine: Machine) -> Iterator[Finding]:
    """Files that were installed and are gone: most often a virus scanner took them."""
    if machine.gone:
        shown = ", ".join(str(path) for path in machine.gone[:SHOWN])
        yield problem("vanished.found", files=shown, count=len(machine.gone))
    else:
        yield fine("vanished.none")


def embedded(machine: Machine) -> Iterator[Finding]:
    """The code in the workbook asks for a library named after its own version, so both must be the same."""
    book, installed = machine.book, machine.packages.get("xlwings")
    if book is None:
        return
    if not book.modules:
        yield fine("embedded.plain", book=book.path.name)
    elif book.xlwings is None:
        yield warning("embedded.none", book=book.path.name)
    elif installed and book.xlwings != installed:
        yield problem(
            "embedded.differs",
            book=book.path.name,
            inside=book.xlwings,
            installed=installed,
            python=machine.python.executable,
        )
    else:
        yield fine("embedded.fine", book=book.path.name, version=book.xlwings)
