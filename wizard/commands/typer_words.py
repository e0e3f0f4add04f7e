"""What Typer says by itself, in the language in force: headings of the help, and errors of a call.

Some of it goes through gettext and has only to be declared; the rest stands in English in Typer's code and is said
anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from gettext import gettext as _
from typing import Any

import typer.core

from wizard import i18n
from wizard.i18n import N_

THROUGH_GETTEXT = (
    N_("Arguments"),
    N_("Options"),
    N_("Commands"),
    N_("required"),
    N_("default: {default}"),
    N_("env var: {var}"),
    N_("(dynamic)"),
    N_("Missing command."),
    N_("No such command {name!r}."),
    N_("Aborted!"),
)
"""Texts of Typer that it translates by itself, as long as the catalogue has them."""

_HELP = "Show this message and exit."

_REASONS = (
    (r"Input should be a valid integer.*", N_("a whole number is needed.")),
    (r"Input should be a valid number.*", N_("a number is needed.")),
    (r"Input should be greater than or equal to (?P<limit>\S+)", N_("the smallest value is {limit}.")),
    (r"Input should be less than or equal to (?P<limit>\S+)", N_("the largest value is {limit}.")),
    (r"(?:Value error, )?(?P<value>'.*') is not one of (?P<known>.*)\.", N_("{value} is not one of {known}.")),
    (r"Option (?P<name>'.*') requires an argument\.", N_("{name} needs a value.")),
    (r"Option (?P<name>'.*') does not take a value\.", N_("{name} takes no value.")),
    (r"Got unexpected extra argument\S* \((?P<words>.*)\)", N_("Too many words: {words}.")),
    (
        r"(?P<text>.*) Did you mean (?P<known>.*)\?",
        N_("{text} Similar: {known}."),
    ),
)
"""English sentences of Typer and what is said instead. A sentence that is not here stays as it is."""


_Base: Any = typer.core.TyperGroup.context_class.formatter_class
"""What Typer itself would take."""


class Formatter(_Base):  # type: ignore[misc]
    """Writes the help."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line with the form of the call."""
        super().write_usage(prog, args, _("Usage: ") if prefix is None else prefix)

    def write_dl(self, rows: Sequence[tuple[str, str]], *places: Any, **options: Any) -> None:
        """A list of options; the one for the help is Typer's own."""
        told = [(name, _(_HELP_SAID) if text == _HELP else text) for name, text in rows]
        super().write_dl(told, *places, **options)


_HELP_SAID = N_("Show this text.")


def speak() -> None:
    """Let Typer write help in the language in force, from now on."""
    typer.core.TyperGroup.context_class.formatter_class = Formatter


def usage_error(error: Any) -> Iterator[str]:
    """The lines for an error of a call: its form, where help is, and what is wrong."""
    if type(error).__name__ == "NoArgsIsHelpError":
        # A group without a command: the help says it all.
        yield error.format_message()
        return
    context = getattr(error, "ctx", None)
    if context is not None:
        yield context.get_usage()
        yield _("Try '{command} --help' for help.").format(command=context.command_path)
        yield ""
    yield _("Error: {text}").format(text=_said(error))


def _said(error: Any) -> str:
    parameter = getattr(error, "param", None)
    hint = getattr(error, "param_hint", None) or (parameter.get_error_hint() if parameter else "")
    name = hint if isinstance(hint, str) else " / ".join(repr(one) for one in hint)
    match type(error).__name__:
        case "MissingParameter":
            return _("{name} is missing.").format(name=name)
        case "NoSuchOption":
            text = _("There is no option {name}.").format(name=error.option_name)
            if not error.possibilities:
                return text
            similar = _("Similar: {names}.").format(names=", ".join(sorted(error.possibilities)))
            return f"{text} {similar}"
        case "BadParameter":
            return _("Invalid value for {name}: {reason}").format(name=name, reason=_reason(error.message))
        case _:
            return _reason(error.format_message())


def _reason(text: str) -> str:
    for pattern, said in _REASONS:
        found = re.fullmatch(pattern, text)
        if found:
            parts = found.groupdict()
            if "limit" in parts:
                parts["limit"] = i18n.number(float(parts["limit"]))
            return _(said).format(**parts)
    return text
