"""Build the refreshed demo and the empty workbooks of this folder, or check that they are up to date.

    python -m workbook_templates.build [--check]

The check compares the parts of the packages, not the compressed bytes: zlib differs between machines.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from xlsales.demo.book import demo_workbook
from xlsales.excel.template import template
from xlsales.hosts.file import refresh
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsales.language import Language


FOLDER = Path(__file__).parent
BUILT = datetime(2026, 11, 1, 9, tzinfo=UTC)
"""When the demo says that it was refreshed: the morning after its last day."""


@cache
def books() -> Mapping[str, bytes]:
    """The built workbooks by file name."""
    demos = {f"demo_{lang}.xlsx": _refreshed(lang) for lang in LANGUAGES}
    return demos | {f"empty_{lang}.xlsx": template(lang) for lang in LANGUAGES}


def _refreshed(lang: Language) -> bytes:
    with TemporaryDirectory() as folder:
        book = Path(folder, f"demo_{lang}.xlsx")
        book.write_bytes(demo_workbook(lang))
        return refresh([book], lang=lang, now=BUILT).path.read_bytes()


def stale(folder: Path) -> list[str]:
    """The names of the books that are missing in ``folder`` or differ from what would be built."""
    return [name for name, data in books().items() if not _same(folder / name, data)]


def build(folder: Path) -> None:
    """Write the books that are not up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale(folder):
        (folder / name).write_bytes(books()[name])


def main(arguments: Sequence[str]) -> int:
    """Build, or with ``--check`` name the stale books; 1 when there are any."""
    if list(arguments) not in ([], ["--check"]):
        print(__doc__)
        return 2
    if not arguments:
        build(FOLDER)
        return 0
    old = stale(FOLDER)
    for name in old:
        print(f"{name} is not what would be built; run python -m workbook_templates.build")
    return 1 if old else 0


def _same(path: Path, data: bytes) -> bool:
    try:
        return _parts(path.read_bytes()) == _parts(data)
    except (FileNotFoundError, BadZipFile):
        return False


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    with ZipFile(BytesIO(data)) as package:
        return [(name, package.read(name)) for name in package.namelist()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
