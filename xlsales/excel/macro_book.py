"""A workbook with macros and a ribbon, from a plain one: parts are added, and the rest stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.excel.callbacks import wrong_callbacks
from xlsales.excel.vba.project import WORKBOOK, Module, vba_project
from xlsales.package.markup import TRANSITIONAL, child, elements
from xlsales.package.opc import Package

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsales.package.markup import Element

MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADD_IN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
VBA_PROJECT = "application/vnd.ms-office.vbaProject"

VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
RIBBON_PART = "customUI/customUI14.xml"

_BEFORE_PROPERTIES = "fileVersion fileSharing"


def macro_book(
    book: bytes, modules: Sequence[Module], custom_ui: str | None, *, addin: bool = False
) -> bytes:
    """The ``.xlsm`` (or ``.xlam``) package: ``book``, a plain ``.xlsx``, with a VBA project and a ribbon.

    The workbook is the document module ``ThisWorkbook``. A sheet that has a code name is the document module
    of that name; the others are the remaining document modules in their order, or get an empty one.

    ``ValueError`` for a book that is not a plain one, a document module without a sheet or a code name
    without its module, and a ribbon callback without a public Sub that takes what Excel passes.
    """
    package = Package(book)
    workbook = next((r.target for r in package.relationships("") if r.kind == "officeDocument"), None)
    if workbook is None or package.content_type(workbook) != MAIN:
        raise ValueError("macros go into a plain .xlsx workbook")
    package.declare(workbook, ADD_IN if addin else WITH_MACROS)
    documents = _name_documents(package, workbook, modules)
    known = {module.name for module in modules}
    empty = [Module(name, "", "document") for name in documents if name not in known]

    project = workbook.rpartition("/")[0] + "/vbaProject.bin"
    package.put(project, vba_project([*modules, *empty]))
    package.declare(project, VBA_PROJECT)
    package.relate(workbook, VBA_RELATION, project)

    if custom_ui is not None:
        if wrong := wrong_callbacks(custom_ui, modules):
            raise ValueError(f"callbacks of the ribbon: {'; '.join(wrong)}")
        package.put(RIBBON_PART, custom_ui.encode())
        package.relate("", RIBBON_RELATION, RIBBON_PART)
    return package.to_bytes()


def _name_documents(package: Package, workbook: str, modules: Sequence[Module]) -> list[str]:
    """Give the workbook and each of its sheets a document module's name; all names in use then."""
    documents = [module.name for module in modules if module.kind == "document"]
    root = package.tree(workbook)
    properties = child(root, "workbookPr", after=_BEFORE_PROPERTIES)
    if properties.get("codeName", WORKBOOK) != WORKBOOK or WORKBOOK not in documents:
        raise ValueError(f"the workbook's own module must be called {WORKBOOK}")
    properties.set("codeName", WORKBOOK)
    package.put_tree(workbook, root)

    sheets = {part: package.tree(part) for part in _sheets(package, workbook, root)}
    named = {part: name for part, sheet in sheets.items() if (name := _code_name(sheet))}
    if unknown := sorted(set(named.values()) - set(documents)):
        raise ValueError(f"sheets without a document module: {', '.join(unknown)}")
    free = [name for name in documents if name not in {WORKBOOK, *named.values()}]
    taken = {module.name.lower() for module in modules}
    for number, part in enumerate(sheets, start=1):
        if part not in named:
            name = free.pop(0) if free else _unused(f"Sheet{number}", taken)
            child(sheets[part], "sheetPr", after="").set("codeName", name)
            package.put_tree(part, sheets[part])
            named[part] = name
    if free:
        raise ValueError(f"document modules without a sheet: {', '.join(free)}")
    return [WORKBOOK, *(named[part] for part in sheets)]


def _sheets(package: Package, workbook: str, root: Element) -> Iterator[str]:
    """The parts of the sheets in their order; ``ValueError`` for a sheet that is not made of cells."""
    parts = {relationship.id: relationship for relationship in package.relationships(workbook)}
    for sheet in elements(root.find(TRANSITIONAL.tag("sheets"))):
        relationship = parts[sheet.get(TRANSITIONAL.rel_id, "")]
        if relationship.kind != "worksheet" or relationship.target is None:
            raise ValueError(
                f"{sheet.get('name')} is a {relationship.kind}, and only worksheets get a module"
            )
        yield relationship.target


def _code_name(sheet: Element) -> str:
    properties = sheet.find(TRANSITIONAL.tag("sheetPr"))
    return "" if properties is None else properties.get("codeName", "")


def _unused(name: str, taken: set[str]) -> str:
    while name.lower() in taken:
        name += "_"
    taken.add(name.lower())
    return name
