"""Blanks are filled from the cell of another sheet, or stay blank where sheets contradict each other."""

from __future__ import annotations

from tests.clean.sheets import sheet
from xlsales.clean.call_back import call_back
from xlsales.clean.clean import clean
from xlsales.clean.missing import missing

ORDERS = """
    order_id | order_date | customer_id | customer | rep  | amount
    O1       | 2026-01-05 | C1          |          | 陈静 | 100
    O2       |            | C2          | 李雷     | 李明 | 300
    O3       | 1900-01-01 | C3          |          | 李明 | 600
"""
CUSTOMERS = "customer_id | customer | phone\nC1 | 王芳 | 未知\nC2 | 李雷 | 13912345678\nC3 | | "
LEADS = "lead_id | created | customer_id | customer | phone | stage\nL1|2026-01-01|C1|王芳|13711112222|won"


def changes(cleaned):
    return cleaned.changes[["rule", "table", "cell", "before", "after", "origin"]].to_numpy().tolist()


def test_a_backup_fills_blanks_and_is_no_data_itself() -> None:
    backup = (
        "order_id | order_date | customer | amount\nO1|2026-01-05|王芳|1\nO2|2026-02-01||1\nO3|2026-03-01||1"
    )
    cleaned = clean([sheet("orders", ORDERS), sheet("orders", backup, name="订单备份")])
    orders = cleaned.tables["orders"]
    assert orders["amount"].tolist() == [100, 300, 600]
    assert orders["order_date"].dt.strftime("%m-%d").tolist() == ["01-05", "02-01", "03-01"]
    assert changes(cleaned) == [
        ["filled", "orders", "B3", "", "2026-02-01", "订单备份!B3"],
        ["filled", "orders", "B4", "1900-01-01", "2026-03-01", "订单备份!B4"],
        ["filled", "orders", "D2", "", "王芳", "订单备份!C2"],
    ]
    assert cleaned.issues[["rule", "sheet", "suggestion"]].to_numpy().tolist() == [
        ["backup_sheet", "订单备份", "× 3"]
    ]


def test_customers_and_leads_fill_each_other_by_id() -> None:
    cleaned = clean(
        [
            sheet("orders", ORDERS),
            sheet("customers", CUSTOMERS, name="客户"),
            sheet("leads", LEADS, name="线索"),
        ]
    )
    assert changes(cleaned) == [
        ["filled", "customers", "C2", "未知", "13711112222", "线索!E2"],
        ["filled", "orders", "D2", "", "王芳", "客户!B2"],
    ]


def test_backups_that_contradict_each_other_fill_nothing() -> None:
    backup = "customer_id | customer | phone\nC3 | 甲 | \nC3 | 乙 | "
    cleaned = clean([sheet("customers", CUSTOMERS), sheet("customers", backup, name="backup")])
    assert cleaned.tables["customers"]["customer"].isna().tolist() == [False, False, True]
    issue = cleaned.issues.set_index("rule").loc["backup_conflict"]
    assert issue[["cell", "suggestion"]].tolist() == ["B4", "乙 / 甲"]


def test_a_column_that_the_sheet_does_not_have_is_not_filled() -> None:
    cleaned = clean(
        [
            sheet("orders", "order_date | customer_id | amount\n2026-01-01 | C1 | 5"),
            sheet("customers", CUSTOMERS),
        ]
    )
    assert cleaned.changes.empty


def test_what_is_missing_is_weighed_by_the_value_that_hangs_on_it() -> None:
    raws = [
        sheet("orders", ORDERS.replace("1900-01-01", "2026-03-01")),
        sheet("customers", CUSTOMERS, name="客户"),
    ]
    cleaned = clean(raws)
    has = {one.table.key: set(one.letters) for one in raws}
    report = missing(cleaned, has).set_index(["table", "field"])
    # O2 lacks its date and is left out; of O1 and O3 the latter lacks its customer.
    assert report.loc[("orders", "customer"), ["rows", "missing", "value"]].tolist() == [2, 1, 600]
    assert report.loc[("orders", "customer"), "value_share"] == 600 / 700
    assert report.loc[("customers", "phone"), ["rows", "missing", "placeholders", "value"]].tolist() == [
        3,
        2,
        1,
        700,
    ]
    by_rep = missing(cleaned, has, "rep").set_index(["table", "field", "of"])
    assert by_rep.loc[("orders", "customer", "李明"), "share"] == 1
    assert ("orders", "customer", "陈静") not in by_rep.index


def test_the_call_back_list_names_rep_cell_and_fields() -> None:
    raws = [
        sheet("orders", ORDERS.replace("1900-01-01", "2026-03-01")),
        sheet("customers", CUSTOMERS, name="客户"),
    ]
    cleaned = clean(raws)
    calls = call_back(cleaned.tables, raws)
    assert calls[["rep", "table", "cell", "fields", "value"]].to_numpy().tolist() == [
        ["李明", "customers", "B4", "customer,phone", 600],
        ["李明", "orders", "D4", "customer", 600],
        ["陈静", "customers", "C2", "phone", 100],
    ]
