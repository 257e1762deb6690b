"""What happened, as rows: the tables of the institution, in keys of ``institution`` and money in fen.

A dimension is None only where the dirt took it away (``dirt``); the generator fills every one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

STEPS = ("contacted", "booked", "trial", "won", "renewed")


@dataclass(frozen=True)
class Lead:
    """One enquiry and the day on which it reached each stage; ``amount`` is the expected money."""

    lead_id: str
    created: date
    customer_id: str | None
    customer: str
    phone: str
    product: str
    rep: str | None
    team: str
    region: str
    channel: str | None
    contacted: date | None
    booked: date | None
    trial: date | None
    won: date | None
    renewed: date | None
    lost: date | None
    lost_reason: str | None
    amount: int | None
    responded: datetime | None
    last_activity: date
    referrer: str | None = None

    @property
    def stage(self) -> str:
        """Where the lead stands: lost, or the furthest step it has a day for."""
        if self.lost:
            return "lost"
        return next((step for step in reversed(STEPS) if getattr(self, step)), "new")


@dataclass(frozen=True)
class Order:
    """One order of lesson hours: ``amount`` = quantity x unit price - discount."""

    order_id: str
    order_date: date
    customer_id: str
    customer: str
    product: str | None
    category: str
    rep: str | None
    team: str
    region: str
    channel: str | None
    quantity: int
    unit_price: int
    discount: int
    amount: int
    type: str
    status: str
    campaign: str | None


@dataclass(frozen=True)
class Target:
    """What one rep is to sell in one month, by signed amount; or a rate of customers, in per cent."""

    period: date
    metric: str
    rep: str | None
    team: str | None
    region: str | None
    target: int
    customer_type: str | None = None


@dataclass(frozen=True)
class Payment:
    """One receipt; an order has one to three."""

    payment_id: str
    order_id: str
    paid_date: date
    amount: int
    method: str


@dataclass(frozen=True)
class Refund:
    """Money given back on one order, in part or in full."""

    refund_id: str
    order_id: str
    refund_date: date
    amount: int
    reason: str


@dataclass(frozen=True)
class Customer:
    """One student."""

    customer_id: str
    customer: str
    created: date
    tier: str
    region: str
    phone: str
    points: int | None = None
    points_earned: int | None = None
    points_used: int | None = None


@dataclass(frozen=True)
class Product:
    """One course: what a lesson hour costs those who buy and those who teach, and the band of its prices."""

    product: str
    category: str
    list_price: int
    lowest_price: int
    highest_price: int
    cost: int
    launched: date


@dataclass(frozen=True)
class Employee:
    """One consultant on the roster."""

    rep: str
    team: str
    region: str
    joined: date
    left: date | None
    fte: float
    role: str


@dataclass(frozen=True)
class Cost:
    """What was spent in a month: on advertising by channel, on people by campus."""

    period: date
    kind: str
    channel: str | None
    region: str | None
    cost: int


@dataclass(frozen=True)
class Activity:
    """One call, message or visit about a lead."""

    activity_id: str
    day: date
    rep: str
    lead_id: str
    customer: str
    kind: str
    result: str


@dataclass(frozen=True)
class Market:
    """What families of a campus' district spend on lessons in a month, as a market study estimates it."""

    period: date
    region: str
    size: int


@dataclass(frozen=True)
class Contract:
    """What a family agreed to: one course from its start to its end."""

    contract_id: str
    customer_id: str
    customer: str
    product: str
    rep: str
    team: str
    region: str
    channel: str
    start: date
    end: date
    amount: int
    type: str


@dataclass(frozen=True)
class Survey:
    """What a family said on the phone: why it did not renew (a reason, words, or neither), or a score."""

    day: date
    customer_id: str
    customer: str
    product: str
    kind: str
    reason: str | None
    comment: str | None
    score: int | None = None


@dataclass(frozen=True)
class Ticket:
    """What a family asked for or complained about, and when somebody answered and settled it."""

    ticket_id: str
    opened: date
    customer_id: str
    customer: str
    rep: str
    product: str
    kind: str
    responded: date | None
    closed: date | None


@dataclass(frozen=True)
class District:
    """How many people live around a campus."""

    region: str
    population: int


Row = (
    Lead
    | Order
    | Target
    | Payment
    | Refund
    | Customer
    | Product
    | Employee
    | Cost
    | Activity
    | Market
    | Contract
    | Survey
    | Ticket
    | District
)


@dataclass(frozen=True)
class World:
    """All that happened from the first month to the last day, each table in order of its dates."""

    leads: tuple[Lead, ...]
    orders: tuple[Order, ...]
    targets: tuple[Target, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    customers: tuple[Customer, ...]
    products: tuple[Product, ...]
    roster: tuple[Employee, ...]
    costs: tuple[Cost, ...]
    activities: tuple[Activity, ...]
    market: tuple[Market, ...]
    contracts: tuple[Contract, ...]
    surveys: tuple[Survey, ...]
    tickets: tuple[Ticket, ...]
    population: tuple[District, ...]

    def tables(self) -> dict[str, tuple[Row, ...]]:
        """The rows by the key of their table."""
        return {
            "leads": self.leads,
            "orders": self.orders,
            "targets": self.targets,
            "payments": self.payments,
            "refunds": self.refunds,
            "customers": self.customers,
            "products": self.products,
            "roster": self.roster,
            "costs": self.costs,
            "activities": self.activities,
            "market": self.market,
            "contracts": self.contracts,
            "surveys": self.surveys,
            "tickets": self.tickets,
            "population": self.population,
        }
