"""The status bar while we work: which stage of how many, and how many rows, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.hosts.desktop.caller import Live
    from xlsales.language import Language

STAGES = ("read", "clean", "compute", "write")


def telling(live: Live, lang: Language) -> Callable[..., None]:
    """A function that shows a stage, and the rows it is about where they are known."""

    def tell(stage: str, rows: int | None = None) -> None:
        words = text(lang, f"desktop.stage.{stage}")
        if stage in STAGES:
            words = f"{STAGES.index(stage) + 1}/{len(STAGES)} {words}"
        if rows is not None:
            words = f"{words} {text(lang, 'desktop.rows', rows=f'{rows:,}')}"
        live.app.StatusBar = f"xlsales {words}"

    return tell
