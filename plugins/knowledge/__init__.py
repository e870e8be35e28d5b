"""干货: what members came for. `declared` holds the plugin value; each topic file adds its handlers to it.

- `shares`: planned shares, their material, and who gives them (rooms beside it: `planning`, `issues`,
  `posting`, `pool`, `collecting`, `rota`, `showing`)
- `promises`: what the group promises, and whether it came (`ledger`, `measuring`, `accounts`)
- `questions`: questions that nobody answers (`waiting`, `helpers`, `listing`; pure: `asking`)
- `finding`: answers that are kept and found again (`keeping`, `telling`, `index`, `correcting`, `candidates`;
  pure: `closing`)
- `digest`: what somebody missed (`digesting`; pure: `gist`)
- `leaving_out`: who asked not to be counted, or to be forgotten
"""

from plugins.knowledge import digest, finding, leaving_out, promises, questions, shares
from plugins.knowledge.declared import plugin

__all__ = ["digest", "finding", "leaving_out", "plugin", "promises", "questions", "shares"]
