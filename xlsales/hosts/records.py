"""What a workbook remembers as rows of text: a kind, and one JSON object in as many cells as it needs.

A version that needs other fields gives the kind another name, so that an older one keeps such rows as
they are instead of reading half of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args

from xlsales.clean.review.decisions import Case, Choice, Decision
from xlsales.memory import Loaded, Memory, Scored, Unread
from xlsales.tables.confirmed import Confirmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

KINDS: Mapping[str, tuple[type[Any], str]] = {
    "confirmed": (Confirmed, "confirmed"),
    "decision": (Decision, "decisions"),
    "case": (Case, "cases"),
    "loaded": (Loaded, "log"),
    "scored": (Scored, "scores"),
}
"""Kind -> what a row of it is, and where in the memory it belongs."""

MOST = {"log": 200, "scores": 36}
"""So many of the newest are kept; the rest is kept whole."""

TITLE = "xlsales"
"""The kind of the first row, which says what the sheet is."""

PIECE = 16_000
"""Characters in a cell; Excel counts some twice and takes 32,767."""

_DELICATE = re.compile("_x|[\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")
"""Excel reads ``_x000D_`` as a line break, and XML cannot hold the others."""


def rows(memory: Memory) -> list[tuple[str, ...]]:
    """The memory as rows of cells. The same memory gives the same rows."""
    found: list[tuple[str, ...]] = []
    for kind, (_, place) in KINDS.items():
        records = getattr(memory, place)
        for record in records[-MOST[place] :] if place in MOST else records:
            said = json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"), default=_iso)
            found.append((kind, _DELICATE.sub(_escaped, said)))
    found += [(one.kind, one.text) for one in memory.unread]
    return [(kind, *_pieces(said)) for kind, said in found]


def memory(rows: Iterable[Sequence[str]]) -> Memory:
    """The memory in rows of cells. What cannot be read is kept as ``unread``, whatever it is."""
    found: dict[str, list[Any]] = {place: [] for _, place in KINDS.values()}
    unread = []
    for kind, *pieces in rows:
        said = "".join(pieces)
        if kind == TITLE or not (kind or said):
            continue
        try:
            record = _record(kind, said)
        except (KeyError, ValueError, TypeError, RecursionError):
            unread.append(Unread(kind, said, damaged=kind in KINDS))
        else:
            found[KINDS[kind][1]].append(record)
    return Memory(**{place: tuple(records) for place, records in found.items()}, unread=tuple(unread))


def _record(kind: str, said: str) -> Any:
    """The record; KeyError, ValueError or TypeError where it is none."""
    of, _ = KINDS[kind]
    values = json.loads(said)
    known = {field.name: READ[str(field.type)] for field in fields(of)}
    if not isinstance(values, dict) or values.keys() != known.keys():
        raise ValueError(said)
    return of(**{name: read(values[name]) for name, read in known.items()})


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _choice(value: Any) -> str:
    if value not in get_args(Choice):
        raise ValueError(value)
    return _text(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value


def _numbers(value: Any) -> dict[str, float]:
    return {_text(name): float(number) for name, number in value.items()}


READ: Mapping[str, Callable[[Any], Any]] = {
    "str": _text,
    "int": _whole,
    "Choice": _choice,
    "datetime": lambda value: datetime.fromisoformat(_text(value)),
    "Mapping[str, float]": _numbers,
}
"""How a field is read, by its type."""


def _iso(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


def _escaped(found: re.Match[str]) -> str:
    first = found[0][0]
    return f"\\u{ord(first):04x}{found[0][1:]}"


def _pieces(said: str) -> list[str]:
    return [said[start : start + PIECE] for start in range(0, max(len(said), 1), PIECE)]
