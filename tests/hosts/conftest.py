from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xlsales.report import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

DEAR = ("growth", "accounts", "channels", "pipeline")


@pytest.fixture(scope="module")
def few_pages() -> Iterator[None]:
    """Without the four pages that take longest to compute: to be carried, they are pages like the others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGES", tuple(page for page in pages.PAGES if page not in DEAR))
        yield
