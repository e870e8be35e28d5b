"""Stepping in on a screen: the group at the left, private talk at the right, a line to type in below.

The bot and its clock live in a thread of their own, so that a long wait never freezes the screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from rich.rule import Rule
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Resize
from textual.widgets import Input, RichLog, Static

from bot.demo.brush import Brush
from bot.demo.play_room import PlayRoom
from bot.demo.stage import Audience, Shown
from bot.demo.words import said


class Pane(RichLog):
    """One side of the screen. It keeps what it shows, to draw it anew when its width changes."""

    def __init__(self, id: str, brush: Brush) -> None:
        super().__init__(id=id, wrap=False, markup=False, highlight=False)
        self.border_title = said(f"play.{id}")
        self.can_focus = False
        self._brush = brush
        self._kept: list[Shown | str] = []

    def add(self, what: Shown | str) -> None:
        """Something that is said or happens, or the heading of a day."""
        self._kept.append(what)
        self._draw(what)

    def on_resize(self, event: Resize) -> None:
        """Lines are cut to the width, so another width means other lines."""
        super().on_resize(event)
        self.clear()
        for what in self._kept:
            self._draw(what)

    def _draw(self, what: Shown | str) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return  # not laid out yet; the resize that comes draws it
        if isinstance(what, str):
            self.write(Rule(Text(what, style="bold"), style="dim", align="left"), width=width)
            return
        for row in self._brush.rows(what, width):
            self.write(row, width=width)


class PlayApp(App[None]):
    """The screen. See the module."""

    CSS = """
    #head { height: 1; background: $surface; text-style: bold; }
    Pane { width: 11fr; border: round $primary; padding: 0 1; scrollbar-size-vertical: 1; }
    #private { width: 9fr; }
    #typed { height: 3; }
    #help { height: auto; color: $text-muted; padding: 0 1; }
    """
    BINDINGS = [
        Binding("ctrl+c", "leave", priority=True),
        Binding("up", "recall(-1)"),
        Binding("down", "recall(1)"),
        Binding("pageup", "leaf(-1)"),
        Binding("pagedown", "leaf(1)"),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, room: PlayRoom, others: Sequence[Audience] = ()) -> None:
        super().__init__()
        brush = Brush(room.story.owner)
        self._room = room
        self._others = others
        self._panes = {place: Pane(place, brush) for place in ("group", "private")}
        self._hand = ThreadPoolExecutor(1, "play")
        self._typed: list[str] = []
        self._recalled = 0
        self._is_leaving = False
        self.failure: BaseException | None = None

    def compose(self) -> ComposeResult:
        """The screen from top to bottom."""
        yield Static(id="head", markup=False)
        with Horizontal():
            yield from self._panes.values()
        yield Input(id="typed", placeholder=said("play.placeholder"))
        yield Static(said("play.short_help"), id="help", markup=False)

    def on_mount(self) -> None:
        """Begin with what one is told, and wait for the first line."""
        self.query_one(Input).focus()
        self._tell_moment(self._room.moment())
        for line in self._room.opening()[:2]:
            self._panes["group"].add(self._room.aside(line))

    async def on_unmount(self) -> None:
        """Break off a long wait, and let the hand that turns the clock rest before the bot is stopped."""
        self._is_leaving = self._room.broken_off = True
        await asyncio.to_thread(self._hand.shutdown, cancel_futures=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A line was typed: it is played after those before it."""
        self._typed.append(event.value)
        self._recalled = len(self._typed)
        event.input.clear()
        self._hand.submit(self._play, event.value).add_done_callback(self._played)

    def action_leave(self) -> None:
        """Enough."""
        self._is_leaving = self._room.broken_off = True
        self.exit()

    def action_recall(self, step: int) -> None:
        """Take up an earlier line again."""
        self._recalled = min(max(self._recalled + step, 0), len(self._typed))
        line = self._typed[self._recalled] if self._recalled < len(self._typed) else ""
        field = self.query_one(Input)
        field.value, field.cursor_position = line, len(line)

    def action_leaf(self, step: int) -> None:
        """Look at what has gone out of sight."""
        for pane in self._panes.values():
            pane.scroll_page_up() if step < 0 else pane.scroll_page_down()

    async def settled(self) -> None:
        """Wait until everything typed so far has been played and shown (for tests)."""
        await asyncio.get_running_loop().run_in_executor(self._hand, lambda: None)

    # In the other thread

    def _play(self, typed: str) -> None:
        self._room.do(typed, [self, *self._others])
        if self._room.over:
            self._on_screen(self.exit)

    def _played(self, playing: Future[None]) -> None:
        """What goes wrong is not for a thread to keep to itself: whoever runs the app raises it."""
        if not playing.cancelled() and playing.exception() is not None:
            self.failure = playing.exception()
            self._on_screen(self.exit)

    def _on_screen(self, what: Callable[[], object]) -> None:
        if not self._is_leaving:
            self.call_from_thread(what)

    def day(self, heading: str) -> None:
        """A new day."""
        for pane in self._panes.values():
            self._on_screen(partial(pane.add, heading))

    def show(self, shown: Shown) -> None:
        """One thing that is said or happens."""
        self._on_screen(partial(self._panes[shown.place].add, shown))
        self.line_done()

    def line_done(self) -> None:
        """The clock stands elsewhere now."""
        self._on_screen(partial(self._tell_moment, self._room.moment()))

    # On the screen

    def _tell_moment(self, moment: str) -> None:
        self.query_one("#head", Static).update(f" ★ {self._room.story.group} · {moment}")
