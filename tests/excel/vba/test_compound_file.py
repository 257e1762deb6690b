"""The compound file against an independent check of every rule, and against olefile."""

from __future__ import annotations

from io import BytesIO

import olefile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.excel.vba.container import Container, ContainerError
from xlsales.excel.vba.compound_file import compound_file

PATTERN = bytes(range(1, 256)) * 40
SIZES = st.sampled_from([0, 1, 63, 64, 65, 511, 512, 4095, 4096, 4097, 9000]) | st.integers(0, 6000)
STREAMS = st.dictionaries(
    st.text("abxy01_", min_size=1, max_size=31), SIZES.map(lambda size: PATTERN[:size]), max_size=40
)
SLOW_MACHINES_TOO = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def paths(root: dict[str, object], prefix: str = "") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, content in root.items():
        if isinstance(content, bytes):
            found[prefix + name] = content
        else:
            found |= paths(content, f"{prefix}{name}/")  # type: ignore[arg-type]
    return found


@SLOW_MACHINES_TOO
@given(streams=STREAMS, inner=STREAMS)
def test_every_file_keeps_every_rule_and_gives_back_its_streams(
    streams: dict[str, bytes], inner: dict[str, bytes]
) -> None:
    root = {**streams, "VBA": {name.upper(): content for name, content in inner.items()}}
    data = compound_file(root)
    assert Container(data).streams == paths(root)
    with olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_UNSURE) as ole:
        assert {path: ole.openstream(path).read() for path in paths(root)} == paths(root)
        assert ole.parsing_issues == []


def test_a_large_stream_takes_several_sectors_of_the_table() -> None:
    content = bytes(range(1, 256)) * 4200
    assert Container(compound_file({"big": content})).streams == {"big": content}


@pytest.mark.parametrize("name", ["", "n" * 32, "a/b", "a\\b", "a:b", "a!b"])
def test_a_name_that_the_format_has_no_room_for_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a stream"):
        compound_file({name: b""})


def test_more_than_the_table_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        compound_file({"big": bytes(8_000_000)})


FIVE = compound_file(dict.fromkeys("abcde", b"x"))
"""Five small streams. Its sectors: the mini stream, the mini table, the directory in two, the table."""

DIRECTORY = 512 * 3
TABLE = 512 * 5


def entry(data: bytes, name: str) -> int:
    """Where the directory keeps the entry of this name."""
    return data.index(name.encode("utf-16-le").ljust(64, b"\0"), DIRECTORY)


def spoilt(*bytes_at: tuple[int, int]) -> bytes:
    data = bytearray(FIVE)
    for place, value in bytes_at:
        data[place] = value
    return bytes(data)


SPOILT = {
    "signature": spoilt((0, 0xFF)),
    "version and sizes": spoilt((30, 12)),
    "counts of the header": spoilt((56, 1)),
    "a sector of the file": spoilt((48, 90)),
    "belongs to": spoilt((60, 2)),
    "the table marks its own": spoilt((TABLE + 4 * 4, 0xFE)),
    "is accounted for": spoilt((TABLE + 4 * 5, 0xFE)) + bytes(512),
    "no sectors beyond the file": spoilt((TABLE + 4 * 9, 0)),
    "zeros after": spoilt((512 + 1, 7)),
    "order of the names": spoilt((entry(FIVE, "a"), ord("z"))),
    "the top of a tree is black": spoilt((entry(FIVE, "c") + 67, 0)),
    "black entries on both sides": spoilt((entry(FIVE, "a") + 67, 1)),
    "two red entries": spoilt((entry(FIVE, "b") + 67, 0)),
    "is reached once": spoilt((entry(FIVE, "b") + 68, 0xFF)),
    "name ends in zeros": spoilt((entry(FIVE, "b") + 4, 1)),
    "is used once": spoilt((entry(FIVE, "b") + 116, 0)),
    "as long as its content": spoilt((entry(FIVE, "b") + 120, 100)),
}


def test_the_file_to_spoil_is_right() -> None:
    assert Container(FIVE).streams == dict.fromkeys("abcde", b"x")


@pytest.mark.parametrize("rule", SPOILT)
def test_the_check_finds_a_broken_rule(rule: str) -> None:
    with pytest.raises(ContainerError, match=rule):
        Container(SPOILT[rule])
