"""What WeChat and QQ write into a chat by themselves: who came, who took a message back, who tickled whom."""

from __future__ import annotations

import re

_NAMED = '["“「]([^"”」]{1,64})["”」]'
_JOINED = re.compile(rf"{_NAMED}(?:、{_NAMED})*\s?(?:加入了?群聊|加入了?本群|joined the group)")
_INVITED = re.compile(rf"邀请\s?((?:{_NAMED}[、,，]?)+)\s?加入了?群聊")
_SCANNED = re.compile(rf"^{_NAMED}\s?通过扫描")
_PLAIN_JOINED = re.compile(r"^(\S.{0,63}?)\s?(?:加入了?群聊|加入了?本群)[。.!！]?$")
_ONE = re.compile(_NAMED)
_SYSTEM = re.compile(
    r"撤回了?一条消息|recalled a message|加入了?群聊|加入了?本群|移出了?群聊|退出了?群聊|被.{0,64}移出|"
    r"修改群名为|群名.{0,4}改为|成为新群主|已成为.{0,4}群主|与群里其他人都不是.{0,4}朋友关系|拍了拍|开启了.{0,6}验证|"
    r"领取了.{0,64}红包|红包已被领完|以上是打招呼的内容|以下是新消息|发起了?(?:语音|视频)(?:通话|聊天)|"
    r"(?:语音|视频)(?:通话|聊天)已?(?:结束|取消)"
)
LONGEST = 300
SYSTEM_SENDERS = frozenset({"系统消息", "系统", "系统提示", "系统通知", "system", "10000", "sys"})


def is_system(text: str) -> bool:
    """Whether the line reads as the app's own words; only for where an app's own words can stand."""
    return len(text) <= LONGEST and _SYSTEM.search(text) is not None


def joined_names(text: str) -> list[str]:
    """Who came into the group, by the names that a notice tells; none if it tells of something else."""
    text = text[:LONGEST].strip()
    invited = _INVITED.search(text)
    if invited is not None:
        return _ONE.findall(invited[1])
    scanned = _SCANNED.search(text)
    if scanned is not None:
        return [scanned[1]]
    if _JOINED.search(text) is not None:
        return _ONE.findall(text)
    plain = _PLAIN_JOINED.search(text)
    return [plain[1]] if plain is not None and "邀请" not in text else []
