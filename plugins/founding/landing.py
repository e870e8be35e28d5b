"""When the group stands: theme and promise are set, and the rest is done by the owner's own commands.

Plugins know nothing of one another: each thing to do is a line that the owner could say, and 办 says it for
them. Whatever no plugin here can do is not offered.
"""

from __future__ import annotations

from typing import Literal

from bot import authority
from bot.context import Context
from bot.group_settings import GROUP
from bot.words import Trusted, normalised, shorten
from plugins.founding import logic
from plugins.founding.declared import plugin
from plugins.founding.papers import last_with_papers
from plugins.founding.reading import can_be_said, expect, understood
from plugins.founding.tables import Founding

Outcome = Literal["going_on", "done", "other"]
LINE_SHOWN = 60
SHARES = ("share_1", "share_2", "share_3")


def land(ctx: Context, one: Founding) -> None:
    """Put theme and promise where they belong, and offer what else there is to do."""
    if one.room_id is None or not authority.may_command(ctx.db, one.member_id, one.room_id):
        one.step = "handed"
        ctx.tell(one.member_id, "handed", name=one.name)
        return
    authority.desk_of(ctx.db, one.member_id).room_id = one.room_id
    there = ctx.in_room(one.room_id)
    there.member = one.member_id
    there.change_setting(GROUP, "theme", understood(one, "theme"))
    there.change_setting(GROUP, "promise", understood(one, "promise"))
    one.step, one.touched_at = "landing", ctx.now
    one.tasks, one.done = [line for line in lines_to_say(there, one) if can_be_said(there, line)], 0
    ctx.db.flush()
    landed = there.text("landed", room=there.room_name)
    there.tell_text(one.member_id, Trusted(f"{landed}\n{task_said(there, one)}"), reason="landed")
    if one.tasks:
        expect(there, one)
    else:
        one.closed_at = ctx.now


def lines_to_say(ctx: Context, one: Founding) -> list[str]:
    """What the owner would say to the other plugins."""
    tone, texts = understood(one, "tone") or "warm", one.texts
    lines = [ctx.text("line_promise", promise=wish) for wish in one.answers.get("promise_list", [])]
    lines.append(ctx.text("line_rules", rules=Trusted(texts["rules"])))
    if ctx.services.settings.enabled("welcome", one.room_id):
        lines.append(ctx.text("line_welcome", welcome=ctx.text(f"greeting_{tone}")))
    lines.append(ctx.text("line_plan", word=understood(one, "word")))
    lines += [ctx.text("line_material", share=Trusted(texts[share])) for share in SHARES]
    return [str(line) for line in lines]


def task_said(ctx: Context, one: Founding) -> Trusted:
    """The next thing to do, with the words for it."""
    left = len(one.tasks) - one.done
    if left <= 0:
        return ctx.text("all_done")
    line = shorten(" ".join(str(one.tasks[one.done]).split()), LINE_SHOWN)
    return ctx.text("task", left=left, line=line)


def hear(ctx: Context, one: Founding, said: str) -> Outcome:
    """办 says the line for the owner, 跳过 leaves it, 下一件 shows what comes."""
    short = normalised(said).strip(" 。！!~")
    if one.room_id is None or not authority.may_command(ctx.db, one.member_id, one.room_id):
        return "other"
    if one.done >= len(one.tasks):
        return _close(ctx, one) if short in logic.NEXT | logic.SKIP else "other"
    if short in logic.DO:
        authority.desk_of(ctx.db, one.member_id).room_id = one.room_id
        ctx.run_line(str(one.tasks[one.done]))
        one.done += 1
        return "going_on" if one.done < len(one.tasks) else _close(ctx, one)
    if short in logic.SKIP:
        one.done += 1
    elif short not in logic.NEXT:
        return "other"
    if one.done >= len(one.tasks):
        return _close(ctx, one)
    ctx.reply_text(task_said(ctx, one), reason="task")
    return "going_on"


def _close(ctx: Context, one: Founding) -> Outcome:
    one.closed_at = ctx.now
    ctx.reply("all_done")
    return "done"


def announcement(ctx: Context) -> str:
    """What is to be put up in the group on the desk."""
    one = last_with_papers(ctx)
    if one is None or one.room_id != ctx.room_id:
        return ""
    return str(one.texts["announcement"])


@plugin.command(
    "贴公告", who="owner", where="private", aliases=("发群公告",),
    summary="把备好的公告贴到群里；我没这个权限的话，你来贴",
    example=("贴公告", "…没有备好的公告…"),
)  # fmt: skip
def put_up(ctx: Context) -> None:
    """The announcement, by the bot's hand where it may."""
    text = announcement(ctx)
    if not text:
        ctx.reply("no_announcement")
    elif ctx.room is None or ctx.room.status != "live":
        ctx.reply("announce_later")
    else:
        ctx.act("announce", text=text)
        ctx.reply("announcing", room=ctx.room_name)
