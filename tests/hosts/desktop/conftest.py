"""A workbook open in the fake Excel: raw data, our pages, and a sheet of the user that reads them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import workbook
from tests.hosts.desktop import fake_books
from tests.hosts.desktop.fake_books import Cell, Cells, Name, Sheet
from tests.hosts.desktop.fake_excel import Excel, XlwingsBook, twin
from xlsales import analysis
from xlsales.hosts.desktop import patience, states
from xlsales.hosts.desktop.caller import live as attached
from xlsales.hosts.desktop.refresh import refresh
from xlsales.report import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hosts.desktop.fake_books import Book
    from xlsales.hosts.desktop.caller import Live
    from xlsales.hosts.desktop.refresh import Done

MINE = {
    (1, 1): Cell("=not a formula"),
    (1, 2): Cell(formula="=XS_sales*2"),
    (2, 2): Cell(formula="='总览'!$B$7*2"),
    (3, 2): Cell(formula="=SUM(xs_units[#All])"),
    (4, 2): Cell(formula="=MAX(xs_units[#All])", array="B4"),
}
"""What the user has written on a sheet of their own."""

CARRIED = tuple(
    key for key in pages.PAGES if key not in ("accounts", "channels", "pipeline", "value", "warning")
)
"""Pages of every kind of block; the others are carried in the same way, and take as long to compute."""


@contextmanager
def _carried() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGES", CARRIED)
        yield


@pytest.fixture(autouse=True, scope="module")
def _pages_of_every_kind_of_block() -> Iterator[None]:
    with _carried():
        yield


@pytest.fixture(autouse=True, scope="session")
def _every_state_is_kept() -> Iterator[None]:
    """All tests here share one folder, and what one keeps must not cost another its state."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(states, "MOST_STATES", 10_000)
        patch.setattr(states, "MOST_BYTES", 1 << 40)
        yield


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("raw") / "raw.xlsx"
    workbook.write(str(path), 60)
    return path.read_bytes()


@pytest.fixture(scope="session")
def september(raw: bytes) -> bytes:
    """After a refresh for September, with a sheet of the user that reads our pages, and a name that does."""
    book = fake_books.opened(raw)
    asked = {(1, 1): Cell("period"), (1, 2): Cell("2026-09"), (2, 1): Cell("language"), (2, 2): Cell("zh")}
    known = {"_xlsales.sheet": Name('="settings"', visible=False)}
    settings = Sheet("设置", cells=Cells(asked), names=known, id=91)
    book.sheets += [settings, Sheet("我的表", cells=Cells(MINE), id=92)]
    book.names["我的"] = Name("=xs_units[#All]")
    excel = Excel()
    live = opened(excel, fake_books.saved(book))
    with _carried():
        refresh(live, "zh")
    return fake_books.saved(of(live))


@dataclass(frozen=True)
class Run:
    """One refresh of September's workbook for October: the book before and after, and what came of it."""

    before: Book
    after: Book
    done: Done
    told: list[str]
    calls: int


@pytest.fixture(scope="session")
def october(september: bytes) -> Run:
    excel = Excel()
    live = opened(excel, september)
    ask(live, "2026-10")
    before, calls = twin(of(live)), excel.calls
    with _carried():
        done = refresh(live, "zh")
    return Run(before, twin(of(live)), done, [str(one) for one in excel.told], excel.calls - calls)


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for Excel takes no time, and as many attempts as ever."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(patience.time, "sleep", sleep)
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])


MADE: dict[Any, Any] = {}


@pytest.fixture(autouse=True)
def _each_report_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of a period are the same in every test here, and take longer than everything else.

    Pages to be explained are made all at once: each alone would compute again what others have too.
    """
    build = analysis.build_report

    def once(asked: Any, lang: Any, only: Any = (), computed: Any = None, *, traced: bool = False) -> Any:
        if traced and only:
            every = once(asked, lang, traced=True)
            return replace(every, pages=tuple(page for page in every.pages if page.key in only))
        rows = tuple(len(table) for table in asked.cleaned.tables.values())
        ignored = tuple(one.sheet for one in asked.survey.ignored)
        key = (asked.scope.period, asked.scope.basis, rows, ignored, lang, tuple(only), traced)
        if key not in MADE:
            MADE[key] = build(asked, lang, only, traced=traced)
        return MADE[key]

    monkeypatch.setattr(analysis, "build_report", once)


@pytest.fixture
def excel() -> Excel:
    return Excel()


@pytest.fixture
def live(excel: Excel, september: bytes, october: Run) -> Live:
    """The workbook of September, now asked for October."""
    return holding(opened(excel, september), october.before)


@pytest.fixture
def later(excel: Excel, september: bytes, october: Run) -> Live:
    """The same after the refresh."""
    return holding(opened(excel, september), october.after)


def opened(excel: Excel, data: bytes, name: str = "销售.xlsx", place: str = "C:\\报表\\") -> Live:
    return attached(XlwingsBook(excel.open(data, name, place + name)))


def holding(live: Live, book: Book) -> Live:
    """The open book with this content."""
    live.book._excel.inner.book = twin(book)
    return live


def of(live: Live) -> Book:
    """What the fake keeps of the open book."""
    return live.book._excel.inner.book


def sheet(live: Live, name: str) -> Sheet:
    return next(one for one in of(live).sheets if one.name == name)


def ask(live: Live, period: str) -> None:
    """Write the period on the settings sheet."""
    sheet(live, "设置").cells[1, 2] = Cell(period)


def shown(page: Sheet) -> dict[str, Any]:
    """What a sheet shows, without what is only of this workbook.

    Error bars from another book are constants there (see ``hosts.desktop.bring``), in a file they are ranges.
    """
    seen = {name: value for name, value in vars(page).items() if name not in ("id", "selection", "names")}
    charts = [
        replace(chart, series=[replace(one, bars=("",) * len(one.bars)) for one in chart.series])
        for chart in page.charts
    ]
    return seen | {"tables": sorted(page.tables, key=lambda table: table.cells), "charts": charts}
