"""Looks at this machine once and says what is there; nothing is judged here, and nothing is changed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from xlsales.errors import WorkbookError
from xlsales.excel.addin import NAME, startup_folder
from xlsales.excel.doctor import conf, office, workbook
from xlsales.excel.doctor.library import library_folder
from xlsales.excel.doctor.machine import INTERNET, Book, Conf, Folder, Machine, Python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import PurePath

PACKAGES = ("xlsales", "xlwings", "pywin32")
TAKEN = (".dll", ".pyd", ".exe", ".xlam", ".xlsm", ".bas")
"""Kinds of files that virus scanners take away."""


def look(book: Path | None = None) -> Machine:
    """All facts about this machine and a workbook. ``WorkbookError`` when that cannot be opened."""
    home, environ = _home(), dict(os.environ)
    python = _python(environ)
    machine = Machine(
        system=sys.platform,
        python=python,
        packages={name: version for name in PACKAGES if (version := _version(name))},
        gone=tuple(_gone()),
        pywin32_error=_pywin32_error(),
        excel=office.excel() if sys.platform in ("win32", "darwin") else None,
        trust=office.trust(),
        user_conf=user_conf(home),
        environ=environ,
        fonts=office.fonts(environ),
        folders=tuple(_folders()),
        code_page=office.code_page(),
        clouds=tuple(office.cloud_folders(environ, home)),
    )
    found, sheet = workbook.read(book, machine.clouds) if book else (None, None)
    addin, addin_sheet = _addin(environ, home)
    confs = [sheet or addin_sheet]
    confs += [_file("folder", book.absolute().with_name(conf.SHEET), machine.code_page)] if book else []
    confs += [_file("user", Path(machine.user_conf), machine.code_page)]
    script = _applescript(home, machine.packages.get("xlwings"))
    machine = replace(machine, book=found, addin=addin, applescript=script, confs=tuple(filter(None, confs)))
    stranger = found is not None and (found.zone or 0) >= INTERNET
    there = (path for path in _named(machine) if _exists(Path(path), on_network=not stranger))
    machine = replace(machine, exists=frozenset(there))
    return replace(machine, dlls=tuple(_libraries(machine)))


def user_conf(home: Path) -> Path:
    """The user's own settings file, as xlwings looks for it."""
    if sys.platform == "darwin":
        return home / "Library/Containers/com.microsoft.Excel/Data" / conf.SHEET
    return home / ".xlwings" / conf.SHEET


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # some containers have users without a home
        return Path(tempfile.gettempdir())


def _python(environ: Mapping[str, str]) -> Python:
    prefix, base = Path(sys.prefix), Path(sys.base_prefix)
    conda: Path | None = None
    name = ""
    if (prefix / "conda-meta").is_dir():
        program = environ.get("CONDA_EXE", "")
        inside = prefix.parent.name == "envs"
        conda = Path(program).parents[1] if program else prefix.parents[1] if inside else prefix
        in_its_place = prefix.parent == conda / "envs"
        name = "base" if prefix == conda else prefix.name if in_its_place else str(prefix)
    return Python(
        executable=Path(sys.executable),
        version=".".join(map(str, sys.version_info[:3])),
        bits=64 if sys.maxsize > 2**32 else 32,
        prefix=prefix,
        base=base,
        conda=conda,
        name=name,
    )


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _gone() -> Iterator[Path]:
    for package in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            for file in metadata.files(package) or ():
                path = Path(str(file.locate()))
                if path.suffix.lower() in TAKEN and not path.exists():
                    yield Path(os.path.normpath(path))


def _pywin32_error() -> str:
    """Why pywin32 does not load, as it says itself."""
    if sys.platform != "win32" or not _version("pywin32"):
        return ""
    from importlib import import_module

    try:
        for module in ("pywintypes", "win32api", "win32com.client"):
            import_module(module)
    except ImportError as error:
        return str(error)
    return ""


def _addin(environ: Mapping[str, str], home: Path) -> tuple[Book | None, Conf | None]:
    if sys.platform not in ("win32", "darwin"):
        return None, None
    path = startup_folder(sys.platform, environ, home) / NAME
    if not path.is_file():
        return None, None
    try:
        return workbook.read(path)
    except (OSError, WorkbookError):
        return _unread(path), None


def _unread(path: Path) -> Book:
    """An add-in that is there and cannot be read: without any code, so that it counts as outdated."""
    return Book(path, zone=workbook.zone(path))


def _file(place: str, path: Path, code_page: str) -> Conf | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return Conf(place, str(path), conf.parse(content.decode(code_page or "utf-8", "replace")))


def _applescript(home: Path, version: str | None) -> Path | None:
    folder = home / "Library/Application Scripts/com.microsoft.Excel"
    return folder / f"xlwings-{version}.applescript" if sys.platform == "darwin" and version else None


def _named(machine: Machine) -> Iterator[PurePath]:
    """The paths that the settings name, and the files that a conda pair and a Mac need."""
    if named := conf.interpreter(machine)[0]:
        yield Path(named)
    if conda := conf.setting(machine, "CONDA PATH"):
        yield Path(conda, "condabin", "conda.bat")
    if machine.applescript:
        yield machine.applescript


def _exists(path: Path, *, on_network: bool = True) -> bool:
    """Whether a path is there. A stranger's workbook does not make us knock at a server that it names."""
    if not on_network and str(path).startswith(("\\\\", "//")):
        return False
    try:
        return path.exists()
    except OSError:
        return False


def _libraries(machine: Machine) -> Iterator[PurePath]:
    """The libraries beside the interpreters, in the environment, and where ``pip --user`` puts them."""
    import site

    if sys.platform != "win32":
        return
    executable = Path(machine.python.executable).parent
    first = Path(library_folder(machine))
    places = (first, first.parent, executable, executable.parent, Path(sys.prefix), Path(site.getuserbase()))
    for folder in dict.fromkeys(places):
        yield from sorted(folder.glob("xlwings*.dll"))


def _folders() -> Iterator[Folder]:
    from xlsales.folders import cache_folder, log_folder, state_folder

    with suppress(RuntimeError):  # a user without a home
        for path in dict.fromkeys(
            (state_folder(), cache_folder(), log_folder(), Path(tempfile.gettempdir()))
        ):
            there = next((folder for folder in (path, *path.parents) if _exists(folder)), None)
            if there is None:
                yield Folder(path, False, 0)
            else:
                yield Folder(path, _can_write(there), shutil.disk_usage(there).free)


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
