"""Which column of an exported table holds what: told by the head line, Chinese or English.

Known by name are MemoTrace (WeChatMsg), old and new, PyWxDump, chatlog, and tables with plain names such as
`时间,发送者,内容`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# For each use the names it can have, the best first. A column is used once.
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("puppet_id", ("消息id", "msgsvrid", "messageid", "serverid", "msgid", "platformmessageid", "消息编号")),
    ("reply_to", ("replytomessageid", "replyto", "引用消息id", "回复消息id")),
    ("at", ("createtime", "strtime", "timestamp", "时间戳", "时间", "发送时间", "消息时间", "time",
            "datetime", "日期时间", "日期", "msgtime", "sendtime", "date")),
    ("text", ("strcontent", "内容", "消息内容", "content", "msg", "message", "文本内容", "消息", "text")),
    ("sender", ("sender", "senderwxid", "senderid", "fromid", "wxid", "发送者wxid", "发送人wxid", "发送者id",
                "发送人id", "发送者微信id", "微信id", "fromuser", "fromwxid", "platformid")),
    ("name", ("nickname", "昵称", "发送者昵称", "发送人昵称", "sendername", "accountname", "fromnickname",
              "发送人", "发送者", "用户名", "用户", "名字", "姓名", "成员", "name", "username", "from")),
    ("alias", ("群昵称", "groupnickname", "roomalias", "displayname", "发送人", "发送者")),
    ("type", ("typename", "消息类型", "类型", "type", "msgtype", "messagetype", "contenttype")),
    ("sub_type", ("subtype", "子类型")),
    ("is_self", ("issender", "isself", "issend", "是否本人")),
    ("room", ("talkername", "群名", "群聊名称", "群名称", "groupname", "roomname", "聊天对象", "会话",
              "talker", "talkerid")),
)  # fmt: skip
_TALKER = "talker"  # the room where a sender stands beside it, else the sender (PyWxDump)
_JOINTS = re.compile(r"[\s_\-（）()\ufeff]|asia/shanghai")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each use stands in a row; missing uses are not in `places`."""

    places: Mapping[str, int]

    def cell(self, row: Sequence[str], use: str) -> str:
        """What the row says there, "" if it has no such column."""
        place = self.places.get(use, -1)
        return row[place].strip() if 0 <= place < len(row) else ""


def columns_of(head: Sequence[str]) -> Columns | None:
    """The columns that a head line names; None if it is not the head of a chat table."""
    names = [_JOINTS.sub("", cell.casefold()) for cell in head]
    places: dict[str, int] = {}
    taken: set[int] = set()
    for use, known in _NAMES:
        found = (names.index(name) for name in known if name in names)
        place = next((one for one in found if one not in taken), -1)
        if place >= 0:
            places[use] = place
            taken.add(place)
    if "sender" not in places and _TALKER in names:
        places["sender"] = names.index(_TALKER)
        if places.get("room") == places["sender"]:
            del places["room"]
    whole = {"at", "text"} <= places.keys() and ("sender" in places or "name" in places)
    return Columns(places) if whole else None
