"""Findings about rows in an engine: all are counted, and the first of each kind come out as issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsales.clean.issues import DIMENSION, RULES, Issue, issue_table
from xlsales.clean.review.cases import OF_VALUES
from xlsales.clean.rules.user_rules import shown
from xlsales.tables.spec import ROW, SOURCE, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence, Set

    import narwhals as nw
    import pandas as pd

    from xlsales.tables.spec import RawTable

    Frame = nw.LazyFrame[Any]

LISTED = 200
"""So many findings of one rule in one column are listed; all are counted."""


@dataclass(frozen=True)
class Found:
    """The rows of a table that a rule finds.

    ``rows`` has ``SOURCE``, ``ROW``, ``cell`` (what stands there) and ``amount`` (what it is worth, or null).
    ``shown`` makes the suggestions of the rows that are listed. ``excluded`` rows count nowhere.
    """

    rule: str
    table: str
    field: str
    rows: Frame
    shown: Callable[[pd.DataFrame], list[str]] | None = None
    excluded: bool = False


@dataclass(frozen=True)
class Listed:
    """The first findings as issues, and by (field, rule) how many more there are.

    The issues have the ``SOURCE`` and ``ROW`` of their rows beside.
    ``wrong`` are the rows, by ``SOURCE`` and ``ROW``, of those that count against the quality of the data.
    """

    issues: pd.DataFrame
    unlisted: Mapping[tuple[str, str], int]
    wrong: tuple[Frame, ...] = ()

    def count(self, field: str, rule: str) -> int:
        """All findings of a rule in a column."""
        here = (self.issues["field"] == field) & (self.issues["rule"] == rule)
        return int(here.sum()) + self.unlisted.get((field, rule), 0)


def listed(
    found: Iterable[Found], raws: Sequence[RawTable], decided: Iterable[tuple[str, int]] = ()
) -> Listed:
    """The findings of one table, which stands in ``raws``, by file and number of the row.

    Those in rows (``SOURCE``, ``ROW``) that were ``decided`` about are listed however many others there are.
    """
    import narwhals as nw
    import pandas as pd

    places = _by_place(raws)
    known = set(decided)
    issues: list[Issue] = []
    rows: list[tuple[str, int]] = []
    unlisted: dict[tuple[str, str], int] = {}
    wrong: list[Frame] = []
    for one in found:
        first = one.rows.sort(SOURCE, ROW, "cell").head(LISTED + 1).collect("pandas").to_native()
        if len(first) and DIMENSION[one.rule]:
            wrong.append(one.rows.select(SOURCE, ROW))
        if len(first) > LISTED:
            first = (_of_each(one.rows) if one.rule in OF_VALUES else first).head(LISTED)
            if known:
                first = pd.concat([first, _others(one.rows, first, known)], ignore_index=True)
            more = int(one.rows.select(nw.len()).collect().item()) - len(first)
            unlisted[one.field, one.rule] = unlisted.get((one.field, one.rule), 0) + more
        says = one.shown(first) if one.shown and len(first) else [""] * len(first)
        cells = zip(first[SOURCE], first[ROW], first["cell"], first["amount"], says, strict=True)
        issues += [_issue(one, places, raws[0], *cell) for cell in cells]
        rows += zip(first[SOURCE], first[ROW], strict=True)
    return Listed(placed(issue_table(issues), rows), unlisted, tuple(wrong))


def _of_each(rows: Frame) -> pd.DataFrame:
    """The first row of each text, then the second of each, so that every text has a case."""
    import narwhals as nw

    nth = nw.col("one").cum_sum().over("cell", order_by=[SOURCE, ROW])
    counted = rows.with_columns(one=nw.lit(1)).with_columns(nth=nth)
    found: pd.DataFrame = counted.sort("nth", SOURCE, ROW).head(LISTED).collect("pandas").to_native()
    return found


def _others(rows: Frame, first: pd.DataFrame, known: Set[tuple[str, int]]) -> pd.DataFrame:
    """The rows that are ``known`` and not among the first."""
    import narwhals as nw
    import pandas as pd

    files, numbers = zip(*known, strict=True)
    near = rows.filter(nw.col(SOURCE).is_in(sorted(set(files))), nw.col(ROW).is_in(sorted(set(numbers))))
    found: pd.DataFrame = near.sort(SOURCE, ROW, "cell").collect("pandas").to_native()
    places, listed = (pd.MultiIndex.from_frame(one[[SOURCE, ROW]]) for one in (found, first))
    return found[places.isin(list(known)) & ~places.isin(listed)]


def placed(issues: pd.DataFrame, rows: Sequence[tuple[str, int]] = ()) -> pd.DataFrame:
    """The issues with the ``SOURCE`` and ``ROW`` of each, "" and 0 without ``rows``."""
    files, numbers = zip(*rows, strict=True) if rows else ("", 0)
    return issues.assign(**{SOURCE: files, ROW: numbers}).astype({SOURCE: "str", ROW: "int64"})


def rows_of(frame: Frame, field: str, amount: Any = None, *more: str) -> Frame:
    """The rows of a ``Found``, with ``more`` columns for what is shown."""
    import narwhals as nw

    worth = nw.lit(None, nw.Float64) if amount is None else amount
    return frame.select(SOURCE, ROW, *more, cell=nw.col(field), amount=worth)


def signed(sign: str) -> Callable[[pd.DataFrame], list[str]]:
    """Suggestions that are the column ``other``, after a sign."""
    return lambda rows: [f"{sign}{shown(one)}" for one in rows["other"]]


def always(text: str) -> Callable[[pd.DataFrame], list[str]]:
    """Suggestions that are all the same."""
    return lambda rows: [text] * len(rows)


def standing_at(
    raws: Sequence[RawTable], field: str, source: str = SOURCE
) -> Callable[[pd.DataFrame], list[str]]:
    """Suggestions that are the cell of the field in the row ``other`` of the file that ``source`` tells."""
    sheets = _by_place(raws)

    def shown(rows: pd.DataFrame) -> list[str]:
        found = []
        for file, row in zip(rows[source], rows["other"], strict=True):
            raw = sheets.get(file, raws[0])
            letter = raw.letters.get(field) or next(iter(raw.letters.values()), "A")
            found.append(f"{raw.sheet}!{letter}{numbered(row)}")
        return found

    return shown


def _by_place(raws: Sequence[RawTable]) -> dict[str, RawTable]:
    return {place: raw for raw in raws for place in places_of(raw)}


def places_of(raw: RawTable) -> tuple[str, ...]:
    """What ``SOURCE`` says in the rows of a table."""
    return (f"{raw.source}!{raw.sheet}", *raw.files)


def _issue(one: Found, places: Mapping[str, RawTable], usual: RawTable, *cell: Any) -> Issue:
    source, row, value, amount, suggestion = cell
    raw = places.get(source, usual)
    severity, action = RULES[one.rule]
    if one.excluded:
        severity, action = "high" if action == "blanked" else severity, "excluded"
    letter = raw.letters.get(one.field) or next(iter(raw.letters.values()), "A")
    worth = float("nan") if amount is None or amount != amount else float(amount)
    return Issue(
        *(one.rule, severity, action, one.table, str(source).removesuffix(f"!{raw.sheet}"), raw.sheet),
        *(f"{letter}{numbered(row)}", one.field, shown(value), suggestion, worth),
    )
