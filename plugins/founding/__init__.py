"""建群: a few questions to the owner make a group's name, its announcement, rules, welcome and first weeks.

A plugin of its own beside 守门: it works before there is any room, and for a group whose door stays closed.
`declared` holds the plugin value; each topic file adds its handlers to it:

- `talking`: the conversation, one question at a time; `reading`: what is taken for an answer
- `christening`, `naming`, `inspired`: names on offer, with wordplay, and a model's if that is wished for
- `papers`: the drafts, to be looked at, changed and accepted
- `creating`: the bot makes the room with chosen people, where the network lets it
- `landing`: theme and promise are set, and the rest is done one owner's command after another
"""

from plugins.founding import creating, inspired, landing, papers, talking
from plugins.founding.declared import plugin

__all__ = ["creating", "inspired", "landing", "papers", "plugin", "talking"]
