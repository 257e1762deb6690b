"""The dirt lies where it is said to lie, and takes away only what it is said to take."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import date

import pytest

from xlsales.demo import dirt
from xlsales.demo.generate import world


def test_every_planned_piece_of_dirt_is_marked_once() -> None:
    planned = {(kind, table, column): count for kind, table, column, count in dirt.PLAN}
    assert Counter((mark.kind, mark.table, mark.column) for mark in dirt.soiled().marks) == planned
    assert len(set(dirt.soiled().marks)) == len(dirt.soiled().marks)


def test_a_mark_points_at_the_row_that_bears_it() -> None:
    for mark in dirt.soiled().marks:
        assert dirt.soiled().sheets[mark.table][mark.row].stains[mark.column] == mark.kind


def test_duplicates_add_rows_and_nothing_else_does() -> None:
    repeated = Counter(mark.table for mark in dirt.soiled().marks if mark.kind == "duplicate")
    for table, rows in world().tables().items():
        assert len(dirt.soiled().sheets[table]) == len(rows) + repeated[table]


def test_the_reported_world_is_the_clean_one_less_the_losses() -> None:
    lost = {
        (mark.table, dirt.soiled().sheets[mark.table][mark.row].row, mark.column)
        for mark in dirt.soiled().marks
        if mark.kind in ("blank", "error", "over_paid")
    }
    ids = {"leads": "lead_id", "orders": "order_id", "payments": "payment_id", "refunds": "refund_id"}
    changed = {(table, getattr(row, ids[table]), column) for table, row, column in lost}
    found = set()
    for table, before in world().tables().items():
        after = dirt.soiled().reported.tables()[table]
        if table not in ids:
            assert after == before
            continue
        left = {getattr(row, ids[table]): row for row in after}
        for row in before:
            key = getattr(row, ids[table])
            if key not in left:
                found |= {(table, key, column) for t, k, column in changed if (t, k) == (table, key)}
                continue
            for field in fields(row):
                if getattr(left[key], field.name) != getattr(row, field.name):
                    found.add((table, key, field.name))
    assert found == changed


def test_rows_without_a_needed_value_are_not_reported() -> None:
    clean, reported = world(), dirt.soiled().reported
    assert len(clean.orders) - len(reported.orders) == 2
    assert len(clean.payments) - len(reported.payments) == 1
    assert all(order.order_date for order in reported.orders)
    assert all(payment.amount for payment in reported.payments)


def test_the_dirt_of_one_cell_is_one_kind_and_a_duplicated_row_has_no_other() -> None:
    for written in dirt.soiled().sheets.values():
        for line in written:
            assert "duplicate" not in line.stains.values() or len(line.stains) == 1


@pytest.mark.parametrize(
    ("fen", "kind", "text"),
    [
        (123_400, "money_symbol", "￥1,234.00"),
        (123_456, "money_yuan", "1,234.56元"),
        (1_200_000, "money_wan", "1.2万"),
        (400_000_00, "money_wan", "40万"),
        (5_680_00, "money_wan", "0.568万"),
        (123_456, "money_full_width", "１２３４．５６"),
    ],
)
def test_money_is_written_as_people_write_it(fen: int, kind: dirt.Kind, text: str) -> None:
    assert dirt.money(fen, kind) == text


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("date_words", "2026年3月1日", "1 Mar 2026"),
        ("date_iso", "2026-03-01", "2026-03-01"),
        ("date_slash", "2026/3/1", "2026/3/1"),
        ("date_time", "2026-03-01 14:35:05", "2026-03-01 14:35:05"),
        ("date_serial", 46082.0, 46082.0),
    ],
)
def test_dates_are_written_as_people_write_them(kind: dirt.Kind, zh: str | float, en: str | float) -> None:
    assert dirt.day(date(2026, 3, 1), kind, 5, "zh") == zh
    assert dirt.day(date(2026, 3, 1), kind, 5, "en") == en
