"""A new workbook without sheets, so that a new file takes our sheets the same way as an old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.package.archive import zip_file
from xlsales.package.fonts import DEFAULT_FONT
from xlsales.package.markup import TRANSITIONAL

if TYPE_CHECKING:
    from xlsales.package.markup import Dialect

STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"

_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{STYLES_TYPE}"/>'
    '<Override PartName="/docProps/app.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/relationships/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_DOCUMENT}/relationships/extended-properties" '
    'Target="docProps/app.xml"/>'
    "</Relationships>",
    # The version tells readers which defaults hold for what a chart leaves out.
    "docProps/app.xml": f'<Properties xmlns="{_DOCUMENT}/extended-properties">'
    "<Application>Microsoft Excel</Application><AppVersion>16.0300</AppVersion></Properties>",
    "xl/workbook.xml": f'<workbook xmlns="{TRANSITIONAL.main}" xmlns:r="{TRANSITIONAL.relationships}">'
    '<workbookPr/><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="15600"/>'
    '</bookViews><sheets/><calcPr calcId="191029"/></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/relationships/styles" Target="styles.xml"/></Relationships>',
}


def blank_book(font: str = DEFAULT_FONT[0]) -> bytes:
    """A workbook file with nothing in it, Normal in ``font`` 11. It is valid once it has a sheet."""
    parts = {name: f"{_HEAD}{xml}".encode() for name, xml in _PARTS.items()}
    parts["xl/styles.xml"] = style_sheet(TRANSITIONAL, font)
    return zip_file(parts)


def style_sheet(dialect: Dialect, font: str = DEFAULT_FONT[0]) -> bytes:
    """The smallest style sheet: Normal, in ``font`` 11."""
    return (
        f'{_HEAD}<styleSheet xmlns="{dialect.main}">'
        f'<fonts count="1"><font><sz val="11"/><color rgb="FF000000"/><name val="{font}"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ).encode()
