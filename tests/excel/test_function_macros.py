"""All functions in cells have their macro in the template, described in the template's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.excel.vba.decoding import sources
from xlsales.excel.functions import catalogue
from xlsales.excel.macro_modules import function_help
from xlsales.excel.template import macro_template
from xlsales.language import LANGUAGES

if TYPE_CHECKING:
    from xlsales.language import Language


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_function_in_cells_can_be_called_from_the_template(lang: Language) -> None:
    code = sources(macro_template(lang))["xlwings_udfs"]
    assert set(re.findall(r"^Function (XS_\w+)\(", code, re.MULTILINE)) == set(catalogue())


def test_the_function_wizard_speaks_the_language_of_the_template() -> None:
    for name, function in catalogue().items():
        for lang in LANGUAGES:
            help = function_help(lang)[name]
            assert help.description == function.description(lang)
            assert list(help.arguments) == [argument.name for argument in function.arguments]
        assert function_help("zh")[name] != function_help("en")[name]
