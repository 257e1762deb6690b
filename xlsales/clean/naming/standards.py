"""Aliases followed to their ends: the standard name of every form that they list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlsales.clean.naming.aliases import Alias


@dataclass(frozen=True)
class Doubt:
    """An alias that says something odd: the rule of issue it is, and another name that matters there."""

    rule: str
    alias: Alias
    name: str = ""


@dataclass(frozen=True)
class Standards:
    """The standard name, and who says so, by the form of every alias and standard name; and the doubts."""

    names: Mapping[str, tuple[str, str]]
    doubts: Sequence[Doubt]


def standards(aliases: Sequence[Alias], form: Callable[[str], str | None]) -> Standards:
    """What ``aliases`` say of names that are equal where their ``form`` is.

    An alias of an alias means the name at the end of the chain. A circle means nothing, and neither does an
    alias of two names. Of two spellings of one standard name the first in the alphabet is written.
    """
    said: dict[str, list[Alias]] = {}
    spellings: dict[str, dict[str, str]] = {}
    for one in sorted(aliases, key=lambda one: (one.alias, one.name, one.origin)):
        alias, name = form(one.alias), form(one.name)
        if alias and name:
            said.setdefault(alias, []).append(one)
            spellings.setdefault(name, {}).setdefault(one.name, one.origin)

    doubts: list[Doubt] = []
    target: dict[str, str] = {}
    for alias, entries in said.items():
        names = {form(one.name): one.name for one in reversed(entries)}
        if len(names) == 1:
            target[alias] = next(iter(names)) or ""
        else:
            doubts += [
                Doubt("alias_conflict", one, next(name for of, name in names.items() if of != form(one.name)))
                for one in entries
            ]

    written = {name: min(spelled.items()) for name, spelled in spellings.items()}
    found = {name: written[name] for name in written if name not in said}
    for alias, first in target.items():
        end = _end(alias, target)
        if end is None:
            doubts += [Doubt("alias_cycle", one) for one in said[alias]]
        elif end in target or end not in said:
            found[alias] = written[end][0], said[alias][0].origin
            doubts += [Doubt("alias_chain", one, written[end][0]) for one in said[alias] if end != first]
    return Standards(found, doubts)


def _end(alias: str, target: Mapping[str, str]) -> str | None:
    """Where the chain from ``alias`` ends; None where it leads into a circle. Its own alias is an end."""
    seen = {alias}
    here = target[alias]
    while here in target and target[here] != here and here not in seen:
        seen.add(here)
        here = target[here]
    return None if here in seen and target[alias] != alias else here
