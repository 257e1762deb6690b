"""No credential gets into a sentence or a log."""

from __future__ import annotations

import pytest

from xlsales import folders
from xlsales.credentials import filled, literal, masked
from xlsales.errors import InputError
from xlsales.faults import sentences


def test_variables_are_filled_in_and_masked_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XS_TEST_PW", "p@ss/w0rd")
    address = filled("postgresql://me:${XS_TEST_PW}@host/db")
    assert address == "postgresql://me:p@ss/w0rd@host/db"
    assert "w0rd" not in masked(f"could not connect to {address}: p@ss/w0rd was refused")


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XS_TEST_NONE", raising=False)
    with pytest.raises(InputError) as unset:
        filled("x://${XS_TEST_NONE}@host")
    assert unset.value.facts == {"name": "XS_TEST_NONE"}


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("postgresql://me:${PW}@host/db", False),
        ("postgresql://${ME}@host/db", False),
        ("postgresql://host:5432/db", False),
        ("postgresql://me:geheim@host/db", True),
        ("postgresql://me:a${PW}@host/db", True),
        ("mssql://host/db?PWD=geheim", True),
        ("mssql://host/db?PWD=${PW}", False),
    ],
)
def test_a_password_that_is_written_out_is_seen(address: str, there: bool) -> None:
    assert literal(address) == there
    assert "geheim" not in masked(f"error at {address}")


def test_a_log_of_a_fault_has_no_password() -> None:
    fault = RuntimeError("cannot reach postgresql://me:geheim@host/db password=geheim")
    sentences(fault, "en", "refresh b.xlsx --source orders=postgresql://me:geheim@host/db")
    logs = [path.read_text("utf-8") for path in folders.log_folder().glob("*.log")]
    assert any("cannot reach" in log for log in logs)
    assert not any("geheim" in log for log in logs)
