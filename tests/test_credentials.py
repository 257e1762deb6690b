"""No credential gets into a sentence or a log."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

import pytest
import sqlalchemy

from xlsales import credentials, folders
from xlsales.credentials import filled, literal, masked, shown
from xlsales.errors import InputError
from xlsales.faults import sentences

ODD = ["p@ssw0rdLong", "p@ss/w:r#d", "100%sure?&x=y", "two  words", "plus+and%41", "密码;'\"\\{}"]


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_filled", set())


@pytest.mark.parametrize("password", ODD)
def test_a_variable_is_the_part_of_the_address_that_it_stands_for_whatever_is_in_it(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("XS_TEST_PW", password)
    monkeypatch.setenv("XS_TEST_HOST", "db.example.com:5433")
    address = filled("postgresql://me:${XS_TEST_PW}@${XS_TEST_HOST}/a/b?sslpassword=x${XS_TEST_PW}")
    url = sqlalchemy.make_url(address)
    assert (url.username, url.password, url.host, url.port) == ("me", password, "db.example.com", 5433)
    assert (url.database, url.query["sslpassword"]) == ("a/b", f"x{password}")


@pytest.mark.parametrize("password", ODD)
def test_what_was_filled_in_is_masked_from_then_on_however_it_is_written(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("XS_TEST_PW", password)
    forms = [password, quote(password, safe=""), quote_plus(password), repr(password)[1:-1]]
    forms.append(filled("postgresql://me:${XS_TEST_PW}@host/db"))
    for form in forms:
        assert "no entry for *" in masked(f"no entry for {form}").replace("postgresql://me:", "")
        assert form not in masked(f"no entry for {form}")


def test_a_variable_may_be_the_whole_address_and_its_password_is_masked_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = "postgresql://me:p%40ss%2Fw0rd@host/db?sslpassword=other%20one"
    monkeypatch.setenv("XS_TEST_URL", whole)
    assert filled("${XS_TEST_URL}") == whole
    assert shown("${XS_TEST_URL}") == "${XS_TEST_URL}"
    for secret in (whole, "p@ss/w0rd", "p%40ss%2Fw0rd", "other one", "other%20one", "other+one"):
        assert masked(f"[{secret}]") == "[***]"


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XS_TEST_NONE", raising=False)
    with pytest.raises(InputError) as unset:
        filled("x://${XS_TEST_NONE}@host")
    assert unset.value.facts == {"name": "XS_TEST_NONE"}


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:geheim@host/db",
        "postgresql://me:ge heim@host/db",
        "postgresql://me:geheim@${HOST}/db",
        "postgresql://me:a@geheim@host/db",
        "postgresql://me:a/geheim@host/db",
        "postgresql://me:a?geheim@host/db",
        "postgresql://me:a#geheim@host/db",
        "postgresql://me:geheim",
        "postgresql://me:geheim${PW}@host/db",
        "mssql://host/db?PWD=geheim",
        "postgresql://me@host/db?sslmode=require&sslpassword=geheim",
        "snowflake://u@h/db?access_token=geheim",
        "snowflake://u@h/db?api_key=geheim",
        "bigquery://project?credentials_base64=geheim",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BX%7D%3BUID%3Du%3BPWD%3Dgeheim",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BX%7D%3BPWD%3D%7Bge+heim%7D",
        "mssql+pyodbc:///?odbc_connect=DRIVER={X};Pwd = geheim",
        "DRIVER={X};SERVER=h;PWD=geheim",
        "me:geheim@host/db",
    ],
)
def test_a_credential_that_is_written_out_is_seen_and_shown_nowhere(address: str) -> None:
    assert literal(address)
    assert "heim" not in shown(address)
    assert "heim" not in masked(f"xlsales refresh b.xlsx --source orders={address}")


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("postgresql://me:${PW}@host/db", "postgresql://host/db"),
        ("postgresql://${ME}@host/db", "postgresql://host/db"),
        ("postgresql://host:5432/db", "postgresql://host:5432/db"),
        ("postgresql://${ME}:${PW}@${HOST}:${PORT}/${DB}", "postgresql://${HOST}:${PORT}/${DB}"),
        ("postgresql://me@[::1]:5432/db?sslmode=require", "postgresql://[::1]:5432/db"),
        ("mssql://host/db?PWD=${PW}", "mssql://host/db"),
        ("mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BX%7D%3BPWD%3D%7B${PW}%7D", "mssql+pyodbc:///"),
        ("mssql+pyodbc:///?odbc_connect=${ODBC}", "mssql+pyodbc:///"),
        ("sqlite:///C:/data/crm.db", "sqlite:///C:/data/crm.db"),
        ("${URL}", "${URL}"),
        ("2026/*.parquet; C:/a@b/1.csv", "2026/*.parquet; C:/a@b/1.csv"),
        ("2026年目标", "2026年目标"),
    ],
)
def test_an_address_without_a_credential_is_shown_as_kind_host_and_database(address: str, seen: str) -> None:
    assert not literal(address)
    assert shown(address) == seen


def test_an_ordinary_sentence_keeps_its_words() -> None:
    said = "KeyError: 'amount' at https://example.com/db: duplicate key value, compass=north, ${A}:${B}@host"
    assert masked(said) == said


@pytest.mark.parametrize(
    "asked",
    [
        "postgresql://me:ge heim@host/db?sslpassword=geheim",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BX%7D%3BPWD%3Dgeheim%3BUID%3Du",
        "snowflake://u@h/db?access_token=geheim&api_key=geheim",
    ],
)
def test_a_log_of_a_fault_has_no_password(asked: str) -> None:
    fault = RuntimeError("cannot reach postgresql://me:geheim@host/db password=geheim")
    sentences(fault, "en", f"refresh b.xlsx --source orders={asked}")
    logs = [path.read_text("utf-8") for path in folders.log_folder().glob("*.log")]
    assert any("cannot reach" in log for log in logs)
    assert not any("heim" in log for log in logs)
