"""Credentials come from the environment, and no message or log shows one.

``${NAME}`` in an address stands for that variable. What was filled in is remembered for as long as the
program runs, so that ``masked`` finds it in whatever a driver or a traceback says.
"""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus

from xlsales.errors import InputError

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ADDRESS = re.compile(
    r"(?s)(?P<kind>[\w+.-]+)://(?P<login>[^:/]*(?::(?P<password>[^@]*))?@)?(?P<place>[^?]*)(?P<query>\?.*)?"
)
"""An address in the parts that SQLAlchemy takes it apart into."""
_PORT = re.compile(r"(?:\[[^\]]*\]|[^\[:/]*)(?::(?P<port>[^/]*))?")
_LOGIN_ALONE = re.compile(r"[^\s:/\\]{2,}:(?P<password>[^/\\@][^@]*)@")
"""An address that lacks its beginning; a drive of Windows is one letter."""
_SECRET = re.compile(r"(?i)pass|pwd|token|secret|key|credential")
"""What the name of a parameter has in it whose value nobody is to see."""

_PASSWORD = re.compile(r"\b[\w+.-]+://[^\s:/@]*:(?P<password>[^\n]+)(?=@)")
_NAMED = re.compile(
    r"""(?ix) (?: \w*(?:password|passwd|passphrase|pwd|token|secret|(?:api|access|private)_?key)\w*
        | [?&;]\w*(?:pass|key|credential)\w* )
    (?: \s*(?:[=:]|%3[da])\s* )
    (?P<password> \{[^}\n]*\} | %7b(?:(?!%7d).)* | (?:(?!%3b|%26)[^\s&;,'"])+ )"""
)
SHORTEST = 3
"""A value with fewer characters is no secret, and masking it would leave no sentence readable."""
MASK = "***"

_filled: set[str] = set()


def filled(address: str) -> str:
    """The address with the variables of the environment in it, each as the one part that it stands for.

    A login or a parameter is quoted as addresses quote; a variable that is all of the address is one already.
    ``InputError`` names a variable that is not set.
    """
    if is_variable(address):
        found = _value(address[2:-1])
        for secret in _written(found):
            _remember(secret)
        return found
    parts = _ADDRESS.fullmatch(address)
    quoted = [parts.span("login"), parts.span("query")] if parts else []

    def value(name: re.Match[str]) -> str:
        found = _value(name[1])
        inside = any(start <= name.start() < end for start, end in quoted)
        return quote(found, safe="", errors="surrogateescape") if inside else found

    return _NAME.sub(value, address)


def is_variable(place: str) -> bool:
    """Whether nothing but one variable stands there."""
    return _NAME.fullmatch(place) is not None


def literal(address: str) -> bool:
    """Whether a password, a token or the like stands in the address itself and not as a variable.

    What does is masked from then on.
    """
    found = _written(address)
    for secret in found:
        _remember(secret)
    return bool(found)


def shown(address: str) -> str:
    """The address as a message shows it: its kind, host and database, no login and no parameters."""
    parts = _ADDRESS.fullmatch(address)
    if literal(address):
        return f"{parts['kind']}://{MASK}" if parts else MASK
    return masked(f"{parts['kind']}://{parts['place']}" if parts else address)


def masked(text: str) -> str:
    """The text without passwords in addresses, and without anything that ``filled`` has put into one."""
    for secret in sorted(_filled, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _NAMED.sub(_hidden, _PASSWORD.sub(_hidden, text))


def _hidden(found: re.Match[str]) -> str:
    """The same with its password masked; variables say nothing."""
    secret: str = found["password"]
    return found[0].removesuffix(secret) + MASK if _told(secret) else found[0]


def _written(address: str) -> list[str]:
    """What stands in the address that nobody is to see."""
    parts = _ADDRESS.fullmatch(address)
    found = [one["password"] for one in _NAMED.finditer(unquote_plus(address))]
    if parts is None:
        alone = _LOGIN_ALONE.match(address)
        found += [alone["password"]] if alone else []
    else:
        port = _PORT.match(parts["place"])
        if port and port["port"] and not port["port"].isdigit():
            found.append(port["port"])  # a login without its host
        found.append(parts["password"] or "")
        parameters = parse_qsl((parts["query"] or "?")[1:])
        found += [value for name, value in parameters if _SECRET.search(name)]
    return [one for one in found if _told(one)]


def _told(secret: str) -> str:
    """What a secret has beside variables, and beside the braces that ODBC may ask for."""
    return _NAME.sub("", unquote(secret)).strip("{} ")


def _value(name: str) -> str:
    found = os.environ.get(name)
    if not found:
        raise InputError("variable_not_set", name=name)
    _remember(found)
    return found


def _remember(secret: str) -> None:
    """The secret as it is, as addresses and tracebacks write it, and as it is where it was quoted."""
    plain = {secret, unquote(secret), unquote_plus(secret)}
    for one in plain:
        quoted = [quote(one, safe=safe, errors="replace") for safe in ("", "/", " +")]
        forms = {one, *quoted, quote_plus(one, errors="replace"), repr(one)[1:-1]}
        _filled.update(form for form in forms if len(form) >= SHORTEST)
