"""The sample report, written once a language and read back."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.report import sample
from tests.report.writer.reading import read
from xlsales.report.writer import write


@pytest.fixture(scope="module", params=("zh", "en"))
def lang(request):
    return request.param


@pytest.fixture(scope="module")
def written(lang):
    return write(sample.report(lang), sample.names(lang))


@pytest.fixture(scope="module")
def book(written):
    return read(written.data)


@pytest.fixture(scope="module")
def cached(written):
    return read(written.data, data_only=True)


@pytest.fixture(scope="module")
def parts(written):
    with ZipFile(BytesIO(written.data)) as package:
        return {name: package.read(name) for name in package.namelist()}
