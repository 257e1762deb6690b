"""Headers whose meaning a user has confirmed: they win over every guess of ours, also after a rename."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.language import LANGUAGES, text, wording
from xlsales.tables.names import key
from xlsales.tables.profiles import profile
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlsales.language import Language
    from xlsales.tables.header import Header
    from xlsales.tables.spec import Column, SheetText, Table


@dataclass(frozen=True, order=True)
class Confirmed:
    """What a header of one kind of source means, or that it means nothing to us (``column`` is "").

    ``profile`` names the kind of source (see ``xlsales.tables.profiles``): the same export next month is
    another file with the same profile. ``header`` is as it stands in the sheet. A ``column`` that the table
    does not have is what the user has written instead of one; it is applied nowhere.
    """

    profile: str
    table: str
    header: str
    column: str

    @property
    def id(self) -> str:
        """What the header is known by on the mapping sheet."""
        return header_id(self.profile, self.table, self.header)

    @property
    def known(self) -> bool:
        """Whether the column is one of the table, or none on purpose."""
        return not self.column or any(
            column.name == self.column
            for table in TABLES
            if table.key == self.table
            for column in table.columns
        )


def header_id(profile: str, table: str, header: str) -> str:
    """A header of one kind of source as one text."""
    return json.dumps([profile, table, header], ensure_ascii=False, separators=(",", ":"))


def confirmed_of(
    rows: Mapping[str, Mapping[str, str]], remembered: Iterable[Confirmed] = ()
) -> tuple[Confirmed, ...]:
    """The headers that are confirmed now. ``rows`` is the mapping sheet: id -> ``confirm`` -> its text.

    For a header that is on the sheet the sheet wins, and a blank takes a confirmation back; what is only
    ``remembered`` stays.
    """
    found = {one.id: one for one in remembered}
    for row, said in rows.items():
        parts = _parts(row)
        if parts is None or "confirm" not in said:
            continue
        found.pop(row, None)
        if word := said["confirm"].strip():
            found[row] = Confirmed(*parts, _column(parts[1], word))
    return tuple(sorted(found.values()))


def said(sheet: SheetText, header: Header, table: Table) -> dict[str, str]:
    """What is confirmed of these headers as those of this table: text -> column, "" for none.

    Where two of them are confirmed for one column, neither is.
    """
    asked = [one for one in sheet.confirmed if one.known and kin(one.table) == kin(table.key)]
    if not asked:
        return {}
    texts = [label.text for label in header.labels]
    kind = profile(sheet.source, sheet.sheet, texts)
    columns = {"", *(column.name for column in table.columns)}
    names = {name for label in header.labels for name in label.names}
    there = [one for one in asked if one.profile == kind and one.header in names and one.column in columns]
    times = Counter(one.column for one in there)
    return {one.header: one.column for one in there if not one.column or times[one.column] == 1}


def kin(table: str) -> str:
    """Orders, and the halves that an export may split them into, are one thing: which, all sheets decide."""
    return "orders" if table in ("order_headers", "order_lines") else table


def role(column: Column, lang: Language) -> str:
    """What a column is called on the mapping sheet: so that any trade knows it, where its title is of one."""
    return wording(lang)["mapping"]["roles"].get(column.name) or column.title(lang)


def _parts(row: str) -> tuple[str, str, str] | None:
    try:
        profile, table, header = json.loads(row)
    except ValueError:
        return None
    parts = (profile, table, header)
    return parts if all(isinstance(part, str) for part in parts) else None


def _column(table: str, word: str) -> str:
    """The column that a word means, by its title in either language or its name; the word if it is none."""
    if any(key(word) == key(text(lang, "mapping.ignore")) for lang in LANGUAGES):
        return ""
    for one in TABLES:
        if one.key == table:
            for column in one.columns:
                words = (column.zh, column.en, column.name, *(role(column, lang) for lang in LANGUAGES))
                if key(word) in map(key, words):
                    return column.name
    return word
