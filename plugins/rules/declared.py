"""The declaration of 群规: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import Field

from bot.plugin import Plugin, Settings
from plugins.rules.tables import Case, Pardon, Report, Seen, Standing


class RulesSettings(Settings):
    """What is watched in a room, and what the bot may do about it."""

    posted: str = Field(
        default="", max_length=300, title="群规", description="群规全文，有人 @我 说「群规」就贴出来"
    )
    ads: bool = Field(default=True, title="看广告", description="留意像广告的消息；头一回只悄悄告诉你")
    reminders: bool = Field(
        default=True, title="当面提醒", description="第二、三回由我提醒 TA；关掉就每回都只告诉你"
    )
    auto_remove: bool = Field(
        default=False, title="自动移出", description="看得很准、又不止一回的生面孔，不等你确认就请出去"
    )
    strike_days: int = Field(
        default=30, ge=7, le=180, title="记多久", description="一回广告记几天，过了就不算"
    )
    stranger_days: int = Field(
        default=7, ge=1, le=60, title="生面孔天数", description="进群几天之内，留的联系方式看得严一点"
    )
    notes_a_day: int = Field(
        default=5, ge=1, le=30, title="一天几次", description="一天最多私聊你几回，多的都放进「今天」"
    )
    frictions: bool = Field(
        default=True, title="转告口角", description="群友请群主看看的话、两个人你来我往太急，悄悄告诉你"
    )


plugin = Plugin(
    "rules",
    title="群规",
    summary="群规一说就有，广告有人看着，伤和气的话只悄悄告诉群主",
    settings=RulesSettings,
    tables=[Case, Seen, Standing, Pardon, Report],
    chosen=[Pardon],
)
