"""The same record in several sheets counts once, the later or fuller one, in whatever order they come."""

from __future__ import annotations

import itertools

import pytest

from tests.clean.sheets import sheet
from xlsales.clean.clean import clean

JAN = """
    order_id | order_date | customer | amount
    O1       | 2026-01-05 | 王芳     | 100
    O2       | 2026-01-20 | 李雷     | 200
"""
FEB = """
    order_id | order_date | customer | amount
    O2       | 2026-01-20 | 李雷     | 150
    O3       | 2026-02-10 | 王芳     | 300
"""


def test_a_later_export_updates_an_order_whatever_the_order_of_files() -> None:
    january, february = sheet("orders", JAN, source="1.csv"), sheet("orders", FEB, source="2.csv")
    for raws in itertools.permutations([january, february]):
        cleaned = clean(raws)
        orders = cleaned.tables["orders"].set_index("order_id")
        assert orders["amount"].to_dict() == {"O1": 100, "O2": 150, "O3": 300}
        issue = cleaned.issues.set_index("rule").loc["superseded"]
        stands = "2.csv!Sheet1!A2"
        assert issue[["source", "cell", "suggestion", "amount"]].tolist() == [
            "1.csv",
            "A3",
            stands,
            200,
        ]
        assert cleaned.reconciliations[0].ties


def test_the_same_file_twice_changes_nothing() -> None:
    once, twice = (clean([sheet("orders", JAN, source=f"{at}.csv") for at in range(n)]) for n in (1, 2))
    assert once.tables["orders"]["amount"].tolist() == twice.tables["orders"]["amount"].tolist()
    targets = "period | rep | target\n2026-10 | 王芳 | 5\n2026-11 | 王芳 | 6"
    cleaned = clean([sheet("targets", targets, source=f"{at}.csv") for at in range(2)])
    assert cleaned.tables["targets"]["target"].tolist() == [5, 6]
    assert cleaned.issues["rule"].unique().tolist() == ["repeated_sheet"]


def test_of_two_systems_the_fuller_record_survives() -> None:
    crm = sheet(
        "orders", "order_id | order_date | amount | rep\nO1 | 2026-01-05 | 100 | 陈静", source="crm.csv"
    )
    shop = sheet("orders", "order_id | order_date | amount\nO1 | 2026-01-05 | 90", source="shop.csv")
    for raws in ([crm, shop], [shop, crm]):
        assert clean(raws).tables["orders"][["amount", "rep"]].to_numpy().tolist() == [[100, "陈静"]]


def test_one_id_for_two_people_is_pointed_out_and_both_count() -> None:
    other = "order_id | order_date | customer | amount\nO1 | 2026-02-05 | 韩梅梅 | 70"
    cleaned = clean([sheet("orders", JAN, source="a.csv"), sheet("orders", other, source="b.csv")])
    assert cleaned.issues["rule"].tolist() == ["reused_id"]
    assert len(cleaned.tables["orders"]) == 3


LINES = "order_id | order_date | customer | product | amount\n"


def test_lines_of_an_order_are_updated_line_by_line() -> None:
    first = LINES + "O1 | 2026-01-05 | 王芳 | 钢琴 | 10\nO1 | 2026-01-05 | 王芳 | 英语 | 20"
    second = LINES + "O1 | 2026-01-05 | 王芳 | 英语 | 25\nO2 | 2026-02-05 | 李雷 | 钢琴 | 30"
    orders = clean([sheet("orders", first, source="1.csv"), sheet("orders", second, source="2.csv")]).tables[
        "orders"
    ]
    assert sorted(orders["amount"]) == [10, 25, 30]


@pytest.mark.parametrize(("others", "found"), [(10, []), (30, ["same_id"])])
def test_one_id_twice_is_a_contradiction_only_where_ids_are_unique(others: int, found: list[str]) -> None:
    rows = "".join(f"X{at} | 2026-01-05 | 客{at} | 钢琴 | 100\n" for at in range(others))
    twice = LINES + rows + "O1 | 2026-01-05 | 王芳 | 钢琴 | 100\nO1 | 2026-01-05 | 王芳 | 钢琴 | 110"
    cleaned = clean([sheet("orders", twice)])
    assert cleaned.issues["rule"].tolist() == found
    assert len(cleaned.tables["orders"]) == others + 2


def test_a_person_twice_is_pointed_out_once_and_never_merged() -> None:
    rows = """
        customer_id | customer | created    | phone
        C2          | 李雷     | 2026-02-01 | 139 1234 5670
        C1          | 李雷     | 2026-01-01 | 13912345670
    """
    cleaned = clean([sheet("customers", rows)])
    told = cleaned.issues[["rule", "cell", "suggestion"]].to_numpy().tolist()
    assert told == [["same_person", "D2", "Sheet1!A3"]]
    assert len(cleaned.tables["customers"]) == 2


def test_a_record_is_told_as_a_reused_id_or_as_counted_twice_and_never_as_both() -> None:
    """Of another customer it is another order; where only the day differs it is one order in two sources."""
    crm = sheet(
        "orders", "order_id | order_date | customer | amount\nO1 | 2026-01-05 | 李雷 | 70", source="crm.csv"
    )
    columns = "order_id | order_date | customer | amount\n"
    other, later = (
        sheet("orders", f"{columns}O1 | 2026-02-05 | {name} | 70", source="b.csv") for name in ("韩梅梅", "")
    )
    assert clean([crm, other]).issues["rule"].tolist() == ["reused_id"]
    assert clean([crm, later]).issues["rule"].tolist() == ["double_counted"]
