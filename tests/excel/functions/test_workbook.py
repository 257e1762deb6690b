"""Functions about the workbook and about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.demo_made import demo_bytes
from tests.excel.functions.demo import sheet_of
from tests.excel.functions.test_metrics import by_command, cells_of, demo
from tests.excel.functions.windows import call, cells
from xlsales.clean.clean import clean
from xlsales.metrics._catalogue import catalogue as metrics
from xlsales.tables.mapping import survey
from xlsales.tables.sources import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsales.analysis import Understood

BOOK = "C:\\销售\\2026.xlsm"


@pytest.fixture(autouse=True)
def refreshes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Understood | None]]:
    """What the desktop host says of the workbook, call by call; the last one stays."""
    found: list[Understood | None] = [demo("zh")]
    asked: list[str] = []

    def refreshed(book: str) -> Understood | None:
        asked.append(book)
        return (found.pop(0) if len(found) > 1 else found[0]) if book == BOOK else None

    monkeypatch.setattr(cells(), "refreshed", refreshed)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    cells().forget()
    yield found
    cells().forget()


def test_a_metric_of_the_workbook_equals_the_command_line_without_any_range() -> None:
    expected = by_command("sales", "zh", {"period": "2026-10"}, by=("channel",))
    header, *rows = call("XS_METRIC", "sales", "channel", "2026-10", book=BOOK)
    assert header[:2] == ["渠道", "销售额"]
    assert rows == list(cells_of(expected))


def test_one_column_of_one_row_is_one_cell() -> None:
    region = by_command("sales", "zh", {"period": "2026-10"}, by=("region",))["rows"][0]
    asked = f"region={region['region']}"
    assert call("XS_METRIC", "销售额", asked, "2026-10", "amount", book=BOOK) == [[region["amount"]]]
    assert call("XS_METRIC", "Sales", asked, "2026-10", "销售额", book=BOOK) == [[region["amount"]]]


def test_a_workbook_that_was_never_refreshed_says_so() -> None:
    said = call("XS_METRIC", "sales", book="C:\\other.xlsx")
    assert said == [
        ["XS: 这个工作簿还没有刷新过，XS_METRIC 没有数据可用。请先点“刷新”，然后重新计算（Ctrl+Alt+F9）。"]
    ]


def test_a_refresh_is_seen_at_once(refreshes: list[Any]) -> None:
    refreshes[:] = [None, demo("zh")]
    assert call("XS_METRIC", "sales", book=BOOK, calculation=7)[0][0].startswith("XS: ")
    assert call("XS_METRIC", "sales", book=BOOK, calculation=8)[0][0] == "销售额"


def test_a_workbook_speaks_the_language_of_its_own_headers(refreshes: list[Any]) -> None:
    assert call("XS_METRIC", "sales", book=BOOK)[0][0] == "销售额"
    refreshes[:] = [demo("en")]
    assert call("XS_METRIC", "sales", book=BOOK)[0][0] == "Sales"


def test_one_workbook_does_not_answer_for_another() -> None:
    assert call("XS_METRIC", "sales", book=BOOK)[0][0] == "销售额"
    assert call("XS_METRIC", "sales", book="C:\\other.xlsx")[0][0].startswith("XS: ")


def test_an_unknown_metric_or_column_names_the_nearest() -> None:
    assert "sales" in call("XS_METRIC", "sale", book=BOOK)[0][0]
    assert "amount" in call("XS_METRIC", "sales", None, None, "amout", book=BOOK)[0][0]


@pytest.mark.parametrize("key", metrics())
def test_every_metric_explains_itself(key: str) -> None:
    rows = dict(call("XS_EXPLAIN", key)[1:6])
    assert rows["键"] == key
    assert rows["口径"] == metrics()[key].definition_zh
    assert rows == dict(call("XS_EXPLAIN", metrics()[key].zh)[1:6])


def test_help_lists_every_function_with_its_example() -> None:
    header, *rows = call("XS_HELP")
    assert header == ["函数", "说明", "示例"]
    assert [row[0] for row in rows] == list(cells().catalogue())
    assert all(row[2].startswith(f"={row[0]}(") for row in rows)


@pytest.mark.parametrize("topic", ["XS_RFM", "rfm", "=XS_RFM(A1)"])
def test_help_on_a_function_lists_its_arguments(topic: str) -> None:
    assert [row[0] for row in call("XS_HELP", topic)[3:]] == ["customers", "dates", "amounts", "as_of"]


def test_help_on_no_function_names_the_nearest() -> None:
    assert "XS_GROWTH" in call("XS_HELP", "XS_GROWHT")[0][0]


def test_check_lists_the_findings_of_the_command_line_for_the_sheet() -> None:
    name = sheet_of("orders", "zh").sheet
    sheet = next(one for one in read_workbook(demo_bytes("zh"), "demo") if one.sheet == name)
    issues = clean(survey([sheet]).tables).issues
    header, read_as, *rows = call("XS_CHECK", sheet_of("orders", "zh"))
    assert header == ["单元格", "问题", "原值", "处理", "建议"]
    assert read_as[1:3] == ["识别为", "订单"]
    assert [row[0] for row in rows] == issues["cell"].tolist()
    assert [row[2] for row in rows] == issues["value"].tolist()


def test_check_of_what_is_no_table_says_what_is_missing() -> None:
    _, row = call("XS_CHECK", [["客户", "备注"], ["甲", "乙"]])
    assert row[1] == "未识别"
