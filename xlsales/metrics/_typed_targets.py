"""Targets by type of customer beside what was sold to them: attainment, and the pull on that of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from xlsales.metrics._amounts import column_of
from xlsales.metrics._targets import known_throughout, stated, targets_by, targets_made, told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from xlsales.metrics._amounts import Amounts
    from xlsales.metrics._behind import Asked, Behind
    from xlsales.metrics._catalogue import Frame
    from xlsales.metrics._scope import Scope
    from xlsales.metrics._targets import Target

WORDS = {
    "new": "新客户 新客 新签 新签客户 新增客户 新增 新学员 新生 新单 new newcustomer newcustomers newclient "
    "newclients",
    "existing": "老客户 老客 存量客户 存量 现有客户 老学员 老生 续费 续费客户 续约 续约客户 续签 existing "
    "existingcustomer existingcustomers returning returningcustomers old oldcustomers",
}
"""How sheets of targets call the two."""


def typed_targets(
    targets: Frame | None, orders: Frame, scope: Scope, by: Sequence[str], type_of: Callable[[str], str]
) -> tuple[Amounts, Amounts]:
    """The targets by ``by`` and type of customer, and by ``by`` alone; none where they lack a month.

    ``type_of`` gives the type that a word of the sheet means, "" where it means none of those asked for.
    """
    if targets is None:
        return {}, {}
    goals = stated(targets, orders, scope)
    if "month" not in by and not known_throughout(_typed(goals, type_of), scope):
        return {}, {}
    aims: Amounts = {}
    for key, amount in targets_by(goals, scope, (*by, "customer_type")).items():
        named = type_of(key[-1])
        if named:
            aims[(*key[:-1], named)] = aims.get((*key[:-1], named), 0.0) + amount
    return aims, targets_by(goals, scope, by)


def typed_aim(asked: Asked, type_of: Callable[[str], str], named: str) -> Behind:
    """The rows of the target sheet behind the target of a type of customer."""
    goals = stated(asked.tables["targets"], asked.tables["orders"], asked.scope)
    made = targets_made(goals, asked.scope, ("customer_type",))
    return told(part for key, parts in made.items() if type_of(key[0]) == named for part in parts)


def with_attainment(rows: pd.DataFrame, by: Sequence[str], aims: Amounts, whole: Amounts) -> pd.DataFrame:
    """``rows``, whose last name is the type, with target, attainment and pull.

    attainment = amount / target; pull = (amount - target) / target of the whole. Blank without a target
    above zero.
    """
    import numpy as np

    keys = list(zip(*(rows[name] for name in by), strict=True))
    target = column_of(keys, aims)
    due = np.where(target > 0, target, np.nan)
    total = column_of([key[:-1] for key in keys], whole)
    amount = rows["amount"].to_numpy("float64")
    return rows.assign(
        target=target,
        attainment=amount / due,
        pull=(amount - due) / np.where(total > 0, total, np.nan),
    )


def kind_of(word: str) -> str:
    """Whether the word of a sheet means new or existing customers; "" where neither."""
    return next((kind for kind, words in WORDS.items() if plain(word) in words.split()), "")


def plain(word: str) -> str:
    """A type of customer as it is compared: width, case and spaces aside."""
    return "".join(normalize("NFKC", word).casefold().split())


def _typed(goals: Sequence[Target], type_of: Callable[[str], str]) -> list[Target]:
    return [goal for goal in goals if goal.customer_type and type_of(goal.customer_type)]
