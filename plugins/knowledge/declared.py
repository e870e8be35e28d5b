"""The declaration of the plugin: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from bot.group_settings import ClockTime
from bot.plugin import Plugin, Settings
from plugins.knowledge.question_tables import QUESTION_TABLES
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
    open_questions: bool = Field(
        default=True,
        title="没人答的问题",
        description="问题过了平常的时间没人答，翻翻旧回答，或者请一位答疑的群友",
    )
    helper_per_week: int = Field(
        default=2, ge=0, le=7, title="每周请答", description="同一位群友一周最多被请出来答几次，0 就是从不请"
    )
    answer_questions: bool = Field(
        default=True, title="旧回答", description="@我 问过的问题，翻出以前的回答，每次都说是谁答的"
    )
    digest_weekly: bool = Field(default=False, title="每周摘要", description="每周在群里发一次这周聊了什么")
    digest_weekday: int = Field(
        default=7, ge=1, le=7, title="摘要星期", description="每周摘要在星期几发，7 是星期天"
    )
    digest_smooth: bool = Field(
        default=False,
        title="摘要润色",
        description="摘要里引用之外的话交给大模型顺一顺；地址和密钥只放在环境变量里，没设、出错、说了原话里没有的，就照原样发",
    )
    digest_at: ClockTime = Field(default="20:00", title="摘要时间", description="每周摘要几点发")


plugin = Plugin(
    "knowledge",
    title="干货",
    summary="说好的分享按时到，承诺兑现了没有记得清清楚楚",
    settings=KnowledgeSettings,
    tables=[*TABLES, *QUESTION_TABLES],
)
