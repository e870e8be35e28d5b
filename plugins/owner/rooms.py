"""Which groups an owner has, and whether the bot is silent, speaking or switched off in them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from bot import authority
from bot.context import Context
from bot.events import OutgoingSettled, RoomFound, RoomLost
from bot.replay.past import has_past
from bot.storage.tables import Outgoing, Room
from bot.words import Trusted
from plugins.owner import evening, logic, regained
from plugins.owner.declared import plugin
from plugins.owner.views import LISTED_FOR, has_been_in, lines, owned_rooms, room_lines, room_status

INTRODUCTION = "introduction"
INTRODUCED_WITHIN = timedelta(hours=1)


@plugin.on(RoomFound, everywhere=True)
def show_new_room(ctx: Context, event: RoomFound) -> None:
    """A new room goes to those who paired for every room; otherwise somebody has to pair for it."""
    trusted = authority.entrust(ctx.db, event.room, ctx.now)
    key = "room_found" if trusted else "room_found_unpaired"
    for owner in trusted or authority.owners_of(ctx.db, None):
        ctx.tell(owner, key, urgency="promised", keep_for=LISTED_FOR, room=event.name)


@plugin.on(RoomLost, everywhere=True)
def tell_of_lost_room(ctx: Context, event: RoomLost) -> None:
    """Its owners hear once that the bot is out of a room, and how it would come back."""
    for owner in authority.owners_of(ctx.db, event.room):
        ctx.tell(owner, "room_lost", urgency="promised", keep_for=LISTED_FOR, room=event.name)


@plugin.command(
    "群列表", who="owner", where="private", needs_room=False,
    aliases=("我的群", "有哪些群", "群名单"),
    summary="我管着哪些群，各自什么状态",
    example=("群列表", "你的群：\n1 岩茶同好会（在说话）…"),
)  # fmt: skip
def list_rooms(ctx: Context) -> None:
    """The owner's rooms, numbered."""
    assert ctx.member is not None
    rooms = room_lines(ctx, ctx.member)
    if rooms:
        ctx.reply("rooms", rooms=rooms)
    else:
        ctx.reply("no_rooms")


@plugin.command(
    "切换群 <群名或序号>", who="owner", where="private", needs_room=False,
    aliases=("切换到 <群名或序号>", "换群 <群名或序号>", "切到 <群名或序号>"),
    summary="接下来说的都是哪个群的事",
    example=("切换群 1", "好，现在说的是「岩茶同好会」…"),
)  # fmt: skip
def switch_room(ctx: Context, said: str) -> None:
    """Put another room on the owner's desk."""
    assert ctx.member is not None
    rooms = owned_rooms(ctx, ctx.member)
    meant = logic.places_meant(said, [room.name for room in rooms])
    if len(meant) != 1:
        key = "which_room" if meant else "no_such_room"
        ctx.reply(key, said=said, rooms=room_lines(ctx, ctx.member))
        return
    room = rooms[meant[0]]
    authority.desk_of(ctx.db, ctx.member).room_id = room.id
    ctx.db.flush()
    ctx.in_room(room.id).reply("switched", room=room.name, status=room_status(ctx, room))


@plugin.command(
    "启用本群", who="owner", where="private",
    aliases=("启用", "开启本群", "启用群", "开始观察"),
    summary="我先安静地看着这个群，一句话不说",
    example=("启用本群", "我已经在「岩茶同好会」说话了…"),
)  # fmt: skip
def start_watching(ctx: Context) -> None:
    """From silence comes trust: the bot watches first, and the owner sees what it will say about itself."""
    assert ctx.room is not None
    status = ctx.room.status
    if status in ("live", "left"):
        ctx.reply("already_live" if status == "live" else "not_in_room", room=ctx.room_name)
        return
    if not has_been_in(ctx, ctx.room.id):
        if not regained.ask_from_the_past(ctx):
            ctx.reply("never_in_room", room=ctx.room_name)
        return
    if status != "watching":
        if regained.ask_if_same(ctx):
            return
        _set_status(ctx, "watching")
        evening.plan_evening(ctx)
    watching = _watching(ctx)
    hint = ctx.text("watching_tryout_past" if has_past(ctx.db, ctx.room.id) else "watching_tryout")
    ctx.reply_text(lines([watching, hint]), reason="watching")


@plugin.command(
    "开口", who="owner", where="private", aliases=("上线", "正式开口"),
    summary="自我介绍一句，然后正式在群里说话",
    example=("开口", "我已经在「岩茶同好会」说话了…"),
)  # fmt: skip
def go_live(ctx: Context) -> None:
    """Introduce the bot, once, and let it speak from now on."""
    assert ctx.room is not None
    if ctx.room.status != "watching":
        key = {"live": "already_live", "left": "not_in_room"}.get(ctx.room.status, "watch_first")
        ctx.reply(key, room=ctx.room_name)
        return
    _set_status(ctx, "live")
    room = ctx.db.get_one(Room, ctx.room.id)
    if room.introduced_at is not None:
        ctx.reply("live_again", room=ctx.room_name)
        return
    ctx.say_text(introduction(ctx), urgency="answer", reason=INTRODUCTION, keep_for=INTRODUCED_WITHIN)
    room.introduced_at = ctx.now
    ctx.reply("live", room=ctx.room_name)


@plugin.command(
    "改介绍 [文字]", who="owner", where="private", aliases=("自我介绍 [文字]", "介绍 [文字]"),
    summary="看看或改写我的自我介绍",
    example=("改介绍 大家好，我是小群星，给老周打下手的。", "改好了，我会这么介绍自己：…"),
)  # fmt: skip
def change_introduction(ctx: Context, text: str) -> None:
    """Show the introduction, or put it in the owner's words."""
    if not text:
        ctx.reply("introduction_shown", introduction=introduction(ctx))
        return
    texts = ctx.services.texts
    wanted = "" if text.strip() in logic.RESTORE_WORDS else text
    texts.set_override(ctx.db, ctx.now, ctx.room_id or 0, plugin.name, INTRODUCTION, wanted, by=ctx.member)
    said = introduction(ctx)
    parts = [ctx.text("introduction_changed", introduction=said)]
    if ctx.text("opt_out_words") not in said:
        parts.append(ctx.text("introduction_lacks"))
    ctx.reply_text(lines(parts), reason="introduction_changed")


@plugin.command(
    "停用本群", who="owner", where="private", confirm="confirm_stop",
    aliases=("停用", "关闭本群", "退下", "下线"),
    summary="我在这个群里闭眼闭嘴：不听也不说",
    example=("停用本群", "要在「岩茶同好会」停用我：…确认 …"),
)  # fmt: skip
def stop(ctx: Context) -> None:
    """Neither listen nor speak here any more."""
    _set_status(ctx, "off")
    ctx.reply("stopped", room=ctx.room_name)


@plugin.on(OutgoingSettled)
def step_back(ctx: Context, event: OutgoingSettled) -> None:
    """An introduction that never reached the room introduced nobody: back to silence."""
    row = ctx.db.get(Outgoing, event.outgoing)
    if row is None or row.reason != INTRODUCTION or event.status not in ("refused", "expired"):
        return
    _set_status(ctx, "watching")
    ctx.db.execute(update(Room).where(Room.id == row.room_id).values(introduced_at=None))
    for owner in authority.owners_of(ctx.db, ctx.room_id):
        ctx.tell(owner, "introduction_lost", keep_for=LISTED_FOR, room=ctx.room_name)


def introduction(ctx: Context) -> Trusted:
    """The line with which the bot introduces itself here."""
    return ctx.text(INTRODUCTION, name=ctx.services.bot_name)


def _watching(ctx: Context) -> Trusted:
    """What becomes of the room now, with the introduction that is still to come if there is one."""
    assert ctx.room is not None
    if ctx.db.get_one(Room, ctx.room.id).introduced_at is not None:
        return ctx.text("watching_again", room=ctx.room_name)
    return ctx.text("watching", room=ctx.room_name, introduction=introduction(ctx))


def _set_status(ctx: Context, status: str) -> None:
    assert ctx.room is not None
    ctx.services.register.set_room_status(ctx.db, ctx.room.id, status, ctx.now)
    ctx.db.execute(update(Room).where(Room.id == ctx.room.id).values(quiet_until_at=None))
    evening.cancel_evening(ctx)
    ctx.note("room_status", old=ctx.room.status, new=status)
