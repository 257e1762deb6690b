"""What stands around a sale: products, people, visits, stock, voices, the market; and how to clean."""

from __future__ import annotations

from dataclasses import replace

from xlsales.tables.spec import Column, Table
from xlsales.tables.vocabulary import (
    CAMPAIGN,
    CATEGORY,
    CHANNEL,
    CUSTOMER,
    CUSTOMER_ID,
    FEE,
    NOTE,
    ORDER_ID,
    PHONE,
    PRODUCT,
    PRODUCT_ID,
    REGION,
    REP,
    SETTLED,
    TEACHER,
    TEAM,
    spoken,
)

ORDER_LINES = spoken(
    Table(
        "order_lines",
        "订单明细",
        "Order lines",
        (
            Column("line_id", "id", "明细编号", "Line ID"),
            Column("order_id", "id", "订单编号", "Order ID", needed=True),
            PRODUCT_ID,
            replace(PRODUCT, instead="product_id"),
            CATEGORY,
            Column("quantity", "count", "数量", "Quantity"),
            Column("unit_price", "money", "单价", "Unit price"),
            Column("discount", "money", "优惠", "Discount"),
            Column("amount", "money", "金额", "Amount", needed=True, product_of=("quantity", "unit_price")),
            Column("cost", "money", "成本", "Cost"),
        ),
        identity="line_id",
    )
)
ORDER_HEADERS = spoken(
    Table(
        "order_headers",
        "订单主表",
        "Order headers",
        (
            Column("order_id", "id", "订单编号", "Order ID", needed=True),
            Column("order_date", "date", "下单日期", "Order date", needed=True),
            CUSTOMER_ID,
            CUSTOMER,
            REP,
            TEAM,
            REGION,
            CHANNEL,
            Column("amount", "money", "订单总额", "Order total"),
            Column("type", "stage", "类型", "Type"),
            Column("status", "stage", "状态", "Status"),
            CAMPAIGN,
            PHONE,
            Column("paid", "money", "已收金额", "Paid so far"),
            FEE,
            SETTLED,
            Column("shipped", "date", "发货日期", "Shipped"),
        ),
        identity="order_id",
    )
)
PRODUCTS = spoken(
    Table(
        "products",
        "课程",
        "Products",
        (
            PRODUCT_ID,
            Column("product", "text", "课程", "Product", needed=True),
            CATEGORY,
            Column("list_price", "money", "标准价", "List price"),
            Column("lowest_price", "money", "最低价", "Lowest price"),
            Column("highest_price", "money", "最高价", "Highest price"),
            Column("cost", "money", "成本", "Cost"),
            Column("launched", "date", "上线日期", "Launched"),
            Column("hours", "count", "课时", "Hours"),
            TEACHER,
            Column("capacity", "count", "班容量", "Capacity"),
        ),
        identity="product_id",
    )
)
ROSTER = spoken(
    Table(
        "roster",
        "人员",
        "Roster",
        (
            Column("rep_id", "id", "工号", "Employee ID"),
            Column("rep", "text", "顾问", "Rep", needed=True),
            TEAM,
            REGION,
            Column("joined", "date", "入职日期", "Joined"),
            Column("left", "date", "离职日期", "Left"),
            Column("fte", "count", "全职当量", "FTE"),
            Column("role", "text", "岗位", "Role"),
        ),
    )
)
ACTIVITIES = spoken(
    Table(
        "activities",
        "跟进",
        "Activities",
        (
            Column("activity_id", "id", "跟进编号", "Activity ID"),
            Column("day", "date", "跟进日期", "Date", needed=True),
            REP,
            CUSTOMER_ID,
            CUSTOMER,
            Column("lead_id", "id", "线索编号", "Lead ID"),
            Column("kind", "text", "跟进方式", "Activity type", needed=True),
            Column("stage", "stage", "阶段", "Stage"),
            Column("result", "text", "跟进结果", "Result"),
            NOTE,
        ),
        identity="activity_id",
    )
)
STOCK = spoken(
    Table(
        "stock",
        "库存",
        "Stock",
        (
            Column("period", "date", "月份", "Month", needed=True),
            Column("product", "text", "课程", "Product", needed=True),
            REGION,
            Column("opening", "count", "期初", "Opening", needed=True),
            Column("received", "count", "入库", "Received"),
            Column("issued", "count", "出库", "Issued"),
            Column("closing", "count", "期末", "Closing", needed=True),
        ),
    )
)
LESSONS = spoken(
    Table(
        "lessons",
        "课消",
        "Lesson hours",
        (
            Column("day", "date", "上课日期", "Lesson date", needed=True),
            ORDER_ID,
            CUSTOMER_ID,
            CUSTOMER,
            PRODUCT,
            REGION,
            Column("hours", "count", "消耗课时", "Hours used", needed=True),
            Column("amount", "money", "课消金额", "Value used"),
            TEACHER,
        ),
    )
)
SURVEYS = spoken(
    Table(
        "surveys",
        "问卷",
        "Surveys",
        (
            Column("day", "date", "填写日期", "Survey date", needed=True),
            CUSTOMER_ID,
            CUSTOMER,
            PRODUCT,
            REP,
            TEACHER,
            Column("kind", "text", "问卷类型", "Survey type"),
            Column("score", "count", "评分", "Score"),
            Column("nps", "count", "推荐意愿", "NPS"),
            Column("reason", "text", "原因", "Reason"),
            Column("comment", "text", "评价", "Comment"),
        ),
    )
)
TICKETS = spoken(
    Table(
        "tickets",
        "工单",
        "Tickets",
        (
            Column("ticket_id", "id", "工单编号", "Ticket ID", needed=True),
            Column("opened", "date", "提交日期", "Opened", needed=True),
            Column("closed", "date", "解决日期", "Closed"),
            CUSTOMER_ID,
            CUSTOMER,
            REP,
            TEAM,
            PRODUCT,
            Column("kind", "text", "问题类型", "Issue type"),
            Column("responded", "date", "首次响应时间", "First response"),
            Column("state", "text", "处理状态", "Ticket status"),
            Column("satisfaction", "count", "满意度", "Satisfaction"),
        ),
        identity="ticket_id",
    )
)
MARKET = spoken(
    Table(
        "market",
        "市场规模",
        "Market",
        (
            Column("period", "date", "月份", "Month", needed=True),
            REGION,
            PRODUCT,
            Column("size", "money", "市场规模", "Market size", needed=True),
        ),
    )
)
POPULATION = spoken(
    Table(
        "population",
        "人口",
        "Population",
        (
            replace(REGION, needed=True),
            Column("population", "count", "人口数", "Inhabitants", needed=True),
        ),
    )
)
COMPETITORS = spoken(
    Table(
        "competitors",
        "竞品",
        "Competitors",
        (
            Column("period", "date", "月份", "Month"),
            Column("competitor", "text", "竞争对手", "Competitor", needed=True),
            PRODUCT,
            REGION,
            Column("price", "money", "竞品价格", "Competitor price", needed=True),
        ),
    )
)
ALIASES = spoken(
    Table(
        "aliases",
        "名称对照",
        "Aliases",
        (
            Column("kind", "text", "对照类别", "Alias of"),
            Column("alias", "text", "别名", "Alias", needed=True),
            Column("name", "text", "标准名称", "Standard name", needed=True),
        ),
    )
)
RULES = spoken(
    Table(
        "rules",
        "清洗规则",
        "Rules",
        (
            Column("rule", "text", "规则", "Rule", needed=True),
            Column("table", "text", "数据表", "Table"),
            Column("condition", "text", "条件", "Condition", needed=True),
            Column("action", "text", "动作", "Action", needed=True),
            Column("value", "text", "取值", "Value"),
        ),
    )
)
DATA_SOURCES = spoken(
    Table(
        "sources",
        "数据源",
        "Data sources",
        (
            Column("table", "text", "数据表", "Table", needed=True),
            Column("source", "text", "来源", "Source", needed=True),
            Column("query", "text", "查询", "Query"),
            Column("engine", "text", "引擎", "Engine"),
        ),
    )
)
