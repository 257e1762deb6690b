"""Blanks that another sheet knows: who, how to reach them, when it was agreed. Never from statistics.

For each of ``FIELDS`` the first of these that knows a value fills it, and the change names its cell:

1. a backup of the table (a sheet named 备份 or backup), by the table's identity;
2. another row of the table with the same id, where both rows may be one thing (see ``rules.sources.agree``);
3. the sheets in ``LOOKUPS``, in their order.

A phone number is no key: siblings share one. Where the cells at one of these places contradict each other
nothing is filled, and the blank is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from xlsales.clean.changes import Change
from xlsales.clean.issues import RULES, Finding
from xlsales.clean.joined import stacked
from xlsales.clean.rules.sources import agree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from xlsales.clean.rows import Rows

FIELDS: dict[str, tuple[str, ...]] = {
    "customers": ("customer", "phone"),
    "leads": ("customer", "phone", "team"),
    "orders": ("order_date", "customer_id", "customer", "team"),
    "contracts": ("customer_id", "customer", "signed"),
    "invoices": ("customer_id", "customer"),
    "lessons": ("customer_id", "customer"),
    "tickets": ("customer_id", "customer"),
    "surveys": ("customer_id", "customer"),
}
"""What may be filled: identity, contact and contract, in an order in which one helps to find the next."""


class Lookup(NamedTuple):
    """``table.field`` is ``donor.known`` in the row whose ``their_key`` is our ``key``."""

    table: str
    field: str
    key: str
    donor: str
    their_key: str
    known: str


LOOKUPS = (
    Lookup("customers", "customer", "customer_id", "leads", "customer_id", "customer"),
    Lookup("customers", "customer", "customer_id", "orders", "customer_id", "customer"),
    Lookup("customers", "phone", "customer_id", "leads", "customer_id", "phone"),
    Lookup("leads", "customer", "customer_id", "customers", "customer_id", "customer"),
    Lookup("leads", "phone", "customer_id", "customers", "customer_id", "phone"),
    Lookup("leads", "team", "rep", "roster", "rep", "team"),
    Lookup("orders", "order_date", "order_id", "contracts", "contract_id", "signed"),
    Lookup("orders", "customer_id", "order_id", "contracts", "contract_id", "customer_id"),
    Lookup("orders", "customer", "customer_id", "customers", "customer_id", "customer"),
    Lookup("orders", "customer", "order_id", "contracts", "contract_id", "customer"),
    Lookup("orders", "team", "rep", "roster", "rep", "team"),
    Lookup("contracts", "customer_id", "contract_id", "orders", "order_id", "customer_id"),
    Lookup("contracts", "customer", "customer_id", "customers", "customer_id", "customer"),
    Lookup("contracts", "customer", "contract_id", "orders", "order_id", "customer"),
    Lookup("contracts", "signed", "contract_id", "orders", "order_id", "order_date"),
    Lookup("invoices", "customer_id", "order_id", "orders", "order_id", "customer_id"),
    Lookup("invoices", "customer", "customer_id", "customers", "customer_id", "customer"),
    Lookup("lessons", "customer_id", "order_id", "orders", "order_id", "customer_id"),
    Lookup("lessons", "customer", "customer_id", "customers", "customer_id", "customer"),
    Lookup("tickets", "customer", "customer_id", "customers", "customer_id", "customer"),
    Lookup("surveys", "customer", "customer_id", "customers", "customer_id", "customer"),
)


def fill_from_backups(tables: dict[str, Rows]) -> tuple[dict[str, Rows], list[Change]]:
    """The step that fills, only in sheets that have the field. The conflicts join the rows' findings."""
    changes: list[Change] = []
    for key, fields in FIELDS.items():
        for field in fields:
            if key in tables and field in tables[key].text:
                rows, made = _fill(tables, key, field)
                tables = tables | {key: rows}
                changes += made
    return tables, changes


@dataclass(frozen=True)
class Filled:
    """What came of rows that joined others to be filled, on their own labels.

    Each of ``changes`` has ``changes.COLUMNS`` with addresses, a row for each cell by the label of its row.
    """

    frame: pd.DataFrame
    changes: list[pd.DataFrame]
    findings: tuple[Finding, ...]


def fill_together(
    tables: Mapping[str, Rows], beside: Sequence[Rows]
) -> tuple[dict[str, Rows], list[pd.DataFrame], list[Filled]]:
    """As :func:`fill_from_backups`, of ``tables`` and of rows ``beside`` them, each told apart afterwards."""
    parts = {key: [rows] for key, rows in tables.items()}
    for rows in beside:
        parts.setdefault(rows.table.key, []).append(rows)
    whole, made = fill_from_backups({key: stacked(own) for key, own in parts.items()})
    placed = [(one.table, whole[one.table].changes(one).set_index(one.rows)) for one in made]
    if not beside:
        return whole, [changes for _, changes in placed], []
    filled: dict[int, Filled] = {}
    for key, own in parts.items():
        after, start = whole[key], 0
        for rows in own:
            labels, names = after.frame.index[start : start + len(rows.frame)], rows.frame.index
            start += len(labels)
            filled[id(rows)] = Filled(
                after.frame.loc[labels].set_axis(names),
                [_among(changes, labels, names) for table, changes in placed if table == key],
                tuple(_of(one, labels, names) for one in after.findings),
            )
    left = {
        key: replace(rows, frame=filled[id(rows)].frame, findings=filled[id(rows)].findings)
        for key, rows in tables.items()
    }
    changes = {key: iter(filled[id(rows)].changes) for key, rows in tables.items()}
    mine = [next(changes[table]) for table, _ in placed if table in changes]
    return left, mine, [filled[id(rows)] for rows in beside]


def _among(changes: pd.DataFrame, labels: pd.Index, own: pd.Index) -> pd.DataFrame:
    """Those of the changes that are of these rows, on their ``own`` labels."""
    here = changes[changes.index.isin(labels)]
    return here.set_axis(own[labels.get_indexer(here.index)])


def _of(finding: Finding, labels: pd.Index, own: pd.Index) -> Finding:
    """The finding about those of its rows that are these."""
    here = finding.rows.isin(labels)
    return replace(
        finding,
        rows=own[labels.get_indexer(finding.rows[here])],
        suggestions=tuple(compress(finding.suggestions, here)),
        amounts=tuple(compress(finding.amounts, here)),
    )


def _fill(tables: dict[str, Rows], key: str, field: str) -> tuple[Rows, list[Change]]:
    rows = tables[key]
    blank = rows.frame[field].isna()
    has = [field in raw.letters for raw in rows.raws]
    if not all(has):
        blank &= rows.part.isin([part for part, one in enumerate(has) if one])
    left = rows.frame.index[blank]
    changes: list[Change] = []
    identity = rows.table.identity or ""
    for donor, own_key, their_key, known in _places(tables, key, field):
        if not len(left) or field == identity:
            break
        pairs = _pairs(rows, left, own_key, donor, their_key, known)
        if donor is rows and len(pairs):
            import pandas as pd

            pairs = pairs[agree(rows, pd.Index(pairs["label"]), pd.Index(pairs["donor"]))]
        if pairs.empty:
            continue
        pairs = pairs.sort_values(["label", "donor"])
        several = pairs.groupby("label")["value"].nunique() > 1
        torn = several.index[several]
        if len(torn):
            said = pairs[pairs["label"].isin(torn)].groupby("label")["value"].agg(_all)
            conflict = Finding("backup_conflict", torn, tuple(said[torn]), (), field, key)
            rows = replace(rows, findings=(*rows.findings, conflict))
        found = pairs[~pairs["label"].isin(torn)].drop_duplicates("label").set_index("label")
        if len(found):
            places = donor.places(known, found["donor"])
            before = tuple(rows.text[field][found.index].fillna(""))
            origins = tuple(places["sheet"] + "!" + places["cell"])
            changes.append(
                Change("filled", key, field, found.index, before, tuple(map(_text, found["value"])), origins)
            )
            rows = _settled(rows.with_values(field, found.index, found["value"].array), field, found.index)
        left = left.difference(torn).difference(found.index)
    return rows, changes


def _places(tables: dict[str, Rows], key: str, field: str) -> list[tuple[Rows, str, str, str]]:
    """Where to look, in order: rows, our key, their key, their field."""
    rows, identity = tables[key], tables[key].table.identity
    places = []
    if identity and rows.backup:
        places.append((rows.backup, identity, identity, field))
    if identity:
        places.append((rows, identity, identity, field))
    places += [
        (tables[one.donor], one.key, one.their_key, one.known)
        for one in LOOKUPS
        if (one.table, one.field) == (key, field) and one.donor in tables
    ]
    return places


def _pairs(rows: Rows, left: pd.Index, own_key: str, donor: Rows, their_key: str, known: str) -> pd.DataFrame:
    """``label`` of a blank, ``donor`` label and ``value``: every row that knows it, one a value elsewhere."""
    import pandas as pd

    wanted = rows.frame.loc[left, own_key].dropna()
    theirs = donor.frame
    hit = theirs[known].notna()
    if not len(wanted) or not hit.any():
        return pd.DataFrame({"label": [], "donor": [], "value": []})
    hit &= theirs[their_key].isin(wanted.unique())
    knows = pd.DataFrame({"key": theirs[their_key][hit], "value": theirs[known][hit]})
    knows["donor"] = knows.index
    if donor is not rows:
        knows = knows.drop_duplicates(["key", "value"])
    needs = pd.DataFrame({"key": wanted, "label": wanted.index})
    return needs.merge(knows, on="key")[["label", "donor", "value"]]


def _settled(rows: Rows, field: str, labels: pd.Index) -> Rows:
    """The rows without the complaints about cells that are filled now."""
    findings = []
    for one in rows.findings:
        if one.field == field and RULES[one.rule][1] == "blanked":
            stay = ~one.rows.isin(labels)
            shown = tuple(text for text, keep in zip(one.suggestions, stay, strict=False) if keep)
            findings += [replace(one, rows=one.rows[stay], suggestions=shown)] if stay.any() else []
        else:
            findings.append(one)
    return replace(rows, findings=tuple(findings))


def _text(value: object) -> str:
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)


def _all(values: pd.Series) -> str:
    return " / ".join(sorted({_text(one) for one in values}))
