"""The two languages and where their words come from.

Keys are English identifiers joined by dots; each language is one TOML file in ``wording/``.
A test holds the two files to the same keys and the same placeholders.
"""

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def wording(lang: Language) -> dict[str, Any]:
    """All words of one language, as the nested tables of its TOML file."""
    return tomllib.loads(files("xlsales").joinpath("wording", f"{lang}.toml").read_text("utf-8"))


def text(lang: Language, key: str, /, **facts: object) -> str:
    """The wording of ``key`` with ``{placeholders}`` filled in. An unknown key is a KeyError."""
    entry: Any = wording(lang)
    for part in key.split("."):
        entry = entry[part]
    if not isinstance(entry, str):
        raise KeyError(key)
    return entry.format(**facts) if facts else entry


def spoken() -> Language:
    """The language that the machine speaks: Chinese, or English for any other."""
    import locale

    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)
    named = named or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"
