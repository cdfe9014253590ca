"""What `streaming.peer_privates` and `streaming.mux_privates` reach into must be where it was."""

import asyncio
import inspect
from importlib.metadata import version
from typing import Any

import aioice.ice
import aioice.stun
import pylibsrtp
import pytest
import uvloop
from aiortc import RTCConfiguration, RTCDtlsTransport, RTCPeerConnection
from aiortc.mediastreams import AudioStreamTrack
from aiortc.rtcrtpreceiver import RTCRtpReceiver, StreamStatistics
from aiortc.rtcrtpsender import RTCRtpSender
from aiortc.rtcsctptransport import InboundStream, RTCSctpTransport

from streaming.mux import Mux
from streaming.mux_privates import gather_on
from streaming.peer_privates import offer_only, selected_path


def test_the_versions_are_those_that_were_read() -> None:
    assert version("aiortc") == "1.16.0"
    assert version("aioice") == "0.13.0"


def _in_loop(check: Any) -> None:
    async def body() -> None:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.addTrack(AudioStreamTrack())
        connection.createDataChannel("x")
        try:
            await check(connection)
        finally:
            await connection.close()

    asyncio.run(body())


def test_the_sender_takes_packets_through_its_encoder_attribute() -> None:
    async def check(connection: RTCPeerConnection) -> None:
        (sender,) = connection.getSenders()
        assert sender._RTCRtpSender__encoder is None  # type: ignore[attr-defined]

    _in_loop(check)
    source = inspect.getsource(RTCRtpSender._next_encoded_frame)
    assert "if self.__encoder is None:" in source
    assert "payloads, timestamp = self.__encoder.pack(data)" in source


def test_the_receiver_is_fed_through_a_method_and_started_through_another() -> None:
    async def check(connection: RTCPeerConnection) -> None:
        (receiver,) = connection.getReceivers()
        hidden: Any = receiver
        assert hidden._RTCRtpReceiver__remote_streams == {}
        assert hidden._RTCRtpReceiver__started is False
        assert hidden._RTCRtpReceiver__rtcp_task is None
        assert hidden._RTCRtpReceiver__decoder_thread is None
        assert callable(hidden._run_rtcp)
        assert callable(hidden.transport._register_rtp_receiver)

    _in_loop(check)
    assert list(inspect.signature(RTCRtpReceiver._handle_rtp_packet).parameters) == [
        "self", "packet", "arrival_time_ms",
    ]  # fmt: skip
    assert list(inspect.signature(RTCRtpReceiver.receive).parameters) == ["self", "parameters"]
    assert list(inspect.signature(StreamStatistics.__init__).parameters) == ["self", "clockrate"]
    stop = inspect.getsource(RTCRtpReceiver.stop)
    assert "__rtcp_task.cancel()" in stop
    assert "__rtcp_started.wait()" in stop


def test_sctp_counts_its_window_and_keeps_fragments_where_they_are_bounded() -> None:
    async def check(connection: RTCPeerConnection) -> None:
        sctp = connection.sctp
        assert sctp is not None
        assert sctp._advertised_rwnd > 0
        assert sctp._inbound_streams == {}

    _in_loop(check)
    assert InboundStream().reassembly == []
    source = inspect.getsource(RTCSctpTransport._receive_data_chunk)
    assert "self._advertised_rwnd -= len(chunk.user_data)" in source
    assert "await self._receive_data_chunk(chunk)" in inspect.getsource(RTCSctpTransport._receive_chunk)


def test_ice_gathers_through_a_method_that_takes_the_addresses() -> None:
    names = list(inspect.signature(aioice.ice.Connection.get_component_candidates).parameters)
    assert names == ["self", "component", "addresses", "timeout"]
    source = inspect.getsource(aioice.ice.Connection.gather_candidates)
    assert "self.get_component_candidates(component=component, addresses=addresses)" in source


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_only_allowed_addresses_are_offered_and_malformed_stun_is_survived(loop: Any) -> None:
    """A request with a cut attribute raises `struct.error` in the parser; the socket must go on."""
    cut = bytes.fromhex("000100082112a442" + "00" * 12 + "0024000201020000")
    with pytest.raises(Exception, match="unpack"):
        aioice.stun.parse_message(cut)

    async def body() -> None:
        errors: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.createDataChannel("x")
        assert connection.sctp is not None
        gatherer = connection.sctp.transport.transport.iceGatherer
        offer_only(gatherer, ["127.0.0.1"])
        await connection.setLocalDescription(await connection.createOffer())
        (candidate,) = gatherer.getLocalCandidates()
        assert candidate.ip == "127.0.0.1"
        (protocol,) = gatherer._connection._protocols
        assert getattr(protocol.transport, "max_size", 2048) == 2048
        answers: asyncio.Queue[bytes] = asyncio.Queue()

        class Probe(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: Any) -> None:
                del addr
                answers.put_nowait(data)

        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Probe, remote_addr=(candidate.ip, candidate.port)
        )
        transport.sendto(cut)
        # An unauthenticated but well-formed request is answered with an error: the socket still lives.
        transport.sendto(bytes.fromhex("000100002112a442" + "01" * 12))
        assert (await asyncio.wait_for(answers.get(), 5.0))[:2] == b"\x01\x11"
        transport.close()
        await connection.close()
        assert errors == []

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(body())


def test_a_protocol_can_be_given_a_transport_and_a_connection_its_name() -> None:
    assert list(inspect.signature(aioice.ice.StunProtocol.__init__).parameters) == ["self", "receiver"]
    assert "self.transport = " in inspect.getsource(aioice.ice.StunProtocol.connection_made)
    assert "self.receiver.protocol_lost(self)" in inspect.getsource(aioice.ice.StunProtocol.connection_lost)
    sending = inspect.getsource(aioice.ice.StunProtocol.send_stun)
    assert "self.transport.sendto(bytes(message), addr)" in sending
    closing = inspect.getsource(aioice.ice.Connection.close)
    assert "for protocol in self._protocols:\n            await protocol.close()" in closing
    assert "return self._local_username" in inspect.getsource(aioice.ice.Connection)
    assert "local_username == self.local_username" in inspect.getsource(aioice.ice.Connection._valid_username)
    # The offerer's password is there before a check of ours is sent.
    assert (
        inspect.getsource(aioice.ice.Connection.__init__).count("self.remote_password: str | None = None")
        == 1
    )


def test_a_connection_on_the_shared_port_offers_it_under_the_name_that_the_port_knows() -> None:
    async def check(connection: RTCPeerConnection) -> None:
        gatherer = connection.getSenders()[0].transport.transport.iceGatherer
        with Mux("127.0.0.1") as mux:
            mux.listen()
            gather_on(gatherer, mux)
            await gatherer.gather()
            (candidate,) = gatherer.getLocalCandidates()
            assert (candidate.ip, candidate.port) == ("127.0.0.1", mux.number)
            (fragment,) = mux.routes._by_fragment
            assert gatherer.getLocalParameters().usernameFragment == fragment
            await connection.close()
            assert mux.routes.sizes() == (0, 0, 0)

    _in_loop(check)


def test_ice_takes_checks_through_a_method_and_tells_its_path() -> None:
    """`streaming.video.transport` sends through the socket of the pair that ICE chose."""

    async def check(connection: RTCPeerConnection) -> None:
        assert connection.sctp is not None
        ice = connection.sctp.transport.transport._connection
        assert ice._nominated == {}
        assert callable(ice.check_incoming)
        assert selected_path(connection.sctp.transport.transport) is None

    _in_loop(check)
    assert list(inspect.signature(aioice.ice.Connection.check_incoming).parameters) == [
        "self", "message", "addr", "protocol",
    ]  # fmt: skip
    assert 'priority=message.attributes["PRIORITY"]' in inspect.getsource(
        aioice.ice.Connection.check_incoming
    )
    pair = aioice.ice.CandidatePair.__init__
    assert list(inspect.signature(pair).parameters) == ["self", "protocol", "remote_candidate"]
    assert isinstance(aioice.ice.CandidatePair.remote_addr, property)
    assert "self._nominated[pair.component] = pair" in inspect.getsource(aioice.ice.Connection.check_complete)


def test_the_handshake_leaves_two_srtp_sessions_and_takes_its_part_from_outside() -> None:
    source = inspect.getsource(RTCDtlsTransport._setup_srtp)
    assert "self._rx_srtp = Session(rx_policy)" in source
    assert "self._tx_srtp = Session(tx_policy)" in source
    assert source.count("allow_repeat_tx = True") == 2
    start = inspect.getsource(RTCDtlsTransport.start)
    assert 'if self._role == "server":' in start
    assert list(inspect.signature(RTCDtlsTransport._set_role).parameters) == ["self", "role"]


def test_pylibsrtps_binding_is_where_it_was() -> None:
    session = pylibsrtp.Session()
    assert pylibsrtp._binding.ffi.typeof(session._srtp[0]).kind in {"pointer", "struct"}
    for name in ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp"):
        assert callable(getattr(pylibsrtp._binding.lib, name))
        assert f"lib.{name}" in inspect.getsource(pylibsrtp)
