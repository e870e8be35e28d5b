"""The declaration of 线下: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from bot.plugin import Plugin, Settings
from plugins.meetups.after_tables import AFTER_TABLES
from plugins.meetups.tables import TABLES


class MeetupSettings(Settings):
    """How meetups are proposed and carried in a room."""

    model_config = ConfigDict(title="线下")

    every_weeks: int = Field(
        default=0, ge=0, le=26, title="线下节奏",
        description="隔几周私下给你提一次线下的题目，4 就是差不多每月一次；0 就等你发「线下」",
    )  # fmt: skip
    alive_people: int = Field(
        default=8, ge=2, le=200, title="热闹人数",
        description="四周里至少这么多人说过话，才主动提线下：人太少，见了面是尬聊",
    )  # fmt: skip
    alive_days: int = Field(
        default=10, ge=1, le=28, title="热闹天数",
        description="四周里至少这么多天有三个人以上说过话，才主动提线下：先线上熟了再见面",
    )  # fmt: skip
    vote_hours: int = Field(default=48, ge=2, le=168, title="投票时长", description="约日子的投票开几个小时")
    vote_lead: int = Field(
        default=5, ge=2, le=50, title="投票领先", description="有个日子领先这么多票，就提前定下来"
    )
    least_people: int = Field(
        default=3, ge=1, le=50, title="最少人数", description="报名截止时不到几位，就先问你要不要照常"
    )
    close_hours: int = Field(default=48, ge=1, le=168, title="报名截止", description="开始前几个小时截止报名")
    offer_hours: int = Field(
        default=6, ge=1, le=48, title="候补时限", description="空出位子时，给候补的人几个小时答复"
    )
    length_hours: int = Field(default=3, ge=1, le=12, title="线下时长", description="一场线下几个小时")
    remind: bool = Field(
        default=True, title="线下提醒", description="提前七天、一天、两小时，各提醒一次报了名的人"
    )
    recap_hours: int = Field(
        default=20, ge=1, le=120, title="回顾时间", description="结束后几个小时发回顾，留时间给大家交纪要"
    )


plugin = Plugin(
    "meetups",
    title="线下",
    summary="从一个题目到一场见面：定日子、报名、提醒、签到、回顾，一路张罗到底",
    settings=MeetupSettings,
    tables=[*TABLES, *AFTER_TABLES],
)
