"""Calls that Excel refuses for now are made again, for a while, and others not."""

from __future__ import annotations

import pytest

from tests.hosts.desktop.fake_excel import ComError, refused
from xlsales.errors import WorkbookError
from xlsales.hosts.desktop import patience
from xlsales.hosts.desktop.patience import CALL_REJECTED, EXCEL_IGNORES, RETRY_LATER, reason, waiting


class Refusing:
    """Something that refuses so often before it answers."""

    def __init__(self, times: int, error: Exception) -> None:
        self.times, self.error, self.asked = times, error, 0

    def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise self.error
        return "done"


class ExcelBusyError(Exception):
    """Called as xlwings' own."""


BUSY = (
    ComError(CALL_REJECTED),
    ComError(RETRY_LATER),
    ComError(-2147352567, scode=EXCEL_IGNORES),
    ExcelBusyError("Excel application is not responding"),
)


@pytest.mark.parametrize("error", BUSY, ids=["rejected", "later", "edit mode", "xlwings"])
def test_a_call_that_is_refused_for_now_is_made_again(error: Exception) -> None:
    call = Refusing(5, error)
    assert waiting(call) == "done"
    assert call.asked == 6


@pytest.mark.parametrize("error", BUSY, ids=["rejected", "later", "edit mode", "xlwings"])
def test_after_ten_seconds_it_is_given_up(error: Exception) -> None:
    before = patience.time.monotonic()
    with pytest.raises(WorkbookError) as told:
        waiting(Refusing(10_000, error))
    assert told.value.key == "excel_busy"
    assert patience.time.monotonic() - before <= patience.SECONDS


def test_a_call_that_is_wrong_is_not_made_again() -> None:
    call = Refusing(1, refused("Subscript out of range."))
    with pytest.raises(ComError):
        waiting(call)
    assert call.asked == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (refused("内存不足。"), "内存不足。"),
        (ComError(-2147023174, "RPC"), "RPC"),
        (ValueError(""), "ValueError"),
    ],
)
def test_the_reason_is_what_excel_says(error: Exception, said: str) -> None:
    assert reason(error) == said
