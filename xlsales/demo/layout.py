"""How the institution keeps its sheets: names, columns, and what stands around the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsales.language import Language


@dataclass(frozen=True)
class Field:
    """One column of a raw sheet: the field of its row, the header as typed there, the width."""

    name: str
    zh: str
    en: str
    width: int

    def header(self, lang: Language) -> str:
        """What stands in the header cell."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Layout:
    """One raw sheet. ``groups`` makes the header two rows: (title zh, title en, columns it spans).

    ``titled`` puts a title and a line on the export above the header. ``total`` names the column that
    a total row adds up at the end, and ``yearly`` has a subtotal after every year of that date column.
    """

    table: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    titled: bool = False
    groups: tuple[tuple[str, str, int], ...] = ()
    total: str | None = None
    yearly: str | None = None

    def name(self, lang: Language) -> str:
        """The name of the sheet."""
        return self.zh if lang == "zh" else self.en

    @property
    def first_row(self) -> int:
        """The 0-based row of the first line of data."""
        return (3 if self.titled else 0) + (2 if self.groups else 1)

    def column(self, name: str) -> int:
        """The 0-based column of a field."""
        return next(index for index, field in enumerate(self.fields) if field.name == name)


LAYOUTS = (
    Layout(
        "leads",
        "线索明细",
        "Leads",
        (
            Field("lead_id", "线索编号", "Lead ID", 11),
            Field("created", "咨询日期", "Created", 12),
            Field("customer_id", "学员编号", "Student ID", 11),
            Field("customer", "学员姓名", "Student name", 14),
            Field("phone", "手机号", "Mobile", 13),
            Field("product", "意向课程", "Course", 15),
            Field("rep", "课程顾问", "Consultant", 12),
            Field("team", "团队", "Team", 9),
            Field("region", "校区", "Campus", 10),
            Field("channel", "来源渠道", "Lead source", 15),
            Field("stage", "当前阶段", "Stage", 11),
            Field("contacted", "有效沟通日期", "Contacted date", 13),
            Field("booked", "预约日期", "Booked date", 12),
            Field("trial", "试听日期", "Trial date", 12),
            Field("won", "报名日期", "Won date", 12),
            Field("renewed", "续费日期", "Renewed date", 12),
            Field("lost", "流失日期", "Lost date", 12),
            Field("lost_reason", "流失原因", "Lost reason", 16),
            Field("amount", "预计金额", "Expected amount", 12),
            Field("responded", "首次响应时间", "First response", 16),
            Field("last_activity", "最后跟进时间", "Last activity", 13),
            Field("referrer", "推荐人", "Referred by", 14),
        ),
        groups=(
            ("线索", "Lead", 11),
            ("阶段日期", "Stage dates", 6),
            ("结果", "Outcome", 2),
            ("跟进", "Follow-up", 3),
        ),
    ),
    Layout(
        "orders",
        "订单",
        "Orders",
        (
            Field("order_id", "订单编号", "Order ID", 11),
            Field("order_date", "下单日期", "Order date", 12),
            Field("customer_id", "学员编号", "Student ID", 11),
            Field("customer", "学员姓名", "Student name", 14),
            Field("product", "课程", "Course", 15),
            Field("category", "类别", "Category", 9),
            Field("rep", "课程顾问", "Consultant", 12),
            Field("team", "团队", "Team", 9),
            Field("region", "校区", "Campus", 10),
            Field("channel", "渠道", "Channel", 15),
            Field("quantity", "课时", "Lessons", 8),
            Field("unit_price", "课时单价", "Unit price", 11),
            Field("discount", "优惠金额", "Discount", 11),
            Field("amount", "订单金额", "Order amount", 13),
            Field("type", "类型", "Type", 10),
            Field("status", "状态", "Status", 10),
            Field("campaign", "活动", "Campaign", 16),
            Field("note", "备注", "Note", 24),
        ),
        titled=True,
        total="amount",
    ),
    Layout(
        "targets",
        "目标",
        "Targets",
        (
            Field("period", "月份", "Month", 12),
            Field("metric", "指标", "Metric", 10),
            Field("region", "校区", "Campus", 10),
            Field("team", "团队", "Team", 9),
            Field("rep", "课程顾问", "Consultant", 12),
            Field("target", "目标", "Target", 13),
            Field("customer_type", "客户类型", "Customer type", 13),
        ),
        total="target",
    ),
    Layout(
        "payments",
        "收款流水",
        "Payments",
        (
            Field("payment_id", "收款编号", "Payment ID", 12),
            Field("order_id", "订单编号", "Order ID", 11),
            Field("paid_date", "收款日期", "Paid date", 20),
            Field("amount", "收款金额", "Amount", 13),
            Field("method", "支付方式", "Method", 12),
        ),
    ),
    Layout(
        "refunds",
        "退款",
        "Refunds",
        (
            Field("refund_id", "退款编号", "Refund ID", 12),
            Field("order_id", "订单编号", "Order ID", 11),
            Field("refund_date", "退款日期", "Refund date", 13),
            Field("amount", "退款金额", "Amount", 13),
            Field("reason", "退款原因", "Reason", 24),
        ),
        total="amount",
        yearly="refund_date",
    ),
    Layout(
        "customers",
        "学员",
        "Students",
        (
            Field("customer_id", "学员编号", "Student ID", 11),
            Field("customer", "学员姓名", "Student name", 14),
            Field("created", "建档日期", "Created", 12),
            Field("tier", "客户等级", "Tier", 10),
            Field("region", "校区", "Campus", 10),
            Field("phone", "手机号", "Mobile", 13),
            Field("points", "积分余额", "Points", 10),
            Field("points_earned", "累计积分", "Points earned", 13),
            Field("points_used", "已用积分", "Points used", 11),
        ),
    ),
    Layout(
        "products",
        "课程价目",
        "Course list",
        (
            Field("product", "课程", "Course", 15),
            Field("category", "类别", "Category", 9),
            Field("list_price", "标准价", "List price", 11),
            Field("lowest_price", "最低价", "Lowest price", 12),
            Field("highest_price", "最高价", "Highest price", 12),
            Field("cost", "单位成本", "Unit cost", 11),
            Field("launched", "上线日期", "Launched", 12),
        ),
    ),
    Layout(
        "roster",
        "顾问名册",
        "Roster",
        (
            Field("rep", "课程顾问", "Consultant", 12),
            Field("team", "团队", "Team", 9),
            Field("region", "校区", "Campus", 10),
            Field("joined", "入职日期", "Joined", 12),
            Field("left", "离职日期", "Left", 12),
            Field("fte", "全职当量", "FTE", 9),
            Field("role", "岗位", "Role", 12),
        ),
    ),
    Layout(
        "costs",
        "费用",
        "Costs",
        (
            Field("period", "月份", "Month", 12),
            Field("kind", "费用类别", "Cost type", 12),
            Field("channel", "渠道", "Channel", 15),
            Field("region", "校区", "Campus", 10),
            Field("cost", "费用金额", "Cost", 13),
        ),
    ),
    Layout(
        "activities",
        "跟进记录",
        "Follow-ups",
        (
            Field("activity_id", "跟进编号", "Activity ID", 12),
            Field("day", "跟进日期", "Date", 12),
            Field("rep", "课程顾问", "Consultant", 12),
            Field("lead_id", "线索编号", "Lead ID", 11),
            Field("customer", "学员姓名", "Student name", 14),
            Field("kind", "跟进方式", "Activity type", 12),
            Field("result", "跟进结果", "Result", 12),
        ),
    ),
    Layout(
        "market",
        "市场规模",
        "Market size",
        (
            Field("period", "月份", "Month", 12),
            Field("region", "校区", "Campus", 10),
            Field("size", "市场规模", "Market size", 15),
        ),
    ),
    Layout(
        "contracts",
        "合同",
        "Contracts",
        (
            Field("contract_id", "合同编号", "Contract ID", 13),
            Field("customer_id", "学员编号", "Student ID", 11),
            Field("customer", "学员姓名", "Student name", 14),
            Field("product", "课程", "Course", 15),
            Field("rep", "课程顾问", "Consultant", 12),
            Field("team", "团队", "Team", 9),
            Field("region", "校区", "Campus", 10),
            Field("channel", "渠道", "Channel", 15),
            Field("start", "开始日期", "Start date", 12),
            Field("end", "到期日期", "End date", 12),
            Field("amount", "合同金额", "Contract amount", 14),
            Field("type", "合同类型", "Contract type", 12),
        ),
    ),
    Layout(
        "surveys",
        "电话回访",
        "Survey calls",
        (
            Field("day", "填写日期", "Survey date", 12),
            Field("customer_id", "学员编号", "Student ID", 11),
            Field("customer", "学员姓名", "Student name", 14),
            Field("product", "课程", "Course", 15),
            Field("kind", "问卷类型", "Survey type", 12),
            Field("reason", "原因", "Reason", 20),
            Field("comment", "评价", "Comment", 32),
            Field("score", "评分", "Score", 8),
        ),
    ),
    Layout(
        "tickets",
        "工单",
        "Tickets",
        (
            Field("ticket_id", "工单编号", "Ticket ID", 12),
            Field("opened", "提交日期", "Opened", 12),
            Field("customer_id", "学员编号", "Student ID", 11),
            Field("customer", "学员姓名", "Student name", 14),
            Field("rep", "课程顾问", "Consultant", 12),
            Field("product", "课程", "Course", 15),
            Field("kind", "问题类型", "Issue type", 12),
            Field("responded", "首次响应时间", "First response", 13),
            Field("closed", "解决日期", "Closed", 12),
        ),
    ),
    Layout(
        "population",
        "周边人口",
        "Population",
        (
            Field("region", "校区", "Campus", 10),
            Field("population", "人口数", "Inhabitants", 12),
        ),
    ),
)
"""The sheets in the order of the workbook."""
