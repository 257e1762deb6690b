from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xlsales.report import pages

if TYPE_CHECKING:
    from collections.abc import Iterator


FEW = ("overview", "funnel", "retention", "reconcile", "review", "mapping", "quality", "log", "definitions")


@pytest.fixture(scope="module")
def few_pages() -> Iterator[None]:
    """Pages that are soon computed and those about the data: to be carried, the others are like these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGES", tuple(page for page in pages.PAGES if page in FEW))
        yield
