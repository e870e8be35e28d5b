"""The declaration of the plugin: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import ConfigDict

from bot.plugin import Plugin, Settings


class KnowledgeSettings(Settings):
    """What can be adjusted about what the group gets."""

    model_config = ConfigDict(title="干货")


plugin = Plugin(
    "knowledge",
    title="干货",
    summary="说好的分享按时到，承诺兑现了没有记得清清楚楚",
    settings=KnowledgeSettings,
)
