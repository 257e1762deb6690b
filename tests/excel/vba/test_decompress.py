"""Decompression, held to the examples of [MS-OVBA] 3.2."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlsales.excel.vba.decompress import decompress

NO_COMPRESSION = "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E"
NORMAL = (
    "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 "
    "71 02 70 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
)
MAXIMUM = "01 03 B0 02 61 45 00"


@pytest.mark.parametrize(
    ("container", "text"),
    [
        (NO_COMPRESSION, "abcdefghijklmnopqrstuv."),
        (NORMAL, "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"),
        (MAXIMUM, "a" * 73),
        ("01", ""),
    ],
)
def test_the_examples_of_the_specification(container: str, text: str) -> None:
    assert decompress(bytes.fromhex(container)) == text.encode("ascii")


def test_a_chunk_that_is_not_compressed_is_taken_as_it_is() -> None:
    raw = bytes(range(256)) * 16
    assert decompress(b"\x01\xff\x3f" + raw) == raw


@pytest.mark.parametrize("container", ["", "00", "01 03 B0 01 00 00", "01 02 B0 02 61 45"])
def test_what_is_no_container_is_refused(container: str) -> None:
    with pytest.raises(ValueError, match=r"container|beginning"):
        decompress(bytes.fromhex(container))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_damage_is_refused_and_nothing_worse(content: bytes) -> None:
    with contextlib.suppress(ValueError):
        decompress(b"\x01" + content)
