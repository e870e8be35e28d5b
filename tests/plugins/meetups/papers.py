"""Slides and sheets to look at: as a group would have them, and made of all that could go wrong."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

from plugins.meetups.paper.deck import Deck, DeckWords, Idea, Quote
from plugins.meetups.paper.sheet_pages import Asked, Sheet, Topic

WORDS = DeckWords("今天聊什么", "还没有答案的问题", "（续）")
NASTY = (
    "\u202e倒过来的名字\u0000\x1b[31m", "<b>&amp;\"'</b>]]>", "a" * 400, "長" * 300, "{title} %s ${x}", "",
    "   ", "第一行\n第二行\r\n第三行", "👨\u200d👩\u200d👧\u200d👦🇨🇳🍵" * 30, "ẕ̵̯͑a̸l̷g̵o" * 20, "العربية " * 20,
    "\ufffe\uffff\ud800坏字", "https://example.com/" + "path/" * 60, "﷽" * 20, "𠮷野家" * 10,
    "1. 编号\n2. 编号", "Wi-Fi 6E（802.11ax）" * 9,
)  # fmt: skip


def photo(width: int = 1600, height: int = 1200, noise: bool = False, kind: str = "JPEG") -> bytes:
    """A picture as phones take it."""
    dice = random.Random(width + height)
    image = Image.new("RGB", (width, height), (214, 203, 184))
    if noise:
        image = Image.frombytes("RGB", (width, height), dice.randbytes(width * height * 3))
    draw = ImageDraw.Draw(image)
    for left in range(0, 6 * width // 7, width // 7):
        draw.ellipse([left, height // 3, left + width // 9, height * 2 // 3], fill=(60, 110, 90))
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def usual_deck() -> Deck:
    """A talk of the tea group."""
    ideas = (
        Idea(
            "火功不是越高越好",
            "轻火留花香，足火出焦糖味；看的是茶青撑不撑得住。\n同一批茶，退火三个月再喝，又是另一个样子。",
            (Quote("我一直以为足火就是烧焦了，喝了才知道，原来焦糖味和焦味是两回事。", "小满"),),
        ),
        Idea(
            "先看叶底，再看汤色",
            "叶底软亮、有蛤蟆背，火就到位了；发黑发硬的，多半是急火。",
            picture=photo(),
        ),
        Idea(
            "水温和出汤",
            "足火的老茶用沸水，前三泡快出；轻火的新茶降到 95 度，多坐几秒。",
            (
                Quote("盖碗 110 毫升，8 克，前三泡 5 秒。", "老周"),
                Quote("我家那台净水器的水，泡出来总发闷，换了矿泉水就好了。", "木子"),
            ),
        ),
        Idea("退火要多久？"),
        Idea(
            "保存：避光、干燥、少开罐",
            "一次分装二十克，别老开大罐。南方梅雨天前，补一次低温复焙也行。",
            notes="小林在群里问过两次",
        ),
    )
    questions = (
        Quote("肉桂和水仙拼配，火功按谁的来？", "小林"),
        Quote("家里没有焙笼，烤箱能不能代替？", "山月"),
        Quote("轻火的茶放两年，还值得喝吗？", ""),
    )
    when = "11月28日 周六 15:00 · 老街茶馆二楼"
    title = "岩茶的火功：怎么喝出轻火、中火和足火"
    return Deck(title, WORDS, "岩茶同好会", "主讲：阿岩", when, ideas, questions)


LONG_QUESTION = "家里的净水器出来的水泡茶总发闷，是水的问题还是茶的问题？"


def worst_deck() -> Deck:
    """Everything too long, too much, or hostile."""
    ideas = [
        Idea(one or "没有标题", (NASTY[place - 1] + "，") * 3, (Quote(one, NASTY[place - 2]),), None, one)
        for place, one in enumerate(NASTY)
    ]
    long = "这一段有很多话要说，一页肯定写不下，所以应该接着下一页。" * 30
    ideas += [
        Idea("很长的分享" * 30, long, (Quote("话很多。" * 90, "名字很长的人" * 9),)),
        Idea("一张坏图", "图打不开也不要紧。", picture=b"\x89PNG not a picture"),
        Idea("一张竖图，没有别的", picture=photo(900, 2400)),
        Idea(
            "图又大又杂，字也不少", "写点什么。" * 50, (Quote("好图。" * 8, "阿岩"),), photo(1800, 1600, True)
        ),
    ]
    count = len(NASTY)
    questions = [Quote(f"{NASTY[one % count]}第{one}个问题，该怎么办？", NASTY[-one]) for one in range(1, 16)]
    questions += [Quote(f"第 {one} 个问题：{LONG_QUESTION}", f"群友{one}") for one in range(16, 41)]
    hostile = ("超长的标题" * 40, "<群名>" * 30, "主讲" * 60, "时间地点 " * 40)
    return Deck(hostile[0], WORDS, *hostile[1:], tuple(ideas), tuple(questions))


def usual_sheet() -> Sheet:
    """A round table of the tea group."""
    water = (
        Asked("净水器出来的水泡岩茶总发闷，是水太软吗？", "小林问 · 阿岩、老周也许能答"),
        Asked("山泉水要不要先烧开放凉再烧一次？", "木子也许能答"),
    )
    fire = (
        Asked("肉桂和水仙拼配，火功按谁的来？", "小满问"),
        Asked("家里没有焙笼，烤箱能不能代替？温度和时间怎么控制，中途要不要翻？"),
    )
    other = (Asked("第一次参加，有没有不踩坑的入门三泡？", "山月问 · 大家都能答"),)
    return Sheet(
        "圆桌：水、器、火，你最想问的一件事",
        "11月28日 周六 15:00 · 老街茶馆二楼 · 8 人",
        (Topic("泡茶的水", water), Topic("火功", fire), Topic("还有", other)),
        "写上你听到的答案，带回去发到群里。",
    )


def worst_sheet() -> Sheet:
    """Forty questions and more, hostile names and all."""
    topics = [Topic(one, (Asked(one, one), Asked(f"{one} 怎么办？" * 4, "谁问 " * 40))) for one in NASTY]
    many = tuple(Asked(f"第 {one} 个问题：{LONG_QUESTION}", f"群友{one}问") for one in range(10))
    return Sheet("超长的标题" * 40, "时间地点 " * 60, (Topic("一组十个", many), *topics), "备注" * 100)
