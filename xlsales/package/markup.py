"""XML as the parts of a workbook use it: read safely, written the same way every time.

A part is parsed with entities off and refused when it carries a document type, which the package
format forbids, so nothing in a hostile file can grow or reach outside.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from xlsales.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = etree._Element

PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


NODE_LIMIT = 16_000_000
"""Elements and attributes of one part. Each takes about 150 bytes as a tree; a full calculation chain has 3
for every formula."""


@dataclass(frozen=True)
class Dialect:
    """The namespaces of one of the two ways to write the same workbook: transitional or strict."""

    main: str
    relationships: str
    drawing: str
    chart: str
    sheet_drawing: str

    def tag(self, name: str) -> str:
        """The full name of a spreadsheet element."""
        return f"{{{self.main}}}{name}"

    @property
    def rel_id(self) -> str:
        """The full name of the attribute ``r:id``."""
        return f"{{{self.relationships}}}id"


TRANSITIONAL = Dialect(
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
)
STRICT = Dialect(
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://purl.oclc.org/ooxml/drawingml/main",
    "http://purl.oclc.org/ooxml/drawingml/chart",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
)


def parse(data: bytes, part: str) -> Element:
    """The root of a part; a WorkbookError that names it where it is damaged, huge or carries a DTD."""
    if data.count(b"<") + data.count(b"=") > NODE_LIMIT:
        raise WorkbookError("workbook_too_large", part=part)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise WorkbookError("workbook_damaged", part=part) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise WorkbookError("workbook_entities", part=part)
    return root


def stream(data: bytes, part: str, tag: str) -> Iterator[Element]:
    """The elements called ``tag`` one by one, each gone when the next comes; errors as of ``parse``."""
    found = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=tag, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _, element in found:
            if element.getroottree().docinfo.internalDTD is not None:
                raise WorkbookError("workbook_entities", part=part)
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]
    except etree.XMLSyntaxError:
        raise WorkbookError("workbook_damaged", part=part) from None


def serialise(root: Element) -> bytes:
    """The bytes of a part, as Excel declares them."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: Element) -> str:
    """The name without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(parent: Element | None) -> Iterator[Element]:
    """The child elements, comments left out; none for no parent."""
    return iter(()) if parent is None else parent.iterchildren("*")


Canonical = tuple[str, tuple[tuple[str, str], ...], str, tuple["Canonical", ...]]


def canonical(element: Element) -> Canonical:
    """What an element says, whatever its prefixes, attribute order and white space."""
    return (
        str(element.tag),
        tuple(sorted((str(name), str(value)) for name, value in element.attrib.items())),
        (element.text or "").strip(),
        tuple(canonical(child) for child in elements(element)),
    )


def child(parent: Element, name: str, after: str) -> Element:
    """The child called ``name`` in the parent's namespace, made after the last of the children in ``after``.

    ``after`` lists the children that the schema puts before it, separated by spaces.
    """
    tag = f"{{{etree.QName(parent).namespace}}}{name}"
    found = parent.find(tag)
    if found is None:
        before = set(after.split())
        place = max((i + 1 for i, sibling in enumerate(parent) if local(sibling) in before), default=0)
        found = parent.makeelement(tag)
        parent.insert(place, found)
    return found


def discard(element: Element, attribute: str) -> None:
    """Remove an attribute, if it is there."""
    if attribute in element.attrib:
        del element.attrib[attribute]


def number(element: Element, attribute: str, default: int) -> int:
    """A whole number that an attribute holds; a WorkbookError where it holds something else."""
    value = element.get(attribute)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise WorkbookError("workbook_damaged", part=f"{local(element)} {attribute}={value!r}") from None


def is_true(value: str | None) -> bool:
    """An XML boolean that is set."""
    return value in {"1", "true"}
