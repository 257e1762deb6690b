"""The commands. Each reads its arguments, calls one function of the product and prints what came back."""

# Annotations are read when the commands are declared, so they are not postponed here.
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlsales.cli import arguments, terminal
from xlsales.cli.arguments import AsOf, BasisOption, Books, EngineOption, Lang, Period, Queries, Sources
from xlsales.cli.failure import ISSUES
from xlsales.language import Language, text

if TYPE_CHECKING:
    from xlsales.analysis import Analysis

EXIT_CODES = "exit_codes"
"""Marks the commands whose help ends with what their exit codes mean."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("xlsales-demo"), lang: Lang = None
) -> None:
    """Write a realistic workbook into DIR, refresh it, and say what to open."""
    from xlsales.demo.book import write_demo
    from xlsales.hosts.file import refresh as run

    lang = lang or terminal.language()
    folder.mkdir(parents=True, exist_ok=True)
    with terminal.progress(lang) as progress:
        book = folder / text(lang, "cli.demo.file")
        if not book.exists():
            write_demo(book, lang)
        done = run([book], lang=lang, progress=progress)
    pages = {page.key: page.name for page in done.report.pages}
    command = f"xlsales refresh {_quoted(done.path)}"
    for line in ("one", "two", "three", "four", "five"):
        print(text(lang, f"cli.demo.{line}", path=done.path, command=command, **pages))


@app.command()
def new(book: Annotated[Path, typer.Argument(metavar="BOOK.xlsm|.xlsx")], lang: Lang = None) -> None:
    """Write a workbook with a sheet for each table and a few sample rows; never overwrites.

    An .xlsm has the ribbon, the buttons and the functions in cells; an .xlsx has no macros.
    """
    from xlsales.excel.template import write_template

    lang = lang or terminal.language()
    write_template(book, lang)
    print(text(lang, "cli.new.written", path=book))
    how = "buttons" if book.suffix.lower() == ".xlsm" else "command"
    print(text(lang, f"cli.new.next_{how}", command=f"xlsales refresh {_quoted(book)}"))


@app.command(epilog=EXIT_CODES)
def refresh(
    books: Books,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", show_default=False)] = None,
    period: Period = None,
    as_of: AsOf = None,
    basis: BasisOption = None,
    lang: Lang = None,
    only: Annotated[list[str] | None, typer.Option(metavar="PAGE")] = None,
    cleaned: Annotated[bool, typer.Option("--cleaned")] = False,
    filters: Annotated[list[str] | None, typer.Option("--filter", metavar="DIM=VALUE")] = None,
    sources: Sources = None,
    queries: Queries = None,
    engine: EngineOption = None,
) -> None:
    """Analyse and write the summary sheets into the workbook.

    One .xlsx or .xlsm is written into; anything else (.xls, .csv, a folder, several files) is only
    read, and the sheets go to a new workbook beside it or to --out.
    """
    from xlsales.hosts.file import refresh as run

    spoken = lang or terminal.language()
    with terminal.progress(spoken) as progress:
        done = run(
            books,
            out,
            period=period,
            as_of=as_of.date() if as_of else None,
            basis=basis,
            lang=lang,
            only=tuple(only or ()),
            cleaned=cleaned,
            filters=arguments.filters(filters or ()),
            sources=arguments.sources(sources or (), queries or ()),
            engine=engine,
            progress=progress,
        )
    found = done.analysis.cleaned
    issues = found.issues
    print(text(spoken, f"cli.refreshed.{'written' if done.changed else 'same'}", path=done.path))
    print(text(spoken, "cli.refreshed.sheets", sheets=", ".join(done.names)))
    _tell_kept(done.kept, spoken)
    if done.former:
        print(text(spoken, "cli.refreshed.former", sheets=", ".join(done.former)))
    if len(issues):
        important = int((issues["severity"] == "high").sum()) + found.more(high=True)
        print(text(spoken, "cli.refreshed.issues", count=len(issues) + found.more(), high=important))


@app.command(epilog=EXIT_CODES)
def graft(
    sheets: Annotated[Path, typer.Argument(metavar="SHEETS.xlsx", callback=arguments.existing)],
    book: Annotated[Path, typer.Argument(metavar="BOOK", callback=arguments.existing)],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", show_default=False)] = None,
    only: Annotated[list[str] | None, typer.Option("--sheet", metavar="NAME")] = None,
    lang: Lang = None,
) -> None:
    """Put the sheets of one workbook into another, and change nothing else in it.

    A name that is taken gets a number, and the formulas that come along follow. Again with newer sheets,
    it replaces those that it put there. What cannot come along unchanged is refused with its reason.
    """
    from xlsales.hosts.graft import graft as run

    lang = lang or terminal.language()
    done = run(sheets, book, out, only=tuple(only or ()), lang=lang)
    print(text(lang, f"cli.refreshed.{'written' if done.changed else 'same'}", path=done.path))
    print(text(lang, "cli.refreshed.sheets", sheets=", ".join(done.names.values())))
    _tell_kept(done.kept, lang)


@app.command("import", epilog=EXIT_CODES)
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", callback=arguments.all_existing)],
    book: Annotated[Path, typer.Argument(metavar="BOOK", callback=arguments.existing)],
    lang: Lang = None,
) -> None:
    """Put the sheets of files into a workbook as raw sheets, every text as it stands.

    The same export again takes the place of the one before; a sheet that you have made never is replaced.
    """
    from xlsales.hosts.imports import import_files as run

    lang = lang or terminal.language()
    done = run(files, book)
    print(text(lang, f"cli.refreshed.{'written' if done.changed else 'same'}", path=book))
    if done.names:
        print(text(lang, "cli.refreshed.sheets", sheets=", ".join(done.names)))
    else:
        print(text(lang, "cli.import.nothing"))
    if done.replaced:
        print(text(lang, "desktop.import.replaced", sheets=", ".join(done.replaced)))


@app.command(epilog=EXIT_CODES)
def check(
    books: Books,
    sources: Sources = None,
    queries: Queries = None,
    engine: EngineOption = None,
    lang: Lang = None,
) -> None:
    """Say what each sheet was read as, every finding with its cells, and whether the totals tie out."""
    from xlsales.cli import findings

    lang = lang or terminal.language()
    elsewhere = arguments.sources(sources or (), queries or ())
    analysis = _analysis(books, lang, sources=elsewhere, engine=engine)
    console = terminal.console()
    for part in findings.parts(analysis, lang):
        console.print(part)
    if not findings.clean(analysis):
        raise typer.Exit(ISSUES)


@app.command(epilog=EXIT_CODES)
def metric(
    key: Annotated[str, typer.Argument(metavar="KEY")],
    books: Books,
    by: Annotated[str | None, typer.Option(metavar="DIM[,DIM]")] = None,
    period: Period = None,
    as_of: AsOf = None,
    basis: BasisOption = None,
    options: Annotated[list[str] | None, typer.Option("--set", metavar="OPTION=VALUE")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    as_csv: Annotated[bool, typer.Option("--csv")] = False,
    sources: Sources = None,
    queries: Queries = None,
    engine: EngineOption = None,
    lang: Lang = None,
) -> None:
    """Compute one metric and print it as a table, as JSON or as CSV."""
    from xlsales.cli import result
    from xlsales.hosts.in_engine import answering
    from xlsales.metrics._catalogue import find, run

    lang = lang or terminal.language()
    chosen = arguments.options(find(key), by, options or ())
    analysis = _analysis(
        books,
        lang,
        period=period,
        as_of=as_of.date() if as_of else None,
        basis=basis,
        sources=arguments.sources(sources or (), queries or ()),
        engine=engine,
    )
    with answering(analysis.cleaned.engine):
        found = run(key, analysis.cleaned.tables, analysis.scope, **chosen)
    if as_json:
        print(result.as_json(found, len(analysis.cleaned.issues), lang))
    elif as_csv:
        sys.stdout.flush()
        sys.stdout.buffer.write(result.as_csv(found, lang))
    else:
        console = terminal.console()
        for table in result.as_tables(found, lang, console.width):
            console.print(table)


@app.command(epilog=EXIT_CODES)
def explain(
    book: Annotated[Path, typer.Argument(metavar="BOOK", callback=arguments.existing)],
    place: Annotated[str, typer.Argument(metavar="SHEET!CELL")],
    data: Annotated[list[Path] | None, typer.Option("--data", metavar="FILE")] = None,
    rows: Annotated[Path | None, typer.Option("--rows", metavar="OUT.xlsx")] = None,
    period: Period = None,
    as_of: AsOf = None,
    basis: BasisOption = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    lang: Lang = None,
) -> None:
    """Say what a number of a page is, on which basis, and which rows it is made of."""
    from xlsales.cli import explained
    from xlsales.errors import InputError
    from xlsales.explain.sheet import counted, detail, totals
    from xlsales.explain.words import told
    from xlsales.hosts.explaining import numbers_at

    numbers = numbers_at(
        book,
        place,
        [arguments.existing(one) for one in data or ()],
        period=period,
        as_of=as_of.date() if as_of else None,
        basis=basis,
        lang=lang,
    )
    if as_json:
        print(explained.as_json(numbers))
        return
    print("\n".join(told(numbers)))
    try:
        found = detail(numbers)
    except InputError as none:
        if rows:
            raise
        print(none.what(numbers[0].lang))
        return
    if len(numbers) > 1:
        print("\n".join(totals(numbers)))
    print(counted(found, numbers[0].lang))
    if rows:
        explained.write_rows(numbers, found, rows)
        print(text(numbers[0].lang, "cli.refreshed.written", path=rows))


@app.command()
def catalogue(lang: Lang = None) -> None:
    """List every metric with its definition, the columns it needs and its options."""
    from xlsales.cli import result

    terminal.console().print(result.catalogue_table(lang or terminal.language()))


addin = typer.Typer(no_args_is_help=True)
app.add_typer(addin, name="addin")


@addin.command("install")
def addin_install(lang: Lang = None) -> None:
    """Write the add-in into Excel's startup folder; again, it brings it up to date."""
    from xlsales.excel.addin import install

    lang = lang or terminal.language()
    print(text(lang, "cli.addin.installed", path=install(lang)))
    print(text(lang, "cli.addin.next"))


@addin.command("remove")
def addin_remove(lang: Lang = None) -> None:
    """Delete the add-in from Excel's startup folder, and nothing else."""
    from xlsales.excel.addin import remove

    lang = lang or terminal.language()
    place = remove()
    print(text(lang, "cli.addin.removed", path=place) if place else text(lang, "cli.addin.nothing"))


@app.command(epilog=EXIT_CODES)
def doctor(
    book: Annotated[Path | None, typer.Argument(metavar="[BOOK]", callback=arguments.existing_if_any)] = None,
    fix: Annotated[bool, typer.Option("--fix")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    lang: Lang = None,
) -> None:
    """Say what stands between this machine and working buttons in Excel, and what to do about it."""
    from xlsales.cli import health
    from xlsales.excel.doctor import examine
    from xlsales.excel.doctor.mending import mend

    lang = lang or terminal.language()
    mended = mend(lang, book) if fix else ()
    findings = examine(lang, book)
    if as_json:
        print(health.as_json(findings, mended, lang))
    else:
        console = terminal.console()
        command = f"xlsales doctor {_quoted(book)} --fix" if book else "xlsales doctor --fix"
        for part in health.parts(findings, mended, command, lang):
            console.print(part)
    if any(finding.level != "ok" for finding in findings):
        raise typer.Exit(ISSUES)


def _tell_kept(kept: Mapping[str, str], lang: Language) -> None:
    if kept:
        print(text(lang, "cli.refreshed.kept", sheets=", ".join(kept.values())))


def _analysis(books: Iterable[Path], lang: Language, **asked: Any) -> "Analysis":
    from xlsales.hosts.file import check

    with terminal.progress(lang) as progress:
        return check(list(books), **asked, progress=progress)


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)
