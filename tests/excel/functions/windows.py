"""xlwings as it is on Windows, on any system: its own converters, call path and wrapper generator.

pywin32 is stood in for while xlwings' Windows modules are imported; nothing of xlwings itself is replaced.
Excel is stood in for by ``FakeRange``, which has what xlwings and we ask of a COM range.
"""

from __future__ import annotations

import atexit
import ctypes
import importlib
import sys
import types
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import xlwings

if TYPE_CHECKING:
    from collections.abc import Iterator

OMITTED = -2147352572
"""What VBA passes for an argument that was left out."""
RANGE = "{00020846-0000-0000-C000-000000000046}"


class _Anything:
    """A name of pywin32 that is imported and never used here."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __call__(self, *_: Any, **__: Any) -> Any:
        return _Anything()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything()


def _stubs() -> dict[str, types.ModuleType]:
    def module(name: str, **members: Any) -> types.ModuleType:
        made = types.ModuleType(name)
        made.__getattr__ = lambda _: _Anything()  # type: ignore[method-assign]
        vars(made).update(members)
        return made

    client = module("win32com.client", Dispatch=lambda *a, **k: None, CDispatch=type("CDispatch", (), {}))
    return {
        "pythoncom": module("pythoncom", CoInitialize=lambda *a: None, com_error=type("E", (Exception,), {})),
        "pywintypes": module(
            "pywintypes", com_error=type("E", (Exception,), {}), IID=str, TimeType=datetime, error=OSError
        ),
        "win32com": module("win32com", client=client),
        "win32com.client": client,
        "win32com.server": module("win32com.server"),
        "win32timezone": module("win32timezone", TimeZoneInfo=types.SimpleNamespace(utc=lambda: UTC)),
        "win32process": module("win32process", GetWindowThreadProcessId=lambda window: (1, window)),
        **{name: module(name) for name in ("win32api", "win32con", "win32gui")},
    }  # fmt: skip


@contextmanager
def _pywin32() -> Iterator[None]:
    stubs = _stubs()
    saved = {name: sys.modules.get(name) for name in stubs}
    real = {name: vars(ctypes).get(name) for name in ("oledll", "windll", "PyDLL")}
    sys.modules.update(stubs)
    vars(ctypes).update(dict.fromkeys(real, _Anything()))
    try:
        yield
    finally:
        for name, member in real.items():
            vars(ctypes)[name] = member
        for name, module in saved.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module


@cache
def udfs() -> Any:
    """``xlwings.udfs`` with the Windows engine at work, and the decorators as they are there."""
    with _pywin32():
        windows = importlib.import_module("xlwings._xlwindows")
        found = importlib.import_module("xlwings.udfs")
    atexit.unregister(windows.cleanup)  # it would look for forsaken Excels
    xlwings._xlwindows = windows  # type: ignore[attr-defined]
    if "excel" not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.main.Engine(impl=windows.engine))
    sys.modules["xlwings.com_server"] = types.SimpleNamespace(loop=None)  # type: ignore[assignment]
    for name in ("func", "arg", "ret", "sub"):
        setattr(xlwings, name, getattr(found, f"xl{name}"))
    return found


@cache
def cells() -> Any:
    """``xlsales.excel.cells`` made with the decorators of Windows, whatever was imported before."""
    udfs()
    module = importlib.import_module("xlsales.excel.cells")
    if not hasattr(module.XS_SALES, "__xlfunc__"):
        module = importlib.reload(module)
    return module


class FakeRange:
    """What Excel gives for a reference: the COM range that xlwings and ``xlsales.excel.ranges`` ask.

    ``values`` are rows as ``Range.Value`` gives them; numbers are floats, dates ``datetime`` with a zone,
    blanks None, errors their codes. ``reads`` counts how often the values were fetched.
    """

    CLSID = RANGE

    def __init__(
        self,
        values: Any,
        *,
        sheet: str = "Sheet1",
        row: int = 1,
        column: int = 1,
        formula: bool | None = False,
        spill: bool | None = False,
        used: FakeRange | None = None,
        height: int | None = None,
        areas: int = 1,
    ) -> None:
        whole = values if isinstance(values, tuple) else ((values,),)
        self.values, self.sheet, self.Row, self.Column = whole, sheet, row, column
        self.HasFormula, self.HasSpill = formula, spill
        self._used, self._height = used, height or len(whole)
        self.Areas = types.SimpleNamespace(Count=areas)
        self.reads = 0

    @property
    def _oleobj_(self) -> Any:
        attributes = types.SimpleNamespace(iid=RANGE)
        return types.SimpleNamespace(
            GetTypeInfo=lambda: types.SimpleNamespace(GetTypeAttr=lambda: attributes)
        )

    @property
    def CountLarge(self) -> int:  # noqa: N802 - as Excel calls it
        return self._height * len(self.values[0])

    @property
    def Rows(self) -> Any:  # noqa: N802
        return types.SimpleNamespace(Count=self._height)

    @property
    def Columns(self) -> Any:  # noqa: N802
        return types.SimpleNamespace(Count=len(self.values[0]))

    @property
    def Value(self) -> Any:  # noqa: N802
        self.reads += 1
        assert self._used is None, "a whole column was read"
        return self.values[0][0] if len(self.values) == len(self.values[0]) == 1 else self.values

    @property
    def Value2(self) -> Any:  # noqa: N802
        value = tuple(tuple(float(v) if hasattr(v, "as_tuple") else v for v in line) for line in self.values)
        return value[0][0] if len(value) == len(value[0]) == 1 else value

    @property
    def Worksheet(self) -> Any:  # noqa: N802
        book = types.SimpleNamespace(Name="销售 2026.xlsx", Application=types.SimpleNamespace(Hwnd=1))
        return types.SimpleNamespace(UsedRange=self._used or self, Parent=book)

    @property
    def Application(self) -> Any:  # noqa: N802
        return types.SimpleNamespace(Intersect=lambda given, used: used)

    def GetAddress(self, *_: Any) -> str:  # noqa: N802
        first = f"${chr(64 + self.Column)}${self.Row}"
        last = f"${chr(64 + self.Column + len(self.values[0]) - 1)}${self.Row + self._height - 1}"
        return f"'[销售 2026.xlsx]{self.sheet}'!{first}" + (f":{last}" if last != first else "")


def com(value: Any) -> Any:
    """A value as COM carries it: rows as tuples, numbers as floats, days with a zone."""
    if isinstance(value, list | tuple):
        return tuple(map(com, value))
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return float(value)
    return value


def call(name: str, *arguments: Any, calculation: int = 0, book: str = "", asked: str = "") -> Any:
    """What the cell shows, through xlwings' call path. None is an omitted argument, a list a range.

    ``asked`` is what the settings sheet says of the language.
    """
    module = cells()
    function = module.catalogue()[name]
    given = [_argument(one) for one in arguments]
    given += [OMITTED] * (len(function.arguments) - len(given))
    hidden = [calculation, book, asked] if function.workbook else [calculation, asked]
    return udfs().call_udf("xlsales.excel.cells", name, (*given, *hidden), None, None)


def _argument(value: Any) -> Any:
    if value is None:
        return OMITTED
    if isinstance(value, list):
        rows = value if value and isinstance(value[0], list) else [[one] for one in value]
        return FakeRange(com(rows))
    return value if isinstance(value, FakeRange) else com(value)
