"""The declaration of 建群: its settings and its one value, which every topic file adds to."""

from __future__ import annotations

from pydantic import Field

from bot.plugin import Plugin, Settings
from plugins.founding.tables import Founding


class FoundingSettings(Settings):
    """How names are offered, and how long drafts are kept."""

    names_shown: int = Field(default=6, ge=3, le=9, title="起名几个", description="建群时一次给几个群名挑")
    names_by_model: bool = Field(
        default=False,
        title="大模型起名",
        description="起名时也请大模型想几个（要装 llm 并设好）；它不在就照自己的来",
    )
    keep_days: int = Field(
        default=90, ge=7, le=365, title="建群稿保留", description="聊完的建群稿留几天，过后删掉"
    )


plugin = Plugin(
    "founding",
    title="建群",
    summary="几句话聊清楚群为什么在，起名、公告、群规、头三周，一样样备好",
    settings=FoundingSettings,
    tables=[Founding],
)
