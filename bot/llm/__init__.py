"""Smoother words from a language model, if whoever runs the bot has set one up; never other facts.

    plugin.work("smooth", done=say, with_model=True)(smooth)

    def smooth(wording: Wording, payload: dict[str, Any]) -> dict[str, Any]:
        return {"text": wording.said(payload["draft"], task="Make it one warm sentence.")}

`said` returns None without a model, when it fails or takes too long, and when it names a person, a number, a
foreign word or a quote that the draft does not hold: then the draft is said as it is. What must stay word for
word (a quote with its author) stands in the draft as a mark, `mark(1)`, and is put in afterwards: so nobody's
words leave the house. Replays and try-outs have no model.
"""

from bot.llm.faithful import MARK, mark, wrong_in
from bot.llm.model import Endpoint, Model, ModelFailed
from bot.llm.wording import NO_WORDING, Wording, wording_of

__all__ = [
    "MARK", "NO_WORDING", "Endpoint", "Model", "ModelFailed", "Wording", "mark", "wording_of", "wrong_in",
]  # fmt: skip
