"""The Windows registry, read only; on every other system it is empty."""

from __future__ import annotations

import sys
from contextlib import suppress

USER, MACHINE = "HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"


def values(root: str, key: str) -> dict[str, object]:
    """Name in lower case -> value of everything under a key; its default under an empty name.

    Of the machine's part the 64-bit view, then the 32-bit one, since Excel may be of either kind.
    """
    found: dict[str, object] = {}
    if sys.platform == "win32":
        import winreg

        for view in (winreg.KEY_WOW64_32KEY, winreg.KEY_WOW64_64KEY):
            with (
                suppress(OSError),
                winreg.OpenKey(getattr(winreg, root), key, access=winreg.KEY_READ | view) as opened,
            ):
                for index in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, _ = winreg.EnumValue(opened, index)
                    found[name.lower()] = value
    return found


def children(root: str, key: str) -> list[str]:
    """The keys right below a key of the user's part."""
    found: list[str] = []
    if sys.platform == "win32":
        import winreg

        with suppress(OSError), winreg.OpenKey(getattr(winreg, root), key) as opened:
            found = [winreg.EnumKey(opened, index) for index in range(winreg.QueryInfoKey(opened)[0])]
    return [rf"{key}\{name}" for name in found]


def text(root: str, key: str, name: str = "") -> str:
    """One value as text; empty where it is not there."""
    value = values(root, key).get(name.lower())
    return value if isinstance(value, str) else ""


def number(root: str, key: str, name: str) -> int | None:
    """One value as a number; None where it is not there."""
    value = values(root, key).get(name.lower())
    return value if isinstance(value, int) else None
