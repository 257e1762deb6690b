"""Whatever the tables hold, every page builds in both languages, and the written workbook opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.metrics.test_laws import frames, scopes
from tests.report.pages.books import words
from tests.report.pages.test_awkward import UNFINISHED
from tests.report.writer.reading import read
from xlsales.clean.clean import Cleaned
from xlsales.clean.issues import issue_table
from xlsales.errors import InputError
from xlsales.language import LANGUAGES
from xlsales.report.pages import PAGES, build
from xlsales.report.writer import sheet_names, write
from xlsales.tables.mapping import Survey
from xlsales.tables.specs import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from xlsales.metrics._scope import Scope


@st.composite
def tables(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Some of the six tables, orders or leads among them."""
    first = draw(st.sampled_from(["orders", "leads"]))
    return {table.key: draw(frames(table)) for table in TABLES if table.key == first or draw(st.booleans())}


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(tables(), scopes())
def test_every_page_builds_and_the_workbook_opens(found: dict[str, Any], about: Scope) -> None:
    cleaned = Cleaned(found, issue_table(), ())
    for lang in LANGUAGES:
        try:
            report = build(Survey((), ()), cleaned, about, lang)
        except InputError:  # the cash basis without payments
            return
        assert tuple(page.key for page in report.pages) == PAGES
        for text in words(report.pages):
            assert not UNFINISHED.search(text), text
        written = write(report, sheet_names(report))
        assert len(read(written.data).sheetnames) == len(PAGES) + 1
