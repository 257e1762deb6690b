"""The Open XML SDK as a judge: it finds no error in a grafted workbook that was not there before."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from tests.package.workbooks import PLAIN, refreshed
from xlsales.errors import WorkbookError
from xlsales.package.blank import blank_book

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "workbooks"
FILES = sorted(CORPUS.glob("*.xl[st]*"))

pytestmark = pytest.mark.validator

Errors = Counter[tuple[str, str, str, str]]


@cache
def program() -> str:
    """The validator itself where it lies beside the script of npm that starts it, in half the time."""
    script = Path(shutil.which("ooxml-validator") or "").resolve()
    beside = [up / "ooxml-validator-linux-x64" / "ooxml-validator" for up in script.parents]
    return next((str(one) for one in beside if one.exists()), "ooxml-validator")


def errors(data: bytes, name: str, folder: Path) -> Errors:
    """What the validator finds, by kind, part and rule; an element further down is the same error."""
    book = folder / name
    book.write_bytes(data)
    run = subprocess.run(
        [program(), str(book)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"DOTNET_TieredPGO": "0"},  # a process that lives a second learns nothing
    )
    assert run.returncode in {0, 1}, run.stderr
    found = json.loads(run.stdout)["errors"]
    keys = ("errorType", "path", "id", "description")
    return Counter((*(str(error[key]) for key in keys),) for error in found)


def come(data: bytes, name: str, folder: Path) -> Errors:
    """The errors that two grafts, the second over the first, brought; none where the workbook is refused."""
    try:
        after = refreshed(refreshed(data), (4, 5, 6))
    except WorkbookError:
        return Counter()
    found = errors(after, f"after {name}", folder)
    # A part that breaks its schema and is as it was has done so before; other rules are about several parts.
    if not any(kind != "Schema" or not same(data, after, path) for kind, path, *_ in found):
        return Counter()
    return found - errors(data, f"before {name}", folder)


def same(one: bytes, other: bytes, part: str) -> bool:
    """Whether a part is byte for byte the same in both packages."""
    try:
        with zipfile.ZipFile(io.BytesIO(one)) as before, zipfile.ZipFile(io.BytesIO(other)) as after:
            return before.read(part.lstrip("/")) == after.read(part.lstrip("/"))
    except (KeyError, zipfile.BadZipFile):
        return False


@pytest.mark.parametrize("maker", PLAIN)
def test_a_plain_workbook_gains_no_error(maker: str, tmp_path: Path) -> None:
    assert not come(PLAIN[maker](), "book.xlsx", tmp_path)


def test_a_new_workbook_of_ours_is_valid(tmp_path: Path) -> None:
    assert not errors(refreshed(blank_book()), "book.xlsx", tmp_path)


def test_the_judge_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = refreshed(blank_book()).replace(b"xl/tables/table1.xml", b"xl/tables/tableX.xml")
    assert errors(wrong, "book.xlsx", tmp_path)


@pytest.mark.corpus
@pytest.mark.skipif(not FILES, reason="the shared workbooks are not beside the project")
def test_no_real_workbook_gains_an_error(tmp_path: Path) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as judges:
        found = judges.map(lambda path: come(path.read_bytes(), path.name, tmp_path), FILES)
        gained = {path.name: dict(errors) for path, errors in zip(FILES, found, strict=True) if errors}
    assert gained == {}
