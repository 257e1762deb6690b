"""The manual as a page for the browser, from the installed package, so that it fits and needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def manual() -> Path:
    """Write the README of this very version as a page into the user's cache folder; where it is."""
    from html import escape
    from importlib.metadata import metadata

    from xlsales.folders import cache_folder

    words = str(metadata("xlsales").json["description"])
    page = (
        "<!doctype html><meta charset='utf-8'><title>xlsales</title>"
        "<pre style='max-width: 60em; margin: 2em auto; white-space: pre-wrap; font: 15px/1.6 sans-serif'>"
        f"{escape(words)}</pre>"
    )
    path = cache_folder().with_name("manual.html")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8")
    return path
