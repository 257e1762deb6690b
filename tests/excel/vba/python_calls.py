"""Every piece of Python that VBA names, held against the Python that exists.

``RunPython "..."`` runs statements; a wrapper calls ``XLPy.CallUDF "module", "function", ...``. Both are only
text to VBA, so a wrong name would first be noticed by a user.
"""

from __future__ import annotations

import ast
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsales.excel.vba.project import Module

RUN = re.compile(r"^(?:[^'\n]*(?:[:=]|\bThen|\bCall))?\s*RunPython\b[ \t(]+(?!=)(.+?)\)?\s*$", re.MULTILINE)
LITERAL = re.compile(r'"((?:[^"]|"")*)"')
CALL = re.compile(r'\bXLPy\.CallUDF\(?\s*"([^"]*)"\s*,\s*"([^"]*)"(?:, Array\((.*?)\), \w+, Application)?')
VBA_CALL = re.compile(r"\b(\w+)\(\)")
DEFINED = re.compile(r"^\s*(?:Public )?(?:Function|Sub)\s+(\w+)", re.MULTILINE)


def unresolved(modules: Sequence[Module]) -> list[str]:
    """What VBA names and nobody has, each with its module."""
    defined = {name for module in modules for name in DEFINED.findall(module.code)}
    found = []
    for module in modules:
        for statement in python_of(module.code):
            found += [f"{module.name}: {problem}" for problem in problems(statement)]
        for python, function, arguments in CALL.findall(module.code):
            if not callable(attribute(python, function)):
                found.append(f"{module.name}: {python}.{function}")
            found += [
                f"{module.name}: {name}()" for name in VBA_CALL.findall(arguments) if name not in defined
            ]
    return found


def python_of(code: str) -> Iterator[str]:
    """The statements that macros run, with ``0`` for what VBA puts between pieces of text.

    A text that begins with a variable could be anything, and is given back as no Python.
    """
    for given in RUN.findall(code):
        begins = LITERAL.split(given)[0].strip(" &(")
        pieces = (piece.replace('""', '"') for piece in LITERAL.findall(given))
        yield f"begins with a variable: {given}" if begins else "0".join(pieces)


def problems(statements: str) -> Iterator[str]:
    """Names in ``statements`` that do not exist. Statements are imports and calls of what they import."""
    try:
        tree = ast.parse(statements)
    except SyntaxError:
        yield statements
        return
    names: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = attribute(node.module or "", alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = module_or_none(
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
                if module_or_none(alias.name) is None:
                    yield alias.name
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if not callable(value_of(node.value.func, names)):
                yield ast.unparse(node.value.func)
        else:
            yield ast.unparse(node)
    yield from (name for name, value in names.items() if value is None)


def value_of(expression: ast.expr, names: dict[str, Any]) -> Any:
    if isinstance(expression, ast.Name):
        return names.get(expression.id)
    if isinstance(expression, ast.Attribute):
        return getattr(value_of(expression.value, names), expression.attr, None)
    return None


def attribute(module: str, name: str) -> Any:
    """An attribute of a module, or a module in it; None where there is neither."""
    found = getattr(module_or_none(module), name, None)
    return module_or_none(f"{module}.{name}") if found is None else found


def module_or_none(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None
