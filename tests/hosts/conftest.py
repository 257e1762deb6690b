from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xlsales.report import pages

if TYPE_CHECKING:
    from collections.abc import Iterator


ABOUT_THE_DATA = ("reconcile", "review", "mapping", "quality", "log")
FEW = ("overview", "funnel", "retention", "reconcile", "review", "mapping", "quality", "log", "definitions")


@pytest.fixture(scope="module")
def few_pages() -> Iterator[None]:
    """Pages that are soon computed and those about the data: to be carried, the others are like these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGES", tuple(page for page in pages.PAGES if page in FEW))
        yield


@pytest.fixture(scope="module")
def pages_about_the_data() -> Iterator[None]:
    """Nothing is computed: what is remembered, reviewed or cleaned shows on these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGES", ABOUT_THE_DATA)
        yield
