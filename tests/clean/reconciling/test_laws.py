"""What holds for every reconciliation, whatever the tables hold: it ties out, and row order never shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.metrics.test_laws import frames
from xlsales.clean.frames import conform
from xlsales.clean.reconciling.catalogue import NEEDS, missing, possible, reconciled
from xlsales.clean.reconciling.channels import channels, matched
from xlsales.clean.reconciling.comparison import Tolerance
from xlsales.clean.reconciling.receipts import receipts
from xlsales.clean.reconciling.received import received
from xlsales.tables import specs
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsales.clean.reconciling.comparison import Comparison

Tables = dict[str, pd.DataFrame]
KEYS = (
    "orders",
    "payments",
    "refunds",
    "instalments",
    "invoices",
    "stock",
    "products",
    "lessons",
    "customers",
)
law = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def books(draw: st.DrawFn) -> Tables:
    """Small tables with ids and names that meet often, orders from up to three sources."""
    found = {}
    for key in KEYS:
        if key == "orders" or draw(st.booleans()):
            frame = draw(frames(specs.table(key)))
            sources = draw(st.lists(st.sampled_from("abc"), min_size=len(frame), max_size=len(frame)))
            found[key] = frame.assign(
                **{SOURCE: pd.Series(sources, dtype="str"), ROW: range(2, 2 + len(frame))}
            )
    return found


def total(values: Iterable[float]) -> float:
    return math.fsum(value for value in values if not math.isnan(value))


def counts(orders: pd.DataFrame) -> pd.DataFrame:
    return orders.loc[[status not in ("cancelled", "pending", "refunded") for status in orders["status"]]]


def came_in(tables: Tables) -> float:
    """Payments less refunds, those of an order with negative payments told by these alone."""
    payments = list(tables["payments"][["order_id", "amount"]].itertuples(index=False))
    told = {_id(one.order_id) for one in payments if one.amount < 0}
    back = [
        abs(one.amount)
        for one in tables.get("refunds", tables["payments"][:0]).itertuples()
        if _id(one.order_id) not in told
    ]
    return total(one.amount for one in payments) - total(back)


def _id(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


@law
@given(books())
def test_every_status_and_every_side_tie_out(tables: Tables) -> None:
    for key, found in reconciled(tables).items():
        first, second = found.sides
        for rows in (found.units, *(group for _, group in found.units.groupby("status", observed=True))):
            apart = total(rows[first]) - total(rows[second])
            assert total(rows["difference"]) == pytest.approx(apart, abs=1e-6), key
        totals = found.totals()
        assert totals["status"].tolist() == list(found.statuses)
        assert totals["units"].sum() == len(found.units)
        for name in (first, second, "difference"):
            assert totals[name].sum() == pytest.approx(total(found.units[name]), abs=1e-6), (key, name)


@law
@given(books())
def test_the_sides_are_the_tables_own_totals(tables: Tables) -> None:
    found = reconciled(tables)
    sold = total(counts(tables["orders"])["amount"])

    def side(key: str, name: str) -> Any:
        return pytest.approx(total(found[key].units[name]), abs=1e-6)

    if "receipts" in found:
        assert sold == side("receipts", "ordered")
        assert came_in(tables) == side("receipts", "received")
    if "invoices" in found:
        assert sold == side("invoices", "ordered")
        assert came_in(tables) == side("invoices", "received")
        assert total(tables["invoices"]["amount"]) == side("invoices", "invoiced")
    if "channels" in found:
        assert sold == side("channels", "reported")
    if "stock_balance" in found:
        lines = tables["stock"].dropna(subset=["period", "product"])
        assert total(lines["closing"]) == side("stock_balance", "closing")
    if "stock_sold" in found:
        known = tables["stock"].dropna(subset=["period", "product"])
        months = {day.strftime("%Y-%m") for day in known["period"]}
        products = set(known["product"])
        lines = counts(tables["orders"]).dropna(subset=["order_date", "product"])
        there = [
            day.strftime("%Y-%m") in months and product in products
            for day, product in zip(lines["order_date"], lines["product"], strict=True)
        ]
        assert total(lines["quantity"][there]) == side("stock_sold", "sold")
        assert total(known["issued"]) == side("stock_sold", "issued")
    if "lessons" in found:
        assert total(tables["lessons"]["hours"]) == side("lessons", "used")


@law
@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_shows(tables: Tables, dice: Any) -> None:
    shuffled = {}
    for key, frame in tables.items():
        order = list(range(len(frame)))
        dice.shuffle(order)
        shuffled[key] = frame.iloc[order].reset_index(drop=True)
    again = reconciled(shuffled)
    for key, found in reconciled(tables).items():
        assert _shown(found) == _shown(again[key]), key
        assert found.totals().to_dict() == again[key].totals().to_dict()


def _shown(found: Comparison) -> list[str]:
    """What users see of the units, in the order of the words."""
    inner = ["rank", "id", "day", "row", "repeats"]
    units = found.units.drop(columns=inner, errors="ignore").astype(object)
    return sorted(map(repr, units.where(units.notna(), None).itertuples(index=False, name=None)))


@law
@given(books(), st.integers(0, 5))
def test_an_order_is_matched_once_with_another_source_and_within_the_days(tables: Tables, days: int) -> None:
    units = matched(tables["orders"], tables.get("customers"), days).units
    again = units[units["repeats"] >= 0]
    firsts = units.loc[again["repeats"]]
    assert (firsts["repeats"] == -1).all()
    assert (firsts["rank"].to_numpy() != again["rank"].to_numpy()).all()
    assert not again.duplicated(["repeats", "rank"]).any()
    assert (firsts["day"].to_numpy() <= again["day"].to_numpy()).all()
    near = (again["by"] != "order_id").groupby(again["repeats"].to_numpy()).transform("all").to_numpy()
    assert (again["day"].to_numpy() - firsts["day"].to_numpy() <= 2 * days)[near].all()
    assert again["amount"].to_numpy()[near] == pytest.approx(firsts["amount"].to_numpy()[near])
    assert again["by"].isin(["order_id", "phone", "customer_id", "customer"]).all()


@law
@given(books(), st.integers(2, 4))
def test_a_payment_in_parts_is_the_payment(tables: Tables, parts: int) -> None:
    if not possible(tables, "receipts"):
        return
    split = tables["payments"].loc[tables["payments"].index.repeat(parts)].reset_index(drop=True)
    split["amount"] /= parts
    whole, found = receipts(received(tables)), receipts(received({**tables, "payments": split}))
    assert len(found.units) == len(whole.units)
    assert found.totals()["units"].tolist() == whole.totals()["units"].tolist()


@law
@given(books())
def test_a_missing_table_switches_off_just_what_needs_it(tables: Tables) -> None:
    found = reconciled(tables)
    for key in tables.keys() - {"orders"}:
        left = {name: frame for name, frame in tables.items() if name != key}
        needing = {name for name in NEEDS if missing(left, name)}
        assert set(reconciled(left)) == set(found) - needing


def test_empty_tables_reconcile_to_nothing() -> None:
    empty = {key: conform(specs.table(key), pd.DataFrame()) for key in KEYS}
    assert reconciled(empty) == {}
    assert channels(empty).totals()["units"].sum() == 0
    assert receipts(received(empty)).totals()["units"].sum() == 0


def test_the_tolerance_can_be_set() -> None:
    orders = conform(specs.table("orders"), pd.DataFrame({"order_id": ["O1"], "amount": [1000.0]}))
    payments = conform(specs.table("payments"), pd.DataFrame({"order_id": ["O1"], "amount": [990.0]}))
    found = received({"orders": orders, "payments": payments})
    for tolerance, status in (
        (Tolerance(), "short"),
        (Tolerance(absolute=10.0), "agreed"),
        (Tolerance(absolute=9.99), "short"),
        (Tolerance(relative=0.01), "agreed"),
        (Tolerance(relative=0.0099), "short"),
    ):
        assert receipts(found, tolerance=tolerance).units["status"].tolist() == [status]


def test_what_is_wrong_comes_first_then_the_largest_differences_and_equal_ones_by_id() -> None:
    ids = ["B", "A", "C", "D"]
    orders = conform(
        specs.table("orders"), pd.DataFrame({"order_id": ids, "amount": [50.0, 50.0, 90.0, 7.0]})
    )
    payments = conform(specs.table("payments"), pd.DataFrame({"order_id": ["D", "E"], "amount": [7.0, 60.0]}))
    found = receipts(received({"orders": orders, "payments": payments}))
    assert found.largest(1)["order_id"].tolist() == ["E"]
    assert found.largest(3)["order_id"].tolist() == ["E", "C", "A"]
    assert found.largest(9)["order_id"].tolist() == ["E", "C", "A", "B"]
