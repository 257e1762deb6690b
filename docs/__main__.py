"""Makes every file that is made from the source: ``python -m docs``; ``--check`` only compares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from docs import china, functions, metrics, readme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOME = Path(__file__).parents[1]
MADE: Mapping[str, Callable[[], str]] = {
    "README.md": readme.page,
    "docs/functions.md": functions.page,
    "docs/metrics.md": metrics.page,
    "xlsales/metrics/_china.py": china.module,
}


def behind(home: Path = HOME) -> dict[str, str]:
    """What the files that differ from the source should hold, by path below ``home``."""
    made = {name: make() for name, make in MADE.items()}
    return {name: text for name, text in made.items() if _text(home / name) != text}


def main(arguments: list[str], home: Path = HOME) -> int:
    """1 when ``--check`` finds a file behind the source, else 0."""
    stale = behind(home)
    for name, text in stale.items():
        if "--check" in arguments:
            print(f"{name} is behind the source: run python -m docs", file=sys.stderr)
        else:
            (home / name).write_text(text, "utf-8", newline="\n")
    return int("--check" in arguments and bool(stale))


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
