"""What no reader from Python can be faster than.

python -m benchmarks.floor scan orders.xlsx    inflate the sheets and let expat scan them, keeping nothing
python -m benchmarks.floor parse orders.xlsx   the typed parser alone: every sheet as columns of text
"""

from __future__ import annotations

import sys
from pathlib import Path
from pyexpat import ParserCreate
from zipfile import ZipFile


def scan(source: str) -> None:
    with ZipFile(source) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                with package.open(name) as part:
                    ParserCreate().ParseFile(part)


def parse(source: str) -> None:
    import fastexcel

    reader = fastexcel.read_excel(Path(source).read_bytes())
    for name in reader.sheet_names:
        reader.load_sheet(name, header_row=None, dtypes="string").to_arrow_with_errors()


if __name__ == "__main__":
    {"scan": scan, "parse": parse}[sys.argv[1]](sys.argv[2])
