"""Other names of the same: what the aliases sheet lists, and what reviewers decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.clean.naming.identity import FORMS
from xlsales.clean.naming.standards import standards
from xlsales.clean.parse._distinct import keyed
from xlsales.tables.selling import ORDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlsales.clean.review.decisions import Decision
    from xlsales.clean.rows import Rows

AREA = "area"
AREA_WORDS = frozenset({"大区", "area", "largearea"})
"""Words for the large areas of ``regions.toml``, which an alias may replace by the company's own."""


@dataclass(frozen=True)
class Alias:
    """``alias`` is another name of ``name``. ``kind`` is a column of ``FORMS``, AREA, or "" for any column.

    ``origin`` says who says so: a cell of the aliases sheet or a reviewer.
    """

    kind: str
    alias: str
    name: str
    origin: str = ""


def listed(tables: Mapping[str, Rows]) -> list[Alias]:
    """The aliases sheet; rows of a kind that is none are left out."""
    return list(_listed(tables).values())


def renames(decisions: Iterable[Decision]) -> list[Alias]:
    """What reviewers decided about similar names, as aliases for every row with the name."""
    return [Alias(one.field, one.old, one.value, one.reviewer) for one in decisions if is_rename(one)]


def is_rename(decision: Decision) -> bool:
    """Whether a decision is about a name wherever it stands, and not about one cell."""
    return decision.rule == "similar_name" and decision.choice == "correct" and bool(decision.value)


def of_kind(aliases: Sequence[Alias], kind: str) -> list[Alias]:
    """The aliases for the names of ``kind``: its own, and those of any kind that it does not list itself."""
    form = FORMS.get(kind, FORMS["region"])
    own = [one for one in aliases if one.kind == kind]
    known = {form(one.alias) for one in own}
    return own + [one for one in aliases if not one.kind and kind in FORMS and form(one.alias) not in known]


def doubtful_aliases(tables: Mapping[str, Rows]) -> list[Finding]:
    """Aliases of an unknown kind, of two names, of themselves in a circle, and of another alias."""
    if "aliases" not in tables:
        return []
    frame = tables["aliases"].frame
    unknown = frame.index[[_kind(one) is None for one in frame["kind"]]]
    findings = [Finding("alias_kind", unknown, field="kind", table="aliases")] if len(unknown) else []
    labels = {one: label for label, one in _listed(tables).items()}
    doubts: dict[str, dict[int, str]] = {}
    for kind in (*FORMS, AREA):
        for doubt in standards(of_kind(list(labels), kind), FORMS.get(kind, FORMS["region"])).doubts:
            doubts.setdefault(doubt.rule, {})[labels[doubt.alias]] = doubt.name
    for rule, names in sorted(doubts.items()):
        rows = frame.index[frame.index.isin(list(names))]
        findings.append(Finding(rule, rows, [names[row] for row in rows], field="name", table="aliases"))
    return findings


def _listed(tables: Mapping[str, Rows]) -> dict[int, Alias]:
    """The usable rows of the aliases sheet by their labels."""
    if "aliases" not in tables:
        return {}
    rows = tables["aliases"]
    frame = rows.frame.dropna(subset=["alias", "name"])
    places = rows.places("alias", frame.index)
    cells = (places["sheet"] + "!" + places["cell"]).str.removeprefix("!")
    found: dict[int, Alias] = {}
    for label, said, alias, name, cell in zip(
        frame.index, frame["kind"], frame["alias"], frame["name"], cells, strict=True
    ):
        kind = _kind(said)
        if kind is not None:
            found[label] = Alias(kind, alias, name, cell)
    return found


def _kind(word: str | float | None) -> str | None:
    """The column that a word of the sheet means; "" for a blank, None for an unknown word."""
    if not isinstance(word, str):
        return ""
    return AREA if keyed(word) in AREA_WORDS else _kinds().get(keyed(word))


@cache
def _kinds() -> Mapping[str, str]:
    """Whatever exports call a column of ``FORMS``, people may write as the kind of an alias."""
    return {
        keyed(word): column.name
        for column in ORDERS.columns
        if column.name in FORMS
        for word in (column.name, column.zh, column.en, *column.aliases)
    }
