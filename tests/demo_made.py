"""The demo's workbook and what it is understood as: made by whichever worker asks first, for all of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.made_once import made_once
from xlsales.analysis import ask, recognise, understand
from xlsales.demo.book import demo_workbook
from xlsales.tables.sources import read_workbook

if TYPE_CHECKING:
    from xlsales.analysis import Analysis, Understood
    from xlsales.language import Language


@cache
def demo_bytes(lang: Language) -> bytes:
    """What ``demo_workbook`` gives."""
    found: bytes = made_once(f"demo_{lang}", lambda: demo_workbook(lang))
    return found


@cache
def understood_demo(lang: Language) -> Understood:
    """The whole demo, recognised and cleaned."""
    found: Understood = made_once(
        f"understood_{lang}", lambda: understand(recognise(read_workbook(demo_bytes(lang), "demo.xlsx")))
    )
    return found


def analysed_demo(lang: Language, period: str | None = None) -> Analysis:
    """What ``analyse`` gives for the demo."""
    return ask(understood_demo(lang), period=period)
