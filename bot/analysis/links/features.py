"""What speaks for and against a message answering an earlier one, as small blocks of numbers.

A block is asked for by its *key*, a few small whole numbers that say everything the block knows: steps of
distance and time, counts up to a few, yes and no. The same keys come again and again, so what the model
makes of a key is kept (`model.Kept`) and a candidate costs a handful of look-ups. Nothing here knows a
language; distances, times and counts go up in growing steps, so that a busy room and a slow one look alike.

A first look (`prior`) leaves the few candidates that deserve a second. The blocks of these: `place` (how it
lies to the new message), `state` (what has become of it), `words` (what kind of remark it is, which rare
words it shares), `person` and `dealings` (what the two speakers have to do with each other). `message` is
the new message itself: its text, what was before it, and sizes of any value.
"""

from __future__ import annotations

from math import log

TEXT = (
    "bias", "names_anybody", "names_first", "asks", "thanks", "nods", "greets", "you", "short", "is_text",
    "wordless",
)  # fmt: skip
BEFORE = (
    "never_spoke", "pause", "own_pause", "own_previous", "own_last_asks", "own_last_open", "own_last_opens",
    "own_last_answers", "named_since",
)  # fmt: skip
SIZES = ("length", "silence", "own_lines", "overlap_best", "voices")
MESSAGE = (*TEXT, *BEFORE, *SIZES)
PLACE = (
    "distance", "closeness", "directly", "second", "third", "gap", "their_later", "is_their_last",
    "since_own", "own_later_1", "own_later_more", "late", "far",
)  # fmt: skip
STATE = (
    "names_me", "names_others", "answers_me", "answers_my_last", "opens", "is_text", "replied_by_me",
    "replied_by_them", "same_target", "same_thread", "thread_last", "thread_mine", "first_words",
    "thread_has_me", "asks_alone", "answers_own", "unanswered", "replies", "thread_size", "thread_voices",
)  # fmt: skip
WORDS = (
    "asks", "thanks", "nods", "greets", "you", "length", "short", "overlap", "overlap_max", "overlap_thread",
    "overlap_target", "overlap_best", "overlap_any",
)  # fmt: skip
PERSON = (
    "self", "named", "named_first", "other_named", "overlap_person", "their_lines", "their_silence",
    "few_voices",
)  # fmt: skip
DEALINGS = (
    "partner", "partner_back", "names_back_since", "they_spoke_since", "was_named", "names_back",
    "links_there", "links_back", "recent_there", "recent_back",
)  # fmt: skip
PRIOR = (
    "distance", "closeness", "near", "later", "is_their_last", "self", "named", "other_named", "partner",
    "names_me", "names_others", "answers_me", "same_target", "shares_words", "shares_more", "asks_alone",
    "since_own", "thread_has_me", "is_mine",
)  # fmt: skip
BLOCKS = {"place": PLACE, "state": STATE, "words": WORDS, "person": PERSON, "dealings": DEALINGS}

Key = tuple[int, ...]

FAR = 400
_EDGES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 19, 24, 30, 38, 48, 60, 80, 110, 150, FAR)
_LOG = [log(1 + n) for n in range(1024)]
STEP = [max(edge for edge in _EDGES if edge <= n) for n in range(FAR + 1)]
"""Distances in growing steps."""

LONGEST_GAP = 12 * 3600


def seconds_step(seconds: float) -> int:
    """A time in steps that double: 0 for none, 1 up to two seconds, 16 for twelve hours and more."""
    return int(min(max(seconds, 0.0), LONGEST_GAP)).bit_length()


def count_step(count: int) -> int:
    """A count in steps that double."""
    return min(count, 255).bit_length()


def _gap(step: int) -> float:
    return log(1.0 + (0.75 * 2**step if step else 0.0) / 10.0) * 0.3


def _fading(step: int) -> float:
    """From the step of how many lines ago something was; 9 is never."""
    return 8.0 / (8.0 + 0.75 * 2**step) if step < 9 else 0.0


def place(key: Key) -> list[float]:
    """`key`: distance, seconds between, lines of theirs since (to 4), lines of mine since (to 2)."""
    distance, seconds, later, own_later = key
    return [
        _LOG[distance] * 0.4,
        1.0 / max(distance, 1),
        float(distance == 1), float(distance == 2), float(distance == 3),
        _gap(seconds),
        _LOG[later],
        float(later == 0),
        float(own_later == 0), float(own_later == 1), float(own_later == 2),
        float(seconds > 9),
        float(distance > 15),
    ]  # fmt: skip


def prior(key: Key) -> list[float]:
    """`key`: distance, lines of theirs since (to 2), fourteen answers yes or no as bits."""
    distance, later, bits = key
    return [
        _LOG[distance] * 0.4,
        1.0 / max(distance, 1),
        float(distance < 3),
        float(later),
        float(later == 0),
        *(float(bits >> at & 1) for at in range(14)),
    ]


def state(key: Key) -> list[float]:
    """`key`: sixteen answers yes or no as bits, replies (to 3), lines and voices of its thread in steps."""
    bits, replies, size, voices = key
    return [
        *(float(bits >> at & 1) for at in range(16)),
        float(replies == 0),
        _LOG[replies],
        size * 0.25,
        voices * 0.25,
    ]


def words(key: Key) -> list[float]:
    """`key`: the remark's kind, rarity shared with it, at most, with its thread, its antecedent; the best?"""
    kind, overlap, most, thread, target, best = key
    return [
        (kind & 3) / 3.0,
        *(float(kind >> at & 1) for at in range(2, 6)),
        (kind >> 6) * 0.25,
        float(kind >> 6 < 4),
        overlap * 0.1, most * 0.2, thread * 0.1, target * 0.1,
        float(best),
        float(overlap > 0),
    ]  # fmt: skip


def person(key: Key) -> list[float]:
    """`key`: self, named, named first, somebody else named, rarity shared with them, lines, silence, few."""
    own, named, first, other, overlap, lines, silence, only = key
    return [
        float(own), float(named), float(first), float(other),
        overlap * 0.1, lines * 0.25, silence * 0.25, float(only),
    ]  # fmt: skip


def dealings(key: Key) -> list[float]:
    """`key`: four answers as bits, then steps: named there and back, links there and back, their recency."""
    bits, named, named_me, there, back, there_ago, back_ago = key
    return [
        *(float(bits >> at & 1) for at in range(4)),
        _fading(named), _fading(named_me),
        there * 0.3, back * 0.3,
        _fading(there_ago), _fading(back_ago),
    ]  # fmt: skip
