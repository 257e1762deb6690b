"""Drop-out by teacher: the orders of whose lessons are given back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlsales.metrics import dropout as of_all
from xlsales.metrics._catalogue import Option, Out, metric, says
from xlsales.metrics._once import once
from xlsales.metrics._returns import of_orders
from xlsales.metrics._tagged import carried, carrier_for

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

COLUMNS = (Out("teacher", "text", "教师", "Teacher"), *of_all.COLUMNS)


def _theirs(what: str) -> Trace:
    """What ``of_orders`` gives of the orders of the teacher of the row."""

    def trace(asked: Asked) -> Behind:
        tables = asked.tables
        name = carrier_for({name for name, _ in asked.scope.filters})
        taught = _taught(tables["orders"], tables.get("lessons"), tables.get("products"))
        filters = (*asked.scope.filters, (name, (str(asked.row["teacher"]),)))
        about = replace(
            asked,
            tables={**tables, "orders": carried(taught, "teacher", name)},
            scope=replace(asked.scope, filters=filters),
        )
        return of_orders(what)(about)

    return trace


BEHIND = of_all.behind(_theirs)


@metric(
    "teacher_dropout",
    zh="教师退课率",
    en="Drop-out by teacher",
    definition_zh="退课率按教师：订单的教师取课消表中该订单课时最多的一位，没有时取课程表中该课程的教师；"
    "其余同退课率。教师不明的订单单列。",
    definition_en="The drop-out rate by teacher: an order is of who gave most of its lesson hours, or else "
    "of the teacher that the products name for its course; all else as in the drop-out rate. Orders of which "
    "nobody can tell stand apart.",
    needs=("orders.order_id", "orders.order_date", "orders.amount"),
    columns=COLUMNS,
    options=(Option("mature", "满多少天视为成熟，默认 90", "days until orders are mature, 90 by default"),),
    rows=(67,),
    behind=BEHIND,
)
def teacher_dropout(
    orders: Frame,
    lessons: Frame | None = None,
    products: Frame | None = None,
    payments: Frame | None = None,
    refunds: Frame | None = None,
    *,
    scope: Scope,
    mature: int = of_all.MATURE,
) -> pd.DataFrame:
    """A row per teacher as ``dropout`` counts, the most orders first; "" where nobody can tell the teacher.

    Of teachers with equally many hours of an order it is the first by name; a course that the products give
    several teachers tells nobody's. Lessons are those of the whole sheet: who is given back early has few.
    A difference between teachers is none of their effect: they teach other courses, ages and hours.
    """
    titles = [column.name for column in COLUMNS]
    if not any(table is not None and says(table, "teacher") for table in (lessons, products)):
        whole = of_all.dropout(orders, payments, refunds, scope=scope, mature=mature)
        return whole[whole["orders"] > 0].assign(teacher="").astype({"teacher": "str"})[titles]
    name = carrier_for({name for name, _ in scope.filters})
    taught = carried(_taught(orders, lessons, products), "teacher", name)
    rows = of_all.dropout(taught, payments, refunds, scope=scope, mature=mature, by=(name,))
    return rows.rename(columns={name: "teacher"})[titles]


@once
def _taught(orders: Frame, lessons: Frame | None, products: Frame | None) -> nw.LazyFrame[Any]:
    """The orders with ``teacher``, null where nobody tells."""
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    told = []
    if products is not None:
        courses = nw.from_native(products).lazy().select("product", "teacher").drop_nulls()
        ours = courses.group_by("product").agg(
            nw.col("teacher").min().alias("of course"), nw.col("teacher").n_unique().alias("teachers")
        )
        only = ours.filter(nw.col("teachers") == 1).select("product", "of course")
        rows = rows.join(only, on="product", how="left")
        told.append("of course")
    if lessons is not None:
        taught = nw.from_native(lessons).lazy()
        given = taught.select("order_id", "teacher", nw.col("hours").fill_null(0.0))
        given = given.filter(~nw.col("order_id").is_null(), ~nw.col("teacher").is_null())
        hours = given.group_by("order_id", "teacher").agg(nw.col("hours").sum())
        most = hours.group_by("order_id").agg(nw.col("hours").max().alias("most"))
        main = hours.join(most, on="order_id").filter(nw.col("hours") == nw.col("most"))
        rows = rows.join(
            main.group_by("order_id").agg(nw.col("teacher").min().alias("of lessons")),
            on="order_id",
            how="left",
        )
        told.insert(0, "of lessons")
    teacher = nw.coalesce(*told) if told else nw.lit(None, nw.String)
    return rows.with_columns(teacher=teacher)
