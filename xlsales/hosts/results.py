"""Rows of metrics that were computed before from the same data in the same scope.

They are kept beside what was understood of the data, under its name and the digest of everything else that
they depend on: the scope, our source and the libraries.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from xlsales.hosts import cache as entries
from xlsales.hosts.reading import made_with

if TYPE_CHECKING:
    from xlsales.metrics._scope import Scope
    from xlsales.report.pages._context import Computed

COMPUTED_BY = ("metrics", "report/pages/_context.py", "report/pages/_reconciled.py", "hosts/results.py")
"""Our source that makes the rows of tables that are understood."""


def computed(entry: str, scope: Scope) -> Computed:
    """What is known already of the data whose entry this is; nothing where nothing is."""
    kept = entries.get(_name(entry, scope))
    found: Computed = json.loads(kept) if kept else {}
    return found


def keep(entry: str, scope: Scope, rows: Computed) -> None:
    """Keep the rows where they are numbers, texts and blanks, and come back as just these."""
    try:
        packed = json.dumps(rows, ensure_ascii=False)
    except TypeError:  # a day, say, which JSON has no word for
        return
    if json.loads(packed) == rows:
        entries.put(_name(entry, scope), packed.encode())


def _name(entry: str, scope: Scope) -> str:
    """``entry`` stands for the data and all that they were understood with."""
    asked = (scope.period, scope.as_of, scope.basis, scope.filters, scope.calendar, scope.policy)
    return sha256(made_with(COMPUTED_BY) + f"{entry} {asked!r}".encode()).hexdigest()
