"""What Excel's function wizard says about our functions.

xlwings' own Import tells Excel with ``Application.MacroOptions`` once, while Python and Excel run together. A
book that is built without Excel tells it when it is opened: ``XlsalesEvents`` runs a Sub beside the wrappers.
Attribute lines in the source could hold the description of a function, but only in the code page and without
a word on its arguments, and Excel is not known to take them from a project that it did not write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlsales.excel.vba.literals import code_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 255
"""Characters of a description, a category and an argument's description that Excel takes."""

_PIECE = 180
"""Characters of one literal: each is up to five in code, and a line of VBA takes 1023."""


@dataclass(frozen=True)
class Help:
    """A function in words: what it gives, and what each of its arguments is."""

    description: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


def describing_code(functions: Mapping[str, Help], categories: Mapping[str, str | int]) -> str:
    """The VBA that describes ``functions``; every argument is named in their order. No functions, no code.

    One Sub for each function: VBA compiles no procedure of more than 64 KB.
    """
    if not functions:
        return ""
    calls = "".join(f"    Describe{name} book\n" for name in functions)
    subs = "".join(_sub(name, categories[name], words) for name, words in functions.items())
    return _ALL.format(calls=calls) + subs + _TOOLS


_NEXT_LINE = ", _\n        "

_ALL = """\
Public Sub XsDescribe(ByVal book As String, ByVal done As Collection)
    On Error GoTo refused
{calls}    done.Add True
refused:
End Sub

"""

_TOOLS = r"""Private Sub Describe(ByVal name As String, ByVal category As Variant, ByVal words As String, _
                     Optional ByVal arguments As Variant)
    If IsMissing(arguments) Then
        Application.MacroOptions Macro:=name, Description:=words, Category:=category
    Else
        Application.MacroOptions Macro:=name, Description:=words, Category:=category, _
                                 ArgumentDescriptions:=arguments
    End If
End Sub

Private Function Plain(ByVal coded As String) As String
    ' A backslash and four hexadecimal digits stand for a character that is not ASCII.
    Dim parts() As String, i As Long
    parts = Split(coded, "\")
    Plain = parts(0)
    For i = 1 To UBound(parts)
        Plain = Plain & ChrW(CLng("&H" & Left$(parts(i), 4))) & Mid$(parts(i), 5)
    Next i
End Function
"""


def _sub(name: str, category: str | int, words: Help) -> str:
    group = category if isinstance(category, int) else _plain(category)
    given = [f'Describe book & "{name}", {group}', _plain(words.description)]
    if words.arguments:
        given.append(f"Array({_NEXT_LINE.join(map(_plain, words.arguments.values()))})")
    body = _NEXT_LINE.join(given)
    return f"Private Sub Describe{name}(ByVal book As String)\n    {body}\nEnd Sub\n\n"


def _plain(words: str) -> str:
    """The VBA expression for a text of any script."""
    fitting = words.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", "ignore")
    coded = "".join(_coded(fitting.strip()))
    if not coded:
        return '""'
    literals = " & _\n        ".join(f'"{piece}"' for piece in _pieces(coded))
    return f"Plain({literals})" if "\\" in coded else literals


def _coded(words: str) -> Iterable[str]:
    for character in words:
        if character == '"':
            yield '""'
        elif character.isascii() and character.isprintable() and character != "\\":
            yield character
        else:
            yield from (f"\\{unit}" for unit in code_units(character))


def _pieces(coded: str) -> list[str]:
    """``coded`` in pieces, cut neither inside a character's code nor between two quotation marks."""
    return re.findall(rf'(?:\\[0-9A-F]{{4}}|""|[^\\"]){{1,{_PIECE}}}', coded)
