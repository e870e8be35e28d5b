"""What a failed call says about its effect: nothing happened, the answer was no, or nobody knows."""

from __future__ import annotations

import re
import socket
import ssl

from grpclib.const import Status
from grpclib.exceptions import GRPCError

from bot.gateway.base import GatewayError, NotSent, Refused, Trouble, Uncertain

# Answers that a gateway gives before it does anything.
REFUSALS = frozenset(
    {
        Status.PERMISSION_DENIED,
        Status.UNAUTHENTICATED,
        Status.INVALID_ARGUMENT,
        Status.NOT_FOUND,
        Status.FAILED_PRECONDITION,
        Status.UNIMPLEMENTED,
        Status.RESOURCE_EXHAUSTED,
        Status.OUT_OF_RANGE,
        Status.ALREADY_EXISTS,
    }
)
# Node gateways report whatever a puppet threw as UNKNOWN; these words say that it threw before acting,
# or that WeChat itself said no.
_SAYS_NO = re.compile(
    r"not logged in|not login|unsupported|not supported|not implemented|no permission|频繁|没有权限|无权限",
    re.IGNORECASE,
)
# Certain that no byte of the request left: name, door or certificate were wrong.
_NEVER_LEFT = (ConnectionRefusedError, socket.gaierror)
_TOKEN = re.compile(r'(?i)(token)\W+[^\s"]+"?')
REASON_LENGTH = 200


class GatewayBusy(Refused):
    """Another client is attached to the gateway."""


class TokenRefused(Refused):
    """The gateway does not know the token."""


class TlsFailed(NotSent):
    """No secure line came about: not spoken there, or a certificate that is not trusted."""


class LineDead(Uncertain):
    """The line answers nothing any more although nobody closed it."""


class LineClosed(Uncertain):
    """The gateway ended the line politely."""


_TROUBLES: tuple[tuple[type[GatewayError], Trouble], ...] = (
    (GatewayBusy, "busy"),
    (TokenRefused, "token"),
    (TlsFailed, "tls"),
    (LineDead, "silent"),
    (NotSent, "unreachable"),
)


def trouble(error: GatewayError) -> Trouble:
    """Why there is no line, given how the last one ended."""
    return next((name for kind, name in _TROUBLES if isinstance(error, kind)), "broken")


def failure(error: BaseException, call: str) -> GatewayError:
    """The one of our three errors that `error` amounts to, raised while `call` was under way.

    Its text is one line without tokens and without what was to be sent.
    """
    if isinstance(error, GatewayError):
        return error
    if isinstance(error, TimeoutError):
        return Uncertain(f"{call}: no answer in time")
    if isinstance(error, GRPCError):
        reason = f"{call}: {error.status.name}: {first_line(error.message or '')}"
        if error.status is Status.UNAUTHENTICATED:
            return TokenRefused(reason)
        if error.status in REFUSALS or _SAYS_NO.search(error.message or ""):
            return Refused(reason)
        return Uncertain(reason)
    if isinstance(error, ssl.SSLError):
        return TlsFailed(f"{call}: {first_line(str(error))}")
    if isinstance(error, _NEVER_LEFT):
        return NotSent(f"{call}: {type(error).__name__}: {first_line(str(error))}")
    if isinstance(error, NotImplementedError):
        return Refused(f"{call}: this puppet cannot do that")
    return Uncertain(f"{call}: {type(error).__name__}: {first_line(str(error))}")


def first_line(text: str) -> str:
    """The first line, shortened, without tokens: fit for a log and for an owner."""
    line = text.strip().partition("\n")[0]
    printable = "".join(character if character.isprintable() else " " for character in line)
    return _TOKEN.sub(r"\1 …", printable)[:REASON_LENGTH]
