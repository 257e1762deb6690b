"""Compressed containers, in which a vbaProject.bin keeps the text of its modules, by [MS-OVBA] 2.4.1."""

from __future__ import annotations

_SIGNATURE = 0x01
_CHUNK = 4096
_COMPRESSED = 0x8000


def decompress(container: bytes) -> bytes:
    """What ``container`` holds. ValueError where it is no such container or breaks off."""
    if container[:1] != bytes([_SIGNATURE]):
        raise ValueError("not a compressed container")
    content = bytearray()
    place = 1
    while place < len(container):
        header = int.from_bytes(container[place : place + 2], "little")
        end = place + (header & 0x0FFF) + 3
        chunk = container[place + 2 : end]
        content += _inflate(chunk) if header & _COMPRESSED else chunk[:_CHUNK]
        place = end
    return bytes(content)


def _inflate(chunk: bytes) -> bytes:
    """Eight tokens follow each flag byte: a set bit copies what is there, any other is the byte itself."""
    content = bytearray()
    place = 0
    while place < len(chunk):
        flags = chunk[place]
        place += 1
        for bit in range(8):
            if place >= len(chunk):
                break
            if not flags >> bit & 1:
                content.append(chunk[place])
                place += 1
                continue
            offset, length = _copy(int.from_bytes(chunk[place : place + 2], "little"), len(content))
            if offset > len(content) or place + 2 > len(chunk):
                raise ValueError("a copy from before the beginning")
            for _ in range(length):  # one by one: a copy may reach into what it writes
                content.append(content[-offset])
            place += 2
    return bytes(content)


def _copy(token: int, written: int) -> tuple[int, int]:
    """How far back and how much. The more is written, the more of the token's bits tell how far."""
    bits = max((written - 1).bit_length(), 4)
    return (token >> (16 - bits)) + 1, (token & (0xFFFF >> bits)) + 3
