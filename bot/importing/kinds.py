"""What kind of message something is: WeChat's numbers, exporters' words, and marks such as `[图片]`."""

from __future__ import annotations

import html
import re
from typing import Literal, TypeAlias

from bot.events import MessageKind

Kind: TypeAlias = MessageKind | Literal["notice"]
"""A message's kind, or `notice` for what the app says by itself."""

_NUMBERS: dict[int, Kind] = {
    1: "text", 3: "image", 34: "voice", 42: "contact", 43: "video", 47: "sticker", 48: "location",
    62: "video", 66: "contact", 10000: "notice", 10002: "notice",
}  # fmt: skip
# Type 49 is everything that an app can share; the second number tells.
_APP_NUMBERS: dict[int, Kind] = {
    0: "file", 1: "text", 2: "image", 3: "link", 4: "link", 5: "link", 6: "file", 8: "sticker",
    17: "location", 19: "chat_history", 24: "link", 33: "mini_program", 36: "mini_program", 50: "contact",
    51: "link", 53: "text", 57: "text", 62: "notice", 63: "link", 74: "file", 87: "text", 88: "link",
    2000: "transfer", 2001: "red_envelope", 2003: "red_envelope",
}  # fmt: skip

_WORDS: dict[str, Kind] = {
    "text": "text", "文本": "text", "文字": "text", "文本消息": "text", "粘贴的文本": "text", "接龙": "text",
    "群公告": "text", "引用": "text", "引用消息": "text", "引用回复": "text", "回复": "text", "quote": "text",
    "image": "image", "picture": "image", "photo": "image", "img": "image", "图片": "image", "照片": "image",
    "图片消息": "image",
    "voice": "voice", "audio": "voice", "recording": "voice", "语音": "voice", "语音消息": "voice",
    "video": "video", "视频": "video", "视频消息": "video", "小视频": "video",
    "sticker": "sticker", "emoji": "sticker", "表情": "sticker", "表情包": "sticker", "动画表情": "sticker",
    "gif表情": "sticker", "自定义表情": "sticker", "用户上传的gif表情": "sticker",
    "file": "file", "attachment": "file", "文件": "file", "文件消息": "file",
    "link": "link", "sharing": "link", "链接": "link", "卡片": "link", "卡片消息": "link", "分享": "link",
    "分享链接": "link", "分享卡片": "link", "卡片式链接": "link", "链接消息": "link", "音乐": "link",
    "音乐分享": "link", "分享音乐": "link", "视频号": "link", "视频号视频": "link", "笔记": "link",
    "收藏夹": "link", "share": "link",
    "miniprogram": "mini_program", "小程序": "mini_program",
    "contact": "contact", "card": "contact", "名片": "contact", "推荐公众号": "contact",
    "视频号名片": "contact",
    "location": "location", "位置": "location", "地理位置": "location", "位置共享": "location",
    "位置分享": "location",
    "redenvelope": "red_envelope", "红包": "red_envelope", "微信红包": "red_envelope",
    "红包封面": "red_envelope", "赠送红包封面": "red_envelope", "transfer": "transfer",
    "转账": "transfer", "微信转账": "transfer",
    "chathistory": "chat_history", "聊天记录": "chat_history", "合并转发": "chat_history",
    "合并转发的聊天记录": "chat_history", "转发": "chat_history",
    "recalled": "notice", "撤回": "notice", "消息撤回": "notice", "系统": "notice", "系统消息": "notice",
    "系统通知": "notice", "拍一拍": "notice", "邀请加群": "notice", "system": "notice", "note": "notice",
    "语音通话": "unknown", "视频通话": "unknown", "音视频通话": "unknown", "通话": "unknown",
    "未知": "unknown",
}  # fmt: skip

# Marks that whole messages are replaced by; WeChat's own smileys ([微笑]) look the same and stay text.
_MARK = re.compile(r"!?\[([^\[\]|\n]{1,12})(?:\|([^\]\n]*))?\](.*)", re.DOTALL)
_MARK_WORDS = {
    word: kind
    for word, kind in _WORDS.items()
    if kind not in ("text", "notice") and not word.isascii() and word != "未知"
}
_WORDED = frozenset(
    {"file", "link", "mini_program", "contact", "location", "red_envelope", "transfer", "chat_history"}
)
_ADDRESS = re.compile(r"\s*\([^()\s]*\)\s*")
_CDATA = re.compile(r"<!\[CDATA\[(.*)\]\]>", re.DOTALL)


_SHARED = "分享"
"""Some exporters say what is shared: 分享图片."""


def by_number(number: int, sub: int = 0) -> Kind:
    """The kind behind the type numbers of WeChat's own database."""
    if number > 0xFFFF:  # version 4 keeps both numbers in one
        number, sub = number & 0xFFFF, number >> 32
    return _APP_NUMBERS.get(sub, "link") if number == 49 else _NUMBERS.get(number, "unknown")


def by_word(word: str) -> Kind:
    """The kind behind an exporter's word for it."""
    word = re.sub(r"[\s()（）_\-\[\]]|\d+$", "", word).casefold()
    found = _WORDS.get(word) or _WORDS.get(word.removeprefix(_SHARED))
    if found is not None:
        return found
    fitting = [kind for known, kind in _WORDS.items() if len(known) > 1 and known in word]
    return fitting[0] if fitting else "unknown"


def by_mark(text: str) -> tuple[MessageKind, str]:
    """The kind of a message whose text may be a mark, and the words that are left of it."""
    if not text.startswith(("[", "![")):
        return "text", text
    found = _MARK.fullmatch(text.strip())
    kind = _MARK_WORDS.get(found[1].casefold()) if found else None
    if found is None or kind is None or kind == "notice":
        return "text", text
    rest = "" if _ADDRESS.fullmatch(found[3]) else found[3].strip()
    if kind in _WORDED:
        return kind, (found[2] or rest).strip()
    return (kind, "") if not rest else ("text", text)


def caption(kind: Kind, text: str) -> str:
    """The words of a message that is not text: a title, a file's name, never markup or a mere mark."""
    text = text.strip()
    if text.startswith("<"):
        title = text.partition("<title>")[2].partition("</title>")[0].strip()
        literal = _CDATA.fullmatch(title)
        return literal[1].strip() if literal else html.unescape(title)
    if kind in ("image", "voice", "video", "sticker"):
        return ""
    marked, words = by_mark(text)
    return words if marked != "text" else text
