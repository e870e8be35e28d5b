"""What one new message is weighed by: the candidates that it may answer, and the keys of their blocks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from math import log

from bot.analysis.links.features import STEP, Key, count_step, seconds_step
from bot.analysis.links.talk import Pair, Said, Talk

REACH = 60
"""How many lines back a line may lie to be answered, unless its speaker is named."""

NEAREST = 8
"""So many lines are always candidates; of those before, only each voice's last."""

VOICES = 10
WORTHWHILE = 3
RARE = 12
"""A word that stands in more of the remembered lines than this links nothing."""

_LOG = [log(1 + n) for n in range(1024)]
_NO_PAIR = Pair()
_NO_LINES: list[Said] = []
_NEVER = 9
_MOST = 12


class Context:
    """What is the same for all candidates of one message."""

    def __init__(self, said: Said, talk: Talk) -> None:
        self.said, self.talk, self.me = said, talk, said.member
        self.own = talk.of.get(said.member, _NO_LINES)
        self.mine: Said | None = self.own[-1] if self.own else None
        self.my_number = self.mine.number if self.mine else -1
        self.second = self.own[-2].number if len(self.own) > 1 else -1
        self.my_root = self.mine.root if self.mine else -1
        target = self.mine.answers if self.mine else None
        self.my_target = target if target is not None and target.id in talk.by_id else None
        self.partner = self.my_target.member if self.my_target else None
        self.my_roots = {one.root for one in islice(reversed(self.own), 4)}
        self.overlap: dict[int, float] = {}
        self.rarity: dict[str, float] = {}
        self.by_member: dict[int, float] = {}
        self.by_thread: dict[int, float] = {}
        self._share_words()
        self.best_overlap = max(self.overlap.values(), default=0.0)

    def _share_words(self) -> None:
        """Rarity, log(lines / lines with the word), of what is shared with lines, people and threads."""
        lines, holding = len(self.talk.lines) + 1, self.talk.holding
        overlap, rarity = self.overlap, self.rarity
        by_member, by_thread = self.by_member, self.by_thread
        for word in sorted(self.said.words):  # a set has another order in every run, and the sum with it
            held = holding.get(word)
            if held is None or len(held) > RARE:
                continue
            weight = log(lines / (len(held) + 0.5))
            if weight <= 0.5:
                continue
            if len(held) == 1:
                one = held[0]
                members: Iterable[int] = (one.member,)
                roots: Iterable[int] = (one.root,)
            else:
                members, roots = {one.member for one in held}, {one.root for one in held}
            rarity[word] = weight
            for one in held:
                overlap[one.number] = overlap.get(one.number, 0.0) + weight
            for member in members:
                by_member[member] = by_member.get(member, 0.0) + weight
            for root in roots:
                by_thread[root] = by_thread.get(root, 0.0) + weight

    def _rarest(self, earlier: Said) -> float:
        """Rarity of the rarest word that is shared with a line."""
        return max([self.rarity[word] for word in self.rarity.keys() & earlier.words])

    def candidates(self) -> list[Said]:
        """The nearest lines, each voice's last, and whatever else has a claim."""
        talk, now, named = self.talk, self.said.number, self.said.named
        found: dict[int, Said] = {}
        voices: dict[int, int] = {}
        for one in reversed(talk.lines):
            distance, member = now - one.number, one.member
            if distance > REACH or len(voices) > VOICES:
                break
            many = voices.get(member, 0)
            if distance <= NEAREST or not many or (many < 3 and (member == self.partner or member in named)):
                found[one.number] = one
            voices[member] = many + 1
        for one in self._claimed():
            found[one.number] = one
        return list(found.values())

    def _claimed(self) -> list[Said]:
        talk = self.talk
        more = [talk.of[member][-1] for member in self.said.named if member in talk.of]
        naming = talk.naming.get(self.me)
        if naming is not None:
            more += [naming[-1], naming[max(-2, -len(naming))]]
        if self.my_target is not None:
            more.append(self.my_target)
        if self.overlap:
            first = talk.lines[0].number
            best = sorted(self.overlap, key=self.overlap.__getitem__)[-WORTHWHILE:]
            more += [talk.lines[number - first] for number in best]
        return more

    def message(self) -> list[float]:
        """What the new message is like, and when its speaker last spoke (`features.MESSAGE`)."""
        said, talk, mine = self.said, self.talk, self.mine
        marks = said.marks
        naming = talk.naming.get(self.me)
        pause = said.at - talk.lines[-1].at if talk.lines else 9e9
        target = mine.answers if mine else None
        return [
            1.0, 1.0 if said.named else 0.0, 0.0 if said.first_named is None else 1.0,
            marks.asks, marks.thanks, marks.nods, marks.greets, marks.you,
            1.0 if said.length < 16 else 0.0, 1.0 if said.plain_text else 0.0, 0.0 if said.words else 1.0,

            0.0 if mine else 1.0,
            seconds_step(pause) * 0.1, seconds_step(said.at - mine.at) * 0.1 if mine else 1.6,
            1.0 if mine and mine is talk.lines[-1] else 0.0,
            mine.marks.asks if mine else 0.0,
            1.0 if mine and not mine.replied_by else 0.0,
            1.0 if mine and target is None else 0.0,
            1.0 if target is not None and target.member != self.me else 0.0,
            1.0 if naming and naming[-1].number > self.my_number else 0.0,

            _LOG[said.length] * 0.3, _LOG[said.number - mine.number] * 0.4 if mine else 2.2,
            _LOG[len(self.own)] * 0.3, min(self.best_overlap, 20.0) * 0.1, min(len(talk.voices), 20) * 0.1,
        ]  # fmt: skip

    def person(self, member: int) -> Key:
        """The key of `features.person`."""
        said, theirs = self.said, self.talk.of[member]
        named = member in said.named
        return (
            member == self.me, named, member == said.first_named, bool(said.named) and not named,
            min(int(self.by_member.get(member, 0.0)), _MOST),
            count_step(len(theirs)), count_step(said.number - theirs[-1].number),
            len(self.talk.voices) <= 2,
        )  # fmt: skip

    def dealings(self, member: int) -> Key:
        """The key of `features.dealings`."""
        talk, me, now = self.talk, self.me, self.said.number
        their = talk.of[member][-1]
        there, back = talk.answered.get((me, member), _NO_PAIR), talk.answered.get((member, me), _NO_PAIR)
        named, named_me = talk.named.get((me, member)), talk.named.get((member, me))
        bits = (member == self.partner) | (their.answers is not None and their.answers.member == me) << 1
        bits |= (named_me is not None and named_me > self.my_number) << 2
        bits |= (their.number > self.my_number) << 3
        return (
            bits,
            _NEVER if named is None else count_step(now - named),
            _NEVER if named_me is None else count_step(now - named_me),
            count_step(there.count), count_step(back.count),
            count_step(now - there.last) if there.count else _NEVER,
            count_step(now - back.last) if back.count else _NEVER,
        )  # fmt: skip

    def prior(self, earlier: Said) -> Key:
        """The key of `features.prior`: cheap, because every candidate is asked for it."""
        said, me, member, named = self.said, self.me, earlier.member, self.said.named
        bits = 0
        if member == me:
            bits = 1 if earlier is not self.mine else 8193
        elif member in named:
            bits = 2
        elif named:
            bits = 4
        if member == self.partner:
            bits |= 8
        if earlier.named:
            bits |= 16 if me in earlier.named else 32
        target = earlier.answers
        if target is not None and target.member == me:
            bits |= 64
        if earlier is self.my_target:
            bits |= 128
        overlap = self.overlap.get(earlier.number)
        if overlap is not None:
            bits |= 256 if overlap < 5.0 else 768
        if earlier.kind & 3 and not earlier.replied_by:
            bits |= 1024
        if earlier.number > self.my_number:
            bits |= 2048
        if earlier.root in self.my_roots:
            bits |= 4096
        later = self.talk.of[member][-1].nth - earlier.nth
        return STEP[said.number - earlier.number], later if later < 2 else 2, bits

    def place(self, earlier: Said) -> Key:
        """The key of `features.place`."""
        number = earlier.number
        distance = self.said.number - number
        later = self.talk.of[earlier.member][-1].nth - earlier.nth
        own_later = 0 if number > self.my_number else 1 if number > self.second else 2
        gap = seconds_step(self.said.at - earlier.at)
        return STEP[distance], gap, min(later, 4), own_later

    def state(self, earlier: Said) -> Key:
        """The key of `features.state`."""
        talk, me, mine = self.talk, self.me, self.mine
        target, replies, member = earlier.answers, earlier.replied_by, earlier.member
        thread = talk.threads[earlier.root]
        bits = 32 if earlier.plain_text else 0
        if earlier.named:
            bits |= 1 if me in earlier.named else 2
        if target is None:
            bits |= 16
        else:
            bits |= (4 if target.member == me else 0) | (8 if target is mine else 0)
            bits |= 32768 if target.member == member else 0
        if replies:
            bits |= (64 if me in replies else 0) | (128 if member in replies else 0)
        elif earlier.marks.asks:
            bits |= 16384
        if mine is not None and mine.answers is earlier:
            bits |= 256
        if earlier.root == self.my_root:
            bits |= 512 if member == me else 2560
        if thread.last is earlier:
            bits |= 1024
        if talk.of[member][0] is earlier:
            bits |= 4096
        if thread.by[me]:
            bits |= 8192
        return bits, min(len(replies), 3), count_step(thread.count), min(len(thread.by), 5)

    def words(self, earlier: Said) -> Key:
        """The key of `features.words`."""
        overlap = self.overlap.get(earlier.number, 0.0)
        target = earlier.answers
        return (
            earlier.kind,
            min(int(overlap), _MOST),
            min(int(self._rarest(earlier)), 5) if overlap else 0,
            min(int(self.by_thread.get(earlier.root, 0.0)), _MOST),
            0 if target is None else min(int(self.overlap.get(target.number, 0.0)), _MOST),
            overlap > 0.0 and overlap == self.best_overlap,
        )
