"""What members say in the group: votes, sign-ups, questions, wishes, and asking what is coming."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.context import Context
from bot.events import MessagePosted
from bot.words import plain
from plugins.meetups import asking, files, holding, recapping, short_words, showing, signing, voting
from plugins.meetups.after_tables import Matter
from plugins.meetups.declared import plugin
from plugins.meetups.replies import read_sign_up
from plugins.meetups.scene import TITLE

SIGN_UP = "报名"
VOTE = "投"
WISHES = 3
WISHES_WITHIN = timedelta(days=30)


@plugin.on(MessagePosted)
def hear_short_word(ctx: Context, event: MessagePosted) -> None:
    """A vote, a sign-up, a list or the word at the door, said without speaking to the bot."""
    if event.kind == "text" and not event.mentions_bot and event.quote is None:
        short_words.hear(ctx, event, event.text, is_asked=False)


# Coming or not


@plugin.command(
    "报名 [几位]", who="member", where="group", aliases=("我要报名 [几位]", "候补 [几位]", "算上我 [几位]"),
    summary="线下报个名，带朋友就说「报名 +1」", example=("报名", "…眼下没有在报名的线下…"),
)  # fmt: skip
def sign_up(ctx: Context, said: str = "") -> None:
    """Somebody comes, perhaps with friends."""
    read = read_sign_up(f"{SIGN_UP} {said}")
    if read is None or read.kind == "leave":
        ctx.reply("how_many_friends", most=signing.MOST_FRIENDS)
    else:
        short_words.sign(ctx, read.count - 1, is_asked=True)


@plugin.command(
    "取消报名", who="member", where="group", aliases=("退出报名", "不去了", "来不了", "我来不了", "我去不了"),
    summary="来不了了，把位子让出来", example=("取消报名", "…眼下没有在报名的线下…"),
)  # fmt: skip
def stay_away(ctx: Context) -> None:
    """Somebody does not come after all."""
    short_words.cancel(ctx, is_asked=True)


@plugin.command(
    "投 <几号>", who="member", where="group", aliases=("投票 <几号>", "我投 <几号>", "选 <几号>"),
    summary="给线下的日子投票，能来哪天投哪天", example=("投 1", "…没有在投票…"),
)  # fmt: skip
def cast_vote(ctx: Context, said: str) -> None:
    """A vote, answered: they spoke to the bot."""
    meetup = voting.open_one(ctx)
    if meetup is None:
        ctx.reply("no_vote_open")
    elif not short_words.vote(ctx, meetup, f"{VOTE}{said}", is_asked=True):
        ctx.reply("vote_unclear", count=len(voting.candidates(ctx, meetup)))


@plugin.command("<几号>", who="member", where="group", hidden=True, example=("老周在吗在吗", "…"))
def hear_asked(ctx: Context, said: str) -> bool:
    """`@bot 1`, `@bot 报个名` or a list, while that is what is open; anything else is left to the others."""
    event = ctx.event
    return isinstance(event, MessagePosted) and short_words.hear(ctx, event, said, is_asked=True)


# Topics and questions


@plugin.command(
    "想聊 <题目>", who="member", where="group", aliases=("线下想聊 <题目>", "想听 <题目>"),
    summary="提一个线下想聊的题目", example=("想聊 焙火到底在焙什么", "…记下了…"),
)  # fmt: skip
def wish(ctx: Context, said: str) -> None:
    """A topic that somebody wishes for; it speaks for itself when topics are proposed."""
    mine = select(Matter).where(
        Matter.room_id == ctx.room_id, Matter.member_id == ctx.member, Matter.kind == "wish",
        Matter.at > ctx.now - WISHES_WITHIN,
    )  # fmt: skip
    rows, text = ctx.db.scalars(mine).all(), plain(said, TITLE)
    if any(row.text == text for row in rows):
        ctx.reply("wish_twice")
    elif len(rows) >= WISHES:
        ctx.reply("wish_enough", most=WISHES)
    else:
        ctx.db.add(Matter(room_id=ctx.room_id, member_id=ctx.member, kind="wish", text=text, at=ctx.now))
        ctx.db.flush()
        ctx.reply("wish_taken", title=text)


@plugin.command(
    "想问 <问题>", who="member", where="group", aliases=("圆桌想问 <问题>", "线下想问 <问题>"),
    summary="给下一场圆桌留一个问题，不写你的名字", example=("想问 陈茶要不要再焙", "…收下了…"),
)  # fmt: skip
def ask(ctx: Context, said: str) -> None:
    """A question for the table."""
    asking.add(ctx, said)


@plugin.command(
    "署名", who="member", where="group", aliases=("写我的名字",), hidden=True,
    summary="题单上写我的名字", example=("署名", "…还没有收到你的问题…"),
)  # fmt: skip
def give_name(ctx: Context) -> None:
    """Their name may stand beside their questions."""
    asking.name_own(ctx, named=True)


@plugin.command(
    "匿名", who="member", where="group", aliases=("不署名", "别写我的名字"), hidden=True,
    summary="题单上不写我的名字", example=("匿名", "…还没有收到你的问题…"),
)  # fmt: skip
def take_name_away(ctx: Context) -> None:
    """It may not any more."""
    asking.name_own(ctx, named=False)


@plugin.command(
    "圆桌题目", who="member", where="group", aliases=("题目", "圆桌问题", "题单"),
    summary="这场线下收到了哪些问题", example=("圆桌题目", "…还没有收到问题…"),
)  # fmt: skip
def show_questions(ctx: Context) -> None:
    """What will be asked."""
    asking.show(ctx)


@plugin.command(
    "线上答 <题号和答案>", who="member", where="group", aliases=("我来答 <题号和答案>",),
    summary="来不了现场，先把答案留下", example=("线上答 1 看叶底", "…没有这道题…"),
)  # fmt: skip
def answer_from_afar(ctx: Context, said: str) -> None:
    """Somebody who cannot come knows an answer."""
    asking.answer(ctx, said, is_online=True)


# The day, and after it


@plugin.command(
    "签到 [口令]", who="member", where="group", summary="到了现场，报一声口令",
    example=("签到", "…现在没有…"),
)  # fmt: skip
def check_in(ctx: Context, said: str = "") -> None:
    """They are there."""
    event = ctx.event
    assert isinstance(event, MessagePosted)
    holding.hear_word(ctx, event, said, is_asked=True)


@plugin.command(
    "纪要", who="member", where="group", aliases=("记进纪要", "放进纪要"),
    summary="引用一句话或一张照片说「纪要」，收进这场线下的回顾", example=("纪要", "…最近没有线下…"),
)  # fmt: skip
def keep_minutes(ctx: Context) -> None:
    """What is quoted goes into the recap."""
    recapping.keep_quoted(ctx, "minutes")


@plugin.command(
    "配图", who="member", where="group", aliases=("放进幻灯",), hidden=True,
    summary="引用一张照片说「配图」，放进讲座的幻灯", example=("配图", "…最近没有线下…"),
)  # fmt: skip
def keep_figure(ctx: Context) -> None:
    """A picture for the slides."""
    recapping.keep_quoted(ctx, "figure")


@plugin.command(
    "反馈 <一句话>", who="member", where="group", summary="这场线下怎么样，说一句", hidden=True,
    example=("反馈 很好", "…最近没有线下…"),
)  # fmt: skip
def give_feedback(ctx: Context, said: str) -> None:
    """An answer to the one question after it."""
    recapping.add_feedback(ctx, said)


@plugin.command(
    "活动", who="member", where="group", aliases=("线下", "线下活动", "最近活动", "有什么活动"),
    summary="最近有什么线下，办过哪些", example=("活动", "…还没有定下来的线下…"),
)  # fmt: skip
def show_coming(ctx: Context) -> None:
    """What is coming, and what there was."""
    showing.coming(ctx)


@plugin.command(
    "活动日历", who="member", where="group", aliases=("日历", "活动日程", "加进日历"),
    summary="下一场线下的日历文件，点开就记进手机", example=("活动日历", "…眼下没有在报名的线下…"),
)  # fmt: skip
def send_calendar(ctx: Context) -> None:
    """The next one as a calendar file."""
    files.calendar(ctx)


@plugin.command(
    "名单", who="member", where="group", aliases=("报名名单", "谁来", "接龙"),
    summary="线下谁来", example=("名单", "…眼下没有在报名的线下…"),
)  # fmt: skip
def show_list(ctx: Context) -> None:
    """Who comes."""
    showing.people(ctx)
