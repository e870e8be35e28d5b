"""大神: who helps whom, crediting it so that others see it, and offering a stage.

`declared` holds the plugin value; each topic file adds its handlers to it:

- `reckoning`, `reading`: every night, levels and nominees from what was said
- `days`: how far a room's talk has been read, kept from night to night
- `derived`: what differs from last night
- `nominating`, `wording`: nominees with their evidence before the owner, and the owner's word
- `crediting`: the public credit, within its limits
- `stages`: the stage that is offered afterwards
- `thanking`, `asking`: what members can say and ask in the group
- `owner_desk`: what owners can say in private
- `checkup`, `checkup_work`: what would be left, for owners, as a picture
- `leaving_out`: 别统计我 and 忘记我
"""

from plugins.contributors import (
    asking,
    checkup,
    crediting,
    leaving_out,
    nominating,
    owner_desk,
    reckoning,
    stages,
    thanking,
)
from plugins.contributors.declared import plugin

__all__ = [
    "asking",
    "checkup",
    "crediting",
    "leaving_out",
    "nominating",
    "owner_desk",
    "plugin",
    "reckoning",
    "stages",
    "thanking",
]
