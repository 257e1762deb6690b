"""Whatever a user can run, press or be told has help in both languages, and the help names only what exists.

Commands are held to ``[cli.help]``, ribbon controls to ``[ribbon]`` and the checklist, findings of the doctor
to ``[doctor]``. That every worded finding is made somewhere, ``tests/excel/doctor/test_checks.py`` holds.
"""

from __future__ import annotations

import ast
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

from xlsales import cli
from xlsales.cli import help as cli_help
from xlsales.cli.app import app
from xlsales.language import LANGUAGES, text, wording

if TYPE_CHECKING:
    from xlsales.language import Language

ROOT = Path(__file__).parents[1]
DOCTOR = ROOT / "xlsales/excel/doctor"
CHECKLIST = ROOT / "docs/excel-checklist.md"
PROGRAM = typer.main.get_command(app)
COMMANDS = [key for key, _ in cli_help.commands(PROGRAM)]
OPTIONS = [
    (key, option)
    for key, command in cli_help.commands(PROGRAM)
    for option in [*(one.name for one in command.params), "help"]
]
SAYS = ("fine", "warning", "problem")


def controls() -> list[Any]:
    """The ribbon's controls, where this checkout has a ribbon."""
    spec = find_spec("xlsales.excel.ribbon") and find_spec("xlsales.excel.ribbon.buttons")
    return list(import_module("xlsales.excel.ribbon.buttons").BUTTONS) if spec else []


def findings() -> set[str]:
    """Key of every finding that the checks make, those spelled in parts as patterns."""
    found = set()
    for path in sorted((DOCTOR / "checks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYS and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    found.add(re.escape(key.value))
                elif isinstance(key, ast.JoinedStr):
                    parts = (p.value if isinstance(p, ast.Constant) else r"\w*" for p in key.values)
                    found.add("".join(map(str, parts)))
    return found


def help_of(*arguments: str, lang: Language, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        cli.main([*arguments, "--help", "--lang", lang] if arguments else ["--help"])
    return " ".join(capsys.readouterr().out.split())


def test_the_commands_are_those_of_the_program() -> None:
    top = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    inside = {f"addin_{one.name}" for one in app.registered_groups[0].typer_instance.registered_commands}  # type: ignore[union-attr]
    assert set(COMMANDS) == {"app", "addin"} | top | inside


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, lang: Language) -> None:
    assert wording(lang)["cli"]["help"].get(command), f"write what {command} does under [cli.help]"


def test_no_help_is_left_of_a_command_that_is_gone() -> None:
    assert set(wording("en")["cli"]["help"]) - {*COMMANDS, "exit_codes"} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_of_every_command_has_words(command: str, option: str, lang: Language) -> None:
    try:
        words = cli_help.words(lang, command, option)
    except KeyError:
        pytest.fail(f"write what {option} of {command} does under [cli.options]")
    assert words.strip()


def test_no_words_are_left_of_an_option_that_is_gone() -> None:
    given = wording("en")["cli"]["options"]
    own = {(key, name) for key, names in given.items() if isinstance(names, dict) for name in names}
    assert own <= set(OPTIONS)
    shared = {option for command, option in OPTIONS if (command, option) not in own}
    assert {name for name, words in given.items() if isinstance(words, str)} == shared


def test_what_is_declared_has_no_words_of_its_own_that_would_be_of_one_language() -> None:
    declared = [option.help for _, command in cli_help.commands(PROGRAM) for option in command.params]
    assert set(declared) == {None}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_to_type_and_no_type_of_python(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [] if command == "app" else command.split("_")
    said = help_of(*words, lang="en", capsys=capsys)
    assert not re.search(r"<\w+(\[\w+\])?>|<%", said), said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_explains_each_of_its_options_in_that_language(
    command: str, lang: Language, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang])
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit):
        cli.main([*(command.split("_") if command != "app" else ()), "--help"])
    shown = "".join(capsys.readouterr().out.split())
    for option in (name for key, name in OPTIONS if key == command):
        assert "".join(cli_help.words(lang, command, option).split()) in shown
    assert text(lang, "cli.panels.option").replace(" ", "") in shown
    other = "en" if lang == "zh" else "zh"
    assert cli_help.words(other, command, "help").replace(" ", "") not in shown


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_shows_all_of_the_help(
    command: str,
    lang: Language,
    width: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang])
    monkeypatch.setenv("COLUMNS", width)
    with pytest.raises(SystemExit):
        cli.main([*(command.split("_") if command != "app" else ()), "--help"])
    shown = capsys.readouterr().out
    assert "…" not in shown, shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_group_without_a_command_shows_its_help_in_the_language_of_the_user(
    lang: Language, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang])
    with pytest.raises(SystemExit):
        cli.main(["addin"])
    shown = capsys.readouterr()
    assert text(lang, "cli.help.addin_remove")[:10] in shown.out + shown.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_is_in_the_language_of_the_user(
    lang: Language, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang])
    assert text(lang, "cli.help.app")[:6] in help_of(lang=lang, capsys=capsys)
    assert text(lang, "cli.help.check")[:10] in help_of("check", lang=lang, capsys=capsys)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("control", controls(), ids=lambda control: control.id)
def test_every_control_of_the_ribbon_has_a_label_a_name_and_says_what_will_change(
    control: Any, lang: Language
) -> None:
    words = wording(lang)["ribbon"].get(control.id, {})
    assert {"label", "name", "changes"} <= words.keys()
    assert all(words[key].strip() for key in ("label", "name", "changes"))


@pytest.mark.parametrize("control", controls(), ids=lambda control: control.id)
def test_every_control_of_the_ribbon_is_on_the_checklist(control: Any) -> None:
    assert f"`{control.id}`" in CHECKLIST.read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("pattern", sorted(findings()))
def test_every_finding_of_the_doctor_has_words(pattern: str, lang: Language) -> None:
    doctor = wording(lang)["doctor"]
    worded = [
        f"{matter}.{case}"
        for matter, cases in doctor.items()
        if isinstance(cases, dict) and "title" in cases
        for case, words in cases.items()
        if isinstance(words, dict) and words.get("what")
    ]
    assert [key for key in worded if re.fullmatch(pattern, key)]


def test_the_checks_make_findings_at_all() -> None:
    assert len(findings()) > 50


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_remedy_points_at_pages_in_the_users_language(lang: Language) -> None:
    ending = {"zh": ".zh.md", "en": ".md"}[lang]
    sentences = re.findall(r"docs/[\w.-]+\.md", str(wording(lang)["doctor"]))
    assert sentences
    assert [page for page in sentences if not (ROOT / page).exists()] == []
    assert [page for page in sentences if page != f"docs/install-without-admin{ending}"] == []
