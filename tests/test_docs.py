"""The pages for people say what is so: commands exist, files exist, generated parts are current."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer

from docs import __main__ as generated
from docs import functions, metrics, readme
from tests.metrics import test_cases
from xlsales.cli.app import app

if TYPE_CHECKING:
    from xlsales.metrics._catalogue import Metric

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
)
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def test_what_is_made_from_the_source_is_current() -> None:
    assert list(generated.behind()) == []


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("README.md", "win_rate", "won_rate"),
        ("docs/functions.md", "XS_RFM", "XS_OLD"),
        ("docs/metrics.md", "win_rate", "won_rate"),
        ("xlsales/metrics/_china.py", "2024: ", "2124: "),
    ],
)
def test_what_is_behind_the_source_is_noticed_and_made(
    name: str, ours: str, theirs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for made in generated.MADE:
        (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / made, tmp_path / made)
    monkeypatch.setattr(readme, "README", tmp_path / "README.md")
    stale = text(name).replace(ours, theirs)
    (tmp_path / name).write_text(stale, "utf-8")
    assert generated.main(["--check"], tmp_path) == 1
    assert (tmp_path / name).read_text("utf-8") == stale
    assert generated.main([], tmp_path) == 0
    assert generated.main(["--check"], tmp_path) == 0
    assert ours in (tmp_path / name).read_text("utf-8")


@pytest.mark.parametrize("metric", metrics.catalogue().values(), ids=lambda metric: metric.key)
def test_the_example_of_a_metric_names_a_dimension_that_it_has(metric: Metric) -> None:
    command = metrics.example(metric).split()
    assert command[:4] == ["xlsales", "metric", metric.key, "BOOK.xlsx"]
    if len(command) > 4:
        assert any(command[-1] in option.values for option in metric.options if option.name == "by")


@pytest.mark.parametrize("name", functions.catalogue())
def test_the_page_of_functions_has_every_function_in_both_languages(name: str) -> None:
    page = functions.page()
    function = functions.catalogue()[name]
    assert page.count(f"### {name}\n") == 1
    assert f"`{function.usage}`" in page
    assert functions.plain(function.zh) in page
    assert functions.plain(function.en) in page


def test_a_page_without_the_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        readme.between_markers("# xlsales\n", "metrics", "| |")


def test_the_speed_table_has_been_measured() -> None:
    measured = text("README.md").partition("<!-- speed -->")[2].partition("<!-- /speed -->")[0]
    assert "`xlsales refresh`" in measured


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_points_at_is_there(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text(page))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_heading_that_a_page_points_at_is_there(page: str) -> None:
    headings = re.findall(r"^#+ (.*)$", text(page), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text(page))) - anchors == set()


def test_the_installation_page_has_the_same_commands_in_both_languages() -> None:
    """But for the name of the workbook, which is in the language of the page."""
    pages = [text(f"docs/install-without-admin{ending}") for ending in (".md", ".zh.md")]
    en, zh = (re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL) for page in pages)
    same = [block.replace("销售分析.xlsm", "sales.xlsm").replace("--lang zh", "--lang en") for block in zh]
    assert len(en) >= 8
    assert same == en


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text(page), re.DOTALL))
    named = set(re.findall(r"(?:^|[`\\/ ])xlsales(?:\.exe\"?)? ([a-z]+)\b", code, re.MULTILINE))
    assert named - COMMANDS == set()


def test_the_readme_names_every_command() -> None:
    assert {name for name in COMMANDS if f"xlsales {name}" not in text("README.md")} == set()


def test_the_case_shown_to_contributors_passes() -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", text("CONTRIBUTING.md"), re.DOTALL)
    for case in tomllib.loads(re.sub(r"^   ", "", shown, flags=re.MULTILINE))["case"]:
        test_cases.test_case("win_rate", case)
