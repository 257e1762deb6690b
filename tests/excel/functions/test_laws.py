"""What holds of every function, whatever is in the cells."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.excel.functions import windows
from tests.excel.functions.windows import FakeRange, call, com
from xlsales.tables.live import ERRORS

CATALOGUE = windows.cells().catalogue()
QUICK = [name for name, function in CATALOGUE.items() if function.family != "metrics"]

CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(list(ERRORS)),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-5, 50_000).map(float),
    st.text(max_size=5),
    st.sampled_from(
        ["￥1.2万", "12%", "2026-10-01", "-", "2026Q4", "region=滨江", "sales", "whole", "#N/A", "=1+1"]
    ),
    st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1)).map(lambda day: day.replace(tzinfo=UTC)),  # noqa: DTZ001
)


@st.composite
def ranges(draw: st.DrawFn) -> FakeRange:
    width, height = draw(st.integers(1, 2)), draw(st.integers(1, 9))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=height, max_size=height))
    return FakeRange(com(rows))


GIVEN = CELL | ranges()


def sound(rows: Any) -> bool:
    """Whether the cells are a rectangle of what COM can carry, and no fault of ours."""
    return (
        isinstance(rows, list)
        and len({len(row) for row in rows}) == 1
        and all(isinstance(cell, str | float | bool | datetime) for row in rows for cell in row)
        and not any("itself failed" in str(cell) or "自身出错" in str(cell) for row in rows for cell in row)
    )


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_in_the_cells_the_answer_is_sound(name: str, data: st.DataObject) -> None:
    count = len(CATALOGUE[name].arguments)
    arguments = [data.draw(GIVEN if k else ranges() | GIVEN) for k in range(data.draw(st.integers(0, count)))]
    rows = call(name, *arguments)
    assert sound(rows), rows
    assert call(name, *arguments) == rows


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name not in QUICK])
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_metric_of_anything_is_a_readable_answer(name: str, data: st.DataObject) -> None:
    header = (("order_id", "order_date", "amount", "created", "won", "lost", "period", "target"),)
    row = st.tuples(*[CELL] * 8)
    body = tuple(data.draw(st.lists(row, max_size=6)))
    assert sound(call(name, *[FakeRange(com((*header, *body)))] * data.draw(st.integers(1, 3))))


SHUFFLED = (
    *(
        "XS_RFM",
        "XS_COHORT",
        "XS_REPEAT_RATE",
        "XS_ABC",
        "XS_AGING",
        "XS_MOM",
        "XS_YOY",
        "XS_STATS",
        "XS_NPS",
    ),
    *("XS_HHI", "XS_TOP_SHARE", "XS_MEDIAN_MAD", "XS_CORREL", "XS_SLOPE", "XS_WEIGHTED_PIPELINE"),
)


@pytest.mark.parametrize("name", SHUFFLED)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_the_order_of_the_rows_means_nothing(name: str, data: st.DataObject) -> None:
    kinds = {
        "numbers": st.integers(1, 10).map(float),
        "days": st.integers(46_000, 46_300).map(float),
        "texts": st.sampled_from(["甲", "乙", "丙"]),
    }
    columns = [one.kind for one in CATALOGUE[name].arguments if one.kind in kinds]
    rows = data.draw(st.lists(st.tuples(*(kinds[kind] for kind in columns)), min_size=4, max_size=12))
    mixed = data.draw(st.permutations(rows))
    after = [46_300.0] if name == "XS_AGING" else []
    one, other = (
        [[[value] for value in column] for column in zip(*order, strict=True)] for order in (rows, mixed)
    )
    for line, same in zip(call(name, *one, *after), call(name, *other, *after), strict=True):
        assert [pytest.approx(cell) if isinstance(cell, float) else cell for cell in line] == same
