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
OF_VALUES: dict[str, tuple[Choice, ...]] = {
    "unknown_rep": ("accept", "correct", "drop", "defer"),
    "unknown_product": ("accept", "correct", "drop", "defer"),
    "rep_not_there": ("accept", "drop", "defer"),
    "trial_order": ("accept", "drop", "defer"),
    "unknown_region": ("accept", "correct", "defer"),
    "similar_name": ("accept", "correct", "defer"),
    "unknown_word": ("accept", "correct", "defer"),
}
"""Rules that doubt a text wherever it stands, with what can be decided about it: all rows are one case.

A text is only corrected where the rule doubts it in every row, a row only dropped where the rule names it."""
AT_FIRST_ROW = frozenset({"unknown_region", "similar_name"})
"""Rules that name only the first row of a text, so that their findings do not count its rows."""
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
    if case.of_value:
        return OF_VALUES.get(case.rule, ())
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

    ``decided`` are the ids of cases that have one. A case stands at its first row, with the money of all and
    their count as ``rows``; 0 where its rule does not count them (``AT_FIRST_ROW``).
    """
    waiting = issues[(issues["case"] != "") & ~issues["case"].isin(list(decided))]
    weight = waiting["severity"].map({"high": 0, "medium": 1, "low": 2})
    each = waiting.groupby("case")["amount"]
    counted = each.transform("size").where(~waiting["rule"].isin(AT_FIRST_ROW), 0)
    waiting = waiting.assign(amount=each.transform("sum", min_count=1), rows=counted)
    ranked = waiting.assign(_worth=-waiting["amount"].abs().fillna(-1.0), _weight=weight)
    order = ["_worth", "_weight", "rule", "table", "field", "key", "value"]
    ranked = ranked.sort_values(order, kind="stable").drop_duplicates("case")
    return ranked.drop(columns=["_worth", "_weight"])


def with_cases(issues: pd.DataFrame, numbers: Numbers, sheets: Sheets) -> pd.DataFrame:
    """The issues with ``holder``, ``key`` and ``case`` where a person can decide.

    ``numbers`` are their rows' or -1.
    """
    import pandas as pd

    rules = {rule for rule, (_, action) in RULES.items() if action != "read"} - NO_CASES
    asked = issues["rule"].isin(rules) & (numbers >= 0)
    holders = pd.Series(sheets.tables(numbers), index=issues.index).where(asked, "")
    keys = pd.Series("", index=issues.index, dtype="object")
    single = asked & ~issues["rule"].isin(list(OF_VALUES))
    for table, group in issues[single].groupby(holders[single]):
        its = numbers[group.index]
        keys[group.index] = sheets.keys(str(table), its)[its].to_numpy()
    told = issues.assign(key=keys.astype("str"), holder=holders.astype("str"))
    names = ["holder", "key", "field", "value", "rule"]
    known = told.loc[asked, names].drop_duplicates()
    ids = known.assign(case=pd.Series([one.id for one in cases_of(known)], known.index, dtype="str"))
    case = told.loc[asked, names].merge(ids, how="left", on=names)["case"].set_axis(told.index[asked])
    return told.assign(case=case.reindex(told.index, fill_value="").astype("str"))


def cases_of(issues: pd.DataFrame) -> Iterable[Case]:
    """The case of each of these issues."""
    return map(Case, *(issues[name] for name in ("holder", "key", "field", "value", "rule")))
