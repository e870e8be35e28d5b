"""Words as people write them, made fit to be said, compared and counted. All functions are pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# Colours and cursor jumps of a terminal, whole: without its ESC the rest would stay readable rubbish.
_TERMINAL = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]"
)
_SPACE = re.compile(r"\s+")
# Letters that are drawn as nothing although Unicode does not call them invisible.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Control, format (zero width, bidi), surrogate and private-use characters.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_AT_SIGNS = str.maketrans({"@": "＠", "﹫": "＠"})

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
           "九": 9, "俩": 2, "仨": 3}  # fmt: skip
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"(\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万俩仨]+|半)"
_SECONDS_IN = {"秒": 1, "分": 60, "刻": 900, "时": 3600, "天": 86400, "周": 604800}
_UNIT_WORDS = {
    "秒": ("秒钟", "秒", "seconds", "second", "secs", "sec", "s"),
    "分": ("分钟", "分", "minutes", "minute", "mins", "min", "m"),
    "刻": ("刻钟", "刻"),
    "时": ("小时", "钟头", "时", "hours", "hour", "hrs", "hr", "h"),
    "天": ("天", "日", "days", "day", "d"),
    "周": ("星期", "礼拜", "周", "weeks", "week", "w"),
}
_UNIT_OF = {word: unit for unit, words in _UNIT_WORDS.items() for word in words}
_UNIT = "(" + "|".join(sorted(_UNIT_OF, key=len, reverse=True)) + ")"
_DURATION_PART = re.compile(_NUMBER + "(个)?(半)?" + _UNIT + "(半)?(?:零|又)?")
_CLOCK = re.compile(
    r"(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|晚|早)?"
    r"(\d{1,2}|[零一二两三四五六七八九十]+)(?:(:|点钟?|时)(?:(\d{1,2}|[零一二三四五六七八九十]+)分?|(半)|(一刻|三刻)|整)?)"
)
# Which hours of a part of the day are said twelve too low, and which are midnight.
_AFTERNOON_HOURS = {"下午": range(1, 12), "傍晚": range(1, 12), "晚上": range(1, 12), "晚": range(1, 12),
                    "夜里": range(7, 12), "半夜": range(10, 12), "中午": range(1, 3)}  # fmt: skip
_NIGHT = ("晚上", "晚", "夜里", "半夜", "凌晨")
_WEEKDAYS = "一二三四五六日"
_NEAR_DAYS = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


# What people say for yes and no, without signs, final particles and repetitions.
_YES = frozenset({"愿意", "我愿意", "好", "好的", "好滴", "好说", "可以", "可以的", "行", "行的", "成", "中",
                  "没问题", "乐意", "同意", "是", "是的", "对", "嗯", "ok", "okay", "yes", "y", "算我一个",
                  "我来"})  # fmt: skip
_NO = frozenset({"不", "不愿意", "我不愿意", "不了", "不行", "不好", "不可以", "不用", "不用了", "不要",
                 "不方便", "不太方便", "不来", "不是", "没空", "没时间", "算了", "免了", "还是算了",
                 "下次", "改天", "不好意思", "抱歉", "否", "别", "no", "n"})  # fmt: skip
_CALLS_EVERYBODY = re.compile(r"[@﹫](?=\s*(?:所有人|全体成员|all\b|everyone\b))", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"^(.+?)\1+$")
_PARTICLES = re.compile(r"(?<=.)[呀啊哦呢吧哈嘞哒啦噢嘛]+$")


class Trusted(str):
    """A text that we made ourselves (a mention, a rendered text): said as it is, line breaks and @ too."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text without terminal codes and without anything that cannot be seen; line breaks stay."""
    if text.isprintable() and _BLANK_LETTERS.isdisjoint(text):
        return text  # Unicode calls nothing printable that is invisible, and no control character
    kept = (
        character
        for character in _TERMINAL.sub("", text)
        if character in "\n\t\r\x0b\x0c\x85"
        or (unicodedata.category(character) not in _INVISIBLE and character not in _BLANK_LETTERS)
    )
    return "".join(kept)


def plain(value: object, limit: int = 300) -> str:
    """Foreign words made harmless for being said aloud, on one line, at most `limit` characters.

    Nobody can smuggle a mention, a line of their own, a direction mark or a terminal code into what the
    bot says. A `Trusted` text is returned as it is. Saying it twice changes nothing.
    """
    if isinstance(value, Trusted):
        return value
    text = _SPACE.sub(" ", visible(str(value))).strip().translate(_AT_SIGNS)
    return shorten(text, limit)


def own_wording(text: str) -> str:
    """What an owner lets the bot say: lines and @ stay, nothing unseen does, and nobody calls everybody."""
    lines = (re.sub(r"\s", " ", line).strip() for line in visible(text).splitlines())
    return _CALLS_EVERYBODY.sub("＠", "\n".join(lines)).strip()


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut is shown by a final …"""
    if len(text) <= limit:
        return text
    return text[: max(limit - 1, 0)].rstrip() + "…"


def normalised(text: str) -> str:
    """The form in which commands and names are compared: NFKC, visible, one space, lower case."""
    folded = unicodedata.normalize("NFKC", visible(text)).casefold()
    return _SPACE.sub(" ", visible(unicodedata.normalize("NFKC", folded))).strip()


def means_everybody(name: str) -> bool:
    """Whether a mention of this name would, or would seem to, call the whole group."""
    return _CALLS_EVERYBODY.match(f"@{normalised(name).strip('@ ')}") is not None


def joined(names: Sequence[str], limit: int = 3, total: int | None = None) -> str:
    """`甲、乙、丙`, or `甲、乙 等 5 位` if there are more than `limit`; `total` counts unnamed ones too."""
    count = len(names) if total is None else max(total, len(names))
    shown = "、".join(names[:limit])
    return shown if count <= min(limit, len(names)) else f"{shown} 等 {count} 位"


def yes_or_no(text: str) -> bool | None:
    """True for 愿意, 好的呀, 行！我来, OK; False for 不了, 不太方便, 下次吧; None for everything else."""
    said = normalised(text).replace("👌", "ok").replace("👍", "ok")
    answers = {_short_answer(part) for part in _SIGNS.split(said) if part}
    return answers.pop() if len(answers) == 1 else _short_answer(_SIGNS.sub("", said))


def _short_answer(said: str) -> bool | None:
    once = _REPEATED.sub(r"\1", said)
    for form in (once, _PARTICLES.sub("", once)):
        if form in _YES or form in _NO:
            return form in _YES
    return None


def number_said(text: str) -> float | None:
    """The number in `30`, `１.5`, `三十`, `一百零五`, `半`; None if it is none."""
    text = normalised(text)
    if re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return float(text)
    if text == "半":
        return 0.5
    if not text or not all(letter in _DIGITS or letter in _TENS or letter == "万" for letter in text):
        return None
    return float(_chinese_number(text))


def _chinese_number(text: str) -> int:
    """The value of Chinese numerals up to 99,999,999; a bare row of digits (`二零二六`) is read as one."""
    if "万" in text:
        high, _, low = text.partition("万")
        return _chinese_number(high or "一") * 10_000 + _chinese_number(low)
    if len(text) > 1 and not any(letter in _TENS for letter in text):
        return int("".join(str(_DIGITS.get(letter, 0)) for letter in text))
    value = digit = 0
    for letter in text:
        if letter in _TENS:
            value += (digit or 1) * _TENS[letter]
            digit = 0
        else:
            digit = _DIGITS.get(letter, 0)
    return value + digit


def parse_duration(text: str) -> timedelta | None:
    """The length of `两小时`, `90分钟`, `半小时`, `一个半小时`, `1h30m`, `一刻钟`; None if it is none."""
    said = normalised(text).replace(" ", "")
    seconds, position, last = 0.0, 0, 0
    while position < len(said):
        part = _DURATION_PART.match(said, position)
        if part is None:
            rest = number_said(said[position:])
            if rest is None or last != _SECONDS_IN["时"]:  # `2小时30` means minutes; a bare `30` nothing
                return None
            return _span(seconds + rest * 60)
        number = number_said(part[1])
        if number is None:
            return None
        last = _SECONDS_IN[_UNIT_OF[part[4]]]
        half = 0.5 if part[3] or part[5] else 0.0
        seconds += (number + half) * last
        position = part.end()
    return _span(seconds) if said else None


def _span(seconds: float) -> timedelta | None:
    """A timedelta, or None for what no calendar can hold."""
    return timedelta(seconds=seconds) if seconds < 100 * 366 * 86400 else None


def parse_clock(text: str) -> str | None:
    """`HH:MM` for `21:30`, `21：30`, `9点半`, `晚上十点`, `下午3点一刻`; None if it is no time of day."""
    match = _CLOCK.fullmatch(normalised(text).replace(" ", ""))
    if match is None:
        return None
    part_of_day, said_hour, separator, said_minute, half, quarter = match.groups()
    if separator == ":" and not (said_minute and said_minute.isdecimal() and len(said_minute) == 2):
        return None  # `21:3` may be 21:30 or 21:03: better to ask
    hour = number_said(said_hour)
    minute = number_said(said_minute) if said_minute else 30 if half else 0
    if quarter:
        minute = 15 if quarter == "一刻" else 45
    if hour is None or minute is None:
        return None
    if hour in _AFTERNOON_HOURS.get(part_of_day, ()):
        hour += 12
    elif hour == 12 and part_of_day in _NIGHT:
        hour = 0
    return f"{int(hour):02d}:{int(minute):02d}" if hour < 24 and minute < 60 else None


def duration_said(duration: timedelta) -> str:
    """`3 小时 20 分`, `2 天`, `45 秒`: the two largest units, seconds only below a minute."""
    seconds = max(round(duration.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} 秒"
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    parts = [(days, "天"), (hours, "小时"), (rest // 60, "分" if days or hours else "分钟")]
    first = next(index for index, (amount, _) in enumerate(parts) if amount)
    return " ".join(f"{amount} {unit}" for amount, unit in parts[first : first + 2] if amount)


def day_said(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`今天`, `明天`, `周三` within the coming six days, else `11月3日 周二`, with the year if it differs."""
    day, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    distance = (day - today).days
    weekday = "周" + _WEEKDAYS[day.weekday()]
    if distance in _NEAR_DAYS:
        return _NEAR_DAYS[distance]
    if 2 < distance < 7:
        return weekday
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日 {weekday}"


def time_said(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`今天 20:30`, `周三 20:30`, `11月3日 周二 20:30` on the clock of `zone`."""
    return f"{day_said(moment, now, zone)} {moment.astimezone(zone):%H:%M}"
