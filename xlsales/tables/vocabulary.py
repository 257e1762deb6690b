"""How real exports call columns and spell values, and the columns that many tables share.

The words lie in ``vocabulary.toml``; what means the same everywhere (rep, team, region, channel, product,
customer) is listed there once.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from xlsales.tables.names import key
from xlsales.tables.spec import Column

if TYPE_CHECKING:
    from xlsales.tables.spec import Table

_VOCABULARY: dict[str, Any] = tomllib.loads(
    files("xlsales.tables").joinpath("vocabulary.toml").read_text("utf-8")
)

SHEET_WORDS: dict[str, tuple[str, ...]] = {key: tuple(words) for key, words in _VOCABULARY["sheets"].items()}
"""Per table, words in a sheet's name that decide between tables which fit its headers equally well."""


def spoken(table: Table) -> Table:
    """The table with the aliases and stage values of the vocabulary: the shared names first, then its own.

    What a table calls a column itself means nothing else in it: an Employee ID is a rep elsewhere, but in
    the roster, where people have names too, it is their number.
    """
    shared, own = _VOCABULARY["headers"]["shared"], _VOCABULARY["headers"].get(table.key, {})
    values = _VOCABULARY["values"]
    taken = {
        key(name)
        for column in table.columns
        for name in (column.name, column.zh, column.en, *own.get(column.name, ()))
    }

    def speak(column: Column) -> Column:
        names = (name for name in shared.get(column.name, ()) if key(name) not in taken)
        return replace(
            column,
            aliases=(*names, *own.get(column.name, ())),
            values={value: tuple(words) for value, words in values[column.name].items()}
            if column.kind == "stage"
            else {},
        )

    return replace(table, columns=tuple(speak(column) for column in table.columns))


REP = Column("rep", "text", "顾问", "Rep")
TEAM = Column("team", "text", "团队", "Team")
REGION = Column("region", "text", "校区", "Region")
CHANNEL = Column("channel", "text", "渠道", "Channel")
PRODUCT = Column("product", "text", "课程", "Product")
PRODUCT_ID = Column("product_id", "id", "课程编号", "Product ID")
CATEGORY = Column("category", "text", "类别", "Category")
CUSTOMER_ID = Column("customer_id", "id", "客户编号", "Customer ID")
CUSTOMER = Column("customer", "text", "客户", "Customer")
ORDER_ID = Column("order_id", "id", "订单编号", "Order ID")
PHONE = Column("phone", "id", "电话", "Phone")
CAMPAIGN = Column("campaign", "text", "活动", "Campaign")
INDUSTRY = Column("industry", "text", "行业", "Industry")
COMPANY_SIZE = Column("company_size", "text", "公司规模", "Company size")
AGE = Column("age", "text", "年龄", "Age")
OCCUPATION = Column("occupation", "text", "职业", "Occupation")
REFERRER = Column("referrer", "text", "推荐人", "Referrer")
FEE = Column("fee", "money", "平台服务费", "Platform fee")
SETTLED = Column("settled", "date", "结算日期", "Settlement date")
TEACHER = Column("teacher", "text", "教师", "Teacher")
NOTE = Column("note", "text", "备注", "Note")
