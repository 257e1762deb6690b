"""The sheets of one table are parsed, appended and refused where they cannot be read at all."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from xlsales.clean.discounts import formula, money_off, way_of
from xlsales.clean.frames import conform
from xlsales.clean.issues import Finding
from xlsales.clean.parse import parse
from xlsales.clean.rows import Rows
from xlsales.errors import InputError
from xlsales.tables.spec import ROW, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd

    from xlsales.clean.parse import Parsed
    from xlsales.tables.spec import Column, RawTable, Table

UNUSABLE = 0.9
"""A needed column of which this share cannot be read is no such column, and its sheet is refused."""
FEW = 10
"""Fewer unreadable cells than this are only issues, whatever their share."""


def money_of(table: Table) -> Column | None:
    """The money that a row of ``table`` stands for, and that is reconciled: its needed money column."""
    return next((column for column in table.columns if column.kind == "money" and column.needed), None)


BACKUP = re.compile(r"备份|back-?up|(?<![a-z])bak(?![a-z])", re.IGNORECASE)
"""A sheet of this name is no further sheet of its table but a copy to fill blanks from."""


def read_rows(raws: Sequence[RawTable]) -> Rows:
    """Parse the sheets of one table and append them; backups only where there is another to back up.

    Raises ``InputError`` naming the sheet and the column when a needed column cannot be read at all.
    """
    kept = [raw for raw in raws if not BACKUP.search(raw.sheet)]
    if not kept or len(kept) == len(raws):
        return _append(raws)
    return replace(_append(kept), backup=_append([raw for raw in raws if BACKUP.search(raw.sheet)]))


def _append(raws: Sequence[RawTable]) -> Rows:
    import numpy as np
    import pandas as pd

    texts: list[pd.DataFrame] = []
    frames: list[pd.DataFrame] = []
    positions: list[np.ndarray[tuple[int], np.dtype[np.intp]]] = []
    rests: list[pd.Series] = []
    findings: list[Finding] = []
    start = 0
    for raw in raws:
        text = raw.frame.astype("str").set_axis(range(len(raw.frame)))
        filled = _filled(text)
        text = text if filled.all() else text[filled]  # a row without any text is no row
        positions.append(text.index.to_numpy())
        text.index = pd.RangeIndex(start, start + len(text))
        start += len(text)
        rows = pd.Series(raw.frame.index.to_numpy()[positions[-1]], index=text.index, dtype="int64")
        frame, found = _read_sheet(raw, text, rows)
        findings += found
        texts.append(text)
        frame[SOURCE], frame[ROW] = f"{raw.source}!{raw.sheet}", rows
        frames.append(frame)
        digest = 0 if raw.rest is None else raw.rest.to_numpy()[positions[-1]]
        rests.append(pd.Series(digest, index=text.index, dtype="uint64"))
    frame = conform(raws[0].table, pd.concat(frames))
    money = money_of(raws[0].table)
    return Rows(
        raws=tuple(raws),
        frame=frame,
        text=pd.concat(texts),
        rest=pd.concat(rests),
        part=pd.Series(np.repeat(np.arange(len(raws)), [len(one) for one in texts]), dtype="int64"),
        position=pd.Series(np.concatenate(positions), dtype="int64"),
        row=frame[ROW],
        amounts=frame[money.name] if money else pd.Series(float("nan"), index=frame.index),
        findings=tuple(findings),
    )


def _filled(text: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which rows have a text at all; mostly the first column says so of all."""
    import numpy as np

    filled = np.zeros(len(text), dtype=bool)
    for name in text:
        if filled.all():
            break
        filled |= (text[name].notna() & (text[name] != "")).to_numpy()
    return filled


def _read_sheet(raw: RawTable, text: pd.DataFrame, rows: pd.Series) -> tuple[pd.DataFrame, list[Finding]]:
    """One sheet's columns as values, on the labels of ``text``, and what was found in them."""
    import pandas as pd

    frame = pd.DataFrame(index=text.index)
    findings: list[Finding] = []
    for column in raw.table.columns:
        if column.name not in text:
            continue
        kind = _as_share(column, text[column.name]) if column.name == "discount" else column
        parsed = parse(kind, text[column.name], raw.scale.get(column.name, 1.0))
        frame[column.name] = parsed.values
        errors: tuple[Finding, ...] = ()
        if wrong := [row for row, name in raw.errors if name == column.name]:
            faulty = rows.isin(wrong) & text[column.name].isna()
            errors = (Finding("excel_error", rows.index[faulty]),) if faulty.any() else ()
        findings += [replace(one, field=column.name, table=raw.table.key) for one in parsed.findings + errors]
        _check_usable(raw, column, text[column.name], parsed)
    findings += _derive(raw, frame) + _turn_refunds(raw, frame)
    return frame, findings


def _as_share(column: Column, text: pd.Series) -> Column:
    """The column as one of percents where most of its cells say so (10%)."""
    said = text.dropna()
    percents = said.str.strip().str.endswith(("%", "％")).sum()
    return replace(column, kind="percent") if percents * 2 > len(said) else column


def _derive(raw: RawTable, frame: pd.DataFrame) -> list[Finding]:
    """Columns that the sheet lacks and that another or the product of two stands in for, set in ``frame``.

    A discount comes off, and is money from then on; so are the discounts of order lines in any case.
    """
    findings: list[Finding] = []
    for column in raw.table.columns:
        if column.name not in frame and column.instead in frame:
            frame[column.name] = frame[column.instead]
        parts = column.product_of or ()
        if not parts or not len(frame) or not all(part in frame for part in parts):
            continue
        if column.name in frame and raw.table.key != "order_lines":
            continue
        first, second = parts
        full, way = frame[first] * frame[second], way_of(frame["discount"]) if "discount" in frame else "none"
        if way != "none":
            frame["discount"] = money_off(full, frame["discount"], way)
        if column.name not in frame:
            frame[column.name] = full - frame["discount"].fillna(0.0) if way != "none" else full
            one, other, off = (raw.letters.get(name, name) for name in (first, second, "discount"))
            shown = (formula(one, other, off, way),)
            findings.append(
                Finding("derived_amount", frame.index[:1], shown, field=column.name, table=raw.table.key)
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


def _check_usable(raw: RawTable, column: Column, text: pd.Series, parsed: Parsed) -> None:
    if asked_for(raw, column):
        unread = [row for one in parsed.faults for row in one.rows]
        refuse(raw, column, len(unread), int(parsed.values.notna().sum()), text[unread])


def asked_for(raw: RawTable, column: Column) -> bool:
    """Whether its table cannot do without the column, or it is part of one that the sheet lacks."""
    products = [other.product_of or () for other in raw.table.columns if other.name not in raw.letters]
    return column.needed or any(column.name in product for product in products)


def refuse(raw: RawTable, column: Column, unread: int, read: int, texts: Iterable[str]) -> None:
    """Refuse a sheet whose column holds ``unread`` cells, of these ``texts``, beside few that were read.

    Raises ``InputError``.
    """
    if unread >= FEW and unread >= UNUSABLE * (unread + read):
        samples = sorted(set(texts), key=lambda one: (len(one), one))
        raise InputError(
            "unreadable_column",
            source=raw.source,
            sheet=raw.sheet,
            column=column.title,
            letter=raw.letters.get(column.name, ""),
            unread=unread,
            filled=unread + read,
            samples=" | ".join(_spread(samples)),
        )


def _spread(samples: list[str]) -> list[str]:
    """The shortest, a middle and the longest one: a column that contradicts itself shows it so."""
    return list(dict.fromkeys([samples[0], samples[len(samples) // 2], samples[-1]]))
