"""Names that are probably one, for a person to say; and names of places that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.clean.issues import Finding
from xlsales.clean.naming.alike import alike
from xlsales.clean.naming.identity import customer, is_person, is_pinyin, phone, words
from xlsales.clean.naming.names import distinct, master_names
from xlsales.clean.naming.regions import is_geography, is_place
from xlsales.clean.naming.variants import variants

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from xlsales.clean.rows import Rows

COMPARED: dict[str, Callable[[str], str | None]] = {"customer": customer, "product": words}
"""The names that are many and typed by hand, each with the form that is compared, in which the words of a
product still stand apart. Two regions or reps of nearly one name are two."""
DESCRIBED = frozenset({"product"})
"""The names that are put together from a vocabulary, so that its words tell variants apart. Those of
organisations are not: true pairs of them often differ in a common word (School, Center), and the test of
variants would lose half of these."""


def similar_names(tables: Mapping[str, Rows]) -> list[Finding]:
    """Customers and products that are probably another one misspelt, at the first row of each.

    The suggestion is the better known of the two: the one in the master table, else the commoner. Variants
    of one product (``naming.variants``) are two. People (``identity.is_person``, ``is_pinyin``) are compared
    with nobody, and a customer is only proposed to be another where its rows lack an id, and its name has no
    more than one phone and none that the other has not. The amount is that of the rows with the name.
    """
    return [one for kind in COMPARED for one in _similar(tables, kind)]


def _similar(tables: Mapping[str, Rows], kind: str) -> list[Finding]:
    loose = _without_id(tables) if kind == "customer" else None
    if loose is not None and not loose:
        return []
    counts = {key: counted for key, rows in tables.items() if (counted := distinct(rows, kind))}
    phones = _phones(tables) if kind == "customer" else {}
    left = likely(kind, counts.values(), master_names(tables, kind), loose, phones)
    findings = []
    for key, counted in counts.items():
        here = {name: left.pop(name) for name in counted if name in left}
        if here:
            column = tables[key].frame[kind]
            rows = column[column.isin(list(here))]
            amounts = tables[key].amounts[rows.index].groupby(rows).sum(min_count=1)
            first = rows.drop_duplicates()
            findings.append(
                Finding(
                    "similar_name",
                    first.index,
                    [here[name] for name in first],
                    list(amounts[first]),
                    kind,
                    key,
                )
            )
    return findings


def likely(
    kind: str,
    counts: Iterable[Mapping[str, int]],
    masters: Container[str],
    loose: set[str] | None,
    phones: Mapping[str, set[str]],
) -> dict[str, str]:
    """The better known name for each that is probably another: see ``similar_names``.

    ``counts`` are how often each table has which names, ``masters`` those that the master table lists,
    ``loose`` those that a row has without an id (None: all), ``phones`` those beside each name.
    """
    often: dict[str, int] = {}
    for counted in counts:
        for name, count in counted.items():
            often[name] = often.get(name, 0) + count
    loose = set(often) if loose is None else loose
    people = {name for name in often if is_person(name) or is_pinyin(name)} if kind == "customer" else set()
    names = sorted(set(often) - people)
    forms = [COMPARED[kind](name) or name for name in names]
    best: dict[str, tuple[float, tuple[bool, int, str]]] = {}
    single = [next(iter(said)) if len(said := phones.get(name, set())) == 1 else None for name in names]
    two = variants(forms) if kind in DESCRIBED else None
    for pair in alike(forms, single):
        if two and two(forms[pair.one], forms[pair.other]):
            continue
        ranked = sorted(
            (name in loose, name not in masters, -often[name], name)
            for name in (names[pair.one], names[pair.other])
        )
        known, (by_name, _, _, doubtful) = ranked[0][1:], ranked[1]
        mine, others = phones.get(doubtful, set()), phones.get(known[2], set())
        strangers = mine and others and mine.isdisjoint(others)
        if by_name and len(mine) <= 1 and not strangers:
            best[doubtful] = min(best.get(doubtful, (0.0, known)), (-pair.score, known))
    return {name: known[2] for name, (_, known) in best.items()}


def _phones(tables: Mapping[str, Rows]) -> dict[str, set[str]]:
    """The phones that stand beside each customer's name: several are those of several people."""
    found: dict[str, set[str]] = {}
    for rows in tables.values():
        if {"customer", "phone"} <= set(rows.text):
            known = rows.frame[["customer", "phone"]].dropna().drop_duplicates()
            for name, number in zip(known["customer"], known["phone"], strict=True):
                found.setdefault(name, set()).add(phone(number) or number)
    return found


def _without_id(tables: Mapping[str, Rows]) -> set[str]:
    """The customers of whom a row has the name alone; all others are told apart by their ids."""
    found: set[str] = set()
    for rows in tables.values():
        if "customer" in rows.text:
            column = rows.frame["customer"]
            found |= set(column[rows.frame["customer_id"].isna()].dropna().unique())
    return found


def unknown_regions(tables: Mapping[str, Rows]) -> list[Finding]:
    """Names in the region column that are no places, where most of them are, at the first row of each."""
    counts = {key: counted for key, rows in tables.items() if (counted := distinct(rows, "region"))}
    names = {name for counted in counts.values() for name in counted}
    if not is_geography(names):
        return []
    findings = []
    unknown = {name for name in names if not is_place(name)}
    for key, counted in counts.items():
        if here := unknown & set(counted):
            unknown -= here
            column = tables[key].frame["region"]
            first = column[column.isin(list(here))].drop_duplicates()
            findings.append(Finding("unknown_region", first.index, field="region", table=key))
    return findings
