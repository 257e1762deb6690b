"""Open a workbook in LibreOffice, run some of its macros, and tell what they gave and what the cells hold.

A program of its own, since only the Python that LibreOffice knows has ``uno``:

    python3 in_libreoffice.py BOOK PROFILE < {"calls": [["Module.Name", [arguments]]], "cells": ["A1"]}

The cells are those of the first sheet. A macro that fails in LibreOffice raises nothing: only effects count.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

ALWAYS_RUN_MACROS = 4


def office(profile: str) -> tuple[subprocess.Popen[bytes], Any]:
    """A LibreOffice of our own, and its desktop."""
    pipe = f"xlsales{os.getpid()}"
    process = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            f"--accept=pipe,name={pipe};urp;",
        ],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _ in range(240):
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
        else:
            return process, there.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", there
            )
    os.killpg(process.pid, signal.SIGKILL)
    raise SystemExit("LibreOffice did not answer within a minute")


def setting(name: str, value: object) -> Any:
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


def main(book: str, profile: str) -> None:
    asked = json.load(sys.stdin)
    process, desktop = office(profile)
    try:
        how = (setting("Hidden", True), setting("MacroExecutionMode", ALWAYS_RUN_MACROS))
        document = desktop.loadComponentFromURL(Path(book).as_uri(), "_blank", 0, how)
        library = next(name for name in document.BasicLibraries.ElementNames if name != "Standard")
        scripts = document.getScriptProvider()

        def run(macro: str, arguments: list[object]) -> object:
            address = f"vnd.sun.star.script:{library}.{macro}?language=Basic&location=document"
            return scripts.getScript(address).invoke(tuple(arguments), (), ())[0]

        given = [run(macro, arguments) for macro, arguments in asked["calls"]]
        sheet = document.Sheets.getByIndex(0)
        cells = {address: sheet.getCellRangeByName(address).String for address in asked["cells"]}
        json.dump({"given": given, "cells": cells}, sys.stdout)
        sys.stdout.flush()
        document.close(True)
    finally:
        os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
