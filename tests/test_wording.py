"""The two languages say the same things, and exactly what the source asks for."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest

from xlsales import errors
from xlsales.language import LANGUAGES, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.language import Language

PACKAGE = Path(__file__).parents[1] / "xlsales"
ERRORS = ("InputError", "WorkbookError", "UsageError")


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def sentences(lang: Language) -> dict[str, str]:
    """Every wording of one language by its dotted key."""

    def leaves(entry: Any, prefix: str) -> Iterator[tuple[str, str]]:
        if isinstance(entry, str):
            yield prefix, entry
        else:
            for key, inner in entry.items():
                yield from leaves(inner, f"{prefix}.{key}" if prefix else key)

    return dict(leaves(wording(lang), ""))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def raises() -> Iterator[tuple[str, set[str] | None, str]]:
    """Every error that the source makes: its key, the facts given (None: not to be told), and where."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in ERRORS and node.args:
                where = f"{path.relative_to(PACKAGE)}:{node.lineno}"
                facts = {keyword.arg for keyword in node.keywords if keyword.arg}
                spread = any(keyword.arg is None for keyword in node.keywords)
                for key in constants(node.args[0]):
                    yield key, None if spread else facts, where


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def constants(node: ast.expr) -> Iterator[str]:
    yield from (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))


@cache
def raised() -> list[tuple[str, set[str] | None, str]]:
    return list(raises())


def test_both_languages_have_the_same_keys() -> None:
    assert sentences("zh").keys() == sentences("en").keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_of_a_page_begins_or_ends_with_a_space(lang: Language) -> None:
    """The page puts it between two of them: the first of a note and the last need none."""
    told = {key: one for key, one in sentences(lang).items() if key.startswith("pages.")}
    whole = {key: one for key, one in told.items() if one.strip().endswith((".", "!", "?", "。"))}
    assert {key for key, one in whole.items() if one != one.strip()} == set()


def test_both_languages_name_the_same_placeholders() -> None:
    zh, en = sentences("zh"), sentences("en")
    assert {key for key in zh.keys() & en.keys() if placeholders(zh[key]) != placeholders(en[key])} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_wording_is_empty(lang: Language) -> None:
    assert {key for key, words in sentences(lang).items() if not words.strip()} == set()


def test_the_three_kinds_of_error_are_all_there_are() -> None:
    assert {kind.__name__ for kind in errors.XlsalesError.__subclasses__()} == set(ERRORS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_says_what_happened_and_what_to_do(lang: Language) -> None:
    worded = wording(lang)["errors"]
    assert raised()
    silent = {f"{key} {where}" for key, _, where in raised() if set(worded.get(key, {})) != {"what", "do"}}
    assert not silent, f"write their two sentences into {lang}.toml"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_is_told_no_more_than_whoever_raises_it_knows(lang: Language) -> None:
    unknown = {}
    for key, facts, where in raised():
        entry = wording(lang)["errors"][key]
        more = placeholders(entry["what"]) | placeholders(entry["do"])
        if facts is not None and not more <= facts:
            unknown[key, where] = more - facts
    assert unknown == {}


def test_no_error_is_worded_that_nobody_raises() -> None:
    assert set(wording("en")["errors"]) - {key for key, _, _ in raised()} == set()


@cache
def words() -> set[str]:
    return {value for tree in trees().values() for value in constants(tree)}  # type: ignore[arg-type]


def spelled(key: str) -> bool:
    """Whether the source spells ``key``, whole or from one of its dots on, also in pieces.

    Pieces are an f-string that fits, or a stem that constants such as "_target" are added to.
    """
    names = key.split(".")
    tails = {".".join(names[start:]) for start in range(len(names))}
    if any(one.fullmatch(tail) for one in patterns() for tail in tails):
        return True
    endings = tuple(value for value in words() if value.startswith("_") and key.endswith(value))
    return bool(tails & words()) or any(spelled(key.removesuffix(ending)) for ending in endings)


@cache
def patterns() -> list[re.Pattern[str]]:
    return list(keys())


def keys() -> Iterator[re.Pattern[str]]:
    """Every f-string of the source that can be a key: ``f"cli.stage.{name}"`` fits any stage."""
    for node in (node for tree in trees().values() for node in ast.walk(tree)):
        if isinstance(node, ast.JoinedStr):
            fixed = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if re.fullmatch(r"[a-z_.]*[a-z][a-z_.]*", fixed) and "." in fixed:
                yield re.compile(
                    "".join(
                        re.escape(p.value) if isinstance(p, ast.Constant) else "[^.]+" for p in node.values
                    )
                )


def test_no_wording_stands_unused() -> None:
    assert {key for key in sentences("en") if not key.startswith("errors.") and not spelled(key)} == set()


def test_every_change_that_cleaning_makes_has_words() -> None:
    made = {
        node.args[0].value
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "Change" and isinstance(node.args[0], ast.Constant)
    }
    assert {"filled", "user_rule", "decided", "name_by_code"} <= made
    assert made | {"alias", "one_spelling"} == set(wording("zh")["changes"]) == set(wording("en")["changes"])
