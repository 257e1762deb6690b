"""What an engine finds in tables that never come into memory is what is found in them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from tests.clean.large import dirty_tables
from xlsales.analysis import build_report
from xlsales.clean.by_source import by_source
from xlsales.clean.large import columns, compared, concerned, listing
from xlsales.clean.large.judging import RULES_THERE
from xlsales.clean.missing import missing
from xlsales.clean.reconciling.catalogue import reconciled
from xlsales.clean.rules.user_rules import applied
from xlsales.clean.score import failing
from xlsales.hosts.file import check
from xlsales.report.blocks import Table
from xlsales.tables.declared import source

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.analysis import Analysis
    from xlsales.clean.clean import Cleaned

pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, Analysis]:
    book, sources = dirty_tables.written(tmp_path_factory.mktemp("both"))
    return check([book], sources=sources), check([book], sources=sources, engine="duckdb")


@pytest.fixture(scope="module")
def both(read: tuple[Analysis, Analysis]) -> tuple[Cleaned, Cleaned]:
    return read[0].cleaned, read[1].cleaned


def test_the_same_is_found_in_the_same_cells(both: tuple[Cleaned, Cleaned]) -> None:
    in_memory, there = map(dirty_tables.found, both)
    assert_frame_equal(there, in_memory)
    assert set(there["rule"]) >= {
        *("price_high", "price_low", "zero_amount", "trial_order", "refund_over_paid", "overpaid"),
        *("no_such_order", "negative_price", "anonymous_customer", "stage_backwards", "before_order"),
        *("contract_backwards", "future_date", "lost_without_reason", "won_without_amount"),
        *("same_id", "amount_mismatch", "negative_amount", "cancellation", "possible_duplicate"),
        *("similar_name", "unknown_product", "unknown_rep", "rep_not_there", "user_excluded", "user_flagged"),
        *("not_a_product", "renewal_of_nothing", "unknown_region", "share_of_nothing"),
        *("code_many_names", "name_many_codes", "same_person"),
    }
    assert len(RULES_THERE) == len(set(RULES_THERE))


def test_own_rules_do_the_same_and_the_totals_tie_out(both: tuple[Cleaned, Cleaned]) -> None:
    in_memory, there = both
    assert_frame_equal(applied(there), applied(in_memory))
    (one,), (other,) = (
        [it for it in cleaned.reconciliations if it.table == "orders"] for cleaned in (there, in_memory)
    )
    assert one.ties
    assert {it.rule: (it.rows, it.amount) for it in one.exclusions} == {
        it.rule: (it.rows, pytest.approx(it.amount)) for it in other.exclusions
    }
    names = ["order_id", "customer", "product", "region", "rep", "channel", "amount"]
    rows = there.tables["orders"].df()[names].sort_values(names, ignore_index=True)
    assert (
        rows.astype(str).to_dict()
        == in_memory.tables["orders"][names].sort_values(names, ignore_index=True).astype(str).to_dict()
    )


def test_equal_rows_without_an_id_stand_beside_the_first_of_them(both: tuple[Cleaned, Cleaned]) -> None:
    issues = both[1].issues
    alike = issues[(issues["rule"] == "possible_duplicate") & (issues["table"] == "orders")]
    first = len(dirty_tables.orders()) - 6 + 2  # six rows without an id at the end, below a header
    assert [(one["cell"], one["suggestion"].rpartition("!")[2]) for one in alike.to_dict("records")] == [
        (f"A{first + 1}", f"A{first}"), (f"A{first + 2}", f"A{first}"), (f"A{first + 4}", f"A{first + 3}"),
    ]  # fmt: skip


def test_names_are_spelled_as_in_memory_whichever_table_is_there(both: tuple[Cleaned, Cleaned]) -> None:
    in_memory, there = map(dirty_tables.respelled, both)
    assert_frame_equal(there, in_memory)
    told = {(one["field"], one["before"]): one for one in there.to_dict("records")}
    assert told["product", "鋼琴"] | {"cell": ""} == {
        "table": "orders", "field": "product", "before": "鋼琴", "after": "钢琴", "rule": "one_spelling",
        "origin": told["product", "钢 琴"]["origin"], "source": "orders.parquet",
        "sheet": told["product", "鋼琴"]["sheet"], "cell": "", "times": 2,
    }  # fmt: skip
    assert (told["channel", "ＤＹ"]["after"], told["channel", "ＤＹ"]["origin"]) == ("抖音", "别名!B2")
    assert told["customer", "Northwind Trading Company"]["after"] == "NORTHWIND TRADING Co., Ltd."
    assert {"region", "rep"} <= set(there["field"])
    named = [told["product", before] for before in ("", "画画课")]
    assert [(one["rule"], one["after"], one["times"]) for one in named] == [
        ("name_by_code", "钢琴", 1),
        ("name_by_code", "绘画", 2),
    ]
    assert told["product", "書 法"]["rule"] == "one_spelling"  # which is the name of its code, but for spaces


FILLED = {
    ("customers", "customer", "只在订单里的公司"): 1,  # on the sheet, from an order there
    ("orders", "customer", "NORTHWIND TRADING Co., Ltd."): 2,  # there, from the sheet
    ("orders", "customer", "同一单的客户"): 1,  # from another line of the order
    ("orders", "customer_id", "C1"): 1,  # from a contract there
    ("orders", "customer_id", "C2"): 1,
    ("orders", "order_date", str(dirty_tables.day(20).date())): 1,
}


def filled(cleaned: Cleaned) -> dict[object, int]:
    changes = cleaned.changes[cleaned.changes["rule"] == "filled"]
    return changes.groupby(["table", "field", "after"])["times"].sum().to_dict()


def test_blanks_are_filled_as_in_memory_from_rows_there_and_here(both: tuple[Cleaned, Cleaned]) -> None:
    assert [filled(one) for one in both] == [FILLED, FILLED]
    assert both[1].issues["rule"].eq("backup_conflict").sum() == 2


def test_blanks_are_filled_from_another_source_of_the_table_and_in_csv_files(tmp_path: Path) -> None:
    """The last orders, which share ids and customers with the first, stand in a source of their own."""
    book, sources = dirty_tables.written(tmp_path, ("orders", "contracts"))
    orders = pd.read_parquet(tmp_path / "orders.parquet")
    orders[:-20].to_csv(tmp_path / "first.csv", index=False)
    orders[-20:].to_parquet(tmp_path / "last.parquet", index=False)
    parts = [source("orders", name, folder=tmp_path) for name in ("first.csv", "last.parquet")]
    others = [one for one in sources if one.table != "orders"]
    cleaned = check([book], sources=[*others, *parts], engine="duckdb").cleaned
    assert filled(cleaned) == FILLED
    tallies = [None if one.tally is None else one.tally.files["rows"].tolist() for one in cleaned.large]
    assert tallies == [[2], None, [20]]  # rows of CSV files have no numbers to be told apart by


def test_where_too_many_rows_have_blanks_none_is_filled_and_that_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, sources = dirty_tables.written(tmp_path, ("orders", "contracts"))
    monkeypatch.setattr(concerned, "MOST", 5)
    cleaned = check([book], sources=sources, engine="duckdb").cleaned
    assert all(one.unfilled for one in cleaned.large)
    assert "filled" not in set(cleaned.changes["rule"])


def test_tables_there_are_reconciled_as_in_memory(
    both: tuple[Cleaned, Cleaned], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory, there = (reconciled(compared.compared(cleaned)) for cleaned in both)
    assert list(there) == list(in_memory) == ["receipts"]
    assert_frame_equal(there["receipts"].totals(), in_memory["receipts"].totals())
    names = ["order_id", "ordered", "received", "status"]
    assert_frame_equal(*(one["receipts"].largest(15)[names] for one in (there, in_memory)))
    monkeypatch.setattr(compared, "MOST", 50)
    assert list(reconciled(compared.compared(both[1]))) == []


def test_what_is_missing_there_weighs_as_in_memory(both: tuple[Cleaned, Cleaned]) -> None:
    in_memory, there = both
    has = {key: set(frame.columns[frame.notna().any()]) for key, frame in in_memory.tables.items()}
    for by in ("", "rep"):
        one, other = (missing(cleaned, has, by) for cleaned in (there, in_memory))
        assert_frame_equal(one, other, check_dtype=False)


def test_sources_there_are_as_fresh_and_bring_as_much(read: tuple[Analysis, Analysis]) -> None:
    one, other = (build_report(analysis, "zh", ["log"]).pages for analysis in read)
    assert one == other
    brought = [by_source(it.cleaned.in_memory, it.survey.tables, it.cleaned.there) for it in read]
    assert {(it.table, it.source): (it.rows, it.amount) for it in brought[1]} == {
        (it.table, it.source): (it.rows, it.amount and pytest.approx(it.amount)) for it in brought[0]
    }


def test_rows_with_findings_are_counted_by_file_and_by_rep_as_in_memory(
    both: tuple[Cleaned, Cleaned],
) -> None:
    in_memory, there = map(dirty_tables.owners, both)
    assert_frame_equal(there, in_memory, check_dtype=False)
    assert {"李晓雯", "离职的人"} <= set(there["rep"][there["failed"] > 0])
    rows = failing(both[0].issues).drop_duplicates(["source", "sheet", "row"])
    failed = rows["source"].value_counts()
    for one in both[1].large:
        assert one.tally is not None
        (source, count, wrong) = one.tally.files.iloc[0]
        assert (count, wrong) == (one.reconciliation.rows_in, failed.get(source, 0))


def test_names_of_which_there_are_too_many_stay_in_every_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, sources = dirty_tables.written(tmp_path, ("orders",))
    monkeypatch.setattr(columns, "MANY", 4)  # as many as channels; products and regions are more
    cleaned = check([book], sources=sources, engine="duckdb").cleaned
    (orders,) = cleaned.large
    changed = dirty_tables.respelled(cleaned)
    assert {"product", "region"} <= set(orders.trimmed)
    assert set(changed["field"]) == {"channel", "customer"}
    assert "鋼琴" in set(cleaned.tables["orders"].df()["product"])


def test_the_review_sheet_asks_about_the_same_cases(read: tuple[Analysis, Analysis]) -> None:
    cases = []
    for analysis in read:
        (page,) = build_report(analysis, "zh", ["review"]).pages
        table = page.bands[0][0].block
        assert isinstance(table, Table)
        worth = [one.key for one in table.columns].index("amount")
        cases.append(
            {str(row[0]): (*map(repr, row[:worth]), row[worth] and f"{row[worth]:.6g}") for row in table.rows}
        )
    assert cases[1] == cases[0]
    assert len(cases[0]) > 100


def test_more_than_are_listed_are_counted(
    both: tuple[Cleaned, Cleaned], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, sources = dirty_tables.written(tmp_path)
    whole = both[1]
    monkeypatch.setattr(listing, "LISTED", 1)
    few = check([book], sources=sources, engine="duckdb").cleaned
    assert few.unlisted["orders", "amount", "user_flagged"] == (
        int((whole.issues["rule"] == "user_flagged").sum()) - 1
    )
    assert len(few.issues) + few.more() == len(whole.issues)
    assert_frame_equal(applied(few), applied(whole))
