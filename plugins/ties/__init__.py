"""情谊: people are brought to people. `declared` holds the plugin value; each topic file adds its handlers.

- `introducing`: a newcomer's self-introduction is tied to one member (pure: `introduction`, `logic`; reading:
  `evidence`)
- `pairing`, `asking_round`: who wants to is paired every month (pure: `matching`; reading: `pairing_work`)
- `regulars`: who comes how often; `returning`: who comes back is greeted with what happened (`happenings`)
- `anniversaries`: a year here, with what somebody gave; `fading`, `leaving`: for the owner alone (reading:
  `portrait`)
- `company`: who may be named now; `leaving_out`: who asked not to be counted, or to be forgotten
"""

from plugins.ties import (
    anniversaries,
    asking_round,
    fading,
    happenings,
    introducing,
    leaving,
    leaving_out,
    pairing,
    regulars,
    returning,
)
from plugins.ties.declared import plugin

__all__ = [
    "anniversaries",
    "asking_round",
    "fading",
    "happenings",
    "introducing",
    "leaving",
    "leaving_out",
    "pairing",
    "plugin",
    "regulars",
    "returning",
]
