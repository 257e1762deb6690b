"""Which findings a person must decide about, and what can be decided about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import RULES
from xlsales.clean.review.decisions import Case
from xlsales.tables.specs import table as table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from xlsales.clean.review.decisions import Choice
    from xlsales.clean.review.keys import Numbers, Sheets

NO_CASES = frozenset(
    {
        *("skipped_row", "decided", "conflicting_decisions", "unfit_decision", "unreadable_correction"),
        *("cancellation", "anonymous_customer", "not_a_product"),
    }
)
"""Nothing to decide about: rows that are no records, what comes of decisions, lines that are right as they
stand but no ordinary sale, and all that was "read"."""
WHOLE_ROWS = frozenset({"duplicate", "possible_duplicate"})
"""Rules about a row and not about the cell that stands for it, so that no other text in the cell helps."""
SETTLED = ("accept", "keep", "correct")
"""Choices after which a finding is no longer open."""


def choices(case: Case) -> tuple[Choice, ...]:
    """What can be decided about a case; nothing where the rule, the table or the column is none of ours.

    A row that counts can be dropped, one that a rule leaves out can be kept. One that lacks what it needs
    to count cannot, but its cell can be corrected.
    """
    if case.rule not in RULES or case.rule in NO_CASES or (action := RULES[case.rule][1]) == "read":
        return ()
    try:
        needed = table_of(case.table).column(case.field).needed
    except KeyError:
        return ()
    given: list[Choice] = ["accept"]
    if case.rule not in WHOLE_ROWS:
        given.append("correct")
    if action == "excluded" and case.rule != "missing_needed":
        given.append("keep")
    elif action == "kept" or (action == "blanked" and not needed):
        given.append("drop")
    return (*given, "defer")


def open_cases(issues: pd.DataFrame, decided: Iterable[str] = ()) -> pd.DataFrame:
    """The issues that wait for a decision, one per case, those with most money at stake first.

    ``decided`` are the ids of cases that have one.
    """
    waiting = issues[(issues["case"] != "") & ~issues["case"].isin(list(decided))]
    weight = waiting["severity"].map({"high": 0, "medium": 1, "low": 2})
    ranked = waiting.assign(_worth=-waiting["amount"].abs().fillna(-1.0), _weight=weight)
    order = ["_worth", "_weight", "rule", "table", "field", "key", "value"]
    ranked = ranked.sort_values(order, kind="stable").drop_duplicates("case")
    return ranked.drop(columns=["_worth", "_weight"])


def with_cases(issues: pd.DataFrame, numbers: Numbers, sheets: Sheets) -> pd.DataFrame:
    """The issues with ``key`` and ``case`` where a person can decide. ``numbers`` are their rows' or -1."""
    import pandas as pd

    rules = {rule for rule, (_, action) in RULES.items() if action != "read"} - NO_CASES
    known = [raw.table.key for raw in sheets.raws]
    asked = issues["rule"].isin(rules) & issues["table"].isin(known) & (numbers >= 0)
    keys = pd.Series("", index=issues.index, dtype="object")
    for table, group in issues[asked].groupby("table"):
        its = numbers[group.index]
        keys[group.index] = sheets.keys(str(table), its)[its].to_numpy()
    mine = issues[asked].assign(key=keys[asked])
    ids = pd.Series([case.id for case in cases_of(mine)], index=mine.index, dtype="str")
    return issues.assign(key=keys.astype("str"), case=ids.reindex(issues.index, fill_value=""))


def cases_of(issues: pd.DataFrame) -> Iterable[Case]:
    """The case of each of these issues."""
    return map(Case, *(issues[name] for name in ("table", "key", "field", "value", "rule")))
