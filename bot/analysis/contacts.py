"""What in a text leads away from where it was said: addresses, numbers, calls to write somebody. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 2_000

_DOMAIN = re.compile(
    r"(?:https?://|www\.)([a-z0-9][a-z0-9.\-]{2,80})|(?<![@a-z0-9.\-])([a-z0-9\-]{2,40}\.(?:com|net|cn|cc|me|top|xyz|"
    r"vip|app|org|info|shop|club|life|site|store))(?![a-z0-9\-])"
)
_CALL = re.compile(
    r"加[我微薇威v]|[+➕]\s?[v微薇]|私[聊我信]|微信号?[:： ]*[a-z0-9_\-]{5,}|"
    r"(?<![a-z])vx?[:： ]*[a-z0-9_\-]{5,}|薇信|威信|卫星号|扣扣|(?<![a-z])qq[:： ]*\d{5,}|"
    r"扫码|二维码|联系我|滴滴我|进群领|@[a-z0-9_]{5,}(?=.{0,30}(?:飞机|tg|电报))|t\.me/"
)
_NUMBER = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ASKS = re.compile(
    r"链接|地址|网址|怎么(?:联系|加|买|报名)|哪[里儿]有?(?:买|下载)|求.{0,6}(?:推荐|资源|联系|名片|微信|群)|多少钱|"
    r"有(?:没有)?人.{0,6}(?:卖|出|转|做)|微信(?:多少|号)|发(?:我|一下|个)|加(?:个|下)微信|"
    r"\b(?:link|url|where can)\b"
)
_TWO_PARTS = frozenset({"com.cn", "net.cn", "org.cn", "gov.cn", "edu.cn", "co.uk", "com.hk", "com.tw"})

KNOWN_PLACES = frozenset(
    {"qq.com", "bilibili.com", "b23.tv", "zhihu.com", "github.com", "github.io", "gitlab.com", "gitee.com",
     "stackoverflow.com", "youtube.com", "youtu.be", "wikipedia.org", "douban.com", "baidu.com", "google.com",
     "docker.com", "npmjs.com", "medium.com", "python.org", "csdn.net", "juejin.cn", "jianshu.com",
     "weibo.com", "163.com", "gov.cn", "edu.cn", "apple.com", "microsoft.com"}
)  # fmt: skip
"""Where people find what they talk about: an address there says little about who gives it."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """What was found. `domains` are registered names (`example.com`), without those everybody knows."""

    domains: tuple[str, ...] = ()
    calls: bool = False
    number: bool = False

    @property
    def any(self) -> bool:
        """Whether the text calls people away from here, or gives a way to."""
        return self.calls or self.number


def contacts_in(text: str) -> Contacts:
    """The ways out of here that a text offers."""
    plain = ordinary(text)
    found = {registered(one or other) for one, other in _DOMAIN.findall(plain)}
    compact = re.sub(r"(?<=\d)[ \-](?=\d)", "", plain)
    return Contacts(
        domains=tuple(sorted(found - KNOWN_PLACES)),
        calls=_CALL.search(plain) is not None,
        number=_NUMBER.search(compact) is not None,
    )


def asks_for_contact(text: str) -> bool:
    """Whether a text asks for an address, a price, a way to reach somebody: what answers it is no ad."""
    return _ASKS.search(ordinary(text)) is not None


def registered(host: str) -> str:
    """`example.com` for `www.shop.example.com`, `example.com.cn` for `a.example.com.cn`."""
    parts = host.strip(".-").split(".")
    size = 3 if ".".join(parts[-2:]) in _TWO_PARTS else 2
    return ".".join(parts[-size:])


def ordinary(text: str) -> str:
    """Small letters of ordinary width, without what cannot be seen."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    return "".join(one for one in folded if unicodedata.category(one) != "Cf")
