"""The file host: gives the workbook's bytes, and puts the sheets back as parts of the same file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.hosts.reading import GRAFTED
from xlsales.language import text
from xlsales.memory import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from xlsales.analysis import Analysis, Understood
    from xlsales.language import Language
    from xlsales.memory import Memory
    from xlsales.metrics._scope import Basis
    from xlsales.report.blocks import Report
    from xlsales.report.cleaned import CleanedSheet
    from xlsales.settings import Settings
    from xlsales.tables.declared import Engine, Source
    from xlsales.tables.mapping import Survey

    Progress = Callable[[str, int, int, int | None], None]
    """Told of each stage: its name, which of how many it is, and how many rows once that is known."""

NO_FIGURES = "_"
"""The name of the sheet of chart figures where it is not to be in the workbook."""
AS_OF_CELL = "B2"
"""Where every page says how far its data reach."""
STAGES = ("read", "clean", "compute", "write")


@dataclass(frozen=True)
class Refreshed:
    """Where the sheets are now, whether the file changed at all, and what they were made from.

    ``kept`` are the sheets that somebody had written on, with the names of the copies that hold it.
    ``former`` are pages that no refresh writes any more; they stay, since formulas may read them, and say so.
    ``names`` are those of the pages and the sheets of clean tables that were written.
    """

    path: Path
    changed: bool
    analysis: Analysis
    report: Report
    kept: Mapping[str, str]
    former: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def check(
    books: Sequence[Path],
    *,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis | None = None,
    filters: Sequence[tuple[str, tuple[str, ...]]] = (),
    sources: Sequence[Source] = (),
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Read, recognise and clean; nothing is written.

    What is None comes from the settings sheet of the one workbook given, else it is the default.
    ``sources`` say where tables live that do not stand in it, and come over what its own sheet says of them.
    """
    from xlsales.hosts.in_engine import answering
    from xlsales.hosts.memory import memory_of
    from xlsales.hosts.reading import understood

    def step(stage: str, rows: int | None = None) -> None:
        if progress:
            progress(stage, STAGES.index(stage) + 1, 2, rows)

    said, memory = settings_of(books), memory_of(books)
    found, _ = understood(books, step, memory, sources, engine)
    with answering(found.cleaned.engine):
        return _asked(found, said, memory, period, as_of, basis, filters)


def refresh(
    books: Sequence[Path],
    out: Path | None = None,
    *,
    period: str | None = None,
    as_of: date | None = None,
    basis: Basis | None = None,
    lang: Language | None = None,
    only: Sequence[str] = (),
    cleaned: bool = False,
    filters: Sequence[tuple[str, tuple[str, ...]]] = (),
    sources: Sequence[Source] = (),
    engine: Engine | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Refreshed:
    """Write the summary sheets into the one workbook given, into ``out``, or into a new workbook.

    Nothing is written until everything is computed and checked; a result equal to what stands in
    the file already leaves the file untouched. What is None or empty comes from the settings sheet of
    the one workbook given; else it is the default: the latest month and day, "signed", all pages, and
    the language of the headers. ``cleaned`` writes the clean tables as sheets too; in ``only`` it is the
    word for them. ``sources`` and ``engine`` are as in ``check``. ``now`` is the time that the refresh log
    tells, by default the clock's.
    """
    from xlsales.hosts import results
    from xlsales.hosts.cleaned import cleaned_sheets
    from xlsales.hosts.in_engine import answering
    from xlsales.hosts.memory import asked, logged, read_memory, scored
    from xlsales.hosts.reading import still_understood, understood
    from xlsales.package.keep import set_aside
    from xlsales.package.notes import note_on
    from xlsales.package.save import save
    from xlsales.report import pages

    def step(stage: str, rows: int | None = None) -> None:
        if progress:
            progress(stage, STAGES.index(stage) + 1, len(STAGES), rows)

    base = books[0] if len(books) == 1 and books[0].suffix.lower() in GRAFTED else None
    target = out or base or beside(books[0])
    if target.suffix.lower() not in GRAFTED:
        raise UsageError("output_not_workbook", file=target.name)
    existed = target.exists()
    before = workbook(base, target)
    said, memory = settings_of(books), read_memory(before)
    if base and existed and memory == NOTHING and not base.samefile(target):
        memory = read_memory(base.read_bytes())
    found, entry = understood(books, step, memory, sources, engine)
    memory = logged(memory, found, now)
    with answering(found.cleaned.engine):
        analysis = _asked(found, said, memory, period, as_of, basis, filters)
        step("compute", found.rows)
        spoken = lang or said.lang or headers_language(analysis.survey)
        report, rows = results.answered(entry, analysis, spoken, only or said.pages)
    step("write", found.rows)
    asked_for = cleaned or (said.cleaned and not only)
    clean = cleaned_sheets(before, analysis.cleaned, spoken, only, asked=asked_for)
    there, kept = set_aside(before, sheets_to_write(before, report, clean), kept_suffix(report.lang))
    there, former = note_on(there, pages.FORMER, AS_OF_CELL, text(report.lang, "kept.former"))
    memory = scored(asked(memory, analysis, report), analysis, report, rows, now)
    grafted = graft_report(there, report, memory, clean)
    after = grafted.data
    changed = save(target, after, expected=before if existed else None)
    if changed and base and base.samefile(target):
        results.also(entry, still_understood(entry, base, before, after, memory), analysis.scope)
    written = (*(page.key for page in report.pages), *(one.key for one in clean))
    names = tuple(grafted.names[key] for key in written)
    return Refreshed(target, changed, analysis, report, kept, tuple(former.values()), names)


def settings_of(books: Sequence[Path]) -> Settings:
    """What the settings sheet of the one workbook given asks for; all defaults for any other input."""
    from xlsales.settings import Settings, read_settings

    if len(books) != 1 or books[0].suffix.lower() not in GRAFTED:
        return Settings()
    return read_settings(books[0].read_bytes())


def _asked(
    found: Understood,
    said: Settings,
    memory: Memory,
    period: str | None,
    as_of: date | None,
    basis: Basis | None,
    filters: Sequence[tuple[str, tuple[str, ...]]],
) -> Analysis:
    """What is asked of what was understood: flags over the settings sheet over the defaults."""
    from xlsales.analysis import ask

    return ask(
        found,
        period=period or said.period,
        as_of=as_of or said.as_of,
        basis=basis or said.basis or "signed",
        filters=filters,
        memory=memory,
        policy=said.policy,
    )


@dataclass(frozen=True)
class Grafted:
    """The workbook with the report's sheets in it, these sheets alone as a workbook, and key -> name.

    Alone, the sheets of clean tables still wait for their rows.
    """

    data: bytes
    sheets: bytes
    names: Mapping[str, str]


def graft_report(
    before: bytes, report: Report, memory: Memory = NOTHING, cleaned: Sequence[CleanedSheet] = ()
) -> Grafted:
    """Write the report's sheets and put them into the workbook, with proof that nothing else changed.

    What is to be remembered comes along on a sheet that nobody sees.
    """
    from xlsales.hosts.memory import NAME, SHEET, rows
    from xlsales.package.book import open_book
    from xlsales.package.check import check
    from xlsales.package.extract import extract
    from xlsales.package.graft import graft
    from xlsales.package.plan import plan
    from xlsales.report.writer import DATA, table_names, write

    remembered = rows(memory)
    wanted = sheets_to_write(before, report, cleaned) | ({SHEET: NAME} if remembered else {})
    book = open_book(before)
    planned = plan(book, wanted, [*table_names(report), *(clean.table_name for clean in cleaned)])
    figures = [name for key, name in planned.names.items() if key.partition(":")[0] == DATA]
    written = write(
        report,
        {**planned.names, DATA: figures[0] if figures else NO_FIGURES},
        table_names=planned.table_names,
        digit_px=planned.digit_px,
        date1904=planned.date1904,
        unseen={planned.names[SHEET]: remembered} if remembered else {},
        there=[sheet.name for sheet in book.sheets],
        cleaned=cleaned,
    )
    sheets = written.data
    if not figures:
        sheets = extract(sheets, {name: name for name in planned.names.values()}, {})
    keys = {name: key for key, name in planned.names.items()}
    placement = written.placement
    bodies = {clean.key: clean for clean in cleaned}
    after = graft(before, sheets, keys, placement.names, placement.fields, placement.inputs, bodies)
    check(before, after, keys.values())
    return Grafted(after, sheets, planned.names)


def sheets_to_write(before: bytes, report: Report, cleaned: Sequence[CleanedSheet] = ()) -> dict[str, str]:
    """The sheets that the report needs in this workbook: key -> wished name, the chart figures last.

    Where pages that are not written this time read the chart figures, these stay, and those of the
    report, if it draws anything, go to a sheet of their own.
    """
    from xlsales.hosts.graft import GRAFT
    from xlsales.package.book import open_book
    from xlsales.package.extract import reads
    from xlsales.package.names import owned_sheets
    from xlsales.report.cleaned import KEY
    from xlsales.report.writer import DATA, draws, sheet_names

    names = sheet_names(report)
    figures = {DATA: names.pop(DATA)}
    wanted = names | {clean.key: clean.name for clean in cleaned} | (figures if names else {})
    book = open_book(before)
    present = owned_sheets(book)
    staying = [
        sheet for key, sheet in present.items() if key not in wanted and not key.startswith((GRAFT, KEY))
    ]
    if names and DATA in present and any(present[DATA].name in reads(book, sheet) for sheet in staying):
        name = wanted.pop(DATA)
        if draws(report):
            wanted[":".join((DATA, *wanted))] = name
    return wanted


def kept_suffix(lang: Language) -> str:
    """What comes after the name of a copy that holds what somebody wrote on our sheet."""
    return text(lang, "kept.suffix")


def beside(book: Path) -> Path:
    """The new workbook for input that is only read."""
    place = book.resolve() if book.is_dir() else book
    return place.with_name(f"{place.name if book.is_dir() else place.stem}-xlsales.xlsx")


def workbook(base: Path | None, target: Path) -> bytes:
    """The bytes to graft into: what stands at ``target``, else a copy of the workbook given or an empty one.

    A file that is there and is neither that workbook nor our earlier output is somebody else's, and is
    refused rather than overwritten.
    """
    from xlsales.package.blank import blank_book
    from xlsales.package.book import open_book
    from xlsales.package.names import owned

    if not target.exists():
        return base.read_bytes() if base else blank_book()
    there = target.read_bytes()
    given = base is not None and base.exists() and base.samefile(target)
    if not (given or owned(open_book(there))):
        raise UsageError("output_exists", file=target.name)
    return there


def headers_language(survey: Survey) -> Language:
    """Chinese when most mapped headers are, else English."""
    headers = [match.header for raw in survey.tables for match in raw.matches if match.column]
    chinese = sum(1 for header in headers if not header.isascii())
    return "zh" if chinese * 2 > len(headers) else "en"
