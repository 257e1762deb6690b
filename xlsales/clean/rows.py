"""The sheets of one table as typed rows that know their cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlsales.clean.frames import conform
from xlsales.clean.issues import COLUMNS, RULES, Finding, Issue, issue_table
from xlsales.clean.parse import parse
from xlsales.errors import InputError
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from xlsales.clean.issues import Action, Severity
    from xlsales.tables.spec import Column, RawTable, Table

UNUSABLE = 0.9
"""A needed column of which this share cannot be read is no such column, and its sheet is refused."""
FEW = 10
"""Fewer unreadable cells than this are only issues, whatever their share."""


@dataclass(frozen=True)
class Rows:
    """All rows of one table, from however many sheets, read but not yet judged.

    ``frame`` is conformed and loses rows to the rules, but keeps its labels; ``text`` (each cell as it
    stood), ``part`` (which of ``raws``), ``position`` (in its frame) and ``row`` (the number Excel shows)
    stay whole on those labels, and so do ``amounts``, the rows' money, all null in a table without.
    """

    raws: tuple[RawTable, ...]
    frame: pd.DataFrame
    text: pd.DataFrame
    part: pd.Series
    position: pd.Series
    row: pd.Series
    amounts: pd.Series
    findings: tuple[Finding, ...]

    @property
    def table(self) -> Table:
        """What the rows are rows of."""
        return self.raws[0].table

    @property
    def key_field(self) -> str:
        """The field whose cell stands for a whole row: the identity, or else the first that is there."""
        names = [self.table.identity or "", *(column.name for column in self.table.columns)]
        return next(name for name in names if name in self.text)

    def without(self, labels: pd.Index) -> Rows:
        """The same rows less those of ``labels``."""
        return replace(self, frame=self.frame.drop(labels))

    def places(self, field: str, labels: pd.Index | pd.Series) -> pd.DataFrame:
        """``source``, ``sheet`` and ``cell`` of ``field`` in each row, in the order of ``labels``.

        In a sheet without the field, the row's first mapped cell stands for it.
        """
        import pandas as pd

        part, at = self.part[labels].to_numpy(), self.position[labels].to_numpy()
        first = [next(iter(raw.letters.values()), "A") for raw in self.raws]
        sheets = pd.DataFrame(
            {
                "source": [raw.source for raw in self.raws],
                "sheet": [raw.sheet for raw in self.raws],
                "cell": [raw.letters.get(field, first[number]) for number, raw in enumerate(self.raws)],
            },
            dtype="str",
        )
        places = sheets.take(part).reset_index(drop=True)
        for number, raw in enumerate(self.raws):
            if letters := raw.letters_by_row.get(field):
                places.loc[part == number, "cell"] = [letters[one] for one in at[part == number]]
        places["cell"] += self.row[labels].astype("str").reset_index(drop=True)
        return places

    def weight(self, finding: Finding) -> tuple[Severity, Action]:
        """How a finding weighs here: an unreadable cell of a needed column takes its row with it."""
        severity, action = RULES[finding.rule]
        needed = any(column.needed for column in self.table.columns if column.name == finding.field)
        return ("high", "excluded") if needed and action == "blanked" else (severity, action)

    def issues(self, finding: Finding) -> pd.DataFrame:
        """The finding as issue rows with addresses."""
        severity, action = self.weight(finding)
        field = finding.field
        issues = self.places(field, finding.rows)
        issues["rule"], issues["severity"], issues["action"] = finding.rule, severity, action
        issues["table"], issues["field"] = self.table.key, field
        issues["value"] = self.text[field][finding.rows].fillna("").to_numpy() if field in self.text else ""
        issues["suggestion"] = list(finding.suggestions) or ""
        issues["amount"] = list(finding.amounts) or (
            self.amounts[finding.rows].to_numpy() if action == "excluded" else float("nan")
        )
        return issues[list(COLUMNS)]

    def skipped(self) -> pd.DataFrame:
        """The rows left out when the sheets were recognised (totals, repeated headers), as issues."""
        severity, action = RULES["skipped_row"]
        return issue_table([
            Issue("skipped_row", severity, action, self.table.key, raw.source, raw.sheet,
                  f"{next(iter(raw.letters.values()), 'A')}{row}", "", label, "", float("nan"))
            for raw in self.raws for row, label in raw.skipped
        ])  # fmt: skip


def money_of(table: Table) -> Column | None:
    """The money that a row of ``table`` stands for, and that is reconciled: its needed money column."""
    return next((column for column in table.columns if column.kind == "money" and column.needed), None)


def read_rows(raws: Sequence[RawTable]) -> Rows:
    """Parse the sheets of one table and append them.

    Raises ``InputError`` naming the sheet and the column when a needed column cannot be read at all.
    """
    import numpy as np
    import pandas as pd

    texts: list[pd.DataFrame] = []
    frames: list[pd.DataFrame] = []
    positions: list[np.ndarray[tuple[int], np.dtype[np.intp]]] = []
    findings: list[Finding] = []
    start = 0
    for raw in raws:
        text = raw.frame.astype("str").set_axis(range(len(raw.frame)))
        text = text[(text.notna() & (text != "")).any(axis=1)]  # a row without any text is no row
        positions.append(text.index.to_numpy())
        text.index = pd.RangeIndex(start, start + len(text))
        start += len(text)
        rows = pd.Series(raw.frame.index.to_numpy()[positions[-1]], index=text.index, dtype="int64")
        frame, found = _read_sheet(raw, text, rows)
        findings += found
        texts.append(text)
        frame[SOURCE], frame[ROW] = f"{raw.source}!{raw.sheet}", rows
        frames.append(frame)
    frame = conform(raws[0].table, pd.concat(frames))
    money = money_of(raws[0].table)
    return Rows(
        raws=tuple(raws),
        frame=frame,
        text=pd.concat(texts),
        part=pd.Series(np.repeat(np.arange(len(raws)), [len(one) for one in texts]), dtype="int64"),
        position=pd.Series(np.concatenate(positions), dtype="int64"),
        row=frame[ROW],
        amounts=frame[money.name] if money else pd.Series(float("nan"), index=frame.index),
        findings=tuple(findings),
    )


def _read_sheet(raw: RawTable, text: pd.DataFrame, rows: pd.Series) -> tuple[pd.DataFrame, list[Finding]]:
    """One sheet's columns as values, on the labels of ``text``, and what was found in them."""
    import pandas as pd

    frame = pd.DataFrame(index=text.index)
    findings: list[Finding] = []
    for column in raw.table.columns:
        if column.name not in text:
            continue
        parsed = parse(column, text[column.name], raw.scale.get(column.name, 1.0))
        frame[column.name] = parsed.values
        faulty = (
            rows.isin([row for row, name in raw.errors if name == column.name]) & text[column.name].isna()
        )
        errors = (Finding("excel_error", rows.index[faulty]),) if faulty.any() else ()
        findings += [replace(one, field=column.name, table=raw.table.key) for one in parsed.findings + errors]
        _check_usable(raw, column, text[column.name], parsed.values)
    findings += _derive(raw, frame) + _turn_refunds(raw, frame)
    return frame, findings


def _derive(raw: RawTable, frame: pd.DataFrame) -> list[Finding]:
    """Columns that the sheet lacks and that two others give as their product, set in ``frame``."""
    findings = []
    for column in raw.table.columns:
        parts = column.product_of or ()
        if column.name not in frame and parts and all(part in frame for part in parts) and len(frame):
            first, second = parts
            frame[column.name] = frame[first] * frame[second]
            shown = f"{raw.letters.get(first, first)} × {raw.letters.get(second, second)}"
            findings.append(
                Finding("derived_amount", frame.index[:1], (shown,), field=column.name, table=raw.table.key)
            )
    return findings


def _turn_refunds(raw: RawTable, frame: pd.DataFrame) -> list[Finding]:
    """A refund is a positive amount; a sheet that writes all of them negative is turned in ``frame``."""
    if raw.table.key != "refunds" or "amount" not in frame or not (frame["amount"] < 0).any():
        return []
    if (frame["amount"] > 0).any():
        return []
    frame["amount"] = frame["amount"].abs()
    return [Finding("negative_refunds", frame.index[:1], field="amount", table="refunds")]


def _check_usable(raw: RawTable, column: Column, text: pd.Series, values: pd.Series) -> None:
    parts = {
        part
        for other in raw.table.columns
        if other.needed and other.name not in raw.frame
        for part in other.product_of or ()
    }
    unread = text[values.isna()].dropna()
    unread = unread[unread.str.strip() != ""]
    filled = len(unread) + int(values.notna().sum())
    if (column.needed or column.name in parts) and len(unread) >= FEW and len(unread) >= UNUSABLE * filled:
        raise InputError(
            "unreadable_column",
            source=raw.source,
            sheet=raw.sheet,
            column=column.title,
            letter=raw.letters.get(column.name, ""),
            unread=len(unread),
            filled=filled,
            samples=" | ".join(_spread(sorted(set(unread), key=lambda one: (len(one), one)))),
        )


def _spread(samples: list[str]) -> list[str]:
    """The shortest, a middle and the longest one: a column that contradicts itself shows it so."""
    return list(dict.fromkeys([samples[0], samples[len(samples) // 2], samples[-1]]))
