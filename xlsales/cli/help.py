"""What each command is for, in the user's language: its words lie under ``[cli.help]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsales.language import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer import Typer
    from typer.models import CommandInfo, TyperInfo

    from xlsales.language import Language


def speak(app: Typer, lang: Language) -> None:
    """Give the program and every command of it their help in this language."""
    app.info.help, app.info.epilog = text(lang, "cli.help.app"), text(lang, "cli.help.exit_codes")
    for key, entry in entries(app):
        entry.help = text(lang, f"cli.help.{key}")
        if entry.epilog:
            entry.epilog = text(lang, "cli.help.exit_codes")


def entries(app: Typer, prefix: str = "") -> Iterator[tuple[str, CommandInfo | TyperInfo]]:
    """Key and declaration of every command; one inside a group has the group's name before its own."""
    for command in app.registered_commands:
        yield f"{prefix}{command.name or getattr(command.callback, '__name__', '')}", command
    for group in app.registered_groups:
        yield f"{prefix}{group.name}", group
        if group.typer_instance is not None:
            yield from entries(group.typer_instance, f"{prefix}{group.name}_")
