"""Functions in cells: each declared once, in the file of its family.

``_declare`` says what a function is and finds them all, ``_read`` makes arguments of cells, ``_call``
runs one and makes cells of what came back, ``_memory`` keeps results, ``_source`` understands ranges.
"""

from xlsales.excel.functions._declare import Argument, Example, Function, Spill, catalogue

__all__ = ["Argument", "Example", "Function", "Spill", "catalogue"]
