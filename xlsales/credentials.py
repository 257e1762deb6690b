"""Credentials come from the environment, and no message or log shows one.

``${NAME}`` in an address stands for that variable. What was filled in is remembered for as long as the
program runs, so that ``masked`` finds it in whatever a driver or a traceback says.
"""

from __future__ import annotations

import os
import re

from xlsales.errors import InputError

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PASSWORD = re.compile(r"(?P<before>\b[\w+.-]+://[^\s:/@]*:)(?P<password>[^\s]+)(?=@)")
_NAMED = re.compile(
    r"(?i)\b(?P<before>password|passwd|pwd|token|secret)(?P<equals>\s*[=:]\s*)(?P<value>[^\s&;,'\"]+)"
)
SHORTEST = 3
"""A value with fewer characters is no secret, and masking it would leave no sentence readable."""
MASK = "***"

_filled: set[str] = set()


def filled(address: str) -> str:
    """The address with the variables of the environment in it. ``InputError`` names one that is not set."""

    def value(name: re.Match[str]) -> str:
        found = os.environ.get(name[1])
        if not found:
            raise InputError("variable_not_set", name=name[1])
        _filled.add(found)
        return found

    return _NAME.sub(value, address)


def literal(address: str) -> bool:
    """Whether a password stands in the address itself and not as a variable."""
    found = [one["password"] for one in _PASSWORD.finditer(address)]
    found += [one["value"] for one in _NAMED.finditer(address)]
    return any(_NAME.sub("", one) for one in found)


def masked(text: str) -> str:
    """The text without passwords in addresses, and without anything that ``filled`` has put into one."""
    for secret in sorted(_filled, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, MASK)
    text = _PASSWORD.sub(rf"\g<before>{MASK}", text)
    return _NAMED.sub(rf"\g<before>\g<equals>{MASK}", text)
