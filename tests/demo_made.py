"""The demo's workbook and what it is understood as: made by whichever worker asks first, for all of them."""

from __future__ import annotations

import os
import pickle
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.analysis import ask, recognise, understand
from xlsales.demo.book import demo_workbook
from xlsales.tables.sources import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.analysis import Analysis, Understood
    from xlsales.language import Language


@cache
def demo_bytes(lang: Language) -> bytes:
    """What ``demo_workbook`` gives."""
    found: bytes = _made_once(f"demo_{lang}", lambda: demo_workbook(lang))
    return found


@cache
def understood_demo(lang: Language) -> Understood:
    """The whole demo, recognised and cleaned."""
    found: Understood = _made_once(
        f"understood_{lang}", lambda: understand(recognise(read_workbook(demo_bytes(lang), "demo.xlsx")))
    )
    return found


def analysed_demo(lang: Language, period: str | None = None) -> Analysis:
    """What ``analyse`` gives for the demo."""
    return ask(understood_demo(lang), period=period)


def _made_once(name: str, make: Callable[[], Any]) -> Any:
    """What is kept under the name in the folder that all workers share (see ``conftest``), or is made now."""
    kept = Path(os.environ["XDG_CACHE_HOME"]) / "demo" / name
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    made = make()
    kept.parent.mkdir(parents=True, exist_ok=True)
    own = kept.with_name(f"{name}.{os.getpid()}")
    own.write_bytes(pickle.dumps(made))
    own.replace(kept)
    return made
