"""Files of one source that write days, numbers and discounts differently are each read in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clean.large.as_files import money, read, without_numbers, wrote

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("duckdb")

NAMES = "订单编号,下单日期,客户,金额"
DAY_FIRST = "".join(f"A{day},{day:02}/03/2026,李雷,10\n" for day in range(1, 29))
MONTH_FIRST = "".join(f"B{day},03/{day:02}/2026 08:30,李雷,10\n" for day in range(1, 29))
UNSAID = "C1,02/03/2026,李雷,10\n"


@pytest.mark.parametrize(
    ("files", "months"),
    [
        ((DAY_FIRST, MONTH_FIRST), {"2026-03": 56}),
        ((MONTH_FIRST, UNSAID), {"2026-02": 1, "2026-03": 28}),
        ((DAY_FIRST, MONTH_FIRST, UNSAID), {"2026-02": 1, "2026-03": 56}),
    ],
    ids=["both", "one and nothing", "both and nothing"],
)
def test_each_file_may_put_day_and_month_in_its_own_order(
    tmp_path: Path, files: tuple[str, ...], months: dict[str, int]
) -> None:
    wrote(tmp_path, {f"o{n}.csv": f"{NAMES}\n{rows}" for n, rows in enumerate(files)})
    here, there = read(tmp_path, {"orders": "o*.csv"})
    assert without_numbers(there)["rows"] == without_numbers(here)["rows"]
    found: dict[str, int] = {}
    for row, n in there["rows"]["orders"].items():
        found[row[1][:7]] = found.get(row[1][:7], 0) + n
    assert found == months


def test_a_file_that_does_not_say_how_it_writes_days_is_read_as_in_memory(tmp_path: Path) -> None:
    wrote(tmp_path, {f"o{n}.csv": f"{NAMES}\n{rows}" for n, rows in enumerate((DAY_FIRST, UNSAID))})
    here, there = read(tmp_path, {"orders": "o*.csv"})
    assert without_numbers(there) == without_numbers(here)
    assert {row[1][:7] for row in there["rows"]["orders"]} == {"2026-02", "2026-03"}
    assert [one[0] for one in there["issues"] if one[0] == "ambiguous_dates"] == ["ambiguous_dates"]


@pytest.mark.parametrize(
    ("one", "other", "paid"),
    [
        # Of 7,55 the comma is the decimal mark, so 1,500 is one and a half there; elsewhere it is 1500.
        (["1,500", "2,500", "7,55"], ["1,500", "2,500", "9.75"], 11.55 + 4009.75),
        (["7,55", "8,25"], ["1,500", "2,500"], 15.8 + 4000),
        (["1.234,50", "1.000"], ["1,234.50", "1.5"], 2234.5 + 1236.0),
        (["￥1.234,50"], ["￥1,234.50", "-1,000.25"], 1234.5 + 234.25),
    ],
)
def test_each_file_may_have_its_own_decimal_mark(
    tmp_path: Path, one: list[str], other: list[str], paid: float
) -> None:
    for name, amounts in {"a": one, "b": other}.items():
        rows = "".join(f"{name}{n};2026-01-02;客户{name};{paid}\n" for n, paid in enumerate(amounts))
        wrote(tmp_path, {f"{name}.csv": f"{NAMES.replace(',', ';')}\n{rows}"})
    here, there = read(tmp_path, {"orders": "*.csv"})
    assert without_numbers(there) == without_numbers(here)
    assert money(there) == pytest.approx(paid)


def test_each_file_may_mean_discounts_in_its_own_way(tmp_path: Path) -> None:
    ways = {
        "percent": ("10%", "20%"),
        "paid": ("0.9", "0.8"),
        "share": ("0.1", "0.2"),
        "money": ("10", "5"),
        "none": ("", "0"),
    }
    for name, discounts in ways.items():
        rows = "".join(f"{name}{n},2026-01-02,1,100,{off}\n" for n, off in enumerate(discounts))
        wrote(tmp_path, {f"{name}.csv": f"订单编号,下单日期,数量,单价,优惠\n{rows}"})
    here, there = read(tmp_path, {"orders": "*.csv"})
    assert without_numbers(there) == without_numbers(here)
    assert money(there) == pytest.approx(170 + 170 + 170 + 185 + 200)


def test_each_file_may_write_refunds_below_or_above_zero(tmp_path: Path) -> None:
    wrote(tmp_path, {"o.csv": f"{NAMES}\nA1,2026-01-02,李雷,500\n"})
    for name, signs in {"r1": ("-10", "-20"), "r2": ("30", "40")}.items():
        rows = "".join(f"{name}{n},A1,2026-01-05,{paid}\n" for n, paid in enumerate(signs))
        wrote(tmp_path, {f"{name}.csv": f"退款编号,订单编号,退款日期,退款金额\n{rows}"})
    here, there = read(tmp_path, {"orders": "o.csv", "refunds": "r*.csv"})
    assert without_numbers(there) == without_numbers(here)
    assert money(there, "refunds") == 100


def test_each_file_may_write_probabilities_as_shares_or_points(tmp_path: Path) -> None:
    for name, shares in {"a": ("0.5", "0.25"), "b": ("30", "80"), "c": ("10%", "20%")}.items():
        rows = "".join(f"{name}{n},2026-01-02,100,{share}\n" for n, share in enumerate(shares))
        wrote(tmp_path, {f"{name}.csv": f"线索编号,创建日期,预计金额,成交概率\n{rows}"})
    here, there = read(tmp_path, {"leads": "*.csv"})
    assert without_numbers(there) == without_numbers(here)
