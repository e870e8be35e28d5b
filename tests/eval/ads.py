"""How well group ads are told from ordinary talk: `ads/`, a fifth of its groups held out; false alarms.

Near-duplicates stand on one side of the split together (see `tests.eval.ad_texts`). Beside the stored model
stand a keyword rule and a plain character model that learns, in this very run, from the other four fifths.
"""

from __future__ import annotations

import math
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.analysis.ads import LIKELY, SURE, ad_chance, hides
from bot.analysis.contacts import contacts_in
from plugins.rules import watching
from plugins.rules.logic import Level, Signals, judged
from tests.eval.ad_texts import Text, ordinary, read_ads
from tests.eval.frame import Counts, Figure, Missing, Options, Result, Row, Section, f1, interval

NAME = "ads"
FOLDER = "ads"
RECALL, F1, ALARMS = 0.82, 0.91, 0.3
ALLOWED = 0.01
OURS = "ad_chance"
LEVELS: tuple[Level, ...] = ("newcomer", "member", "regular")
_KEYWORDS = re.compile(
    r"加[我微vV薇]|[+＋➕][vV微薇]|私聊|微信号?[:：]|[vV][xX]|扣扣|[qQ]{2}|代理|兼职|日结|日赚|招商|资源|"
    r"优惠|折扣|免费|返利|佣金|刷单|博彩|彩金|注册|贷款|发票|https?://|t\.me/|二维码|扫码"
)

Method = Callable[[str], float]


def run(folder: Path, options: Options) -> Result:
    """The held-out groups with baselines, and what of ordinary talk would be taken for an ad."""
    texts = read_ads(folder)
    held, seen = [one for one in texts if one.is_held_out], [one for one in texts if not one.is_held_out]
    if not any(one.is_ad for one in held) or all(one.is_ad for one in held) or not seen:
        raise Missing("too few groups to hold a fifth of them out")
    methods: dict[str, tuple[Method, float]] = {
        "keyword rule": (lambda text: float(_KEYWORDS.search(text) is not None), 0.5),
        "characters (1-3 in a row, logistic)": (learned(seen), 0.5),
        OURS: (ad_chance, LIKELY),
    }
    share = 100 * sum(one.is_ad for one in held) / len(held)
    notes = [
        f"{len(held)} distinct texts in {len({one.group for one in held})} groups, {share:.0f} % ads; in "
        "brackets 95 % over groups.",
        "recall@1%: at the cut that 1 % of these ordinary texts pass; at the stored cut `sure` see below.",
    ]
    rows = [_row(name, held, *method, options) for name, method in methods.items()]
    sections = [Section("groups held out", rows, notes), _sure(held)]
    talk = ordinary(folder.parent) or ordinary(options.data)
    if talk:
        sections.append(_alarms(talk, methods))
    sections.append(_as_judged(held, talk))
    return Result(NAME, sections)


def _row(name: str, held: Sequence[Text], method: Method, cut: float, options: Options) -> Row:
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for one in held:
        groups[one.group].append((method(one.text), one.is_ad))
    scored = list(groups.values())
    parts = [_counted(some, cut) for some in scored]
    recall = interval(scored, recall_at, options, places=3)
    figure, ours = interval(parts, f1, options, places=3), name == OURS
    figures = {
        "recall@1%": recall.against(RECALL) if ours else recall,
        "f1": figure.against(F1) if ours else figure,
        "recall": _plain(_share(s >= cut for some in scored for s, is_ad in some if is_ad)),
        "false alarms %": _plain(100 * _share(s >= cut for some in scored for s, ad in some if not ad), 2),
    }
    return Row(name, figures, ours)


def recall_at(groups: Sequence[Sequence[tuple[float, bool]]]) -> float:
    """The share of ads above the cut that at most `ALLOWED` of the ordinary texts pass."""
    ads = [score for some in groups for score, is_ad in some if is_ad]
    others = sorted((score for some in groups for score, is_ad in some if not is_ad), reverse=True)
    if not ads or not others:
        return 0.0
    cut = others[int(ALLOWED * len(others))]
    return sum(score > cut for score in ads) / len(ads)


def _counted(scored: Iterable[tuple[float, bool]], cut: float) -> Counts:
    told = [(score >= cut, is_ad) for score, is_ad in scored]
    return Counts(sum(a and b for a, b in told), sum(a for a, _ in told), sum(b for _, b in told))


def _share(told: Iterable[bool]) -> float:
    every = list(told)
    return sum(every) / len(every) if every else 0.0


def _plain(value: float, places: int = 3) -> Figure:
    return Figure(value, places=places)


def _sure(held: Sequence[Text]) -> Section:
    """What the stored cuts do, without looking at these texts to find them."""
    begun = time.perf_counter()
    scored = [(ad_chance(one.text), one.is_ad) for one in held]
    took = 1000 * (time.perf_counter() - begun) / len(held)
    rows = []
    for name, cut in (("likely", LIKELY), ("sure", SURE)):
        recall = _plain(_share(score >= cut for score, is_ad in scored if is_ad))
        alarms = _plain(100 * _share(score >= cut for score, is_ad in scored if not is_ad), 2)
        rows.append(Row(f"{name} ({cut})", {"recall": recall, "false alarms %": alarms}))
    return Section("the cuts that the bot uses", rows, [f"{took:.3f} ms a text"])


def _alarms(talk: dict[str, list[str]], methods: dict[str, tuple[Method, float]]) -> Section:
    rows = []
    for name, (method, cut) in methods.items():
        ours = name == OURS
        figures = {}
        for place, texts in talk.items():
            alarms = _plain(100 * _share(method(text) >= cut for text in texts), 2)
            figures[place] = alarms.against(ALARMS, at_most=True) if ours else alarms
        rows.append(Row(name, figures, ours))
    sizes = ", ".join(f"{place} {len(texts)}" for place, texts in talk.items())
    return Section("ordinary talk taken for an ad, %", rows, [f"{sizes} texts; ours at the cut `likely`."])


def _as_judged(held: Sequence[Text], talk: dict[str, list[str]]) -> Section:
    """What the plugin makes of the same texts, said by a stranger, a member, a regular."""
    rows = []
    for level in LEVELS:
        figures = {
            "ads noticed": _plain(_share(noticed(one.text, level) for one in held if one.is_ad)),
            "others %": _plain(100 * _share(noticed(one.text, level) for one in held if not one.is_ad), 2),
        }
        for place, texts in talk.items():
            figures[f"{place} %"] = _plain(100 * _share(noticed(text, level) for text in texts), 2)
        rows.append(Row(level, figures))
    return Section("what the plugin would tell an owner of", rows)


def noticed(text: str, level: Level) -> bool:
    """Whether 群规 would take it for an ad, from somebody of this standing."""
    words = watching.spoken(text, "")
    chance, contacts = ad_chance(words), contacts_in(words)
    if not watching.is_worth_judging(words, chance, contacts):
        return False
    signals = Signals(chance, contacts.any, bool(contacts.domains), hides(text))
    return judged(signals, level, LIKELY, SURE).sureness != "none"


# A plain character model


def learned(texts: Sequence[Text], rounds: int = 8, held_down: float = 2e-6) -> Method:
    """Logistic regression on one to three characters in a row, by stochastic gradient descent."""
    common = Counter(gram for one in texts for gram in _grams(one.text))
    examples = [([g for g in _grams(one.text) if common[g] > 1], float(one.is_ad)) for one in texts]
    weights: dict[str, float] = defaultdict(float)
    bias, dice = 0.0, random.Random(1)
    for turn in range(rounds):
        dice.shuffle(examples)
        step = 8.0 / (1 + turn)
        for grams, target in examples:
            length = math.sqrt(len(grams) or 1)
            wrong = target - _chance(bias + sum(map(weights.__getitem__, grams)) / length)
            bias += 0.02 * step * wrong
            for gram in grams:
                weights[gram] += step * (wrong / length - held_down * weights[gram])

    known = dict(weights)

    def chance(text: str) -> float:
        grams = [gram for gram in _grams(text) if gram in common and common[gram] > 1]
        return _chance(bias + sum(known.get(gram, 0.0) for gram in grams) / math.sqrt(len(grams) or 1))

    return chance


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _grams(text: str) -> list[str]:
    text = f"^{text[:400]}$"
    return sorted({text[at : at + size] for size in (1, 2, 3) for at in range(len(text) - size + 1)})
