"""守门: who wants to come in is asked what for, and comes in if it fits; nobody is called in for the number.

`declared` holds the plugin value; each topic file adds its handlers to it:

- `knocking`: who adds the bot or asks to come in
- `asking`: the questions and the answers, at most three tries each
- `deciding`: by the owner's words or the owner's word; the honest no
- `inviting`: into the right room, within its caps, never twice
- `looking`: whatever had to wait is taken up again
- `desk`: what owners say about the door
- `forgetting`: an applicant's words are theirs
"""

from plugins.gatekeeping import asking, deciding, desk, forgetting, inviting, knocking, looking
from plugins.gatekeeping.declared import plugin

__all__ = ["asking", "deciding", "desk", "forgetting", "inviting", "knocking", "looking", "plugin"]
