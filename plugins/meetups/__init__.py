"""线下: a meetup from idea to recap, topic first. `flow` is the whole way as one table; start reading there.

- `steering`: takes the steps of the table; what is done on each stands in the rooms below
- `ideas`: topics with their evidence, the owner chooses (`evidence` reads; pure: `proposing`)
- `voting`: the date (pure: `dates`); `announcing`: the sign-up and its changes; `turning`: its hours
- `signing`, `offering`: who comes, who waits (pure: `seats`); `reminding`; `holding`: the day, thanks
- `asking`: questions and answers; `recapping`, `pictures`: what is brought home
- `desk`: the owner's words (pure: `orders`; `naming`, `desk_views`); `members`: the group's; `showing`
- `hearing`: what other plugins tell; `forgetting`
"""

from plugins.meetups import (
    announcing,
    desk,
    forgetting,
    hearing,
    holding,
    ideas,
    members,
    offering,
    recapping,
    reminding,
    voting,
)
from plugins.meetups.declared import plugin

__all__ = [
    "announcing",
    "desk",
    "forgetting",
    "hearing",
    "holding",
    "ideas",
    "members",
    "offering",
    "plugin",
    "recapping",
    "reminding",
    "voting",
]
