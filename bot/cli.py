"""The command line. Words for people stand in `messages.yaml` under `cli.`; exit codes in EXIT_CODES.

Each command imports what it needs when it runs: `--help` and `check` must not wait for wechaty.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot import __version__
from bot.cli_help import ChineseCommand, ChineseGroup, UsageError, mistake, said
from bot.errors import ConfigError, QunxingError, StorageError
from bot.messages import Texts

EXIT_CODES = {"fine": 0, "unexpected": 1, "usage": 2, "config": 3, "gateway": 4, "storage": 5, "busy": 6}
"""0 fine, 1 a bug or a check that found something, 2 wrong command line, 3 configuration, 4 gateway or
account, 5 database or disk, 6 another bot is at work on the same data."""

_TEXTS = Texts()
_GATEWAY_KEYS = frozenset({"other_account", "no_endpoint", "no_token"})

ConfigFile = Annotated[Path, typer.Option("--config", "-c", help=said("config_option"))]

app = typer.Typer(
    help=said("help"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    rich_markup_mode=None, cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def run_command_line(arguments: list[str] | None = None) -> int:
    """Run one command; every expected mistake becomes one Chinese sentence on stderr and an exit code."""
    command = typer.main.get_command(app)
    try:
        result = command.main(args=arguments, prog_name="qunxing", standalone_mode=False)
    except UsageError as error:
        is_only_help = type(error).__name__ == "NoArgsIsHelpError"
        tell(str(error)) if is_only_help else tell_error(mistake(error))
        return EXIT_CODES["usage"]
    except QunxingError as error:
        tell_error(_TEXTS.said(error))
        return exit_code_of(error)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    return result if isinstance(result, int) else EXIT_CODES["fine"]


def exit_code_of(error: QunxingError) -> int:
    """The exit code for an expected error."""
    if isinstance(error, ConfigError):
        return EXIT_CODES["config"]
    if error.key in _GATEWAY_KEYS:
        return EXIT_CODES["gateway"]
    if error.key == "already_running":
        return EXIT_CODES["busy"]
    if isinstance(error, StorageError) or error.key.startswith("database_"):
        return EXIT_CODES["storage"]
    return EXIT_CODES["unexpected"]


def tell(text: str) -> None:
    """Say something to whoever sits at the terminal; nothing in it is markup."""
    Console(soft_wrap=True).print(Text(text))


def tell_error(text: str) -> None:
    """Say what went wrong."""
    Console(stderr=True, soft_wrap=True).print(Text(text, style="red"))


@app.callback(invoke_without_command=False)
def _root() -> None:
    """Nothing to do before a command."""


@app.command(cls=ChineseCommand, help=said("demo_help"))
def demo(
    fast: Annotated[bool, typer.Option("--fast", help=said("fast_option"))] = False,
    transcript: Annotated[Path | None, typer.Option("--transcript", help=said("transcript_option"))] = None,
    step_in: Annotated[bool, typer.Option("--play", help=said("play_option"))] = False,
) -> None:
    """Play the tea group's two weeks, or let the person at the terminal play."""
    if step_in:
        from bot.demo.play_along import step_in as play_along

        play_along(transcript)
        return
    from bot.demo import play

    play(paced=not fast, transcript=transcript)


@app.command(cls=ChineseCommand, help=said("run_help"))
def run(config: ConfigFile = Path("config.yaml")) -> int:
    """Serve at a real gateway until told to stop."""
    from bot.serving import serve

    asyncio.run(serve(config, tell))
    return EXIT_CODES["fine"]


@app.command(cls=ChineseCommand, help=said("pair_help"))
def pair(
    room: Annotated[list[str] | None, typer.Option("--room", help=said("room_option"))] = None,
    config: ConfigFile = Path("config.yaml"),
) -> None:
    """Print a new one-time code."""
    from bot.pairing import print_code

    print_code(config, room or [], tell)


@app.command(cls=ChineseCommand, help=said("unpair_help"))
def unpair(config: ConfigFile = Path("config.yaml")) -> None:
    """Take the groups back from everybody who paired."""
    from bot.pairing import take_back

    take_back(config, tell)


@app.command(cls=ChineseCommand, help=said("restore_help"))
def restore(
    backup: Annotated[str, typer.Argument(help=said("restore_backup"), show_default=False)] = "",
    sure: Annotated[bool, typer.Option("--yes", help=said("yes_option"))] = False,
    config: ConfigFile = Path("config.yaml"),
) -> int:
    """Put a backup back."""
    from bot.restoring import restore_backup

    done = restore_backup(config, backup, lambda question: sure or typer.confirm(question), tell)
    return EXIT_CODES["fine"] if done else EXIT_CODES["unexpected"]


@app.command(cls=ChineseCommand, help=said("check_help"))
def check(config: ConfigFile = Path("config.yaml")) -> None:
    """Read the configuration and say whether it is right."""
    from bot.config import write_schema
    from bot.opening import data_folder, read_config

    loaded, plugins, broken = read_config(config)
    with suppress(OSError):  # completion in an editor is a comfort, no more
        write_schema(data_folder(loaded, config), plugins)
    for name, why in broken.items():
        tell_error(said("plugin_broken", name=name, why=why))
    rooms = len(loaded.rooms)
    tell(said("config_fine", file=config.name, rooms=rooms, plugins=len(plugins)))
    if broken:
        raise typer.Exit(EXIT_CODES["unexpected"])


@app.command(cls=ChineseCommand, help=said("doctor_help"))
def doctor(config: ConfigFile = Path("config.yaml")) -> int:
    """Look at everything that can be wrong."""
    from bot.doctor import examine

    findings = asyncio.run(examine(config))
    for finding in findings:
        mark = said("mark_good" if finding.good else "mark_bad")
        tell(f"{mark} {finding.text}")
    return EXIT_CODES["fine"] if all(one.good for one in findings) else EXIT_CODES["unexpected"]


@app.command(cls=ChineseCommand, help=said("status_help"))
def status(
    as_json: Annotated[bool, typer.Option("--json", help=said("json_option"))] = False,
    config: ConfigFile = Path("config.yaml"),
) -> int:
    """Say how the running bot is."""
    from bot.status import as_sentences, look

    found = look(config)
    tell(found.as_json() if as_json else as_sentences(found))
    return EXIT_CODES["fine"] if found.good else EXIT_CODES["unexpected"]


@app.command(cls=ChineseCommand, help=said("docs_help"))
def docs(
    texts: Annotated[bool, typer.Option("--texts", help=said("texts_option"))] = False,
    example: Annotated[bool, typer.Option("--example", help=said("docs_example_option"))] = False,
    check_only: Annotated[bool, typer.Option("--check", help=said("docs_check_option"))] = False,
) -> int:
    """Print every sentence or a config.yaml, or bring the tables of all pages up to date."""
    from bot.docs import SHIPPED_CONFIG, Documents
    from bot.host import find_plugins

    plugins = find_plugins()[0]
    documents = Documents(plugins, Texts(plugins))
    if texts or example:
        sys.stdout.write(documents.all_texts() + "\n" if texts else documents.config_example())
        return EXIT_CODES["fine"]
    stale = documents.stale()
    pages = [path for path in stale if path.name != SHIPPED_CONFIG]
    for page in pages if not check_only else ():
        page.write_text(stale[page], encoding="utf-8")
    tell(said("docs_changed" if pages else "docs_fresh"))
    if len(stale) > len(pages):
        tell(said("docs_config_differs"))
    return EXIT_CODES["unexpected"] if stale and check_only else EXIT_CODES["fine"]


@app.command(cls=ChineseCommand, help=said("replay_help"))
def replay(
    files: Annotated[list[Path], typer.Argument(help=said("replay_files"), show_default=False)],
    log_format: Annotated[str, typer.Option("--format", help=said("format_option"))] = "",
    room: Annotated[str, typer.Option("--room", help=said("replay_room"))] = "replay",
    out: Annotated[Path, typer.Option("--out", help=said("replay_out"))] = Path("replay"),
    config: ConfigFile = Path("config.yaml"),
) -> None:
    """Let the bot go silently through a group's past."""
    from bot.importing.formats import format_named
    from bot.replay.command import replay_files

    done = replay_files(files, format_named(log_format), room, config, out)
    tell(
        said(
            "replay_done", messages=done.past.messages, members=done.past.members, rate=round(done.rate),
            said=len(done.entries), page=str(done.page), lines=str(done.lines),
        )
    )  # fmt: skip


@app.command("import", cls=ChineseCommand, help=said("import_help"))
def import_(
    file: Annotated[Path, typer.Argument(help=said("import_file"), show_default=False)],
    room: Annotated[str, typer.Option("--room", help=said("import_room"))] = "",
    log_format: Annotated[str, typer.Option("--format", help=said("format_option"))] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=said("import_dry_option"))] = False,
    gap_days: Annotated[float, typer.Option("--gap-days", min=0, help=said("import_gap_option"))] = 7,
    config: ConfigFile = Path("config.yaml"),
) -> None:
    """Store a log of another program as history."""
    from bot.importing.command import import_file

    import_file(config, file, room, log_format, dry_run=dry_run, gap_days=gap_days, tell=tell)


@app.command(cls=ChineseCommand, help=said("report_help"))
def report(
    room: Annotated[str, typer.Option("--room", help=said("report_room"), show_default=False)],
    out: Annotated[Path, typer.Option("--out", help=said("report_out"))] = Path("report.png"),
    days: Annotated[int, typer.Option("--days", min=4, max=366, help=said("report_days"))] = 28,
    config: ConfigFile = Path("config.yaml"),
) -> int:
    """Draw what would be left of a group without its two busiest."""
    from bot.report.command import report_room

    drawn = report_room(config, room, out, days, tell)
    return EXIT_CODES["fine"] if drawn else EXIT_CODES["unexpected"]


@app.command(cls=ChineseCommand, help=said("version_help"))
def version() -> None:
    """Print the version."""
    tell(__version__)
