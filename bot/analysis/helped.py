"""From exchanges to help: each answer that helped a person, and what in the talk speaks against somebody."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.analysis.credence import answers_like_a_machine
from bot.analysis.exchanges import Answer, Exchange
from bot.analysis.hollow import is_hollow
from bot.analysis.lines import Line
from bot.analysis.originality import Told, is_echo
from bot.analysis.questions import only_asks
from bot.analysis.text import words_of
from bot.analysis.thanks import asks_for_thanks, is_gift, thanks_in
from bot.analysis.usefulness import Helped

SURE_ENOUGH = 0.35
"""An answer that is less sure than this, and was not thanked for, is no help."""

TOLD = 0.8
"""How sure an answer is when nothing was asked but a problem told, unless the other thanked for it."""

LEAST_WORDS = 4
"""An answer with fewer words helps only whoever thanks for it."""

ECHOES_SHARE = 0.1
REFUTED, REFUTED_SHARE = 2, 0.25
SAME_WORDS = 3
ADS_FROM = 2
ADS_SHARE = 0.2
SHORTEST_AD, LONGEST_AD = 12, 1000
KEPT = 1 << 14
"""Verdicts on texts that are kept: what is thrown into a group is thrown into it again."""


class HelpFact(NamedTuple):
    """One person helped another, and what is wrong with it.

    The answer only says again what others had told the asker; somebody said that it did not help; it is
    thanks, praise or a word or two.
    """

    helped: Helped
    is_copy: bool = False
    is_refuted: bool = False
    is_empty: bool = False
    is_begged: bool = False


@dataclass(slots=True)
class Spoken:
    """An answer in its own words. `told` is what others have said to the asker: to compare it with.

    What is wrong with the words is found out when it is asked for, once.
    """

    line: Line
    told: Sequence[Told] = ()
    is_refuted: bool = False
    asks: bool = False
    _is_copy: bool | None = None
    _says: tuple[bool, bool, bool, bool] | None = None

    @property
    def is_copy(self) -> bool:
        """Whether it mostly says what somebody else had told the asker that day, whatever is around it."""
        if self._is_copy is None:
            self._is_copy = is_echo(self.line, self.told)
        return self._is_copy

    @property
    def says(self) -> tuple[bool, bool, bool, bool]:
        """Whether it is thanks or praise, a word or two, asks for thanks, and whether it answers nothing."""
        if self._says is None:
            is_text = self.line.kind == "text"
            text = self.line.text
            gives_thanks = is_text and (thanks_in(text) is not None or is_gift(text))
            is_short = is_text and len(words_of(self.line.text)) < LEAST_WORDS
            is_nothing = is_text and ((self.asks and only_asks(text)) or is_hollow(text))
            self._says = gives_thanks, is_short, is_text and asks_for_thanks(text), is_nothing
        return self._says

    def judge(self, is_copy: bool, says: tuple[bool, bool, bool, bool]) -> None:
        """What was found out about the words before; they need not be known any more."""
        self._is_copy, self._says = is_copy, says

    def is_empty(self, *, thanked: bool) -> bool:
        """Whether it holds nothing: thanks and praise, and a word or two for which nobody gave thanks."""
        gives_thanks, is_short, *_ = self.says
        return gives_thanks or (is_short and not thanked)


def facts_of(exchange: Exchange, spoken: Mapping[int, Spoken]) -> list[HelpFact]:
    """One fact for each person who helped somebody else by an answer."""
    by_helper: dict[int, list[Answer]] = defaultdict(list)
    for answer in exchange.answers:
        if answer.member != exchange.asker:
            by_helper[answer.member].append(answer)
    found = (_fact(exchange, answers, spoken) for answers in by_helper.values())
    return [one for one in found if one.helped.confidence >= SURE_ENOUGH or one.helped.thanked]


def _fact(exchange: Exchange, answers: list[Answer], spoken: Mapping[int, Spoken]) -> HelpFact:
    helped = _helped(exchange, answers)
    words = spoken.get(helped.answer or 0)
    if words is None:
        return HelpFact(helped)
    said = [one.says for one in (spoken.get(each.message) for each in answers) if one is not None]
    is_empty = words.is_empty(thanked=helped.thanked) or all(each[3] for each in said)
    return HelpFact(helped, words.is_copy, words.is_refuted, is_empty, any(each[2] for each in said))


def _helped(exchange: Exchange, answers: list[Answer]) -> Helped:
    best = max(answers, key=lambda one: (one.message == exchange.closed_by, one.confidence))
    thanked = best.member in exchange.thanked
    sure = max(one.confidence for one in answers)
    return Helped(
        helper=best.member, asker=exchange.asker, question=exchange.question, answer=best.message,
        at=best.at, confidence=TOLD * sure if exchange.is_told and not thanked else sure, thanked=thanked,
        closed=any(one.message == exchange.closed_by for one in answers),
        seconds=(answers[0].at - exchange.asked_at).total_seconds(), heard=best.member in exchange.heard,
    )  # fmt: skip


def echoers(given: Iterable[HelpFact]) -> set[int]:
    """Who says again what others have said as a habit, not by a chance."""
    copies: dict[int, dict[int, bool]] = defaultdict(dict)
    for one in given:
        if one.helped.answer is not None:
            copies[one.helped.helper][one.helped.answer] = one.is_copy
    return {
        member
        for member, answers in copies.items()
        if any(answers.values()) and sum(answers.values()) >= ECHOES_SHARE * len(answers)
    }


def unreliable(given: Iterable[HelpFact]) -> set[int]:
    """Whose answers did not hold too often."""
    count, wrong = Counter[int](), Counter[int]()
    for one in given:
        count[one.helped.helper] += 1
        wrong[one.helped.helper] += one.is_refuted
    return {
        member
        for member, number in wrong.items()
        if number >= REFUTED and number >= REFUTED_SHARE * count[member]
    }


def machines(helped: Iterable[Helped]) -> set[int]:
    """Who answers faster or more evenly than people can."""
    delays: dict[int, list[float]] = defaultdict(list)
    for one in helped:
        if one.seconds is not None:
            delays[one.helper].append(one.seconds)
    return {member for member, all_of in delays.items() if answers_like_a_machine(all_of)}


def sellers(said: Mapping[int, int], sold: Mapping[int, Sequence[int]]) -> set[int]:
    """Who posts advertisements, by the words that only those have, or says the same long thing again.

    `said` is how often each person spoke, `sold` holds a number for each of their advertisements, the same
    for the same words.
    """
    return {
        member
        for member, texts in sold.items()
        if max(Counter(texts).values()) >= SAME_WORDS
        or (len(texts) >= ADS_FROM and len(texts) >= ADS_SHARE * said[member])
    }


@lru_cache(KEPT)
def sells(text: str) -> bool:
    """Whether a text offers goods or asks to be added privately, as advertisements do."""
    return len(text) <= LONGEST_AD and sum(1 for words in _selling() if words.search(text)) >= ADS_FROM


def bare(text: str) -> str:
    """A text without its signs and spaces."""
    return re.sub(r"\W+", "", text)


@cache
def _selling() -> tuple[re.Pattern[str], ...]:
    """Different signs of an advertisement; two of them make one."""
    words = json.loads(Path(__file__).with_name("selling.json").read_text(encoding="utf-8"))
    return tuple(re.compile("|".join(alternatives), re.IGNORECASE) for alternatives in words.values())
