"""Rows of metrics that were computed before from the same data in the same scope.

They are kept beside what was understood of the data, under its name and the digest of everything else that
they depend on: the scope, our source and the libraries.
"""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from xlsales.hosts import cache as entries
from xlsales.hosts.reading import made_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsales.analysis import Analysis
    from xlsales.language import Language
    from xlsales.metrics._scope import Scope
    from xlsales.report.blocks import Report
    from xlsales.report.pages._context import Computed

COMPUTED_BY = ("metrics", "report/pages/_context.py", "report/pages/_reconciled.py", "hosts/results.py")
"""Our source that makes the rows of tables that are understood."""

MOMENT = "\0moment"
"""How JSON says that a text is a moment; no column is called so."""


def answered(
    entry: str, analysis: Analysis, lang: Language, only: Sequence[str] = (), *, traced: bool = False
) -> tuple[Report, Computed]:
    """The report on what is asked, and the rows that are known after it.

    ``entry`` is the name that ``understood`` gives; ``traced`` as for :func:`xlsales.analysis.build_report`.
    """
    from xlsales.analysis import build_report

    known = computed(entry, analysis.scope)
    rows = dict(known)
    report = build_report(analysis, lang, only, rows, traced=traced)
    if rows != known:
        keep(entry, analysis.scope, rows)
    return report, rows


def computed(entry: str, scope: Scope) -> Computed:
    """What is known already of the data whose entry this is; nothing where nothing is and for no entry."""
    kept = entries.get(_name(entry, scope)) if entry else None
    return _unpacked(kept) if kept else {}


def keep(entry: str, scope: Scope, rows: Computed) -> None:
    """Keep the rows where they are numbers, texts, moments and blanks, and come back as just these."""
    try:
        packed = json.dumps(rows, ensure_ascii=False, default=_moment).encode()
    except TypeError:  # something else, which JSON has no word for
        return
    if entry and _unpacked(packed) == rows:
        entries.put(_name(entry, scope), packed)


def also(entry: str, new: str, scope: Scope) -> None:
    """What is known of an entry is known of the one that it is called now."""
    entries.also(_name(entry, scope), _name(new, scope))


def _moment(value: Any) -> dict[str, str]:
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    raise TypeError


def _unpacked(packed: bytes) -> Computed:
    from pandas import Timestamp

    def read(row: dict[str, Any]) -> Any:
        return Timestamp(row[MOMENT]) if row.keys() == {MOMENT} else row

    found: Computed = json.loads(packed, object_hook=read)
    return found


def _name(entry: str, scope: Scope) -> str:
    """``entry`` stands for the data and all that they were understood with."""
    asked = (scope.period, scope.as_of, scope.basis, scope.filters, scope.calendar, scope.policy)
    return sha256(made_with(COMPUTED_BY) + f"{entry} {asked!r}".encode()).hexdigest()
