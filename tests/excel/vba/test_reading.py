"""Modules read back from VBA projects, beside olevba, an independent reader."""

from __future__ import annotations

import random
import warnings
import zipfile
from pathlib import Path

import pytest

from tests.excel.doctor.books import quickstart_project, xlwings_folder
from xlsales.excel.vba.compound import streams
from xlsales.excel.vba.reading import modules

REAL = sorted((Path(__file__).parents[4] / "shared" / "workbooks").glob("*.xlsm"))
BOOKS = sorted((*xlwings_folder().glob("*.xl?m"), *(xlwings_folder() / "addin").glob("*.xlam")))


def project(book: Path) -> bytes | None:
    with zipfile.ZipFile(book) as package:
        return package.read("xl/vbaProject.bin") if "xl/vbaProject.bin" in package.namelist() else None


def by_olevba(book: Path) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses old names of its own libraries
        from oletools.olevba import VBA_Parser

        parser = VBA_Parser(str(book))
        found = list(parser.extract_macros())
        parser.close()
    return {name.rpartition(".")[0]: lines(code) for _, stream, name, code in found if "/" in stream}


def lines(code: str) -> str:
    return code.replace("\r\n", "\n").strip()


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_every_module_reads_as_olevba_reads_it(book: Path) -> None:
    content = project(book)
    assert content is not None
    found = {name: lines(code) for name, code in modules(content).items()}
    assert len(found) >= 4
    assert found == by_olevba(book)


@pytest.mark.corpus
@pytest.mark.skipif(not REAL, reason="the shared workbooks are not beside the project")
def test_every_module_of_real_workbooks_reads_as_olevba_reads_it() -> None:
    compared = 0
    for book in REAL:
        content = project(book) if zipfile.is_zipfile(book) else None
        if content is None:
            continue
        found = {name: lines(code) for name, code in modules(content).items()}
        expected = by_olevba(book)
        assert {name: found.get(name) for name in expected} == expected, book.name
        compared += len(found)
    assert compared > 50


def test_the_streams_are_those_of_a_project() -> None:
    assert {"PROJECT", "VBA/dir", "VBA/_VBA_PROJECT"} <= set(streams(quickstart_project()))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(700)])
def test_what_is_no_project_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        modules(content)


def test_a_damaged_project_is_refused_or_read_and_never_worse() -> None:
    whole = quickstart_project()
    dice = random.Random(4)
    refused = 0
    for _ in range(150):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 30)):
            broken[dice.randrange(len(broken) if dice.random() < 0.5 else 2048)] = dice.randrange(256)
        if dice.random() < 0.3:
            del broken[dice.randrange(len(broken)) :]
        try:
            modules(bytes(broken))
        except ValueError:
            refused += 1
    assert refused > 10
