"""The project as others read it: olevba its sources, a check of its container, the specification the rest."""

from __future__ import annotations

import struct
from io import BytesIO

import olefile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.excel.vba.container import Container
from tests.excel.vba.decoding import decompressed, decrypted, project_lines, sources
from xlsales.excel.vba.project import Module, module_text, vba_project

MODULES = (
    Module("ThisWorkbook", "Option Explicit\n", "document"),
    Module("Sheet1", "", "document"),
    Module("Names", "Option Explicit\n\nPublic Sub Run()\n    Beep\nEnd Sub\n"),
    Module("Pairs", "Private held As Long\r\nPublic Property Get Held1() As Long\r\nEnd Property", "class"),
    Module("Long1", "' filling\n" * 3000),
)


def test_olevba_extracts_exactly_the_sources() -> None:
    assert sources(vba_project(MODULES)) == {module.name: module_text(module) for module in MODULES}


def test_the_container_keeps_every_rule_and_has_the_streams_of_the_specification() -> None:
    streams = set(Container(vba_project(MODULES)).streams)
    assert streams == {
        "PROJECT",
        "PROJECTwm",
        "VBA/dir",
        "VBA/_VBA_PROJECT",
        *(f"VBA/{module.name}" for module in MODULES),
    }


CODE = st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=1023), max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(codes=st.lists(CODE, min_size=1, max_size=30))
def test_any_code_comes_back_from_any_number_of_modules(codes: list[list[str]]) -> None:
    lines = [[line.removesuffix(" _") for line in code] for code in codes]
    modules = [Module(f"M{n}", "\n".join(code)) for n, code in enumerate(lines)]
    data = vba_project(modules)
    streams = Container(data).streams
    for module in modules:
        assert decompressed(streams[f"VBA/{module.name}"]).decode() == module_text(module)


def test_a_module_says_what_it_is() -> None:
    text = {module.name: module_text(module) for module in MODULES}
    assert text["Names"].split("\r\n")[:2] == ['Attribute VB_Name = "Names"', "Option Explicit"]
    assert 'VB_Base = "0{00020819-0000-0000-C000-000000000046}"' in text["ThisWorkbook"]
    assert 'VB_Base = "0{00020820-0000-0000-C000-000000000046}"' in text["Sheet1"]
    assert "VB_PredeclaredId = True" in text["Sheet1"]
    assert "VB_PredeclaredId = False" in text["Pairs"]


def test_the_same_modules_make_the_same_bytes() -> None:
    assert vba_project(MODULES) == vba_project(list(MODULES))


@pytest.mark.parametrize(
    ("key", "hidden"),
    [("CMG", bytes(4)), ("DPB", b"\x00"), ("GC", b"\xff")],
    ids=["state", "password", "shown"],
)
def test_the_project_is_neither_locked_nor_hidden(key: str, hidden: bytes) -> None:
    assert decrypted(vba_project(MODULES), key) == hidden


def test_the_editor_is_told_every_module_and_its_kind() -> None:
    lines = project_lines(vba_project(MODULES))
    assert lines[1:6] == [
        "Document=ThisWorkbook/&H00000000",
        "Document=Sheet1/&H00000000",
        "Module=Names",
        "Class=Pairs",
        "Module=Long1",
    ]
    workspace = lines[lines.index("[Workspace]") + 1 :]
    assert workspace == [*(f"{module.name}=0, 0, 0, 0, C" for module in MODULES), ""]


def test_excel_finds_no_compiled_code_and_compiles_anew() -> None:
    # [MS-OVBA] 2.3.4.1: the version 0xFFFF says that there is no cache to use
    with olefile.OleFileIO(BytesIO(vba_project(MODULES))) as ole:
        assert ole.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("CC61FFFF000000")


def records(data: bytes) -> list[tuple[int, bytes]]:
    """The records of the ``dir`` stream; only PROJECTVERSION is longer than it says."""
    found = []
    place = 0
    while place < len(data):
        number, size = struct.unpack_from("<HI", data, place)
        size += 2 if number == 0x09 else 0
        found.append((number, data[place + 6 : place + 6 + size]))
        place += 6 + size
    return found


def test_the_dir_stream_names_code_page_library_and_modules() -> None:
    with olefile.OleFileIO(BytesIO(vba_project(MODULES))) as ole:
        found = records(decompressed(ole.openstream("VBA/dir").read()))
    assert dict(found)[0x03] == struct.pack("<H", 1252)
    assert dict(found)[0x16] == b"Office"
    assert [data.decode() for number, data in found if number == 0x19] == [m.name for m in MODULES]
    assert [data.decode("utf-16-le") for number, data in found if number == 0x47] == [m.name for m in MODULES]
    kinds = [number for number, _ in found if number in (0x21, 0x22)]
    assert kinds == [0x21 if module.kind == "standard" else 0x22 for module in MODULES]
    assert {data for number, data in found if number == 0x31} == {bytes(4)}
    assert found[-1] == (0x10, b"")


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (Module("销售", ""), "no name for a VBA module"),
        (Module("1st", ""), "no name for a VBA module"),
        (Module("Loop", ""), "no name for a VBA module"),
        (Module("Dir", ""), "no name for a VBA module"),
        (Module("N" * 32, ""), "no name for a VBA module"),
        (Module("names", ""), "two VBA modules are called names"),
        (Module("Far", "x\n" + "y" * 1024), "Far:2: a line of 1024 characters"),
        (Module("Word", 'x = "销售"'), "Word:1: not ASCII"),
        (Module("Wide", "x = 1 _\n" * 25), "Wide:25: more than 24 continuations"),
    ],
    ids=lambda value: value.name if isinstance(value, Module) else "",
)
def test_what_excel_could_not_take_is_refused(module: Module, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        vba_project([*MODULES, module])
