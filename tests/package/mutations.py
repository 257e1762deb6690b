"""Ways to spoil a workbook, each driven by a seeded die: in its bytes, its zip structure and its XML."""

from __future__ import annotations

import copy
import io
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from tests.package.workbooks import parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

VALUES = (
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "NaN",
    "4294967296",
    "99999999999999999999",
    "９",
    "1_0",
    "true",
    "x" * 40_000,
    "总览",
    "'",
    "/",
    "..",
    "../../../../etc/passwd",
    "//[",
    "http://[",
    "xl/workbook.xml",
    "%00%zz",
    "#REF!",
    "rId1",
    "&amp;",
    "A1:XFD1048576",
)


def flipped_bytes(data: bytes, dice: Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(dice.choice((1, 2, 8, 64))):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    return bytes(spoiled)


def spoiled_directory(data: bytes, dice: Random) -> bytes:
    """Some fields of the zip's records: sizes, offsets, checksums, flags, methods, names."""
    spoiled = bytearray(data)
    for _ in range(dice.choice((1, 2, 4))):
        signature, size = dice.choice(((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)))
        places = [place for place in range(len(data)) if data.startswith(signature, place)]
        at = dice.choice(places) + 4 + 2 * dice.randrange((size - 4) // 2)
        spoiled[at : at + 2] = struct.pack(
            "<H", dice.choice((0, 1, 8, 99, 0x7FFF, 0xFFFF, dice.randrange(1 << 16)))
        )
    return bytes(spoiled)


def cut_or_joined(data: bytes, dice: Random) -> bytes:
    """A stretch taken out, doubled or moved to the end; or the file cut off."""
    start, end = sorted(dice.randrange(len(data)) for _ in range(2))
    return dice.choice(
        (
            data[:start],
            data[start:],
            data[:start] + data[end:],
            data[:end] + data[start:],
            data + data[start:end],
        )
    )


def shuffled_entries(data: bytes, dice: Random) -> bytes:
    """Entries left out, doubled with other content, stored, renamed, in another order."""
    entries = list(parts(data).items())
    dice.shuffle(entries)
    name, content = dice.choice(entries)
    what = dice.randrange(6)
    if what == 0:
        entries.remove((name, content))
    elif what == 1:
        entries.append((name, dice.choice(entries)[1]))
    elif what == 2:
        entries.append((name.upper(), content[: len(content) // 2]))
    elif what == 3:
        entries.append((dice.choice(("/", "\\", "", "a/../", "xl//", "\x00")) + name, content))
    elif what == 4:
        entries[entries.index((name, content))] = (dice.choice(VALUES[:20]), content)
    else:
        entries[entries.index((name, content))] = (
            name,
            dice.choice((b"", b"<", b"<a/>", b"\xff\xfe<\x00", b"\x00" * 100)),
        )
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as package:
        warnings.simplefilter("ignore")
        for entry, value in entries:
            package.writestr(
                zipfile.ZipInfo(entry), value, dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
            )
    return out.getvalue()


def spoiled_xml(data: bytes, dice: Random) -> bytes:
    """Elements dropped, doubled, moved, renamed, nested deep; attributes and texts changed."""
    content = parts(data)
    for _ in range(dice.choice((1, 1, 2, 5))):
        name = dice.choice([part for part in content if part.endswith((".xml", ".rels"))])
        try:
            root = etree.fromstring(content[name])
        except etree.XMLSyntaxError:
            continue
        _spoil(root, dice)
        content[name] = etree.tostring(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, value in content.items():
            package.writestr(name, value)
    return out.getvalue()


def _spoil(root: etree._Element, dice: Random) -> None:
    everything = list(root.iter("*"))
    node, other = dice.choice(everything), dice.choice(everything)
    parent = node.getparent()
    what = dice.randrange(9)
    if what == 0 and parent is not None:
        parent.remove(node)
    elif what == 1 and parent is not None:
        parent.insert(dice.randrange(len(parent) + 1), copy.deepcopy(node))
    elif what == 2:
        other.append(copy.deepcopy(node))
    elif what == 3 and isinstance(node.tag, str):
        node.tag = dice.choice((f"{node.tag}s", etree.QName(node).localname, "{urn:nobody}x", str(other.tag)))
    elif what == 4:
        node.text = dice.choice(VALUES)
    elif what == 5:
        node.append(dice.choice((etree.Comment("c"), etree.ProcessingInstruction("p"))))
    elif what == 6:
        for _ in range(dice.choice((10, 300, 3000))):
            node = etree.SubElement(node, node.tag if isinstance(node.tag, str) else "x")
    elif node.attrib:
        attribute = dice.choice(sorted(node.attrib))
        if what == 7:
            del node.attrib[attribute]
        else:
            node.set(attribute, dice.choice(VALUES))


MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (
    flipped_bytes,
    spoiled_directory,
    cut_or_joined,
    shuffled_entries,
    spoiled_xml,
    spoiled_xml,
    spoiled_xml,
)
