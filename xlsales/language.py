"""The two languages and where their words come from.

Keys are English identifiers joined by dots; each language is one TOML file in ``wording/``.
A test holds the two files to the same keys and the same placeholders.
"""

import os
import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def wording(lang: Language) -> dict[str, Any]:
    """All words of one language, as the nested tables of its TOML file."""
    return tomllib.loads(files("xlsales").joinpath("wording", f"{lang}.toml").read_text("utf-8"))


def text(lang: Language, key: str, /, **facts: object) -> str:
    """The wording of ``key`` with ``{placeholders}`` filled in. An unknown key is a KeyError.

    In Chinese a fact stands off the words around it where :func:`gap` says so; within it nothing changes.
    """
    entry: Any = wording(lang)
    for part in key.split("."):
        entry = entry[part]
    if not isinstance(entry, str):
        raise KeyError(key)
    if not facts:
        return entry
    return _spaced(entry, facts) if lang == "zh" else entry.format(**facts)


def gap(before: str, after: str) -> str:
    """The space that Chinese text has where a Latin letter and a Han character meet; "" anywhere else."""
    met = before[-1:] + after[:1]
    return " " if len(met) == 2 and sorted(map(_script, met)) == ["han", "latin"] else ""


def _script(char: str) -> str:
    if char.isalpha() and char <= "\u024f":
        return "latin"
    return "han" if "\u3400" <= char <= "\u9fff" else ""


def _spaced(template: str, facts: dict[str, object]) -> str:
    words, fill = "", Formatter()
    for literal, field, spec, conversion in fill.parse(template):
        words += gap(words, literal) + literal
        if field is not None:
            value, _ = fill.get_field(field, (), facts)
            fact = fill.format_field(fill.convert_field(value, conversion), spec or "")
            words += gap(words, fact) + fact
    return words


def spoken() -> Language:
    """The language that the machine speaks: Chinese, or English for any other."""
    import locale

    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)
    named = named or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"
