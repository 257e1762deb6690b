"""Imports follow the arrows: errors, language < tables < clean < metrics < report < hosts < cli."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "xlsales"

BASE = frozenset({"errors", "language", "wording", "folders", "credentials"})
LINE = BASE | {"tables", "clean", "memory", "metrics", "report"}
MAY_IMPORT: dict[str, frozenset[str]] = {
    "": LINE | {"analysis", "hosts"},
    "errors": BASE,
    "language": BASE,
    "wording": BASE,
    "folders": frozenset(),
    "credentials": BASE,
    "tables": BASE,
    "clean": BASE | {"tables"},
    "memory": BASE | {"tables", "clean"},
    "metrics": BASE | {"tables", "clean"},
    "report": BASE | {"tables", "clean", "metrics", "memory"},
    "package": BASE,
    "demo": BASE | {"tables", "excel"},
    "planning": BASE | {"tables", "clean", "metrics"},
    "faults": BASE,
    "excel": LINE | {"planning", "analysis", "explain", "package", "settings", "hosts", "faults"},
    "analysis": LINE,
    "explain": LINE | {"analysis"},
    "settings": LINE | {"package"},
    "hosts": LINE | {"package", "analysis", "settings", "explain"},
    "cli": LINE | {"analysis", "explain", "demo", "excel", "hosts", "faults"},
    "__main__": frozenset({"cli"}),
}
"""What each room may import beside itself; "" is ``xlsales/__init__``, the public names, which nobody below
imports. A new room is added here, with its place in the order."""

NEVER = ("xlwings.pro", "xlwings.server")
"""A paid licence for company use, and an import of either fails without a key."""

LIVE_EXCEL = ("hosts.desktop", "excel")
"""The only places that may talk to a running Excel."""


def imports(source: str, module: str) -> Iterator[tuple[str, int]]:
    """Every module that ``source`` imports, also in functions and under TYPE_CHECKING, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], *filter(None, [base])])
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def offences(source: str, module: str) -> list[str]:
    """What ``source`` imports although ``module`` may not."""
    room = room_of(module)
    found = []
    for name, line in imports(source, module):
        where = f"{module}:{line} imports {name}"
        if within(name, NEVER):
            found.append(f"{where}, which is not free for company use")
        elif within(name, ("xlwings",)) and not within(module, [f"xlsales.{place}" for place in LIVE_EXCEL]):
            found.append(f"{where}, but only the desktop host talks to Excel")
        elif within(name, ("xlsales",)) and room_of(name) not in MAY_IMPORT[room] | {room}:
            found.append(f"{where}, against the one way")
    return found


def within(name: str, places: tuple[str, ...] | list[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def room_of(module: str) -> str:
    """``xlsales.metrics.sales`` lies in ``metrics``; a name in ``xlsales`` itself lies in no room."""
    room = [*module.split("."), ""][1]
    return room if room in MAY_IMPORT else ""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts)


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_every_room_of_the_house_has_its_place_in_the_order() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" and path.stem != "__init__"}
    rooms |= {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms - set(MAY_IMPORT) == set()


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    assert offences(path.read_text("utf-8"), module_of(path)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("xlsales.tables.mapping", "import xlsales.clean.parse"),
        ("xlsales.clean.rules.checks", "def f():\n    from xlsales.metrics._scope import Scope"),
        ("xlsales.metrics.sales", "if TYPE_CHECKING:\n    from xlsales.report.blocks import Page"),
        ("xlsales.metrics.sales", "from xlsales import report"),
        ("xlsales.report.pages.funnel", "from ...hosts import file"),
        ("xlsales.package.graft", "from xlsales.tables.spec import Table"),
        ("xlsales.demo.book", "from xlsales.metrics._scope import Window"),
        ("xlsales.hosts.file", "from xlsales.cli import main"),
        ("xlsales.errors", "from xlsales.tables.specs import TABLES"),
        ("xlsales.hosts.file", "import xlwings"),
        ("xlsales.hosts.desktop", "import xlwings.server"),
        ("xlsales.excel.functions", "from xlwings import pro"),
    ],
)
def test_an_import_against_the_arrows_is_found(module: str, source: str) -> None:
    assert len(offences(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("xlsales.report.pages.funnel", "from xlsales.metrics._catalogue import run"),
        ("xlsales.metrics.sales", "from . import _scope"),
        ("xlsales.hosts.desktop", "import xlwings as xw"),
        ("xlsales.cli.app", "from xlsales.hosts.file import refresh\nimport typer"),
        ("xlsales.errors", "from xlsales.language import text"),
    ],
)
def test_an_import_along_the_arrows_is_not(module: str, source: str) -> None:
    assert offences(source, module) == []
