"""A second, independent collection of planted people for a group chat's log, written for judging.

In this file: attackers with friends or spare accounts, and the two dictionaries, `ATTACKS` and `EXPERTS`.
Those who pose alone are in `posers_later`, those who really help in `experts_later`, the stage and the words
in `talk_later`. Every generator has the form `(rng, start, days, members, *, lang="en") -> Plant`.

    python -m tests.eval.written.attacks_later [en|zh|mixed] [seed]

prints each plant once.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta

from tests.eval.written.attacks import Plant
from tests.eval.written.experts_later import EXPERTS
from tests.eval.written.posers_later import POSERS
from tests.eval.written.talk_later import Generator, Talk, staged

__all__ = ["ATTACKS", "EXPERTS"]


@staged
def warmed_accounts(s: Talk) -> Plant:
    """Spare accounts chat with real members for days, each at its own time, before they ask the main one."""
    main = s.newcomer()
    spares = s.newcomers(s.rng.randint(5, 7))
    for spare in spares:
        since = s.rng.uniform(0.0, 0.35)
        if s.rng.random() < 0.6:
            s.say(s.moment(since, since), spare, s.word("hello"))
        for at in s.moments(s.rng.randint(2, 4), since, since + 0.4):
            s.mingle(spare, at)
        if s.rng.random() < 0.3:  # asks a real member something, too
            s.aid(s.moment(since + 0.1, 0.6), spare, s.member(), end=s.ending(0.7, 0.2))
        for at in s.moments(s.rng.randint(1, 2), since + 0.45, 1.0):
            s.aid(at, spare, main, wait=(90, 2400), end=s.ending(0.65, 0.2))
    for at in s.moments(s.rng.randint(2, 4)):
        s.mingle(main, at)
    return s.done([main, *spares])


@staged
def crossed_rings(s: Talk) -> Plant:
    """Two rings: nobody helps in their own, each helps in the other, and no two ever help each other."""
    one, two = s.newcomers(s.rng.randint(4, 6)), s.newcomers(s.rng.randint(4, 6))
    pairs = [(asker, one[0]) for asker in two[1:]] + [(asker, two[0]) for asker in one[1:]]
    pairs += [
        (one[i], two[j]) if (i + j) % 2 else (two[j], one[i])
        for i in range(1, len(one))
        for j in range(1, len(two))
        if s.rng.random() < 0.35
    ]
    s.rng.shuffle(pairs)
    for at, (asker, helper) in zip(s.moments(len(pairs)), pairs, strict=True):
        s.aid(at, asker, helper, wait=(120, 3600), end=s.ending(0.7, 0.2), follow=0.25)
    for name in [*one, *two]:  # cover
        if s.rng.random() < 0.7:
            s.mingle(name, s.moment())
    return s.done([*one, *two])


@staged
def model_answerer(s: Talk) -> Plant:
    """A language model's general words for every question; only their own accounts say thanks."""
    main = s.newcomer()
    own = s.newcomers(s.rng.randint(3, 5))
    count = s.rng.randint(10, 18)
    for at, asker in zip(s.moments(count), s.askers(count), strict=True):
        trouble = s.trouble()
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 20, 200)
        answer = s.reply(at, main, s.model_text(trouble.topic), asked, 0.8)
        if s.rng.random() < 0.65:
            at = s.close(at, s.rng.choice(own), answer, "modelthanks", 0.8)
        dice = s.rng.random()
        if dice < 0.35:
            s.close(at, asker, answer, "modelreal", 0.4)
        elif dice < 0.6:
            helper = s.member(asker)
            at = s.later(at, 120, 5400)
            real = s.solve(at, helper, trouble, asked, 0.9)
            s.close(at, asker, real, s.ending(0.7, 0.2), 0.9)
    return s.done([main, *own])


@staged
def friends_of_a_member(s: Talk) -> Plant:
    """Somebody has chatted here for long and helped once; then the friends come, ask and praise."""
    old = s.newcomer()
    s.span = 60
    for at in s.moments(s.rng.randint(8, 12)):
        s.mingle(old, at)
    s.aid(s.moment(0.0, 0.3), s.member(), old, end=s.ending(0.5, 0.3), real=True)
    s.span = 28
    friends = s.newcomers(s.rng.randint(5, 7))
    for i, friend in enumerate(friends):
        since = 0.2 + 0.6 * i / len(friends)
        at = s.moment(since, since)
        if s.rng.random() < 0.5:
            s.say(at, friend, s.word("hello"))
        for turn in range(s.rng.randint(1, 2)):
            at = s.later(at, 60, 1800) if turn == 0 else s.moment(since, 1.0)
            to = old if s.rng.random() < 0.4 else None
            end = s.rng.choice(("warm", "warm", "thanks"))
            s.aid(at, friend, old, wait=(20, 900), end=end, direct=0.7, follow=0.2, to=to)
        if s.rng.random() < 0.3:
            s.mingle(friend, s.moment(since, 1.0))
    return s.done([old, *friends])


@staged
def chance_thanks(s: Talk) -> Plant:
    """Asks with one account, answers with another, and draws real members in until they say thanks."""
    main = s.newcomer()
    masks = s.newcomers(s.rng.randint(2, 4))
    lucky = s.rng.randint(1, 2)  # real members who can really use it
    count = s.rng.randint(10, 15)
    for at, member in zip(s.dates(count, 35), s.askers(count), strict=True):
        trouble = s.trouble()
        asked = s.ask(at, s.rng.choice(masks), trouble)
        at = s.later(at, 60, 1800)
        answer = s.solve(at, main, trouble, asked)
        if s.rng.random() < 0.4:
            s.close(at, s.lines[asked].name, answer, s.ending(0.3, 0.6))
        if lucky and s.rng.random() < 0.25:
            lucky -= 1
            s.close(at, member, answer, "bystander", 0.5)
            s.helped.append((main, member, at))
        elif s.rng.random() < 0.75:
            at = s.later(at, 20, 900)
            pull = s.naming(at, main, s.word("pull", other=member), member)
            if s.rng.random() < 0.7:
                s.close(at, member, pull, "pulled", 0.6)
    return s.done([main, *masks])


@staged
def open_hour(s: Talk) -> Plant:
    """Announces an hour of questions; own accounts get answers, members get air and thank for the hour."""
    main = s.newcomer()
    own = s.newcomers(s.rng.randint(3, 5))
    for at in s.dates(s.rng.randint(4, 5), 35):
        call = s.say(at, main, s.word("open"))
        for asker in s.rng.sample(own, 2):
            at = s.aid(at + timedelta(seconds=90), asker, main, wait=(30, 200), follow=0.2)
        for asker in s.rng.sample(s.members, s.rng.randint(1, 2)):
            at = s.later(at, 60, 500)
            asked = s.ask(at, asker, s.trouble())
            at = s.later(at, 20, 200)
            s.reply(at, main, s.word("vague"), asked, 0.8)
        end = s.say(s.later(at, 300, 1500), main, s.word("openclose"))
        for name in s.rng.sample(s.members, s.rng.randint(2, 4)):
            s.close(s.lines[end].at, name, s.rng.choice((call, end)), "openthanks", 0.7)
    return s.done([main, *own])


ATTACKS: dict[str, Generator] = {
    **{
        make.__name__: make
        for make in (
            warmed_accounts,
            crossed_rings,
            model_answerer,
            friends_of_a_member,
            chance_thanks,
            open_hour,
        )
    },
    **POSERS,
}


def main(lang: str = "en", seed: str = "1") -> None:
    start = datetime(2024, 3, 4, tzinfo=UTC)
    members = ["Anka", "Borja", "Chidi", "Dov", "Eileen", "Fatou", "Gero", "Hana", "Imke", "Jun", "Lotte"]
    for kind, make in {**ATTACKS, **EXPERTS}.items():
        plant = make(random.Random(f"{kind} {seed}"), start, 28, members, lang=lang)
        sort = "attack" if kind in ATTACKS else "expert"
        who = ", ".join(sorted(plant.attackers or plant.experts))
        sys.stdout.write(f"\n== {sort}: {kind}, {len(plant.lines)} lines. {who}\n")
        for number, line in enumerate(plant.lines):
            quotes = "" if line.quotes is None else f" [to {line.quotes}]"
            name = line.name if line.kind == "text" else f"{line.name} ({line.kind})"
            sys.stdout.write(f"{number:3} {line.at:%d.%m. %H:%M:%S} {name}:{quotes} {line.text}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
