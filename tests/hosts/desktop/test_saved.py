"""Where the open book lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xlsales.hosts.desktop.saved import folder_of

if TYPE_CHECKING:
    from pathlib import Path


def test_the_paths_of_data_sources_start_from_the_folder_of_the_book_itself(tmp_path: Path) -> None:
    assert folder_of(str(tmp_path / "book.xlsx")) == tmp_path


@pytest.mark.parametrize(
    "fullname", ["Book1", "https://x.sharepoint.com/a/book.xlsx", "/no/such/folder/b.xlsx"]
)
def test_a_book_that_lies_in_no_folder_of_this_machine_has_none(fullname: str) -> None:
    assert folder_of(fullname) is None
