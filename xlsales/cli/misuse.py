"""A command line that the program cannot follow, said as any other mistake is: in two lines."""

from __future__ import annotations

from typing import Any

from xlsales.errors import UsageError


def answered(error: Exception) -> bool:
    """Whether the program has shown its help already: a group was called without any of its commands."""
    return type(error).__name__ == "NoArgsIsHelpError"


def ours(error: Exception) -> Exception:
    """The mistake in our words where the parser of the command line found it; any other one as it is."""
    import typer

    # The parser's errors have no public name but this one, which is a kind of them.
    found = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError")
    return _said(error) if isinstance(error, found) else error


def _said(error: Any) -> UsageError:
    option, parameter = getattr(error, "option_name", ""), getattr(error, "param", None)
    if error.ctx is None:
        return UsageError("misuse_pair", option=option)
    command = error.ctx.command_path
    places = (one for one in error.ctx.command.params if one.param_type_name == "argument")
    usage = " ".join((command, *(f"{one.metavar} ..." if one.nargs == -1 else one.metavar for one in places)))
    if option:
        return UsageError("misuse_option", command=command, option=option)
    if parameter is None and hasattr(error.ctx.command, "commands"):
        return UsageError("misuse_command", command=command, known=", ".join(error.ctx.command.commands))
    if parameter is None:
        return UsageError("misuse_rest", command=command, usage=usage)
    name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar
    if type(error).__name__ == "MissingParameter":
        return UsageError("misuse_missing", command=command, name=name, usage=usage)
    return UsageError("misuse_value", option=name, value=parameter.metavar, words=parameter.help)
