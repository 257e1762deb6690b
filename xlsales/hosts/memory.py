"""What a workbook remembers: read from it, brought up to date by a refresh, and told as rows to be written.

It lies on one very hidden sheet of ours. What stands on the sheets that the user fills comes over it.
"""

from __future__ import annotations

import re
from dataclasses import astuple, replace
from datetime import datetime
from typing import TYPE_CHECKING

from xlsales.memory import NOTHING, Loaded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from xlsales.analysis import Analysis, Understood
    from xlsales.memory import Memory
    from xlsales.package.book import Book, Sheet
    from xlsales.package.inputs import Inputs
    from xlsales.report.blocks import Report
    from xlsales.report.pages._context import Computed

SHEET = "memory"
"""The key in the mark of the sheet."""
NAME = "xlsales memory"
"""What it is called; nobody sees it."""

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


def read_memory(workbook: bytes) -> Memory:
    """What an .xlsx or .xlsm file remembers; nothing where no refresh has written into it.

    For a row that stands on a sheet of ours, what the user has entered there counts, and a blank takes back
    what was remembered; the rest is as it was remembered. WorkbookError for what is no workbook.
    """
    from xlsales.hosts import records
    from xlsales.package.book import open_book
    from xlsales.package.inputs import inputs
    from xlsales.package.names import owned_sheets

    book = open_book(workbook)
    ours = owned_sheets(book)
    memory = records.memory(_rows(book, ours[SHEET])) if SHEET in ours else NOTHING
    for page, take_in in ENTRIES.items():
        if page in ours and (said := inputs(book, ours[page])):
            memory = take_in(memory, said)
    return memory


def memory_of(books: Sequence[Path]) -> Memory:
    """What the input is understood with where nothing is written: the memory of the one workbook given.

    That of any other input lies in the workbook that a refresh of it has written beside it.
    """
    from xlsales.hosts.file import beside
    from xlsales.hosts.reading import GRAFTED

    own = len(books) == 1 and books[0].suffix.lower() in GRAFTED
    place = books[0] if own else beside(books[0])
    return read_memory(place.read_bytes()) if place.is_file() else NOTHING


def rows(memory: Memory) -> list[tuple[str, ...]]:
    """The rows of the hidden sheet, the first of which says what it is; none where nothing is remembered."""
    from xlsales.hosts import records

    said = records.rows(memory)
    title = (records.TITLE, "What this workbook remembers. xlsales writes this sheet.")
    return [title, *said] if said else []


def logged(memory: Memory, found: Understood, now: datetime | None = None) -> Memory:
    """The memory with a line for every sheet that says something else than when it was last read."""
    last = {line.place: line.digest for line in memory.log}
    time = now or clock()
    lines = [line for line in _lines(found, time) if last.get(line.place) != line.digest]
    return replace(memory, log=(*memory.log, *lines)) if lines else memory


def asked(memory: Memory, analysis: Analysis, report: Report) -> Memory:
    """The memory with the cases that the report asks about, where it has the page that does."""
    from xlsales.report.pages.review import REVIEW, listed

    if all(page.key != REVIEW for page in report.pages):
        return memory
    return replace(memory, cases=listed(analysis.cleaned))


def scored(
    memory: Memory, analysis: Analysis, report: Report, computed: Computed, now: datetime | None = None
) -> Memory:
    """The memory with the scores that the report shows; ``computed`` is what it was computed from."""
    from xlsales.report.pages import with_scores

    if all(page.key != "quality" for page in report.pages):
        return memory
    return with_scores(memory, analysis.survey, analysis.cleaned, analysis.scope, computed, now or clock())


def clock() -> datetime:
    """The time of day where the user is."""
    return datetime.now().astimezone().replace(microsecond=0)


def _lines(found: Understood, time: datetime) -> list[Loaded]:
    issues, changes = found.cleaned.issues, found.cleaned.changes
    gone = issues[issues["action"] == "excluded"]
    gone = gone.assign(row=gone["cell"].str.extract(r"([0-9]+)$", expand=False))
    place = ["source", "sheet", "table"]
    rejected = gone.drop_duplicates([*place, "row"]).groupby(place).size().to_dict()
    changed = changes.groupby(place)["times"].sum().to_dict()
    lines = []
    for raw in found.survey.tables:
        key = (raw.source, raw.sheet, raw.table.key)
        rows = len(raw.frame) + len(raw.skipped)
        lines.append(
            Loaded(time, *key, rows, int(changed.get(key, 0)), int(rejected.get(key, 0)), raw.digest)
        )
    return lines


def _rows(book: Book, sheet: Sheet) -> list[list[str]]:
    from xlsales.package.cells import contents

    found: dict[int, list[str]] = {}
    for address, content in contents(book, sheet.part).items() if sheet.part else ():
        if place := _ADDRESS.fullmatch(address):
            cells = found.setdefault(int(place[2]), [""])
            if place[1] == "A":
                cells[0] = content.value
            else:
                cells.append(content.value)
    return [found[row] for row in sorted(found)]


def _confirm(memory: Memory, said: Inputs) -> Memory:
    from xlsales.tables.confirmed import confirmed_of

    return replace(memory, confirmed=confirmed_of(said.get("mapping", {}), memory.confirmed))


def _decide(memory: Memory, said: Inputs) -> Memory:
    from xlsales.clean.review.decisions import decisions_of

    rows = {case: entries for table in said.values() for case, entries in table.items()}
    decisions = decisions_of(rows, memory.cases, memory.decisions)
    return replace(memory, decisions=tuple(sorted(decisions, key=astuple)))


ENTRIES: Mapping[str, Callable[[Memory, Inputs], Memory]] = {"mapping": _confirm, "review": _decide}
"""Pages that the user fills, and how what stands in their tables becomes memory."""
