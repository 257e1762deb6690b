"""What an engine makes of dirty files is what is made of them in memory: rows, findings, changes, account."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from tests.clean.large.as_files import ISSUES, both, read, write
from xlsales.clean.large import columns
from xlsales.tables import engines
from xlsales.tables.specs import table

if TYPE_CHECKING:
    from tests.clean.large.as_files import Rows

pytest.importorskip("duckdb")

DAYS = [
    *("2026-01-02", "2026/1/5", "2026-01-09", "2026年2月3日", "昨天", "46000", "2026-02-30", "-", "3/4/2026"),
    *("2031-01-01", "2026-03-01 10:00", "20260105", "1900-01-01", "未知", None),
]
MONEY = [
    *("100", "1000", "￥20", "1,000.00", "(500)", "-5", "0", "=cmd", "9百", "1万", "abc", "N/A", "99999999"),
    *("1e3", "12.5", "#REF!", "80%", " 7 ", "待定", None),
]
IDS = [
    *(
        "A1",
        "A2",
        " A1",
        "A-7",
        "0012",
        "12",
        "１２",
        "无",
        "-",
        "12.0",
        "000",
        "001",
        "#N/A",
        "未知",
        "a  b",
    ),
    *("1.23E+17", "1234567890123450000", "1234567890123456789", None),
]
NAMES = ["钢琴", "鋼琴", "钢 琴", "绘画", "绘画课", "书法", "运费", "试听课", "未知", "Piano", "piano", None]
CUSTOMERS = [
    "李雷",
    "李 雷",
    "韩梅梅",
    "Northwind Ltd",
    "Northwind Ltd.",
    "NORTHWIND LTD",
    "N/A",
    "测试",
    None,
]
CODES = ["C1", "C2", "C3", "c1", "walk-in", "散客", None]
REPS = ["王芳", "王 芳", "李强", "无名", None]
PLACES = ["滨江", "城西", "上海市", None]
PHONES = ["13800001111", "+86 138 0000 1111", "138-0013-8000", "123", "abc", "13900002222", None]
COUNTS = ["1", "2", "-1", "0", "一堆", "1.5", None]
SHARES = ["10%", "0.2", "0.8", "50", "abc", "150%", None]

TEXTS = {
    "orders": {
        "order_id": IDS, "order_date": DAYS, "customer_id": CODES, "customer": CUSTOMERS, "product": NAMES,
        "rep": REPS, "channel": NAMES, "region": PLACES, "quantity": COUNTS, "unit_price": MONEY,
        "discount": SHARES, "amount": MONEY, "status": ["已付款", "已取消", "退款", "??", None],
        "type": ["新签", "续费", "试听", "x", None], "序号": IDS, "说明": ["总部发货", "x", None],
    },
    "leads": {
        "lead_id": IDS, "created": DAYS, "contacted": DAYS, "trial": DAYS, "won": DAYS, "lost": DAYS,
        "stage": ["咨询", "试听", "报名", "续费", "流失", "won", "不知", None],
        "lost_reason": ["价格", "-", None],
        "customer": CUSTOMERS, "phone": PHONES, "rep": REPS, "amount": MONEY, "probability": SHARES,
    },
    "payments": {"payment_id": IDS, "order_id": IDS, "paid_date": DAYS, "amount": MONEY},
    "refunds": {
        "refund_id": IDS, "order_id": IDS, "refund_date": DAYS, "amount": MONEY, "reason": ["价格", None],
    },
    "contracts": {
        "contract_id": IDS, "customer_id": CODES, "customer": CUSTOMERS, "start": DAYS, "end": DAYS,
        "amount": MONEY, "rep": REPS,
    },
    "customers": {
        "customer_id": CODES, "customer": CUSTOMERS, "phone": PHONES, "created": DAYS, "region": PLACES,
    },
}  # fmt: skip
"""What may stand in each column, the usual texts first."""
TOTALS = ["合计", "总计", "华东小计", "Total"]


def dirty(key: str, dice: random.Random) -> tuple[list[str], Rows]:
    """A table in which more or less of the texts are unusual, with a total and a blank row at times."""
    texts, share = TEXTS[key], dice.choice([0.1, 0.3, 0.5])
    needed = {one.name for one in table(key).columns if one.needed}
    names = [name for name in texts if name in needed or dice.random() < 0.8]
    if {"quantity", "unit_price"} <= set(names) and dice.random() < 0.3:
        names.remove("amount")
    first = next(iter(texts))
    rows = [
        [dice.choice(texts[name] if dice.random() < share else texts[name][:2]) for name in names]
        for _ in range(dice.randrange(3, 25))
    ]
    for number, row in enumerate(rows):
        if first in names and dice.random() < 0.7:
            row[names.index(first)] = f"N{number}"
        if "序号" in names:
            row[names.index("序号")] = str(number)
    if key == "refunds" and dice.random() < 0.3:
        for row in rows:
            row[names.index("amount")] = dice.choice(["-5", "-10.5"])
    rows.append(list(dice.choice(rows)))
    rows.insert(dice.randrange(len(rows)), [None] * len(names))
    total: list[str | None] = [None] * len(names)
    total[dice.randrange(len(names))] = dice.choice(TOTALS)
    if "amount" in names and dice.random() < 0.5:
        total[names.index("amount")] = "12345"
    if "order_date" in names and dice.random() < 0.5:
        total[names.index("order_date")] = "2026-01-31"
    rows.insert(dice.randrange(len(rows)), total)
    return names, [tuple(row) for row in rows]


@pytest.mark.parametrize("few", [engines.FEW, 0], ids=["held", "asked of the files"])
@settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    keys=some.sampled_from([
        ("orders",), ("leads",), ("orders", "payments", "refunds"), ("orders", "customers", "contracts"),
    ]),
    seed=some.integers(0, 10**6),
)  # fmt: skip
def test_dirty_files_come_to_the_same(few: int, keys: tuple[str, ...], seed: int) -> None:
    dice = random.Random(seed + few)
    tables = {key: dirty(key, dice) for key in keys}
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(engines, "FEW", few)
        here, there = both(Path(folder), tables)
    assert there == here


@settings(max_examples=1, deadline=None, derandomize=True, phases=[Phase.generate])
@given(key=some.sampled_from(["orders", "leads"]), seed=some.integers(0, 10**6))
def test_files_with_other_columns_and_names_in_one_source_come_to_the_same(key: str, seed: int) -> None:
    dice = random.Random(seed)
    with TemporaryDirectory() as folder:
        for file, lang in (("one", "zh"), ("two", "en")):
            write(Path(folder) / f"{file}.parquet", key, *dirty(key, dice), lang)  # type: ignore[arg-type]
        here, there = read(Path(folder), {key: "*.parquet"})
    if "refused" in here:
        assert set(there) == {"refused"}
        return
    # Like rows are told by their table, in memory by their sheet.
    for said in (here, there):
        found = said["issues"].elements()
        counted = Counter((one[ISSUES.index("rule")], one[ISSUES.index("source")]) for one in found)
        said["issues"] = dict(counted)
    assert there == here


ORDERS = ("order_id", "order_date", "amount")
DAY = "2026-01-02"


@pytest.mark.parametrize("many", [50_000, 3], ids=["each read", "too many to read each"])
def test_ids_say_the_same(many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MANY", many)
    said = [
        "12.0",
        "13.0",
        "7",
        "-",
        "n/a",
        "null",
        "unknown",
        "1.23E+17",
        "1234567890123450000",
        "0012",
        " x ",
    ]
    here, there = both(tmp_path, {"orders": (ORDERS, [(one, DAY, "5") for one in said])})
    assert there["rows"] == here["rows"]
    assert there["account"] == here["account"]
    assert {row[0] for row in there["rows"]["orders"]} == {"12", "13", "7", "0012", "x", ""}


def test_ids_with_a_fraction_among_them_are_no_whole_numbers(tmp_path: Path) -> None:
    rows: Rows = [(one, DAY, "5") for one in ("12.0", "13.0", "1.5")]
    here, there = both(tmp_path, {"orders": (ORDERS, rows)})
    assert there == here
    assert {row[0] for row in there["rows"]["orders"]} == {"12.0", "13.0", "1.5"}


def test_long_ids_that_end_in_zeros_are_lost_only_where_most_do(tmp_path: Path) -> None:
    exact = [f"12345678901234{number}" for number in range(5671, 5676)]
    rows: Rows = [(one, DAY, "5") for one in (*exact, "1234567890123450000")]
    here, there = both(tmp_path, {"orders": (ORDERS, rows)})
    assert there == here
    assert ("lost_digits" in str(there["issues"])) is False


@pytest.mark.parametrize(
    ("discounts", "amounts"),
    [
        (("10%", "20%", "0%"), (90.0, 160.0, 300.0)),
        (("0.9", "0.8", "0.95"), (90.0, 160.0, 285.0)),
        (("0.1", "0.2", None), (90.0, 160.0, 300.0)),
        (("5", "20", "1"), (95.0, 180.0, 299.0)),
        ((None, None, "0"), (100.0, 200.0, 300.0)),
    ],
    ids=["percents", "what is paid", "shares", "money", "none"],
)
def test_an_amount_that_a_file_lacks_is_quantity_and_price_less_the_discount(
    discounts: tuple[str | None, ...], amounts: tuple[float, ...], tmp_path: Path
) -> None:
    names = ("order_id", "order_date", "quantity", "unit_price", "discount")
    rows: Rows = [(f"D{at}", DAY, str(1 + at), "100", off) for at, off in enumerate(discounts)]
    here, there = both(tmp_path, {"orders": (names, rows)})
    assert there == here
    at = [one.name for one in table("orders").columns].index("amount")
    assert sorted(float(row[at]) for row in there["rows"]["orders"]) == pytest.approx(sorted(amounts))


def test_refunds_that_are_all_below_zero_are_turned(tmp_path: Path) -> None:
    orders: Rows = [("O1", DAY, "500")]
    refunds: Rows = [("R1", "O1", "2026-01-05", "-50"), ("R2", "O1", "2026-01-06", "-20")]
    names = ("refund_id", "order_id", "refund_date", "amount")
    here, there = both(tmp_path, {"orders": (ORDERS, orders), "refunds": (names, refunds)})
    assert there == here
    assert there["account"]["refunds"][0] == (2, 2, 0, True, 70.0)


def test_totals_are_left_out_also_beside_a_date(tmp_path: Path) -> None:
    names = ("order_date", "rep", "amount", "说明")
    rows: Rows = [
        (DAY, "王芳", "100", None),
        (DAY, "李强", "50", "总部发货"),
        (DAY, "合 计", "150", None),
        (None, None, None, None),
        (None, None, "150", "华东小计"),
        (None, "Grand Total:", "150", None),
    ]
    here, there = both(tmp_path, {"orders": (names, rows)})
    assert there == here
    assert there["account"]["orders"] == ((5, 2, 0, True, 150.0), [("skipped_row", 3, 0.0)])


def test_a_total_may_stand_where_the_rows_are_numbered(tmp_path: Path) -> None:
    names = ("序号", "order_date", "amount")
    rows: Rows = [("1", DAY, "100"), ("2", DAY, "50"), ("合计", None, "150")]
    here, there = both(tmp_path, {"orders": (names, rows)})
    assert there == here
    assert there["account"]["orders"] == ((3, 2, 0, True, 150.0), [("skipped_row", 1, 0.0)])


def test_a_header_that_comes_again_is_no_row_and_nothing_counts_twice(tmp_path: Path) -> None:
    titles = tuple(table("orders").column(name).zh for name in ORDERS)
    rows: Rows = [("O1", DAY, "100"), titles, ("O2", DAY, "50"), ("O3", DAY, "7")]
    here, there = both(tmp_path, {"orders": (ORDERS, rows)})
    assert there["rows"] == here["rows"]
    assert there["account"]["orders"] == ((4, 3, 0, True, 157.0), [("skipped_row", 1, 0.0)])


def test_rows_that_differ_in_their_running_number_alone_are_one(tmp_path: Path) -> None:
    rows: Rows = [("O1", DAY, "100", "1"), ("O2", DAY, "50", "2"), ("O1", DAY, "100", "3")]
    here, there = both(tmp_path, {"orders": ((*ORDERS, "序号"), rows)})
    assert there == here
    assert there["account"]["orders"][0][:2] == (3, 2)


@pytest.mark.parametrize(
    ("names", "rows", "says"),
    [
        (ORDERS, [(f"O{at}", "下周", "5") for at in range(12)], "12"),
        (
            ("order_id", "order_date", "quantity", "unit_price", "amount"),
            [("O1", DAY, "2", "51,865", "10,373"), *((f"O{at}", DAY, "1", "70", "70") for at in range(20))],
            "51,865",
        ),
    ],
    ids=["a column that reads as nothing", "decimal marks that were lost"],
)
def test_a_file_that_cannot_be_believed_is_refused(
    names: tuple[str, ...], rows: Rows, says: str, tmp_path: Path
) -> None:
    here, there = both(tmp_path, {"orders": (names, rows)})
    assert there == here
    assert says in there["refused"]


def test_a_file_is_believed_where_few_of_its_ids_say_nothing(tmp_path: Path) -> None:
    names = ("refund_id", "order_id", "refund_date", "amount")
    refunds: Rows = [(f"R{at}", "O1" if at < 40 else "未知", "2026-01-05", "1") for at in range(52)]
    here, there = both(tmp_path, {"orders": (ORDERS, [("O1", DAY, "500")]), "refunds": (names, refunds)})
    assert there == here
    assert there["account"]["refunds"][0][:2] == (52, 40)


def test_targets_whose_months_stand_side_by_side_are_read(tmp_path: Path) -> None:
    goals: Rows = [("王芳", "100", "200", "300"), ("李强", "10", "20", "30")]
    months = ("rep", "2026年1月", "2026年2月", "2026年3月")
    here, there = both(tmp_path, {"orders": (ORDERS, [("O1", DAY, "5")]), "targets": (months, goals)})
    assert there == here
    assert sum(there["rows"]["targets"].values()) == 6
