"""``python -m xlsales`` is the same as ``xlsales``."""

from xlsales.cli import main

main()
