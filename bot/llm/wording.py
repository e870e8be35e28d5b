"""The one thing that plugins are handed: a draft goes in, and comes back in smoother words or not at all."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.llm.faithful import wrong_in
from bot.llm.model import Endpoint, Model, ModelFailed
from bot.words import plain

log = structlog.get_logger(__name__)

RULES = (
    "You polish short Chinese texts that a friendly chat-group host is about to say. {task} "
    "Keep the language of the text, plain and warm, no exclamation marks, no headings, no Markdown. "
    "Use only what the text says: no other name, number, date, place, quotation or link. "
    "Marks such as ⟦1⟧ stand for words that are put in later: keep each of them exactly once, in the same "
    "order, each on a line of its own. Answer with the text alone."
)
LONGER = 2
"""A polished text may be at most so many times as long as the draft (and a line more)."""

A_LINE = 40
LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Wording:
    """Words from the model, checked; without a model there never are any."""

    model: Model | None = None

    def said(self, draft: str, *, task: str, longest: int | None = None) -> str | None:
        """The draft after the task was done to it, or None: then the draft must serve.

        The draft is all that the model sees, and all that the answer may speak of.
        """
        if self.model is None or not draft.strip():
            return None
        try:
            answer = self.model.answer(RULES.format(task=task), draft)
        except ModelFailed as error:
            log.warning("llm_failed", why=str(error))
            return None
        lines = [plain(line, LONGEST_LINE) for line in answer.splitlines()]
        said = "\n".join(line for line in lines if line)
        if len(said) > (longest or LONGER * len(draft) + A_LINE):
            log.info("llm_refused", why="too long")
            return None
        wrong = wrong_in(said, draft)
        if wrong:
            log.info("llm_refused", why=wrong)
            return None
        return said


NO_WORDING = Wording()


def wording_of(endpoint: Endpoint | None) -> Wording:
    """Words from this endpoint."""
    return Wording(Model(endpoint)) if endpoint is not None else NO_WORDING
