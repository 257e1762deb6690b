"""How wide text is, near enough to decide whether it fits: no font file is read.

Widths are those of 微软雅黑 and Calibri at 96 dpi, rounded up, so that text that is said to fit does.
"""

from __future__ import annotations

import math
from functools import lru_cache
from unicodedata import east_asian_width

_NARROW = frozenset("iljIft.,:;'|!()[] /-·")
_WIDE = frozenset("mwMW@%—…")


@lru_cache(maxsize=20_000)
def text_px(text: str, size: float, bold: bool = False) -> int:
    """Pixels that ``text`` takes on one line at ``size`` points."""
    em = size * 4 / 3
    width = sum(_em(character) for character in text)
    return math.ceil(width * em * (1.06 if bold else 1))


def lines(text: str, px: float, size: float, bold: bool = False) -> int:
    """Lines that ``text`` takes when wrapped to ``px``, one at least."""
    return max(1, sum(_wrapped(part, px, size, bold) for part in text.split("\n")))


def fitted(text: str, px: float, size: float, bold: bool = False, rows: int = 1) -> str:
    """The text, shortened with … where it would take more than ``rows`` lines of ``px``."""
    text = " ".join(text.split())
    room = px if rows == 1 else px * rows * 0.9
    if text_px(text, size, bold) <= room:
        return text
    room -= text_px("…", size, bold)
    kept = 0.0
    em = size * 4 / 3 * (1.06 if bold else 1)
    for index, character in enumerate(text):
        kept += _em(character) * em
        if kept > room:
            return text[:index].rstrip() + "…"
    return text


def _wrapped(text: str, px: float, size: float, bold: bool) -> int:
    """Lines of one paragraph: Chinese breaks anywhere, Latin at spaces, so a line loses a little of its width."""
    width = text_px(text, size, bold)
    if width <= px:
        return 1
    words = text.split(" ")
    longest = max(text_px(word, size, bold) for word in words)
    spill = min(longest, px * 0.15) if len(words) > 1 else size
    return math.ceil(width / max(px - spill, size))


def _em(character: str) -> float:
    if east_asian_width(character) in "WFA" or character in "▲▼●◆■○–":
        return 1.0
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.9
    return 0.64 if character.isupper() else 0.56
