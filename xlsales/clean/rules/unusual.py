"""Order lines that are no ordinary sale: each kind is pointed out with its value, and none left out for it.

Returns take sales away, postage and fees are revenue that no product made, and an order without a customer
is nobody's. Whether they belong to the numbers is the user's to decide; here they only cannot hide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.clean.rules.lines import CENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.clean.rows import Rows

CODES = frozenset(
    {
        "POST", "POSTAGE", "DOT", "CARRIAGE", "C2", "C3", "SHIPPING", "FREIGHT", "DELIVERY", "BANK CHARGES",
        "AMAZONFEE", "FEE", "CRUK", "ADJUST", "ADJUST2", "MANUAL", "DISCOUNT", "SAMPLES", "GIFT",
    }
)  # fmt: skip
"""Codes that stand for no product, beside those of one or two letters where nearly all others have digits."""

NAMES = re.compile(
    r"(?:.*(?:运费|邮费|快递费|配送费|包装费|手续费|差价|补差|补拍|邮费链接)(?!培训|课).*"
    r"|测试|测试(?:商品|订单|课程|链接|数据|产品).*|.*(?:测试商品|测试订单)"
    r"|(?:dotcom\s+)?postage.*|carriage|(?:shipping|freight|delivery|handling)(?:\s+(?:fees?|charges?|costs?))?"
    r"|(?:bank|amazon|payment|transaction|platform|paypal|stripe)\s*(?:fees?|charges?)"
    r"|manual|discount|samples?|adjust(?:ments?)?(?:\s+(?:by|bad|for)\b.*)?|bad debts?|.*\btest product\b.*"
    r"|.*gift voucher\b.*|gift cards?)",
    re.IGNORECASE | re.DOTALL,
)
"""Names that say so themselves."""

GIVEN_BACK = r"退|冲|赔|取消|作废|refund|return|credit|cancel|void|reversal"
"""Words of a row that explain an amount below zero."""
SAID_IN = ("type", "status", "product", "category", "campaign")
"""The columns in which they stand."""

_CODE = re.compile(r"test\d*|gift_\d+_\d+", re.IGNORECASE)
_SHORT = re.compile(r"[A-Za-z]{1,2}")
CANCELLED = r"C-?\d{3,}"
"""The number of an invoice that was taken back."""
MOST = 0.9
"""Where this share of a column's codes has digits, one of two letters at most is a key of the till."""


def cancellations(tables: Mapping[str, Rows]) -> list[Finding]:
    """Lines whose amount is below zero for a reason, and invoices numbered C before a number.

    Prices below zero are something else, and so is an amount that nothing explains.
    """
    if (rows := tables.get("orders")) is None:
        return []
    frame = rows.frame
    back = (frame["amount"] < 0) & ~(frame["unit_price"] < 0) & ~unexplained(tables, frame)
    if "order_id" in rows.text:
        ids = frame["order_id"].dropna()
        if ids.str.startswith("C").any():
            ids = ids.drop_duplicates()
            numbered = ids[ids.str.fullmatch(CANCELLED)]
            if ids.str.isdigit().sum() + len(numbered) > MOST * len(ids):
                back |= frame["order_id"].isin(numbered)
    return _told("cancellation", rows, back, "quantity", "amount")


def anonymous(tables: Mapping[str, Rows]) -> list[Finding]:
    """Lines without a customer, on sheets that have customers."""
    rows = tables.get("orders")
    if rows is None or not {"customer_id", "customer"} & set(rows.text):
        return []
    frame = rows.frame
    nobody = frame["customer_id"].isna() & frame["customer"].isna()
    known = (~nobody).groupby(rows.part[frame.index]).transform("any")
    return _told("anonymous_customer", rows, nobody & known, "customer_id", "customer")


def no_products(tables: Mapping[str, Rows]) -> list[Finding]:
    """Lines that sell postage, a fee, a correction, a voucher or a test, by their code or their name."""
    if (rows := tables.get("orders")) is None:
        return []
    frame = rows.frame
    codes, names = no_product(*(list(frame[one].dropna().unique()) for one in ("product_id", "product")))
    found = frame["product_id"].isin(list(codes)) | frame["product"].isin(list(names))
    return _told("not_a_product", rows, found, "product_id", "product")


def no_product(ids: Sequence[str], names: Sequence[str]) -> tuple[set[str], set[str]]:
    """The codes and the names that stand for no product, of all that the orders have; codes are names too."""
    codes = _codes(ids) | {one for one in names if one.upper() in CODES}
    return codes, codes | {one for one in names if NAMES.fullmatch(one.strip())}


def _codes(codes: Sequence[str]) -> set[str]:
    short = [one for one in codes if _SHORT.fullmatch(one)]
    digits = sum(any(map(str.isdigit, one)) for one in codes)
    found = {one for one in codes if one.upper() in CODES or _CODE.fullmatch(one)}
    return found | (set(short) if digits >= MOST * len(codes) else set())


def negative_prices(tables: Mapping[str, Rows]) -> list[Finding]:
    """Lines with a price below zero."""
    if (rows := tables.get("orders")) is None:
        return []
    return _told("negative_price", rows, rows.frame["unit_price"] < 0, "unit_price")


def unexplained(tables: Mapping[str, Rows], frame: pd.DataFrame) -> pd.Series:
    """Amounts below zero that nothing explains: no quantity below zero, no word of a return, no order.

    Nor are they explained by an order of the same id with as much, whose refund they are, or by a refund. A
    price below zero is a finding of its own.
    """
    below = frame["amount"] < 0
    if not below.any():
        return below
    rows = tables["orders"]
    some = frame[below]
    explained = (some["quantity"] < 0) | (some["unit_price"] < 0)
    explained |= some["order_id"].str.match("^C-?[0-9]", na=False)
    for name in SAID_IN:
        if name in rows.text:
            explained |= rows.text.loc[some.index, name].str.contains(GIVEN_BACK, case=False, na=False)
    same = frame[frame["order_id"].isin(some["order_id"].dropna()) & (frame["amount"] > 0)]
    taken_back = same.groupby("order_id")["amount"].sum()
    given = taken_back.reindex(some["order_id"]).set_axis(some.index)
    explained |= given.fillna(0.0) + some["amount"] >= -CENT
    if "refunds" in tables:
        explained |= some["order_id"].isin(tables["refunds"].frame["order_id"].dropna())
    below = below.copy()
    below[some.index[explained]] = False
    return below


def _told(rule: str, rows: Rows, found: pd.Series, *fields: str) -> list[Finding]:
    """The rows as a finding in the first of the fields that the input has, with their amounts."""
    if not found.any():
        return []
    field = next((name for name in fields if name in rows.text), rows.key_field)
    labels = rows.frame.index[found]
    return [Finding(rule, labels, (), tuple(rows.frame.loc[labels, "amount"]), field, "orders")]
