"""群体检: what would be left of the group, weekly and when asked, as a picture; words where that fails."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from bot import authority
from bot.context import Context
from bot.events import OutgoingSettled
from bot.report.wording import Remarks
from bot.storage.history import History
from bot.words import Trusted
from plugins.contributors.checkup_work import PREFIX, delete_files, examine, new_file, words_beside
from plugins.contributors.declared import plugin

WORK = "checkup"
LOST = "checkup_lost"
LOST_AFTER = timedelta(minutes=40)
"""By then the work has been done, or given up three times."""
REASON = "checkup"
WORDS_KEPT = timedelta(hours=12)
"""After a refusal the account falls silent for a while; the words may come when that is over."""


@plugin.command(
    "群体检", who="owner", where="private", aliases=("体检", "群报告", "给群体检", "做个体检"),
    summary="少了最热闹的两位，这个群还剩多少", example=("群体检", "「岩茶同好会」体检…"),
)  # fmt: skip
def check_up(ctx: Context) -> None:
    """Look at the last four weeks, off the writer."""
    _begin(ctx)
    ctx.later(LOST, after=LOST_AFTER, if_planned="move")


@plugin.job(
    "weekly_report",
    cron=lambda settings: (
        cron_of(settings.report_day, settings.report_at) if settings.weekly_report else None
    ),
    catch_up=timedelta(hours=12),
)
def check_up_weekly(ctx: Context) -> None:
    """Once a week, for whoever owns the group."""
    if authority.owners_of(ctx.db, ctx.room_id):
        _begin(ctx)


def cron_of(day: int, at: str) -> str:
    """The cron line of a day of the week (1 is Monday, 7 Sunday) and a time."""
    hour, minute = at.split(":")
    return f"{int(minute)} {int(hour)} * * {day % 7}"


def _begin(ctx: Context) -> None:
    ctx.work(
        WORK, room=ctx.room_id, zone=ctx.zone.key, owners=authority.owners_of(ctx.db, ctx.room_id),
        file=str(new_file(ctx.services.media_folder)), picture=ctx.settings.report_picture,
    )  # fmt: skip


@plugin.timer(LOST)
def admit_loss(ctx: Context, payload: dict[str, Any]) -> None:
    """The work has not come back."""
    ctx.reply_text(_remarks(ctx).not_made(), reason=LOST)


# Telling


def tell(ctx: Context, result: dict[str, Any]) -> None:
    """Hand over what was found: to who asked; a weekly one to all owners, if there is a week to tell of."""
    if ctx.member is not None:
        ctx.cancel_later(LOST)
        _hand_over(ctx, ctx.member, result)
    elif not result["is_early"]:
        for owner in authority.owners_of(ctx.db, ctx.room_id):
            _hand_over(ctx, owner, result)


def _hand_over(ctx: Context, member: int, result: dict[str, Any]) -> None:
    urgency: Literal["answer", "promised"] = "answer" if ctx.member is not None else "promised"
    has_picture = bool(result["file"])
    text = Trusted(result["short"] if has_picture else result["text"])
    told = ctx.tell_text(member, text, urgency=urgency, reason=REASON)
    if has_picture and told is not None:
        name = f"{_remarks(ctx).picture_name(f'{ctx.local():%Y-%m-%d}')}.png"
        ctx.send_file(Path(result["file"]), member=member, name=name, urgency=urgency, reason=REASON)


@plugin.on(OutgoingSettled, everywhere=True)
def tell_in_words(ctx: Context, event: OutgoingSettled) -> None:
    """A picture that did not arrive is told in words instead."""
    file = Path(str((event.payload or {}).get("path", "")))
    is_ours = event.plugin == ctx.plugin and event.kind == "file" and file.name.startswith(PREFIX)
    if not is_ours or event.status == "sent" or event.member is None:
        return
    words = words_beside(file)
    if words:
        text = _remarks(ctx).instead_of_picture(words)
        ctx.tell_text(event.member, text, urgency="answer", reason=REASON, keep_for=WORDS_KEPT)


def _remarks(ctx: Context) -> Remarks:
    return Remarks(ctx.services.texts, ctx.room_id)


@plugin.forget
def delete_reports(ctx: Context, member: int) -> None:
    """What lies about of former reports may name them."""
    delete_files(ctx.services.media_folder)


# Working


@plugin.work(WORK, done=tell, apart=True)
def work(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Read four weeks and the four before, and draw them."""
    return examine(history, payload)
