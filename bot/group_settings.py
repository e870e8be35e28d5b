"""What every group has, whatever the plugins: its theme and promise, its quiet hours, its limits."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bot.plugin import Settings
from bot.words import parse_clock

GROUP = "group"
CLOCK_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$"


def _clock_time(value: object) -> str:
    said = parse_clock(value) if isinstance(value, str) else None
    if said is None:
        raise PydanticCustomError("clock_time", "a time of day such as 21:30")
    return said


# A time of day on the group's clock, always `HH:MM` once it is validated. Plugins use it too.
ClockTime = Annotated[
    str, BeforeValidator(_clock_time, json_schema_input_type=str), Field(pattern=CLOCK_PATTERN)
]


class GroupSettings(Settings):
    """Settings of one group that belong to no plugin; caps and quiet hours are kept by the outbox."""

    model_config = ConfigDict(title="本群")

    theme: str = Field(
        default="", max_length=60, title="群主题", description="这个群为什么事聚在一起，一句话"
    )
    promise: str = Field(
        default="", max_length=200, title="价值承诺", description="大家留在群里能得到什么，写给新人看"
    )
    quiet_from: ClockTime = Field(default="22:30", title="安静开始", description="从几点起不主动说话")
    quiet_until: ClockTime = Field(default="07:30", title="安静结束", description="到几点又可以说话")
    sends_per_minute: int = Field(
        default=4, ge=1, le=20, title="每分钟上限", description="一个群里一分钟最多说几条，太急会被微信盯上"
    )
    sends_per_hour: int = Field(
        default=30, ge=1, le=200, title="每小时上限", description="一个群里一小时最多说几条"
    )
    initiatives_per_day: int = Field(
        default=3, ge=0, le=20, title="每天主动", description="没人问的话一天最多说几条，0 就是从不主动"
    )
    initiative_gap_minutes: int = Field(
        default=60, ge=0, le=1440, title="主动间隔", description="两次主动开口至少隔几分钟"
    )
    lively_messages: int = Field(
        default=6, ge=1, le=100, title="聊得正欢", description="三分钟里有几条消息算聊得正欢，这时不主动插嘴"
    )
