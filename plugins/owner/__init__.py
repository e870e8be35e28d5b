"""The owner's desk (群主桌面): what owners do in private chat, and small courtesies in a group.

`declared` holds the plugin value; each topic file adds its handlers to it:

- `pairing`: becoming an owner
- `rooms`: which groups there are, switching the bot on and off in them
- `tryout`, `tryout_work`, `evening`: what the bot would have said in a group that is only watched
- `today`, `incidents`: what needs the owner's eye, and how it gets there
- `decisions`: 同意, 不用, 先放放 to what a plugin has put before the owner
- `status`: how the group and the bot are doing, and who changed what
- `quiet`: silence on demand, taking words back
- `settings_desk`, `features`, `texts_desk`: changing what the bot does and how it says it
- `menu`, `numbered`: help, and lists that are answered with a number
- `remembered`: what is stored about members, and forgetting it
- `courtesy`: what the bot says to members who speak to it
"""

from plugins.owner import (
    courtesy,
    decisions,
    features,
    incidents,
    menu,
    pairing,
    quiet,
    remembered,
    rooms,
    settings_desk,
    status,
    texts_desk,
    today,
    tryout,
)
from plugins.owner.declared import plugin

__all__ = [
    "courtesy",
    "decisions",
    "features",
    "incidents",
    "menu",
    "pairing",
    "plugin",
    "quiet",
    "remembered",
    "rooms",
    "settings_desk",
    "status",
    "texts_desk",
    "today",
    "tryout",
]
