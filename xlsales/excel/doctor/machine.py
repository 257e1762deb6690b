"""A machine as the doctor sees it: plain facts, gathered once by ``looking``, so that every check is pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsales.language import Language


INTERNET = 3
"""Zones from here on are not trusted: 3 the internet, 4 restricted sites."""


@dataclass(frozen=True)
class Python:
    """The Python that runs the doctor. ``prefix`` is its environment, ``base`` what that was made from.

    ``conda`` is the conda installation that the environment belongs to, ``name`` the environment in it.
    """

    executable: PurePath
    version: str
    bits: int
    prefix: PurePath
    base: PurePath
    conda: PurePath | None = None
    name: str = ""

    @property
    def is_environment(self) -> bool:
        """Whether it is an environment of its own, made by venv or uv."""
        return self.prefix != self.base


@dataclass(frozen=True)
class Excel:
    """The desktop Excel: ``bits`` are None where its program could not be read."""

    program: PurePath
    bits: int | None
    version: str = ""


@dataclass(frozen=True)
class Trust:
    """Excel's macro settings as the registry has them; None where nobody set any.

    ``macros`` is VBAWarnings: 1 all run, 2 ask, 3 signed only, 4 none. ``internet`` is the policy that
    blocks macros in files from the internet.
    """

    macros: int | None = None
    by_policy: bool = False
    internet: bool | None = None


@dataclass(frozen=True)
class Conf:
    """One place that xlwings reads its settings from; ``keys`` as they stand there, one entry a line."""

    place: str
    """``sheet`` in the workbook, ``folder`` beside it, or ``user``."""

    where: str
    """The name of the sheet or the path of the file, as the user will look for it."""

    entries: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()
    """Keys below a blank row, which Excel never reaches."""

    def get(self, key: str) -> str | None:
        """The value of a key, whatever its case; None where it is not set."""
        return next((value for name, value in self.entries if name.upper() == key), None)


@dataclass(frozen=True)
class Book:
    """A workbook: what it carries, where it lies, and whether Windows has marked it as coming from elsewhere.

    ``modules`` is the VBA inside by name.
    """

    path: PurePath
    modules: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    zone: int | None = None
    cloud: PurePath | None = None
    """The OneDrive folder that it lies in."""

    xlwings: str | None = None
    """The version of the xlwings code inside."""

    ribbon: Language | None = None
    """The language of our ribbon tab in it; None where it has none of ours."""


@dataclass(frozen=True)
class Folder:
    """A folder that we write to: whether it can be written, and the free bytes on its disk."""

    path: PurePath
    writable: bool
    free: int


@dataclass(frozen=True)
class Machine:
    """Everything that the checks look at."""

    system: str
    """As ``sys.platform``: win32, darwin or another."""

    python: Python
    packages: Mapping[str, str] = field(default_factory=dict)
    """Name -> version of the installed packages that matter: xlsales, xlwings, pywin32."""

    gone: tuple[PurePath, ...] = ()
    """Files that these packages were installed with and that are not there any more."""

    pywin32_error: str = ""
    excel: Excel | None = None
    trust: Trust = field(default_factory=Trust)
    confs: tuple[Conf, ...] = ()
    """In the order in which xlwings asks them."""

    user_conf: PurePath = field(default_factory=PurePath)
    """Where the user's own settings file belongs, whether it is there or not."""

    environ: Mapping[str, str] = field(default_factory=dict)
    exists: frozenset[PurePath] = frozenset()
    """Those of the paths named in the settings, and of the files that they need, that are there."""

    dlls: tuple[PurePath, ...] = ()
    """xlwings' own libraries, wherever they were found."""

    addin: Book | None = None
    applescript: PurePath | None = None
    """On a Mac: the script that a button starts Python with, where it belongs."""

    fonts: frozenset[str] | None = None
    """Names of the installed fonts in lower case; None where that is not known."""

    folders: tuple[Folder, ...] = ()
    clouds: tuple[str, ...] = ()
    """The folders that OneDrive keeps in step."""

    code_page: str = ""
    """The codec in which VBA reads text and paths, such as cp936."""

    book: Book | None = None

    @property
    def can_have_excel(self) -> bool:
        """Whether this system can have a desktop Excel at all."""
        return self.system in ("win32", "darwin")
