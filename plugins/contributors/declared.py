"""The declaration of 大神: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import Field

from bot.group_settings import ClockTime
from bot.plugin import Plugin, Settings
from plugins.contributors.tables import (
    Choice,
    Credit,
    Help,
    Level,
    Nomination,
    PeerThanks,
    Reading,
    SettledDay,
    StageOffer,
)


class ContributorSettings(Settings):
    """How helpers are found and credited in a room."""

    auto_credit: bool = Field(
        default=False, title="自动致谢", description="看准了的人不用你点头，直接在群里致谢"
    )
    credit_at: ClockTime = Field(default="10:30", title="致谢时间", description="自动致谢最早几点说")
    credit_again_days: int = Field(
        default=30, ge=7, le=365, title="致谢间隔", description="同一个人隔几天才致谢第二回"
    )
    credits_a_week: int = Field(
        default=2, ge=0, le=7, title="每周致谢", description="一周最多公开致谢几位，0 就是不致谢"
    )
    offer_stage: bool = Field(
        default=True, title="邀请上台", description="致谢之后，问 TA 愿不愿意分享、带新人或者线下讲一次"
    )
    thanks_a_day: int = Field(
        default=3, ge=0, le=20, title="每天感谢", description="一个人一天最多「感谢」几次别人，0 就是关掉"
    )
    board: bool = Field(default=False, title="大神榜", description="「大神」里带上帮过几位的数字")
    weekly_report: bool = Field(default=True, title="每周体检", description="每周私下给你发一份群体检")
    report_day: int = Field(
        default=1, ge=1, le=7, title="体检日", description="每周几发体检，1 是周一，7 是周日"
    )
    report_at: ClockTime = Field(default="09:30", title="体检时间", description="体检几点发")
    report_picture: bool = Field(default=True, title="体检配图", description="体检画成一张图；关掉就只发文字")


plugin = Plugin(
    "contributors",
    title="大神",
    summary="看见谁在帮人，替大家说声谢谢，请 TA 上台",
    settings=ContributorSettings,
    tables=[Level, Help, Reading, SettledDay, Nomination, Credit, PeerThanks, StageOffer, Choice],
)
