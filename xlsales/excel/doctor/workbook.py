"""What a workbook or add-in carries that matters to buttons, read from the file and never run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.excel.doctor import conf
from xlsales.excel.doctor.machine import Book, Conf
from xlsales.language import LANGUAGES, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import PurePath

    from xlsales.language import Language
    from xlsales.package.opc import Package

_VERSION = re.compile(r'XLWINGS_VERSION\s+As\s+String\s*=\s*"([^"]+)"', re.IGNORECASE)


def read(path: Path, clouds: Iterable[str] = ()) -> tuple[Book, Conf | None]:
    """The workbook at ``path`` and its settings sheet. ``clouds`` are the folders that OneDrive keeps.

    Raises ``WorkbookError`` for a file that is no workbook, or whose VBA project is damaged.
    """
    from xlsales.excel.doctor.paths import inside
    from xlsales.package.book import open_book

    data = path.read_bytes()
    book = open_book(data)
    project = book.linked("vbaProject")
    vba = _modules(book.package.read(project), project) if project else {}
    names = tuple(sheet.name for sheet in book.sheets)
    full = path.absolute()
    found = Book(
        path=full,
        modules=vba,
        sheets=names,
        zone=zone(path),
        cloud=next((Path(root) for root in clouds if inside(full, root)), None),
        xlwings=xlwings_version(vba),
        ribbon=_ribbon(book.package),
    )
    sheet = next((name for name in names if name.lower() == conf.SHEET), None)
    return found, Conf("sheet", sheet, *conf.from_rows(_rows(data, sheet))) if sheet else None


def xlwings_version(modules: Mapping[str, str]) -> str | None:
    """The version that xlwings' own code states; None where none of the modules is xlwings' code."""
    found = (_VERSION.search(code) for code in modules.values())
    return next((match[1] for match in found if match), None)


def zone_stream(path: PurePath) -> str:
    """Where Windows keeps the mark of a file that came from elsewhere: a second stream of the file."""
    return f"{path}:Zone.Identifier"


def zone(path: PurePath) -> int | None:
    """The zone that a file is marked with: 3 is the internet. None without a mark, and off Windows."""
    try:
        mark = Path(zone_stream(path)).read_text("utf-8", errors="replace")
    except (OSError, ValueError):
        return None
    found = re.search(r"^ZoneId\s*=\s*(\d+)", mark, re.MULTILINE)
    return int(found[1]) if found else None


def _ribbon(package: Package) -> Language | None:
    from xlsales.excel.ribbon.markup import TAB

    labels = {text(lang, "ribbon.tab"): lang for lang in LANGUAGES}
    for link in package.relationships(""):
        if link.kind == "extensibility" and link.target is not None and link.target in package:
            for tab in package.tree(link.target).iter("{*}tab"):
                if tab.get("id") == TAB:
                    return labels.get(tab.get("label", ""))
    return None


def _modules(project: bytes, part: str) -> dict[str, str]:
    from xlsales.excel.vba.reading import modules

    try:
        return modules(project)
    except ValueError:
        raise WorkbookError("workbook_damaged", part=part) from None


def _rows(data: bytes, sheet: str) -> list[tuple[str, str]]:
    """The first two columns of a sheet as text, from row 1 on."""
    import logging

    import fastexcel

    logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of every blank column
    table = fastexcel.read_excel(data).load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    columns = [column.to_pylist() for column in table.to_arrow().columns[:2]]
    keys, values = [*columns, [], []][:2]
    return [
        ((key or "").strip(), (values[place] or "").strip() if values else "")
        for place, key in enumerate(keys)
    ]
