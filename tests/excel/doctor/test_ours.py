"""Whether everything in a workbook that can run is what we write, byte for byte."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.excel.doctor.machines import INTERPRETER, NO_PATH, WINDOWS, conf, windows
from tests.excel.vba import sample_functions
from xlsales.excel import macro_modules
from xlsales.excel.doctor.ours import foreign, our_modules
from xlsales.excel.macro_book import macro_book
from xlsales.excel.ribbon.markup import custom_ui
from xlsales.excel.template.book import plain_book
from xlsales.excel.vba.function_help import Help
from xlsales.excel.vba.project import Module
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlsales.language import Language

PROJECT = "xl/vbaProject.bin"
RIBBON = "customUI/customUI14.xml"
DRAWING = "xl/drawings/vmlDrawing1.vml"


@pytest.fixture(scope="module")
def ours() -> Sequence[Sequence[Module]]:
    """The modules that we write, with a few functions in cells, made once for all tests."""
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr(macro_modules, "FUNCTIONS", sample_functions.__name__)
        fewer.setattr(macro_modules, "function_help", lambda lang: {"XS_TODAY": Help()})
        return our_modules()


@pytest.fixture(scope="module")
def written(ours: Sequence[Sequence[Module]]) -> bytes:
    return workbook(ours)


def workbook(ours: Sequence[Sequence[Module]], lang: Language = "zh", *more: Module) -> bytes:
    return macro_book(plain_book(lang, {}), [*ours[0 if lang == "zh" else 2], *more], custom_ui(lang))


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed, or added where it has none of this name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == part else content)
        if part not in before.namelist():
            after.writestr(part, change(b""))
    return out.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_we_wrote_is_ours_in_each_language(lang: Language, ours: Sequence[Sequence[Module]]) -> None:
    assert foreign(WINDOWS, workbook(ours, lang), ours) == ()


def test_a_module_more_is_not(ours: Sequence[Sequence[Module]]) -> None:
    extra = Module("Extra", 'Sub Auto_Open()\nShell "calc"\nEnd Sub\n')
    assert foreign(WINDOWS, workbook(ours, "zh", extra), ours) == (PROJECT,)


def test_a_module_less_is_not(ours: Sequence[Sequence[Module]]) -> None:
    document = [module for module in ours[0] if module.kind == "document"]
    data = macro_book(plain_book("zh", {}), document, None)
    assert foreign(WINDOWS, data, ours) == (PROJECT,)


def test_compiled_code_beside_our_text_is_not(written: bytes, ours: Sequence[Sequence[Module]]) -> None:
    """The text of every module is still ours, as it reads; what Excel would run is not the text."""
    idle = b"\xcc\x61\xff\xff"
    data = changed(written, PROJECT, lambda project: project.replace(idle, b"\xcc\x61\xb5\x00"))
    assert foreign(WINDOWS, data, ours) == (PROJECT,)


def test_an_xlsales_that_writes_other_macros_does_not_know_these(written: bytes) -> None:
    assert foreign(WINDOWS, written, ()) == (PROJECT,)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (RIBBON, lambda ui: ui.replace(b"XlsalesPress", b"evil.xlam!Run") + b"<!-- -->"),
        ("customUI/customUI.xml", lambda _: b"<customUI/>"),
        ("xl/embeddings/oleObject1.bin", lambda _: b"MZ"),
        ("xl/externalLinks/externalLink1.xml", lambda _: b"<x/>"),
        ("xl/macrosheets/sheet1.xml", lambda _: b"<x/>"),
        ("xl/connections.xml", lambda _: b"<x/>"),
        ("xl/vbaProject2.bin", lambda _: b"\xd0\xcf"),
        ("xl/drawings/drawing9.xml", lambda _: b'<sp macro="[1]!Run"/>'),
        (DRAWING, lambda vml: vml + b"<x:FmlaMacro>'\\\\server\\a.xlam'!Run</x:FmlaMacro>"),
    ],
)
def test_a_part_that_can_run_something_else_is_named(
    part: str, change: Callable[[bytes], bytes], written: bytes, ours: Sequence[Sequence[Module]]
) -> None:
    assert foreign(WINDOWS, changed(written, part, change), ours) == (part,)


@pytest.mark.parametrize("part", ["xl/printerSettings/printerSettings1.bin", "xl/media/image1.png"])
def test_a_part_that_runs_nothing_is_not(part: str, written: bytes, ours: Sequence[Sequence[Module]]) -> None:
    assert foreign(WINDOWS, changed(written, part, lambda _: b"\0"), ours) == ()


@pytest.mark.parametrize(
    ("attributes", "formula", "strange"),
    [
        ("", "CALL(&quot;shell32&quot;,&quot;ShellExecuteA&quot;,&quot;JJ&quot;,0)", True),
        ("", "REGISTER.ID (&quot;a&quot;)", True),
        (' xlm="1" function="1"', "Sheet1!$A$1", True),
        ("", "SUM(1,2)", False),
        ("", "Recall(1)", False),
    ],
)
def test_a_name_that_calls_a_library_is_named(
    attributes: str, formula: str, strange: bool, written: bytes, ours: Sequence[Sequence[Module]]
) -> None:
    name = f'<definedName name="Loud"{attributes}>{formula}</definedName></definedNames>'.encode()
    data = changed(written, "xl/workbook.xml", lambda xml: xml.replace(b"</definedNames>", name))
    assert foreign(WINDOWS, data, ours) == (("Loud",) if strange else ())


def settings(*entries: tuple[str, str]) -> tuple[str, ...]:
    machine = windows(confs=(conf("sheet", *entries), conf("user", ("PYTHONPATH", r"D:\mine"))))
    return foreign(machine, plain_book("zh", {}), ())


def test_settings_that_name_this_python_or_nothing_to_run_are_ours() -> None:
    other_system = ("INTERPRETER_MAC", "$HOME/xlsales/venv/bin/python")
    assert settings(INTERPRETER, NO_PATH, other_system, ("PYTHONPATH", "")) == ()


@pytest.mark.parametrize(
    "setting",
    [
        ("INTERPRETER_WIN", r"\\server\share\python.exe"),
        ("interpreter", r"C:\Users\Public\python.exe"),
        ("PYTHONPATH", r"\\server\share"),
        ("CONDA PATH", r"\\server\conda"),
        ("LICENSE_KEY", "';import os;'"),
    ],
)
def test_settings_that_could_run_something_else_are_named(setting: tuple[str, str]) -> None:
    assert settings(setting) == (f"xlwings.conf!{setting[0]}",)
