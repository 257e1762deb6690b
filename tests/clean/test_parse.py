"""Every kind reads its written cases, and the laws that hold for all texts."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlsales.clean.frames import DTYPES
from xlsales.clean.parse import parse
from xlsales.clean.parse import text as texts_of
from xlsales.clean.parse._distinct import TIDY, read_distinct
from xlsales.clean.parse.dates import FIRST, LAST, moments
from xlsales.clean.parse.placeholder import DOUBTFUL
from xlsales.tables.spec import Column
from xlsales.tables.specs import LEADS, TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsales.clean.parse import Parsed
    from xlsales.clean.parse._distinct import Reading
    from xlsales.tables.spec import Kind

CASES = tomllib.loads((Path(__file__).parent / "cases/parse.toml").read_text("utf-8"))
NAMED = [
    pytest.param(kind, case, id=f"{kind}: {case['name']}") for kind, cases in CASES.items() for case in cases
]


def column(kind: Kind) -> Column:
    return Column("c", kind, "", "", values=LEADS.column("stage").values if kind == "stage" else {})


def read(kind: Kind, cells: list[str | None], scale: float = 1.0) -> Parsed:
    return parse(column(kind), pd.Series(cells, dtype="str"), scale)


def plain(value: Any) -> Any:
    if pd.isna(value):
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else value


@pytest.mark.parametrize(("kind", "case"), NAMED)
def test_a_column_is_read_as_written(kind: Kind, case: dict[str, Any]) -> None:
    parsed = read(kind, case["cells"], case.get("scale", 1.0))
    assert [plain(value) for value in parsed.values] == case["values"]
    found = [
        f"{one.rule}: {said}" if said else one.rule for one in parsed.findings for said in one.suggestions
    ]
    assert found == case.get("found", [])


def test_a_target_may_be_a_share_whatever_the_unit_of_its_column() -> None:
    cells = pd.Series(["95%", "3.5", "９０％", "300%", "-5 %", "20万"], dtype="str")
    parsed = parse(TARGETS.column("target"), cells, scale=10_000)
    assert parsed.values.tolist() == pytest.approx(
        [0.95, 35_000, 0.9, float("nan"), -0.05, 200_000], nan_ok=True
    )
    assert [(one.rule, one.rows.tolist()) for one in parsed.findings] == [("unclear_percent", [3])]


def test_every_kind_has_cases() -> None:
    assert CASES.keys() == DTYPES.keys()


@pytest.mark.parametrize(("kind", "case"), NAMED)
def test_a_text_is_blank_or_read_or_found(kind: Kind, case: dict[str, Any]) -> None:
    parsed = read(kind, case["cells"], case.get("scale", 1.0))
    found = {row for one in parsed.findings if "×" not in "".join(one.suggestions) for row in one.rows}
    assert not found & set(parsed.values.dropna().index)


def test_an_index_of_any_kind_is_kept() -> None:
    cells = pd.Series(["1", "x", None], index=[7, 9, 12], dtype="str")
    parsed = parse(column("money"), cells)
    assert parsed.values.index.tolist() == [7, 9, 12]
    assert [one.rows.tolist() for one in parsed.findings] == [[9]]


KINDS: list[Kind] = list(DTYPES)
texts = st.lists(
    st.none() | st.text(max_size=20) | st.text("0123456789.,-/年月日 ¥万%()eE:", max_size=14), max_size=8
)


@settings(deadline=None)
@given(st.sampled_from(KINDS), texts)
def test_no_text_makes_a_parser_fail(kind: Kind, cells: list[str | None]) -> None:
    before = list(cells)
    parsed = read(kind, cells)
    assert cells == before
    assert str(parsed.values.dtype) == DTYPES[kind]
    assert len(parsed.values) == len(cells)


@settings(deadline=None)
@given(st.sampled_from(KINDS), texts, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(kind: Kind, cells: list[str | None], dice: Any) -> None:
    order = list(range(len(cells)))
    dice.shuffle(order)
    straight = [plain(value) for value in read(kind, cells).values]
    shuffled = [plain(value) for value in read(kind, [cells[at] for at in order]).values]
    assert shuffled == [straight[at] for at in order]


cents = st.integers(-(10**13), 10**13)
WIDE = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")


def notations(amount: Decimal) -> dict[str, str]:
    """One amount in every notation that loses nothing."""
    size, sign = abs(amount), "-" if amount < 0 else ""
    grouped = f"{size:,.2f}"
    return {
        "plain": f"{amount:.2f}",
        "grouped": f"{sign}{grouped}",
        "yuan": f"{sign}￥{grouped}",
        "yuan behind": f"{sign}{grouped}元",
        "code": f"CNY {sign}{grouped}",
        "minus behind": f"{grouped}{sign}",
        "brackets": f"({grouped})" if amount < 0 else grouped,
        "typographic minus": f"{sign.replace('-', '−')}{grouped}",
        "full width": f"{sign}{grouped}".translate(WIDE),
        "万": f"{sign}{size / 10_000:f}万",
        "亿": f"{sign}{size / 100_000_000:f}亿元",
        "k": f"{sign}{size / 1_000:f}k",
        "M": f"{sign}{size / 1_000_000:f} M",
        "spaces": f" {sign}{grouped.replace(',', ' ')}\u00a0",
    }


@settings(deadline=None)
@given(st.lists(cents, min_size=1, max_size=5))
def test_money_in_any_notation_reads_back_exactly(amounts: list[int]) -> None:
    exact = [Decimal(amount) / 100 for amount in amounts]
    for notation in notations(Decimal(0)):
        # 12.5 in front proves the point where an amount alone ("1.234" 万) would leave it open
        cells = ["12.5", *(notations(amount)[notation] for amount in exact)]
        assert read("money", cells).values.tolist()[1:] == [float(amount) for amount in exact], notation


@settings(deadline=None)
@given(st.lists(cents, min_size=1, max_size=5))
def test_european_money_reads_back_exactly(amounts: list[int]) -> None:
    cells = [f"{Decimal(amount) / 100:,.2f}".translate(str.maketrans(",.", ".,")) for amount in amounts]
    parsed = read("money", cells)
    assert parsed.values.tolist() == [float(Decimal(amount) / 100) for amount in amounts]
    assert [one.rule for one in parsed.findings] == ["decimal_comma"]


days = st.dates(max(FIRST, date(2000, 1, 1)), LAST - timedelta(days=365))
FORMS = (
    "%Y-%m-%d", "%Y-%m-%d 00:00:00", "%Y-%m-%dT10:30:00", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日",
    "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%A, %B %d, %Y", "%m/%d/%Y", "%m/%d/%y", "%Y年%m月%d日 下午3:05",
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(days, min_size=1, max_size=5), st.sampled_from(FORMS))
def test_dates_in_any_form_read_back(written: list[date], form: str) -> None:
    if "%y" in form:
        written = [day for day in written if day.year < 2100]
    # the 28th in second place proves month/day
    cells = [day.strftime(form) for day in (date(2026, 1, 28), *written)]
    assert [plain(value) for value in read("date", cells).values][1:] == [day.isoformat() for day in written]


MOMENTS = st.datetimes(
    datetime.combine(date(2000, 1, 1), time.min), datetime.combine(date(2099, 12, 31), time.min)
)
CLOCKS = (
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y年%m月%d日 %H时%M分%S秒",
    "%b %d, %Y %I:%M:%S %p",
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(MOMENTS, max_size=5), st.sampled_from(CLOCKS))
def test_moments_keep_the_time_of_day_to_the_second(written: list[datetime], form: str) -> None:
    read = moments([one.strftime(form) for one in written])
    assert read.values == [one.replace(microsecond=0) for one in written]


@settings(deadline=None)
@given(MOMENTS.map(lambda one: one.replace(microsecond=0)))
def test_moments_as_excel_serials_read_back(written: datetime) -> None:
    serial = (written - datetime.combine(date(1899, 12, 30), time.min)) / timedelta(days=1)
    (found,) = moments([f"{serial:.9f}"]).values
    assert abs(found - written) <= timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2026-10-01", time(0, 0)),
        ("2026-10-01 下午3:05", time(15, 5)),
        ("2026-10-01 上午12:10", time(0, 10)),
        ("2026-10-01 12:10 AM", time(0, 10)),
        ("2026-10-01 中午11:30", time(11, 30)),
        ("2026-10-01 中午12:30", time(12, 30)),
        ("2026-10-01 中午1点30", time(13, 30)),
        ("2026-10-01 晚上12:00", time(0, 0)),
        ("2026-10-01 24:00", time(0, 0)),
        ("2026-10-01 10:75", time(0, 0)),
        ("２０２６－１０－０１　１５：３０", time(15, 30)),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text: str, clock: time) -> None:
    assert moments([text]).values == [datetime.combine(date(2026, 10, 1), clock)]


@settings(deadline=None)
@given(st.lists(days, min_size=1, max_size=5))
def test_dates_as_excel_serials_read_back(written: list[date]) -> None:
    cells: list[str | None] = [str((day - date(1899, 12, 30)).days) for day in written]
    assert [plain(value) for value in read("date", cells).values] == [day.isoformat() for day in written]


@settings(deadline=None)
@given(st.lists(st.dates(date(2000, 1, 1), date(2099, 12, 31)), min_size=1, max_size=5))
def test_day_first_dates_read_back(written: list[date]) -> None:
    cells = [day.strftime("%d/%m/%Y") for day in (date(2026, 1, 28), *written)]
    assert [plain(value) for value in read("date", cells).values][1:] == [day.isoformat() for day in written]


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_percentages_with_a_sign_read_back_exactly(shares: list[int]) -> None:
    cells = [f"{Decimal(share) / 100}%" for share in shares]
    assert read("percent", ["12.5%", *cells]).values.tolist()[1:] == [
        float(Decimal(share) / 10_000) for share in shares
    ]


@settings(deadline=None)
@given(st.lists(st.from_regex(r"\A0*[1-9][0-9]{0,13}\Z"), min_size=1, max_size=5))
def test_ids_keep_their_zeros(written: list[str]) -> None:
    assert read("id", list(written)).values.tolist() == written


CHARACTERS = st.sampled_from([*"0Aa -_.+#/", "Ａ", "０", "中", "　", "\u200b", "\n", "é"])
TEXTS = st.lists(st.text(CHARACTERS, max_size=18) | st.sampled_from(["N/A", "#REF!", "1.0", "1E+17", "无"]))


@pytest.mark.parametrize(("read", "plain"), [(texts_of.ids, texts_of.PLAIN_ID), (texts_of.text, TIDY)])
@settings(deadline=None)
@given(texts=TEXTS)
def test_texts_that_are_taken_as_they_are_would_be_read_as_they_are(
    texts: list[str], read: Callable[[list[str]], Reading], plain: str
) -> None:
    for cells in (texts, *([one] for one in texts)):
        column = pd.Series(cells, dtype="str")
        quick, slow = (read_distinct(column, "str", read, pattern, DOUBTFUL) for pattern in (plain, None))
        pd.testing.assert_series_equal(quick.values, slow.values)
        assert len(quick.findings) == len(slow.findings)
