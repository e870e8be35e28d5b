"""How many come, and whether at all, from what stands behind a name on a 接龙. Pure."""

from __future__ import annotations

import re

from bot.words import number_said

MOST = 30
"""Persons of one line; greater numbers are telephone numbers and the like."""
_N = r"(\d{1,2}(?!\d)|[一二两俩仨三四五六七八九十]{1,2})"
_WHO = (
    r"(?:家属|家人|老婆|老公|爱人|媳妇|太太|夫人|先生|对象|[男女]友|[男女]?朋友|小伙伴|伙伴|同事|同学|闺蜜|兄弟|室友|队友"
    r"|老师|大人|成人|小娃|萌娃|娃娃|娃|孩子|小孩儿?|小朋友|儿童|儿子|女儿|闺女|宝宝|宝贝|宝|爸妈|父母|爸爸?|妈妈?|老人"
    r"|弟弟?|妹妹?|哥哥?|姐姐?|孩)"
)
_NOT = re.compile(
    rf"(?:不|没|没有|未)(?:能|方便)?[带携和]\S{{0,4}}?{_WHO}|{_WHO}[不没](?:来|去|能来)|一个人|独自|单独"
)
_PLUS = re.compile(rf"[+＋]\s*{_N}(?!\s*[大小])")
_PLUS_WHO = re.compile(rf"[+＋]\s*{_WHO}")
_BIG_SMALL = re.compile(
    rf"([+＋]?)\s*{_N}\s*个?(?:大人|大|成人)\s*[+＋、，, ]?\s*(?:{_N}\s*个?(?:小孩|小朋友|小|娃|儿童))?"
)
_HOUSEHOLD = re.compile(rf"{_N}\s*口(?!子)")
_BROUGHT = re.compile(
    rf"[带携领偕][着了上]?\s*{_N}\s*(?:[个位名只]?\s*\S{{0,3}}?{_WHO}|个?人|[个位名](?=$|[\s,，;；。]))"
)
_BESIDE = re.compile(rf"[和跟与加、，,+＋]\s*{_N}\s*[个位名只]\s*\S{{0,3}}?{_WHO}")
_FAMILY = re.compile(rf"(?:家属|朋友|孩子|娃)\s*{_N}\s*[个位名人]")
_TOTAL = re.compile(
    rf"{_N}\s*(?:个名额|名额|个人|人|位|名)(?!均)|[x×*]\s*{_N}|(?:^|[\s/／|｜:：]){_N}(?=$|[\s,，;；。/／|｜])"
)
_FIRST = re.compile(rf"{_N}\s*(?:个人|人|位|名)(?=$|[\s,，;；。])")
_TWO = re.compile(
    rf"[带携领偕][着了上]?\S{{0,4}}?{_WHO}|[和跟与]\S{{0,3}}?{_WHO}|家属|夫妇|夫妻|[两俩]口子|双人"
)
_ALONE = re.compile(
    rf"(?:(?<=^)|(?<=[\s,，;；/／、:：|｜—–~-]))(?:一?共|总共|合计|总计)?\s*"
    rf"(?:1?[+＋]?\s*{_N}\s*(?:个名额|名额|个人|人|位|名)?|[x×*]\s*{_N})(?=$|[\s,，;；/／、。|｜])"
)
_PLUS_BEFORE = re.compile(rf"[+＋]\s*{_N}\s*(?![个位名岁年月日点时分大小]|\d)(?:人|位)?[,，\s]*")
_MAYBE = re.compile(r"可能|也许|或许|不一定|说不定|万一|如果|要是|看情况|待定|争取|尽量|不确定")
_LEAVES = re.compile(
    r"(?:[来去到]|参加|参与|出席)不[了成]|[来去]不及参加|(?:不|没法|无法|不能)(?:[来去]|参加|参与|出席)(?:了|啦|$)"
    r"|(?:^|[\s,，;；])不[来去到](?:了|啦|$)|取消|退出|(?:^|\s)(?:退了?|[×✕✗])(?=$|\s)|请假|没空|没时间|放弃|鸽了|下次(?:吧|再)|(?i:cancel)"
)


def people_in(said: str) -> int:
    """Persons that a line stands for: 1 unless more is said, at least two where somebody brings others."""
    said = _NOT.sub(" ", said)
    found = _explicit(said) or _implied(said)
    return found if 1 <= found <= MOST else 1


def is_leaving(said: str) -> bool:
    """Whether somebody wrote behind their name that they do not come; 待定 and 可能 still stand."""
    return _LEAVES.search(said) is not None and _MAYBE.search(said) is None


def without_counts(said: str) -> str:
    """What is said beside a bare number of persons."""
    return _PLUS_BEFORE.sub("", _ALONE.sub("", said))


def _explicit(said: str) -> int:
    if match := _FIRST.match(said):
        return _number(match[1])
    plus = sum(_number(one) for one in _PLUS.findall(said))
    if plus:
        return 1 + plus
    sizes = [bool(more) + _number(big) + _number(small) for more, big, small in _BIG_SMALL.findall(said)]
    if sizes:
        return sum(sizes)
    if match := _HOUSEHOLD.search(said):
        return _number(match[1])
    brought = _sum(_BROUGHT, said)
    brought = brought + _sum(_BESIDE, said) if brought else _sum(_FAMILY, said)
    if brought:
        return 1 + brought
    match = _TOTAL.search(said)
    return _number(match[1] or match[2] or match[3]) if match else 0


def _implied(said: str) -> int:
    added = len(_PLUS_WHO.findall(said))
    return 1 + added if added else 2 if _TWO.search(said) else 1


def _sum(pattern: re.Pattern[str], said: str) -> int:
    return sum(_number(match[1]) for match in pattern.finditer(said))


def _number(said: str) -> int:
    return int(number_said(said) or 0) if said else 0
