"""The clean world agrees with itself, whatever the seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from hashlib import sha256
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest

from xlsales.demo import institution as qiming
from xlsales.demo.dice import Dice, Quota
from xlsales.demo.generate import SEED, world
from xlsales.demo.rows import STEPS

if TYPE_CHECKING:
    from xlsales.demo.rows import World

SEEDS = (SEED, 7, 20_240_901)
REPS = {rep.key: rep for rep in qiming.REPS}


@pytest.fixture(scope="module", params=SEEDS)
def clean(request: pytest.FixtureRequest) -> World:
    return world(request.param)


def test_another_seed_is_another_world() -> None:
    assert world(7) != world(SEED)


def test_the_world_is_the_same_on_every_machine_and_python() -> None:
    assert sha256(repr(world()).encode()).hexdigest()[:16] == "7eabee6fd07b6a42"


def test_no_two_names_are_spelled_alike_in_english() -> None:
    signs = [pair[0] for pair in qiming.GIVEN.split()]
    given = [*signs, *("".join(pair) for pair in product(signs, repeat=2))]
    assert len({qiming.person(f"王{name}", "en") for name in given}) == len(given)


def test_dice_fall_within_their_bounds_and_on_every_side() -> None:
    dice = Dice(1)
    assert {dice.number(1, 6) for _ in range(200)} == {1, 2, 3, 4, 5, 6}
    assert sorted(dice.shuffled("abcdefgh")) == list("abcdefgh")
    assert not any(dice.hit(0) for _ in range(100))
    assert all(dice.hit(1000) for _ in range(100))
    assert Counter(dice.pick((("a", 1), ("b", 3))) for _ in range(4000))["b"] == pytest.approx(3000, abs=120)


def test_a_deck_deals_every_face_as_its_weight_says() -> None:
    assert Counter(Dice(1).deck((("a", 1), ("b", 2), ("c", 4)), 70)) == {"a": 10, "b": 20, "c": 40}
    assert Counter(Dice(1).deck((("a", 1), ("b", 1), ("c", 1)), 10)) == {"a": 4, "b": 3, "c": 3}


@pytest.mark.parametrize("rate", [0, 1, 333, 640, 999, 1000])
def test_a_quota_never_strays_one_from_its_rate(rate: int) -> None:
    quota = Quota(Dice(3))
    hits = 0
    for cases in range(1, 400):
        hits += quota.hit(("key",), rate)
        assert abs(hits - cases * rate / 1000) < 1


def test_ids_are_unique_and_keep_their_zeros(clean: World) -> None:
    for rows, name in (
        (clean.leads, "lead_id"),
        (clean.orders, "order_id"),
        (clean.payments, "payment_id"),
        (clean.refunds, "refund_id"),
        (clean.customers, "customer_id"),
    ):
        ids = [getattr(row, name) for row in rows]
        assert len(set(ids)) == len(ids)
        assert len({len(one) for one in ids}) == 1
    assert all(row.order_id.startswith("00") for row in clean.orders)


def test_everything_happens_in_the_26_months_and_to_the_last_day(clean: World) -> None:
    days = [lead.created for lead in clean.leads]
    days += [day for lead in clean.leads for step in (*STEPS, "lost") if (day := getattr(lead, step))]
    days += [order.order_date for order in clean.orders]
    days += [payment.paid_date for payment in clean.payments]
    days += [refund.refund_date for refund in clean.refunds]
    assert min(days) >= date(2024, 9, 1)
    assert max(days) == date(2026, 10, 31)
    assert len({(day.year, day.month) for day in (order.order_date for order in clean.orders)}) == 26


def test_the_steps_of_a_lead_follow_one_another_without_a_gap(clean: World) -> None:
    for lead in clean.leads:
        days = [lead.created, *(getattr(lead, step) for step in STEPS)]
        reached = [day for day in days if day]
        assert days[: len(reached)] == reached
        assert all(before <= after for before, after in pairwise(reached))
        assert not (lead.won and lead.lost)
        assert lead.lost is None or (lead.lost > reached[-1] and lead.lost_reason is not None)
        assert (lead.customer_id is not None) == (lead.won is not None)


def test_every_enrolment_is_a_new_order_of_that_day(clean: World) -> None:
    new = {(o.customer_id, o.order_date) for o in clean.orders if o.type == "new" and o.status == "valid"}
    assert {(lead.customer_id, lead.won) for lead in clean.leads if lead.won} <= new


def test_every_renewal_comes_after_an_earlier_order(clean: World) -> None:
    first = {row.customer_id: row.created for row in clean.customers}
    assert all(first[o.customer_id] < o.order_date for o in clean.orders if o.type == "renewal")


def test_an_amount_is_the_hours_at_their_price_less_the_discount(clean: World) -> None:
    assert all(o.amount == o.quantity * o.unit_price - o.discount > 0 for o in clean.orders)


def test_payments_never_exceed_their_order_and_refunds_never_what_was_paid_by_then(clean: World) -> None:
    orders = {order.order_id: order for order in clean.orders}
    paid: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for payment in clean.payments:
        assert payment.amount > 0
        assert payment.paid_date >= orders[payment.order_id].order_date
        paid[payment.order_id].append((payment.paid_date, payment.amount))
    for order_id, receipts in paid.items():
        assert 1 <= len(receipts) <= 3
        assert sum(amount for _, amount in receipts) <= orders[order_id].amount
    for refund in clean.refunds:
        by_then = sum(amount for day, amount in paid[refund.order_id] if day <= refund.refund_date)
        assert 0 < refund.amount <= by_then
    assert {refund.amount == sum(a for _, a in paid[refund.order_id]) for refund in clean.refunds} == {
        True,
        False,
    }


def test_cancelled_orders_were_never_paid(clean: World) -> None:
    cancelled = {order.order_id for order in clean.orders if order.status == "cancelled"}
    assert cancelled
    assert not cancelled & {payment.order_id for payment in clean.payments}
    assert not cancelled & {refund.order_id for refund in clean.refunds}


def test_every_rep_has_one_target_in_every_month_and_they_add_up_to_the_budget(clean: World) -> None:
    targets = [target for target in clean.targets if target.metric == "sales"]
    counts = Counter((target.period, target.rep) for target in targets)
    assert len(counts) == len(qiming.PLAN) * 12
    assert set(counts.values()) == {1}
    months = sorted({target.period for target in targets})
    assert (months[0], months[-1]) == (date(2024, 9, 1), date(2026, 12, 1))
    for month, budget in zip(months, qiming.PLAN, strict=True):
        total = sum(target.target for target in targets if target.period == month)
        assert 0 <= budget * 1000_00 - total < 12 * 100_00  # each share is rounded down to a hundred


def test_the_house_of_a_rep_is_the_same_in_every_table(clean: World) -> None:
    targets = [target for target in clean.targets if target.metric == "sales"]
    for row in (*clean.leads, *clean.orders, *targets):
        assert row.rep is not None
        assert (row.team, row.region) == (REPS[row.rep].team, REPS[row.rep].region)
    assert len(REPS) == 12
    assert len({rep.team for rep in qiming.REPS}) == len({rep.region for rep in qiming.REPS}) == 3


def test_students_are_the_customers_of_the_orders(clean: World) -> None:
    assert {row.customer_id for row in clean.customers} == {order.customer_id for order in clean.orders}


def test_leads_are_answered_before_they_are_contacted_and_never_after_the_last_day(clean: World) -> None:
    for lead in clean.leads:
        assert lead.created <= lead.last_activity <= date(2026, 10, 31)
        if lead.responded:
            assert lead.created <= lead.responded.date() <= (lead.contacted or date(2026, 10, 31))
    assert 0 < sum(lead.responded is None for lead in clean.leads) < len(clean.leads) / 4


def test_every_course_that_is_sold_is_on_the_list_at_a_price_within_its_band(clean: World) -> None:
    listed = {course.product: course for course in clean.products}
    for order in clean.orders:
        course = listed[str(order.product)]
        assert course.lowest_price * order.quantity <= order.amount <= course.highest_price * order.quantity
        assert course.cost * order.quantity < order.amount


def test_everyone_who_sells_is_on_the_roster_on_that_day(clean: World) -> None:
    here = {employee.rep: employee for employee in clean.roster}
    assert all(here[str(row.rep)].joined <= row.order_date for row in clean.orders)


def test_advertising_is_paid_for_every_channel_and_month(clean: World) -> None:
    advertising = [cost for cost in clean.costs if cost.kind == "advertising"]
    assert len(advertising) == 26 * 5
    assert all(cost.channel and not cost.region and cost.cost > 0 for cost in advertising)


def test_follow_ups_are_about_leads_that_were_there(clean: World) -> None:
    leads = {lead.lead_id: lead for lead in clean.leads}
    for activity in clean.activities:
        lead = leads[activity.lead_id]
        assert (activity.rep, activity.customer) == (lead.rep, lead.customer)
        assert lead.created <= activity.day <= date(2026, 10, 31)


def test_a_campus_never_sells_more_than_its_district_spends(clean: World) -> None:
    sold: dict[tuple[date, str], int] = defaultdict(int)
    for order in clean.orders:
        if order.status == "valid":
            sold[order.order_date.replace(day=1), order.region] += order.amount
    assert all(0.02 < sold[row.period, row.region] / row.size < 0.08 for row in clean.market)
