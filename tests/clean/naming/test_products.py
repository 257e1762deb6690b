"""Products by their codes."""

from __future__ import annotations

from tests.clean.sheets import sheet
from xlsales.clean.clean import clean

PRODUCTS = sheet("products", "product_id | product\n007 | GTX Pro\nP2 | Math", name="课程")


def lines(*rows: str) -> str:
    return "\n".join(
        ["order_date | amount | product_id | product", *(f"2026-10-01 | 5 | {row}" for row in rows)]
    )


def test_the_products_table_says_what_a_code_is_called_and_its_cell_is_the_origin() -> None:
    cleaned = clean(
        [sheet("orders", lines("007 | ", "007 | Something", "007 | GTXPro", "P9 | Other")), PRODUCTS]
    )
    assert cleaned.tables["orders"]["product"].tolist() == ["GTX Pro", "GTX Pro", "GTX Pro", "Other"]
    assert cleaned.tables["orders"]["product_id"].tolist() == ["007", "007", "007", "P9"]
    assert cleaned.changes[["rule", "cell", "before", "after", "origin"]].to_numpy().tolist() == [
        ["name_by_code", "D2", "", "GTX Pro", "课程!B2"],
        ["name_by_code", "D3", "Something", "GTX Pro", "课程!B2"],
        ["one_spelling", "D4", "GTXPro", "GTX Pro", "课程!B2"],
    ]


def test_a_code_that_the_products_table_calls_two_names_changes_nothing() -> None:
    twice = sheet("products", "product_id | product\nP1 | Math\nP1 | Maths", name="课程")
    cleaned = clean([sheet("orders", lines("P1 | Chinese")), twice])
    assert cleaned.tables["orders"]["product"].tolist() == ["Chinese"]


def test_a_sheet_that_has_only_codes_has_them_as_products() -> None:
    raws = sheet("orders", "order_date | amount | product_id\n2026-10-01 | 5 | 007\n2026-10-01 | 6 | X")
    assert clean([raws]).tables["orders"]["product"].tolist() == ["007", "X"]
    cleaned = clean([raws, PRODUCTS])
    assert cleaned.tables["orders"]["product"].tolist() == ["GTX Pro", "X"]
    assert cleaned.changes.empty  # the sheet has no cell with a name that could have changed


def test_a_code_may_be_an_alias() -> None:
    raws = sheet("orders", "order_date | amount | product_id\n2026-10-01 | 5 | X-1")
    listed = sheet("aliases", "kind | alias | name\n课程 | x1 | English", name="别名")
    assert clean([raws, listed]).tables["orders"]["product"].tolist() == ["English"]


def issues(*rows: str, master: bool = False) -> list[list[str]]:
    found = clean([sheet("orders", lines(*rows)), *([PRODUCTS] if master else [])]).issues
    found = found[found["rule"] != "possible_duplicate"]
    return found[["rule", "cell", "field", "value", "suggestion"]].to_numpy().tolist()


def test_one_code_with_several_names_is_listed_once_a_name() -> None:
    rows = ["P1 | Mug", "P1 | Mug", "P1 | damaged", "P1 | damaged", "P1 | mug", "P1 | Lamp"]
    assert issues(*rows) == [
        ["code_many_names", "D4", "product", "damaged", "Mug"],
        ["code_many_names", "D7", "product", "Lamp", "Mug"],
    ]


def test_the_products_table_says_which_of_several_names_is_meant() -> None:
    assert issues("P2 | Physics", "P2 | Physics", "P2 | Math", master=True) == [
        ["code_many_names", "D2", "product", "Physics", "Math"]
    ]


def test_one_name_with_several_codes_is_listed_once_a_code() -> None:
    assert issues("P1 | Mug", "P1 | Mug", "P8 | MUG", "P9 | mug", "P7 | Jug") == [
        ["name_many_codes", "C4", "product_id", "P8", "P1"],
        ["name_many_codes", "C5", "product_id", "P9", "P1"],
    ]


def test_names_that_differ_in_spaces_hyphens_and_case_are_one_and_near_ones_are_proposed() -> None:
    rows = ["|GTX Pro Station", "|GTX Pro Station", "|GTX-Pro station", "|GTXPro Station", "|GTX Pro Statoin"]
    products = clean([sheet("orders", lines(*rows))]).tables["orders"]["product"]
    assert products.tolist() == ["GTX Pro Station"] * 4 + ["GTX Pro Statoin"]
    assert issues(*rows) == [["similar_name", "D6", "product", "GTX Pro Statoin", "GTX Pro Station"]]


def test_order_lines_have_their_names_by_code_as_well() -> None:
    raws = sheet("order_lines", "order_id | product_id | quantity | unit_price\nO1 | 007 | 1 | 5")
    assert clean([raws, PRODUCTS]).tables["order_lines"]["product"].tolist() == ["GTX Pro"]
