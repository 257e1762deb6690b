"""The words in which a cell asks for a metric."""

from __future__ import annotations

import pytest

from xlsales.errors import UsageError
from xlsales.excel.functions._ask import dimensions, month


@pytest.mark.parametrize(
    ("written", "period"),
    [
        (None, None),
        ("2026-10", "2026-10"),
        ("2026-Q4", "2026-Q4"),
        ("2026", "2026"),
        ("2026-01-05..2026-02-03", "2026-01-05..2026-02-03"),
        ("2026-10-31", "2026-10"),
        ("2026-10-31 00:00:00", "2026-10"),
        ("46326", "2026-10"),
        ("202610", "2026-10"),
        ("2026年10月", "2026-10"),
        ("2026/10/3", "2026-10"),
        ("2026年", "2026"),
        ("2026年第4季度", "2026-Q4"),
        ("2026年4季度", "2026-Q4"),
        ("2026Q4", "2026-Q4"),
        ("2026-q4", "2026-Q4"),
        ("soon", "soon"),
    ],
)
def test_a_period_as_it_stands_in_cells(written: str | None, period: str | None) -> None:
    assert month(written) == period


@pytest.mark.parametrize(
    ("written", "split", "kept"),
    [
        (None, (), ()),
        ("", (), ()),
        ("channel", ("channel",), ()),
        ("渠道，月份", ("channel", "month"), ()),
        ("Region, rep", ("region", "rep"), ()),
        ("region=滨江", (), (("region", ("滨江",)),)),
        ("rep, 校区 = 滨江 , region=城西", ("rep",), (("region", ("滨江", "城西")),)),
        ("region=", (), (("region", ("",)),)),
    ],
)
def test_dimensions_to_split_by_and_values_to_keep(
    written: str | None, split: tuple[str, ...], kept: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    assert dimensions(written) == (split, kept)


def test_a_dimension_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="region, team, rep"):
        dimensions("shop")
