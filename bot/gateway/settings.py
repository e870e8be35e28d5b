"""How patient the gateway is. All durations in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Timeouts, bounds and pauses; the defaults are for a real gateway.

    A payload is asked for once and again after each of `payload_pauses`. `window` bounds how many arrivals
    wait resolved for an earlier one, `backlog` how many wait at all before reading from the network stops.
    `ding_every` None leaves the line unwatched. A line that held for `steady_after` starts the `backoff`
    anew. While waiting to reconnect, `knock_every` asks whether the door has opened meanwhile.
    """

    call_timeout: float = 15.0
    file_timeout: float = 60.0
    payload_timeout: float = 5.0
    payload_pauses: tuple[float, ...] = (0.05, 0.5, 3.0)
    concurrency: int = 64
    window: int = 512
    backlog: int = 5000
    backoff: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
    jitter: float = 0.1
    steady_after: float = 10.0
    knock_every: float = 5.0
    ding_every: float | None = 30.0
    dong_within: float = 20.0
    drain_timeout: float = 5.0
