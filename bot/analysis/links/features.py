"""What speaks for and against a message answering an earlier one: three small blocks of numbers.

`of_message` says what the new message is like, `of_person` what its speaker and the earlier speaker have to
do with each other, `of_candidate` how the earlier message lies to the new one. Nothing here knows a language.
Distances and times enter as logarithms, so that a busy room and a slow one look alike.
"""

from __future__ import annotations

from math import log

from bot.analysis.links.talk import Said, Talk

LONGEST_GAP = 12 * 3600.0
NEVER = 400

_LOG = [log(1 + n) for n in range(2 * NEVER + 1)]

MESSAGE = (
    "names_anybody", "names_first", "asks", "thanks", "nods", "greets", "you", "length", "short", "is_text",
    "silence", "never_spoke", "pause", "own_pause", "own_previous", "own_last_asks", "own_last_open",
    "own_last_opens", "own_last_answers", "voices", "bias",
)  # fmt: skip
PERSON = (
    "self", "named", "named_first", "other_named", "partner", "partner_back", "was_named", "names_back",
    "names_back_since", "links_there", "links_back", "recent_there", "recent_back", "other_voices",
)  # fmt: skip
CANDIDATE = (
    "distance", "closeness", "directly", "second", "gap", "their_later", "is_their_last", "since_own",
    "own_later_1", "own_later_more", "names_me", "names_others", "answers_me", "answers_my_last", "asks",
    "thanks", "nods", "length", "opens", "is_text", "replies", "replied_by_me", "replied_by_them",
    "unanswered_ask", "same_target", "same_thread", "thread_last", "thread_mine", "overlap", "overlap_max",
    "overlap_share", "greets", "you", "ask_by_newcomer",
)  # fmt: skip


def of_message(said: Said, talk: Talk) -> list[float]:
    """What the new message is like, and when its speaker last spoke."""
    marks = said.marks
    lines, now = talk.lines, said.number
    own = talk.of.get(said.member)
    mine = own[-1] if own else None
    previous = lines[-1] if lines else None
    return [
        1.0 if said.named else 0.0,
        0.0 if said.first_named is None else 1.0,
        marks.asks, marks.thanks, marks.nods, marks.greets, marks.you,
        _LOG[min(said.length, 400)] * 0.3,
        1.0 if said.length < 16 else 0.0,
        1.0 if said.plain_text else 0.0,
        _LOG[now - mine.number] * 0.4 if mine else 2.4,
        0.0 if mine else 1.0,
        _since(said.at - previous.at) if previous else 1.5,
        _since(said.at - mine.at) if mine else 1.5,
        1.0 if mine is not None and mine is previous else 0.0,
        mine.marks.asks if mine else 0.0,
        1.0 if mine and not mine.replied_by else 0.0,
        1.0 if mine and mine.answers is None else 0.0,
        1.0 if mine and mine.answers is not None and mine.answers.member != said.member else 0.0,
        0.0,
        1.0,
    ]  # fmt: skip


def _since(seconds: float) -> float:
    return log(1.0 + min(max(seconds, 0.0), LONGEST_GAP) / 20.0) * 0.3


def of_person(said: Said, member: int, talk: Talk) -> list[float]:
    """What the speaker and one earlier speaker have to do with each other."""
    me, now = said.member, said.number
    own, theirs = talk.of.get(me), talk.of.get(member)
    mine = own[-1] if own else None
    their = theirs[-1] if theirs else None
    there, back = talk.answered.get((me, member)), talk.answered.get((member, me))
    named, named_me = talk.named.get((me, member)), talk.named.get((member, me))
    is_named = member in said.named
    return [
        1.0 if member == me else 0.0,
        1.0 if is_named else 0.0,
        1.0 if member == said.first_named else 0.0,
        1.0 if said.named and not is_named else 0.0,
        1.0 if mine and mine.answers and mine.answers.member == member else 0.0,
        1.0 if their and their.answers and their.answers.member == me else 0.0,
        _fading(now, named),
        _fading(now, named_me),
        1.0 if named_me is not None and (mine is None or named_me > mine.number) else 0.0,
        _LOG[there.count] * 0.5 if there else 0.0,
        _LOG[back.count] * 0.5 if back else 0.0,
        _fading(now, there.last if there else None),
        _fading(now, back.last if back else None),
        0.0,
    ]


def _fading(now: int, then: int | None) -> float:
    return 0.0 if then is None else 8.0 / (8.0 + now - then)


def of_candidate(said: Said, earlier: Said, their_last: int, mine: Said | None, talk: Talk) -> list[float]:
    """How one earlier message lies to the new one."""
    me, distance = said.member, said.number - earlier.number
    marks, target, replies = earlier.marks, earlier.answers, earlier.replied_by
    later = their_last - earlier.nth
    own_later = 0 if mine is None or mine.number < earlier.number else _own_later(talk, me, earlier.number)
    shared = said.words & earlier.words
    total, most = _rarity(shared, talk) if shared else (0.0, 0.0)
    mine_thread = mine is not None and mine.root == earlier.root
    return [
        _LOG[distance] * 0.4,
        1.0 / distance,
        1.0 if distance == 1 else 0.0, 1.0 if distance == 2 else 0.0,
        _since(said.at - earlier.at),
        _LOG[later],
        1.0 if later == 0 else 0.0,
        1.0 if own_later == 0 else 0.0, 1.0 if own_later == 1 else 0.0, 1.0 if own_later > 1 else 0.0,
        1.0 if me in earlier.named else 0.0,
        1.0 if earlier.named and me not in earlier.named else 0.0,
        1.0 if target is not None and target.member == me else 0.0,
        1.0 if target is not None and target is mine else 0.0,
        marks.asks, marks.thanks, marks.nods,
        _LOG[min(earlier.length, 400)] * 0.3,
        1.0 if target is None else 0.0,
        1.0 if earlier.plain_text else 0.0,
        _LOG[len(replies)] if len(replies) < NEVER else 6.0,
        1.0 if me in replies else 0.0,
        1.0 if earlier.member in replies else 0.0,
        marks.asks if not replies else 0.0,
        1.0 if mine is not None and mine.answers is earlier else 0.0,
        1.0 if mine_thread else 0.0,
        1.0 if talk.rooted.get(earlier.root) is earlier else 0.0,
        1.0 if mine_thread and earlier.member != me else 0.0,
        total * 0.1,
        most * 0.2,
        total / (3.0 + len(said.words)),
        marks.greets, marks.you,
        marks.asks if talk.of[earlier.member][0] is earlier else 0.0,
    ]  # fmt: skip


def _own_later(talk: Talk, me: int, number: int) -> int:
    many = 0
    for mine in reversed(talk.of[me]):
        if mine.number <= number or many > 1:
            break
        many += 1
    return many


def _rarity(shared: frozenset[str], talk: Talk) -> tuple[float, float]:
    """How rare the shared words are: sum and greatest of log(lines / lines with the word)."""
    lines, seen = len(talk.lines) + 1, talk.seen
    weights = [log(lines / (seen[word] + 1)) for word in shared]
    return sum(weights), max(weights)
