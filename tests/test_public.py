"""What ``import xlsales`` promises."""

from __future__ import annotations

import subprocess
import sys

import pytest

import xlsales


@pytest.mark.parametrize("name", xlsales.__all__)
def test_every_public_name_is_there_and_explains_itself(name: str) -> None:
    assert getattr(xlsales, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'refrsh'"):
        _ = xlsales.refrsh


def test_importing_the_package_imports_nothing_heavy() -> None:
    script = "import sys, xlsales; print(*sorted({'pandas', 'numpy', 'narwhals', 'lxml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
