"""Proof that what went in is what came out plus the listed exclusions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsales.language import Language


@dataclass(frozen=True)
class Exclusion:
    """Rows that one rule left out and the money they carry, None in a table without money.

    A row that several rules would leave out belongs to the first of them. An amount that could not be read
    counts as 0 here and in ``amount_in``.
    """

    rule: str
    rows: int
    amount: float | None


@dataclass(frozen=True)
class Reconciliation:
    """One table before and after: ``rows_in`` less the exclusions' rows is ``rows_out``, and so its money.

    The money is the table's needed money column (order amount, payment, refund, target); the amounts are
    None in a table without. Total rows that were skipped count in ``rows_in`` and as an exclusion, with an
    amount of 0, since they only repeat the rows they add up. ``unreadable`` counts amounts that stood in
    their cell and could not be read.
    """

    table: str
    rows_in: int
    rows_out: int
    amount_in: float | None
    amount_out: float | None
    exclusions: tuple[Exclusion, ...] = ()
    unreadable: int = 0

    @property
    def ties(self) -> bool:
        """Whether rows and money tie out, the money to a millionth."""
        if self.rows_in - sum(one.rows for one in self.exclusions) != self.rows_out:
            return False
        if self.amount_in is None or self.amount_out is None:
            return self.amount_in is self.amount_out
        left = math.fsum([self.amount_in, *(-(one.amount or 0.0) for one in self.exclusions)])
        return math.isclose(left, self.amount_out, rel_tol=1e-12, abs_tol=1e-6)

    def sentence(self, lang: Language) -> str:
        """The tie-out in one line."""
        from xlsales.tables.specs import table

        parts = [text(lang, "clean.read", quantity=_quantity(lang, self.rows_in, self.amount_in))]
        parts += [
            text(
                lang,
                "clean.excluded",
                rule=text(lang, f"issues.{one.rule}.title"),
                quantity=_quantity(lang, one.rows, one.amount),
            )
            for one in self.exclusions
        ]
        parts.append(text(lang, "clean.counted", quantity=_quantity(lang, self.rows_out, self.amount_out)))
        if self.unreadable:
            parts.append(text(lang, "clean.unreadable", count=f"{self.unreadable:,}"))
        joined = text(lang, "clean.separator").join(parts)
        return text(lang, "clean.sentence", table=table(self.table).title(lang), parts=joined)


def by_table(parts: Iterable[Reconciliation]) -> tuple[Reconciliation, ...]:
    """One for each table, in their order, where a table came from several places."""
    found: dict[str, list[Reconciliation]] = {}
    for one in parts:
        found.setdefault(one.table, []).append(one)
    return tuple(_together(same) for same in found.values())


def _together(parts: Sequence[Reconciliation]) -> Reconciliation:
    rules = sorted({one.rule for part in parts for one in part.exclusions})
    left_out = {
        rule: [one for part in parts for one in part.exclusions if one.rule == rule] for rule in rules
    }
    return Reconciliation(
        parts[0].table,
        sum(part.rows_in for part in parts),
        sum(part.rows_out for part in parts),
        _summed(part.amount_in for part in parts),
        _summed(part.amount_out for part in parts),
        tuple(
            Exclusion(rule, sum(one.rows for one in found), _summed(one.amount for one in found))
            for rule, found in left_out.items()
        ),
        sum(part.unreadable for part in parts),
    )


def _summed(amounts: Iterable[float | None]) -> float | None:
    known = list(amounts)
    return None if None in known else math.fsum(one for one in known if one is not None)


def _quantity(lang: Language, rows: int, amount: float | None) -> str:
    counted = text(lang, f"clean.{'row' if rows == 1 else 'rows'}", rows=f"{rows:,}")
    return (
        counted if amount is None else text(lang, "clean.with_amount", rows=counted, amount=f"{amount:,.2f}")
    )
