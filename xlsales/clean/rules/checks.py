"""What is wrong with rows that could be read. A rule is one function, tables -> findings.

To add one: write the function, append it to ``CHECKS``, give its key a weight in ``issues.RULES``, a place in
``issues.DIMENSIONS``, and its two sentences (``title``, ``do``) under ``[issues.<rule>]`` in both languages.
Whether a rule excludes its rows or points at them is in the weight alone; where it does either, people can
decide about each finding, unless ``review.cases.NO_CASES`` says that there is nothing to decide. Rules run in
order, each on the rows that are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import RULES, Finding
from xlsales.clean.naming.aliases import doubtful_aliases
from xlsales.clean.naming.products import codes_and_names
from xlsales.clean.rules.chronology import before_the_order, contract_backwards, future_days, stages_backwards
from xlsales.clean.rules.lines import CENT, amount_mismatch, broken_decimals
from xlsales.clean.rules.lookalikes import similar_names, unknown_regions
from xlsales.clean.rules.outcomes import lost_without_reason, overpaid, won_without_amount
from xlsales.clean.rules.outliers import unusual_amounts
from xlsales.clean.rules.persons import same_person
from xlsales.clean.rules.references import renewal_of_nothing, unknown_product, unknown_rep
from xlsales.clean.rules.sources import repeated_sheets, same_id, superseded
from xlsales.clean.rules.trials import trial_orders
from xlsales.clean.rules.twice import told_twice
from xlsales.clean.rules.unusual import anonymous, cancellations, negative_prices, no_products
from xlsales.clean.rules.user_rules import user_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from xlsales.clean.rows import Rows


def unusable(tables: Mapping[str, Rows]) -> list[Finding]:
    """What the parsers could not read, or had to choose how to read, and rows that lack a needed value."""
    return [
        finding for key, rows in tables.items() for finding in (*rows.findings, *_missing_needed(key, rows))
    ]


def _missing_needed(key: str, rows: Rows) -> list[Finding]:
    """Of the rows that the parsers leave, those without a value that their table cannot do without."""
    gone = [label for one in rows.findings if rows.weight(one)[1] == "excluded" for label in one.rows]
    needed = [column.name for column in rows.table.columns if column.needed]
    left = rows.frame.loc[~rows.frame.index.isin(gone), needed]
    return [
        Finding("missing_needed", left.index[blank], field=name, table=key)
        for name in needed
        if (blank := left[name].isna()).any()
    ]


def duplicates(tables: Mapping[str, Rows]) -> list[Finding]:
    """Rows that say the same in every column, also in those we do not know.

    With an id they are one event; without, nothing proves it.
    """
    import pandas as pd

    findings: list[Finding] = []
    for rows in tables.values():
        frame, identity = rows.frame, rows.table.identity
        unnamed = frame.index[frame[identity].isna()] if identity else frame.index
        again = pd.Series(False, frame.index)
        if identity and not frame[identity].is_unique:
            again = frame[identity].duplicated(keep=False) & frame[identity].notna()
        said = frame.loc[again, [name for name in frame if name in rows.text]]
        for field in sorted({one.field for one in rows.findings if RULES[one.rule][1] == "blanked"}):
            said = said.assign(
                **{f"{field} unread": rows.text.loc[said.index, field].where(said[field].isna())}
            )
        said = said.assign(**{"": rows.rest[said.index]})
        findings += _repeated(rows, "duplicate", said)
        alike = rows.text.loc[unnamed].assign(**{"": rows.rest[unnamed]})
        findings += _repeated(rows, "possible_duplicate", alike)
    return findings


def _repeated(rows: Rows, rule: str, said: pd.DataFrame) -> list[Finding]:
    """The later ones of equal rows; the suggestion is where the first one stands."""
    again = said[said.duplicated(keep=False)]
    if again.empty:
        return []
    equal = again.index.to_series().groupby([again[name] for name in again], dropna=False, sort=False)
    label = equal.transform("first")
    later = again.index[label != again.index]
    first = rows.places(rows.key_field, label[later])
    cells = (first["sheet"] + "!" + first["cell"]).str.removeprefix("!")
    return [Finding(rule, later, tuple(cells), tuple(rows.amounts[later]), rows.key_field, rows.table.key)]


def refund_over_paid(tables: Mapping[str, Rows]) -> list[Finding]:
    """Orders with more refunded than was paid, or than they are worth where no payment is known.

    The first refund of the order stands for it; the amount is what was refunded too much.
    """
    if "refunds" not in tables:
        return []
    refunds = tables["refunds"].frame
    refunded = refunds.groupby("order_id")["amount"].sum()
    limit = refunded * float("nan")
    for key in ("payments", "orders"):
        if key in tables:
            received = tables[key].frame.query("amount > 0").groupby("order_id")["amount"].sum()
            limit = limit.fillna(received.reindex(refunded.index))
    over = (refunded - limit)[refunded > limit + CENT]
    first = refunds[refunds["order_id"].isin(over.index) & ~refunds.duplicated("order_id")]
    orders = first["order_id"]
    suggestions = tuple(f"{one:.12g}" for one in limit[orders])
    finding = Finding("refund_over_paid", first.index, suggestions, tuple(over[orders]), "amount", "refunds")
    return [finding] if len(first) else []


def no_such_order(tables: Mapping[str, Rows]) -> list[Finding]:
    """Payments and refunds of an order that is not among the orders, where orders have ids."""
    known = tables["orders"].frame["order_id"].dropna() if "orders" in tables else ()
    findings = []
    for key in ("payments", "refunds"):
        if key in tables and len(known):
            frame = tables[key].frame
            lone = frame[~frame["order_id"].isin(known)]
            findings.append(Finding("no_such_order", lone.index, (), tuple(lone["amount"]), "order_id", key))
    return [finding for finding in findings if len(finding.rows)]


def negative_target(tables: Mapping[str, Rows]) -> list[Finding]:
    """Targets below zero, against which no attainment means anything."""
    if "targets" not in tables:
        return []
    target = tables["targets"].frame["target"]
    below = target[target < 0]
    return (
        [Finding("negative_target", below.index, (), tuple(below), "target", "targets")] if len(below) else []
    )


RATES = "率|增长|增幅|占比|比例|rate|ratio|share|growth|retention|churn|renewal|%"
"""What the metric of a target says that is a share."""
THOUSANDS = 1000


def share_of_nothing(tables: Mapping[str, Rows]) -> list[Finding]:
    """Targets that are shares and whose metric is no rate: they are no money, and of what nobody can tell.

    A share has its sign, or is a fraction among thousands in a row without a metric.
    """
    if "targets" not in tables or "target" not in tables["targets"].text:
        return []
    rows = tables["targets"]
    frame = rows.frame[rows.frame["target"].notna()]
    target, metric = frame["target"], frame["metric"]
    signed = rows.text["target"][frame.index].str.contains("[%％]", na=False)
    among = metric.isna() & (target > 0) & (target <= 1) & (target.max() >= THOUSANDS)
    lone = frame.index[(signed & ~metric.str.contains(RATES, case=False, na=False)) | among]
    return [Finding("share_of_nothing", lone, (), (), "target", "targets")] if len(lone) else []


CHECKS: tuple[Callable[[Mapping[str, Rows]], list[Finding]], ...] = (
    broken_decimals,
    unusable,
    user_rules,
    superseded,
    repeated_sheets,
    duplicates,
    same_id,
    same_person,
    amount_mismatch,
    unusual_amounts,
    trial_orders,
    refund_over_paid,
    overpaid,
    no_such_order,
    told_twice,
    negative_target,
    share_of_nothing,
    cancellations,
    anonymous,
    no_products,
    negative_prices,
    doubtful_aliases,
    similar_names,
    codes_and_names,
    unknown_regions,
    stages_backwards,
    before_the_order,
    contract_backwards,
    future_days,
    lost_without_reason,
    won_without_amount,
    renewal_of_nothing,
    unknown_product,
    unknown_rep,
)
