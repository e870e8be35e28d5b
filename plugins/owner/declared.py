"""The declaration of the owner's desk: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from bot.plugin import Plugin, Settings


class OwnerSettings(Settings):
    """What can be adjusted on the desk."""

    model_config = ConfigDict(title="群主桌面")

    accept_friends: bool = Field(
        default=False, title="自动加好友", description="群友加机器人好友时自动通过；配对码不受这一项影响"
    )
    quiet_hours: int = Field(
        default=2, ge=1, le=72, title="安静时长", description="只说「安静」不说多久时，安静几小时"
    )
    gap_minutes: int = Field(
        default=10, ge=1, le=1440, title="断线提醒", description="断线超过几分钟，连上后告诉群主"
    )
    courtesy_minutes: int = Field(
        default=10,
        ge=0,
        le=1440,
        title="客气间隔",
        description="同一个人在群里说我听不懂的话，几分钟内只应一次",
    )
    list_minutes: int = Field(
        default=10, ge=1, le=120, title="菜单有效", description="列出菜单后，几分钟内可以只回一个数字"
    )


plugin = Plugin(
    "owner",
    title="群主桌面",
    summary="群主在私聊里管群：配对、开口与安静、设置与文案、今天要看的事",
    settings=OwnerSettings,
    always_on=True,
)
