"""The declaration of 守门: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import Field

from bot.plugin import Plugin, Settings
from plugins.gatekeeping.tables import Application


class DoorSettings(Settings):
    """Whether strangers may knock at a group's door, what they are asked, and who lets them in."""

    open: bool = Field(
        default=False, title="开门", description="加我好友或私聊「进群」的人，我来问话；关着就不理"
    )
    question_1: str = Field(
        default="", max_length=200, title="进门第一问",
        description="进群前问的第一句，空着就问为什么想来；给选项用｜隔开",
    )  # fmt: skip
    fits_1: str = Field(
        default="", max_length=200, title="第一问合适", description="第一问里有这些词（空格隔开）就算合适"
    )
    question_2: str = Field(
        default="", max_length=200, title="进门第二问", description="进群前问的第二句，空着就只问一句"
    )
    fits_2: str = Field(
        default="", max_length=200, title="第二问合适", description="第二问里有这些词（空格隔开）就算合适"
    )
    owner_decides: bool = Field(
        default=True, title="群主过目", description="每个人都等你一句话；关掉就照合适的词，对上了直接拉进群"
    )
    not_for: str = Field(
        default="",
        max_length=100,
        title="不是什么群",
        description="婉拒的时候照实说：这个群不做什么、不适合谁",
    )
    invites_a_day: int = Field(
        default=10, ge=0, le=40, title="每天进群", description="一天最多拉几位进这个群，多的明天再拉"
    )
    friends_a_day: int = Field(
        default=10, ge=0, le=40, title="每天加友", description="一天最多通过几位来敲门的人，太多微信会起疑"
    )
    room_most: int = Field(
        default=500, ge=3, le=500, title="群人数上限", description="到了这么多人就不再拉，有人走了再按先后补"
    )
    keep_days: int = Field(
        default=60, ge=7, le=365, title="申请保留", description="问完的申请和回答留几天，过后删掉"
    )


plugin = Plugin(
    "gatekeeping",
    title="守门",
    summary="想进群的先聊两句，合得来才请进门，合不来照实说",
    settings=DoorSettings,
    tables=[Application],
)
