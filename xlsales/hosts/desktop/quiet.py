"""Excel while we work in it: still, without events, and afterwards exactly as the user left it."""

from __future__ import annotations

import contextlib
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlsales.hosts.desktop.caller import Live

MANUAL, NO_MACROS = -4135, 3
AT_WORK: dict[str, object] = {
    "ScreenUpdating": False,
    "EnableEvents": False,
    "DisplayAlerts": False,
    "Calculation": MANUAL,
    "CopyObjectsWithCells": True,
    "AutomationSecurity": NO_MACROS,
}
"""How Excel is set while we work. Charts come along with cells, and a book that we open runs no macro."""


@contextmanager
def quiet(live: Live) -> Iterator[None]:
    """Set Excel for work, and put back its settings, status bar, active sheet and selection.

    Each is put back for itself, so that one that cannot be does not keep the others.
    """
    place = _place(live)
    before = {name: getattr(live.app, name) for name in ("StatusBar", *AT_WORK)}
    try:
        for name, value in AT_WORK.items():
            setattr(live.app, name, value)
        yield
    finally:
        _surely(lambda: _go_back(live, place))
        for name, value in reversed(before.items()):
            _surely(partial(setattr, live.app, name, value))


def _surely(step: Callable[[], None]) -> None:
    """Once more where the first time failed: a user must not be left with a dead screen."""
    for _ in range(2):
        with contextlib.suppress(Exception):
            step()
            return


def _place(live: Live) -> tuple[str, str, str | None]:
    book = live.app.ActiveWorkbook
    return book.Name, book.ActiveSheet.Name, _selection(live.app)


def _selection(app: Any) -> str | None:
    """The selected cells; None where a chart or a picture is selected."""
    try:
        return str(app.Selection.Address)
    except AttributeError:
        return None


def _go_back(live: Live, place: tuple[str, str, str | None]) -> None:
    """To the sheet and the cells that were active, where they are still there."""
    name, sheet, cells = place
    book = live.app.Workbooks(name)
    book.Activate()
    book.Sheets(sheet).Activate()
    if cells is not None:
        book.Sheets(sheet).Range(cells).Select()
