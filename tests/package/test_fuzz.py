"""Spoiled workbooks: a result that passes the self-check or a refusal, never a traceback or a hang."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from tests.package.mutations import MUTATIONS
from tests.package.workbooks import PLAIN, WANTED, refreshed
from xlsales.errors import InputError, WorkbookError
from xlsales.package.check import check
from xlsales.tables.sources import read_workbook

BASES = [maker() for maker in PLAIN.values()]
BASES += [refreshed(base) for base in BASES]
ROUNDS, EACH = 8, 80
SECONDS = 10
"""For one workbook of 10 kB, on a machine that does other things too."""


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_spoiled_workbook_is_grafted_soundly_or_refused(round_: int) -> None:
    outcomes = {"grafted": 0, "refused": 0, "read": 0, "unread": 0}
    for seed in range(round_ * EACH, (round_ + 1) * EACH):
        dice = random.Random(seed)
        data = dice.choice(MUTATIONS)(dice.choice(BASES), dice)
        start = time.perf_counter()
        try:
            result = refreshed(data, (4, 5, 6))
            check(data, result, WANTED)
            outcomes["grafted"] += 1
        except WorkbookError:
            outcomes["refused"] += 1
        try:
            read_workbook(data, "book.xlsx")
            outcomes["read"] += 1
        except InputError:
            outcomes["unread"] += 1
        assert time.perf_counter() - start < SECONDS, f"seed {seed}"
    assert min(outcomes.values()) > EACH / 20, "the mutations are too weak or too strong to prove anything"


HOSTILE = """
import sys
from pathlib import Path
from tests.package.hostile import BOMBS
from tests.package.workbooks import refreshed
from xlsales.errors import InputError, WorkbookError
from xlsales.tables.sources import read_workbook

data = BOMBS[sys.argv[1]]()
for step in (lambda: refreshed(data), lambda: read_workbook(data, "book.xlsx")):
    try:
        step()
        print("passed")
    except (InputError, WorkbookError) as refusal:
        print(refusal.key)
# Not ru_maxrss: that of a child begins with what its parent had when it was started.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
@pytest.mark.parametrize(
    ("bomb", "graft", "read"),
    [
        ("white space in the styles", {"workbook_too_large"}, {"input_overwhelming"}),
        ("elements in the styles", {"workbook_too_large"}, {"passed", "input_unreadable"}),
        ("one endless text", {"passed", "workbook_too_large"}, {"input_overwhelming"}),
        ("a size that is a lie", {"workbook_damaged"}, {"passed", "input_unreadable"}),
        ("a million entries", {"workbook_too_many_parts"}, {"input_overwhelming"}),
        ("every entry at one place", {"workbook_damaged"}, {"input_unreadable", "passed"}),
        ("entities", {"workbook_entities", "workbook_damaged"}, {"passed", "input_unreadable"}),
        ("deep elements", {"workbook_damaged"}, {"passed", "input_unreadable"}),
    ],
)
def test_a_workbook_made_to_overwhelm_is_refused_in_little_time_and_memory(
    bomb: str, graft: set[str], read: set[str]
) -> None:
    command = [sys.executable, "-c", HOSTILE, bomb]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert not done.returncode, done.stderr
    grafted, taken, megabytes = done.stdout.split()
    assert grafted in graft
    assert taken in read
    assert int(megabytes) < 1024
