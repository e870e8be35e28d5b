"""How a plugin says what it is: one value, built at import, that registers nothing anywhere.

    plugin = Plugin("welcome", title="迎新", settings=Settings, tables=[Greeting])

    @plugin.on(MembersJoined)
    def collect_newcomers(ctx: Context, event: MembersJoined) -> None: ...

The host (`bot.host`) finds these values, checks them and wires them; a test can build as many bots from
them as it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.events import Event

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase

    from bot.context import Context

Who = Literal["member", "owner"]
Where = Literal["group", "private", "both"]

EventHandler = Callable[["Context", Any], None]
CommandHandler = Callable[..., bool | None]
ConfirmText = Callable[..., str]
Handler = TypeVar("Handler", bound=Callable[..., Any])


class Settings(BaseModel):
    """Base of every plugin's settings: unknown keys are errors, values never change in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)


TIMER_GRACE = timedelta(days=2)
"""A timer missed by more than this is not run any more, if it does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One handler for one kind of event. `everywhere` also hears rooms where the plugin is switched off."""

    name: str
    event: type[Event]
    handler: EventHandler
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A thing people can ask for.

    `grammar` is words and slots: `安静 [时长]`; `<…>` must be given, `[…]` may be, the last slot takes the
    rest of the line. `confirm` says what will be done: then the owner must confirm with a code. It names a
    text (which may hold `$said` and `$room`), or is a function that is handed the context and the slots'
    texts, returns the sentence, and may raise a QunxingError. A catch-all whose handler returns False leaves
    the line to the next one. `example` is (said, answered) and is run as a
    test; `answered` may hold `…` for anything.
    """

    name: str
    grammar: str
    who: Who
    where: Where
    handler: CommandHandler
    example: tuple[str, str]
    aliases: tuple[str, ...] = ()
    summary: str = ""
    confirm: str | ConfirmText | None = None
    needs_room: bool = True
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """Something done at set times in every room where the plugin is on (or once, if `per_room` is false).

    `at` gives a five-field cron line in the bot's timezone from the plugin's settings; None means not now.
    A slot that was missed by more than `catch_up` is recorded as missed and not run.
    """

    name: str
    at: Callable[[Any], str | None]
    handler: Callable[[Context], None]
    catch_up: timedelta = timedelta(hours=1)
    per_room: bool = True


@dataclass(frozen=True, slots=True)
class Timer:
    """What runs when a `ctx.later(name, …)` is due, unless that was missed by more than `catch_up`."""

    name: str
    handler: Callable[[Context, dict[str, Any]], None]
    catch_up: timedelta = TIMER_GRACE


@dataclass(frozen=True, slots=True)
class Answer:
    """What runs when a person from whom `ctx.ask(name, …)` expects an answer says something there.

    Returns True if the words were an answer; False leaves them to the ordinary way.
    """

    name: str
    handler: Callable[[Context, Any, dict[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Work:
    """Heavy work done off the writer on a read snapshot; `done` gets its result in a transaction.

    `with_model`: the function is handed a `Wording` (see `bot.llm`) in place of the history. It waits for
    another machine, so it holds no snapshot and keeps no other work waiting.

    `apart`: in a process of its own (see `bot.apart`) for what would keep a thread busy for seconds;
    in a small room, where it does not, it is done on a thread like the rest.
    """

    name: str
    function: Callable[[Any, dict[str, Any]], dict[str, Any]]
    done: Callable[[Context, dict[str, Any]], None]
    apart: bool = False
    with_model: bool = False


@dataclass(slots=True)
class Plugin:
    """Everything one plugin is. See the module's example; all fields below are filled by decorators."""

    name: str
    title: str
    summary: str = ""
    settings: type[Settings] = Settings
    tables: list[type[DeclarativeBase]] = field(default_factory=list)
    chosen: list[type[DeclarativeBase]] = field(default_factory=list)
    """Those of its tables that hold what an owner has chosen (hosts, say): a try-out begins with them."""
    always_on: bool = False
    folder: Path | None = None

    subscriptions: list[Subscription] = field(default_factory=list, init=False)
    commands: list[Command] = field(default_factory=list, init=False)
    jobs: list[Job] = field(default_factory=list, init=False)
    timers: dict[str, Timer] = field(default_factory=dict, init=False)
    answers: dict[str, Answer] = field(default_factory=dict, init=False)
    works: dict[str, Work] = field(default_factory=dict, init=False)
    forgetters: list[Callable[[Context, int], None]] = field(default_factory=list, init=False)

    def on(self, event: type[Event], *, everywhere: bool = False) -> Callable[[Handler], Handler]:
        """Handle an event in each room where the plugin is on (everywhere: in any room and in private)."""

        def register(handler: Handler) -> Handler:
            self.subscriptions.append(
                Subscription(f"{self.name}.{handler.__name__}", event, handler, everywhere)
            )
            return handler

        return register

    def command(
        self,
        grammar: str,
        *,
        who: Who,
        where: Where,
        example: tuple[str, str],
        aliases: tuple[str, ...] = (),
        summary: str = "",
        confirm: str | ConfirmText | None = None,
        needs_room: bool = True,
        hidden: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Handle a command. The handler gets the slots' texts in order, "" for what was left out."""

        def register(handler: Handler) -> Handler:
            self.commands.append(
                Command(
                    f"{self.name}.{handler.__name__}",
                    grammar,
                    who,
                    where,
                    handler,
                    example,
                    aliases,
                    summary,
                    confirm,
                    needs_room,
                    hidden,
                )
            )
            return handler

        return register

    def job(
        self,
        name: str,
        *,
        daily_at: str | Callable[[Any], str | None] | None = None,
        cron: str | Callable[[Any], str | None] | None = None,
        catch_up: timedelta = timedelta(hours=1),
        per_room: bool = True,
    ) -> Callable[[Handler], Handler]:
        """Do something at set times: `daily_at="21:00"` or `cron="0 21 * * 0"`, or either from settings."""
        if (daily_at is None) == (cron is None):
            raise ValueError(f"job {name}: give either daily_at or cron")

        def cron_of(settings: Any) -> str | None:
            chosen = cron if daily_at is None else daily_at
            said = chosen(settings) if callable(chosen) else chosen
            if said is None or daily_at is None:
                return said
            hour, minute = said.split(":")
            return f"{int(minute)} {int(hour)} * * *"

        def register(handler: Handler) -> Handler:
            self.jobs.append(Job(name, cron_of, handler, catch_up, per_room))
            return handler

        return register

    def timer(self, name: str, *, catch_up: timedelta = TIMER_GRACE) -> Callable[[Handler], Handler]:
        """Handle `ctx.later(name, …)` when it is due, or late if it was missed by at most `catch_up`."""

        def register(handler: Handler) -> Handler:
            self.timers[name] = Timer(name, handler, catch_up)
            return handler

        return register

    def answer(self, name: str) -> Callable[[Handler], Handler]:
        """Handle what a person says after `ctx.ask(name, …)`."""

        def register(handler: Handler) -> Handler:
            self.answers[name] = Answer(name, handler)
            return handler

        return register

    def work(
        self, name: str, *, done: Callable[[Context, dict[str, Any]], None], apart: bool = False,
        with_model: bool = False,
    ) -> Callable[[Handler], Handler]:  # fmt: skip
        """Declare heavy work for `ctx.work(name, …)`; its JSON result reaches `done`."""

        def register(function: Handler) -> Handler:
            self.works[name] = Work(name, function, done, apart, with_model)
            return function

        return register

    def forget(self, handler: Handler) -> Handler:
        """Remove everything this plugin stores about a member (required once a table names one)."""
        self.forgetters.append(handler)
        return handler
