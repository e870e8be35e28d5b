"""What an owner wants done with a meetup, read from plain Chinese. Pure; what becomes of it: `desk`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.words import normalised, number_said, visible

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted, and the rest of the words."""

    what: str
    rest: str = ""


WORDS: tuple[tuple[str, str], ...] = (
    # what, and how it begins; the first that fits is meant
    (
        "speaker_out",
        r"(?:主讲|讲者|讲师|嘉宾|讲的人)(?:人)?.{0,8}?(?:来不了|不来了?|病了?|没法来|有事|去不了|不讲了)",
    ),
    ("drop", r"(?:取消|不办了?|作罢|不搞了|黄了|算了|都不要|不约了)(?:吧|了)?$"),
    ("again", r"(?:换几个|换一批|换一换|再想想|重新提|换题目|换个题目)"),
    ("go_ahead", r"(?:照常|照办|照旧|小聚|就这么办|人少也办|照样办)"),
    ("open", r"(?:开始报名|开放报名|报名开始|开报名|重新报名|再开报名|可以报名了?)$"),
    ("close", r"(?:截止报名|报名截止|停止报名|截止|不再报名)$"),
    ("end_vote", r"(?:投票结束|结束投票|截止投票|不投了)$"),
    ("finish", r"(?:结束|办完了?|散场|散了|开完了?)(?:了)?$"),
    ("write_up", r"(?:发?回顾|写回顾|总结)$"),
    ("deck", r"(?:幻灯片?|ppt|pptx|课件|讲稿)$"),
    ("sheet", r"(?:题单|题目单|问题单|打印题目|圆桌题目)$"),
    ("calendar", r"(?:日历|日程|ics|\.ics)$"),
    ("people", r"(?:名单|接龙|谁来|谁报名了?|几个人)$"),
    ("status", r"(?:进度|情况|到哪一?步了?|怎么样了)$"),
    ("help", r"(?:帮助|怎么用|怎么办)$"),
    ("add", r"(?:加上|加一位|帮报|代报)(?!.*(?:主讲|地点))"),
    ("remove", r"(?:去掉|划掉|移除|帮退)"),
    ("answer", r"(?:答案|记答案|第?\d+题(?:答案)?)"),
    ("point", r"(?:要点|提纲)"),
    ("host", r"(?:主持|张罗人|召集人|主持人)(?:是|换成|请)?"),
    ("speaker", r"(?:主讲人?|讲者|请来讲|嘉宾)(?:是|换成|换|请)?"),
    ("rename", r"(?:改题目|(?:题目|主题)(?:改成|换成|改为|叫))(?:成)?"),
    ("title", r"(?:题目|主题|聊聊|聊)(?:是)?"),
    ("form", r"(?:改成|改|换成|换|就|还是|用)?(?P<form>讲座|圆桌|分享会|座谈)(?:吧|会)?$"),
    ("choose", r"(?:就|选|要|定|用)?第?(?P<number>\d{1,2}|[一二三四五六])(?:号|个|场|吧|了)*$"),
    ("move", r"(?:改到|改成|挪到|推迟到|延期到|延到|提前到|换到|改期到?|定在|定到|就定|时间|日期|日子)"),
    ("details", r"(?:地点|地方|场地|在(?!线)|费用|收费|人数|名额|上限|最多|限(?=\d))"),
)  # fmt: skip
_ORDERS = tuple((what, re.compile(pattern)) for what, pattern in WORDS)
TALK_WORDS = ("讲座", "分享会")
_LEAD = re.compile(r"^(?:线下|聚会|见面会?|茶会)?[\s:：,，]*")
_AROUND = " \t:：,，。.!！、~～"
_ASIDE = frozenset("嗯好行那吧请")


def read_order(said: str) -> Order | None:
    """What an owner's line wants; None if it is none of these (it may still be dates, or a place)."""
    text = _LEAD.sub("", normalised(visible(said)[:LONGEST])).strip(_AROUND)
    for what, pattern in _ORDERS:
        match = pattern.match(text)
        if match is None:
            continue
        if what == "choose":
            return Order(what, str(int(number_said(match["number"]) or 0)))
        if what == "form":
            return Order(what, "talk" if match["form"] in TALK_WORDS else "round")
        whole = visible(said).strip()
        rest = whole[-(len(text) - match.end()) :] if match.end() < len(text) else ""
        return Order(what, (rest or text[match.end() :]).strip(_AROUND))
    return None


_FEE = re.compile(
    r"(?:费用|收费|aa|免费|不收费|请客|我[请出]|每人|人均|门票|[\d一二两三四五六七八九十百]+\s*(?:元|块))",
    re.IGNORECASE,
)
_SEATS = re.compile(
    r"(?:(?:人数|名额|上限|最多|限|容纳|坐得下|坐)(?:是|为|[:：])?"
    r"(?P<named>\d{1,3}|[一二两三四五六七八九十]+)(?:个人|人|位|名|个)?"
    r"|(?P<number>\d{1,3}|[一二两三四五六七八九十]+)(?:个人|人|位))(?:以内|封顶|左右)?"
)
_UNLIMITED = ("不限人数", "人数不限", "不限", "名额不限")
_LABEL = re.compile(r"^(?:地点|地方|场地|费用|收费)\s*(?:是|为|改成|改到|[:：])?\s*")
_PIECES = re.compile(r"[,，;；。\n]+")
_SPACES = re.compile(
    r"\s+(?=(?:限|最多|人数|名额|上限|aa|免费|费用|每人|人均|[\d一二三四五六七八九十]+\s*(?:个人|人|位|元|块)))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Details:
    """Where, what it costs, how many; None is not said. A capacity of 0 is without limit."""

    place: str | None = None
    fee: str | None = None
    capacity: int | None = None


_POINTS = re.compile(r"[；;\n]+")


def points_in(said: str) -> list[str]:
    """The points that an owner lists in one go."""
    return [one.strip() for one in _POINTS.split(visible(said)) if one.strip()]


_PLACE = re.compile(r"店|楼|室|馆|厅|家里|公园|[路街]|\d号|广场|咖啡|茶城|校区|大厦|中心|院|^在|^地[点方]")


def is_about_details(said: str) -> bool:
    """Whether free text is clearly about where, how much or how many."""
    found = read_details(said)
    return found.fee is not None or found.capacity is not None or _PLACE.search(said) is not None


def read_details(said: str) -> Details:
    """The place, the fee and the capacity that free text names, in any order."""
    place = fee = capacity = None
    text = _LEAD.sub("", visible(said)[:LONGEST])
    pieces = [part for piece in _PIECES.split(text) for part in _SPACES.split(piece)]
    for piece in pieces:
        words = piece.strip(_AROUND)
        flat = normalised(words).replace(" ", "")
        seats = _SEATS.fullmatch(flat)
        if not words:
            continue
        if flat in _UNLIMITED:
            capacity = 0
        elif seats is not None:
            capacity = int(number_said(seats["named"] or seats["number"]) or 0)
        elif _FEE.search(flat) and not flat.startswith("地"):
            fee = _LABEL.sub("", words).strip(_AROUND)
        else:
            said_here = _LABEL.sub("", words).strip(_AROUND).removeprefix("在")
            place = f"{place} {said_here}" if place else said_here
    return Details(place or None, fee or None, capacity)
