"""The open book in, its sheets back: the line of the file host between two calls into Excel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.hosts.desktop import known
from xlsales.hosts.desktop.change import Change, carry_out
from xlsales.hosts.desktop.entries import take_along
from xlsales.hosts.desktop.hidden import bare
from xlsales.hosts.desktop.names import our_names
from xlsales.hosts.desktop.quiet import quiet
from xlsales.hosts.desktop.saved import bytes_of, folder_of, private_folder, saved_copy
from xlsales.hosts.desktop.stale import mark_stale
from xlsales.hosts.desktop.states import keep
from xlsales.hosts.desktop.status import telling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from xlsales.analysis import Analysis
    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language
    from xlsales.report.blocks import Page, Report
    from xlsales.report.cleaned import CleanedSheet
    from xlsales.report.pages._context import Computed


@dataclass(frozen=True)
class Done:
    """What a refresh made, whether it changed the book, and the copies that hold what somebody wrote on ours.

    ``names`` are the sheets by page key, those of chart figures included.
    """

    analysis: Analysis
    report: Report
    changed: bool
    names: Mapping[str, str]
    kept: Mapping[str, str]


def refresh(
    live: Live,
    lang: Language,
    only: Sequence[str] = (),
    pages: Callable[[Analysis, Language], tuple[Page, ...]] | None = None,
) -> Done:
    """Read the open book, compute, and bring its pages, those in ``only``, or what ``pages`` makes.

    ``lang`` is the user's, for the status bar. What is asked the settings sheet says, as in the file host.
    Nothing in the book is touched before everything is computed. Raises what the file host raises, and
    WorkbookError where Excel will not; the book is then as it was.
    """
    with private_folder() as folder, quiet(live):
        tell = telling(live, lang)
        tell("read")
        copy = saved_copy(live, folder)
        return _bring_report(live, copy, made_of(copy, only, pages, tell, folder_of(live.fullname)))


@dataclass(frozen=True)
class Made:
    """The report of a copy, and the copy with its sheets in it as a file would have them."""

    analysis: Analysis
    report: Report
    entry: str
    before: bytes
    after: bytes
    sheets: bytes
    names: Mapping[str, str]
    kept: Mapping[str, str]


def made_of(
    copy: Path,
    only: Sequence[str],
    pages: Callable[[Analysis, Language], tuple[Page, ...]] | None,
    tell: Callable[..., None],
    folder: Path | None = None,
) -> Made:
    """Read a copy of the open book, and compute and write its pages as in ``refresh``.

    ``folder`` is that of the book itself, from which the paths of its data sources start.
    """
    from xlsales.analysis import ask
    from xlsales.hosts.cleaned import cleaned_sheets
    from xlsales.hosts.file import graft_report, headers_language, kept_suffix, sheets_to_write
    from xlsales.hosts.in_engine import answering
    from xlsales.hosts.memory import asked, logged, read_memory, scored
    from xlsales.hosts.reading import understood
    from xlsales.hosts.results import answered
    from xlsales.package.bodies import with_bodies
    from xlsales.package.keep import set_aside
    from xlsales.report.blocks import Report
    from xlsales.settings import read_settings

    before = bytes_of(copy)
    said = read_settings(before)
    memory = read_memory(before)
    found, entry = understood([copy], tell, memory, folder=folder)
    memory = logged(memory, found)
    tell("compute", rows=found.rows)
    computed: Computed = {}
    clean: tuple[CleanedSheet, ...] = ()
    with answering(found.cleaned.engine):
        analysis = ask(
            found,
            period=said.period,
            as_of=said.as_of,
            basis=said.basis or "signed",
            memory=memory,
            policy=said.policy,
        )
        spoken = said.lang or headers_language(analysis.survey)
        if pages is None:
            report, computed = answered(entry, analysis, spoken, only or said.pages)
            clean = cleaned_sheets(before, analysis.cleaned, spoken, only, asked=said.cleaned and not only)
        else:
            report = Report(spoken, pages(analysis, spoken))
    there, kept = set_aside(before, sheets_to_write(before, report, clean), kept_suffix(report.lang))
    memory = scored(asked(memory, analysis, report), analysis, report, computed)
    grafted = graft_report(there, report, memory, clean)
    sheets = with_bodies(grafted.sheets, {grafted.names[one.key]: one for one in clean})
    tell("write", rows=found.rows)
    return Made(analysis, report, entry, before, grafted.data, sheets, grafted.names, kept)


def _bring_report(live: Live, copy: Path, made: Made) -> Done:
    done = Done(made.analysis, made.report, made.after != made.before, made.names, made.kept)
    if done.changed:
        source = copy.with_name("xlsales-pages.xlsx")
        names = our_names(made.after)
        here = {name: name for name in made.names.values()}
        named = {name: name for name in names.marks}
        sheets, formulas = take_along(live, made.sheets, made.after, made.before, here)
        source.write_bytes(bare(sheets))
        change = Change(source, here, keep(copy), names, named, aside=made.kept, formulas=formulas)
        carry_out(live, change, copy)
    known.remember(live.fullname, made.analysis, made.entry)
    mark_stale(live)
    return done
