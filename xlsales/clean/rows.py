"""The rows of one table, typed, that know the cells they came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlsales.clean.changes import COLUMNS as CHANGE_COLUMNS
from xlsales.clean.changes import TIMES
from xlsales.clean.issues import COLUMNS, RULES, Issue, issue_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from xlsales.clean.changes import Change
    from xlsales.clean.issues import Action, Finding, Severity
    from xlsales.tables.spec import RawTable, Table


@dataclass(frozen=True)
class Rows:
    """All rows of one table, from however many sheets, read but not yet judged.

    ``frame`` is conformed and loses rows to the rules, but keeps its labels. On those labels stay whole:
    ``text`` (each cell as it stood), ``rest`` (a digest of the cells that no column has), ``part`` (which of
    ``raws``), ``position`` (in its frame), ``row`` (the number Excel shows) and ``amounts`` (the rows' money,
    all null in a table without). ``elsewhere`` is for rows that have words of another table: its rows, and
    the label there of each such row here.
    """

    raws: tuple[RawTable, ...]
    frame: pd.DataFrame
    text: pd.DataFrame
    rest: pd.Series
    part: pd.Series
    position: pd.Series
    row: pd.Series
    amounts: pd.Series
    findings: tuple[Finding, ...]
    elsewhere: tuple[Rows, pd.Series] | None = None
    backup: Rows | None = None
    """Rows of the sheets that are named a backup of this table: they count nowhere, but may fill blanks."""

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
        import pandas as pd

        stay = ~self.frame.index.isin(labels)
        # Column by column, pyarrow filters the texts; pandas would look up each row of a frame.
        columns = {name: column.array[stay] for name, column in self.frame.items()}
        return replace(self, frame=pd.DataFrame(columns, self.frame.index[stay], copy=False))

    def with_values(self, field: str, labels: pd.Index, values: object) -> Rows:
        """The same rows with other values of ``field`` in those of ``labels``, in their order."""
        column = self.frame[field].copy()
        column[labels] = values
        return replace(self, frame=self.frame.assign(**{field: column}))

    def changes(self, change: Change) -> pd.DataFrame:
        """The change as rows of ``changes.COLUMNS`` with addresses, each of one cell."""
        changes = self.places(change.field, change.rows)
        changes["table"], changes["field"], changes["rule"] = change.table, change.field, change.rule
        changes["before"], changes["after"] = list(change.before), list(change.after)
        changes["origin"] = list(change.origins) or ""
        return changes[list(CHANGE_COLUMNS)].astype("str").assign(**{TIMES: 1})

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
        rows = self.row[labels].reset_index(drop=True)
        places["cell"] += rows.astype("str").where(rows > 0, "")  # some files have rows without numbers
        away, there = self.away(field, labels)
        if self.elsewhere and len(there):
            places.loc[away, places.columns] = self.elsewhere[0].places(field, there).to_numpy()
        return places

    def away(
        self, field: str, labels: pd.Index | pd.Series
    ) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], pd.Index]:
        """Which of the rows have their cell of ``field`` in ``elsewhere``, and the labels of these there."""
        import numpy as np
        import pandas as pd

        asked = pd.Index(labels)
        if not (self.elsewhere and field in self.elsewhere[0].text):
            return np.zeros(len(asked), dtype=bool), asked[:0]
        there = self.elsewhere[1]
        lacking = [number for number, raw in enumerate(self.raws) if field not in raw.letters]
        away = asked.isin(there.index) & np.isin(self.part[labels].to_numpy(), lacking)
        return away, pd.Index(there[asked[away]])

    def texts(self, field: str, labels: pd.Index) -> np.ndarray:
        """What stands in the cell of ``field`` in each row, "" in a blank one and where there is none.

        Of an order that was joined it is the cell on the sheet of the line or of the header.
        """
        import numpy as np

        if not self.elsewhere:
            texts: np.ndarray = (
                self.text[field][labels].fillna("").to_numpy(dtype=object)
                if field in self.text
                else np.full(len(labels), "", dtype=object)
            )
            return texts
        texts = np.full(len(labels), "", dtype=object)
        part, at = self.part[labels].to_numpy(), self.position[labels].to_numpy()
        for number, raw in enumerate(self.raws):
            if field in raw.frame and (own := part == number).any():
                texts[own] = raw.frame[field].iloc[at[own]].fillna("").to_numpy(dtype=object)
        away, there = self.away(field, labels)
        if len(there):
            texts[away] = self.elsewhere[0].texts(field, there)
        return texts

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
        issues["value"] = self.texts(field, finding.rows)
        issues["suggestion"] = list(finding.suggestions) or ""
        issues["amount"] = list(finding.amounts) or (
            self.amounts[finding.rows].to_numpy() if action == "excluded" else float("nan")
        )
        issues["key"] = issues["case"] = issues["choice"] = issues["holder"] = ""
        return issues[list(COLUMNS)]

    def skipped(self) -> pd.DataFrame:
        """The rows left out when the sheets were recognised (totals, repeated headers), as issues."""
        severity, action = RULES["skipped_row"]
        return issue_table([
            Issue("skipped_row", severity, action, self.table.key, raw.source, raw.sheet,
                  f"{next(iter(raw.letters.values()), 'A')}{row}", "", label, "", float("nan"))
            for raw in self.raws for row, label in raw.skipped
        ])  # fmt: skip

    def set_aside(self) -> pd.DataFrame:
        """The backup sheets, one issue each with its count of rows."""
        severity, action = RULES["backup_sheet"]
        return issue_table([
            Issue("backup_sheet", severity, action, self.table.key, raw.source, raw.sheet,
                  f"{next(iter(raw.letters.values()), 'A')}{max(raw.header_rows, default=1)}",
                  "", "", f"× {len(raw.frame)}", float("nan"))
            for raw in (self.backup.raws if self.backup else ())
        ])  # fmt: skip
