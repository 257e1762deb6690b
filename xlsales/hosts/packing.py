"""What was understood of the input as bytes, and back: tables as Parquet, all else as JSON, in one zip."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from xlsales.analysis import Understood
    from xlsales.clean.reconcile import Reconciliation
    from xlsales.clean.review.settle import Settled
    from xlsales.tables.mapping import Ignored
    from xlsales.tables.spec import Match, RawTable

_REST, _ISSUES, _CHANGES, _TABLES = "rest.json", "issues", "changes", "tables/"


def pack(understood: Understood) -> bytes:
    """``unpack`` gives back an equal one."""
    survey, cleaned = understood.survey, understood.cleaned
    rest = {
        "recognised": [_recognised(raw) for raw in survey.tables],
        "ignored": [asdict(one) for one in survey.ignored],
        "tables": list(cleaned.tables),
        "decisions": [asdict(one) for one in cleaned.decisions],
        "reconciliations": [asdict(one) for one in cleaned.reconciliations],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr(_REST, json.dumps(rest, ensure_ascii=False))
        package.writestr(_ISSUES, _parquet(cleaned.issues))
        package.writestr(_CHANGES, _parquet(cleaned.changes))
        for key, frame in cleaned.tables.items():
            package.writestr(_TABLES + key, _parquet(frame))
    return packed.getvalue()


def unpack(packed: bytes) -> Understood:
    """What ``pack`` of the same version of the program packed."""
    from xlsales.analysis import Understood
    from xlsales.clean.clean import Cleaned
    from xlsales.tables.mapping import Survey

    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        rest = json.loads(package.read(_REST))
        tables = {key: _frame(package.read(_TABLES + key)) for key in rest["tables"]}
        issues, changes = _frame(package.read(_ISSUES)), _frame(package.read(_CHANGES))
    survey = Survey(
        tuple(_raw_table(**one) for one in rest["recognised"]),
        tuple(_ignored(**one) for one in rest["ignored"]),
    )
    decisions = tuple(_settled(**one) for one in rest["decisions"])
    reconciliations = tuple(_reconciliation(**one) for one in rest["reconciliations"])
    return Understood(survey, Cleaned(tables, issues, reconciliations, changes, decisions))


def _recognised(raw: RawTable) -> dict[str, Any]:
    return {
        "key": raw.table.key,
        "source": raw.source,
        "sheet": raw.sheet,
        "rows": len(raw.frame),
        "letters": dict(raw.letters),
        "matches": [astuple(one) for one in raw.matches],
        "header_rows": raw.header_rows,
        "skipped": raw.skipped,
        "scale": dict(raw.scale),
        "digest": raw.digest,
    }


def _raw_table(
    key: str, rows: int, matches: list[Any], header_rows: list[int], skipped: list[Any], **rest: Any
) -> RawTable:
    import pandas as pd

    from xlsales.tables.spec import RawTable
    from xlsales.tables.specs import table

    return RawTable(
        table(key),
        frame=pd.DataFrame(index=pd.RangeIndex(rows)),
        matches=tuple(_match(*one) for one in matches),
        header_rows=tuple(header_rows),
        skipped=tuple((row, label) for row, label in skipped),
        **rest,
    )


def _ignored(matches: list[dict[str, Any]], missing: list[str], **rest: Any) -> Ignored:
    from xlsales.tables.mapping import Ignored

    return Ignored(matches=tuple(_match(**one) for one in matches), missing=tuple(missing), **rest)


def _match(header: str, letter: str, how: Any, column: str | None, samples: Sequence[str]) -> Match:
    from xlsales.tables.spec import Match

    return Match(header, letter, how, column, tuple(samples))


def _settled(decision: dict[str, Any], **rest: Any) -> Settled:
    from xlsales.clean.review.decisions import Decision
    from xlsales.clean.review.settle import Settled

    return Settled(Decision(**decision), **rest)


def _reconciliation(exclusions: list[dict[str, Any]], **rest: Any) -> Reconciliation:
    from xlsales.clean.reconcile import Exclusion, Reconciliation

    return Reconciliation(exclusions=tuple(Exclusion(**one) for one in exclusions), **rest)


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame), buffer, compression="lz4", write_statistics=False)
    return buffer.getvalue()


def _frame(parquet: bytes) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Without the machinery of data sets, which takes longer to import than many a table to read.
    frame: pd.DataFrame = pq.ParquetFile(pa.BufferReader(parquet)).read().to_pandas()
    return frame
