"""干货: what members came for. `declared` holds the plugin value; each topic file adds its handlers to it.

- `shares`: planned shares, their material, and who gives them (rooms beside it: `planning`, `issues`,
  `posting`, `pool`, `collecting`, `rota`, `showing`)
- `promises`: what the group promises, and whether it came (`ledger`, `measuring`, `accounts`)
"""

from plugins.knowledge import promises, shares
from plugins.knowledge.declared import plugin

__all__ = ["plugin", "promises", "shares"]
