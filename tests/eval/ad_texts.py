"""Texts that are ads and texts that are not: `ads/`, in groups of near-duplicates, and ordinary talk.

Ads are sent again and again with another number, another letter, another name. Texts that are so much alike
form a group, and a group stands on one side of the split as a whole. Which side, its smallest text decides,
so that no list has to be kept.
"""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from zlib import crc32

from bot.importing.entries import Record
from bot.importing.gitter import read as read_gitter
from tests.eval.frame import Missing

ALIKE = 0.6
"""Two texts share this much of their pairs of characters: near-duplicates."""

_NUMBERS = re.compile(r"\d[\d .]*")
_CONTACT = re.compile(r"(?:t\.me/|@)([a-z0-9_+\-]{5,})|(\d{7,})|([a-z]{1,4}\d{4,})")


@dataclass(frozen=True)
class Text:
    """One distinct text, whether it is an ad, and which group of near-duplicates it is of."""

    text: str
    is_ad: bool
    group: int

    @property
    def is_held_out(self) -> bool:
        """Whether nothing ever learns from its group."""
        return self.group % 5 == 0


def read_ads(folder: Path) -> list[Text]:
    """Every distinct text of the folder's *.csv (columns `target` and `input`)."""
    votes: dict[str, list[int]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as rows:
            for row in csv.DictReader(rows):
                text, target = (row.get("input") or "").strip(), row.get("target")
                if text and target in ("0", "1"):
                    votes.setdefault(text, []).append(int(target))
    if not votes:
        raise Missing(f"no *.csv with target and input in {folder.name or folder}/")
    texts = list(votes)
    groups = groups_of(texts)
    return [
        Text(text, sum(votes[text]) * 2 >= len(votes[text]), group)
        for text, group in zip(texts, groups, strict=True)
    ]


# Groups


def groups_of(texts: Sequence[str]) -> list[int]:
    """A number for each text; near-duplicates, and texts with the same address or number, have the same."""
    leaders = list(range(len(texts)))

    def leader(one: int) -> int:
        while leaders[one] != one:
            leaders[one] = leaders[leaders[one]]
            one = leaders[one]
        return one

    for one, other in (*_same(texts), *_alike(texts)):
        leaders[leader(one)] = leader(other)
    smallest: dict[int, str] = {}
    for at, text in enumerate(texts):
        top = leader(at)
        smallest[top] = min(text, smallest.get(top, text))
    return [crc32(smallest[leader(at)].encode("utf-8", "surrogatepass")) for at in range(len(texts))]


def folded(text: str) -> str:
    """Letters and characters only, every number the same."""
    plain = _NUMBERS.sub("0", unicodedata.normalize("NFKC", text).casefold())
    return "".join(one for one in plain if one.isalnum()) or plain


def contacts(text: str) -> set[str]:
    """Long numbers, handles and the like: who shares one is the same advertiser."""
    plain = "".join(
        one
        for one in unicodedata.normalize("NFKC", text).casefold()
        if not one.isspace() and unicodedata.category(one) != "Cf"
    )
    return {next(filter(None, found.groups())) for found in _CONTACT.finditer(plain)}


def _same(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for at, text in enumerate(texts):
        for key in (f"={folded(text)}", *contacts(text)):
            yield at, first.setdefault(key, at)


def _alike(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs whose pairs of characters overlap by `ALIKE`; only what shares a rare one is compared."""
    pieces = {}
    for at, text in enumerate(texts):
        plain = folded(text)
        pieces[at] = {plain[i : i + 2] for i in range(len(plain) - 1)} or {plain}
    common = Counter(piece for some in pieces.values() for piece in some)
    holding: dict[str, list[int]] = defaultdict(list)
    for at in sorted(pieces, key=lambda one: len(pieces[one])):
        mine = pieces[at]
        rarest = sorted(mine, key=lambda piece: (common[piece], piece))
        rarest = rarest[: int(len(mine) * (1 - ALIKE) + 1e-9) + 1]
        for other in {one for piece in rarest for one in holding[piece]}:
            shared = len(mine & pieces[other])
            if shared >= ALIKE * (len(mine) + len(pieces[other]) - shared):
                yield at, other
        for piece in rarest:
            holding[piece].append(at)


# Ordinary talk


def ordinary(data: Path) -> dict[str, list[str]]:
    """Talk in which there are (next to) no ads, by where it comes from; nothing learns from any of it."""
    found = {
        "wechat_lines": [
            line for path in sorted((data / "wechat_lines").glob("*.txt")) for line in _lines(path)
        ],
        "questions": [
            text for path in sorted((data / "questions").glob("*.csv")) for text in _dialogue(path)
        ],
    }
    for path in sorted((data / "gitter").glob("*.txt.gz")):
        found[f"gitter {path.name.removesuffix('.txt.gz')}"] = list(_log(path))
    return {name: texts for name, texts in found.items() if texts}


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


def _dialogue(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as rows:
        yield from (row["Utterance"] for row in csv.DictReader(rows) if (row["Utterance"] or "").strip())


def _log(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as log:
        yield from (one.text for one in read_gitter(log, UTC) if isinstance(one, Record) and one.text)
