"""Click's own words in Chinese: headings of the help pages and mistakes in a command line."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.messages import CORE, Texts, first

_TEXTS = Texts()


def said(key: str, **values: object) -> str:
    """One of the command line's own sentences."""
    return str(_TEXTS.render(CORE, f"cli.{key}", None, first, **values))


_HEADINGS = {
    "Usage: ": said("heading_usage"),
    "Options:": said("heading_options"),
    "Arguments:": said("heading_arguments"),
    "Commands:": said("heading_commands"),
    "Show this message and exit.": said("help_option"),
    "[OPTIONS]": said("word_options"),
    "COMMAND [ARGS]...": said("word_command"),
    "[required]": said("word_required"),
    "[default: ": said("word_default"),
}


def _translated(page: str) -> str:
    for english, chinese in _HEADINGS.items():
        page = page.replace(english, chinese)
    return page


class ChineseGroup(TyperGroup):
    """A group of commands whose help page has Chinese headings."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return _translated(super().get_help(ctx))


class ChineseCommand(TyperCommand):
    """A command whose help page has Chinese headings."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return _translated(super().get_help(ctx))


UsageError: type[Exception] = typer.BadParameter.__base__ or Exception
"""What a wrong command line raises. Typer brings its own copy of click and exports only this way to it."""


def mistake(error: Exception) -> str:
    """What is wrong with a command line, in one Chinese sentence."""
    option = getattr(error, "option_name", None)
    if option is not None:
        return said("no_such_option", name=option)
    parameter = getattr(error, "param", None)
    if parameter is not None:
        key = "missing_parameter" if type(error).__name__ == "MissingParameter" else "bad_parameter"
        written = getattr(parameter, "opts", None) or [parameter.name]
        return said(key, name=max(written, key=len))
    return said("bad_usage")
