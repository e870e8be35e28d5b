"""One line of a 接龙: who, how many, and what else they wrote. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from bot.words import normalised
from plugins.meetups.jielong.marks import holds_number, numbered
from plugins.meetups.jielong.people import is_leaving, people_in, without_counts

LONGEST_NAME = 40
LONGEST_NOTE = 120
MOST_QUOTES = 2
"""So many 「 before a name may be quotes around quotes."""
_OPEN, _CLOSE = "「", "」"
_BRACKETED = re.compile(r"[(（\[【〔{｛]([^)）\]】〕}｝]*)(?:[)）\]】〕}｝]|$)")
_STRUCK = re.compile("~~(.+?)~~|\u0336|[❌✖❎🚫🙅🈚]️?")
_BREAK = re.compile(
    r"\s+|[+＋,，:：;；/／|｜~～—–(（\[【〔{｛、&＆]|-(?=\s*(?:\d|[一二两俩三四五六]?[带人位晚]))|$"
)
_NICKNAME = re.compile("[小阿老大][\u3400-\u9fff](?![\u3400-\u9fff])")
"""小郭, 阿牧: after a word and a space it is still the name, as in 财务 小郭."""
_LATIN = re.compile(r"[A-Z][A-Za-z.'’-]*$")
_NAMES = re.compile(r"[\u3400-\u9fff]{2,4}(?:\s*[、&＆]\s*[\u3400-\u9fff]{2,4})+")
_AFTER_NAME = re.compile(
    r"(?:\d+|[一二两俩仨三四五六七八九十]+)\s*(?:个?人|位|大|口|名)|[x×*]\s*\d|一家|全家|不?带|携|偕"
    r"|[和跟与](?:家属|老婆|老公|爱人|媳妇|太太|先生|[男女]友|[男女]?朋友|同[事学]|闺蜜|娃|孩子|[儿女][子儿])"
    r"|可能|也许|估计|尽量|争取|晚到|晚点|晚一|迟到|迟一|早走|先走|[来去到]不了|不[来去]|取消|退出|请假|待定|候补"
    r"|夫妇|夫妻|[两俩]口子|吃素|素食|不吃|自驾|有车|开车|第一次"
)
ONE_PERSON = "1人"
_EDGES = " \t,，;；:：/／|｜、~～—–-。.·"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on the list. `count` is persons, `by` who wrote the line, `listed` if a list has shown it."""

    name: str
    count: int = 1
    note: str = ""
    is_coming: bool = True
    by: str = ""
    is_listed: bool = True
    number: int = 0

    @property
    def key(self) -> str:
        """The form in which names are compared."""
        return normalised(self.name)

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing but a name."""
        return self.count == 1 and not self.note and self.is_coming


def entries_in(body: str, known: Collection[str] = (), number: int = 0) -> Iterator[Entry]:
    """Whom a line names, without its number: mostly one person, none for a blank slot."""
    body = " ".join(body.split())
    if _NAMES.fullmatch(body) and not _AFTER_NAME.search(body, 2):
        for name in re.split(r"\s*[、&＆]\s*", body):
            yield Entry(name, number=number)
        return
    entry = entry_in(body, known)
    if entry.name:
        yield replace(entry, number=number)


def entry_in(body: str, known: Collection[str] = ()) -> Entry:
    """The one person of a line; an empty name where there is nobody."""
    name, rest = _literal(body.strip())
    is_struck = False
    if not name:
        is_struck = _STRUCK.search(body) is not None
        name, rest = _cut(_STRUCK.sub(r"\1", body).strip().removeprefix("@").strip(), known)
        name = name.strip(_EDGES.replace(".", ""))
    said = " ".join(_BRACKETED.sub(r" \1 ", rest).split())
    note = without_counts(said).strip(_EDGES)[:LONGEST_NOTE]
    return Entry(name[:LONGEST_NAME], people_in(said), note, not (is_struck or is_leaving(said)))


def line_of(entry: Entry) -> str:
    """How the bot writes a line, such that it reads the same again."""
    name = entry.name if reads_as_name(entry.name) else f"{_OPEN}{entry.name}{_CLOSE}"
    said = name if entry.count == 1 else f"{name} +{entry.count - 1}"
    if not entry.note:
        return said
    if entry.count == 1 and people_in(entry.note) != 1:
        said = f"{name} {ONE_PERSON}"
    return f"{said}（{entry.note}）"


def reads_as_name(name: str) -> bool:
    """Whether a name alone on a line is read as this name and nothing else."""
    if holds_number(name) or numbered(f"1. {name}", 0) != [(1, name)]:
        return False
    found = list(entries_in(name))
    return [one.name for one in found] == [name] and found[0].is_bare


def _literal(body: str) -> tuple[str, str]:
    """A name in 「」 that could not stand without, and the rest; empty if it is nothing of the kind."""
    if body.startswith(_OPEN * (MOST_QUOTES + 1)):
        return "", ""
    depth = 0
    for place, letter in enumerate(body):
        depth += (letter == _OPEN) - (letter == _CLOSE)
        if not depth:
            inner = body[1:place]
            is_needed = 0 < len(inner) <= LONGEST_NAME and not reads_as_name(inner)
            return (inner, body[place + 1 :]) if is_needed else ("", "")
    return "", ""


def _cut(body: str, known: Collection[str]) -> tuple[str, str]:
    """The name and what follows it."""
    for name in sorted((one for one in known if one), key=len, reverse=True):
        rest = body[len(name) :]
        if body.startswith(name) and (not rest or _BREAK.match(rest) or _AFTER_NAME.match(rest)):
            return name, rest
    end = _name_end(body, known)
    told = _AFTER_NAME.search(body, 1, end) if end > 1 else None
    end = told.start() if told else end
    return body[:end], body[end:]


def _name_end(body: str, known: Collection[str]) -> int:
    """Where the first word ends; a Latin name may have several."""
    for match in _BREAK.finditer(body):
        before, after = body[: match.start()], body[match.end() :]
        follows = after.split(" ")[0]
        is_latin = _LATIN.search(before.split(" ")[-1]) and _LATIN.match(follows)
        is_one = is_latin or _NICKNAME.match(after) or follows in known
        if match.start() and not (match[0].isspace() and is_one):
            return match.start()
    return len(body)
