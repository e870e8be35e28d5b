"""The conversation: one question at a time, what was understood repeated, taken up again after any pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.events import MessagePosted
from bot.words import Trusted, normalised, plain
from plugins.founding import christening, creating, landing, logic, papers
from plugins.founding.declared import plugin
from plugins.founding.reading import IDEAS, STEP, expect, is_a_command, open_founding, remember, understood
from plugins.founding.tables import Founding

LONGEST = {"theme": 60, "people": 40, "promise": 100, "unwanted": 60}
CHOICES = {"promise": 4, "unwanted": 4}


@plugin.command(
    "建群", who="owner", where="private", needs_room=False,
    aliases=("新建群", "开个新群", "我要建群", "接着建群"),
    summary="聊五句，群名、公告、群规、头三周都备好；中断了再说一遍就接着来",
    example=("建群", "…第 1 问…"),
)  # fmt: skip
def found(ctx: Context) -> None:
    """Begin, or go on with, a new group."""
    _begin(ctx, is_new=True)


@plugin.command(
    "老群接入", who="owner", where="private",
    aliases=("接入老群", "梳理本群", "老群梳理"),
    summary="已有的群也聊五句，把主题、承诺、公告、群规理一遍",
    example=("老群接入", "…「岩茶同好会」…第 1 问…"),
)  # fmt: skip
def take_in_hand(ctx: Context) -> None:
    """The same questions for the group on the desk."""
    _begin(ctx, is_new=False)


@plugin.command(
    "取消建群", who="owner", where="private", needs_room=False, aliases=("不建群了",),
    summary="这回不建了，备好的稿子也不要了",
    example=("取消建群", "…没有在建…"),
)  # fmt: skip
def give_up(ctx: Context) -> None:
    """Drop it."""
    assert ctx.member is not None
    one = open_founding(ctx, ctx.member)
    if one is None:
        ctx.reply("nothing_to_drop")
    else:
        _drop(ctx, one)


def _begin(ctx: Context, *, is_new: bool) -> None:
    assert ctx.member is not None
    one = open_founding(ctx, ctx.member)
    if (
        one is not None and one.step == "landing"
    ):  # that group stands; what was left undone can be said any time
        one.closed_at = ctx.now
        ctx.db.flush()
        one = None
    if one is not None:
        put(ctx, one, ctx.text("go_on", about=_about(ctx, one)))
        return
    one = Founding(
        member_id=ctx.member, room_id=None if is_new else ctx.room_id, is_new=is_new, step=logic.STEPS[0],
        answers={}, offered=[], texts={}, tasks=[], started_at=ctx.now, touched_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(one)
    ctx.db.flush()
    put(ctx, one, ctx.text("hello_new") if is_new else ctx.text("hello_existing", room=ctx.room_name))


def _about(ctx: Context, one: Founding) -> str:
    if one.name:
        return ctx.text("about_name", name=one.name)
    if one.room_id is not None:
        return ctx.text("about_name", name=ctx.in_room(one.room_id).room_name)
    return ctx.text("about_new")


def put(ctx: Context, one: Founding, before: str = "") -> None:
    """Say what the open step wants to know; `before` is what was just understood."""
    said = _SAID.get(one.step)
    text = said(ctx, one) if said is not None else _question(ctx, one)
    ctx.reply_text(Trusted("\n".join(part for part in (before, text) if part)), reason=one.step)
    if one.step not in logic.WAITING:
        expect(ctx, one)


def _question(ctx: Context, one: Founding) -> Trusted:
    number, head = logic.ASKED.index(one.step) + 1, ctx.text(f"ask_{one.step}")
    parts = [ctx.text("asking", number=number, count=len(logic.ASKED), question=head)]
    for place in range(1, CHOICES.get(one.step, 0) + 1):
        parts.append(ctx.text("choice", number=place, text=ctx.text(f"wish_{one.step}_{place}")))
    if one.step in CHOICES:
        parts.append(ctx.text("choose_any"))
    known = _known(ctx, one)
    if known:
        parts.append(ctx.text("keep_known", known=known))
    return Trusted("\n".join(parts))


def _known(ctx: Context, one: Founding) -> str:
    """What was said before: in this conversation, or in the settings of a group that exists."""
    before = understood(one, one.step)
    if before or one.is_new or one.room_id is None or one.step not in ("theme", "promise"):
        return before if one.step in LONGEST else ""
    group = ctx.services.settings.group(one.room_id)
    return group.theme if one.step == "theme" else group.promise


@plugin.answer(STEP)
def hear(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """An answer, unless it is plainly something else."""
    one = ctx.db.get(Founding, payload["founding"])
    if one is None or one.closed_at is not None or one.member_id != event.member or event.kind != "text":
        return False
    said, short = event.text.strip(), normalised(event.text).strip(" 。！!~")
    if short in logic.GIVES_UP and one.step != "landing":
        _drop(ctx, one)
        return True
    if is_a_command(ctx, said):
        return False
    if short in logic.BACK and one.step != "landing":
        one.step = logic.step_before(one.step, is_new=one.is_new)
        put(ctx, one)
        return True
    return _HEARD[one.step](ctx, one, said)


def _drop(ctx: Context, one: Founding) -> None:
    one.closed_at = ctx.now
    ctx.stop_asking(STEP, one.member_id)
    ctx.reply("dropped")


def go_on(ctx: Context, one: Founding, before: str = "") -> None:
    """The next step."""
    one.step, one.touched_at = logic.next_step(one.step, is_new=one.is_new), ctx.now
    if one.step == "papers":
        papers.write(ctx, one)
    ctx.db.flush()
    if one.step == "name" and ctx.services.settings.for_plugin(plugin.name, ctx.room_id).names_by_model:
        ctx.reply_text(Trusted("\n".join((before, ctx.text("thinking")))), reason="thinking")
        about = ctx.text("about_group", theme=understood(one, "theme"), word=understood(one, "word"))
        ctx.work(IDEAS, founding=one.id, about=about)
        expect(ctx, one)
    else:
        put(ctx, one, before)


def _hear_words(ctx: Context, one: Founding, said: str) -> bool:
    """Theme, for whom, promise, what is not wanted: in words, or by numbers where some are offered."""
    step, known = one.step, _known(ctx, one)
    words = plain(said, LONGEST[step] + 1)
    numbers = logic.chosen(said, CHOICES[step]) if step in CHOICES else None
    wishes = [str(ctx.text(f"wish_{step}_{number}")) for number in numbers or ()]
    if known and normalised(said) in logic.SAME:
        words, wishes = known, list(one.answers.get(f"{step}_list") or [known])
    elif wishes:
        words = logic.joined_wishes(step, wishes)
    elif not any(letter.isalpha() for letter in words) or len(words) > LONGEST[step]:
        put(ctx, one, ctx.text("too_long", limit=LONGEST[step]) if len(words) > 3 else ctx.text("in_words"))
        return True
    remember(ctx, one, **{step: words, f"{step}_list": wishes or [words]})
    if step == "theme":
        remember(ctx, one, word=logic.core_word(words))
    go_on(ctx, one, ctx.text(f"heard_{step}", words=words))
    return True


def _hear_tone(ctx: Context, one: Founding, said: str) -> bool:
    tone = logic.tone_of(said)
    if tone is None:
        put(ctx, one, ctx.text("which_tone"))
        return True
    remember(ctx, one, tone=tone)
    go_on(ctx, one, ctx.text("heard_tone"))
    return True


def _hear_name(ctx: Context, one: Founding, said: str) -> bool:
    before = christening.hear(ctx, one, said)
    if one.name:
        go_on(ctx, one, before)
    else:
        put(ctx, one, before)
    return True


def _hear_papers(ctx: Context, one: Founding, said: str) -> bool:
    outcome = papers.hear(ctx, one, said)
    if outcome == "accepted":
        if one.is_new:
            go_on(ctx, one, ctx.text("accepted"))
        else:
            landing.land(ctx, one)
    elif outcome == "shown":
        expect(ctx, one)
    elif outcome == "changed":
        put(ctx, one)
    return outcome != "other"


def _hear_create(ctx: Context, one: Founding, said: str) -> bool:
    outcome = creating.hear(ctx, one, said)
    if outcome == "asked":
        expect(ctx, one)
    return outcome != "other"


def _hear_landing(ctx: Context, one: Founding, said: str) -> bool:
    outcome = landing.hear(ctx, one, said)
    if outcome == "going_on":
        expect(ctx, one)
    return outcome != "other"


_SAID = {
    "name": christening.offer, "papers": papers.index, "create": creating.question,
    "handed": creating.where_it_stands, "creating": creating.where_it_stands, "landing": landing.task_said,
}  # fmt: skip
_HEARD = {
    "theme": _hear_words, "people": _hear_words, "promise": _hear_words, "unwanted": _hear_words,
    "tone": _hear_tone, "name": _hear_name, "papers": _hear_papers, "create": _hear_create,
    "landing": _hear_landing,
}  # fmt: skip


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """An owner's drafts are theirs."""
    for one in ctx.db.query(Founding).filter(Founding.member_id == member).all():
        ctx.db.delete(one)
    ctx.db.flush()


@plugin.job("tidy", daily_at="03:40", catch_up=timedelta(hours=20), per_room=False)
def tidy(ctx: Context) -> None:
    """Old drafts go, whether finished or left lying."""
    before = ctx.now - timedelta(days=ctx.services.settings.for_plugin(plugin.name, None).keep_days)
    old = Founding.touched_at < before
    ctx.db.query(Founding).filter(old).delete(synchronize_session=False)
