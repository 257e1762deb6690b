"""Dirt of whole rows and sheets: one thing several times, parts that do not fit, columns read in a way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clean.soiled import injects, last, later, untouched

if TYPE_CHECKING:
    from tests.clean.soiled import Row, Rows, Sheets


# one record several times


@injects("duplicate", "orders")
def again(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, last(sheets))
    return sheets.add("orders", [sheets.row("orders", at) for at in rows])


@injects("possible_duplicate", "targets")
def again_without_id(sheets: Sheets, count: int) -> Rows:
    return sheets.add("targets", [sheets.row("targets", at) for at in sheets.take("targets", count)])


@injects("same_id", "orders")
def other_content(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, last(sheets))
    return sheets.add("orders", [sheets.row("orders", at) | {"campaign": "corrected"} for at in rows])


@injects("superseded", "orders earlier")
def older_export(sheets: Sheets, count: int) -> Rows:
    rows = _long_ago(sheets, count)
    return sheets.add("orders earlier", [sheets.row("orders", at) | {"campaign": "as it was"} for at in rows])


@injects("reused_id", "orders earlier")
def id_of_another(sheets: Sheets, count: int) -> Rows:
    rows = _long_ago(sheets, count)
    return sheets.add("orders earlier", [
        sheets.row("orders", at)
        | {
            "customer_id": f"X{at:05}", "customer": f"Somebody Else {at}", "order_date": "2025-01-15",
            "type": "新签" if sheets.lang == "zh" else "New",
        }
        for at in rows
    ])  # fmt: skip


@injects("double_counted", "orders shop")
def sold_in_the_shop_too(sheets: Sheets, count: int) -> Rows:
    sold = [sheets.row("orders", at) for at in sheets.take("orders", count, last(sheets))]
    return sheets.add("orders shop", [
        {name: one[name] for name in ("customer_id", "customer", "product", "amount")}
        | {"order_date": later(one["order_date"], 1)}
        for one in sold
    ])  # fmt: skip


@injects("same_person", "customers")
def twice(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("customers", count, lambda row: bool(row["phone"]))
    return sheets.add("customers", [
        sheets.row("customers", at) | {"customer_id": f"NEW{at}", "created": "2026-10-31"} for at in rows
    ])  # fmt: skip


@injects("repeated_sheet", "market copy")
def sheet_twice(sheets: Sheets, count: int) -> Rows:
    rows: list[Row] = [{"period": "2026-10", "size": str(1000 + number)} for number in range(count)]
    sheets.add("market", rows)
    return sheets.add("market copy", rows)


# backups


@injects("backup_conflict", "customers")
def torn_backup(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("customers", count, lambda row: bool(row["phone"]))
    for at in rows:
        one = sheets.columns["customers"]["customer_id"][at]
        for number in (1, 2):
            sheets.add("customers backup", [{"customer_id": one, "phone": f"1590000{number}{at:03}"}])
    return sheets.put("customers", "phone", rows, None)


@injects("backup_sheet", "customers backup")
def backup(sheets: Sheets, count: int) -> Rows:
    """The backup of ``torn_backup``; the cell that stands for it is its header."""
    del sheets, count
    return [-1]


# what belongs together


@injects("no_such_order", "payments")
def payment_of_nothing(sheets: Sheets, count: int) -> Rows:
    return sheets.put("payments", "order_id", sheets.take("payments", count, untouched(sheets)), "NOPE")


@injects("conflicting_header", "order_headers")
def header_that_says_less(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("order_headers", count)
    return sheets.add("order_headers", [sheets.row("order_headers", at) | {"rep": None} for at in rows])


@injects("total_differs", "order_headers")
def other_total(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take(
        "order_headers", count, lambda row: str(row["order_id"]).startswith("H") and bool(row["rep"])
    )
    for at in rows:
        amount = sheets.columns["order_headers"]["amount"]
        amount[at] = f"{float(amount[at] or 0) + 10:.2f}"
    return rows


@injects("total_without_lines", "order_headers")
def only_a_header(sheets: Sheets, count: int) -> Rows:
    return _headers(sheets, count, "T", "1234.00")


@injects("order_without_lines", "order_headers")
def header_of_nothing(sheets: Sheets, count: int) -> Rows:
    return _headers(sheets, count, "E", None)


@injects("line_without_order", "order_lines")
def line_of_nothing(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("order_lines", count)
    return sheets.add("order_lines", [
        sheets.row("order_lines", at) | {"line_id": f"N{at:04}", "order_id": f"NONE{at}"} for at in rows
    ])  # fmt: skip


# columns that are read in a way, of which the first cell tells


@injects("decimal_comma", "costs")
def european_money(sheets: Sheets, count: int) -> Rows:
    return sheets.add("costs", [
        {"period": "2026-10", "kind": "ads", "cost": f"1.2{number:02},50"} for number in range(count)
    ])[:1]  # fmt: skip


@injects("mixed_currencies", "competitors")
def two_currencies(sheets: Sheets, count: int) -> Rows:
    return sheets.add("competitors", [
        {"competitor": f"Rival {number}", "price": f"{'¥$'[number % 2]}{90 + number}"}
        for number in range(count)
    ])[:1]  # fmt: skip


@injects("percent_points", "leads fair")
def points(sheets: Sheets, count: int) -> Rows:
    return sheets.add("leads fair", [
        {"lead_id": f"F{number}", "created": "2026-10-01", "probability": str(20 + number)}
        for number in range(count)
    ])[:1]  # fmt: skip


@injects("ambiguous_dates", "surveys")
def day_or_month(sheets: Sheets, count: int) -> Rows:
    return sheets.add("surveys", [{"day": "3/4/2026", "score": str(number)} for number in range(count)])[:1]


@injects("derived_amount", "orders counter")
def no_amounts(sheets: Sheets, count: int) -> Rows:
    sold = [sheets.row("orders", at) for at in sheets.take("orders", count, last(sheets))]
    names = ("order_date", "product", "quantity", "unit_price")
    return sheets.add("orders counter", [
        {"order_id": f"B{number}"} | {name: one[name] for name in names} for number, one in enumerate(sold)
    ])[:1]  # fmt: skip


@injects("negative_refunds", "refunds counter")
def signed_refunds(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("payments", count, untouched(sheets))
    return sheets.add("refunds counter", [
        {
            "refund_id": f"V{at}", "order_id": sheets.columns["payments"]["order_id"][at],
            "refund_date": "2026-10-30", "amount": "-1.00",
        }
        for at in rows
    ])[:1]  # fmt: skip


# other names


@injects("alias_kind", "aliases")
def kind_that_is_none(sheets: Sheets, count: int) -> Rows:
    return _aliases(sheets, "星座", [(f"Aries {number}", "Taurus") for number in range(count)])


@injects("alias_conflict", "aliases")
def alias_of_two(sheets: Sheets, count: int) -> Rows:
    pairs = [(f"Both {number // 2}", f"One of {number}") for number in range(count)]
    return _aliases(sheets, "product", pairs)


@injects("alias_cycle", "aliases")
def alias_in_a_circle(sheets: Sheets, count: int) -> Rows:
    pairs = [(f"Round {number}", f"Round {(number + 1) % count}") for number in range(count)]
    return _aliases(sheets, "product", pairs)


@injects("alias_chain", "aliases")
def alias_of_an_alias(sheets: Sheets, count: int) -> Rows:
    _aliases(sheets, "product", [(f"Middle {number}", f"End {number}") for number in range(count)])
    return _aliases(sheets, "product", [(f"Start {number}", f"Middle {number}") for number in range(count)])


# the users' own rules


@injects("user_excluded", "orders")
def left_out(sheets: Sheets, count: int) -> Rows:
    return _by_rule(sheets, count, "exclude")


@injects("user_flagged", "orders")
def flagged(sheets: Sheets, count: int) -> Rows:
    return _by_rule(sheets, count, "flag")


@injects("rule_not_understood", "rules")
def no_rule(sheets: Sheets, count: int) -> Rows:
    return sheets.add("rules", [
        {"rule": f"moon {number}", "table": "orders", "condition": "moon phase > 3", "action": "exclude"}
        for number in range(count)
    ])  # fmt: skip


def _by_rule(sheets: Sheets, count: int, action: str) -> Rows:
    condition = f'campaign = "to {action}"'
    sheets.add("rules", [{"rule": action, "table": "orders", "condition": condition, "action": action}])
    return sheets.put("orders", "campaign", sheets.take("orders", count, last(sheets)), f"to {action}")


def _aliases(sheets: Sheets, kind: str, pairs: list[tuple[str, str]]) -> Rows:
    return sheets.add("aliases", [{"kind": kind, "alias": alias, "name": name} for alias, name in pairs])


def _headers(sheets: Sheets, count: int, letter: str, amount: str | None) -> Rows:
    rep = sheets.columns["roster"]["rep"][0]
    return sheets.add("order_headers", [
        {"order_id": f"{letter}{number}", "order_date": "2026-10-01", "rep": rep, "amount": amount}
        for number in range(count)
    ])  # fmt: skip


def _long_ago(sheets: Sheets, count: int) -> Rows:
    """Orders of an export that ends before the others do."""
    fits = last(sheets)
    return sheets.take("orders", count, lambda row: fits(row) and str(row["order_date"]) < "2026-01-01")
