"""Which contracts fall due, and what became of them: renewed, lapsed, or still within the days of grace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.metrics import _behind as trail
from xlsales.metrics._catalogue import Option
from xlsales.metrics._once import once
from xlsales.metrics._slices import Look, aligned, distinct, looks, midnight, names, sliced
from xlsales.metrics._successors import successors
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from xlsales.metrics._behind import Asked, Behind, Trace
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope

NAMES = ("region", "team", "rep", "channel", "product", "type", "customer")
"""What contracts are split by, beside the month in which they end."""
GRACE = 30
OPTIONS = (
    Option("grace", "续费的宽限天数，默认 30", "days of grace for a renewal, 30 by default"),
    Option(
        "of",
        "续约须为同客户同课程或升级（product），或同客户任一合同（customer）",
        "whether a renewal is of the same product or an upgrade, or any contract of the same customer",
        ("product", "customer"),
    ),
)
"""What counts as a renewal."""
NUMBERS = (
    *("due", "renewed", "lapsed", "open", "due_amount", "kept_amount", "renewed_amount"),
    *("upgraded", "upgraded_from", "upgraded_to"),
)
FACTS = ("contract_id", "customer_id", "start", "end", "signed", "amount", "renewed", "renewed_amount")


@once
def terms(contracts: Frame, grace: int, of: str, places: bool = False) -> pd.DataFrame:
    """One row per contract with an end: ``NAMES``, ``end``, ``amount``, and the renewal where there is one.

    ``again`` is the day on which the renewal was known, ``price`` its amount (NaN where nobody says it),
    ``upgrade`` whether it is called one. Both are blank where the contract was not renewed within ``grace``
    days of its end. A renewal is the one that the row itself names; where it names none, the contract that
    ``successors`` finds, which needs no end of its own. ``account`` is the customer's id; where a row has
    none, the one that other rows have beside that name, if it is one alone, else the name.
    """
    import narwhals as nw
    import pandas as pd

    more = (SOURCE, ROW) if places else ()
    rows = nw.from_native(contracts).lazy()
    named = dict.fromkeys((*FACTS, *NAMES, *more))
    frame: pd.DataFrame = rows.select(*named).collect("pandas").to_pandas()
    days = ["start", "end", "signed", "renewed"]
    frame[days] = frame[days].astype("datetime64[us]").apply(lambda column: column.dt.normalize())
    order = list(dict.fromkeys(("end", "start", "signed", "amount", *named)))
    # Of contracts that end on one day, the one that began last: it may have replaced the others.
    frame = frame.sort_values(order, ascending=[name != "start" for name in order], ignore_index=True)
    frame["account"] = _accounts(frame)
    next_one = successors(frame, grace, of)
    follows = next_one >= 0
    follower = frame.take(next_one.clip(lower=0).to_numpy()).set_index(frame.index)
    day = follower["signed"].fillna(follower["start"]).where(follows)
    last = frame["end"] + pd.Timedelta(grace, "D")
    stated = frame["renewed"].notna()
    again = frame["renewed"].where(frame["renewed"] <= last).where(stated, day)
    price = frame["renewed_amount"].fillna(follower["amount"].where(follows))
    found = frame.drop(columns=["start", "signed", "renewed", "renewed_amount"]).assign(
        again=again,
        price=price.where(again.notna()),
        upgrade=(follower["type"] == "upgrade") & follows & again.notna(),
        last=last,
    )
    return found[found["end"].notna()]


def _accounts(frame: pd.DataFrame) -> pd.Series:
    numbers, called = frame["customer_id"], frame["customer"]
    lacking = numbers.isna() & called.notna()
    pairs = frame.loc[called.isin(called[lacking]), ["customer", "customer_id"]].dropna().drop_duplicates()
    alone = pairs.drop_duplicates("customer", keep=False)
    known = dict(zip(alone["customer"], alone["customer_id"], strict=True))
    accounts = numbers.astype("object")
    accounts[lacking] = [known.get(name, name) for name in called[lacking]]
    return accounts.astype("str")


def due(found: pd.DataFrame, look: Look) -> pd.DataFrame:
    """The contracts that end in the window, with what is known of them on the day of the look.

    Adds to ``terms`` as numbers: ``due`` (1), ``renewed``, ``lapsed`` and ``open`` (one of them 1), and of
    those with money: ``due_amount``, ``renewed_amount``, ``kept_amount`` (that, but no more than what was
    due); ``upgraded`` and, of these, ``upgraded_from`` and ``upgraded_to``.
    """
    import pandas as pd

    end = min(look.window.end, look.as_of)
    inside = (found["end"] >= midnight(look.window.start)) & (found["end"] < midnight(end, 1))
    rows = found[inside]
    renewed = rows["again"] < midnight(look.as_of, 1)
    lapsed = ~renewed & (rows["last"] < midnight(look.as_of, 1))
    worth = rows["amount"].where(rows["amount"] > 0)
    valued = worth.notna() & ~(renewed & rows["price"].isna())
    price = rows["price"].clip(lower=0.0)
    upgraded = renewed & (rows["upgrade"] | (price > worth).fillna(False))
    raised = upgraded & valued
    return rows.assign(
        due=1.0,
        renewed=renewed.astype("float64"),
        lapsed=lapsed.astype("float64"),
        open=(~renewed & ~lapsed).astype("float64"),
        due_amount=worth.where(valued, 0.0),
        kept_amount=pd.concat([price, worth], axis=1).min(axis=1).where(renewed & valued, 0.0),
        renewed_amount=price.where(renewed & valued, 0.0),
        upgraded=upgraded.astype("float64"),
        upgraded_from=worth.where(raised, 0.0),
        upgraded_to=price.where(raised, 0.0),
    )


def traced(what: str) -> Trace:
    """The contracts that fall due in the window, each with what it adds to a column of ``due``."""

    def trace(asked: Asked) -> Behind:
        options = asked.options
        found = terms(asked.tables["contracts"], options["grace"], options["of"], places=True)
        look = Look("current", "", asked.window, asked.seen)
        return trail.marked(due(passing(found, asked.scope, ()), look), what, "contracts")

    return trace


def counted(
    contracts: Frame, scope: Scope, by: Sequence[str], grace: int, of: str
) -> dict[str, pd.DataFrame]:
    """The sums of ``NUMBERS`` over the contracts that fall due in each look, as ``aligned`` gives them."""
    import pandas as pd

    compared = looks(scope, by)
    found = passing(terms(contracts, grace, of), scope, by)
    parts = [due(found, look).assign(look=place) for place, look in enumerate(distinct(compared))]
    return aligned(pd.concat(parts)[["look", *names(by), *NUMBERS]], compared, by)


@once
def dated(contracts: Frame) -> bool:
    """Whether any contract says when it begins or was renewed: without that nobody knows of renewals."""
    import narwhals as nw

    rows = nw.from_native(contracts).lazy()
    some = ((~nw.col(name).is_null()).any().alias(name) for name in ("start", "signed", "renewed"))
    return bool(rows.select(*some).collect("pandas").to_pandas().to_numpy().any())


def passing(found: pd.DataFrame, scope: Scope, by: Sequence[str]) -> pd.DataFrame:
    """Those of ``terms`` that the filters let pass; see ``sliced``."""
    import narwhals as nw

    rows: Any = sliced(nw.from_native(found), scope, (*NAMES, *by))
    frame: pd.DataFrame = rows.collect("pandas").to_pandas()
    return frame
