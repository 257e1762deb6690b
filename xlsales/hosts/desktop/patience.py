"""Calls into Excel that wait while it is busy.

Excel refuses every call while a cell is being edited, a menu or a dialog is open, or it computes. A call
so refused was not carried out, so it is made again for a while; then the user is told in two lines. Which
codes Excel gives in which of these states is documented by Microsoft; only a real Excel can confirm it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from xlsales.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 10.0
"""How long one call may wait."""
PAUSE = 0.1
LONGEST_PAUSE = 1.0

CALL_REJECTED, RETRY_LATER, EXCEL_IGNORES = -2147418111, -2147417846, -2146777998
"""RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, and VBA_E_IGNORE of a cell in edit mode."""
_BUSY = {CALL_REJECTED, RETRY_LATER, EXCEL_IGNORES}

_PLAIN = (str, bytes, bool, int, float, tuple, type(None))


def patient(excel: Any) -> Any:
    """An object of Excel's whose every call waits, and so do those of the objects that it gives."""
    return excel if isinstance(excel, (*_PLAIN, Patient)) or _is_time(excel) else Patient(excel)


class Patient:
    """Stands before one object of Excel's object model and passes everything on."""

    def __init__(self, excel: Any) -> None:
        object.__setattr__(self, "_excel", excel)

    def __getattr__(self, name: str) -> Any:
        return patient(waiting(lambda: getattr(self._excel, name)))

    def __setattr__(self, name: str, value: Any) -> None:
        waiting(lambda: setattr(self._excel, name, bare(value)))

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Make the call once Excel takes it."""
        given = [bare(one) for one in arguments]
        by_name = {name: bare(value) for name, value in named.items()}
        return patient(waiting(lambda: self._excel(*given, **by_name)))

    def __iter__(self) -> Iterator[Any]:
        return (patient(one) for one in waiting(lambda: list(self._excel)))


def bare(value: Any) -> Any:
    """The object of Excel's itself, which alone Excel understands as an argument."""
    return value._excel if isinstance(value, Patient) else value


def waiting(call: Callable[[], Any]) -> Any:
    """What ``call`` gives, once Excel takes it. WorkbookError where it does not within ``SECONDS``."""
    end, pause = time.monotonic() + SECONDS, PAUSE
    while True:
        try:
            return call()
        except Exception as error:
            if not busy(error):
                raise
            if time.monotonic() + pause > end:
                raise WorkbookError("excel_busy") from error
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def busy(error: Exception) -> bool:
    """Whether Excel refused a call only for now. xlwings has a class of its own for a refused lookup."""
    details = _details(error)
    codes = {getattr(error, "hresult", None), details[5] if len(details) > 5 else None}
    return bool(codes & _BUSY) or type(error).__name__ == "ExcelBusyError"


def reason(error: Exception) -> str:
    """What Excel says about a call that it did not carry out."""
    details = _details(error)
    said = details[2] if len(details) > 2 else None
    return str(said or error).strip() or type(error).__name__


def _details(error: Exception) -> tuple[Any, ...]:
    """The six fields of COM's exception: code, source, description, help file and context, and scode."""
    return tuple(getattr(error, "excepinfo", None) or ())


def _is_time(value: Any) -> bool:
    return hasattr(value, "isoformat")
