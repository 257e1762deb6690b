"""What is on the ribbon tab, from left to right as the work goes.

A control's id is what its callback hands to ``xlsales.excel.macros.press``, and the key of its words in
``wording/{zh,en}.toml`` under ``[ribbon]``. ``metric`` is a menu: each of its items is pressed as
``metric_<key>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["data", "analyse", "explain", "report", "help"]
Kind = Literal["button", "choice", "menu"]


@dataclass(frozen=True)
class Button:
    """One control. ``image`` is an imageMso name of Office, ``keytip`` the letter after Alt and the tab's.

    A ``choice`` is a box that shows a value of the settings sheet and hands on what is picked or typed.
    """

    id: str
    group: Group
    image: str
    keytip: str
    size: Literal["large", "normal"] = "normal"
    kind: Kind = "button"


TAB_KEYTIP = "XS"

BUTTONS = (
    Button("import_files", "data", "GetExternalDataFromText", "I", "large"),
    Button("mapping", "data", "TableInsert", "M"),
    Button("check", "data", "ErrorChecking", "C"),
    Button("refresh", "analyse", "RefreshAll", "R", "large"),
    Button("period", "analyse", "CalendarInsert", "P", kind="choice"),
    Button("pages", "analyse", "FileNew", "G", kind="choice"),
    Button("metric", "analyse", "ChartInsert", "T", kind="menu"),
    Button("explain", "explain", "TracePrecedents", "E", "large"),
    Button("rows", "explain", "OutlineShowDetail", "D"),
    Button("pack", "report", "ExportExcel", "K", "large"),
    Button("pdf", "report", "FileSaveAsPdfOrXps", "F"),
    Button("undo", "help", "Undo", "Z", "large"),
    Button("settings", "help", "PropertySheet", "S"),
    Button("doctor", "help", "TraceError", "O"),
    Button("help", "help", "Help", "H"),
)
