"""The terminal: its language, its encoding, and a line of progress while long work goes on."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xlsales.language import LANGUAGES, spoken, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

    from xlsales.language import Language


def language(arguments: Sequence[str] = ()) -> Language:
    """The language asked for with ``--lang`` among ``arguments``, else the one that the machine speaks."""
    from itertools import pairwise

    words = [word for argument in arguments for word in argument.split("=", 1)]
    for flag, value in pairwise(words):
        if flag == "--lang" and value in LANGUAGES:
            return value
    return spoken()


def speak_utf8() -> None:
    """Let both streams carry any text: a Windows console or pipe of another code page raises otherwise."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def console() -> Console:
    """Where results are printed: as wide as the terminal, or uncut when the output goes to a file.

    Nothing is read as markup, emoji or highlighting, since names from the data are printed.
    """
    from rich.console import Console

    width = None if sys.stdout.isatty() else 1000
    return Console(width=width, markup=False, emoji=False, highlight=False)


@contextmanager
def progress(lang: Language) -> Iterator[Callable[[str, int, int, int | None], None] | None]:
    """A callback that shows the stage at work and its rows on stderr; None when nobody is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(stage: str, done: int, total: int, rows: int | None) -> None:
            words = f"{done}/{total} {text(lang, f'cli.stage.{stage}')}"
            if rows is not None:
                words += f" {text(lang, 'cli.stage.rows', rows=f'{rows:,}')}"
            bar.update(task, description=words)

        yield show
