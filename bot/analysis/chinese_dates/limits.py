"""What bounds a schedule: 除了大年初一, 节假日不发, 遇节假日顺延, 到年底, 连续四周, 从下周起. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from bot.analysis.chinese_dates import spans
from bot.analysis.chinese_dates.feasts import FEAST_WORDS
from bot.analysis.chinese_dates.patterns import FEAST, WEEKDAYS, weekdays_in
from bot.analysis.chinese_dates.rules import DAY, Avoided, Days, Shift
from bot.analysis.chinese_dates.tokens import (
    LISTING,
    NUMBER,
    WEEK,
    Again,
    Ask,
    Except,
    Found,
    Lasting,
    Put,
    Since,
    Token,
    Until,
    number,
)

HOLIDAYS = r"(?:(?:国家)?法定)?(?:节假日|节日|假日|假期|公假|放假|公共假期|放假期间|过节|长假|小长假)"
FREE = r"(?:非工作日|休息日|不上班)"
WEEKEND = r"(?:双休日|周末|周六日|周六周日)"
SUBJECT = rf"(?:{HOLIDAYS}|{FREE}|{WEEKEND})"
MEETS = r"(?:如果|如|要是|若|万一|凡)?(?:是)?(?:遇到|遇上|遇|碰到|碰上|碰|赶上|逢|撞上|撞|赶)"

_PUT = re.compile(
    rf"(?:{MEETS})?(?P<subject>{SUBJECT}(?:(?:{LISTING}|或者?|/){SUBJECT})*)"
    r"(?:的话|的时候|那天|时|则|就|,|\s|自动|统一|一律|都|会|再)*"
    r"(?P<how>顺延|延后|推迟|推后|后延|往后推|往后顺|往后挪|往后延|向后推|顺推|延期|提前|往前提|往前挪|提早|挪到|改到|改在|移到|换到)"
    r"(?P<where>(?:到|至|于)?(?:下?一?周(?![一二三四五六日])|1周|一个?星期|下周同一?[天时]间?|次日|第二天|下一天|后一天|一天|1天|隔天"
    r"|(?:下一?个|节后第?一?个?|最近的?一?个?|之后第?一?个?|后第?一?个?|前一?个?|上一?个)?(?:工作日|上班日)|节后|节前|周[一五]|下周[一]))?"
)
_NOT = (
    r"(?:除外|不发|不用发|不要发|不推送?|不更新?|别发|停发|停更|暂停|停一?[次期]?|停|休息|休|不算|跳过|不排|轮空|免"
    r"|不办|不开|不搞|不做|取消|不包括|不含|不提醒|不用提醒|不要了?|算了|免了|不讲|不放|不播|不直播|不聚|不打卡|别来"
    r"|不来)"
)
_ITEM = (
    rf"(?:{HOLIDAYS}|{FREE}|{WEEKEND}|{FEAST}(?:节)?(?:放假|假期|长假|期间|那几天|那天|当天|那周|那个?星期)?"
    rf"|{NUMBER}月(?:份)?{NUMBER}(?:号|日)?|{NUMBER}(?:{LISTING}{NUMBER})*月(?:份)?|{NUMBER}(?:号|日)|{WEEK}{WEEKDAYS}|[寒暑]假)"
)
_ITEMS = rf"(?P<items>{_ITEM}(?:(?:{LISTING}|或者?|/){_ITEM.replace('?P<wd>', '?:')})*)"
_LEAVING_OUT = re.compile(
    rf"(?:除了|除去|除开|除|不含|不包括|不算|避开|跳过|刨除|排除|去掉)\s*(?:在)?{_ITEMS}(?:(?:这|那)?(?:几|两)天)?"
    rf"(?:期间)?\s*(?:之外|以外|外)?(?:\s*,?\s*(?:都|每天都|天天都)(?!{_NOT})(?:发)?|\s*,?{_NOT})?"
)
_LEFT_OUT = re.compile(
    rf"(?:{MEETS})?{_ITEMS}(?:的话|的时候|时候?|当天|那[天周次期回场]|那几天|这[天次期]|期间|就|都|则|也|,|\s)*{_NOT}(?:了)?"
)
_COUNT = rf"(?P<n>{NUMBER})"
_UNIT = r"个?(?P<u>周|星期|礼拜|天|日(?!报)|月|年)"
_LASTING = re.compile(
    rf"(?:(?:接下来的?|往后|今后)?(?:连续|连着|接连|连发|连|持续|为期|坚持|接下来的?|未来|往后|今后){_COUNT}{_UNIT}(?:时间)?(?!后)"
    rf"|(?:发|坚持|持续|搞|做)(?:满|够)?(?P<n2>{NUMBER})个?(?P<u2>周|星期|礼拜|天|月|年)(?:为止|就停|结束)?"
    rf"|(?:一共|总共|共计|共|连续|连发|连讲|连|只|仅|就)(?:发|办|做|讲|分享|推|开|搞|来)?(?P<n3>{NUMBER})(?:次|期|回|场|讲|篇|遍|课|节)(?!课|目)(?:为止|就停|结束)?"
    rf"|(?:发|办|做|讲|推|开|搞|来)?(?:满|够)?(?P<n4>{NUMBER})(?:次|期|回|场|讲|篇|遍|课)(?:为止|就停|结束|后停止?|后结束|就结束))"
)
_AGAIN = re.compile(
    r"(?:以后|之后)?每(?:个?(?:周|星期|礼拜)|天|次)都(?:是|要|发|有|来|这样|如此|一样)?(?=[\s,。;!]|$|[放发讲做办来])"
)
_WORKED_TOO = re.compile(
    r"(?:含|包括|算上)?(?:调休|补班|补的班)(?:上班)?(?:的)?(?:周末|周六日?|那天|日子|日)?(?:上班)?(?:也|照常|照样|都|要|一样|正常|照)*(?:发|算|上|有)?"
)
"""Weekends that are worked are workdays anyway: saying so changes nothing."""

_UNTIL = re.compile(r"(?<![碰遇赶等找提收轮想看听说])(?:一直)?(?:持续)?(?:到|至|截止到?|截至|直到|止于)\s*")
_UNTIL_END = re.compile(r"(?P<before>(?:之|以)?前)?(?:为止|止|结束|截止|就停|停)?")
_ENDS = re.compile(r"(?P<before>(?:之|以)?前)?(?:为止|截止|止|结束)|(?P<only>(?:之|以)?前)(?=每|\s*,)")
_SINCE = re.compile(r"(?:从|自|打|(?:第一次|首次|第一期|首期|头一次|第一回)(?:是|在|从|定在|就是|放在)?)\s*")
_SINCE_END = re.compile(
    r"\s*(?:起|开始|以后|之后|以来|(?:是|算|作为|为)?(?:第一次|首次|第一期|首期|头一次|第一回|开头))(?:的)?"
)


def read_limit(said: str, at: int, now: datetime) -> Found | None:
    """What bound stands at this place."""
    again = _AGAIN.match(said, at)
    if again is not None:
        return Found(at, again.end(), Again())
    worked = _WORKED_TOO.match(said, at)
    if worked is not None:
        return Found(at, worked.end(), Except(()))
    for pattern, read in ((_PUT, _put), (_LEAVING_OUT, _except), (_LEFT_OUT, _except), (_LASTING, _lasting)):
        match = pattern.match(said, at)
        if match is not None:
            return Found(at, match.end(), _tried(read, match, now))
    return _until(said, at, now) or _since(said, at, now)


def _tried(read, match: re.Match[str], now: datetime) -> Token | Ask:  # type: ignore[no-untyped-def]
    try:
        token: Token | Ask = read(match, now)
    except Ask as question:
        return question
    return token


def _put(match: re.Match[str], now: datetime) -> Token | Ask:
    subject, where = match["subject"], match["where"] or ""
    avoided: list[Avoided] = []
    for name, pattern in (("weekend", WEEKEND), ("day_off", FREE), ("holiday", HOLIDAYS)):
        if re.search(pattern, subject):
            avoided.append(name)  # type: ignore[arg-type]
    is_before = match["how"] in ("提前", "往前提", "往前挪", "提早") or "前" in where or "上一" in where
    is_week = "星期" in where or ("周" in where and not re.search("周[一五]", where))
    shift: Shift = "before" if is_before else "week" if is_week else "after"
    return Put(tuple(avoided), shift)


def _except(match: re.Match[str], now: datetime) -> Token | Ask:
    found = [day for one in re.finditer(_ITEM, match["items"]) for day in _excluded(one, now)]
    return Except(tuple(found))


def _excluded(item: re.Match[str], now: datetime) -> list[Days]:
    said = item[0]
    if said in ("寒假", "暑假"):
        raise Ask("which_feast", said)
    if re.fullmatch(HOLIDAYS, said):
        return [Days("days_off")]
    if re.fullmatch(FREE, said):
        return [Days("free")]
    if re.fullmatch(WEEKEND, said):
        return [Days("weekly", (5, 6))]
    if item["wd"]:
        return [Days("weekly", weekdays_in(item["wd"]))]
    feast = re.match(FEAST, said)
    if feast:
        name, is_day = FEAST_WORDS[feast[0]], re.search("那天|当天", said) is not None
        return [Days("feast", feast=name, whole_holiday=not is_day)]
    numbers = tuple(number(one) for one in re.findall(NUMBER, said))
    if "月" not in said:
        return [Days("monthly", numbers)]
    if re.search(rf"月(?:份)?{NUMBER}", said):
        return [Days("monthly", numbers[1:], months=numbers[:1])]
    return [Days("daily", months=numbers)]


def _lasting(match: re.Match[str], now: datetime) -> Token | Ask:
    count = number(match["n"] or match["n2"] or match["n3"] or match["n4"])
    if not 1 <= count <= 1000:
        return Ask("too_intricate", match[0])
    unit = match["u"] or match["u2"]
    if not unit:
        return Lasting(count, "times")
    units = {"天": "day", "日": "day", "月": "month", "年": "year"}
    return Lasting(count, units.get(unit, "week"))  # type: ignore[arg-type]


def _until(said: str, at: int, now: datetime) -> Found | None:
    head = _UNTIL.match(said, at)
    if head is not None:
        span = spans.read_span(said, head.end(), now)
        if span is None:
            return None
        end = _UNTIL_END.match(said, span.end)
        assert end is not None
        return Found(at, end.end(), _last_day(span, bool(end["before"])))
    span = spans.read_span(said, at, now)
    end = _ENDS.match(said, span.end) if span is not None else None
    if span is None or end is None:
        return None
    return Found(at, end.end(), _last_day(span, bool(end["before"] or end["only"])))


def _last_day(span: spans.Span, is_before: bool) -> Token | Ask:
    if isinstance(span.what, Ask):
        return span.what
    first, last = span.what
    if is_before:
        return Until(first - DAY)
    return Until(first if span.is_feast else last)


def _since(said: str, at: int, now: datetime) -> Found | None:
    head = _SINCE.match(said, at)
    span = spans.read_span(said, head.end() if head else at, now)
    if span is None:
        return None
    end = _SINCE_END.match(said, span.end)
    is_named = head is not None and head[0][0] in "第首头"
    is_span = is_named or (head is not None and _UNTIL.match(said, span.end) is not None)
    if end is None and not is_span:
        return None
    where = end.end() if end else span.end
    if isinstance(span.what, Ask):
        return Found(at, where, span.what)
    is_after = end is not None and ("以后" in end[0] or "之后" in end[0])
    first, last = span.what
    return Found(at, where, Since(last + DAY if is_after else first))
