"""What somebody may do who was let in: packets that no browser sends, against the real bridge.

Most of it is what aiortc would read, on the portable path; the pump's own readers are attacked in `pump/`.
"""

import asyncio
import gc
import os
import socket
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

import pytest
import uvloop
from aiortc.rtcsctptransport import DataChunk, ForwardTsnChunk, SackChunk
from aiortc.rtp import RtcpPsfbPacket, RtcpRtpfbPacket, RtpPacket
from websockets.asyncio.client import ClientConnection

from streaming import peer as peer_module
from streaming.client import Citizen, Identity
from streaming.guest import Guest
from streaming.messages import Close
from streaming.peer import Peer
from tests.unit.streaming.city import MEDIA, City, open_city, until
from tests.unit.streaming.test_bad_input import GOOD, Attacker, offer, still_seen
from world.entity import PersonId

BOTH = pytest.mark.usefixtures("media")
#: Of a DATA chunk (RFC 9260, section 3.3.1): a whole message, in any order.
WHOLE, UNORDERED = 3, 4
STRING, BINARY = 51, 53


class Intruder(Attacker):
    """An attacker who is seen out whatever happens."""

    everyone: ClassVar[list[Attacker]] = []

    def __init__(self, socket: ClientConnection) -> None:
        super().__init__(socket)
        self.peer.getTransceivers()[0].direction = "sendrecv"
        self.everyone.append(self)

    @classmethod
    async def close_all(cls) -> None:
        while cls.everyone:
            await cls.everyone.pop().close()


def run(
    body: Callable[[City, Citizen], Coroutine[Any, Any, None]], factory: Any = uvloop.new_event_loop
) -> None:
    """Run against a city with a bystander, who must notice nothing; and nothing may go unhandled."""
    unhandled: list[dict[str, Any]] = []

    async def scene() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
        async with (
            open_city(media=os.environ.get(MEDIA, "portable")) as city,
            Citizen(city.url, Identity("구경꾼")) as bystander,
        ):
            try:
                await body(city, bystander)
                await still_seen(bystander)
            finally:
                await Intruder.close_all()
            gc.collect()
            assert unhandled == []

    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(asyncio.wait_for(scene(), 60.0))


def guest_of(city: City, bystander: Citizen) -> Guest:
    """Return the attacker as the bridge knows them."""
    return next(guest for person, guest in city.bridge._guests.items() if person != bystander.person)


def hidden(peer: object) -> Any:
    assert isinstance(peer, Peer)
    return peer


def received(peer: Any) -> int:
    """Return how many datagrams the server read from a peer."""
    return int(peer._dtls._RTCDtlsTransport__rx_packets)


def told(attacker: Attacker, code: str) -> bool:
    return any(event.get("code") == code for event in attacker.told)


def data(attacker: Attacker, ahead: int, stream: int, flags: int = WHOLE | UNORDERED) -> DataChunk:
    """Return a chunk with a good pose, numbered so far ahead of the next one that is due."""
    chunk = DataChunk(flags=flags)
    assert attacker.peer.sctp is not None
    chunk.tsn = (attacker.peer.sctp._local_tsn + ahead) % (1 << 32)
    chunk.stream_id, chunk.protocol, chunk.user_data = stream, BINARY, GOOD
    return chunk


@pytest.mark.parametrize("size", ["1", "16383", "-1", "", "9" * 5000])
def test_who_takes_no_messages_of_a_useful_size_does_not_come_in(size: str) -> None:
    async def body(city: City, bystander: Citizen) -> None:
        del bystander
        attacker = await Intruder.greet(city)
        await attacker.peer.setLocalDescription(await attacker.peer.createOffer())
        sdp = attacker.peer.localDescription.sdp
        assert "a=max-message-size:262144" in sdp
        await attacker.send(offer(sdp.replace("a=max-message-size:262144", f"a=max-message-size:{size}")))
        assert (await attacker.ended())[0] == Close.BAD_OFFER

    run(body)


def test_a_message_that_cannot_be_sent_to_one_is_lost_to_that_one_alone() -> None:
    async def body(city: City, bystander: Citizen) -> None:
        await Intruder.enter(city)
        guest = guest_of(city, bystander)
        hidden(guest.seat.peer)._connection.sctp._remote_max_message_size = 1
        # The census comes once a second on `events`: who does not take it is given up.
        await until(lambda: guest.link is None)

    run(body)


@pytest.mark.parametrize(
    "factory", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def test_datagrams_of_a_stranger_reach_nobody(factory: Any) -> None:
    """Anybody may find the port. An empty datagram must not end the task that reads for its owner."""

    async def body(city: City, bystander: Citizen) -> None:
        guest = city.bridge._guests[PersonId(bystander.person or 0)]
        ice = hidden(guest.seat.peer).ice._connection
        (protocol,) = ice._protocols
        taken: list[bytes] = []
        pass_on = ice.data_received

        def listen(payload: bytes, component: int) -> None:
            taken.append(payload)
            pass_on(payload, component)

        ice.data_received = listen
        stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        junk = [b"", b"\x80" + os.urandom(40), b"\x16\xfe\xfd" + os.urandom(40), b"\x17" * 60]
        for payload in junk:
            stranger.sendto(payload, protocol.transport.get_extra_info("sockname"))
        stranger.close()
        await still_seen(bystander)
        await until(lambda: len(taken) > 20)
        assert not set(junk) & set(taken)

    run(body, factory)


@BOTH
def test_checks_from_everywhere_teach_the_server_few_addresses() -> None:
    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        guest = guest_of(city, bystander)
        ice = hidden(guest.seat.peer).ice._connection
        assert attacker.peer.sctp is not None
        mine: Any = attacker.peer.sctp.transport.transport._connection
        (nominated,) = mine._nominated.values()
        sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(150)]
        for one in sockets:
            request = mine.build_request(nominated, nominate=False)
            request.transaction_id = os.urandom(12)
            request.add_message_integrity(mine.remote_password.encode())
            one.settimeout(0.0)
            one.sendto(bytes(request), nominated.remote_addr)
        loop = asyncio.get_running_loop()
        for one in sockets:
            assert await asyncio.wait_for(loop.sock_recv(one, 2048), 5.0)
            one.close()
        assert len(ice._remote_candidates) <= 64

    run(body)


def test_an_acknowledgement_of_what_was_never_sent_is_refused_and_costs_nothing() -> None:
    """290 ranges of 65,535 numbers each would be counted one by one: seconds, in which the city stands."""

    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        sctp = hidden(guest_of(city, bystander).seat.peer)._connection.sctp
        assert attacker.peer.sctp is not None
        sack = SackChunk()
        sack.cumulative_tsn = sctp._last_sacked_tsn
        sack.advertised_rwnd = 65_536
        sack.gaps = [(1, 65_535)] * 290
        await attacker.peer.sctp._send_chunk(sack)
        await until(lambda: told(attacker, "bad_data"))
        future = SackChunk()
        future.cumulative_tsn, future.advertised_rwnd = (sctp._local_tsn + 1000) % (1 << 32), 65_536
        before = sctp._last_sacked_tsn
        await attacker.peer.sctp._send_chunk(future)
        await until(lambda: sum(event.get("code") == "bad_data" for event in attacker.told) == 2)
        assert (sctp._last_sacked_tsn - before) % (1 << 32) < 500

    run(body)


@BOTH
def test_a_report_of_losses_makes_the_server_send_nothing_again() -> None:
    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        peer = hidden(guest_of(city, bystander).seat.peer)
        sender = peer._connection.getSenders()[0]
        again: list[int] = []
        keyframes: list[bool] = []

        async def resend(sequence: int) -> None:
            again.append(sequence)

        sender._retransmit = resend
        sender._send_keyframe = lambda: keyframes.append(True)
        assert attacker.peer.sctp is not None
        dtls = attacker.peer.sctp.transport
        losses = RtcpRtpfbPacket(fmt=1, ssrc=1, media_ssrc=sender._ssrc, lost=list(range(2000)))
        await dtls._send_rtp(bytes(losses))
        await dtls._send_rtp(bytes(RtcpPsfbPacket(fmt=1, ssrc=1, media_ssrc=sender._ssrc)))
        # What came after it was read, so it was read as well.
        await until(lambda: keyframes)
        assert again == []

    run(body)


def test_sound_of_ever_new_sources_is_not_remembered() -> None:
    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        peer = hidden(guest_of(city, bystander).seat.peer)
        assert attacker.peer.sctp is not None
        dtls = attacker.peer.sctp.transport
        payload_type = min(peer._dtls._rtp_router.payload_type_table)
        before = received(peer)
        for source in range(1, 301):
            packet = RtpPacket(payload_type=payload_type, ssrc=source, payload=b"\xf8\xff\xfe")
            await dtls._send_rtp(packet.serialize())
        await until(lambda: received(peer) >= before + 300)
        assert 0 < len(peer._dtls._rtp_router.ssrc_table) <= 20

    run(body)


def test_leaping_timestamps_still_make_a_report() -> None:
    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        peer = hidden(guest_of(city, bystander).seat.peer)
        assert attacker.peer.sctp is not None
        dtls = attacker.peer.sctp.transport
        payload_type = min(peer._dtls._rtp_router.payload_type_table)
        for number in range(200):
            stamp = 0xFFFFFFFF * (number % 2)
            packet = RtpPacket(payload_type, sequence_number=number, timestamp=stamp, ssrc=9, payload=b"\xf8")
            await dtls._send_rtp(packet.serialize())
            await asyncio.sleep(0)
        receiver = peer._connection.getReceivers()[0]
        await until(lambda: (one := receiver._RTCRtpReceiver__remote_streams.get(9)) and one.max_seq == 199)
        stream = receiver._RTCRtpReceiver__remote_streams[9]
        stream._last_arrival -= 48_000 * 86_400 * 365
        last = RtpPacket(payload_type, sequence_number=200, timestamp=1, ssrc=9, payload=b"\xf8")
        await dtls._send_rtp(last.serialize())
        await until(lambda: stream.max_seq == 200)
        assert 0 < stream.jitter < 1 << 32

    run(body)


def test_what_came_out_of_order_is_bounded() -> None:
    """aiortc sorts all of it with each chunk; without a bound one gap makes every packet dearer."""

    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        peer = hidden(guest_of(city, bystander).seat.peer)
        sctp = peer._connection.sctp
        mine = attacker.peer.sctp
        assert mine is not None
        stream = attacker.state.id or 0
        before, largest = received(peer), 0
        for number in range(2000):
            await mine._send_chunk(data(attacker, 1 + number, stream))
            await asyncio.sleep(0)
            largest = max(largest, len(sctp._sack_misordered))
        await until(lambda: received(peer) >= before + 1500)
        assert 500 < max(largest, len(sctp._sack_misordered)) <= 1024

    run(body)


def test_streams_without_number_are_refused() -> None:
    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        sctp = hidden(guest_of(city, bystander).seat.peer)._connection.sctp
        mine = attacker.peer.sctp
        assert mine is not None
        skip = ForwardTsnChunk()
        skip.cumulative_tsn = (mine._local_tsn + 5) % (1 << 32)
        skip.streams = [(stream, 0) for stream in range(100, 300)]
        await mine._send_chunk(skip)
        await until(lambda: told(attacker, "too_large"))
        for number in range(100):
            await mine._send_chunk(data(attacker, number, 1000 + number, flags=UNORDERED))
        # Refused again and again, they are shown out.
        assert (await attacker.ended())[0] == Close.MALFORMED
        assert len(sctp._inbound_streams) <= 64

    run(body)


def test_what_no_parser_expects_is_told_and_read_over(caplog: pytest.LogCaptureFixture) -> None:
    """An exception in aiortc would end the connection, with a traceback in the log for each."""

    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        sender = hidden(guest_of(city, bystander).seat.peer)._connection.getSenders()[0]
        mine = attacker.peer.sctp
        assert mine is not None
        text = data(attacker, 0, attacker.events.id or 0, flags=WHOLE)
        text.protocol, text.user_data = STRING, b"\xff\xfe"
        text.stream_seq = mine._outbound_stream_seq.get(attacker.events.id or 0, 0)
        await mine._send_chunk(text)
        await until(lambda: told(attacker, "bad_data"))
        # REMB that says 255 sources and names none.
        remb = RtcpPsfbPacket(fmt=15, ssrc=1, media_ssrc=sender._ssrc, fci=b"REMB\xff\x00\x00\x00")
        await mine.transport._send_rtp(bytes(remb))
        await until(lambda: sum(event.get("code") == "bad_data" for event in attacker.told) == 2)
        before = attacker.packets
        await until(lambda: attacker.packets > before + 10)

    run(body)
    assert len(caplog.records) == 1


@BOTH
def test_a_connection_that_does_not_close_by_itself_gives_its_sockets_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peer_module, "CLOSE_SECONDS", 0.2)

    async def body(city: City, bystander: Citizen) -> None:
        attacker = await Intruder.enter(city)
        peer = hidden(guest_of(city, bystander).seat.peer)
        (protocol,) = peer.ice._connection._protocols
        # A task of aiortc's that failed: it waits for a word that never comes.
        peer._connection.getReceivers()[0]._RTCRtpReceiver__rtcp_exited = asyncio.Event()
        await attacker.send({"type": "bye"})
        await until(lambda: not city.bridge._guests.keys() - {bystander.person} and not city.bridge._parting)
        assert protocol.transport.is_closing()

    run(body)


def test_a_bundle_the_other_way_round_keeps_to_the_offered_addresses() -> None:
    async def body(city: City, bystander: Citizen) -> None:
        del bystander
        attacker = await Intruder.greet(city)
        await attacker.peer.setLocalDescription(await attacker.peer.createOffer())
        sdp = attacker.peer.localDescription.sdp
        assert "a=group:BUNDLE 0 1" in sdp
        await attacker.send(offer(sdp.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 1 0")))
        reply = await attacker.heard()
        if reply["type"] == "answer":
            lines = [line for line in reply["sdp"].splitlines() if line.startswith("a=candidate")]
            assert all(" 127.0.0.1 " in line for line in lines)

    run(body)
