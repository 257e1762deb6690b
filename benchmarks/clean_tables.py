"""Clean tables of any size in memory, as cleaning gives them: what the metrics are measured on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xlsales.clean.frames import conform
from xlsales.tables import specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

FIRST, END = np.datetime64("2024-09-01T00:00"), np.datetime64("2026-11-01T00:00")
MONTHS = np.arange("2024-09", "2026-11", dtype="datetime64[M]")
DAY = np.timedelta64(24 * 60, "m")
CHANNELS = ("转介绍", "抖音", "小红书", "地推", "官网", "公众号", "美团", "电话")
REACHED = {"contacted": 0.8, "booked": 0.6, "trial": 0.7, "won": 0.5}
"""The share of those that reached the stage before."""
REASONS = ("价格太贵", "选了其他机构", "联系不上", "没时间", "距离太远", "没兴趣", "试听没到", "其他")
KINDS = ("电话", "微信", "拜访", "邮件")
TIERS = ("大客户", "A", "B", "C")


def tables(orders: int) -> dict[str, pd.DataFrame]:
    """Clean tables of 26 months around so many orders: the same numbers give the same tables.

    Per million orders 300,000 leads, 300,000 payments, 20,000 refunds, 500,000 activities, 200,000 contracts,
    20,000 calls and 120,000 customers; always 300 products, 60 reps in 12 regions, 8 channels and a
    campaign every other month.
    """
    import pandas as pd

    random = np.random.default_rng(7)
    people = max(orders * 12 // 100, 1)
    made: dict[str, dict[str, Any]] = {
        "customers": _customers(random, people),
        "products": _products(),
        "roster": _roster(random),
        "costs": _each_month(random, {"channel": CHANNELS}, "cost"),
        "market": _each_month(random, {"region": _called("校区", range(12))}, "size"),
        "targets": _targets(random),
        "population": {"region": _called("校区", range(12)), "population": np.arange(12) * 10_000 + 50_000},
        "orders": _orders(random, orders, people),
        "leads": _leads(random, orders * 30 // 100, people),
    }
    sold = made["orders"]
    paid = random.permutation(orders)[: orders * 30 // 100]
    made["payments"] = _later(random, sold, paid, "payment_id", "paid_date", 10)
    made["refunds"] = _later(random, sold, paid[: orders * 2 // 100], "refund_id", "refund_date", 30)
    made["activities"] = _activities(random, made["leads"], orders * 50 // 100)
    made["contracts"] = _contracts(random, orders * 20 // 100, people)
    made["surveys"] = _surveys(random, orders * 2 // 100, people)
    return {name: conform(specs.table(name), pd.DataFrame(columns)) for name, columns in made.items()}


def _orders(random: np.random.Generator, n: int, people: int) -> dict[str, Any]:
    day = _moments(random, n).astype("datetime64[D]")
    customer = (people * random.random(n) ** 2).astype(int)
    product, rep, quantity = (
        random.integers(300, size=n),
        random.integers(60, size=n),
        random.integers(1, 50, n),
    )
    month = (day.astype("datetime64[M]") - MONTHS[0]).astype(int)
    promoted = (month % 2 == 1) & (random.random(n) < 0.3)
    price, discount = _price(product), random.choice([0.0, 0.0, 0.0, 100.0, 200.0], n)
    returned = np.where(random.random(n) < 0.01, -1, 1)
    return {
        "order_id": _called("SO", np.arange(n) * 9 // 10),  # one in ten has two lines
        "order_date": day,
        "quantity": quantity,
        "unit_price": price,
        "discount": discount,
        "amount": returned * (quantity * price - discount),
        "cost": returned * quantity * price * 0.6,
        "status": random.choice(["valid", "pending", "cancelled"], n, p=[0.96, 0.01, 0.03]),
        "type": random.choice(["new", "renewal"], n),
        "campaign": np.where(promoted, _called("活动", month), None),
        **_buyer(customer),
        **_seller(rep),
        "product_id": _called("P", product),
        "product": _called("课程", product),
        "category": _called("类别", product % 6),
    }


def _leads(random: np.random.Generator, n: int, people: int) -> dict[str, Any]:
    created = _moments(random, n)
    moment, there, stage = created, np.ones(n, bool), np.full(n, "new", object)
    dates = {}
    for name, share in REACHED.items():
        moment = moment + _wait(random, n, 6)
        there = there & (random.random(n) < share) & (moment < END)
        dates[name] = np.where(there, moment, np.datetime64("NaT"))
        stage[there] = name
    given_up = created + _wait(random, n, 40)
    lost = (stage != "won") & (random.random(n) < 0.7) & (given_up < END)
    stage[lost] = "lost"
    responded = created + _wait(random, n, 1)
    return {
        "lead_id": _called("L", np.arange(n)),
        "created": created,
        **dates,
        "lost": np.where(lost, given_up, np.datetime64("NaT")),
        "lost_reason": np.where(lost & (random.random(n) < 0.8), random.choice(REASONS, n), None),
        "stage": stage,
        "responded": np.where((random.random(n) < 0.9) & (responded < END), responded, np.datetime64("NaT")),
        "expected": np.where((stage == "won") | lost, np.datetime64("NaT"), created + 90 * DAY),
        "amount": random.integers(1_000, 50_000, n),
        "kind": random.choice(["个人", "企业"], n),
        "industry": _called("行业", random.integers(10, size=n)),
        "company_size": random.choice(["1-50", "51-500", "500+"], n),
        **_buyer(random.integers(people, size=n)),
        **_seller(random.integers(60, size=n)),
        "product": _called("课程", random.integers(300, size=n)),
    }


def _activities(random: np.random.Generator, leads: dict[str, Any], n: int) -> dict[str, Any]:
    of = random.integers(len(leads["lead_id"]), size=n)
    day = leads["created"][of] + _wait(random, n, 20)
    return {
        "activity_id": _called("A", np.arange(n)),
        "day": np.minimum(day, END - DAY),
        "kind": random.choice(KINDS, n),
        **{name: leads[name][of] for name in ("lead_id", "customer_id", "customer", "rep")},
    }


def _contracts(random: np.random.Generator, n: int, people: int) -> dict[str, Any]:
    start, term = _moments(random, n).astype("datetime64[D]"), random.choice([91, 182, 365], n)
    end = start + term * DAY
    renewed = (random.random(n) < 0.6) & (end < END)
    amount = random.integers(1_000, 20_000, n)
    return {
        "contract_id": _called("K", np.arange(n)),
        "start": start,
        "signed": start,
        "end": end,
        "amount": amount,
        "renewed": np.where(renewed, end, np.datetime64("NaT")),
        "renewed_amount": np.where(renewed, amount * random.choice([0.8, 1.0, 1.3], n), np.nan),
        **_buyer(random.integers(people, size=n)),
        **_seller(random.integers(60, size=n)),
        "product": _called("课程", random.integers(300, size=n)),
    }


def _surveys(random: np.random.Generator, n: int, people: int) -> dict[str, Any]:
    return {
        "day": _moments(random, n).astype("datetime64[D]"),
        "kind": "流失回访",
        "reason": np.where(random.random(n) < 0.7, random.choice(REASONS, n), None),
        "comment": random.choice(["太贵了", "老师不好", "搬家", "没空来"], n),
        **{key: value for key, value in _buyer(random.integers(people, size=n)).items() if key != "channel"},
    }


def _later(
    random: np.random.Generator, orders: dict[str, Any], of: NDArray[Any], key: str, on: str, days: float
) -> dict[str, Any]:
    """Money that moves after orders, all of what they come to."""
    day = orders["order_date"][of] + _wait(random, len(of), days)
    return {
        key: _called("M", np.arange(len(of))),
        on: np.minimum(day, END - DAY),
        **{name: orders[name][of] for name in ("order_id", "amount", "customer_id", "customer")},
    }


def _customers(random: np.random.Generator, n: int) -> dict[str, Any]:
    return {
        **_buyer(np.arange(n)),
        "created": _moments(random, n),
        "tier": random.choice(TIERS, n, p=[0.01, 0.09, 0.3, 0.6]),
        "industry": _called("行业", random.integers(10, size=n)),
        "region": _called("校区", random.integers(12, size=n)),
    }


def _products() -> dict[str, Any]:
    at = np.arange(300)
    ids, names, categories = _called("P", at), _called("课程", at), _called("类别", at % 6)
    price = _price(at)
    return {
        "product_id": ids,
        "product": names,
        "category": categories,
        "list_price": price,
        "cost": price * 0.6,
    }


def _roster(random: np.random.Generator) -> dict[str, Any]:
    joined = FIRST - random.integers(0, 1_500, 60) * DAY + 600 * DAY
    left = np.where(np.arange(60) < 5, END - random.integers(1, 60, 60) * DAY, np.datetime64("NaT"))
    reps = np.arange(60)
    return {"rep_id": _called("R", reps), **_seller(reps), "joined": joined, "left": left, "fte": 1.0}


def _each_month(random: np.random.Generator, names: dict[str, Sequence[str]], number: str) -> dict[str, Any]:
    [(column, called)] = names.items()
    return {
        "period": np.repeat(MONTHS, len(called)).astype("datetime64[D]"),
        column: list(called) * len(MONTHS),
        number: random.integers(10_000, 2_000_000, len(called) * len(MONTHS)),
    }


def _targets(random: np.random.Generator) -> dict[str, Any]:
    """Money for each rep and month; and, of the last month, rates by tier, by region and of all."""
    money = _each_month(random, {"rep": _called("顾问", range(60))}, "target")
    rates: list[tuple[str, str | None, str | None, float]] = [
        *(("续费率", tier, None, 0.9) for tier in TIERS),
        *(("客户数增长", tier, None, 0.3) for tier in TIERS),
        *(("续费率", None, str(region), 0.8) for region in _called("校区", range(12))),
        ("客户流失率", None, None, 0.1),
        ("客户数增长", None, None, 0.2),
    ]
    metric, tier, region, share = (list(column) for column in zip(*rates, strict=True))
    blank = [None] * len(money["period"])
    return {
        "period": np.concatenate(
            [money["period"], np.repeat(MONTHS[-1:], len(rates)).astype("datetime64[D]")]
        ),
        "metric": ["销售额"] * len(blank) + metric,
        "rep": [*money["rep"], *[None] * len(rates)],
        "region": blank + region,
        "customer_type": blank + tier,
        "target": [*money["target"], *share],
    }


def _buyer(customer: NDArray[Any]) -> dict[str, Any]:
    channel = np.array(CHANNELS, object)[customer % len(CHANNELS)]
    return {
        "customer_id": _called("C", customer),
        "customer": _called("学员", customer),
        "channel": channel,
    }


def _seller(rep: NDArray[Any]) -> dict[str, Any]:
    return {"rep": _called("顾问", rep), "team": _called("组", rep % 20), "region": _called("校区", rep % 12)}


def _price(product: NDArray[Any]) -> NDArray[Any]:
    return 60.0 + 5 * (product % 24)


def _called(prefix: str, numbers: Any) -> NDArray[Any]:
    """A text for each number; equal ones are one object, as in tables that were read."""
    numbers = np.asarray(numbers)
    texts = np.array([f"{prefix}{number:03d}" for number in range(numbers.max(initial=0) + 1)], object)
    found: NDArray[Any] = texts[numbers]
    return found


def _moments(random: np.random.Generator, n: int) -> NDArray[Any]:
    return FIRST + random.integers(0, (END - FIRST).astype(int), n)


def _wait(random: np.random.Generator, n: int, days: float) -> NDArray[Any]:
    return (random.exponential(days, n) * 24 * 60).astype("timedelta64[m]")
