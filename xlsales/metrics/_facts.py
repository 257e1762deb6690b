"""Revenue as lines of money: the one definition of what counts, when, and under which names.

- An order line counts unless its order is cancelled, or says that it was refunded. A pending one (待付款,
  draft) is no sale yet, so it counts on the cash basis only, by what was paid for it.
- signed: the amount of each order line on its order date. A line below zero is a return: it takes
  its money away, but is neither an order nor a customer.
- net: signed, less refunds on the day of the refund (booked in the refund's own month); where the policy
  says original_month, on the date of the order line they take back, as far as they are known by ``as_of``.
- cash: payments on the day they were paid, less refunds on the day they were paid out.
- A refund takes money away whatever sign the sheet writes, and is taken away once although exports
  say it in two places, as a row of the refunds and as a negative payment: order by order, net
  believes the refunds first and cash believes the payments first.
- Payments and refunds take their names from their order. They are spread over its lines in
  proportion to the amounts, so several payments of one order never fan out and a total ties out
  by product too; where the amounts do not add up to more than zero every line takes an equal part.
- Money whose order is unknown keeps counting, under blank names.
- A line without a date cannot be placed in time and counts nowhere.
- A name or id that stands for whoever came by (散客, walk-in; see ``_passers_by``) is no customer: its lines
  keep their name and their money, and are nobody's like those with neither id nor name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics._calendar import ONE_DAY
from xlsales.metrics._once import once, worked_out
from xlsales.metrics._passers_by import no_account, passes_by
from xlsales.metrics._scope import Window, month_of
from xlsales.metrics._slices import midnight, names, sliced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import narwhals as nw
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Basis, Scope

NAMES = ("region", "team", "rep", "channel", "product", "category", "type", "campaign", "customer")
"""The names a line of money carries, one for each dimension but the month."""

PLACES = 6
"""Sums of money are rounded to so many decimals, so that the order of the rows can never show."""

NO_SALE_YET = ("cancelled", "pending", "refunded")
COUNTED = ("order_id", "customer_id", "sale")
UNKNOWN = 10**9
"""Beyond this lie the numbers of orders that only payments or refunds speak of."""
LINE = ("date", "amount", "quantity", *COUNTED, "account", "status", *NAMES)


def revenue(
    orders: Frame,
    payments: Frame | None,
    refunds: Frame | None,
    scope: Scope,
    by: Sequence[str] = (),
    without: tuple[str, ...] = NO_SALE_YET,
) -> nw.LazyFrame[Any]:
    """The lines of money that the filters of the scope let pass, with all names as text.

    Columns: date, amount, quantity (of an order line; payments and refunds have none), order_id and
    customer_id (whole numbers that tell orders and customers apart), account (the id of the customer, or the
    name where there is none; null where nobody is known), sale (whether the line makes an order: false for
    refunds and returns), status (of the order) and ``NAMES``. Lines of a status in ``without`` do not count.
    Raises ``InputError`` on the cash basis without payments.
    """
    lines = money_lines(orders, payments, refunds, scope.basis, restated(scope), without=without)
    return sliced(lines, scope, (*NAMES, "account", *by))  # the same lines whatever is asked of them


def restated(scope: Scope) -> date | None:
    """The day by which refunds are known that count in the month of their order; None where none do."""
    return scope.as_of if scope.policy.refunds == "original_month" else None


@once
def money_lines(
    orders: Frame,
    payments: Frame | None,
    refunds: Frame | None,
    basis: Basis,
    restated: date | None = None,
    extra: tuple[str, ...] = (),
    without: tuple[str, ...] = NO_SALE_YET,
) -> nw.LazyFrame[Any]:
    """All lines of money on one basis, whatever the scope: see ``revenue``.

    ``restated``: the refunds known by that day count, on the net basis, on the date of their order.
    ``extra`` are further columns that every table given has; a line has them from its own row.
    """
    if basis == "signed" or (basis == "net" and payments is None and refunds is None):
        return _signed_lines(orders, extra, without)
    import narwhals as nw

    from xlsales.errors import InputError

    paid = None if payments is None else _moves(payments, "paid_date", extra)
    given_back = [] if paid is None else [paid.filter(nw.col("amount") < 0)]
    if refunds is not None:
        back = _moves(refunds, "refund_date", extra)
        given_back.append(back.with_columns(amount=-nw.col("amount").abs()))
    if basis == "cash":
        if paid is None:
            raise InputError("cash_needs_payments")
        received = paid.filter(nw.col("amount") >= 0)
        moves = _spread(nw.concat([received, *_once(given_back)]), _numbered_lines(orders, extra))
        dropped = [status for status in without if status != "pending"]
        return moves.filter(~nw.col("status").is_in(dropped)).select(*LINE, *extra)
    taken = _spread(nw.concat(_once(given_back[::-1])), _numbered_lines(orders, extra), restated)
    return nw.concat([_signed_lines(orders, extra, without), _sold(taken, without).select(*LINE, *extra)])


@once
def _signed_lines(orders: Frame, extra: tuple[str, ...], without: tuple[str, ...]) -> nw.LazyFrame[Any]:
    return _sold(_numbered_lines(orders, extra), without).select(*LINE, *extra)


def _sold(lines: nw.LazyFrame[Any], without: tuple[str, ...]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    return lines.filter(~nw.col("status").is_in(without))


def windowed(lines: nw.LazyFrame[Any], window: Window) -> nw.LazyFrame[Any]:
    """The lines of a window, its last day included to midnight."""
    import narwhals as nw

    days = midnight(window.start), midnight(window.end, 1)
    return lines.filter(nw.col("date").is_between(*days, "left"))


@once
def ordered_in(orders: Frame, window: Window) -> nw.LazyFrame[Any]:
    """The order lines of a window: all that its signed lines are made of."""
    import narwhals as nw

    day = nw.col("order_date")
    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    return rows.filter(day >= midnight(window.start), day < midnight(window.end, 1))


@once
def summed(
    lines: nw.LazyFrame[Any], window: Window, by: Sequence[str], *, counts: bool = False
) -> dict[str, Amounts]:
    """The ``amount`` of a window by ``by``, on demand also its ``orders`` and ``customers``.

    An order is counted once by its id, a line without one as an order of its own; a customer by id or
    name, and sales without either are nobody's. Without any line nothing has a number, but where ``by`` is
    empty the whole reads 0.
    """
    import narwhals as nw
    import numpy as np

    if not counts and not names(by):
        return {"amount": _added_up(lines, window, by)}
    keys = list(by) or ["whole"]
    part = windowed(lines.select("date", "amount", *names(by), *(COUNTED if counts else ())), window)
    if "month" in by:
        part = part.with_columns(month=nw.col("date").dt.truncate("1mo"))
    if not counts:
        found = part.group_by(keys).agg(nw.col("amount").sum())
    else:
        sale = nw.col("sale")
        order, customer = (nw.when(sale).then(nw.col(name)) for name in ("order_id", "customer_id"))
        found = (
            part.with_columns(
                *([] if by else [nw.lit(1).alias("whole")]),
                order_id=order,
                customer_id=customer,
                no_order=order.is_null().cast(nw.Int64),
                no_customer=customer.is_null().cast(nw.Int64),
                unnamed=(sale & nw.col("order_id").is_null()).cast(nw.Int64),
            )
            .group_by(keys)
            .agg(
                nw.col("amount", "unnamed").sum(),
                nw.col("no_order", "no_customer").max(),
                orders=nw.col("order_id").n_unique(),
                customers=nw.col("customer_id").n_unique(),
            )
        )
    frame = found.collect("pandas").to_pandas()
    numbers = {name: frame[name].to_numpy("float64") for name in frame.columns if name not in keys}
    sums = {"amount": np.round(numbers["amount"], PLACES)}
    if counts:  # n_unique counts null as one value more
        sums["orders"] = numbers["orders"] + numbers["unnamed"] - numbers["no_order"]
        sums["customers"] = numbers["customers"] - numbers["no_customer"]
    if not by:
        return {name: {(): float(column.sum())} for name, column in sums.items()}
    if "month" in by:
        frame["month"] = frame["month"].to_numpy("datetime64[M]").astype("str")
    called = list(zip(*(frame[name].astype("str").tolist() for name in by), strict=True))
    return {name: dict(zip(called, column.tolist(), strict=True)) for name, column in sums.items()}


def summed_each(
    lines: nw.LazyFrame[Any], windows: Iterable[Window], by: Sequence[str]
) -> dict[Window, Amounts]:
    """The ``amount`` of each window by ``by``, as ``summed`` gives it; of whole months in one go."""
    asked = set(windows)
    months = sorted(window for window in asked if window == month_of(window.start))
    found = {window: summed(lines, window, by)["amount"] for window in asked - set(months)}
    if not months:
        return found
    called = names(by)
    whole = summed(lines, Window(months[0].start, months[-1].end), ("month", *called))["amount"]
    each: dict[str, Amounts] = {f"{window.start:%Y-%m}": {} if by else {(): 0.0} for window in months}
    for (month, *rest), amount in whole.items():
        named = dict(zip(called, rest, strict=True)) | {"month": month}
        if month in each:
            each[month][tuple(named[name] for name in by)] = amount
    return found | {window: each[f"{window.start:%Y-%m}"] for window in months}


def _added_up(lines: nw.LazyFrame[Any], window: Window, by: Sequence[str]) -> Amounts:
    """The amount of a window, or of each of its months that has lines, from what the days add up to."""
    import numpy as np

    days, amounts = by_day(lines)
    first, last = days.searchsorted([np.datetime64(window.start), np.datetime64(window.end + ONE_DAY)])
    if not by:
        return {(): float(np.round(amounts[first:last].sum(), PLACES))}
    months, starts = np.unique(days[first:last].astype("datetime64[M]"), return_index=True)
    sums = np.round(np.add.reduceat(amounts[first:last], starts), PLACES) if len(starts) else starts
    return {(str(month),): float(amount) for month, amount in zip(months, sums, strict=True)}


@once
def by_day(lines: nw.LazyFrame[Any]) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """The days that have lines, in order, and the amount of each."""
    import narwhals as nw

    dated = lines.select("amount", day=nw.col("date").dt.truncate("1d")).filter(~nw.col("day").is_null())
    days = dated.group_by("day").agg(nw.col("amount").sum()).sort("day").collect("pandas").to_pandas()
    return days["day"].to_numpy("datetime64[D]"), days["amount"].to_numpy("float64")


@once
def first_day(lines: nw.LazyFrame[Any]) -> pd.Timestamp | None:
    """The date of the earliest line; None without one."""
    import narwhals as nw
    import pandas as pd

    earliest = lines.select(nw.col("date").min()).collect("pandas").to_native()["date"].iloc[0]
    return None if pd.isna(earliest) else pd.Timestamp(earliest)


def _order_lines(orders: Frame, extra: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """All order lines with ``key``, the id of their order, and ``status``."""
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(orders).lazy()
    return rows.select(
        *extra,
        "amount",
        "quantity",
        *NAMES[:-1],
        key=nw.col("order_id"),
        date=nw.col("order_date"),
        account=nw.coalesce("customer_id", "customer"),
        customer=nw.coalesce("customer", "customer_id"),
        sale=nw.col("amount").fill_null(0.0) >= 0,
        status=nw.col("status").fill_null("valid"),
    )


@once
def _numbered_lines(orders: Frame, extra: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """Ids become whole numbers, in no promised order: they only tell apart, and numbers do that faster.

    A line has no account where it or the name is one of whoever came by; only different texts are looked at.
    """
    lines = _order_lines(orders, extra)
    return _coded(lines) if lines.implementation.is_pandas() else worked_out(_ranked(lines))


def _coded(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    import narwhals as nw
    import numpy as np
    import pandas as pd

    frame: pd.DataFrame = lines.collect().to_native()
    (keys, _), (accounts, ids), (customers, called) = (
        frame[text].factorize() for text in ("key", "account", "customer")
    )

    def said(texts: Any, text: str, asked: nw.Expr) -> NDArray[np.bool_]:
        """Whether each text is one of whoever came by, and at the end that no text is."""
        found = nw.from_native(pd.DataFrame({text: texts})).select(asked).to_native()[text]
        return np.append(found.to_numpy(bool), [False])

    nobody = said(ids, "account", no_account("account"))[accounts]
    nobody |= said(called, "customer", passes_by("customer"))[customers]
    known = ~nobody & (accounts >= 0)
    numbers: dict[str, Any] = {
        "account": frame["account"].where(~nobody),
        "order_id": np.where(keys >= 0, keys, np.nan),
        "customer_id": np.where(known, accounts, np.nan),
    }
    return nw.from_native(frame.assign(**numbers)).lazy()


def _ranked(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The same in an engine, which is to sort no lines for it."""
    import narwhals as nw

    for text, said in (("account", no_account("account")), ("customer", passes_by("customer"))):
        nobody = lines.select(text).drop_nulls().unique().filter(said).with_columns(nobody=nw.lit(1))
        lines = lines.join(nobody, on=text, how="left")
        known = nw.when(nw.col("nobody").is_null()).then(nw.col("account"))
        lines = lines.with_columns(account=known).drop("nobody")
    for number, text in (("order_id", "key"), ("customer_id", "account")):
        ids = lines.select(text).drop_nulls().unique().with_row_index(number, order_by=text)
        lines = lines.join(ids.with_columns(nw.col(number).cast(nw.Int64)), on=text, how="left")
    return lines


def _moves(table: Frame, date: str, extra: Sequence[str]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    rows: nw.LazyFrame[Any] = nw.from_native(table).lazy()
    moved = ~nw.col("amount").is_null()
    return rows.select("amount", *extra, key=nw.col("order_id"), date=nw.col(date)).filter(moved)


def _once(sources: Sequence[nw.LazyFrame[Any]]) -> list[nw.LazyFrame[Any]]:
    """What each source says about orders that no source before it speaks of."""
    import narwhals as nw

    found: list[nw.LazyFrame[Any]] = []
    for source in sources:
        known = source.with_columns(order=nw.col("key").fill_null(""))
        rest = known
        for earlier in found:
            rest = rest.join(earlier.select("order").unique(), on="order", how="anti")
        found.append(rest)
    return [source.drop("order") for source in found]


def _spread(
    moves: nw.LazyFrame[Any], lines: nw.LazyFrame[Any], restated: date | None = None
) -> nw.LazyFrame[Any]:
    """Payments or refunds over the lines of their orders; those of no known order stay whole.

    ``restated`` puts those by that day on the date of the lines, where these have one.
    """
    import narwhals as nw

    if restated is not None:
        moves = moves.filter(nw.col("date") < midnight(restated, 1))
    named = moves.select("key").drop_nulls().unique().join(lines, on="key")
    named = named.with_columns(nw.col("amount").fill_null(0.0))
    orders = named.group_by("key").agg(whole=nw.col("amount").sum(), parts=nw.len())
    shares = (
        named.join(orders, on="key")
        .with_columns(
            share=nw.when(nw.col("whole") > 0)
            .then(nw.col("amount") / nw.col("whole"))
            .otherwise(1 / nw.col("parts"))
        )
        .select("key", "order_id", "customer_id", "account", *NAMES, "status", "share", ordered="date")
    )
    spread = moves.join(shares, on="key", how="left")
    if restated is not None:
        spread = spread.with_columns(date=nw.coalesce("ordered", "date"))
    return spread.with_columns(
        order_id=nw.coalesce("order_id", UNKNOWN + nw.col("key").rank("dense")),
        amount=nw.col("amount") * nw.col("share").fill_null(1.0),
        quantity=nw.lit(None, nw.Float64),
        sale=nw.col("amount") >= 0,
        status=nw.col("status").fill_null("valid"),
    )
