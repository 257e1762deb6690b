"""Where Excel is and how it is set up: from the registry on Windows, from its folder on a Mac."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.excel.doctor import registry
from xlsales.excel.doctor.machine import Excel, Trust
from xlsales.excel.doctor.registry import MACHINE, USER

if TYPE_CHECKING:
    from collections.abc import Mapping

APPLICATION = Path("/Applications/Microsoft Excel.app")
"""Excel on a Mac."""

_APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_SERVER = r"SOFTWARE\Classes\CLSID\{00024500-0000-0000-C000-000000000046}\LocalServer32"
_CLICK_TO_RUN = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_CHOICES = r"Software\Microsoft\Office\16.0\Excel\Security"
_POLICIES = (
    r"Software\Policies\Microsoft\Office\16.0\Excel\Security",
    r"Software\Policies\Microsoft\Cloud\Office\16.0\Excel\Security",
)
_SYNCHRONISED = r"Software\SyncEngines\Providers\OneDrive"
_FONTS = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"
_CODE_PAGE = r"SYSTEM\CurrentControlSet\Control\Nls\CodePage"
_ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_BITS = {0x014C: 32, 0x8664: 64, 0xAA64: 64}
"""Kinds of machine in the head of a Windows program; on ARM the 64-bit library is asked for."""


def excel() -> Excel | None:
    """The desktop Excel of this machine."""
    if sys.platform == "darwin":
        return _on_a_mac(APPLICATION)
    places = (registry.text(root, key) for key in (_APP_PATHS, _SERVER) for root in (USER, MACHINE))
    command = next(filter(None, places), "")
    if not command:
        return None
    program = Path(command.split('"')[1] if command.startswith('"') else command.partition(" /")[0])
    return Excel(program, program_bits(program), registry.text(MACHINE, _CLICK_TO_RUN, "VersionToReport"))


def _on_a_mac(application: Path) -> Excel | None:
    try:
        about = plistlib.loads((application / "Contents/Info.plist").read_bytes())
    except (OSError, plistlib.InvalidFileException):
        return None
    return Excel(application, 64, str(about.get("CFBundleShortVersionString", "")))


def program_bits(program: Path) -> int | None:
    """32 or 64, from the head of a Windows program; None where it cannot be read or says neither."""
    try:
        with program.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return None
    place = int.from_bytes(head[0x3C:0x40], "little")
    if head[place : place + 4] != b"PE\0\0":
        return None
    return _BITS.get(int.from_bytes(head[place + 4 : place + 6], "little"))


def trust() -> Trust:
    """The macro settings that count: a policy of the company before the user's own choice."""

    def policy(name: str) -> int | None:
        found = (registry.number(USER, key, name) for key in _POLICIES)
        return next((value for value in found if value is not None), None)

    ordered, blocked = policy("VBAWarnings"), policy("blockcontentexecutionfrominternet")
    return Trust(
        macros=registry.number(USER, _CHOICES, "VBAWarnings") if ordered is None else ordered,
        by_policy=ordered is not None,
        internet=None if blocked is None else bool(blocked),
    )


def fonts(environ: Mapping[str, str]) -> frozenset[str] | None:
    """The names of the installed fonts in lower case, those that Office fetched itself included."""
    names = [name for root in (MACHINE, USER) for name in registry.values(root, _FONTS)]
    if not names:
        return None
    fetched = Path(environ.get("LOCALAPPDATA", "")) / "Microsoft/FontCache/4/CloudFonts"
    families = [part for name in names for part in name.partition(" (")[0].split(" & ")]
    families += [folder.name.lower() for folder in fetched.glob("*/")] if fetched.is_absolute() else []
    return frozenset(family.strip() for family in families)


def cloud_folders(environ: Mapping[str, str], home: Path) -> list[str]:
    """The folders that OneDrive keeps in step, the libraries of SharePoint sites included."""
    folders = [environ[name] for name in _ONEDRIVE if environ.get(name)]
    folders += [registry.text(USER, key, "MountPoint") for key in registry.children(USER, _SYNCHRONISED)]
    if sys.platform == "darwin":
        folders += [str(path) for path in (home / "Library/CloudStorage").glob("OneDrive-*")]
    return [folder for folder in dict.fromkeys(folders) if folder]


def code_page() -> str:
    """The codec of the system's code page; empty where there is none, or Python does not know it."""
    import codecs

    number = registry.text(MACHINE, _CODE_PAGE, "ACP")
    name = "utf-8" if number == "65001" else f"cp{number}"
    try:
        codecs.lookup(name)
    except LookupError:
        return ""
    return name
