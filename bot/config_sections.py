"""The sections of config.yaml that belong to the bot itself, with their defaults and limits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.plugin import Settings

ENDPOINT_VARIABLE = "WECHATY_PUPPET_SERVICE_ENDPOINT"
TOKEN_VARIABLE = "WECHATY_PUPPET_SERVICE_TOKEN"
MODEL_ADDRESS_VARIABLE = "QUNXING_LLM_ADDRESS"
MODEL_KEY_VARIABLE = "QUNXING_LLM_KEY"
MODEL_NAME_VARIABLE = "QUNXING_LLM_MODEL"


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("timezone", "a time zone such as Asia/Shanghai") from None
    return name


def endpoint_checked(address: str) -> str:
    """The address without spaces around it, if it is `host:port` or nothing; raises otherwise."""
    match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})", address.strip())
    if address and (match is None or not 0 < int(match[2]) < 65536):
        raise PydanticCustomError("endpoint", "host:port")
    return address.strip()


class BotSettings(Settings):
    """The bot itself."""

    name: str = Field(
        default="小群星", min_length=1, max_length=20, title="名字", description="机器人怎么称呼自己"
    )
    data_folder: Path = Field(
        default=Path("data"), title="数据文件夹", description="数据库、备份、日志放在哪里"
    )
    timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        default="Asia/Shanghai", title="时区", description="群友们看的是哪里的钟"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", title="日志详细程度", description="平时 info，查问题时 debug"
    )
    seed: int | None = Field(default=None, title="随机种子", description="留空就好；演示时写个数，每次都一样")

    @property
    def zone(self) -> ZoneInfo:
        """The group's clock."""
        return ZoneInfo(self.timezone)


class GatewaySettings(Settings):
    """The line to WeChat. Its token is `Config.token`."""

    endpoint: Annotated[str, AfterValidator(endpoint_checked)] = Field(
        default="", title="网关地址", description=f"网关的 地址:端口；环境变量 {ENDPOINT_VARIABLE} 优先"
    )
    tls: bool = Field(default=False, title="加密连接", description="网关开了 TLS 才打开")
    request_timeout_seconds: float = Field(
        default=20, gt=0, le=300, title="请求超时", description="网关办一件事最多等几秒"
    )
    ping_seconds: float = Field(
        default=30, ge=5, le=600, title="心跳间隔", description="隔几秒问一声网关还在不在"
    )
    take_over: bool = Field(
        default=False,
        title="接管连接",
        description="网关上还挂着别的连接时请它走；只在那一头确定是自己的旧连接（比如死机重启后）时打开",
    )


class SendingSettings(Settings):
    """How fast this WeChat account speaks, all groups together."""

    pause_seconds_min: float = Field(
        default=3, ge=0, le=60, title="最短停顿", description="两条消息之间至少停几秒"
    )
    pause_seconds_max: float = Field(
        default=8, ge=0, le=120, title="最长停顿", description="两条消息之间最多停几秒"
    )
    account_per_minute: int = Field(
        default=8, ge=1, le=30, title="账号每分钟上限", description="这个微信号一分钟最多发几条，所有群加起来"
    )
    split_at: int = Field(default=1500, ge=200, le=1900, title="长文拆条", description="超过几个字拆成两条")

    @model_validator(mode="after")
    def _pauses_in_order(self) -> SendingSettings:
        if self.pause_seconds_min > self.pause_seconds_max:
            raise PydanticCustomError("pause_order", "pause_seconds_min exceeds pause_seconds_max")
        return self


class KeepingSettings(Settings):
    """How long what is stored stays."""

    text_days: int = Field(default=365, ge=1, le=3650, title="聊天保留", description="群聊文字留几天")
    counts_days: int = Field(
        default=0, ge=0, le=3650, title="次数保留", description="谁什么时候说过一句话留几天，0 就是一直留着"
    )
    events_days: int = Field(default=30, ge=2, le=3650, title="事件保留", description="处理记录留几天")
    audit_days: int = Field(
        default=365, ge=30, le=3650, title="操作记录保留", description="群主操作记录留几天"
    )
    media_days: int = Field(
        default=60, ge=1, le=3650, title="图片保留", description="标记过的图片和文件留几天"
    )
    backups: int = Field(default=7, ge=0, le=100, title="备份份数", description="每天一份，留最近几份")


class AlertSettings(Settings):
    """Whom to tell when the bot itself is in trouble."""

    webhook: str | None = Field(
        default=None, pattern=r"^https?://", title="告警网址", description="出事时往这个网址 POST 一条 JSON"
    )
    command: str | None = Field(
        default=None, title="告警命令", description="出事时运行这条命令，说明走标准输入"
    )
