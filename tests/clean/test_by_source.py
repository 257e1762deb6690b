"""Exports of several months are one source, and the sources add up to what counts."""

from __future__ import annotations

from tests.clean.sheets import sheet
from xlsales.clean.by_source import by_source, source_of
from xlsales.clean.clean import clean


def orders(source: str, *amounts: str):
    rows = "\n".join(f"2026-10-0{k} | {amount}" for k, amount in enumerate(amounts, 1))
    return sheet("orders", f"order_date | amount\n{rows}", source=source)


def test_each_source_has_its_rows_and_money_and_together_they_are_what_counts():
    raws = [
        orders("2026-09门店报表.xlsx", "10", "20"),
        orders("2026-10门店报表.xlsx", "30", ""),
        orders("展会10月.xlsx", "100"),
        sheet("customers", "customer_id | customer\nC1 | 甲", source="CRM.xlsx"),
    ]
    done = clean(raws)
    brought = by_source(done.tables, raws)
    assert [(one.table, one.source, one.rows, one.amount) for one in brought] == [
        ("orders", "展会", 1, 100),
        ("orders", "门店报表", 3, 60),
        ("customers", "CRM", 1, None),
    ]
    kept = done.reconciliations[0]
    assert sum(one.rows for one in brought[:2]) == kept.rows_out
    assert sum(one.amount or 0 for one in brought) == kept.amount_out
    assert source_of(done.tables["orders"], raws).tolist() == ["门店报表"] * 3 + ["展会"]
