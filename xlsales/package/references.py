"""Names inside formulas: which sheets and names a formula reads, and the same formula under other names.

Text in quotes, errors such as ``#REF!`` and column names in brackets are stepped over. A reference into
another workbook (``[1]Sheet1``) or across several sheets (``Jan:Mar``) is one sheet name here, which no
sheet bears.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsales.package.markup import elements, local

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlsales.package.markup import Element

_PLAIN = r"""[^\s'"!(),;:=+\-*/^&<>{}@%#\[\]$]+"""
_TOKEN = re.compile(
    rf"""
      "(?:[^"]|"")*"
    | \#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!)
    | '(?P<quoted>(?:[^']|'')+)'!
    | (?P<plain>(?:\[[^\[\]]*\])?{_PLAIN}(?::{_PLAIN})?)!
    | (?P<word>{_PLAIN})(?!\()
    | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]
    """,
    re.VERBOSE,
)
_CELL = re.compile(r"[A-Za-z]{0,3}[0-9]+:")

_TEXTS = {"f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"}
_ATTRIBUTES = {"sp": "textlink", "cfvo": "val"}
_LINKS = {"hyperlink": "location"}


def sheets_read(formula: str) -> set[str]:
    """The sheets that a formula names."""
    return {_sheet(found) for found in _TOKEN.finditer(formula)} - {""}


def words(formula: str) -> set[str]:
    """In lower case, whatever may be a defined name or a table; cells and logical values among them."""
    return {word.lower() for found in _TOKEN.finditer(formula) if (word := found["word"])}


def renamed(formula: str, sheets: Mapping[str, str], tables: Mapping[str, str]) -> str:
    """The formula with sheets and tables, given in lower case, under their new names."""

    def replace(found: re.Match[str]) -> str:
        sheet, word = _sheet(found), found["word"]
        if sheet.lower() in sheets:
            text = found[0]
            lead = text[: text.index(":") + 1] if found["plain"] and ":" in text else ""
            return f"{lead}{quoted(sheets[sheet.lower()])}!"
        if word and word.lower() in tables:
            return tables[word.lower()]
        return found[0]

    return _TOKEN.sub(replace, formula)


def quoted(sheet: str) -> str:
    """A sheet name as formulas hold any name."""
    return "'" + sheet.replace("'", "''") + "'"


def formulas(root: Element) -> Iterator[str]:
    """Every formula and reference in a part: of cells, rules, charts, sparklines, tables and shapes.

    Links that one clicks are no formulas: where they lead changes no figure.
    """
    for element in root.iter():
        name = local(element)
        if name in _TEXTS and element.text:
            yield element.text
        elif (attribute := _ATTRIBUTES.get(name)) and element.get(attribute):
            yield element.get(attribute, "")


def rename_in(root: Element, sheets: Mapping[str, str], tables: Mapping[str, str]) -> None:
    """Rewrite all of them, links, and the names of tables themselves, in place."""
    attributes = _ATTRIBUTES | _LINKS
    for element in root.iter():
        name = local(element)
        if name in _TEXTS and element.text:
            element.text = renamed(element.text, sheets, tables)
        elif (attribute := attributes.get(name)) and element.get(attribute):
            element.set(attribute, renamed(element.get(attribute, ""), sheets, tables))
    if local(root) == "table" and (new := tables.get(root.get("displayName", "").lower())):
        root.set("name", new)
        root.set("displayName", new)


def rename_links(root: Element, sheets: Mapping[str, str]) -> None:
    """Rewrite the relationships of shapes that lead to a cell (``#'Sheet 1'!A1``)."""
    for link in elements(root):
        if link.get("Target", "").startswith("#"):
            link.set("Target", "#" + renamed(link.get("Target", "")[1:], sheets, {}))


def _sheet(found: re.Match[str]) -> str:
    """The sheet that a token names; empty where it names none."""
    if found["quoted"]:
        return found["quoted"].replace("''", "'")
    plain: str = found["plain"] or ""
    # A1:Sheet1!B2 is a range whose second corner names its sheet, not a row of sheets.
    return _CELL.sub("", plain)
