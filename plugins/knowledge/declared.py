"""The declaration of the plugin: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from bot.plugin import Plugin, Settings
from plugins.knowledge.tables import TABLES


class KnowledgeSettings(Settings):
    """What can be adjusted about what the group gets."""

    model_config = ConfigDict(title="干货")

    share_question: bool = Field(
        default=True, title="分享收尾", description="分享的最后抛一个小问题，让大家有话可接"
    )
    ask_sharers: bool = Field(
        default=True, title="提前约人", description="轮到谁分享，提前三天和一天各问一声"
    )
    tell_rate: bool = Field(
        default=False, title="兑现公开", description="群友问起兑现情况，照实说兑现率；关掉就只有群主看得到"
    )
    tell_newcomers: bool = Field(
        default=False, title="兑现给新人", description="新人进门后说一句这里的承诺兑现得怎么样，一天最多一次"
    )


plugin = Plugin(
    "knowledge",
    title="干货",
    summary="说好的分享按时到，承诺兑现了没有记得清清楚楚",
    settings=KnowledgeSettings,
    tables=[*TABLES],
)
