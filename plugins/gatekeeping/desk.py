"""What an owner says about the door: open, closed, what to ask, who fits, who is waiting, yes and no."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.context import Context
from bot.errors import QunxingError
from bot.storage.tables import OwnerItem
from bot.words import Trusted, day_said, normalised, number_said, plain
from plugins.gatekeeping import asking, deciding, logic
from plugins.gatekeeping.declared import plugin
from plugins.gatekeeping.people import called, count, count_of_room, look_soon, of_room
from plugins.gatekeeping.tables import Application

NOTHING = frozenset({"无", "没有", "不要", "去掉", "删掉", "空", "默认"})
SHOWN = 8
SEARCHED = 30


@plugin.command(
    "开门", who="owner", where="private", aliases=("打开群门", "开始收人"),
    summary="有人加我或说「进群」，我来问话，合适的请进来",
    example=("开门", "「岩茶同好会」的门开了…"),
)  # fmt: skip
def open_door(ctx: Context) -> None:
    """Strangers may knock from now on."""
    ctx.change_setting(plugin.name, "open", True)
    ctx.reply_text(
        Trusted("\n".join([ctx.text("opened", room=ctx.room_name), *_rules(ctx)])), reason="opened"
    )
    look_soon(ctx)


@plugin.command(
    "关门", who="owner", where="private", aliases=("关上群门", "不收人了"),
    summary="不再理会陌生人；已经在等的照样由你定",
    example=("关门", "「岩茶同好会」的门关上了…"),
)  # fmt: skip
def close_door(ctx: Context) -> None:
    """No more strangers; who waits already is not forgotten."""
    ctx.change_setting(plugin.name, "open", False)
    ctx.reply("closed", room=ctx.room_name, count=count_of_room(ctx, ctx.room_id, "waiting", "fits"))


@plugin.command(
    "进门问题 [第几问和问题]", who="owner", where="private", aliases=("门口问题 [第几问和问题]",),
    summary="进群前问什么，最多两问；给选项用｜隔开",
    example=("进门问题 1 平时喝什么茶？", "第 1 问改成：平时喝什么茶？…"),
)  # fmt: skip
def set_question(ctx: Context, said: str = "") -> None:
    """Show the questions, or change one."""
    if not said:
        ctx.reply_text(Trusted("\n".join(_rules(ctx))), reason="rules")
        return
    number, text = _which(said)
    wanted = "" if normalised(text) in NOTHING else text
    ctx.change_setting(plugin.name, f"question_{number}", wanted)
    if wanted:
        question = logic.question_of(wanted, "")
        shown = "\n".join(part for part in (plain(question.text), logic.numbered(question.options)) if part)
        ctx.reply("question_set", number=number, question=Trusted(shown))
    else:
        ctx.reply("question_removed", number=number)


@plugin.command(
    "合适的回答 [第几问和词]", who="owner", where="private", aliases=("合适的词 [第几问和词]",),
    summary="回答里有哪些词算合适；空格隔开",
    example=("合适的回答 1 岩茶 水仙", "第 1 问说到「岩茶、水仙」…"),
)  # fmt: skip
def set_fitting(ctx: Context, said: str = "") -> None:
    """Which words make an answer fit."""
    if not said:
        ctx.reply_text(Trusted("\n".join(_rules(ctx))), reason="rules")
        return
    number, text = _which(said)
    words = () if normalised(text) in NOTHING else logic.words_of(text)
    ctx.change_setting(plugin.name, f"fits_{number}", " ".join(words))
    if not words:
        ctx.reply("fits_removed", number=number)
    elif ctx.settings.owner_decides:
        ctx.reply("fits_set_owner", number=number, words="、".join(words))
    else:
        ctx.reply("fits_set", number=number, words="、".join(words))


@plugin.command(
    "门口", who="owner", where="private", aliases=("谁在敲门", "进群申请", "敲门的人"),
    summary="谁想进来，答了什么，等你一句话",
    example=("门口", "…「岩茶同好会」门口…"),
)  # fmt: skip
def show_queue(ctx: Context) -> None:
    """Everybody who waits for this owner's word, and how many wait for something else."""
    waiting = of_room(ctx, ctx.room_id, "waiting")
    if not waiting:
        state = ctx.text("door_open") if ctx.settings.open else ctx.text("door_closed")
        ctx.reply("queue_empty", room=ctx.room_name, state=state)
    else:
        lines = [_queue_line(ctx, one) for one in waiting[:SHOWN]]
        if len(waiting) > SHOWN:
            lines.append(ctx.text("queue_more", count=len(waiting) - SHOWN))
        ctx.reply("queue", room=ctx.room_name, people=Trusted("\n".join(lines)))
    others = [ctx.text(f"others_{status}", count=total) for status, total in _others(ctx).items() if total]
    if others:
        ctx.reply("others", parts=Trusted("，".join(others)))


@plugin.command(
    "放行 [谁]", who="owner", where="private", aliases=("让进 [谁]",),
    summary="请这位进群；只有一位在等，不用说是谁",
    example=("放行", "门口没有人在等…"),
)  # fmt: skip
def let_in(ctx: Context, said: str = "") -> None:
    """Yes, by name or number, or to the only one who waits; also to who was told no before."""
    _decide(ctx, said, let_in=True)


@plugin.command(
    "婉拒 [谁]", who="owner", where="private", aliases=("不放行 [谁]",),
    summary="这位不合适，我去照实说，客客气气的",
    example=("婉拒", "门口没有人在等…"),
)  # fmt: skip
def turn_away(ctx: Context, said: str = "") -> None:
    """No."""
    _decide(ctx, said, let_in=False)


def _decide(ctx: Context, said: str, *, let_in: bool) -> None:
    assert ctx.member is not None
    waiting = of_room(ctx, ctx.room_id, "waiting")
    if not said and not waiting:
        ctx.reply("nobody_waits")
        return
    found = _meant(ctx, said, waiting)
    if not found and let_in:
        found = _meant(ctx, said, _let_go_lately(ctx))[:1]
    if len(found) != 1:
        ctx.reply("who_is_meant")
        return
    _tick_off(ctx, found[0])
    deciding.decide(ctx, found[0], ctx.member, let_in=let_in)


def _meant(ctx: Context, said: str, people: Sequence[Application]) -> list[Application]:
    if not said:
        return list(people)
    number = number_said(said.removesuffix("号"))
    if number is not None:
        return [one for one in people if _number(ctx, one) == number]
    wanted = normalised(said).lstrip("@").strip()
    names = [(one, normalised(called(ctx, one.member_id))) for one in people]
    exact = [one for one, name in names if name == wanted]
    return exact or [one for one, name in names if wanted in name]


def _let_go_lately(ctx: Context) -> list[Application]:
    """Who was told no, or fell silent; the last one first."""
    over = Application.closed_at.is_not(None), Application.status.in_(deciding.CHANGEABLE)
    query = select(Application).where(Application.room_id == ctx.room_id, *over)
    return list(ctx.db.scalars(query.order_by(Application.closed_at.desc()).limit(SEARCHED)))


def _item(ctx: Context, one: Application) -> OwnerItem | None:
    mine = OwnerItem.plugin == plugin.name, OwnerItem.key == deciding.item_key(one)
    return ctx.db.scalar(select(OwnerItem).where(*mine, OwnerItem.done_at.is_(None)))


def _number(ctx: Context, one: Application) -> int | None:
    item = _item(ctx, one)
    return item.number if item is not None and item.expires_at > ctx.now else None


def _tick_off(ctx: Context, one: Application) -> None:
    item = _item(ctx, one)
    if item is not None:
        item.done_at = ctx.now
        ctx.db.flush()


def _queue_line(ctx: Context, one: Application) -> Trusted:
    """Somebody with a number to decide by, even if the item on the list has lapsed meanwhile."""
    if _number(ctx, one) is None:
        deciding.put_on_list(ctx, one)
    day = day_said(one.knocked_at, ctx.now, ctx.zone)
    fits = ctx.text("fits_mark") if one.answers and all(answer["fits"] for answer in one.answers) else ""
    has_words = any(question.fits for question in asking.questions_of(ctx))
    return ctx.text(
        "queue_line", number=_number(ctx, one), name=called(ctx, one.member_id), day=day,
        mark=fits if has_words else "", answers=deciding.answers_said(one),
    )  # fmt: skip


def _others(ctx: Context) -> dict[str, int]:
    """Who is on the way without needing the owner."""
    knocking = count(ctx, Application.status == "knocking", Application.closed_at.is_(None))
    here = {name: count_of_room(ctx, ctx.room_id, name) for name in ("asking", "fits", "invited")}
    return {"knocking": knocking} | here


def _rules(ctx: Context) -> list[str]:
    """What is asked, what fits, who decides."""
    lines: list[str] = []
    for number, question in enumerate(asking.questions_of(ctx), start=1):
        options = "".join(f"｜{one}" for one in question.options)
        lines.append(ctx.text("rule_question", number=number, question=f"{question.text}{options}"))
        if question.fits:
            lines.append(ctx.text("rule_fits", words="、".join(question.fits)))
    decided = "rule_owner" if ctx.settings.owner_decides else "rule_words"
    return [*lines, ctx.text(decided), ctx.text("rule_most", count=ctx.settings.invites_a_day)]


def _which(said: str) -> tuple[int, str]:
    """`1 …`, `第二问 …` or just the text, which is the first then."""
    first, _, rest = said.strip().partition(" ")
    number = number_said(first.removeprefix("第").removesuffix("问").removesuffix("."))
    if number is None:
        return 1, said.strip()
    if number not in (1, 2):
        raise QunxingError("which_question")
    if not rest.strip():
        raise QunxingError("question_missing", number=int(number))
    return int(number), rest.strip()
