"""What the tests of workbooks with macros share."""

from __future__ import annotations

import pytest

from tests.excel.vba import sample_functions
from xlsales.excel import macro_modules
from xlsales.excel.vba.function_help import Help


@pytest.fixture
def few_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four functions in cells instead of all of them, which have tests of their own."""
    monkeypatch.setattr(macro_modules, "FUNCTIONS", sample_functions.__name__)
    monkeypatch.setattr(macro_modules, "function_help", lambda lang: {"XS_TODAY": Help()})
