"""A process that is killed at any moment of saving leaves the old workbook or the new one, whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has neither fork nor these signals")

KILLS = 240
SIZE = 400_000

KILLING = """
import json, os, random, signal, sys, time
from collections import Counter
from pathlib import Path
from xlsales.package.backups import backup_folder
from xlsales.package.save import save

path, kills, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
contents = [bytes([letter]) * size for letter in b"ab"]
path.write_bytes(contents[0])
dice = random.Random(20261001)
seen = Counter()

begin = time.perf_counter()
for turn in range(20):
    save(path, contents[(turn + 1) % 2], expected=path.read_bytes())
one_save = (time.perf_counter() - begin) / 20

for kill in range(kills):
    before = path.read_bytes()
    ready, tell = os.pipe()
    process = os.fork()
    if not process:
        os.write(tell, b"!")
        turn = contents.index(before)
        while True:
            turn += 1
            save(path, contents[turn % 2], expected=path.read_bytes())
    os.read(ready, 1)
    time.sleep(dice.uniform(0, 3 * one_save))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(ready)
    os.close(tell)
    after = path.read_bytes()
    seen["old" if after == before else "new" if after in contents else "BROKEN"] += 1
    left = list(path.parent.glob(".xlsales-*.tmp"))
    seen["while writing"] += bool(left)
    for rest in left:
        rest.unlink()
    copies = [copy for copy in backup_folder(path).iterdir() if not copy.name.startswith("0 ")]
    seen["BROKEN backup"] += any(copy.read_bytes() not in contents for copy in copies)
print(json.dumps(seen))
"""

FULL = """
import resource, sys
from pathlib import Path
from xlsales.errors import WorkbookError
from xlsales.package.save import save

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    save(Path(sys.argv[1]), b"n" * 200_000, expected=Path(sys.argv[1]).read_bytes())
except WorkbookError as error:
    print(error.key)
"""


def run(script: str, *arguments: object) -> str:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def test_a_process_killed_while_saving_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    seen = json.loads(run(KILLING, tmp_path / "book.xlsx", KILLS, SIZE))
    assert "BROKEN" not in seen
    assert not seen["BROKEN backup"]
    assert seen["old"] + seen["new"] == KILLS >= 200
    # The kills did hit: before the end, behind it, and with the new file half written.
    assert min(seen["old"], seen["new"], seen["while writing"]) >= KILLS / 20


def test_a_file_that_cannot_grow_any_further_is_not_saved_by_half(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"o" * 150_000)
    assert run(FULL, book) == "file_not_saved\n"
    assert book.read_bytes() == b"o" * 150_000
    assert list(tmp_path.iterdir()) == [book]
