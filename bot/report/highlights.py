"""Who is emerging, by the same reckoning as every night, and what was talked about."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.analysis.decentralisation import Share, Talk
from bot.analysis.reckoning import Known, reckoned, texts_in
from bot.analysis.standing import STAR, Standing
from bot.analysis.topics import Said, topics
from bot.collector import collector_held_back
from bot.messages import CORE, Texts, first
from bot.report.lettering import drawable
from bot.report.study import Emerging, Study, Topic
from bot.report.wording import percent
from bot.words import Trusted, joined

MOST = 3
TOPICS, TEXTS_READ = 6, 2_000
"""Of so many messages in questions and answers, the last ones, the words are counted."""


@collector_held_back()
def with_highlights(study: Study, texts: Texts) -> Study:
    """The study with topics and emerging people."""
    found = study.report.figures
    part = study.talk.part(found.since, found.until)
    report = replace(study.report, emerging=emerging_in(study, texts), topics=topics_of(part))
    return replace(study, report=report)


def topics_of(talk: Talk) -> tuple[Topic, ...]:
    """What questions and answers were about, by how many different people; nothing that is one person's."""
    wanted = {one.question for one in talk.exchanges}
    wanted.update(answer.message for one in talk.exchanges for answer in one.answers)
    said = [Said(line.member, line.id, line.text) for line in talk.lines if line.id in wanted and line.text]
    found = topics(said[-TEXTS_READ:], TOPICS) if said else ()
    return tuple(Topic(one.word, len(one.people)) for one in found if len(one.people) > 1)


def emerging_in(study: Study, texts: Texts) -> tuple[Emerging, ...]:
    """Whom a night's reckoning finds emerging, however long ago their last help: the highest rank first."""
    found, report, talk = study.report.figures, study.report, study.talk
    known = Known(owners=study.owners)
    night = reckoned(study.days, texts_in(talk.lines), known, found.until, ZoneInfo(report.zone))
    centre = {*found.without_top.silent, *study.owners}
    seen = [
        one for one in night.standings.values()
        if one.level >= STAR and one.is_emerging and one.rank > 0
        and one.member in study.present and one.member not in centre
    ]  # fmt: skip
    return tuple(_fact(study, one, texts) for one in seen[:MOST])


def _fact(study: Study, one: Standing, texts: Texts) -> Emerging:
    """For whom, on how many days, and with how little talk."""
    askers = [Trusted(drawable(study.present[asker], 20)) for asker in one.askers if asker in study.present]
    share = Share(study.counts.get(one.member, 0), study.report.figures.messages)
    sentence = texts.render(
        CORE, "report.emerging_fact", None, first, askers=Trusted(joined(askers, 3, len(one.askers))),
        days=one.days, share=percent(share),
    )  # fmt: skip
    return Emerging(study.present[one.member], sentence)
