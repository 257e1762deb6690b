"""A report as sheets: one XlsxWriter workbook in memory, and the placement of all that stands on it.

``book`` is the whole, ``page`` one sheet; ``cards``, ``tables``, ``charts`` and ``lines`` write the
blocks; ``sources`` is the sheet that charts read; ``styles`` keeps the cell formats.
"""

from xlsales.report.writer.book import DATA, Written, draws, sheet_names, table_names, write

__all__ = ["DATA", "Written", "draws", "sheet_names", "table_names", "write"]
