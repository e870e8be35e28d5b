"""Every command that drives the mock puppet, seen from the other side of the wire."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from grpclib.exceptions import GRPCError
from wechaty_grpc.wechaty.puppet import EventType

from tests.contract.node_client import (
    BOT,
    IMAGE,
    NEW,
    RECALLED,
    ROOM,
    TEA,
    TEXT,
    Client,
    populate,
    talk,
    write,
)
from tests.contract.node_gateway import GatewayFailed, NodeGateway

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def running() -> Iterator[NodeGateway]:
    with NodeGateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(running: NodeGateway) -> NodeGateway:
    """A tea group with two people in it and the bot logged in."""
    populate(running)
    return running


def test_login_is_told_to_whoever_attaches(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        assert await client.next(EventType.EVENT_TYPE_LOGIN) == {"contactId": BOT}
        assert await client.next(EventType.EVENT_TYPE_READY) == {"data": "ready"}

    talk(gateway, scenario)


def test_people_and_rooms(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        contact = await client.stub.contact_payload(id=TEA)
        room = await client.stub.room_payload(id=ROOM)
        member = await client.stub.room_member_payload(id=ROOM, member_id=TEA)
        assert (contact.name, room.topic, room.owner_id) == ("阿茶", "茶友", TEA)
        assert (list(room.member_ids), member.room_alias) == ([BOT, TEA], "老茶客")
        await gateway.ask("contact", contact={"id": TEA, "name": "改名了"})
        assert (await client.stub.contact_payload(id=TEA)).name == "改名了"
        with pytest.raises(GRPCError):
            await client.stub.room_member_payload(id=ROOM, member_id=NEW)

    talk(gateway, scenario)


def test_messages_of_both_kinds(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        sent = await gateway.ask(
            "message", sender=TEA, room=ROOM, text="@小星 好", mentions=[BOT], timestamp=1_700
        )
        assert await client.next(EventType.EVENT_TYPE_MESSAGE) == {"messageId": sent["message_id"]}
        said = await client.stub.message_payload(id=sent["message_id"])
        assert (said.from_id, said.room_id, said.text) == (TEA, ROOM, "@小星 好")
        assert (list(said.mention_ids), said.timestamp, said.type) == (
            [BOT],
            1_700,
            TEXT,
        )
        private = await gateway.ask("message", sender=TEA, text="悄悄话", id="given-id", emit=False)
        whisper = await client.stub.message_payload(id=private["message_id"])
        assert (whisper.id, whisper.room_id, whisper.to_id) == ("given-id", "", BOT)

    talk(gateway, scenario)


def test_a_picture_can_be_fetched(gateway: NodeGateway) -> None:
    picture = base64.b64encode(b"not really a picture").decode()

    async def scenario(client: Client) -> None:
        file = {"name": "tea.png", "base64": picture}
        sent = await gateway.ask(
            "message", sender=TEA, room=ROOM, type="image", filename="tea.png", file=file
        )
        said = await client.stub.message_payload(id=sent["message_id"])
        box = json.loads((await client.stub.message_file(id=sent["message_id"])).filebox)
        assert (said.type, said.filename) == (IMAGE, "tea.png")
        assert (box["name"], box["base64"]) == ("tea.png", picture)

    talk(gateway, scenario)


def test_a_burst_arrives_in_order(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        sent = await gateway.ask("burst", count=300, senders=[TEA, NEW], room=ROOM, text="第")
        seen = [(await client.next(EventType.EVENT_TYPE_MESSAGE))["messageId"] for _ in range(300)]
        assert seen == sent["message_ids"]

    talk(gateway, scenario)


def test_sends_are_noted_and_echoed(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        reply = await client.stub.message_send_text(conversation_id=ROOM, text="欢迎", mentonal_ids=[NEW])
        assert await client.next(EventType.EVENT_TYPE_MESSAGE) == {"messageId": reply.id}
        file = {"boxType": 1, "name": "茶.png", "base64": base64.b64encode(b"x" * 5000).decode()}
        await client.stub.message_send_file(conversation_id=TEA, filebox=json.dumps(file))
        with pytest.raises(GRPCError):
            await client.stub.message_send_text(conversation_id="nobody", text="?")
        await gateway.ask("wait", sent=2)
        text, picture = (await gateway.ask("stats", clear=True))["sent"]
        assert (text["method"], text["text"], text["mention_ids"]) == ("message_send_text", "欢迎", [NEW])
        assert (picture["method"], picture["name"], picture["size"]) == ("message_send_file", "茶.png", 5000)
        assert (await gateway.ask("stats"))["sent"] == []

    talk(gateway, scenario)


def test_echo_and_ids_can_be_switched_off(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        await gateway.ask("set", echo=False, return_ids=False)
        reply = await client.stub.message_send_text(conversation_id=ROOM, text="安静")
        await gateway.ask("set", echo="after", return_ids=True)
        marker = await gateway.ask("message", sender=TEA, room=ROOM, text="之后")
        assert not reply.id
        assert await client.next(EventType.EVENT_TYPE_MESSAGE) == {"messageId": marker["message_id"]}

    talk(gateway, scenario)


def test_recalls(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        theirs = await gateway.ask("message", sender=TEA, room=ROOM, text="说错了", emit=False)
        await gateway.ask("recall", message=theirs["message_id"])
        event = await client.next(EventType.EVENT_TYPE_MESSAGE)
        recall = await client.stub.message_payload(id=event["messageId"])
        assert (recall.type, recall.text, recall.from_id) == (
            RECALLED,
            theirs["message_id"],
            TEA,
        )
        ours = await client.stub.message_send_text(conversation_id=ROOM, text="撤回我")
        assert (await client.stub.message_recall(id=ours.id)).success
        assert not (await client.stub.message_recall(id=theirs["message_id"])).success

    talk(gateway, scenario)


def test_joins_leaves_and_topics(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        await gateway.ask("room_join", room=ROOM, invitees=[NEW], inviter=TEA, timestamp=5)
        join = {"inviteeIdList": [NEW], "inviterId": TEA, "roomId": ROOM, "timestamp": 5}
        assert await client.next(EventType.EVENT_TYPE_ROOM_JOIN) == join
        assert NEW in (await client.stub.room_member_list(id=ROOM)).member_ids
        await gateway.ask("room_join", room=ROOM, timestamp=6, omit=["inviterId", "inviteeIdList"])
        assert await client.next(EventType.EVENT_TYPE_ROOM_JOIN) == {"roomId": ROOM, "timestamp": 6}
        await gateway.ask("room_leave", room=ROOM, leavers=[NEW], timestamp=7, omit=["removerId"])
        leave = {"removeeIdList": [NEW], "roomId": ROOM, "timestamp": 7}
        assert await client.next(EventType.EVENT_TYPE_ROOM_LEAVE) == leave
        await gateway.ask("room_join", room=ROOM, invitees=[NEW], event=False)
        await gateway.ask("room_topic", room=ROOM, topic="喝茶", changer=TEA, timestamp=8)
        topic = {"changerId": TEA, "newTopic": "喝茶", "oldTopic": "茶友", "roomId": ROOM, "timestamp": 8}
        assert await client.next(EventType.EVENT_TYPE_ROOM_TOPIC) == topic
        assert NEW in (await client.stub.room_member_list(id=ROOM)).member_ids

    talk(gateway, scenario)


def test_what_a_bot_does_to_rooms(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        stub = client.stub
        await stub.room_add(id=ROOM, contact_id=NEW)
        assert (await client.next(EventType.EVENT_TYPE_ROOM_JOIN))["inviteeIdList"] == [NEW]
        await stub.room_del(id=ROOM, contact_id=NEW)
        assert (await client.next(EventType.EVENT_TYPE_ROOM_LEAVE))["removeeIdList"] == [NEW]
        await write(stub, "RoomTopic", "新名字")
        assert (await client.next(EventType.EVENT_TYPE_ROOM_TOPIC))["newTopic"] == "新名字"
        await write(stub, "RoomAnnounce", "周六喝茶")
        assert (await write(stub, "RoomAnnounce", None)).text == "周六喝茶"
        room = await stub.room_create(contact_ids=[TEA, NEW], topic="圆桌")
        assert list((await stub.room_payload(id=room.id)).member_ids) == [BOT, TEA, NEW]
        await stub.room_quit(id=ROOM)
        with pytest.raises(GRPCError):
            await stub.message_send_text(conversation_id=ROOM, text="还在吗")
        methods = [sent["method"] for sent in (await gateway.ask("stats"))["sent"]]
        assert methods == ["room_add", "room_del", "room_topic", "room_announce", "room_create", "room_quit"]

    talk(gateway, scenario)


def test_the_published_python_stubs_cannot_rename_or_announce(gateway: NodeGateway) -> None:
    """They write to a field that the server no longer reads: it takes the call for a question."""

    async def scenario(client: Client) -> None:
        await client.stub.room_topic(id=ROOM, topic="改不了")
        await client.stub.room_announce(id=ROOM, text="发不出")
        assert (await client.stub.room_payload(id=ROOM)).topic == "茶友"
        assert (await gateway.ask("stats"))["sent"] == []

    talk(gateway, scenario)


def test_friends_and_invitations(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        asked = await gateway.ask("friendship", contact=NEW, hello="配对码 123456")
        event = await client.next(EventType.EVENT_TYPE_FRIENDSHIP)
        assert event == {"friendshipId": asked["friendship_id"]}
        payload = await client.stub.friendship_payload(id=asked["friendship_id"])
        assert (payload.contact_id, payload.hello, int(payload.type)) == (NEW, "配对码 123456", 2)
        await client.stub.friendship_accept(id=asked["friendship_id"])
        confirmed = await client.next(EventType.EVENT_TYPE_FRIENDSHIP)
        assert int((await client.stub.friendship_payload(id=confirmed["friendshipId"])).type) == 1
        assert (await client.stub.contact_payload(id=NEW)).friend
        await gateway.ask("room", room={"id": "other@chatroom", "topic": "别的群", "members": [TEA]})
        invited = await gateway.ask("room_invite", room="other@chatroom", inviter=TEA, topic="别的群")
        await client.next(EventType.EVENT_TYPE_ROOM_INVITE)
        await client.stub.room_invitation_accept(id=invited["room_invitation_id"])
        assert (await client.next(EventType.EVENT_TYPE_ROOM_JOIN))["inviteeIdList"] == [BOT]

    talk(gateway, scenario)


def test_raw_and_other_events(gateway: NodeGateway) -> None:
    async def scenario(client: Client) -> None:
        await gateway.ask("emit", event="heartbeat", payload={"data": "tick"})
        assert await client.next(EventType.EVENT_TYPE_HEARTBEAT) == {"data": "tick"}
        await gateway.ask("scan", qrcode="https://example.invalid/qr")
        assert (await client.next(EventType.EVENT_TYPE_SCAN))["status"] == 2
        await gateway.ask("error", message="坏了")
        assert "坏了" in (await client.next(EventType.EVENT_TYPE_ERROR))["gerror"]
        await client.stub.ding(data="there?")
        assert await client.next(EventType.EVENT_TYPE_DONG) == {"data": "there?"}
        await gateway.ask("emit_raw", type=99, payload={"new": True})
        await gateway.ask("emit_raw", type=2, payload="{broken")
        assert await client.next(99) == {"new": True}
        raw = await client.events.get()
        while raw[0] == EventType.EVENT_TYPE_READY:  # comes a moment after attaching, whenever that is
            raw = await client.events.get()
        assert raw == (2, "{broken")
        await gateway.ask("logout", reason="换号")
        assert await client.next(EventType.EVENT_TYPE_LOGOUT) == {"contactId": BOT, "data": "换号"}

    talk(gateway, scenario)


def test_unknown_and_impossible_commands_are_answered(gateway: NodeGateway) -> None:
    with pytest.raises(GatewayFailed, match="unknown command constructor"):
        gateway.call("constructor")
    with pytest.raises(GatewayFailed, match="no room nowhere"):
        gateway.call("room_join", room="nowhere", invitees=[NEW])
    with pytest.raises(GatewayFailed, match="not seen within 50 ms"):
        gateway.call("wait", method="room_list", timeout_ms=50)


def test_no_command_is_left_untested(gateway: NodeGateway) -> None:
    tests = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("*node*.py"))
    for command in gateway.call("ping")["commands"]:
        assert f'"{command}"' in tests, command
