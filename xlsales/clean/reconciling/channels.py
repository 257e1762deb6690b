"""Orders that several sources report, such as a shop's export and the sheet of a store: counted twice.

Two orders of different sources are one when they share the order id (within ``DAYS`` days where the customers
are others: an id given twice); else when the same phone, customer id or name bought the same products for the
same amount within ``DAYS`` days. Each is matched to one order of another source at most, the nearest in time
first. Of the orders that are one, the earliest counts and the others are what is counted again. Cancelled and
pending orders and amounts of 0 count nowhere, so they cannot count twice; a return is matched with returns
only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.clean.reconciling.buyers import phones
from xlsales.clean.reconciling.comparison import MONEY, PLACES, Comparison, statuses
from xlsales.clean.reconciling.ids import summed
from xlsales.clean.reconciling.pairs import paired
from xlsales.clean.reconciling.received import NO_SALE_YET
from xlsales.tables.profiles import tags
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np
    import pandas as pd

    from xlsales.clean.reconciling.comparison import Verdict

DAYS = 3
NO_DAY = -(2**63)
"""A blank date as a number of days."""
STATUSES: dict[str, Verdict] = {
    "again": "wrong",
    "again_differs": "wrong",
    "kept_once": "agrees",
    "single": "agrees",
}
"""single: in one source only. kept_once: the one that counts of several. again: the same order, and the same
amount, in another source. again_differs: the same order with another amount."""


@dataclass(frozen=True)
class Matched:
    """Orders by source, and the rows that they are made of.

    Of ``units``, ``row`` is the label of the first row, ``first`` the position of the unit that it repeats
    (-1: none), and ``by`` the column that the two share. ``lines`` are the labels of the rows that count,
    ``unit`` the position of the unit of each.
    """

    units: pd.DataFrame
    lines: pd.Index
    unit: np.ndarray


def channels(tables: Mapping[str, pd.DataFrame], days: int = DAYS) -> Comparison:
    """The orders by source: ``reported`` is their amount, ``once`` what they add when each counts once.

    The difference is the value that counts twice. ``twin`` columns are of the order that is repeated, blank
    where none is; ``gap`` is how much the amounts of the two differ.
    """
    import numpy as np

    units = matched(tables["orders"], tables.get("customers"), days).units
    again = np.flatnonzero(units["repeats"] >= 0)
    firsts = units["repeats"].to_numpy()[again]
    twins = units[["source", "order_id", "amount"]].iloc[firsts].set_axis(again).reindex(range(len(units)))
    amount, twin_amount = units["amount"].to_numpy(), twins["amount"].to_numpy()
    repeats, stands = np.zeros((2, len(units)), dtype=bool)
    repeats[again], stands[firsts] = True, True
    same = MONEY.same(amount, twin_amount)
    status = statuses(STATUSES, {"again": repeats & same, "again_differs": repeats, "kept_once": stands})
    units = units.assign(
        twin_source=twins["source"],
        twin_order_id=twins["order_id"],
        twin_amount=twin_amount,
        gap=np.round(amount - twin_amount, PLACES),
        reported=amount,
        once=np.where(repeats, 0.0, amount),
        difference=np.where(repeats, amount, 0.0),
        status=status,
    )
    return Comparison(units, ("reported", "once"), STATUSES)


def matched(orders: pd.DataFrame, customers: pd.DataFrame | None, days: int = DAYS) -> Matched:
    """The orders of each source, and which repeat which; see the head of this module."""
    import numpy as np

    counting = ~orders["status"].isin(NO_SALE_YET) & orders["amount"].fillna(0.0).ne(0.0)
    rows = orders if counting.all() else orders[counting]
    units, unit = _units(rows)
    first, by = np.full(len(units), -1), np.full(len(units), "", dtype=object)
    if units["rank"].nunique() > 1:
        members: dict[int, list[int]] = {}
        for name, key, within in _keys(rows, unit, units, customers, days):
            for other in _pairs(units, key, within, members, first):
                by[other] = name
        _earliest_first(units, first, by)
    return Matched(units.assign(repeats=first, by=by), rows.index, unit)


def _units(rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Orders by source, id and sign, each as its first row stands, and the unit of each row.

    A row without an id is one. ``id`` is a number for id and sign, -1 without; ``rank`` one for the source.
    """
    import numpy as np
    import pandas as pd

    sheet, sheets = rows[SOURCE].factorize()
    tagged = pd.Series(tagged_sources(sheets), dtype="str")
    names = np.unique(tagged)
    rank = np.searchsorted(names, tagged)[sheet] if len(names) else sheet
    ids, known = rows["order_id"].factorize()
    returned = rows["amount"].to_numpy() < 0
    units = rows[["order_id", "customer", "product", "amount"]].assign(
        source=pd.Categorical.from_codes(rank, pd.Index(names)),
        rank=rank,
        id=np.where(ids < 0, -1, ids.astype("int64") * 2 + returned),
        day=rows["order_date"].to_numpy().astype("datetime64[D]").astype("int64"),
        number=rows[ROW],
        row=rows.index,
    )
    unit = np.arange(len(rows))
    if np.count_nonzero(ids >= 0) > len(known):
        key = np.where(ids < 0, -1 - unit, units["id"] * len(names) + units["rank"])
        unit, uniques = pd.factorize(key)
        order = np.lexsort((units["number"], units["day"], unit))
        heads = order[np.flatnonzero(np.diff(unit[order], prepend=-1))]
        amount = summed(unit, rows["amount"], len(uniques))
        units = units.iloc[heads].assign(amount=amount)
    return units.reset_index(drop=True), unit


def _keys(
    rows: pd.DataFrame, unit: np.ndarray, units: pd.DataFrame, customers: pd.DataFrame | None, days: int
) -> Iterator[tuple[str, np.ndarray, int | None]]:
    """Ways of being the same, the surest first: name, a number per unit (0 is none), and the days allowed."""
    import numpy as np
    import pandas as pd

    ids = units["id"].to_numpy()
    if ids.max(initial=-1) // 2 + 1 < np.count_nonzero(ids >= 0):
        strange = _strangers(rows, units)
        yield "order_id", np.where(strange, 0, ids + 1), None
        yield "order_id", np.where(strange, ids + 1, 0), days
    products = _mixed(rows["product"], unit, len(units))
    cents = np.round(units["amount"].to_numpy() * 100).astype("int64").astype("uint64")
    known = rows[["customer_id", "customer"]]
    if customers is not None:
        known = known.assign(phone=phones(rows, customers))
    for name in ("phone", "customer_id", "customer"):
        if name in known and known[name].notna().any():
            who = _mixed(known[name], unit, len(units))
            key = pd.util.hash_array(who * np.uint64(31) + products * np.uint64(7) + cents)
            yield name, np.where((who == 0) | (units["day"] == NO_DAY), 0, key), days


def _strangers(rows: pd.DataFrame, units: pd.DataFrame) -> np.ndarray:
    """The units whose id stands beside other customers only: two orders that were given one id, perhaps."""
    import numpy as np
    import pandas as pd

    shared = units.loc[units["id"].ge(0) & units["id"].duplicated(keep=False), ["id", "row"]]
    known, equal = pd.Series(False, shared.index), pd.Series(False, shared.index)
    for name in ("customer_id", "customer"):
        said = rows.loc[shared["row"], name].set_axis(shared.index).groupby(shared["id"])
        count, distinct = said.transform("count"), said.transform("nunique")
        known |= count > 1
        equal |= distinct < count
    return (known & ~equal).reindex(units.index, fill_value=False).to_numpy(dtype=np.bool_)


def _mixed(names: pd.Series, unit: np.ndarray, count: int) -> np.ndarray:
    """The names in each unit as one number, whatever their order; 0 for none."""
    import numpy as np
    import pandas as pd

    codes, known = names.factorize()
    hashes = np.append(pd.util.hash_array(np.asarray(known, dtype=object)), np.uint64(0)).astype("uint64")
    mixed = np.zeros(count, dtype="uint64")
    np.add.at(mixed, unit, hashes[codes])
    return mixed


def _pairs(
    units: pd.DataFrame, key: np.ndarray, days: int | None, members: dict[int, list[int]], first: np.ndarray
) -> Iterator[int]:
    """Match by ``key`` source by source against all before it; gives what repeats something, as it is found.

    ``first`` and the ``members`` of each first take it in. What was matched before stays so and is joined
    whole, unless both sides hold an order of one source.
    """
    import numpy as np

    rank, day = units["rank"].to_numpy(), units["day"].to_numpy()
    left = np.flatnonzero((first < 0) & (key != 0))
    left = left[_shared(key[left], rank[left])]
    left = left[np.lexsort((units["number"].to_numpy()[left], rank[left], day[left]))]
    for source in np.unique(rank[left])[1:]:
        taken = [one for one, joined in members.items() if source in rank[joined]]
        earlier = left[(rank[left] < source) & (first[left] < 0)]
        later = left[(rank[left] == source) & (first[left] < 0)]
        for one, other in paired(key, day, earlier[~np.isin(earlier, taken)], later, days):
            mine, theirs = members.get(one, [one]), members.get(other, [other])
            if {*rank[mine]}.isdisjoint(rank[theirs]):
                members[one] = mine + members.pop(other, theirs)
                first[theirs] = one
                yield other


def _shared(key: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Whether each key stands in more than one source."""
    import numpy as np
    import pandas as pd

    codes, uniques = pd.factorize(key)
    sources = np.zeros(len(uniques), dtype="int64")
    for source in np.unique(rank):
        here = np.zeros(len(uniques), dtype=bool)
        here[codes[rank == source]] = True
        sources += here
    return sources[codes] > 1


def _earliest_first(units: pd.DataFrame, first: np.ndarray, by: np.ndarray) -> None:
    """Let the earliest of the units that are one be the one that counts."""
    import numpy as np

    again = np.flatnonzero(first >= 0)
    group = np.where(first < 0, np.arange(len(units)), first)
    one = np.concatenate([np.unique(group[again]), again])
    number, rank, day = (units[name].to_numpy()[one] for name in ("number", "rank", "day"))
    one = one[np.lexsort((number, rank, day, group[one]))]
    head = np.diff(group[one], prepend=-1) != 0
    heads, roots = one[head], group[one[head]]
    by[roots] = np.where(heads == roots, "", by[heads])
    by[heads] = ""
    first[one] = heads[np.cumsum(head) - 1]
    first[heads] = -1


def several_sources(orders: pd.DataFrame) -> bool:
    """Whether the orders are from more than one source."""
    return len(set(tagged_sources(orders[SOURCE].unique()))) > 1


def tagged_sources(sources: Iterable[str]) -> list[str]:
    """What each ``file!sheet`` is called: the sheets of one export month by month are one source."""
    pairs = [(one.partition("!")[0], one.partition("!")[2]) for one in sources]
    names = tags(pairs)
    return [names[pair] for pair in pairs]
