"""Every parser reads each distinct text once; here a column becomes its distinct texts and back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlsales.clean.issues import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

BLANKS = frozenset({
    "", "-", "--", "—", "——", "–", "/", r"\n", "n/a", "#n/a", "null", "(null)", "none", "nan", "(none)",
    "(blank)", "(空白)", "select", "无", "空", "请选择", "未填", "(未填)",
})  # fmt: skip
"""Texts that stand for an empty cell, in any case and width."""

SPOKEN = frozenset({"select", "请选择", "无", "空", "未填", "n/a"})
"""Of these the words that people write: a column that holds them says so once."""

WORDS = frozenset({
    "未知", "不详", "不明", "不清楚", "待定", "暂无", "暂缺", "待补", "待补充", "未提供", "未登记", "未填写",
    "没填", "保密", "unknown", "tbd", "tba", "to be determined", "not available", "not provided",
    "not specified", "undefined", "xxx", "?", "??", "???",
})  # fmt: skip
"""Texts that say only that nothing is known: no value of any kind, and a finding of their cells."""

EXCEL_ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
"""Excel errors as exports spell them; ``#N/A`` is a blank, since formulas use it to say so."""

TIDY = "^[!-~\u4e00-\u9fff]+( [!-~\u4e00-\u9fff]+)*$"
"""Texts that are tidy and have no other width, as nearly all are: an engine finds them without a loop."""

_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD))
_LONGEST_BLANK = max(map(len, BLANKS))
_LONGEST_WORD = max(map(len, WORDS))


@dataclass(frozen=True)
class Reading:
    """What a kind makes of distinct texts: a value for each (None where it has none) and why not.

    ``faults`` are (rule, position, suggestion) of texts without a value; ``notes`` are (rule,
    positions, suggestion) of choices made for the column, which one cell is enough to show.
    """

    values: Sequence[Any]
    faults: Sequence[tuple[str, int, str]] = ()
    notes: Sequence[tuple[str, Sequence[int], str]] = ()


@dataclass(frozen=True)
class Parsed:
    """A typed column on the index of its text, and what was found in it.

    A text that is neither blank nor readable is null in ``values`` and a row of one of ``faults``. ``notes``
    are choices made for the column, each with all cells that it was made for and what it means.
    """

    values: pd.Series
    faults: tuple[Finding, ...] = field(default=())
    notes: tuple[tuple[str, pd.Index, str], ...] = field(default=())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found. One cell is enough to show a note: the first, with how many there are."""
        noted = (Finding(rule, rows[:1], (times(meant, len(rows)),)) for rule, rows, meant in self.notes)
        return (*self.faults, *noted)


def times(meant: str, cells: int) -> str:
    """What a choice means, and for how many cells it was made."""
    return f"{meant} × {cells}"


def tidy(text: str) -> str | None:
    """``text`` without invisible characters, outer and doubled spaces; None when that says nothing."""
    clean = text
    if not text.isprintable() or "  " in text or text != text.strip():
        clean = " ".join(text.translate(_INVISIBLE).split())
    if len(clean) <= _LONGEST_BLANK and narrow(clean).casefold() in BLANKS:
        return None
    return clean


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation as their usual forms (NFKC)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def keyed(text: str) -> str:
    """What is left of a word for comparison: width, case, spaces and punctuation do not count."""
    return re.sub(r"[\W_]+", "", narrow(text).casefold())


def read_distinct(
    text: pd.Series,
    dtype: str,
    read: Callable[[list[str]], Reading],
    plain: str | None = None,
    doubtful: frozenset[str] = frozenset(),
) -> Parsed:
    """Tidy a column's distinct texts, let ``read`` make values of them, and spread these over the rows.

    ``plain`` is a pattern of texts that ``read`` is known to give back as they are, unless they are among the
    ``doubtful``, in lower case.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    codes, uniques = pd.factorize(text)
    distinct = pa.array(uniques, pa.large_string())
    unsure = _unsure(distinct, doubtful)
    if plain and not pc.any(unsure).as_py() and pc.all(pc.match_substring_regex(distinct, plain)).as_py():
        return Parsed(text)
    tidied, errors, unknown, spoken = _tidied(distinct.to_pylist(), np.flatnonzero(unsure).tolist())
    asked = [at for at, one in enumerate(tidied) if one is not None]
    reading = read([one for one in tidied if one is not None])

    values: list[Any] = [None] * len(uniques)
    for at, value in zip(asked, reading.values, strict=True):
        values[at] = value
    column = pd.Series(values, dtype=pd.api.types.pandas_dtype(dtype)).array

    def rows_of(positions: Iterable[int]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        hit = np.zeros(len(uniques) + 1, dtype=bool)  # the last one stands for code -1, a null
        hit[list(positions)] = True
        return hit[codes]

    suggestions = np.full(len(uniques) + 1, "", dtype=object)
    by_rule = {"excel_error": errors, "placeholder": unknown}
    for rule, at, suggestion in reading.faults:
        by_rule.setdefault(rule, []).append(asked[at])
        suggestions[asked[at]] = suggestion
    faults = []
    for rule, positions in sorted((rule, found) for rule, found in by_rule.items() if found):
        rows = rows_of(positions)
        faults.append(Finding(rule, text.index[rows], tuple(suggestions[codes[rows]])))
    notes = [
        (rule, text.index[rows_of(asked[at] for at in noted)], meant) for rule, noted, meant in reading.notes
    ]
    if spoken:
        said = " / ".join(sorted({str(distinct[at]).strip() for at in spoken}))
        notes.append(("blank_words", text.index[rows_of(spoken)], said))
    values_of = pd.Series(column.take(codes, allow_fill=True), index=text.index)
    return Parsed(values_of, tuple(faults), tuple(notes))


def _unsure(texts: Any, doubtful: frozenset[str]) -> Any:
    """Which of the texts may be untidy, blank or an error: a mask, found without looking at one by one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    unsure = pc.invert(pc.match_substring_regex(texts, TIDY))
    unsure = pc.or_(
        unsure, pc.is_in(pc.utf8_lower(texts), pa.array(BLANKS | WORDS | doubtful, pa.large_string()))
    )
    return pc.or_(unsure, pc.starts_with(texts, "#"))


def _tidied(
    texts: list[str], unsure: Sequence[int]
) -> tuple[list[str | None], list[int], list[int], list[int]]:
    """Each text tidy, None without a value; which are errors, which placeholders, which words for a blank."""
    tidied: list[str | None] = list(texts)
    errors, unknown, spoken = [], [], []
    for at in unsure:
        one = tidied[at] = tidy(texts[at])
        if one is None:
            if narrow(texts[at].strip()).casefold() in SPOKEN:
                spoken.append(at)
        elif one[0] == "#" and one.upper() in EXCEL_ERRORS:
            tidied[at] = None
            errors.append(at)
        elif len(one) <= _LONGEST_WORD and narrow(one).casefold() in WORDS:
            tidied[at] = None
            unknown.append(at)
    return tidied, errors, unknown, spoken
