"""A Windows made of folders and a registry of plain data."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from xlsales.excel.doctor import registry
from xlsales.excel.doctor.registry import MACHINE

APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"

Registry = dict[tuple[str, str], dict[str, object]]


def program(bits: int) -> bytes:
    """The head of a Windows program, by the PE format: where the second head is, and the kind of machine."""
    kind = {32: 0x014C, 64: 0x8664}[bits]
    return (
        b"MZ".ljust(0x3C, b"\0")
        + (0x80).to_bytes(4, "little").ljust(0x44, b"\0")
        + (b"PE\0\0" + kind.to_bytes(2, "little"))
    )


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A Windows home with Excel, everything under ``tmp_path``; what is returned is its registry."""
    excel = tmp_path / "Office16/EXCEL.EXE"
    excel.parent.mkdir()
    excel.write_bytes(program(32))
    known: Registry = {
        (MACHINE, APP_PATHS): {"": str(excel)},
        (MACHINE, r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"): {"versiontoreport": "16.0.18000"},
        (MACHINE, r"SYSTEM\CurrentControlSet\Control\Nls\CodePage"): {"acp": "936"},
        (MACHINE, r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"): {
            "microsoft yahei & microsoft yahei ui (truetype)": "msyh.ttc",
            "calibri bold (truetype)": "calibrib.ttf",
        },
    }
    monkeypatch.setattr(registry, "values", lambda root, key: known.get((root, key), {}))
    monkeypatch.setattr(registry, "children", lambda _root, _key: [])
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv/Scripts/python.exe"))
    for name, folder in {"LOCALAPPDATA": "Local", "APPDATA": "Roaming", "OneDrive": "OneDrive"}.items():
        monkeypatch.setenv(name, str(tmp_path / folder))
    Path(sys.executable).parent.mkdir(parents=True)
    Path(sys.executable).touch()
    return known
