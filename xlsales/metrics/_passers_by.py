"""Who is nobody: what tills and systems write where they do not know the customer (散客, walk-in, guest).

Such a name or id brings money and is no customer: it is neither counted nor scored nor ranked. Two
regular expressions say so, one on what the other leaves, which Python, DuckDB and Spark all read alike; so
there is no look-ahead in them, and no class of Unicode.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import narwhals as nw

NO_LETTER = (
    "[^0-9A-Za-z０-９Ａ-Ｚａ-ｚ\u00c0-\u1fff\u2c00-\u2fff\u3040-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U0003ffff]+"
)
"""Spaces and punctuation, of either width."""


def _either_width(pattern: str) -> str:
    """The same pattern for small and capital letters, both also in full width."""

    def four(letter: re.Match[str]) -> str:
        both = letter[0] + letter[0].upper()
        return f"[{both}{''.join(chr(ord(one) + 0xFEE0) for one in both)}]"

    return re.sub("[a-z]", four, pattern)


_KINDS = "客户|顾客|用户|买家|客人|会员|客"
_KIND = "customer|client|buyer|user|guest|shopper|checkout|sale|account|order"
_WHO = "walkin|anonymous|unknown|guest|cash|retail|test"
NOBODY = _either_width(
    "散客|匿名"
    f"|^(?:零散|零售|临时|过路|现金|未知|测试|游客|路人|过客)(?:{_KINDS})?$"
    f"|^(?:{_WHO})s?(?:(?:{_KIND}|{_WHO})s?)*$"
    f"|^(?:{_KIND})?anonymous|walkin$"
)
"""The bare word, or one with what kind of person it is; 散客 and 匿名 wherever they stand."""
SOMEBODY = _either_width("公司|集团|旅行社|旅游|俱乐部|中心|工作室|ltd|limited|llc|gmbh|company|inc$|corp$")
"""An organisation may have such a word in its name."""
NO_ID = "^[0０]+$"


def passes_by(column: str) -> nw.Expr:
    """Whether the text of a column stands for whoever came by; null where it is null."""
    import narwhals as nw

    bare = nw.col(column).str.replace_all(NO_LETTER, "")
    return bare.str.contains(NOBODY) & ~bare.str.contains(SOMEBODY)


def no_account(column: str) -> nw.Expr:
    """The same of the text by which a customer is known, which may also be a mere zero."""
    import narwhals as nw

    return passes_by(column) | nw.col(column).str.contains(NO_ID)


@cache
def nobody(customer: str) -> bool:
    """The same of one text, for lists that are no table of the product."""
    bare = re.sub(NO_LETTER, "", customer)
    said = re.search(NOBODY, bare) and not re.search(SOMEBODY, bare)
    return bool(said or re.search(NO_ID, customer))
