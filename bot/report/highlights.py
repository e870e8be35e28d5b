"""Who is emerging and what was talked about, as the record alone tells: for where nobody is nominated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.analysis.decentralisation import Share, Talk
from bot.analysis.help import Growth, growth, help_given, helps
from bot.analysis.topics import Said, topics
from bot.messages import CORE, Texts, first
from bot.report.study import Emerging, Study, Topic
from bot.report.wording import percent

SEEN_BY, ON_DAYS = 2, 2
"""So many distinct people helped, on so many distinct days, make somebody worth a look."""
MOST = 3
TOPICS, TEXTS_READ = 6, 2_000
"""Of so many messages in questions and answers, the last ones, the words are counted."""


def with_highlights(study: Study, texts: Texts, nominated: Sequence[Emerging] = ()) -> Study:
    """The study with topics and emerging people: those nominated, or else whom the record shows."""
    found = study.report.figures
    part = study.talk.part(found.since, found.until)
    emerging = tuple(nominated) or emerging_in(study, part, texts)
    return replace(study, report=replace(study.report, emerging=emerging, topics=topics_of(part)))


def topics_of(talk: Talk) -> tuple[Topic, ...]:
    """What questions and answers were about, by how many different people; nothing that is one person's."""
    wanted = {one.question for one in talk.exchanges}
    wanted.update(answer.message for one in talk.exchanges for answer in one.answers)
    said = [Said(line.member, line.id, line.text) for line in talk.lines if line.id in wanted and line.text]
    found = topics(said[-TEXTS_READ:], TOPICS) if said else ()
    return tuple(Topic(one.word, len(one.people)) for one in found if len(one.people) > 1)


def emerging_in(study: Study, part: Talk, texts: Texts) -> tuple[Emerging, ...]:
    """Those who help more people than in the window before, at the centre nobody: who grows most, first."""
    found, report = study.report.figures, study.report
    grown = growth(helps(study.talk.exchanges), found.until, found.until - found.since)
    given = help_given(helps(part.exchanges), (), now=found.until, zone=ZoneInfo(report.zone))
    centre = {*found.without_top.silent, *study.owners}
    rates = {key: grown.get(key, Growth()).rate for key in given}
    seen = [
        one for key, one in given.items()
        if key in study.present and key not in centre and rates[key] > 1
        and len(one.people) >= SEEN_BY and len(one.days) >= ON_DAYS
    ]  # fmt: skip
    seen.sort(key=lambda one: (-rates[one.member], -len(one.people), one.member))
    return tuple(
        Emerging(
            study.present[one.member],
            texts.render(
                CORE, "report.emerging_fact", None, first, days=report.days, people=len(one.people),
                questions=len(one.questions),
                share=percent(Share(study.counts.get(one.member, 0), found.messages)),
            ),
        )
        for one in seen[:MOST]
    )  # fmt: skip
