"""What the doctor says about one matter: its words lie in ``wording/{zh,en}.toml`` under ``[doctor]``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.language import Language

Level = Literal["problem", "warning", "ok"]
LEVELS: tuple[Level, ...] = ("problem", "warning", "ok")
"""A problem stops buttons or functions; a warning will, or harms; ok asks for nothing."""


@dataclass(frozen=True)
class Finding:
    """``key`` is ``matter.case``, such as ``dll.missing``; ``facts`` are what its sentences name."""

    key: str
    level: Level
    facts: Mapping[str, str] = field(default_factory=dict)

    def title(self, lang: Language) -> str:
        """What it is about."""
        return text(lang, f"doctor.{self.key.partition('.')[0]}.title")

    def what(self, lang: Language) -> str:
        """What was found."""
        return text(lang, f"doctor.{self.key}.what", **self.facts)

    def remedy(self, lang: Language) -> str:
        """What to do about it; empty where there is nothing to do."""
        return "" if self.level == "ok" else text(lang, f"doctor.{self.key}.do", **self.facts)


def fine(key: str, **facts: object) -> Finding:
    """Nothing to do."""
    return _finding(key, "ok", facts)


def warning(key: str, **facts: object) -> Finding:
    """Something to do before it hurts."""
    return _finding(key, "warning", facts)


def problem(key: str, **facts: object) -> Finding:
    """Something without which buttons or functions do not work."""
    return _finding(key, "problem", facts)


def _finding(key: str, level: Level, facts: Mapping[str, object]) -> Finding:
    return Finding(key, level, {name: str(fact) for name, fact in facts.items()})
