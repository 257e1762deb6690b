"""What is seen of a machine: this one, and a Windows and a Mac made of folders and plain data."""

from __future__ import annotations

import plistlib
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.excel.doctor.books import macro_workbook, mark
from tests.excel.doctor.conftest import APP_PATHS, program
from xlsales.excel.addin import NAME
from xlsales.excel.doctor import examine, looking, office, registry
from xlsales.excel.doctor.looking import look
from xlsales.excel.doctor.machine import Trust
from xlsales.excel.doctor.registry import MACHINE, USER

if TYPE_CHECKING:
    from tests.excel.doctor.conftest import Registry

CHOICES = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"


def write_user_conf(home: Path, text: str, encoding: str = "gbk") -> None:
    path = home / ".xlwings/xlwings.conf"
    path.parent.mkdir()
    path.write_bytes(text.encode(encoding))


def test_this_machine_is_seen_as_it_is() -> None:
    machine = look()
    assert machine.system == sys.platform
    assert machine.python.executable == Path(sys.executable)
    assert machine.packages["xlwings"] == version("xlwings")
    assert machine.folders
    assert all(folder.free > 0 and folder.writable for folder in machine.folders)


def test_looking_changes_nothing(tmp_path: Path, windows: Registry) -> None:
    before = sorted(tmp_path.rglob("*"))
    look()
    assert sorted(tmp_path.rglob("*")) == before


def test_excel_is_found_with_its_bits_and_version(windows: Registry, tmp_path: Path) -> None:
    excel = look().excel
    assert excel is not None
    assert (excel.program, excel.bits) == (tmp_path / "Office16/EXCEL.EXE", 32)
    assert excel.version == "16.0.18000"


def test_excel_that_is_only_registered_as_a_server_is_found(windows: Registry, tmp_path: Path) -> None:
    del windows[MACHINE, APP_PATHS]
    server = r"SOFTWARE\Classes\CLSID\{00024500-0000-0000-C000-000000000046}\LocalServer32"
    windows[MACHINE, server] = {"": f'"{tmp_path / "Office16/EXCEL.EXE"}" /automation'}
    excel = look().excel
    assert excel is not None
    assert excel.bits == 32


def test_no_excel_is_none(windows: Registry) -> None:
    del windows[MACHINE, APP_PATHS]
    assert look().excel is None


@pytest.mark.parametrize(
    ("content", "expected"), [(program(32), 32), (program(64), 64), (b"MZ", None), (b"", None)]
)
def test_the_bits_of_a_program_stand_in_its_head(
    content: bytes, expected: int | None, tmp_path: Path
) -> None:
    path = tmp_path / "EXCEL.EXE"
    path.write_bytes(content)
    assert office.program_bits(path) == expected
    assert office.program_bits(tmp_path / "gone.exe") is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, Trust()),
        ({CHOICES: {"vbawarnings": 3}}, Trust(macros=3)),
        ({CHOICES: {"vbawarnings": 1}, POLICY: {"vbawarnings": 4}}, Trust(macros=4, by_policy=True)),
        ({POLICY: {"blockcontentexecutionfrominternet": 1}}, Trust(internet=True)),
        ({POLICY: {"blockcontentexecutionfrominternet": 0}}, Trust(internet=False)),
        (
            {r"Software\Policies\Microsoft\Cloud\Office\16.0\Excel\Security": {"vbawarnings": 3}},
            Trust(macros=3, by_policy=True),
        ),
    ],
)
def test_a_policy_counts_before_the_users_choice(
    values: dict[str, dict[str, object]], expected: Trust, windows: Registry
) -> None:
    windows.update({(USER, key): entry for key, entry in values.items()})
    assert look().trust == expected


def test_fonts_are_known_by_family_also_those_that_office_fetched(windows: Registry, tmp_path: Path) -> None:
    (tmp_path / "Local/Microsoft/FontCache/4/CloudFonts/DengXian").mkdir(parents=True)
    fonts = look().fonts
    assert fonts is not None
    assert {"microsoft yahei", "microsoft yahei ui", "calibri bold", "dengxian"} <= fonts


@pytest.mark.parametrize(
    ("page", "expected"), [("936", "cp936"), ("1252", "cp1252"), ("65001", "utf-8"), ("9", ""), ("", "")]
)
def test_the_code_page_is_one_that_python_knows(page: str, expected: str, windows: Registry) -> None:
    windows[MACHINE, r"SYSTEM\CurrentControlSet\Control\Nls\CodePage"] = {"acp": page}
    assert look().code_page == expected


def test_folders_that_onedrive_keeps_in_step_are_known_those_of_sharepoint_too(
    windows: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "Company" / "Sales - Documents"
    library.mkdir(parents=True)
    key = r"Software\SyncEngines\Providers\OneDrive"
    windows[USER, rf"{key}\site"] = {"mountpoint": str(library)}
    monkeypatch.setattr(registry, "children", lambda _root, asked: [rf"{key}\site"] if asked == key else [])
    book = look(macro_workbook(library / "a.xlsm")).book
    assert book is not None
    assert book.cloud == library
    assert str(tmp_path / "OneDrive") in look().clouds


def test_a_mac_keeps_its_cloud_folders_in_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    folder = tmp_path / "Library/CloudStorage/OneDrive-Company"
    folder.mkdir(parents=True)
    assert office.cloud_folders({}, tmp_path) == [str(folder)]


def test_settings_are_read_in_the_code_page_of_the_system(windows: Registry, tmp_path: Path) -> None:
    write_user_conf(tmp_path, r'"INTERPRETER_WIN","C:\用户\python.exe"')
    (user,) = look().confs
    assert user.get("INTERPRETER_WIN") == r"C:\用户\python.exe"


def test_all_three_places_of_settings_are_found_in_their_order(windows: Registry, tmp_path: Path) -> None:
    write_user_conf(tmp_path, '"A","user"')
    book = macro_workbook(tmp_path / "a.xlsm", [("A", "sheet")])
    book.with_name("xlwings.conf").write_text('"A","folder"', "utf-8")
    assert [(conf.place, conf.get("A")) for conf in look(book).confs] == [
        ("sheet", "sheet"),
        ("folder", "folder"),
        ("user", "user"),
    ]


def test_an_interpreter_that_the_settings_name_is_looked_for(windows: Registry, tmp_path: Path) -> None:
    write_user_conf(tmp_path, f'"INTERPRETER_WIN","{sys.executable}"')
    assert look().exists == {Path(sys.executable)}
    Path(sys.executable).unlink()
    assert look().exists == frozenset()


def test_a_server_that_a_marked_workbook_names_is_not_asked(
    windows: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = r"\\server\share\python.exe"
    asked: list[str] = []
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: asked.append(str(path)) or exists(path))
    book = macro_workbook(tmp_path / "a.xlsm", [("INTERPRETER_WIN", server)])
    look(book)
    assert server in asked
    asked.clear()
    mark(book)
    assert {finding.key for finding in examine(book=book)} >= {"settings.missing_there", "mark.blocked"}
    assert server not in asked


def test_a_folder_on_a_drive_that_is_gone_is_not_writable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_exists", lambda path, **_: False)
    assert {(folder.writable, folder.free) for folder in look().folders} == {(False, 0)}


def test_libraries_are_found_beside_the_interpreter_and_one_folder_up(
    windows: Registry, tmp_path: Path
) -> None:
    wanted = [tmp_path / "venv/Scripts/xlwings32-1.dll", tmp_path / "venv/xlwings64-1.dll"]
    for path in wanted:
        path.touch()
    assert list(look().dlls) == wanted


def test_the_add_in_is_looked_into(windows: Registry, tmp_path: Path) -> None:
    folder = tmp_path / "Roaming/Microsoft/Excel/XLSTART"
    folder.mkdir(parents=True)
    mark(macro_workbook(folder / NAME, [("A", "add-in")]))
    machine = look()
    assert machine.addin is not None
    assert (machine.addin.xlwings, machine.addin.zone) == (version("xlwings"), 3)
    assert [conf.get("A") for conf in machine.confs] == ["add-in"]


def test_an_add_in_that_cannot_be_read_counts_as_outdated(windows: Registry, tmp_path: Path) -> None:
    path = tmp_path / "Roaming/Microsoft/Excel/XLSTART" / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"broken")
    assert "addin.stale" in {finding.key for finding in examine()}


def test_a_conda_environment_is_named_as_xlwings_wants_it(
    windows: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONDA_EXE", raising=False)
    for prefix, base, name in (
        ("miniconda/envs/sales", "miniconda", "sales"),
        ("miniconda", "miniconda", "base"),
    ):
        (tmp_path / prefix / "conda-meta").mkdir(parents=True)
        monkeypatch.setattr(sys, "prefix", str(tmp_path / prefix))
        assert (look().python.conda, look().python.name) == (tmp_path / base, name)
    monkeypatch.setenv("CONDA_EXE", str(tmp_path / "elsewhere/Scripts/conda.exe"))
    assert look().python.name == str(tmp_path / "miniconda")


def test_a_file_that_was_installed_and_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Recorded(str):
        def locate(self) -> Path:
            return Path("gone") / self

    listed = [Recorded(name) for name in ("xlwings64-1.dll", "xlwings/__init__.py")]
    monkeypatch.setattr(looking.metadata, "files", lambda package: listed if package == "xlwings" else None)
    assert look().gone == (Path("gone/xlwings64-1.dll"),)


def test_a_folder_that_cannot_be_written_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(looking.tempfile, "TemporaryFile", refuse)
    assert not any(folder.writable for folder in look().folders)


def test_a_mac_is_seen_with_its_script_and_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(office, "APPLICATION", tmp_path / "Microsoft Excel.app")
    about = tmp_path / "Microsoft Excel.app/Contents/Info.plist"
    about.parent.mkdir(parents=True)
    about.write_bytes(plistlib.dumps({"CFBundleShortVersionString": "16.90"}))
    conf = tmp_path / "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
    conf.parent.mkdir(parents=True)
    conf.write_text('"INTERPRETER_MAC","/opt/python"', "utf-8")
    machine = look()
    assert machine.excel is not None
    assert machine.excel.version == "16.90"
    assert machine.applescript is not None
    assert machine.applescript.name == f"xlwings-{version('xlwings')}.applescript"
    assert [finding.key for finding in examine() if finding.level == "problem"] == [
        "settings.missing",
        "mac.missing",
    ]


def test_a_mac_without_excel_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(office, "APPLICATION", tmp_path / "Microsoft Excel.app")
    assert office.excel() is None


def test_off_windows_the_registry_is_empty() -> None:
    if sys.platform != "win32":
        assert registry.values(MACHINE, APP_PATHS) == {}
