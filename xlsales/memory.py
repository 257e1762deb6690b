"""What a workbook knows from one refresh to the next: it lies on one very hidden sheet of ours in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from xlsales.clean.review.decisions import Case, Decision
    from xlsales.tables.confirmed import Confirmed


@dataclass(frozen=True)
class Loaded:
    """One line of the refresh log: one table of one source as a refresh took it in.

    ``changed`` counts the cells that cleaning changed, ``rejected`` the rows it left out. ``digest`` is of
    the source's texts: a refresh of the same texts adds no line.
    """

    time: datetime
    source: str
    sheet: str
    table: str
    rows: int
    changed: int
    rejected: int
    digest: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it was read, and as what."""
        return self.source, self.sheet, self.table


@dataclass(frozen=True)
class Scored:
    """The data-quality scores of one refresh, 0 to 1 by dimension, the whole under "total"."""

    time: datetime
    digest: str
    scores: Mapping[str, float]


@dataclass(frozen=True)
class Unread:
    """A record that this version does not understand: it is written back as it stands.

    It is ``damaged`` where it is of a kind that we know; else a newer version has written it.
    """

    kind: str
    text: str
    damaged: bool


@dataclass(frozen=True)
class Memory:
    """Confirmed headers, decisions, the refresh log and the scores of past refreshes, each oldest first.

    ``cases`` are those that the review sheet was last written with and that nobody had decided about.
    """

    confirmed: tuple[Confirmed, ...] = ()
    decisions: tuple[Decision, ...] = ()
    cases: tuple[Case, ...] = ()
    log: tuple[Loaded, ...] = ()
    scores: tuple[Scored, ...] = ()
    unread: tuple[Unread, ...] = ()


NOTHING = Memory()
