"""What others read in a VBA project: oletools its sources, the specification what is encrypted."""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from zipfile import ZipFile

import olefile

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools calls pyparsing by its old names
    from oletools import olevba

PART = "xl/vbaProject.bin"


def decompressed(data: bytes) -> bytes:
    """The text in a compressed container; oletools has no answer for a container without chunks."""
    return bytes(olevba.decompress_stream(bytearray(data))) if len(data) > 1 else b""


def sources(package: bytes) -> dict[str, str]:
    """The modules of a workbook by name, as olevba extracts them."""
    parser = olevba.VBA_Parser("book.xlsm", data=package)
    try:
        return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def project_lines(project: bytes) -> list[str]:
    """The lines of the ``PROJECT`` stream."""
    with olefile.OleFileIO(BytesIO(project)) as ole:
        return ole.openstream("PROJECT").read().decode("ascii").split("\r\n")


def decrypted(project: bytes, key: str) -> bytes:
    """What ``CMG``, ``DPB`` or ``GC`` hide, by [MS-OVBA] 2.4.3.3, with every check that it asks for."""
    text = "\r\n".join(project_lines(project))
    clsid = re.search(r'^ID="(.*)"', text)
    hidden = re.search(rf'^{key}="([0-9A-F]+)"', text, re.MULTILINE)
    assert clsid is not None
    assert hidden is not None
    seed, version_encrypted, key_encrypted, *rest = bytes.fromhex(hidden[1])
    assert seed ^ version_encrypted == 2
    project_key = seed ^ key_encrypted
    assert project_key == sum(clsid[1].encode("ascii")) % 256
    unencrypted, encrypted_1, encrypted_2 = project_key, key_encrypted, version_encrypted
    out = bytearray()
    for byte in rest:
        plain = byte ^ ((encrypted_2 + unencrypted) % 256)
        encrypted_2, encrypted_1, unencrypted = encrypted_1, byte, plain
        out.append(plain)
    ignored = (seed & 6) // 2
    length = int.from_bytes(out[ignored : ignored + 4], "little")
    assert len(out) == ignored + 4 + length
    return bytes(out[ignored + 4 :])


def part(package: bytes, name: str = PART) -> bytes:
    """One part of a package."""
    with ZipFile(BytesIO(package)) as file:
        return file.read(name)
