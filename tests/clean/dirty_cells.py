"""Dirt of single cells: what cannot be read, and values that cannot be so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clean.soiled import injects, last, later, only, stranger, untouched

if TYPE_CHECKING:
    from tests.clean.soiled import Row, Rows, Sheets


# what cannot be read


@injects("excel_error", "leads")
def broken_formula(sheets: Sheets, count: int) -> Rows:
    rows = sheets.put("leads", "channel", sheets.take("leads", count, stranger), None)
    sheets.errors["leads"] = [(at + 2, "channel") for at in rows]
    return rows


@injects("unreadable_number", "leads")
def words_for_money(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "amount", sheets.take("leads", count, stranger), "面议")


@injects("mixed_marks", "leads")
def comma_among_points(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "amount", sheets.take("leads", count, stranger), "1250,5")


@injects("unclear_percent", "leads")
def percent_without_its_sign(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "probability", sheets.take("leads", count, stranger), "35")


@injects("unreadable_date", "leads")
def words_for_a_day(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "contacted", sheets.take("leads", count, _contacted), "月底前")


@injects("impossible_date", "leads")
def day_that_no_calendar_has(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "contacted", sheets.take("leads", count, _contacted), "2026-02-30")


@injects("unknown_word", "orders")
def status_that_is_none(sheets: Sheets, count: int) -> Rows:
    return sheets.put("orders", "status", sheets.take("orders", count, last(sheets)), "火星")


@injects("lost_digits", "leads")
def phone_in_powers_of_ten(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "phone", sheets.take("leads", count, stranger), "1.38E+10")


@injects("placeholder", "leads")
def no_phone(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "phone", sheets.take("leads", count, stranger), "13800000000")


@injects("missing_needed", "leads")
def no_day(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "created", sheets.take("leads", count, stranger), None)


@injects("blank_words", "leads")
def word_for_a_blank(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "channel", sheets.take("leads", count, stranger), "无")[:1]


# amounts


@injects("price_high", "orders")
def too_high(sheets: Sheets, count: int) -> Rows:
    return _scaled(sheets, sheets.take("orders", count, last(sheets)), 10)


@injects("price_low", "orders")
def too_low(sheets: Sheets, count: int) -> Rows:
    return _scaled(sheets, sheets.take("orders", count, last(sheets)), 0.1)


@injects("zero_amount", "orders")
def zero(sheets: Sheets, count: int) -> Rows:
    return sheets.put("orders", "amount", sheets.take("orders", count, last(sheets)), "0")


@injects("negative_amount", "orders")
def negative(sheets: Sheets, count: int) -> Rows:
    return _bare(sheets, count, "-88")


@injects("trial_order", "orders")
def trial(sheets: Sheets, count: int) -> Rows:
    return _bare(sheets, count, "0.01")


@injects("amount_mismatch", "orders")
def not_what_it_multiplies_to(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, last(sheets))
    for at in rows:
        amount = sheets.columns["orders"]["amount"]
        amount[at] = f"{float(amount[at] or 0) * 1.1:.2f}"
    return rows


@injects("cancellation", "orders")
def taken_back(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, last(sheets))
    for at in rows:
        row = sheets.row("orders", at)
        sheets.put("orders", "discount", [at], None)
        sheets.put("orders", "quantity", [at], f"-{row['quantity']}")
        sheets.put(
            "orders", "amount", [at], f"-{float(row['quantity'] or 0) * float(row['unit_price'] or 0):.2f}"
        )
    return rows


@injects("negative_price", "orders")
def price_below_nothing(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, last(sheets))
    for at in rows:
        row = sheets.row("orders", at)
        sheets.put("orders", "discount", [at], None)
        sheets.put("orders", "unit_price", [at], f"-{row['unit_price']}")
        sheets.put(
            "orders", "amount", [at], f"-{float(row['quantity'] or 0) * float(row['unit_price'] or 0):.2f}"
        )
    return rows


@injects("negative_target", "targets")
def target_below_nothing(sheets: Sheets, count: int) -> Rows:
    return sheets.put("targets", "target", sheets.take("targets", count), "-5")


@injects("share_of_nothing", "targets")
def target_in_per_cent(sheets: Sheets, count: int) -> Rows:
    return sheets.put("targets", "target", sheets.take("targets", count), "95%")


@injects("overpaid", "payments")
def paid_twice_over(sheets: Sheets, count: int) -> Rows:
    return sheets.put("payments", "amount", sheets.take("payments", count, untouched(sheets)), "9999999")


@injects("refund_over_paid", "refunds")
def refunded_twice_over(sheets: Sheets, count: int) -> Rows:
    return sheets.put("refunds", "amount", sheets.take("refunds", count, untouched(sheets)), "9999999")


# days


@injects("future_date", "orders")
def next_century(sheets: Sheets, count: int) -> Rows:
    return sheets.put("orders", "order_date", sheets.take("orders", count, last(sheets)), "2062-03-01")


@injects("stage_backwards", "leads")
def backwards(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("leads", count, _contacted)
    for at in rows:
        sheets.put("leads", "contacted", [at], later(sheets.columns["leads"]["created"][at], -3))
    return rows


@injects("before_order", "payments")
def paid_early(sheets: Sheets, count: int) -> Rows:
    return sheets.put(
        "payments", "paid_date", sheets.take("payments", count, untouched(sheets)), "2024-01-05"
    )


@injects("contract_backwards", "contracts")
def ends_before_it_starts(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("contracts", count)
    for at in rows:
        sheets.put("contracts", "end", [at], later(sheets.columns["contracts"]["start"][at], -1))
    return rows


# what must be there


@injects("lost_without_reason", "leads")
def no_reason(sheets: Sheets, count: int) -> Rows:
    return sheets.put(
        "leads", "lost_reason", sheets.take("leads", count, lambda row: bool(row["lost"])), None
    )


@injects("won_without_amount", "leads")
def no_amount(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "amount", sheets.take("leads", count, lambda row: bool(row["won"])), None)


@injects("anonymous_customer", "orders")
def nobody(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, last(sheets))
    return sheets.put("orders", "customer", sheets.put("orders", "customer_id", rows, None), None)


@injects("renewal_of_nothing", "orders")
def renewed_at_first(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, only(sheets))
    return sheets.put("orders", "type", rows, "续费" if sheets.lang == "zh" else "Renewal")


# names and codes


@injects("unknown_product", "orders")
def strange_product(sheets: Sheets, count: int) -> Rows:
    return _of_product(sheets, sheets.take("orders", count, last(sheets)), "火箭驾驶")


@injects("not_a_product", "orders")
def postage(sheets: Sheets, count: int) -> Rows:
    sheets.add("products", [{"product": "运费"}])
    return _of_product(sheets, sheets.take("orders", count, last(sheets)), "运费")


@injects("unknown_rep", "leads")
def strange_rep(sheets: Sheets, count: int) -> Rows:
    return sheets.put("leads", "rep", sheets.take("leads", count), "Nobody Known")


@injects("rep_not_there", "orders")
def gone_rep(sheets: Sheets, count: int) -> Rows:
    sheets.add("roster", [{"rep": "Left Long Ago", "joined": "2020-01-01", "left": "2022-01-01"}])
    return sheets.put("orders", "rep", sheets.take("orders", count, last(sheets)), "Left Long Ago")


@injects("code_many_names", "orders")
def another_name_of_a_code(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, last(sheets))
    for number, at in enumerate(rows):
        name = f"{'新开课程' if sheets.lang == 'zh' else 'Brand new course'} {number}"
        sheets.add("products", [{"product": name}])
        sheets.put("orders", "product", [at], name)
    return rows


@injects("name_many_codes", "orders")
def another_code_of_a_name(sheets: Sheets, count: int) -> Rows:
    rows = sheets.take("orders", count, last(sheets))
    for number, at in enumerate(rows):
        sheets.put("orders", "product_id", [at], f"Q{number:03}")
    return rows


def _contacted(row: Row) -> bool:
    return bool(row["contacted"])


def _scaled(sheets: Sheets, rows: Rows, factor: float) -> Rows:
    orders = sheets.columns["orders"]
    for at in rows:
        for name in ("unit_price", "discount", "amount"):
            orders[name][at] = f"{float(orders[name][at] or 0) * factor:.2f}"
    return rows


def _bare(sheets: Sheets, count: int, amount: str) -> Rows:
    """Orders of an amount, and of no quantity and price that would contradict it."""
    rows = sheets.take("orders", count, last(sheets))
    for name in ("quantity", "unit_price", "discount"):
        sheets.put("orders", name, rows, None)
    return sheets.put("orders", "amount", rows, amount)


def _of_product(sheets: Sheets, rows: Rows, name: str) -> Rows:
    return sheets.put("orders", "product", sheets.put("orders", "product_id", rows, None), name)
