"""The issue log: what was found, in which cell, what was done about it, and what it is worth.

At a million rows a log is itself a table, so issues are rows of one DataFrame. ``Issue`` is what one
row means, and what the review sheet shows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Severity = Literal["high", "medium", "low"]
Action = Literal["excluded", "blanked", "kept", "read"]
"""excluded: the row counts nowhere. blanked: the cell does not. kept: only pointed out.
read: understood in a way the user should know of (a date order decided for a column)."""

RULES: dict[str, tuple[Severity, Action]] = {
    # cells that could not be read
    "excel_error": ("medium", "blanked"),
    "unreadable_number": ("medium", "blanked"),
    "mixed_marks": ("medium", "blanked"),
    "unclear_percent": ("medium", "blanked"),
    "unreadable_date": ("medium", "blanked"),
    "impossible_date": ("medium", "blanked"),
    "unreadable_flag": ("medium", "blanked"),
    "unknown_word": ("medium", "blanked"),
    "lost_digits": ("medium", "blanked"),
    "placeholder": ("low", "blanked"),
    # choices made for a whole column
    "decimal_comma": ("low", "read"),
    "mixed_currencies": ("high", "kept"),
    "percent_points": ("low", "read"),
    "ambiguous_dates": ("medium", "read"),
    "derived_amount": ("low", "read"),
    "negative_refunds": ("low", "read"),
    "blank_words": ("low", "read"),
    "backup_sheet": ("low", "read"),
    # rows
    "skipped_row": ("low", "excluded"),
    "missing_needed": ("high", "excluded"),
    "duplicate": ("medium", "excluded"),
    "possible_duplicate": ("low", "kept"),
    "amount_mismatch": ("medium", "kept"),
    "refund_over_paid": ("high", "kept"),
    "no_such_order": ("medium", "kept"),
    "double_counted": ("medium", "kept"),
    "negative_target": ("medium", "kept"),
    "share_of_nothing": ("high", "excluded"),
    # orders in two parts
    "conflicting_header": ("medium", "excluded"),
    "line_without_order": ("high", "excluded"),
    "order_without_lines": ("medium", "excluded"),
    "total_without_lines": ("low", "kept"),
    "total_differs": ("medium", "kept"),
    # order lines that are no ordinary sale
    "cancellation": ("low", "kept"),
    "anonymous_customer": ("low", "kept"),
    "not_a_product": ("low", "kept"),
    "negative_price": ("medium", "kept"),
    # names
    "alias_kind": ("medium", "kept"),
    "alias_conflict": ("medium", "kept"),
    "alias_cycle": ("medium", "kept"),
    "alias_chain": ("low", "read"),
    "similar_name": ("low", "kept"),
    "code_many_names": ("low", "kept"),
    "name_many_codes": ("low", "kept"),
    "unknown_region": ("low", "kept"),
    # one record several times
    "repeated_sheet": ("medium", "excluded"),
    "superseded": ("medium", "excluded"),
    "reused_id": ("high", "kept"),
    "same_id": ("medium", "kept"),
    "same_person": ("low", "kept"),
    "backup_conflict": ("medium", "kept"),
    # amounts
    "price_high": ("medium", "kept"),
    "price_low": ("medium", "kept"),
    "zero_amount": ("low", "kept"),
    "negative_amount": ("medium", "kept"),
    "trial_order": ("low", "kept"),
    "changed_amount": ("low", "read"),
    "overpaid": ("high", "kept"),
    # what cannot be so
    "stage_backwards": ("medium", "kept"),
    "before_order": ("low", "kept"),
    "contract_backwards": ("medium", "kept"),
    "future_date": ("high", "kept"),
    "lost_without_reason": ("low", "kept"),
    "won_without_amount": ("medium", "kept"),
    "renewal_of_nothing": ("low", "kept"),
    "unknown_product": ("medium", "kept"),
    "unknown_rep": ("medium", "kept"),
    "rep_not_there": ("medium", "kept"),
    # the users' own rules
    "user_excluded": ("medium", "excluded"),
    "user_flagged": ("medium", "kept"),
    "rule_not_understood": ("high", "kept"),
    # what comes of decisions
    "decided": ("low", "excluded"),
    "unreadable_correction": ("medium", "blanked"),
    "conflicting_decisions": ("high", "kept"),
    "unfit_decision": ("medium", "kept"),
}
"""Every rule and how it weighs. A cell that could not be read in a needed column takes its row with it:
there, ``blanked`` becomes ``excluded`` and the severity high."""

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "completeness": (
        "missing_needed", "order_without_lines",
    ),
    "validity": (
        "excel_error", "unreadable_number", "mixed_marks", "unclear_percent", "unreadable_date",
        "impossible_date", "unreadable_flag", "unknown_word", "lost_digits", "mixed_currencies",
        "negative_target", "share_of_nothing", "placeholder", "price_high", "price_low", "zero_amount",
        "negative_amount", "negative_price", "not_a_product", "trial_order", "future_date", "unknown_region",
        "unreadable_correction", "user_excluded", "user_flagged",
    ),
    "uniqueness": (
        "duplicate", "possible_duplicate", "double_counted", "repeated_sheet", "superseded", "reused_id",
        "same_id", "same_person", "similar_name", "code_many_names", "name_many_codes",
    ),
    "consistency": (
        "amount_mismatch", "refund_over_paid", "no_such_order", "conflicting_header", "line_without_order",
        "total_differs", "backup_conflict", "overpaid", "stage_backwards", "before_order",
        "contract_backwards", "renewal_of_nothing", "unknown_product", "unknown_rep", "rep_not_there",
        "alias_kind", "alias_conflict", "alias_cycle", "conflicting_decisions",
    ),
    "": (
        "decimal_comma", "percent_points", "ambiguous_dates", "derived_amount", "negative_refunds",
        "skipped_row", "total_without_lines", "cancellation", "blank_words", "backup_sheet",
        "changed_amount", "alias_chain", "decided", "unfit_decision", "rule_not_understood",
        "anonymous_customer", "lost_without_reason", "won_without_amount",
    ),
}  # fmt: skip
"""The dimension of data quality that findings count against. "": none, since they say how something was
read, or point at blank cells, which count as such."""
DIMENSION: dict[str, str] = {rule: name for name, rules in DIMENSIONS.items() for rule in rules}


@dataclass(frozen=True)
class Issue:
    """One finding. ``rule`` is a key of ``[issues]`` in the wording; ``amount`` is signed money at stake.

    Where a person can decide, ``holder`` is the table whose sheet has the cell (that of a joined order is one
    of its halves), ``key`` the row's there (see ``xlsales.clean.review.keys``), ``case`` what the finding is
    called on the review sheet, and ``choice`` what was decided.
    """

    rule: str
    severity: Severity
    action: Action
    table: str
    source: str
    sheet: str
    cell: str
    field: str
    value: str
    suggestion: str
    amount: float
    key: str = ""
    case: str = ""
    choice: str = ""
    holder: str = ""


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Issue))


@dataclass(frozen=True)
class Finding:
    """Rows of one table that a parser or a rule caught: many issues at once, before they have addresses.

    ``rows`` are labels of the table's index; ``suggestions`` and ``amounts`` are as long, or empty.
    """

    rule: str
    rows: pd.Index
    suggestions: Sequence[str] = ()
    amounts: Sequence[float] = ()
    field: str = ""
    table: str = ""


def issue_table(issues: list[Issue] | None = None) -> pd.DataFrame:
    """Issues as a frame with ``COLUMNS``, also when there are none."""
    import pandas as pd

    frame = pd.DataFrame(issues or [], columns=list(COLUMNS))
    return frame.astype({name: "float64" if name == "amount" else "str" for name in COLUMNS})
