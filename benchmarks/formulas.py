"""The same summary by formulas: what recalculating them costs in LibreOffice.

    python -m benchmarks.formulas write 100000 formulas.xlsx    the benchmark's workbook and a sheet of SUMIFS
    python -m benchmarks.formulas recalculate formulas.xlsx FOLDER

A cell for every month and rep, 1,440 in all, over the columns of the orders. Excel on a desk calculates
the same formulas faster than LibreOffice; it cannot be measured here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from benchmarks import workbook

SHEET = "汇总"


def write(path: str, n: int) -> None:
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(path, options) as book:
        workbook.sheet(book, "订单", workbook.ORDERS, workbook.orders(n))
        page = book.add_worksheet(SHEET)
        page.write_row(0, 1, workbook.REPS)
        day, rep, amount = (
            f"订单!${column}$2:${column}${n + 1}" for column in ("B", "I", "M")
        )  # 下单日期, 顾问, 金额
        months = sorted({row[0] for row in workbook.targets()})
        for row, month in enumerate(months, start=1):
            page.write_datetime(row, 0, month)
            for column in range(1, len(workbook.REPS) + 1):
                first, name = f"$A{row + 1}", xl_rowcol_to_cell(0, column, row_abs=True)
                formula = f'=SUMIFS({amount},{rep},{name},{day},">="&{first},{day},"<"&EDATE({first},1))'
                page.write_formula(row, column, formula, None, "")  # no value: it has to be calculated


def recalculate(path: str, folder: str) -> None:
    """Open, calculate and save, in a profile of its own. Raises where LibreOffice left the cells empty."""
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--convert-to", "xlsx", "--outdir", folder, path]
        subprocess.run(command, check=True, capture_output=True)
    import fastexcel

    done = fastexcel.read_excel(str(Path(folder) / Path(path).name))
    total = sum(done.load_sheet(SHEET).to_pandas().iloc[:, 1:].sum())
    if not total > 0:
        raise ValueError(f"LibreOffice calculated {total} as the sum of all cells")


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[3], int(sys.argv[2]))
    else:
        recalculate(*sys.argv[2:])
