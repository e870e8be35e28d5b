"""The declaration of 情谊: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import Field

from bot.group_settings import ClockTime
from bot.plugin import Plugin, Settings
from plugins.ties.tables import TABLES, Seeker


class TiesSettings(Settings):
    """Which ties are looked after in a room."""

    introductions: bool = Field(
        default=True, title="新人牵线", description="新人做了自我介绍，把 TA 引给一位聊过同样事情的群友"
    )
    introduction_days: int = Field(
        default=14, ge=1, le=90, title="牵线天数", description="头一回开口后几天之内说的自我介绍才算数"
    )
    pairing: bool = Field(default=True, title="结对", description="群友自愿报名，每月配一次对")
    pairing_day: int = Field(default=1, ge=1, le=28, title="结对日", description="每月几号配对")
    pairing_at: ClockTime = Field(default="10:00", title="结对时间", description="配对那天几点说")
    pairing_ask_days: int = Field(
        default=10, ge=0, le=25, title="结对回访", description="配对几天后问一声聊上了没有，0 就是不问"
    )
    anniversaries: bool = Field(
        default=True, title="入群纪念", description="谁来满一年、两年……说一句，只说给群里做过事的"
    )
    anniversaries_at: ClockTime = Field(default="10:40", title="纪念时间", description="几点说入群纪念")
    regular_days: int = Field(
        default=8,
        ge=2,
        le=60,
        title="常客天数",
        description="在几天里说过话才算常来的人，久别和久未露面都看它",
    )
    returns: bool = Field(
        default=True, title="久别重逢", description="老群友好久没来又开口，招呼一声，说说这阵子的事"
    )
    return_days: int = Field(
        default=30, ge=3, le=365, title="久别天数", description="常来的人至少几天没说话，再来才算久别"
    )
    fading: bool = Field(
        default=True, title="久未露面", description="常来的人渐渐不说话了，私下告诉群主，不在群里提"
    )
    fading_day: int = Field(
        default=4, ge=1, le=7, title="提醒日", description="每周几说久未露面的事，1 是周一，7 是周日"
    )
    fading_at: ClockTime = Field(default="09:50", title="提醒时间", description="久未露面几点说")
    leaving: bool = Field(
        default=True, title="退群告知", description="有人退群，私下告诉群主 TA 来了多久、最后聊了什么"
    )
    rest_days: int = Field(
        default=21, ge=1, le=180, title="点名间隔", description="同一个人隔几天才在群里再提一回"
    )


plugin = Plugin(
    "ties",
    title="情谊",
    summary="把人引给人：新人牵线、自愿结对、记得谁来了一年、谁好久没来",
    settings=TiesSettings,
    tables=[*TABLES],
    chosen=[Seeker],
)
