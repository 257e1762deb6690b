"""One spelling for each customer, product, region, rep, team and channel, in every table that names it.

Names are equal where their form is (``identity.FORMS``); aliases make others equal. Ids are never touched:
what joins by id joins as before. Work is on distinct names, however many rows have them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from xlsales.clean.changes import Change
from xlsales.clean.naming.aliases import listed, of_kind
from xlsales.clean.naming.identity import FORMS
from xlsales.clean.naming.regions import is_geography, region
from xlsales.clean.naming.standards import standards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from xlsales.clean.naming.aliases import Alias
    from xlsales.clean.rows import Rows

MASTERS = {"customer": "customers", "product": "products", "rep": "roster"}
"""The table whose spelling of a name is the right one."""


class Spelling(NamedTuple):
    """What is written instead of a name, by which rule of changes, and who says so."""

    name: str
    rule: str
    origin: str


@dataclass(frozen=True)
class Elsewhere:
    """The names in tables whose rows are not in memory.

    By column: ``often`` is how often each name stands there, ``masters`` the first cell of each that a
    master table lists. Columns in ``uncounted`` have too many names: theirs stay as they are in all tables.
    """

    often: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    masters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    uncounted: frozenset[str] = frozenset()


def standardise_names(
    tables: dict[str, Rows], spelled: Mapping[str, Mapping[str, Spelling]]
) -> tuple[dict[str, Rows], list[Change]]:
    """Every name of every column as ``spellings`` says."""
    left, changes = dict(tables), []
    for kind, others in spelled.items():
        for key, rows in tables.items():
            if others and kind in rows.frame:
                left[key], made = _respelled(left[key], kind, others)
                changes += made
    return left, changes


def spellings(
    tables: Mapping[str, Rows], renames: Sequence[Alias] = (), elsewhere: Elsewhere | None = None
) -> dict[str, dict[str, Spelling]]:
    """By column the names that change, to that of an alias, else of the master table, else the commonest.

    Equally common ones go by the alphabet. ``renames`` are aliases that reviewers decided; a name that the
    aliases sheet lists stays as the sheet says. Names that a master table has in several spellings are
    several, and stay.
    """
    sheet, away, spelled = listed(tables), elsewhere or Elsewhere(), {}
    for kind in FORMS:
        if kind in away.uncounted:
            continue
        names: Counter[str] = Counter(away.often.get(kind, {}))
        for rows in tables.values():
            names.update(distinct(rows, kind))
        form = form_of(kind, _after_aliases(kind, names, [*sheet, *renames]))
        on_sheet = {form(one.alias) for one in of_kind(sheet, kind)}
        aliases = [*sheet, *(one for one in renames if form(one.alias) not in on_sheet)]
        masters = {**away.masters.get(kind, {}), **master_names(tables, kind)}
        spelled[kind] = _standard_spellings(kind, names, form, aliases, masters)
    return spelled


def distinct(rows: Rows, field: str) -> Counter[str]:
    """How often each name stands in a column of a table; nothing where its sheets lack it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if field not in rows.frame or not rows.frame[field].notna().any():
        return Counter()
    counts = pc.value_counts(pa.array(rows.frame[field].dropna(), pa.large_string()))
    return Counter(dict(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True)))


def form_of(kind: str, names: Iterable[str]) -> Callable[[str], str | None]:
    """In which form names of a column are equal: regions are places where most of them are."""
    return region if kind == "region" and is_geography(list(names)) else FORMS[kind]


def _after_aliases(kind: str, names: Iterable[str], aliases: Sequence[Alias]) -> set[str]:
    form, ours = FORMS[kind], of_kind(aliases, kind)
    if not ours:
        return set(names)
    said = standards(ours, form).names
    return {said.get(form(name) or name, (name, ""))[0] for name in names}


def master_names(tables: Mapping[str, Rows], kind: str) -> dict[str, str]:
    """The names that the master table of ``kind`` lists, each with the first cell that has it."""
    rows = tables.get(MASTERS.get(kind, ""))
    if rows is None or kind not in rows.text:
        return {}
    first = rows.frame[kind].dropna().drop_duplicates()
    places = rows.places(kind, first.index)
    return dict(zip(first, (places["sheet"] + "!" + places["cell"]).str.removeprefix("!"), strict=True))


def _standard_spellings(
    kind: str,
    names: Counter[str],
    form: Callable[[str], str | None],
    aliases: Sequence[Alias],
    masters: Mapping[str, str],
) -> dict[str, Spelling]:
    """For each name that changes what is written instead."""
    said = standards(of_kind(aliases, kind), form).names
    first: dict[str, str] = {}
    alike: dict[str, list[str]] = {}
    for name in names:
        normal = form(name) or name
        if (other := first.setdefault(normal, name)) != name:
            alike.setdefault(normal, [other]).append(name)
    alone = {normal: [first[normal]] for normal in said if normal in first and normal not in alike}
    spelled: dict[str, Spelling] = {}
    for normal, group in (alike | alone).items():
        official = [name for name in group if name in masters]
        if normal in said:
            standard, rule, origin = said[normal][0], "alias", said[normal][1]
        elif len(official) > 1:
            continue
        elif official:
            standard, rule, origin = official[0], "one_spelling", masters[official[0]]
        else:
            standard, rule, origin = min(group, key=lambda name: (-names[name], name)), "one_spelling", ""
        spelled.update((name, Spelling(standard, rule, origin)) for name in group if name != standard)
    return spelled


def _respelled(rows: Rows, field: str, spelled: Mapping[str, Spelling]) -> tuple[Rows, list[Change]]:
    import numpy as np
    import pandas as pd

    column = rows.frame[field]
    before = column[column.isin(list(spelled))]
    changes = []
    for rule in sorted({rule for _, rule, _ in spelled.values()}):
        mine = before[before.isin([name for name, (_, of, _) in spelled.items() if of == rule])]
        codes, names = pd.factorize(mine)
        after, origins = (
            np.array([spelled[name][part] for name in names], dtype=object)[codes].tolist() for part in (0, 2)
        )
        changes.append(Change(rule, rows.table.key, field, mine.index, mine.tolist(), after, origins))
        rows = rows.with_values(field, mine.index, after)
    return rows, [change for change in changes if len(change.rows)]
