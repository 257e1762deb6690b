"""The compression of VBA sources and of the ``dir`` stream ([MS-OVBA] 2.4.1).

Every 4096 bytes become one chunk. A chunk is a row of tokens, eight after each byte of flags: a literal byte,
or a copy of bytes that stand further up in the same chunk, as two bytes that hold its offset and its length.
The further into the chunk, the more of the sixteen bits go to the offset.
"""

from __future__ import annotations

import struct
from collections import defaultdict

CHUNK = 4096
"""Bytes of the text that one chunk holds; only the last holds fewer."""

SHORTEST_COPY = 3
"""A copy takes two bytes, so only three and more are worth one."""

CANDIDATES = 64
"""How many earlier places are tried for the longest copy: more costs time and hardly saves a byte."""

_CONTAINER = b"\x01"
_COMPRESSED = 0xB000
_RAW = 0x3FFF


def compress(text: bytes) -> bytes:
    """The compressed container of ``text`` (2.4.1.3.6).

    ``ValueError`` where the last chunk would grow: the format has no way to say so without adding zeros to
    the text. No text that a person can read is like that.
    """
    chunks = (text[start : start + CHUNK] for start in range(0, len(text), CHUNK))
    return _CONTAINER + b"".join(_chunk(chunk) for chunk in chunks)


def _chunk(text: bytes) -> bytes:
    """A header that gives size and kind (2.4.1.1.5), and the tokens, or the bytes as they are."""
    tokens = _tokens(text)
    if len(tokens) <= CHUNK:
        return struct.pack("<H", _COMPRESSED | (len(tokens) - 1)) + tokens
    if len(text) < CHUNK:
        raise ValueError("the last chunk of a VBA stream cannot be compressed")
    return struct.pack("<H", _RAW) + text


def _tokens(text: bytes) -> bytes:
    out = bytearray()
    places: dict[bytes, list[int]] = defaultdict(list)
    here = 0
    while here < len(text):
        flags_at = len(out)
        out.append(0)
        for bit in range(8):
            if here == len(text):
                break
            length, offset = _longest_copy(text, here, places)
            if length:
                token = (offset - 1) << (16 - _offset_bits(here)) | (length - SHORTEST_COPY)
                out += struct.pack("<H", token)
                out[flags_at] |= 1 << bit
            else:
                length = 1
                out.append(text[here])
            for place in range(here, here + length):
                places[text[place : place + SHORTEST_COPY]].append(place)
            here += length
    return bytes(out)


def _longest_copy(text: bytes, here: int, places: dict[bytes, list[int]]) -> tuple[int, int]:
    """The length of the longest copy for ``here`` and how far up it starts; 0 for none (2.4.1.3.19.4).

    A copy may run over its own end: what it copies there it has just written.
    """
    limit = min(len(text) - here, (0xFFFF >> _offset_bits(here)) + SHORTEST_COPY)
    best = offset = 0
    for place in reversed(places.get(text[here : here + SHORTEST_COPY], [])[-CANDIDATES:]):
        length = 0
        while length < limit and text[place + length] == text[here + length]:
            length += 1
        if length > best:
            best, offset = length, here - place
    return (best, offset) if best >= SHORTEST_COPY else (0, 0)


def _offset_bits(here: int) -> int:
    """How many bits of a copy token hold the offset, so far into the chunk (2.4.1.3.19.1)."""
    return max((here - 1).bit_length(), 4)
