"""What a failed call says about its effect."""

from __future__ import annotations

import socket
import ssl

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError, ProtocolError, StreamTerminatedError

from bot.gateway.base import GatewayError, NotSent, Refused, Uncertain
from bot.gateway.failures import GatewayBusy, LineClosed, LineDead, failure, trouble


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(111, "refused"), NotSent),
        (socket.gaierror(-2, "Name or service not known"), NotSent),
        (ssl.SSLCertVerificationError("certificate verify failed"), NotSent),
        (TimeoutError(), Uncertain),
        (ConnectionResetError(), Uncertain),
        (BrokenPipeError(), Uncertain),
        (StreamTerminatedError("Connection lost"), Uncertain),
        (ProtocolError("?"), Uncertain),
        (ValueError("?"), Uncertain),
        (GRPCError(Status.UNKNOWN, "something"), Uncertain),
        (GRPCError(Status.INTERNAL, None), Uncertain),
        (GRPCError(Status.UNAVAILABLE, "try later"), Uncertain),
        (GRPCError(Status.DEADLINE_EXCEEDED, ""), Uncertain),
        (GRPCError(Status.CANCELLED, ""), Uncertain),
        (GRPCError(Status.ABORTED, ""), Uncertain),
        (GRPCError(Status.PERMISSION_DENIED, "no"), Refused),
        (GRPCError(Status.UNAUTHENTICATED, "who?"), Refused),
        (GRPCError(Status.NOT_FOUND, ""), Refused),
        (GRPCError(Status.INVALID_ARGUMENT, ""), Refused),
        (GRPCError(Status.FAILED_PRECONDITION, ""), Refused),
        (GRPCError(Status.UNIMPLEMENTED, ""), Refused),
        (GRPCError(Status.RESOURCE_EXHAUSTED, ""), Refused),
        (GRPCError(Status.UNKNOWN, "not logged in"), Refused),
        (GRPCError(Status.UNKNOWN, "Wechaty Puppet Unsupported API Error."), Refused),
        (GRPCError(Status.UNKNOWN, "操作太频繁，请稍后再试"), Refused),
        (NotImplementedError(), Refused),
        (NotSent("no line"), NotSent),
    ],
)
def test_nothing_happened_or_a_no_or_nobody_knows(error: Exception, kind: type[GatewayError]) -> None:
    found = failure(error, "message_send_text")
    assert [one for one in (NotSent, Refused, Uncertain) if isinstance(found, one)] == [kind]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ConnectionRefusedError(), "unreachable"),
        (socket.gaierror(), "unreachable"),
        (ssl.SSLCertVerificationError("certificate verify failed"), "tls"),
        (GRPCError(Status.UNAUTHENTICATED, "who?"), "token"),
        (GatewayBusy("another"), "busy"),
        (LineDead("no sign of life"), "silent"),
        (LineClosed("politely"), "broken"),
        (StreamTerminatedError("reset"), "broken"),
    ],
)
def test_why_there_is_no_line(error: Exception, why: str) -> None:
    assert trouble(failure(error, "connect")) == why


@pytest.mark.parametrize(
    "message",
    ['Invalid Wechaty TOKEN "insecure_secret"', "token: insecure_secret", "TOKEN=insecure_secret trailing"],
)
def test_no_token_reaches_a_log(message: str) -> None:
    text = str(failure(GRPCError(Status.UNAUTHENTICATED, message), "event"))
    assert "secret" not in text
    assert "event" in text


def test_a_reason_is_one_short_printable_line() -> None:
    text = str(
        failure(GRPCError(Status.UNKNOWN, "\x1b[31mboom" + "!" * 1000 + "\n  at stack\n  at stack"), "x")
    )
    assert text.isprintable()
    assert len(text) < 300
    assert "stack" not in text
