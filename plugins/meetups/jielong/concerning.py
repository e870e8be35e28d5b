"""Whether a posted list is the sign-up of our meetup, or one about cherries. Pure."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from bot.words import normalised
from plugins.meetups.jielong.merging import is_same
from plugins.meetups.jielong.reading import CALLED, Jielong

ALIKE = 62.0
"""How alike (of 100) two titles have to be."""
BARELY = 40.0
"""The same when nearly everybody of ours stands on it."""
LONGEST_REMARK = 10
_NAME = re.compile("[\u3400-\u9fff]{2,4}")
"""Who may stand on a line that somebody else posts by itself."""
_OTHERS = re.compile(
    r"团购|拼单|拼团|团[一-龥]{0,6}[斤箱盒份]|[\d一二两三五十]\s*[斤箱盒袋瓶件包]|包邮|自提|下单|代购|预订|预定|订餐|订水|订奶|团长"
    r"|[¥￥]|\d\s*[元块]\s*/|元一|快递|打卡|成语|歌名|歌词|诗词|体温|核酸|疫苗|作业|签收|收到请|已读|已交|交费|缴费"
    r"|樱桃|车厘子|水果|草莓|荔枝|大闸蟹|螃蟹|鸡蛋|牛奶|蔬菜|大米|猫粮|狗粮|二手|转让|祝福|生日快乐|拍一拍|投票"
)
_SIGNS = re.compile(r"[\W_]+|接龙|报名|例\S*$")


def concerns(posted: Jielong, ours: Jielong | None, sender: str = "") -> bool:
    """Whether a posted list goes on with ours; with none of ours, whether it signs people up for a meetup."""
    if ours is None:
        return _is_sign_up(posted)
    if not posted.title:
        return _goes_on(posted, ours, sender)
    shared = _shared(posted, ours)
    alike = fuzz.partial_ratio(_core(posted.title), _core(ours.title)) if _core(ours.title) else 0.0
    if _OTHERS.search(posted.title) and not _OTHERS.search(ours.title):
        return False
    if alike >= ALIKE and (posted.is_headed or shared > 0 or not ours.coming):
        return True
    return shared >= 0.75 and len(ours.coming) >= 2 and (alike >= BARELY or _starts_alike(posted, ours))


def is_whole(posted: Jielong, ours: Jielong) -> bool:
    """Whether it is a list, not a line of its own under the list."""
    is_line = not posted.title and len(posted.entries) == 1
    return _shared(posted, ours) >= 0.5 or ((posted.is_headed or bool(posted.title)) and not is_line)


def is_of_other_things(posted: Jielong) -> bool:
    """Whether a list collects orders, greetings or proverbs, not people who meet."""
    return _OTHERS.search("\n".join([posted.title, *posted.details])) is not None


def _is_sign_up(posted: Jielong) -> bool:
    is_called = posted.is_headed or CALLED.search(posted.title) is not None
    return is_called and not is_of_other_things(posted)


def _goes_on(posted: Jielong, ours: Jielong, sender: str) -> bool:
    """A list without a heading, or one line with the next number."""
    shared = _shared(posted, ours)
    if shared >= 0.5 or len(posted.entries) != 1:
        return shared > 0 and (posted.is_headed or shared >= 0.5)
    entry, place = posted.entries[0], len(ours.coming) + 1
    if any(one.key == entry.key for one in ours.entries):
        return is_same(entry.name, sender)
    if is_same(entry.name, sender):
        return place <= entry.number <= place + 2
    is_name = _NAME.fullmatch(entry.name) is not None and len(entry.note) <= LONGEST_REMARK
    return entry.number == place and is_name


def _shared(posted: Jielong, ours: Jielong) -> float:
    """Which part of our people stands on it."""
    names = {one.key for one in posted.entries}
    listed = [one for one in ours.coming if one.is_listed]
    return sum(one.key in names for one in listed) / len(listed) if listed else 0.0


def _starts_alike(posted: Jielong, ours: Jielong) -> bool:
    first = [one.key for one in ours.coming[:2]]
    return [one.key for one in posted.entries[:2]] == first


def _core(title: str) -> str:
    return _SIGNS.sub("", normalised(title))
