"""群规: the owner's few rules, ads seen before they spread, and hard words passed on quietly.

`declared` holds the plugin value; each topic file adds its handlers to it:

- `watching`, `weighing`: what a message amounts to, with standing and context
- `ladder`: note to the owner, reminder, warning, the owner is asked
- `deciding`: what an owner says to it: 同意, 误判, 移出; what came of a removal
- `pardons`: false alarms that are left alone from then on, and their list
- `asking`: what members can say: 群规, 申诉
- `frictions`: hard words, told to the owner with the lines and to nobody else
- `leaving_out`: 忘记我, and the nightly tidying
"""

from plugins.rules import asking, deciding, frictions, ladder, leaving_out, pardons, watching
from plugins.rules.declared import plugin

__all__ = ["asking", "deciding", "frictions", "ladder", "leaving_out", "pardons", "plugin", "watching"]
