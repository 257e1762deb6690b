"""Our sheets into a workbook that is full of other people's work, and nothing else in it changed.

A sheet that is new goes to the end; one that is there is replaced where it stands, with the name, the
id and the part it has. Every other part keeps its bytes; the workbook part, its relationships, the content
types, the styles and the calculation chain change by what our sheets need.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.package.blank import STYLES_TYPE, style_sheet
from xlsales.package.book import Book, open_book
from xlsales.package.calculation import forget_formulas
from xlsales.package.forms import entries
from xlsales.package.names import (
    carry_built_in,
    mark,
    name_filled,
    owned_sheets,
    point_key_numbers,
    remember_print,
)
from xlsales.package.opc import Package
from xlsales.package.plan import foreign_tables, plan
from xlsales.package.prints import rows_print, sheet_print
from xlsales.package.styles import StyleMerge
from xlsales.package.transplant import Transplant, make_strict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xlsales.package.bodies import Body
    from xlsales.package.book import Sheet

NO_FIELDS: Mapping[str, Mapping[str, str]] = MappingProxyType({})
NO_BODIES: Mapping[str, Body] = MappingProxyType({})


def graft(
    data: bytes,
    sheets: bytes,
    keys: Mapping[str, str],
    names: Mapping[str, str],
    fields: Mapping[str, Mapping[str, str]] = NO_FIELDS,
    inputs: Mapping[str, Mapping[str, str]] = NO_FIELDS,
    bodies: Mapping[str, Body] = NO_BODIES,
) -> bytes:
    """The workbook ``data`` with the sheets of ours in it.

    ``sheets`` is a workbook as XlsxWriter writes it, made with the names of a :func:`plan`. ``keys`` gives
    each of its sheet names its key, and ``names`` the workbook names of key numbers with their cells
    (``XS_sales`` -> ``'总览'!$B$7``). ``fields`` gives the key of a sheet the cells on it that the user
    fills (``form.field`` -> ``B4``); what stands in these fields already stays. ``inputs`` gives it the
    filled columns of tables (see ``xlsales.package.inputs``), which hold what ``sheets`` says. ``bodies``
    gives it the rows that it waits for (see ``xlsales.package.bodies``). Sheets of
    ours with other keys stay as they are. Where the workbook shows all of it already, the same bytes come
    back.

    WorkbookError where the workbook must not or cannot be changed; ValueError where ``sheets`` was not
    written by plan.
    """
    book = open_book(data)
    ours = _open_ours(sheets, strict=book.strict)
    _hold_to_plan(book, ours, keys, names)

    replaced = {key: sheet for key, sheet in owned_sheets(book).items() if key in keys.values()}
    table_ids = _free_table_ids(book, list(replaced.values()))
    filled = {key: entries(book, sheet) for key, sheet in replaced.items()}
    _clear(book, replaced.values())
    styles_part = _styles_part(book)
    styles = StyleMerge(book.package.tree(styles_part), ours.package.tree(_styles_part(ours)))
    transplant = Transplant(ours, book, styles, table_ids)
    paths = {}
    # Those that are there first: until they are written again, the names of their parts look free.
    for source in sorted(ours.sheets, key=lambda sheet: keys[sheet.name] not in replaced):
        key = keys[source.name]
        if key in replaced:
            paths[key] = _path(book, replaced[key])
        else:
            paths[key] = book.package.free_name("xl/worksheets/sheet1.xml")
            book.append_sheet(source.name, paths[key], source.state)
        transplant.carry(source, paths[key], fields.get(key, {}), filled.get(key, {}), bodies.get(key))
    book.package.put_tree(styles_part, styles.theirs)

    by_name = {sheet.name: sheet for sheet in book.sheets}
    mark(book, {key: by_name[name] for name, key in keys.items()})
    for source in ours.sheets:
        carry_built_in(ours, source, book, by_name[source.name])
        filled_cells = {f"form.{name}": cell for name, cell in fields.get(keys[source.name], {}).items()}
        name_filled(book, by_name[source.name], filled_cells | {**inputs.get(keys[source.name], {})})
        printed = rows_print if keys[source.name] in bodies else sheet_print
        remember_print(book, by_name[source.name], printed(book, by_name[source.name]))
    tables = {table.get("displayName", "").lower() for table in foreign_tables(book, replaced=())}
    free = {name: cell for name, cell in names.items() if name.lower() not in tables}
    point_key_numbers(book, free, set(keys))
    forget_formulas(book, {by_name[name].id for name in keys})
    if any(book.package.changed(paths[key]) for key in replaced):
        # The user's formulas that read our sheets hold results of what stood there before.
        book.recalculate_on_open()
    return book.to_bytes()


def _open_ours(sheets: bytes, *, strict: bool) -> Book:
    package = Package(sheets)
    if strict:
        make_strict(package)
    return Book(package)


def _hold_to_plan(book: Book, ours: Book, keys: Mapping[str, str], names: Mapping[str, str]) -> None:
    """A programming error where the sheets carry other names than the workbook has for them."""
    written = [sheet.name for sheet in ours.sheets]
    if sorted(written) != sorted(keys):
        raise ValueError(f"keys are for {sorted(keys)}, the sheets are {sorted(written)}")
    tables = [table.get("displayName", "") for table in foreign_tables(ours, replaced=())]
    planned = plan(book, {key: name for name, key in keys.items()}, tables)
    for name, key in keys.items():
        if planned.names[key] != name:
            raise ValueError(f"the sheet {key} was written as {name}, its name here is {planned.names[key]}")
    for table, name in planned.table_names.items():
        if table != name:
            raise ValueError(f"the table {table} was written under a name that is taken")
    if clash := {table.lower() for table in tables} & {name.lower() for name in names}:
        raise ValueError(f"tables and key numbers share the names {sorted(clash)}")


def _path(book: Book, sheet: Sheet) -> str:
    if sheet.part is None:
        raise WorkbookError("workbook_damaged", part=book.part)
    return sheet.part


def _free_table_ids(book: Book, replaced: list[Sheet]) -> Iterator[int]:
    taken = {table.get("id") for table in foreign_tables(book, replaced)}
    return (number for number in range(1, 1 << 31) if str(number) not in taken)


def _clear(book: Book, sheets: Iterable[Sheet]) -> None:
    """Remove what only these sheets lead to: their drawings, charts and tables, and the sheets themselves."""
    package = book.package
    edges = {(book.part, sheet.rel_id) for sheet in sheets}
    for part in package.reachable() - package.reachable(edges):
        package.drop(part)


def _styles_part(book: Book) -> str:
    """The part with the workbook's formats, made where there is none."""
    part = book.linked("styles")
    if part is None:
        part = book.package.free_name("xl/styles1.xml")
        book.package.put(part, style_sheet(book.dialect))
        book.package.declare(part, STYLES_TYPE)
        book.link("styles", part)
    return part
