"""Later planted attackers who work alone among real members: thanked by many, of use to nobody."""

from __future__ import annotations

from tests.eval.written.attacks import Plant
from tests.eval.written.talk_later import Generator, Talk, staged


@staged
def paraphraser(s: Talk) -> Plant:
    """Says in other words, hours later, what a member has answered already; the polite say thanks."""
    poser = s.newcomer()
    count = s.rng.randint(9, 16)
    for at, asker in zip(s.dates(count, 35, 13.0), s.askers(count), strict=True):
        trouble = s.trouble(quick=True)
        helper = s.member(asker)
        first, *others = s.rng.sample(trouble.solve, len(trouble.solve))
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 90, 1800)
        answer = s.reply(at, helper, s.typed(helper, first), asked, 0.5)
        s.close(at, asker, answer, s.ending(0.5, 0.2))
        at = s.later(at, 2.5 * 3600, 8 * 3600)
        again = s.reply(at, poser, s.typed(poser, s.rng.choice(others)), asked, 0.95)
        if s.rng.random() < 0.6:
            s.close(at, asker, again, "parathanks", 0.8, other=helper)
    return s.done([poser])


@staged
def after_the_fact(s: Talk) -> Plant:
    """Answers only what was answered and thanked for a little while ago, as if nobody had."""
    poser = s.newcomer()
    for at in s.moments(s.rng.randint(9, 16)):
        trouble = s.trouble(quick=True)
        asker = s.member()
        helper = s.member(asker)
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 60, 1200)
        first, *others = s.rng.sample(trouble.solve, len(trouble.solve))
        answer = s.reply(at, helper, s.typed(helper, first), asked)
        if s.rng.random() < 0.4:
            at, answer = s.go_on(at, helper, trouble, answer, asker)
        at = s.close(at, asker, answer, s.rng.choice(("thanks", "thanks", "works")), 0.6)
        at = s.later(at, 180, 5400)
        text = s.word("after") + (first if s.rng.random() < 0.2 else s.rng.choice(others))
        again = s.reply(at, poser, text, asked, 0.9)
        if s.rng.random() < 0.55:
            s.close(at, asker, again, "afterthanks", 0.7, other=helper)
    return s.done([poser])


@staged
def private_seller(s: Talk) -> Plant:
    """Sounds like somebody who knows, then takes the asker to a private chat, where it costs money."""
    seller = s.newcomer()
    count = s.rng.randint(9, 16)
    for at, asker in zip(s.dates(count, 35), s.askers(count), strict=True):
        trouble = s.trouble()
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 40, 1500)
        lead = s.word("privatelead", topic=trouble.topic)
        if s.rng.random() < 0.5:
            answer = s.reply(at, seller, f"{lead} {s.word('private')}", asked, 0.8)
        else:
            back = s.reply(at, seller, s.rng.choice((trouble.back, lead)), asked, 0.6)
            at = s.later(at, 40, 600)
            if s.lines[back].text.endswith(trouble.back):
                s.say(at, asker, trouble.given)
            at = s.later(at, 20, 300)
            answer = s.reply(at, seller, s.word("private"), asked, 0.8)
        dice = s.rng.random()
        if dice < 0.65:
            at = s.close(at, asker, answer, "privateok", 0.6)
        if dice < 0.15 or dice > 0.93:
            s.close(s.later(at, 3600, 20000), asker, answer, "privatelater", 0.1)
    for _ in range(2):
        s.mingle(seller, s.moment())
    return s.done([seller])


@staged
def newcomer_cheerer(s: Talk) -> Plant:
    """Greets whoever is new, praises the question, wishes luck; the answers come from others, if at all."""
    poser = s.newcomer()
    for at in s.moments(s.rng.randint(10, 18)):
        trouble = s.trouble()
        guest = s.newcomer(junk=s.rng.random() < 0.15)
        if s.rng.random() < 0.5:
            s.say(at, guest, s.word("hello"))
            at = s.later(at, 10, 120)
        asked = s.ask(at, guest, trouble)
        at = s.later(at, 10, 400)
        cheer = s.reply(at, poser, s.word("luck"), asked, 0.85)
        if s.rng.random() < 0.75:
            at = s.close(at, guest, cheer, "luckthanks", 0.6)
        if s.rng.random() < 0.4:
            at = s.later(at, 300, 7200)
            answer = s.solve(at, s.member(), trouble, asked, 0.7)
            s.close(at, guest, answer, s.ending(0.6, 0.2))
    return s.done([poser])


@staged
def feast_wisher(s: Talk) -> Plant:
    """Never misses a birthday or a feast and is thanked by all, for wishes."""
    poser = s.newcomer()
    for at, name in zip(s.moments(s.rng.randint(7, 12)), s.askers(12), strict=False):
        s.voice = ""
        if s.rng.random() < 0.5:
            s.say(at, name, s.typed(name, s.word("birthself")))
        else:
            s.naming(at, s.member(name), s.word("birthother", other=name), name)
        at = s.later(at, 30, 1800)
        wish = s.say(at, poser, s.word("birthwish"), to=name)
        if s.rng.random() < 0.85:
            s.close(at, name, wish, "birththanks", 0.6)
    for at in s.moments(s.rng.randint(2, 4)):
        s.voice = ""
        wish = s.say(at, poser, s.word("feast"))
        for name in s.rng.sample(s.members, s.rng.randint(3, 7)):
            s.close(at, name, wish, "feastthanks", s.rng.choice((0.2, 0.9)))
    return s.done([poser])


@staged
def promiser(s: Talk) -> Plant:
    """Will send the solution tonight; is thanked in advance, and never sends it."""
    poser = s.newcomer()
    count = s.rng.randint(9, 15)
    for at, asker in zip(s.dates(count, 35), s.askers(count), strict=True):
        asked = s.ask(at, asker, s.trouble())
        at = s.later(at, 30, 1500)
        promise = s.reply(at, poser, s.word("promise"), asked, 0.8)
        if s.rng.random() < 0.8:
            s.close(at, asker, promise, "ahead", 0.7)
        if s.rng.random() < 0.4:
            day = (at - s.dawn).days + s.rng.randint(1, 2)
            if day >= s.whole:
                continue
            at = s.hour(day)
            line = s.say(at, asker, s.word("remind"), to=poser)
            if s.rng.random() < 0.7:
                at = s.later(at, 100, 7200)
                s.reply(at, poser, s.word("excuse"), line, 0.6)
            if s.rng.random() < 0.3:
                s.say(s.later(at, 3600, 20000), asker, s.word("ownway"))
    return s.done([poser])


@staged
def endless_interviewer(s: Talk) -> Plant:
    """Asks one thing after the other like a doctor and never comes to a solution; thanks anyway."""
    poser = s.newcomer()
    count = s.rng.randint(8, 12)
    for at, asker in zip(s.dates(count, 35), s.askers(count), strict=True):
        trouble = s.trouble()
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 30, 900)
        line = s.reply(at, poser, s.typed(poser, trouble.back), asked, 0.8)
        at = s.later(at, 20, 600)
        line = s.reply(at, asker, s.typed(asker, trouble.given), line, 0.5)
        for _ in range(s.rng.randint(1, 3)):
            at = s.later(at, 20, 600)
            back, given = s.draw("interview")
            last = s.reply(at, poser, s.typed(poser, back), line, 0.6)
            at = s.later(at, 20, 600)
            line = s.reply(at, asker, s.typed(asker, given), last, 0.4)
        if s.rng.random() < 0.5:
            at = s.later(at, 60, 1200)
            last = s.reply(at, poser, s.word("vague"), line, 0.5)
        if s.rng.random() < 0.75:
            s.close(at, asker, last, "anyway", 0.7)
    return s.done([poser])


@staged
def thanks_snatcher(s: Talk) -> Plant:
    """When a member has helped and the asker says thanks to nobody by name: you're welcome!"""
    poser = s.newcomer()
    for at in s.moments(s.rng.randint(10, 16)):
        asker = s.member()
        helper = s.member(asker)
        at = s.aid(at, asker, helper, end="thanks", direct=0.1, follow=0.2)
        line = len(s.lines) - 1
        at = s.later(at, 10, 300)
        snatch = s.reply(at, poser, s.word("snatch"), line, 0.9)
        if s.rng.random() < 0.5:
            s.close(at, asker, snatch, "snatchthanks", 0.6, other=helper)
    return s.done([poser])


@staged
def bandwagon(s: Talk) -> Plant:
    """Nods to a member's good answer at once, so that the asker thanks the two of them."""
    poser = s.newcomer()
    for at in s.moments(s.rng.randint(10, 16)):
        trouble = s.trouble(quick=True)
        asker = s.member()
        helper = s.member(asker)
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 60, 1500)
        answer = s.solve(at, helper, trouble, asked)
        at = s.later(at, 8, 120)
        text = s.word("agree", other=helper)
        if s.rng.random() < 0.4:
            nod = s.say(at, poser, text, quotes=answer)
        else:
            nod = s.reply(at, poser, text, asked, 0.6)
        dice = s.rng.random()
        if dice < 0.5:
            s.close(at, asker, nod, "both", 0.5, who=poser, other=helper)
        elif dice < 0.8:
            s.close(at, asker, answer, s.rng.choice(("thanks", "works")), 0.4)
    return s.done([poser])


@staged
def file_baiter(s: Talk) -> Plant:
    """Promises a file to everybody who says thanks, for weeks."""
    poser = s.newcomer()
    for at in s.moments(s.rng.randint(4, 7)):
        s.voice = ""
        bait = s.say(at, poser, s.word("bait"))
        fans = s.rng.sample(s.members, min(len(s.members), s.rng.randint(4, 9)))
        for name in fans:
            s.close(at, name, bait, "baitreply", s.rng.choice((0.2, 0.8)))
        if s.rng.random() < 0.6:
            s.say(s.later(at, 7200, 30000), s.rng.choice(fans), s.word("baitlate"))
    for _ in range(s.rng.randint(1, 3)):
        s.mingle(poser, s.moment())
    return s.done([poser])


@staged
def thanks_first(s: Talk) -> Plant:
    """Thanks people for being there, because people thank back."""
    poser = s.newcomer()
    count = s.rng.randint(12, 22)
    for at, name in zip(s.moments(count), s.askers(count), strict=True):
        s.voice = ""
        if s.rng.random() < 0.5:
            at = s.small_talk(at, name, s.member(name))
        at = s.later(at, 20, 900)
        line = s.naming(at, poser, s.word("thankfirst", other=name), name)
        if s.rng.random() < 0.75:
            s.close(at, name, line, "thankback", 0.7)
    return s.done([poser])


@staged
def link_dropper(s: Talk) -> Plant:
    """Answers with a link to a search or a start page, which the askers open later, if ever."""
    poser = s.newcomer()
    count = s.rng.randint(10, 18)
    for at, asker in zip(s.dates(count, 35), s.askers(count), strict=True):
        trouble = s.trouble()
        asked = s.ask(at, asker, trouble)
        at = s.later(at, 15, 400)
        link = s.reply(at, poser, s.search_link(trouble.topic), asked, 0.75)
        if s.rng.random() < 0.65:
            at = s.close(at, asker, link, "searchthanks", 0.6)
        if s.rng.random() < 0.3:
            s.close(s.later(at, 900, 9000), asker, link, "searchfail", 0.5)
    return s.done([poser])


POSERS: dict[str, Generator] = {
    make.__name__: make
    for make in (
        paraphraser,
        after_the_fact,
        private_seller,
        newcomer_cheerer,
        feast_wisher,
        promiser,
        endless_interviewer,
        thanks_snatcher,
        bandwagon,
        file_baiter,
        thanks_first,
        link_dropper,
    )
}
