"""A year of a real shop, 525,461 order lines, written to an .xlsx and refreshed.

    python -m benchmarks.online_retail [PARQUET]

The data are UCI's Online Retail II, sheet "Year 2009-2010" (Chen, D. (2012), CC BY 4.0), as a parquet
file with the sheet's eight columns. Without PARQUET it is looked for in ``shared`` beside the project.
Prints the raw line total, what was left out and why, the cleaned total, and the time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

PARQUET = Path(__file__).parents[2] / "shared/data/online_retail/online_retail_ii_2009_2010.parquet"


def write(parquet: Path, book: Path, lines: int | None = None) -> float:
    """Write the first ``lines`` lines (all by default) to ``book``, typed as in Excel; their raw total."""
    import pandas as pd
    import xlsxwriter

    frame = pd.read_parquet(parquet).head(lines) if lines else pd.read_parquet(parquet)
    total = float((frame["Quantity"] * frame["Price"]).sum())
    frame["InvoiceDate"] = pd.to_datetime(frame["InvoiceDate"])
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(str(book), options) as workbook:
        sheet = workbook.add_worksheet("Year 2009-2010")
        sheet.write_row(0, 0, frame.columns)
        for index, row in enumerate(frame.astype(object).itertuples(index=False), start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(index, column, value)
                elif not pd.isna(value):
                    sheet.write(index, column, value)
    return total


def main(parquet: Path) -> None:
    from xlsales.hosts.file import refresh

    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "online_retail.xlsx"
        raw = write(parquet, book)
        start = time.perf_counter()
        done = refresh([book], lang="en")
        seconds = time.perf_counter() - start
    print(f"raw line total   {raw:>16,.3f}")
    for one in done.analysis.cleaned.reconciliations:
        print(f"read             {one.amount_in:>16,.3f}  {one.rows_in:>8,} rows of {one.table}")
        for exclusion in one.exclusions:
            print(f"  left out       {exclusion.amount:>16,.3f}  {exclusion.rows:>8,} rows: {exclusion.rule}")
        print(f"cleaned total    {one.amount_out:>16,.3f}  {one.rows_out:>8,} rows")
    print(f"refreshed in {seconds:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else PARQUET)
