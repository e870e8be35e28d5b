"""生日: whoever tells their birthday is congratulated when it comes, with a look back at their year."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import delete

from bot.context import Context
from bot.errors import QunxingError
from bot.events import MembersLeft
from bot.group_settings import ClockTime
from bot.plugin import Plugin, Settings
from bot.storage.history import History

from .tables import Birthday


class BirthdaySettings(Settings):
    at: ClockTime = Field(default="09:00", title="祝福时间", description="生日那天几点送上祝福")


plugin = Plugin(
    "birthday", title="生日", summary="记得大家的生日", settings=BirthdaySettings, tables=[Birthday]
)


@plugin.command(
    "我的生日 <几月几日>", who="member", where="group", example=("我的生日 3月8日", "…3 月 8 日…")
)
def remember(ctx: Context, said: str) -> None:
    try:
        month, day = map(int, re.findall(r"\d+", said))
        date(2001, month, day)  # not a leap year: nobody waits four years
    except ValueError:
        raise QunxingError("no_such_day", said=said) from None
    birthday = Birthday(room_id=ctx.room_id, member_id=ctx.member, month=month, day=day)
    wait_for(ctx, ctx.db.merge(birthday))
    ctx.reply("remembered", month=month, day=day)


def wait_for(ctx: Context, birthday: Birthday) -> None:
    now, at, member = ctx.local(), time.fromisoformat(ctx.settings.at), birthday.member_id
    day = date(now.year, birthday.month, birthday.day)
    if datetime.combine(day, at, ctx.zone) <= now:
        day = day.replace(year=now.year + 1)
    due_at = datetime.combine(day, at, ctx.zone)
    ctx.later("look_back", at=due_at, key=str(member), if_planned="move", member=member)


@plugin.timer("look_back")
def look_back(ctx: Context, payload: dict[str, Any]) -> None:
    ctx.work("count_words", room=ctx.room_id, member=payload["member"])


def congratulate(ctx: Context, result: dict[str, Any]) -> None:
    birthday = ctx.db.get(Birthday, (ctx.room_id, result["member"]))
    if birthday is not None:  # they may have left or been forgotten since
        ctx.say("congratulation", mention=[birthday.member_id], urgency="promised", count=result["count"])
        wait_for(ctx, birthday)


@plugin.work("count_words", done=congratulate)
def count_words(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    counts = history.counts_by_member(payload["room"], since=history.now - timedelta(days=365))
    return {"member": payload["member"], "count": counts.get(payload["member"], 0)}


@plugin.on(MembersLeft)
def let_go(ctx: Context, event: MembersLeft) -> None:
    gone = Birthday.member_id.in_(event.members)
    ctx.db.execute(delete(Birthday).where(Birthday.room_id == event.room, gone))


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    ctx.db.execute(delete(Birthday).where(Birthday.member_id == member))
