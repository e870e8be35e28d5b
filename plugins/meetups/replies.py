"""Short answers while a vote or a sign-up is open: read only when a message is nothing else. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.words import normalised, number_said
from plugins.meetups.jielong.people import people_in, without_counts

LONGEST_VOTE = 24
LONGEST_SIGN_UP = 30
MOST_OPTIONS = 20
_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,2}|[①-⑳])"
_JOIN = r"(?:\s*(?:[,，、;/&+]|和|跟|与|或者?|都|还有|以及|或)\s*|\s+)"
_VOTE = re.compile(
    rf"(?:我\s*)?(?:(?:想|要|也|就)\s*)?(?P<verb>(?:投一票给?|投票?给?|选择?|支持|vote)\s*)?(?:第\s*)?"
    rf"(?P<first>{_N})(?P<unit>\s*(?:号|项|个|票))?"
    rf"(?P<more>(?:{_JOIN}(?:(?:投|选)\s*)?(?:第\s*)?{_N}(?:\s*(?:号|项|个))?)*)"
    r"\s*(?:都(?:可以|行|ok|能来|有空)?|可以|行|ok|吧|啊|呀|哈|哦|啦|!|~|。|\.|👌|👍|🙋)*"
)
_NUMBERS = re.compile(_N)
_ALL = re.compile(r"(?:我\s*)?(?:投|选)?\s*(?:全选|都选|都投|全投)(?:吧|啊|呀|!|。)*")

_SIGN_UP = re.compile(
    r"(?:我\s*)?(?:也\s*)?(?:要\s*|想\s*)?(?P<verb>报名参加|报名候补|候补报名|报个名|报名|排候补|排队候补|候补)(?P<rest>.*)"
)
_ON_THE_LIST = re.compile(
    r"接龙\s*\+\s*(?P<count>\d|[一二两三四五])\s*(?:人|位)?\s*(?:[(（](?P<note>[^)）]*)[)）])?\s*[!！。~]*"
)
_LEAVE = re.compile(
    r"(?:我\s*)?(?:要\s*|想\s*|先\s*)?(?:取消|退出|撤销|撤回)\s*(?:我的\s*)?(?:报名|接龙|候补)"
    r"(?:了|吧|哈|啦|!|。|~|\s|🙏)*(?:[,，。!~\s][^?？吗呢怎]*)?"
)
_FACES = re.compile(r"[🙋✋👋👍😊😄🎉]|\[[^\]]{1,4}\]")
_FILL = re.compile(r"[\s,，!！。.~～、]+|[啦了啊呀哈嘞哒吧哦噢]+$|谢谢")
_SOMEBODY = (
    r"(?:家属|娃|孩子|老婆|老公|朋友|同事|女友|男友|女朋友|男朋友|对象|儿子|女儿|爱人|媳妇)"
    r"(?:一起|一个|一位|1个|1位|1人)?"
)
_REST = re.compile(
    r"[+]\s*(?:\d|[一二两三])|共?(?:\d|[一二两三四五])\s*(?:个人|人|位|个)"
    r"|一家[三四五]口|[\d一两二]大[\d一两二]小"
    rf"|[+]?(?:我)?(?:[带和跟]\S{{0,2}}?)?{_SOMEBODY}"
)


@dataclass(frozen=True, slots=True)
class SignUp:
    """Somebody signs up, queues or signs off. `count` is persons with themselves."""

    kind: Literal["join", "wait", "leave"]
    count: int = 1
    note: str = ""


def read_vote(text: str, options: Sequence[str]) -> tuple[int, ...] | None:
    """The numbers that a message votes for, from 1; None if it is anything but a vote for what there is."""
    said = normalised(_flattened(text)) if len(text) <= LONGEST_VOTE else ""
    if not said or not options:
        return None
    if _ALL.fullmatch(said):
        return tuple(range(1, len(options) + 1))
    match = _VOTE.fullmatch(said)
    if match is None or not _is_plain(said, match):
        return None
    found = {int(number_said(one) or 0) for one in _NUMBERS.findall(match["first"] + " " + match["more"])}
    return tuple(sorted(found)) if all(1 <= one <= len(options) for one in found) else None


def _is_plain(said: str, match: re.Match[str]) -> bool:
    """A number said as a word alone (`一`) or counted (`2个`) is small talk; `选一` and `2号` are votes."""
    is_digits = said[match.start("first")].isdigit()
    if match["verb"]:
        return (match["unit"] or "").strip() not in ("个", "票") or match["first"] != "1"
    return is_digits and (match["unit"] or "").strip() in ("", "号")


def read_sign_up(text: str) -> SignUp | None:
    """What a message signs up to, if that is the whole message."""
    said = _FACES.sub("", normalised(text)).strip() if len(text) <= LONGEST_SIGN_UP else ""
    if not said:
        return None
    if _LEAVE.fullmatch(said):
        return SignUp("leave")
    if match := _ON_THE_LIST.fullmatch(said):
        return SignUp("join", max(int(number_said(match["count"]) or 1), 1), (match["note"] or "").strip())
    match = _SIGN_UP.fullmatch(said)
    if match is None:
        return None
    rest = _FILL.sub("", match["rest"])
    if rest and not _REST.fullmatch(rest):
        return None
    note = without_counts(rest).strip()
    return SignUp("wait" if "候补" in match["verb"] else "join", people_in(rest), note)


def _flattened(text: str) -> str:
    """Keycaps and round numbers as digits."""
    return re.sub("\ufe0f?\u20e3", " ", text).strip()
