"""Later planted experts: people who really help, each in a way that is easy to overlook.

Each has really helped at least five people on at least four days within the last 28 days (where the log is
long enough), and says little else.
"""

from __future__ import annotations

from datetime import timedelta

from tests.eval.written.attacks import Plant
from tests.eval.written.talk_later import Generator, Talk, Trouble, staged


@staged
def gate_helper(s: Talk) -> Plant:
    """Helps people on their first day; they say thanks, or nothing, and never speak again."""
    expert = s.newcomer()
    for at in s.dates(s.rng.randint(6, 9)):
        guest = s.newcomer(junk=s.rng.random() < 0.15)
        s.voice = ""
        if s.rng.random() < 0.6:
            hello = s.say(at, guest, s.word("hello"))
            if s.rng.random() < 0.25:
                s.reply(s.later(at, 5, 60), s.member(), s.word("hello"), hello, 0.2)
            at = s.later(at, 20, 240)
        s.aid(at, guest, expert, wait=(60, 2400), end=s.ending(0.5, 0.2), follow=0.25, real=True)
    return s.done(experts=[expert])


@staged
def old_friends_helper(s: Talk) -> Plant:
    """Is asked mostly by the same three old members, and now and then helps somebody else."""
    expert = s.newcomer()
    friends = s.rng.sample(s.members, 3)
    others = [name for name in s.askers(len(s.members)) if name not in friends][: s.rng.randint(4, 5)]
    askers = friends + [s.rng.choice(friends) for _ in range(s.rng.randint(4, 6))] + others
    s.rng.shuffle(askers)
    for at, asker in zip(s.dates(len(askers)), askers, strict=True):
        known = asker in friends
        to = expert if known and s.rng.random() < 0.4 else None
        s.aid(at, asker, expert, end=s.ending(0.45, 0.3), follow=0.3 if known else 0.15, real=True, to=to)
    return s.done(experts=[expert])


@staged
def picture_helper(s: Talk) -> Plant:
    """Answers with a screenshot or a link to the right page, and hardly a word."""
    expert = s.newcomer()
    count = s.rng.randint(7, 10)
    for at, asker in zip(s.dates(count), s.askers(count), strict=True):
        trouble = s.trouble()
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 60, 2000)
        dice = s.rng.random()
        if dice < 0.6:
            pictures = 1 if dice < 0.4 else 2
            for _ in range(pictures):
                shown = "[image]" if s.tongue() == "en" else "[图片]"
                answer = s.reply(at, expert, shown, asked, 0.15, kind="image")
                at = s.later(at, 4, 40)
            text = s.rng.choice(trouble.parts[-2:]) if dice < 0.45 else s.word("seepic")
            answer = s.say(at, expert, text, to=asker if s.rng.random() < 0.4 else None)
        else:
            answer = s.reply(at, expert, trouble.link, asked, 0.6)
            at = s.later(at, 8, 60)
            if dice < 0.85 or trouble.tongue == "zh":
                answer = s.say(at, expert, s.rng.choice(trouble.parts))
        s.helped.append((expert, asker, at))
        s.close(at, asker, answer, s.ending(0.65, 0.2))
    return s.done(experts=[expert])


@staged
def rush_hour_helper(s: Talk) -> Plant:
    """Helps while everybody talks at once, and never says to whom the answer goes."""
    expert = s.newcomer()
    count = s.rng.randint(6, 7)
    for at, asker in zip(s.dates(count), s.askers(count), strict=True):
        trouble = s.trouble()
        asked = s.ask(at, asker, trouble)
        for _ in range(1 if s.rng.random() < 0.7 else 2):  # the others' talk around it
            one = s.member(asker)
            s.small_talk(s.later(at, 2, 120), one, s.member(asker, one))
        if s.rng.random() < 0.4:
            other = s.member(asker)
            s.aid(s.later(at, 5, 60), other, s.member(asker, other), wait=(30, 200), follow=0)
            s.resume(trouble)
        at = s.later(at, 50, 300)
        answer = s.solve(at, expert, trouble, asked, 0.0)
        s.helped.append((expert, asker, at))
        s.close(at, asker, answer, s.ending(0.5, 0.25), 0.15)
    return s.done(experts=[expert])


@staged
def lurker_awake(s: Talk) -> Plant:
    """Has been silent but for a word or two at the beginning; now helps."""
    expert = s.newcomer()
    early = s.hour(0)
    s.say(early, expert, s.word("hello"))
    if s.whole > 8:
        second = s.hour(min(s.whole // 6, 5))
        s.small_talk(second, s.member(), expert)
    count = s.rng.randint(6, 8)
    late = max(5, min(28, int(s.whole * 0.65)))
    for at, asker in zip(s.dates(count, late), s.askers(count), strict=True):
        at = max(at, s.later(early, 7200, 9000))
        s.aid(at, asker, expert, wait=(90, 3600), end=s.ending(0.55, 0.25), real=True)
    return s.done(experts=[expert])


@staged
def followed_up_helper(s: Talk) -> Plant:
    """Nobody says thanks: they just ask the next thing, because the first answer was good."""
    expert = s.newcomer()
    count = s.rng.randint(7, 9)
    for at, asker in zip(s.dates(count), s.askers(count), strict=True):
        trouble = s.trouble(quick=True)
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 60, 1500)
        answer = s.solve(at, expert, trouble, asked, 0.4)
        at, answer = s.go_on(at, expert, trouble, answer, asker, 0.5)
        s.helped.append((expert, asker, at))
        s.close(at, asker, answer, "works" if s.rng.random() < 0.3 else None, 0.3)
    return s.done(experts=[expert])


@staged
def short_lines_helper(s: Talk) -> Plant:
    """Names the asker by @ and sends the answer in bits, a line each, as one types on the phone."""
    s.at_sign = True
    expert = s.newcomer()
    count = s.rng.randint(6, 8)
    for at, asker in zip(s.dates(count), s.askers(count), strict=True):
        trouble = s.trouble()
        s.ask(at, asker, trouble)
        at = s.later(at, 40, 1200)
        alone = s.rng.random() < 0.25  # the name in a line of its own
        answer = s.say(at, expert, "" if alone else trouble.parts[0], to=asker)
        for part in trouble.parts if alone else trouble.parts[1:]:
            at = s.later(at, 3, 18)
            answer = s.say(at, expert, part)
        if not trouble.slow and s.rng.random() < 0.2:
            at, answer = s.go_on(at, expert, trouble, answer, asker, 0.2)
        s.helped.append((expert, asker, at))
        at = s.close(at, asker, answer, s.ending(0.5, 0.25), 0.3)
        if s.rng.random() < 0.15:
            s.say(s.later(at, 5, 90), expert, s.word("welcome"))
    return s.done(experts=[expert])


@staged
def weekend_helper(s: Talk) -> Plant:
    """Has time on Saturdays and Sundays only, and then helps two or three at once."""
    expert = s.newcomer()
    last = range(max(0, s.whole - 27), s.whole)
    dates = {day: (s.dawn + timedelta(days=day)).isocalendar() for day in last}
    free = [day for day in last if dates[day].weekday >= 6]
    weeks = sorted({(dates[day].year, dates[day].week) for day in free})
    groups = [[day for day in free if (dates[day].year, dates[day].week) == week] for week in weeks]
    days = [s.rng.choice(group) for group in groups]
    if len(days) < 4:  # a short log: both days, and if need be evenings in the week
        rest = [day for day in last if day not in free]
        days = free + s.rng.sample(rest, min(len(rest), max(0, 4 - len(free))))
    times = [s.rng.randint(2, 3) for _ in days]
    askers = iter(s.askers(sum(times)))
    for day, count in zip(days, times, strict=True):
        at = s.hour(day, 8, 16 if len(days) < len(free) else 11)
        for _ in range(count):
            asker = next(askers)
            end = s.aid(at, asker, expert, wait=(30, 900), end=s.ending(0.55, 0.25), follow=0.2, real=True)
            at = s.later(at, 300, 2400) if s.rng.random() < 0.3 else s.later(end, 300, 4000)
    return s.done(experts=[expert])


@staged
def careful_corrector(s: Talk) -> Plant:
    """Steps in when somebody gets bad advice, and says what really helps."""
    expert = s.newcomer()
    count = s.rng.randint(6, 8)
    for at, asker in zip(s.dates(count), s.askers(count), strict=True):
        trouble = s.trouble()
        asked = s.ask(at, asker, trouble)
        wrong = s.member(asker)
        bad, but = s.draw("wrongs")
        at = s.later(at, 20, 600)
        tip = s.reply(at, wrong, s.typed(wrong, bad), asked, 0.3)
        at = s.later(at, 30, 900)
        text = but + s.rng.choice(trouble.solve)
        answer = s.reply(at, expert, s.typed(expert, text), tip if s.rng.random() < 0.5 else asked, 0.6)
        if s.rng.random() < 0.4:
            s.reply(s.later(at, 20, 400), wrong, s.word("stand"), answer, 0.3)
        s.helped.append((expert, asker, at))
        s.close(at, asker, answer, s.ending(0.55, 0.25))
    return s.done(experts=[expert])


def _easy(s: Talk) -> Trouble:
    s.voice, s.slow = s.rng.choice(("en", "zh")), False
    ask, solve = s.draw("easy")
    return Trouble(s.tongue(), (ask,), (solve,), (solve,), "", "", "", "", "", "")


@staged
def small_things_helper(s: Talk) -> Plant:
    """Knows the small things of every day and says them in three words, to whoever asks."""
    expert = s.newcomer()
    count = s.rng.randint(8, 12)
    for at, asker in zip(s.dates(count), s.askers(count), strict=True):
        trouble = _easy(s)
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 20, 900)
        answer = s.solve(at, expert, trouble, asked, 0.4)
        s.helped.append((expert, asker, at))
        at = s.close(at, asker, answer, s.ending(0.6, 0.2), 0.3)
    return s.done(experts=[expert])


EXPERTS: dict[str, Generator] = {
    make.__name__: make
    for make in (
        gate_helper,
        old_friends_helper,
        picture_helper,
        rush_hour_helper,
        lurker_awake,
        followed_up_helper,
        short_lines_helper,
        weekend_helper,
        careful_corrector,
        small_things_helper,
    )
}
