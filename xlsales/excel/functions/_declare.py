"""What a function in a cell is, and the one place where they are declared and found.

    @function(
        "XS_ATTAIN",
        zh="目标达成率（小数）= 实际 ÷ 目标。目标为空或不大于 0 时留空。",
        en="Attainment as a fraction = actual / target; blank where the target is blank or not above 0.",
        usage="=XS_ATTAIN(B2,C2)",
        arguments=(number("actual", "实际值", "actual value"), number("target", "目标值", "target value")),
        example=Example((120, 100), 1.2),
    )
    def attain(actual: float, target: float) -> float | None: ...

The arguments are the function's parameters, in order, under the same names. A function is asked once per
cell where its first argument is a single cell by kind (``number``, ``text``, ``day``, ``choice``): given
ranges of these, it spills one answer per cell, unless it is declared ``once``. ``numbers``, ``days`` and
``texts`` are whole ranges as lists, ``table`` is a range with its headers.
"""

from __future__ import annotations

import inspect
import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlsales.language import Language

Kind = Literal["number", "text", "day", "choice", "numbers", "days", "texts", "table"]
LISTS: Final = ("numbers", "days", "texts")
REQUIRED: Final = object()
LONGEST = 255
"""Characters that Excel keeps of a description."""


@dataclass(frozen=True)
class Argument:
    """One argument: its name and kind, what it means, and what it is where it is left out."""

    name: str
    kind: Kind
    zh: str
    en: str
    default: Any = REQUIRED
    values: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether a formula cannot leave it out."""
        return self.default is REQUIRED

    def help(self, lang: Language) -> str:
        """What it means, its allowed values and its default, as the function wizard shows it."""
        zh = lang == "zh"
        words = self.zh if zh else self.en
        if not all(value in words for value in self.values):
            words += ("：" if zh else ": ") + (" / ".join(self.values))
        if not self.required:
            words += "。可省略" if zh else ". Optional"
            if self.default not in (None, ()):
                words += f"，默认 {self.default}" if zh else f", by default {self.default}"
        return words[:LONGEST]


def number(name: str, zh: str, en: str, default: Any = REQUIRED) -> Argument:
    """A number."""
    return Argument(name, "number", zh, en, default)


def text(name: str, zh: str, en: str, default: Any = REQUIRED) -> Argument:
    """A text; a number in the cell is taken as it is written."""
    return Argument(name, "text", zh, en, default)


def day(name: str, zh: str, en: str, default: Any = REQUIRED) -> Argument:
    """A date, also as text or serial number."""
    return Argument(name, "day", zh, en, default)


def choice(name: str, zh: str, en: str, values: tuple[str, ...], default: Any = REQUIRED) -> Argument:
    """One of a few words."""
    return Argument(name, "choice", zh, en, default, values)


def numbers(name: str, zh: str, en: str, default: Any = REQUIRED) -> Argument:
    """A range of numbers; a header above them is left out, a blank is None."""
    return Argument(name, "numbers", zh, en, default)


def days(name: str, zh: str, en: str, default: Any = REQUIRED) -> Argument:
    """A range of dates."""
    return Argument(name, "days", zh, en, default)


def texts(name: str, zh: str, en: str, default: Any = REQUIRED) -> Argument:
    """A range of texts."""
    return Argument(name, "texts", zh, en, default)


def table(name: str, zh: str, en: str, default: Any = REQUIRED) -> Argument:
    """A range with its header row."""
    return Argument(name, "table", zh, en, default)


@dataclass(frozen=True)
class Example:
    """Arguments as a formula has them (a range as rows of cells), and what the cell then shows.

    A spill is its rows in English, without the header row. An argument left out is None.
    """

    arguments: tuple[Any, ...]
    result: Any

    def formula(self, name: str) -> str:
        """The formula to type, ranges as array constants."""
        return f"={name}({','.join(map(_typed, self.arguments))})"


@dataclass(frozen=True)
class Words:
    """A text of a result that each language says in its own way."""

    zh: str
    en: str


@dataclass(frozen=True)
class Spill:
    """A table as a result: its column titles (zh, en) and rows. It spills with its header row."""

    columns: tuple[tuple[str, str], ...]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Function:
    """A declared function; with ``workbook`` its first parameter is what the last refresh understood."""

    name: str
    family: str
    zh: str
    en: str
    usage: str
    arguments: tuple[Argument, ...]
    example: Example | None
    run: Callable[..., Any]
    once: bool = False
    workbook: bool = False

    @property
    def each(self) -> bool:
        """Whether it is asked once per cell."""
        whole = self.once or self.workbook or not self.arguments
        return not whole and self.arguments[0].kind not in (*LISTS, "table")

    def what(self, lang: Language) -> str:
        """What it gives, in which unit."""
        return self.zh if lang == "zh" else self.en

    def description(self, lang: Language) -> str:
        """What it gives and how it is typed, within the length that Excel keeps."""
        return self.what(lang) + (f"例：{self.usage}" if lang == "zh" else f" Example: {self.usage}")


_REGISTRY: dict[str, Function] = {}


def function(
    name: str,
    *,
    zh: str,
    en: str,
    usage: str,
    arguments: tuple[Argument, ...],
    example: Example | None,
    once: bool = False,
    workbook: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated function as the cell function ``name``; it stays an ordinary function."""

    def declare(run: Callable[..., Any]) -> Callable[..., Any]:
        family = run.__module__.rpartition(".")[2]
        add(Function(name, family, zh, en, usage, arguments, example, run, once, workbook))
        return run

    return declare


def add(made: Function) -> None:
    """Take a function into the catalogue. TypeError with the repair when its declaration is wrong."""
    if made.name in _REGISTRY:
        raise TypeError(f"{made.name}: declared twice")
    for lang in ("zh", "en"):
        if len(made.description(lang)) > LONGEST:
            raise TypeError(
                f"{made.name}: its {lang} description is longer than the {LONGEST} that Excel keeps"
            )
    names = [argument.name for argument in made.arguments]
    given = list(inspect.signature(made.run).parameters)
    if names != given[len(given) - len(names) :] and "kwargs" not in given:
        raise TypeError(f"{made.name}: the arguments are {names}, the parameters {given}")
    optional = [not argument.required for argument in made.arguments]
    if optional != sorted(optional):
        raise TypeError(f"{made.name}: an argument that may be left out stands before one that may not")
    _REGISTRY[made.name] = made


@cache
def catalogue() -> Mapping[str, Function]:
    """Every function by name: the metrics first, then the families in order of their files."""
    import xlsales.excel.functions as package

    for module in sorted(one.name for one in pkgutil.iter_modules(package.__path__)):
        if not module.startswith("_"):
            import_module(f"{package.__name__}.{module}")
    return dict(sorted(_REGISTRY.items(), key=lambda item: (item[1].family != "metrics", item[1].family)))


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        rows = value if isinstance(value[0], list | tuple) else [value]
        return "{" + ";".join(",".join(_typed(one) or '""' for one in row) for row in rows) + "}"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if hasattr(value, "year"):
        return f"DATE({value.year},{value.month},{value.day})"
    return f"{value:.12g}"
