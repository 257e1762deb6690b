"""The live host: the workbook that stands open in Excel, and the sheets brought back into it.

It attaches to the Excel that pressed the button and to no other, starts none and ends none. ``refresh`` is
the line from the open book to its sheets, ``undo`` the way back; ``bring`` makes sheets equal in place.
"""

from xlsales.hosts.desktop.known import refreshed

__all__ = ["refreshed"]
