"""The handle of `sides` on the real gateway with a mock puppet behind it."""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

from grpclib.const import Status

from bot.events import MessageKind
from bot.gateway.channel import Endpoint
from bot.gateway.puppet import PuppetFactory
from bot.gateway.service_puppet import Door
from tests.contract.node_gateway import NodeGateway
from tests.contract.sides import LIN, NAMES, ROOM, TEA, TOPIC, Out

NODE_KINDS: dict[MessageKind, str] = {
    "voice": "audio",
    "sticker": "emoticon",
    "file": "attachment",
    "link": "url",
    "mini_program": "miniProgram",
    "red_envelope": "redEnvelope",
    "chat_history": "chatHistory",
}


class NodeSide:
    """The real gateway; it runs already."""

    def __init__(self, gateway: NodeGateway) -> None:
        self.node = gateway
        self.bot_id = "u-bot"
        self._prepare()

    def _prepare(self) -> None:
        node = self.node
        if node.call("stats")["logged_in"]:
            node.call("logout")
        node.call("reset")
        node.call("set", echo="after", return_ids=True, ding_ms=0, login_on_start=True)
        for id, name in NAMES.items():
            node.call("contact", contact={"id": id, "name": name, "friend": id == TEA})
        node.call("contact", contact={"id": self.bot_id, "name": "群星"})
        members = [TEA, LIN, self.bot_id]
        node.call("room", room={"id": ROOM, "topic": TOPIC, "members": members, "aliases": {TEA: "茶博士"}})
        node.call("login", contact=self.bot_id)
        node.call("stats", clear=True)

    def factory(self) -> PuppetFactory:
        return Door(Endpoint.read(self.node.endpoint, self.node.token)).puppet

    async def say(
        self,
        sender: str,
        text: str,
        *,
        room: str | None = ROOM,
        mentions: tuple[str, ...] = (),
        kind: MessageKind = "text",
        file: tuple[str, bytes] | None = None,
        stamp: int | None = None,
    ) -> str:
        fields: dict[str, Any] = {"sender": sender, "text": text, "type": NODE_KINDS.get(kind, kind)}
        if stamp is not None:
            fields["timestamp"] = stamp
        if room:
            fields |= {"room": room, "mentions": list(mentions)}
        if file:
            fields["filename"] = file[0]
            fields["file"] = {"name": file[0], "base64": base64.b64encode(file[1]).decode()}
        return str((await self.node.ask("message", **fields))["message_id"])

    async def replay(self, message_id: str) -> None:
        await self.node.ask("emit", event="message", payload={"messageId": message_id})

    async def recall(self, message_id: str) -> None:
        await self.node.ask("recall", message=message_id)

    async def join(self, *people: str, inviter: str = "", named: bool = True, told: bool = True) -> None:
        omit = [] if named else ["inviteeIdList"]
        await self.node.ask(
            "room_join", room=ROOM, invitees=list(people), inviter=inviter, event=told, omit=omit
        )

    async def leave(self, *people: str, remover: str = "") -> None:
        omit = [] if remover else ["removerId"]
        await self.node.ask("room_leave", room=ROOM, leavers=list(people), remover=remover, omit=omit)

    async def rename(self, topic: str) -> None:
        await self.node.ask("room_topic", room=ROOM, topic=topic)

    async def alias(self, person: str, alias: str) -> None:
        await self.node.ask("member_alias", room=ROOM, contact=person, alias=alias)

    async def request_friendship(self, person: str, hello: str) -> str:
        return str((await self.node.ask("friendship", contact=person, hello=hello))["friendship_id"])

    async def invite_bot(self, person: str, topic: str) -> str:
        answer = await self.node.ask("room_invite", inviter=person, topic=topic)
        return str(answer["room_invitation_id"])

    async def log_out(self) -> None:
        await self.node.ask("logout", reason="kicked out by the phone")

    async def log_in(self) -> None:
        await self.node.ask("login", contact=self.bot_id)

    async def end_stream(self, broken: bool) -> None:
        how = {"error": "broken on purpose", "code": Status.UNAVAILABLE.value} if broken else {}
        await self.node.ask("end_stream", **how)

    async def fault(
        self, call: str, *, error: bool = False, hang: bool = False, after: bool = False, delay: float = 0,
        times: int = 1,
    ) -> None:  # fmt: skip
        rule: dict[str, Any] = {"method": call, "times": times, "after": after, "delay_ms": delay * 1000}
        if error:
            rule |= {"error": "broken on purpose", "code": Status.INTERNAL.value}
        if hang:
            rule["hang"] = True
        await self.node.ask("fault", **rule)

    async def sent(self) -> list[Out]:
        found = []
        for one in (await self.node.ask("stats"))["sent"]:
            if one["method"] == "message_send_text":
                found.append(Out(one["conversation_id"], one["text"], tuple(one["mention_ids"])))
            elif one["method"] == "message_send_file":
                found.append(Out(one["conversation_id"], file=(one["name"], one["size"])))
        return found

    async def calls(self) -> Counter[str]:
        return Counter((await self.node.ask("stats"))["calls"])

    async def announcement(self) -> str:
        made = [one for one in (await self.node.ask("stats"))["sent"] if one["method"] == "room_announce"]
        return str(made[-1]["text"])
