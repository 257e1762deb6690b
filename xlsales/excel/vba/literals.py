"""VBA text made ASCII, so that it reads the same on every Windows, whatever its code page.

A literal such as ``"销售额"`` becomes an expression of ``ChrW``. That cannot be done where VBA wants a
constant, nor for a name; a comment keeps its characters as ``\\uXXXX``.
"""

from __future__ import annotations

import re

_TOKENS = re.compile(
    r"""(?P<literal>"(?:[^"\n]|"")*"?)
      | (?P<comment>'.*)
      | (?P<end>:)
      | (?P<word>\w+)
      | (?P<other>\s+|.)""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANT = re.compile(r"(?:(?:public|private|global)\s+)?const\b|(?:attribute|#const|#if|#elseif)\b", re.I)
_DECLARATION = re.compile(
    r"(?:(?:public|private|friend|static|global)\s+)*(?:declare|sub|function|property|event|enum)\b", re.I
)
_RUNS = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]")


def ascii_code(code: str, file: str, first_line: int = 1) -> str:
    """``code`` with its literals rewritten. ``ValueError`` with file and line for what cannot be.

    ``first_line`` is the number that the first line of ``code`` has in the file.
    """
    out: list[str] = []
    lines = code.split("\n")
    while lines:
        taken = 1
        # a line that ends in a space and an underscore goes on in the next one
        while lines[taken - 1].endswith(" _") and taken < len(lines):
            taken += 1
        statement = "\n".join(lines[:taken])
        out.append(statement if statement.isascii() else _rewritten(statement, f"{file}:{first_line}"))
        first_line += taken
        del lines[:taken]
    return "\n".join(out)


def _rewritten(line: str, place: str) -> str:
    """One line with its continuations: statements that colons part, and perhaps a comment."""
    out: list[str] = []
    statement = ""
    for token in _TOKENS.finditer(line):
        kind, piece = token.lastgroup, token[0]
        if kind == "word" and piece.lower() == "rem" and not statement.strip():
            kind, piece = "comment", line[token.start() :]
        if kind == "comment":
            return "".join([*out, piece.encode("ascii", "backslashreplace").decode()])
        if kind == "literal" and not piece.isascii():
            if _CONSTANT.match(statement.lstrip()) or _DECLARATION.match(statement.lstrip()):
                raise ValueError(f"{place}: VBA wants a constant here, and {piece} is none in ASCII")
            piece = _expression(piece[1:].removesuffix('"').replace('""', '"'))
        elif not piece.isascii():
            raise ValueError(f"{place}: a name or character that is not ASCII: {piece}")
        statement = "" if kind == "end" else statement + piece
        out.append(piece)
    return "".join(out)


def _expression(words: str) -> str:
    """A VBA expression for ``words``: literals for what is ASCII, the code units of UTF-16 for the rest."""
    parts: list[str] = []
    for run in _RUNS.findall(words):
        if run.isprintable() and run.isascii():
            parts.append('"' + run.replace('"', '""') + '"')
        else:
            parts += [f"ChrW(&H{unit})" for unit in code_units(run)]
    return f"({' & '.join(parts)})" if len(parts) > 1 else parts[0]


def code_units(words: str) -> list[str]:
    """The code units of UTF-16, which VBA's texts are made of, each as four hexadecimal digits."""
    units = words.encode("utf-16-be").hex().upper()
    return [units[place : place + 4] for place in range(0, len(units), 4)]
