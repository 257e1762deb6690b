"""What a total is made of, and why it changed."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from xlsales.errors import UsageError
from xlsales.excel.functions._declare import Example, Spill, function, number, numbers, texts
from xlsales.excel.functions.series import whole
from xlsales.metrics import _portfolio

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = texts("names", "名称，可重复，同名相加", "names; amounts of the same name are added")
AMOUNTS = numbers("amounts", "金额，与名称等长", "amounts, as long")


@function(
    "XS_ABC",
    zh="ABC 分类：按金额从大到小，占比、累计占比和类别；累计到 80% 为 A，到 95% 为 B。",
    en="ABC classes: names by amount with share, cumulative share and class; A up to 80%, B up to 95%.",
    usage="=XS_ABC(A2:A200,B2:B200)",
    arguments=(
        NAMES,
        AMOUNTS,
        number("first", "A 类的累计占比", "where A ends", 0.8),
        number("second", "B 类的累计占比", "where B ends", 0.95),
    ),
    example=Example(
        ((("x",), ("y",), ("z",)), ((10,), (80,), (10,))),
        [["y", 80, 0.8, 0.8, "A"], ["x", 10, 0.1, 0.9, "B"], ["z", 10, 0.1, 1, "B"]],
    ),
)
def abc(
    names: Sequence[str | None], amounts: Sequence[float | None], first: float = 0.8, second: float = 0.95
) -> Spill:
    """See ``_portfolio.abc``."""
    columns = (
        ("名称", "Name"),
        ("金额", "Amount"),
        ("占比", "Share"),
        ("累计占比", "Cumulative"),
        ("类别", "Class"),
    )
    rows = _portfolio.abc(_portfolio.summed(names, amounts), first, second)
    return Spill(columns, [(name or None, *rest) for name, *rest in rows])


@function(
    "XS_HHI",
    zh="集中度（赫芬达尔指数，0 到 1）= 各占比的平方和；乘 10000 即通用口径。",
    en="Concentration (Herfindahl, 0 to 1) = sum of squared shares; times 10,000 for the usual scale.",
    usage="=XS_HHI(B2:B200)",
    arguments=(numbers("amounts", "各客户或产品的金额", "the amount of each customer or product"),),
    example=Example((((30,), (30,), (20,), (20,)),), 0.26),
)
def hhi(amounts: Sequence[float | None]) -> float | None:
    """See ``_portfolio.herfindahl``; the example is that of the US merger guidelines: 2,600."""
    return _portfolio.herfindahl([amount for amount in amounts if amount is not None])


@function(
    "XS_TOP_SHARE",
    zh="前几名占比（小数）= 最大的 count 项之和 ÷ 合计；负数不计入。",
    en="Share of the largest as a fraction = sum of the largest count / the whole; negatives left out.",
    usage="=XS_TOP_SHARE(B2:B200,10)",
    arguments=(
        numbers("amounts", "各客户或产品的金额", "the amount of each customer or product"),
        number("count", "前几名", "how many", 10),
    ),
    example=Example((((50,), (20,), (20,), (10,)), 2), 0.7),
)
def top_share(amounts: Sequence[float | None], count: float = 10) -> float | None:
    """See ``_portfolio.top_share``."""
    found = [amount for amount in amounts if amount is not None]
    return _portfolio.top_share(found, whole("count", count, 1, 1_000_000))


@function(
    "XS_PVM",
    zh="收入变化拆解为价格、数量、结构、新增、停售，五项之和恰好等于总变化，单位同收入。",
    en="A change in revenue as price, volume, mix, new and lost items, which add up to it exactly.",
    usage="=XS_PVM(A2:A50,B2:B50,C2:C50,D2:D50,E2:E50)",
    arguments=(
        texts("items", "产品名称", "the items"),
        numbers("base_quantity", "基期数量", "quantities before"),
        numbers("base_revenue", "基期收入", "revenue before"),
        numbers("quantity", "本期数量", "quantities now"),
        numbers("revenue", "本期收入", "revenue now"),
    ),
    example=Example(
        (
            (("a",), ("b",), ("c",)), ((10,), (10,), (0,)), ((100,), (200,), (0,)),
            ((12,), (12,), (5,)), ((132,), (240,), (50,)),
        ),
        [[12, 60, 0, 50, 0, 122]],
    ),
)  # fmt: skip
def pvm(
    items: Sequence[str | None],
    base_quantity: Sequence[float | None],
    base_revenue: Sequence[float | None],
    quantity: Sequence[float | None],
    revenue: Sequence[float | None],
) -> Spill:
    """See ``_portfolio.price_volume_mix``."""
    before = _quantities(items, base_quantity, base_revenue)
    after = _quantities(items, quantity, revenue)
    bridge = _portfolio.price_volume_mix(before, after)
    parts = (bridge.price, bridge.volume, bridge.mix, bridge.new, bridge.lost)
    columns = (
        ("价格", "Price"),
        ("数量", "Volume"),
        ("结构", "Mix"),
        ("新增", "New"),
        ("停售", "Lost"),
        ("合计", "Total"),
    )
    return Spill(columns, [(*parts, fsum(parts))])


def _quantities(
    items: Sequence[str | None], quantity: Sequence[float | None], revenue: Sequence[float | None]
) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for item, count, money in zip(items, quantity, revenue, strict=True):
        if count is not None and count < 0:
            raise UsageError("cell_out_of_range", argument="quantity", value=f"{count:g}", allowed="≥ 0")
        counted, earned = found.get(item or "", (0.0, 0.0))
        found[item or ""] = (counted + (count or 0.0), earned + (money or 0.0))
    return {item: pair for item, pair in found.items() if pair != (0.0, 0.0)}


@function(
    "XS_SHARE",
    zh="占比（小数）= 部分 ÷ 整体。整体不大于 0 时留空。",
    en="Share as a fraction = part / whole; blank unless the whole is above 0.",
    usage="=XS_SHARE(B2,B$20)",
    arguments=(number("part", "部分", "the part"), number("of_whole", "整体", "the whole")),
    example=Example((25, 200), 0.125),
)
def share(part: float, of_whole: float) -> float | None:
    """Part of a whole."""
    return part / of_whole if of_whole > 0 else None


@function(
    "XS_DISCOUNT",
    zh="折扣率（小数）= 1 - 成交价 ÷ 原价。原价不大于 0 时留空。",
    en="Discount as a fraction = 1 - net / list price; blank unless the list price is above 0.",
    usage="=XS_DISCOUNT(B2,C2)",
    arguments=(number("list_price", "原价", "list price"), number("net_price", "成交价", "net price")),
    example=Example((200, 170), 0.15),
)
def discount(list_price: float, net_price: float) -> float | None:
    """For several orders give their sums: a mean of discounts weighs a small order as a large one."""
    return 1 - net_price / list_price if list_price > 0 else None


@function(
    "XS_MARGIN",
    zh="毛利率（小数）=（收入 - 成本）÷ 收入。收入不大于 0 时留空。",
    en="Margin as a fraction = (revenue - cost) / revenue; blank unless the revenue is above 0.",
    usage="=XS_MARGIN(B2,C2)",
    arguments=(number("revenue", "收入", "revenue"), number("cost", "成本", "cost")),
    example=Example((500, 350), 0.3),
)
def margin(revenue: float, cost: float) -> float | None:
    """A missing cost is blank, so there is no margin of what is not known."""
    return (revenue - cost) / revenue if revenue > 0 else None
