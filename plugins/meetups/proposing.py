"""Which topics a group would meet for, in which form, and why. Pure: evidence in, proposals out.

A topic is a word that people ask about and talk about more than usual, or something that was named: a wish,
a share, a stage that somebody accepted. People count, not messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.analysis.topics import rarity
from plugins.meetups.topic_words import topic_words

COUNT = 3
COMMON = 0.3
"""A word that so large a part of the people used is what the group is about, not a topic in it."""

LEAST_TALKERS = 4
LEAST_ASKERS = 2
MANY_QUESTIONS = 3
COVERS = 3
"""Who helped so many different people with a topic, and gave half of the answers, could give a talk on it."""

SAME = 0.5
"""Topics that share so much of their questions are one."""

Named = Literal["wish", "share", "stage", "pool"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked: by whom, who answered (nobody: it is open)."""

    message: int
    person: int
    text: str
    helpers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that was named: a wish, a share, an accepted stage, a question left to a table."""

    kind: Named
    text: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the last weeks hold. `users` and `users_before`: for each word who used it, then and before.

    `people` and `people_before` are those who said anything; `of_the_group`: words for what it is about.
    """

    asked: Sequence[Asked] = ()
    matters: Sequence[Matter] = ()
    users: Mapping[str, frozenset[int]] = field(default_factory=dict)
    people: int = 0
    users_before: Mapping[str, frozenset[int]] = field(default_factory=dict)
    people_before: int = 0
    of_the_group: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic, its form, who would give the talk, its questions, and the reasons (`why_…` in the texts)."""

    title: str
    form: Literal["talk", "round"]
    score: float
    speaker: int | None
    questions: tuple[int, ...]
    reasons: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class _Topic:
    title: str
    words: frozenset[str]
    asked: list[Asked]
    matters: list[Matter]
    talkers: int


def proposals(evidence: Evidence, count: int = COUNT) -> list[Proposal]:
    """The topics that most speaks for, the best first."""
    words_of = {one.message: topic_words(one.text) for one in evidence.asked}
    found = [_proposal(one, evidence) for one in _topics(evidence, words_of)]
    ranked = sorted((one for one in found if one.score > 0), key=lambda one: (-one.score, one.title))
    chosen: list[Proposal] = []
    for one in ranked:
        if len(chosen) < count and not any(_is_same(one, other) for other in chosen):
            chosen.append(one)
    return chosen


def _topics(evidence: Evidence, words_of: Mapping[int, frozenset[str]]) -> list[_Topic]:
    named = [matter for matter in evidence.matters if matter.kind != "pool"]
    topics = [_topic(matter.text, topic_words(matter.text), evidence, words_of) for matter in named]
    counts = Counter(word for words in words_of.values() for word in words)
    pooled = {word for one in evidence.matters if one.kind == "pool" for word in topic_words(one.text)}
    for word in sorted({*counts, *pooled}):
        if not _is_common(word, evidence):
            topic = _topic(word, frozenset({word}), evidence, words_of)
            topic.title = _with_companion(word, topic, words_of, evidence)
            topics.append(topic)
    return [one for one in topics if _is_enough(one)]


def _topic(
    title: str, words: frozenset[str], evidence: Evidence, words_of: Mapping[int, frozenset[str]]
) -> _Topic:
    telling = frozenset(word for word in words if not _is_common(word, evidence))
    asked = [one for one in evidence.asked if words_of[one.message] & telling]
    matters = [one for one in evidence.matters if one.text == title or topic_words(one.text) & telling]
    talkers = frozenset[int]().union(*(evidence.users.get(word, frozenset()) for word in telling))
    return _Topic(title, telling, asked, matters, len(talkers))


def _is_common(word: str, evidence: Evidence) -> bool:
    used = len(evidence.users.get(word, ()))
    return word in evidence.of_the_group or (evidence.people >= 10 and used > COMMON * evidence.people)


def _is_enough(topic: _Topic) -> bool:
    askers = {one.person for one in topic.asked}
    return bool(topic.matters) or len(askers) >= LEAST_ASKERS


def _with_companion(
    word: str, topic: _Topic, words_of: Mapping[int, frozenset[str]], evidence: Evidence
) -> str:
    """The word with the one that most often stands beside it: `volume` says little, `volume · nfs` more."""
    beside: dict[str, set[int]] = {}
    for one in topic.asked:
        for other in words_of[one.message] - {word}:
            if other not in word and word not in other and not _is_common(other, evidence):
                beside.setdefault(other, set()).add(one.person)
    best = max(beside, key=lambda other: (len(beside[other]) * rarity(other), other), default=None)
    return f"{word} · {best}" if best is not None and len(beside[best]) >= LEAST_ASKERS else word


def _proposal(topic: _Topic, evidence: Evidence) -> Proposal:
    askers = {one.person for one in topic.asked}
    unanswered = [one for one in topic.asked if not one.helpers]
    kinds = Counter[str](one.kind for one in topic.matters)
    wishers = {one.person for one in topic.matters if one.kind == "wish"}
    score = (
        2.0 * len(askers) + len({one.person for one in unanswered}) + 3.0 * len(wishers)
        + 2.0 * kinds["pool"] + 3.0 * kinds["stage"] + kinds["share"] + 0.5 * min(topic.talkers, 10)
    ) * _weight(topic, evidence)  # fmt: skip
    speaker, reason = _speaker(topic)
    form = _form(topic, speaker, reason)
    reasons = _reasons(topic, askers, unanswered, wishers, kinds)
    if form == "talk" and reason is not None:
        reasons.append(reason)
    elif len(_helpers(topic)) > 1:
        reasons.append({"kind": "several", "count": len(_helpers(topic))})
    questions = tuple(one.message for one in unanswered) + tuple(
        one.message for one in topic.asked if one.helpers
    )
    return Proposal(
        topic.title, form, score, speaker if form == "talk" else None, questions[:20], tuple(reasons)
    )


def _weight(topic: _Topic, evidence: Evidence) -> float:
    """Rare in ordinary language, and more in people's mouths than in the weeks before."""
    if not topic.words:
        return 1.0
    rare = max(rarity(word) for word in topic.words) / 10
    now = topic.talkers / max(evidence.people, 1)
    used = frozenset[int]().union(*(evidence.users_before.get(word, frozenset()) for word in topic.words))
    before = (len(used) + 1) / (evidence.people_before + 2)
    lift = min(max((now / before) ** 0.5, 0.6), 1.6) if evidence.people_before else 1.0
    return rare * lift


def _helpers(topic: _Topic) -> Counter[int]:
    """Who answered how many different people."""
    return Counter(
        helper for helper, _ in {(helper, one.person) for one in topic.asked for helper in one.helpers}
    )


def _speaker(topic: _Topic) -> tuple[int | None, dict[str, Any] | None]:
    """Who could give a talk: whoever accepted a stage for it, else whoever covers it well."""
    for one in topic.matters:
        if one.kind == "stage" and one.person is not None:
            return one.person, {"kind": "stage", "member": one.person}
    helpers = _helpers(topic)
    if helpers:
        member, people = min(helpers.items(), key=lambda one: (-one[1], one[0]))
        if people >= COVERS and people * 2 >= sum(helpers.values()):
            return member, {"kind": "cover", "member": member, "people": people}
    return None, None


def _form(topic: _Topic, speaker: int | None, reason: Mapping[str, Any] | None) -> Literal["talk", "round"]:
    """A talk when one person covers it; a round table when many questions wait, or nobody covers it."""
    if speaker is None:
        return "round"
    waiting = sum(1 for one in topic.asked if not one.helpers)
    is_promised = reason is not None and reason["kind"] == "stage"
    crowded = waiting >= MANY_QUESTIONS and waiting * 2 > len(topic.asked)
    return "round" if crowded and not is_promised else "talk"


def _reasons(
    topic: _Topic, askers: Iterable[int], unanswered: Sequence[Asked], wishers: Iterable[int | None],
    kinds: Mapping[str, int],
) -> list[dict[str, Any]]:  # fmt: skip
    reasons: list[dict[str, Any]] = []
    people = len(set(askers))
    if wish := len(set(wishers)):
        reasons.append({"kind": "wish", "count": wish})
    if people:
        reasons.append({"kind": "asked", "people": people, "count": len(topic.asked)})
    if unanswered:
        reasons.append({"kind": "open", "count": len(unanswered)})
    if kinds.get("pool"):
        reasons.append({"kind": "pool", "count": kinds["pool"]})
    if kinds.get("share"):
        reasons.append({"kind": "share", "count": kinds["share"]})
    if topic.talkers >= LEAST_TALKERS:
        reasons.append({"kind": "hot", "people": topic.talkers})
    example = max(topic.asked, key=lambda one: (not one.helpers, min(len(one.text), 60)), default=None)
    if example is not None:
        reasons.append({"kind": "example", "words": example.text})
    return reasons


def _is_same(one: Proposal, other: Proposal) -> bool:
    if topic_words(one.title) & topic_words(other.title):
        return True
    mine, theirs = set(one.questions), set(other.questions)
    return bool(mine and theirs) and len(mine & theirs) >= SAME * min(len(mine), len(theirs))
