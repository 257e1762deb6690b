"""Every header that a survey has seen, once for each kind of source, and what is wrong with confirmations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from xlsales.tables.confirmed import header_id, kin
from xlsales.tables.profiles import profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsales.tables.confirmed import Confirmed
    from xlsales.tables.mapping import Survey
    from xlsales.tables.spec import Match

Trouble = Literal["unknown", "double", "gone"]
"""unknown: what was entered is no column of the table. double: two headers of a sheet are confirmed for one
column, so neither is applied. gone: no sheet of this kind has the header, nor another one for its column."""


@dataclass(frozen=True)
class Seen:
    """A header of one kind of source: where it stands (source, sheet, letter), and what it was taken for."""

    profile: str
    table: str
    match: Match
    places: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """What it is known by on the mapping sheet."""
        return header_id(self.profile, self.table, self.match.header)


def seen(survey: Survey) -> list[Seen]:
    """The headers in the order of the sheets and, on a sheet, from left to right."""
    found: dict[str, Seen] = {}
    for source, sheet, table, matches in _headers(survey):
        kind = profile(source, sheet, [match.header for match in matches])
        for match in matches:
            if match.header.strip():
                one = Seen(kind, table, match)
                found.setdefault(one.id, one).places.append((source, sheet, match.letter))
    return list(found.values())


def troubles(survey: Survey, confirmed: Sequence[Confirmed]) -> list[tuple[Trouble, Confirmed]]:
    """What was confirmed and could not be applied. Kinds of source that are not there are no trouble."""
    sheets: dict[tuple[str, str], list[set[str]]] = {}
    for source, sheet, table, matches in _headers(survey):
        headers = {match.header for match in matches}
        kind = profile(source, sheet, [match.header for match in matches])
        sheets.setdefault((kind, kin(table)), []).append(headers)
    found: list[tuple[Trouble, Confirmed]] = []
    for one in sorted(confirmed):
        there = sheets.get((one.profile, kin(one.table)), [])
        rivals = {
            other.header
            for other in confirmed
            if one.column and (other.profile, kin(other.table)) == (one.profile, kin(one.table))
            if other.column == one.column and other != one
        }
        if not there:
            continue
        if not one.known:
            found.append(("unknown", one))
        elif any(one.header in headers and rivals & headers for headers in there):
            found.append(("double", one))
        elif one.column and not any(one.header in headers or rivals & headers for headers in there):
            found.append(("gone", one))
    return found


def _headers(survey: Survey) -> Iterator[tuple[str, str, str, tuple[Match, ...]]]:
    for raw in survey.tables:
        yield raw.source, raw.sheet, raw.table.key, raw.matches
    for ignored in survey.ignored:
        if ignored.table:
            yield ignored.source, ignored.sheet, ignored.table, ignored.matches
