"""What our sheets and tables will be called in a workbook, decided before they are written.

Formulas, charts and conditional formats carry the names of sheets and tables, so they have to be
generated with the final ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.fonts import DEFAULT_FONT, digit_width
from xlsales.package.markup import is_true
from xlsales.package.names import owned_sheets
from xlsales.package.opc import part_key
from xlsales.package.styles import normal_font

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xlsales.package.book import Book, Sheet
    from xlsales.package.markup import Element

SHEET_NAME_LIMIT = 31
TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"


@dataclass(frozen=True)
class Plan:
    """Sheet names by key, table names by the wished name, and what the writer must know of the workbook.

    ``digit_px`` is the width of a digit in the font in which the workbook counts its column widths.
    """

    names: Mapping[str, str]
    table_names: Mapping[str, str]
    date1904: bool
    strict: bool
    digit_px: int


def plan(book: Book, wanted: Mapping[str, str], tables: Sequence[str]) -> Plan:
    """Names for the sheets ``wanted`` (key -> preferred name) and for their ``tables``.

    A sheet of ours keeps the name it has, also one that the user gave it. A new one gets a number where
    its name is taken. WorkbookError where the workbook must not be changed at all.
    """
    present = owned_sheets(book)
    _refuse_protected(book, new_sheets=any(key not in present for key in wanted))
    names: dict[str, str] = {key: present[key].name for key in wanted if key in present}
    if not all(map(_is_sheet_name, names.values())):
        raise WorkbookError("workbook_damaged", part=book.part)
    taken = {sheet.name.lower() for sheet in book.sheets}
    for key, preferred in wanted.items():
        if key not in present:
            names[key] = _free_sheet_name(preferred, taken)
            taken.add(names[key].lower())
    replaced = [present[key] for key in wanted if key in present]
    font = _normal_font(book) or DEFAULT_FONT
    return Plan(
        {key: names[key] for key in wanted},
        _free_table_names(tables, names_in_use(book, replaced)),
        book.date1904,
        book.strict,
        digit_width(*font),
    )


def foreign_tables(book: Book, replaced: Iterable[Sheet]) -> Iterator[Element]:
    """The roots of all table parts but those on the sheets that are about to be replaced."""
    going = {
        part_key(link.target)
        for sheet in replaced
        if sheet.part is not None
        for link in book.package.relationships(sheet.part)
        if link.kind == "table" and link.target is not None
    }
    for name in book.package.names():
        if part_key(name) not in going and book.package.content_type(name) == TABLE_TYPE:
            yield book.package.tree(name)


def names_in_use(book: Book, replaced: Iterable[Sheet]) -> set[str]:
    """Lower-case names that a table cannot have: of other tables, and of every defined name."""
    used = {entry.get("name", "").lower() for entry in book.defined_names}
    for table in foreign_tables(book, replaced):
        used |= {table.get(name, "").lower() for name in ("name", "displayName")}
    return used


def _is_sheet_name(name: str) -> bool:
    return 0 < len(name) <= SHEET_NAME_LIMIT and not set(name) & set("[]:*?/\\") and name == name.strip("'")


def _free_sheet_name(preferred: str, taken: set[str]) -> str:
    name, number = preferred, 1
    while name.lower() in taken:
        number += 1
        suffix = f" ({number})"
        name = preferred[: SHEET_NAME_LIMIT - len(suffix)] + suffix
    return name


def _free_table_names(tables: Sequence[str], used: set[str]) -> dict[str, str]:
    free: dict[str, str] = {}
    for preferred in tables:
        name, number = preferred, 1
        while name.lower() in used:
            number += 1
            name = f"{preferred}_{number}"
        used = used | {name.lower()}
        free[preferred] = name
    return free


def _normal_font(book: Book) -> tuple[str, float] | None:
    part = book.linked("styles")
    return normal_font(book.package.tree(part)) if part else None


def _refuse_protected(book: Book, *, new_sheets: bool) -> None:
    parts = [name.lower() for name in book.package.names()]
    if any(name.startswith("_xmlsignatures/") for name in parts):
        raise WorkbookError("workbook_signed")
    if any("/revisions/" in name for name in parts):
        raise WorkbookError("workbook_shared")
    sharing = book.root.find(book.dialect.tag("fileSharing"))
    if sharing is not None:
        # The password itself is a legacy 16-bit hash, or a salted one since Excel 2013.
        if any(sharing.get(name) for name in ("reservationPassword", "hashValue")):
            raise WorkbookError("workbook_password_to_modify")
        if is_true(sharing.get("readOnlyRecommended")):
            raise WorkbookError("workbook_read_only_recommended")
    protection = book.root.find(book.dialect.tag("workbookProtection"))
    if new_sheets and protection is not None and is_true(protection.get("lockStructure")):
        raise WorkbookError("workbook_structure_locked")
