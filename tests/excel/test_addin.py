"""The add-in: it goes where Excel looks at its start, and only our own file is written or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from xlsales import cli
from xlsales.errors import UsageError
from xlsales.excel import addin

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_functions")

XLSTART = "AppData/Roaming/Microsoft/Excel/XLSTART"
MAC = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user of Windows, with an Excel that was never started."""
    monkeypatch.setattr(addin, "startup_folder", lambda: tmp_path / XLSTART)
    return tmp_path


@pytest.mark.parametrize(
    ("platform", "environment", "place"),
    [("win32", {}, XLSTART), ("darwin", {"APPDATA": "/elsewhere"}, MAC)],
)
def test_the_startup_folder_lies_in_the_home(
    platform: str, environment: dict[str, str], place: str, tmp_path: Path
) -> None:
    assert addin.startup_folder(platform, environment, tmp_path) == tmp_path / place


def test_a_roaming_profile_lies_where_windows_says(tmp_path: Path) -> None:
    roaming = tmp_path / "server" / "li"
    found = addin.startup_folder("win32", {"APPDATA": str(roaming)}, tmp_path)
    assert found == roaming / "Microsoft/Excel/XLSTART"


def test_where_there_is_no_desktop_excel_two_lines_say_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError):
        addin.startup_folder("linux")

    def nowhere() -> Path:
        raise UsageError("addin_without_excel")

    monkeypatch.setattr(addin, "startup_folder", nowhere)
    for command in ("install", "remove"):
        with pytest.raises(SystemExit) as left:
            cli.main(["addin", command, "--lang", "zh"])
        assert left.value.code == 2
        assert len(capsys.readouterr().err.splitlines()) == 2


def test_installing_again_brings_it_up_to_date(home: Path) -> None:
    place = addin.install("en")
    assert place == home / XLSTART / "xlsales.xlam"
    english = place.read_bytes()
    addin.install("zh")
    assert place.read_bytes() != english
    addin.install("en")
    assert place.read_bytes() == english
    assert list(place.parent.iterdir()) == [place]


def test_removing_takes_ours_and_nothing_else(home: Path) -> None:
    place = addin.install("zh")
    personal = place.with_name("PERSONAL.XLSB")
    personal.write_bytes(b"macros of the user")
    assert addin.remove() == place
    assert list(place.parent.iterdir()) == [personal]
    assert addin.remove() is None


@pytest.mark.parametrize("kind", ["text", "another add-in"])
def test_a_file_of_somebody_else_under_our_name_is_left_alone(home: Path, kind: str) -> None:
    place = home / XLSTART / "xlsales.xlam"
    place.parent.mkdir(parents=True)
    if kind == "text":
        place.write_bytes(b"theirs")
    else:
        with ZipFile(place, "w") as package:
            package.writestr("customUI/customUI14.xml", "<customUI/>")
    theirs = place.read_bytes()
    for act in (lambda: addin.install("zh"), addin.remove):
        with pytest.raises(UsageError) as refused:
            act()
        assert refused.value.key == "addin_not_ours"
    assert place.read_bytes() == theirs


def test_the_command_says_where_it_is_and_what_comes_next(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, told in (("install", 2), ("remove", 1), ("remove", 1)):
        with pytest.raises(SystemExit) as left:
            cli.main(["addin", command, "--lang", "en"])
        assert not left.value.code
        assert len(capsys.readouterr().out.splitlines()) == told
    assert not (home / XLSTART / "xlsales.xlam").exists()
