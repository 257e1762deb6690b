"""The compression against the decompressor of oletools, which is nobody's but theirs."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.excel.vba.decoding import decompressed
from xlsales.excel.vba.compression import compress

WORDS = st.sampled_from([b"Public Sub ", b"End Sub\r\n", b"    ", b"x", b"Application.StatusBar = ", b"\r\n"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=1500).map(b"".join) | st.binary(max_size=3640))
def test_what_is_compressed_comes_back(text: bytes) -> None:
    assert decompressed(compress(text)) == text


@pytest.mark.parametrize("size", [0, 1, 3, 15, 16, 17, 4095, 4096, 4097, 8192, 12289])
@pytest.mark.parametrize("period", [1, 2, 3, 4097])
def test_chunks_and_repetitions_of_every_size_come_back(size: int, period: int) -> None:
    text = bytes(32 + (n % period) % 90 for n in range(size))
    assert decompressed(compress(text)) == text


def test_text_becomes_much_smaller() -> None:
    text = b"    Application.StatusBar = False\r\n" * 400
    assert len(compress(text)) < len(text) / 10


def test_a_full_chunk_that_would_grow_is_stored_as_it_is() -> None:
    noise = random.Random(1).randbytes(4096)
    packed = compress(noise + b"end")
    assert packed[3 : 3 + 4096] == noise
    assert decompressed(packed) == noise + b"end"


def test_a_last_chunk_that_would_grow_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be compressed"):
        compress(random.Random(1).randbytes(4000))


def test_the_example_of_the_specification_takes_as_many_bytes() -> None:
    # [MS-OVBA] 3.2.2; of several copies as long as each other it takes another one here and there
    text = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    packed = bytes.fromhex(
        "012FB0002361616162636465 82660070616768696A0138"
        "08616B6C00306D6E6F700671 0270041072737475761077 78797A003C"
    )
    assert decompressed(packed) == text
    assert len(compress(text)) == len(packed)
