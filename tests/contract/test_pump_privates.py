"""What `streaming.pump.privates` reads must be where it was; a failure says where to look."""

import asyncio
import inspect
from importlib.metadata import version
from typing import Any

import aioice.ice
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, rtcdtlstransport, rtcsctptransport
from aiortc.mediastreams import AudioStreamTrack
from aiortc.rtcrtpreceiver import RTCRtpReceiver, StreamStatistics
from aiortc.rtcrtpsender import RTCRtpSender
from OpenSSL import SSL

from streaming.pump import privates
from streaming.pump.functions import addresses


def test_the_versions_are_those_that_were_read() -> None:
    assert version("aiortc") == "1.16.0"
    assert version("aioice") == "0.13.0"
    assert version("pylibsrtp") == "1.0.0"
    assert version("cryptography") == "50.0.2"
    assert version("av") == "18.1.0"


def test_every_function_is_found_and_the_list_cannot_be_changed() -> None:
    found = addresses()
    assert len(set(found.tolist())) == 12
    assert bool((found != 0).all())
    assert not found.flags.writeable
    assert found.dtype == np.int64


def test_an_association_keeps_its_state_in_these_attributes() -> None:
    async def body() -> None:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.addTrack(AudioStreamTrack())
        connection.createDataChannel("x")
        sctp: Any = connection.sctp
        assert sctp is not None
        sctp._last_received_tsn, sctp._ssthresh = 5, 9
        found = privates.take_association(sctp)
        assert (found.cumulative, found.remote_window, found.outstanding) == (5, 9, [])
        assert found.tsn == (found.acked + 1) % 2**32
        assert found.ports[0] == 5000
        assert not privates.is_established(sctp)
        (transceiver,) = connection.getTransceivers()
        hidden: Any = transceiver
        assert isinstance(hidden.sender._ssrc, int)
        assert hidden._codecs == []
        assert hidden.receiver._RTCRtpReceiver__remote_streams == {}
        assert sctp.transport.transport._connection._queue.empty()
        await connection.close()

    asyncio.run(body())
    chunk = inspect.getsource(rtcsctptransport.RTCSctpTransport._send)
    for name in ("tsn", "flags", "stream_id", "stream_seq", "protocol", "user_data"):
        assert f"chunk.{name} " in chunk
    assert "self._t3_handle = None" in inspect.getsource(rtcsctptransport.RTCSctpTransport._t3_cancel)
    flush = inspect.getsource(rtcsctptransport.RTCSctpTransport._data_channel_flush)
    assert "await self._send(stream_id, protocol, user_data)" in flush


def test_data_leaves_and_keys_are_made_where_the_pump_expects_it() -> None:
    assert "self.__transport._send_data(" in inspect.getsource(rtcsctptransport.RTCSctpTransport._send_chunk)
    source = inspect.getsource(rtcdtlstransport.RTCDtlsTransport._setup_srtp)
    assert 'b"EXTRACTOR-dtls_srtp"' in source
    assert "2 * (srtp_profile.key_length + srtp_profile.salt_length)" in source
    assert "srtp_tx_key = srtp_profile.get_key_and_salt(view, 1)" in source.split("else:")[1]
    connection: Any = SSL.Connection(SSL.Context(SSL.DTLS_METHOD))
    assert all(privates.connection_handles(connection))


def test_datagrams_wait_in_aioices_queue_with_their_component() -> None:
    assert "self._queue.put_nowait((data, component))" in inspect.getsource(
        aioice.ice.Connection.data_received
    )


def test_reports_are_made_of_what_the_pump_may_set() -> None:
    sender = inspect.getsource(RTCRtpSender._run_rtcp)
    assert "sender_info=RtcpSenderInfo(" in sender
    assert "await self._send_rtcp(packets)" in sender
    assert "self.__lsr == report.lsr" in inspect.getsource(RTCRtpSender._handle_rtcp_packet)
    receiver = inspect.getsource(RTCRtpReceiver._run_rtcp)
    counted = StreamStatistics(48_000)
    for name in ("fraction_lost", "packets_lost", "max_seq", "jitter"):
        assert f"stream.{name}" in receiver
        assert hasattr(StreamStatistics, name) or hasattr(counted, name)
