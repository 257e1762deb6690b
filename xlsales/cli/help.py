"""What each command and each of its options is for, in the user's language.

The words lie under ``[cli.help]`` by command, and under ``[cli.options]`` by option, in a table of the
command's own where they mean something else there. A command inside a group has the group's name before its
own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlsales.language import text, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer import Typer

    from xlsales.language import Language


def spoken(app: Typer, lang: Language) -> Any:
    """The program, to be called as ``app`` is, with all help in this language.

    An option without words is a KeyError.
    """
    import typer

    program = typer.main.get_command(app)
    for key, command in commands(program):
        command.help = _breaking(text(lang, f"cli.help.{key}"))
        if command.epilog or command is program:
            command.epilog = _breaking(text(lang, "cli.help.exit_codes"))
        if command is not program:
            command.rich_help_panel = text(lang, "cli.panels.command")
        for option in command.params:
            option.help = _breaking(words(lang, key, option.name))
        last = command.get_help_option(typer.Context(command))
        last.help = _breaking(words(lang, key, last.name))
        for option in (*command.params, last):
            option.rich_help_panel = text(lang, f"cli.panels.{option.param_type_name}")
            if option.param_type_name == "argument":
                option.display_type_rich = lambda ctx: None  # a name is enough: no list[Path] beside it
            elif option.is_flag:
                option.metavar = ""  # it takes no value, so no <bool> either
    return program


def commands(program: Any, key: str = "app") -> Iterator[tuple[str, Any]]:
    """Key and declaration of the program and of every command in it."""
    yield key, program
    for name, command in getattr(program, "commands", {}).items():
        yield from commands(command, name if key == "app" else f"{key}_{name}")


def words(lang: Language, command: str, option: str) -> str:
    """What an option or argument of a command is for."""
    own = wording(lang)["cli"]["options"].get(command, {})
    return text(lang, f"cli.options.{command}.{option}" if option in own else f"cli.options.{option}")


def _breaking(words: str) -> str:
    """The words with a space after Chinese punctuation: a terminal cuts off what it cannot break there."""
    return re.sub(r"(?<=[，。；：、])(?=\S)", " ", words)
