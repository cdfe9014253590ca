"""Records through a connection that OpenSSL set up, between aiortc's certificates."""

from typing import Any

import numpy as np
import pytest
from aiortc.rtcdtlstransport import SRTP_PROFILES, RTCCertificate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from OpenSSL import SSL

from streaming.pump.dtls import CONNECTION, is_closed, put_record, read_data, take_record, write_data
from streaming.pump.functions import addresses
from streaming.pump.privates import connection_handles


class Pair:
    """A client of OpenSSL's, and a server whose records the kernels read and write."""

    def __init__(self) -> None:
        self.client, self._server = (
            SSL.Connection(RTCCertificate.generateCertificate()._create_ssl_context(SRTP_PROFILES))
            for _ in range(2)
        )
        self.client.set_connect_state()
        self._server.set_accept_state()
        self.flights: tuple[list[bytes], list[bytes]] = ([], [])
        ends = [self.client, self._server]
        done = [False, False]
        while not all(done):
            for index, end in enumerate(ends):
                try:
                    end.do_handshake()
                    done[index] = True
                except SSL.WantReadError:
                    pass
                flight = _pending(end)
                if flight:
                    self.flights[index].append(flight)
                    ends[1 - index].bio_write(flight)
        self.record = np.zeros(1, CONNECTION)
        self.record[0] = connection_handles(self._server)
        self._data = np.zeros(2048, np.uint8)

    def take(self, datagram: bytes) -> list[bytes]:
        """Hand a datagram to the kernels; returns what it carried."""
        array = np.frombuffer(datagram or b"\0", np.uint8).copy()
        if not put_record(addresses(), self.record[0], array, len(datagram)):
            return []
        found = []
        while size := read_data(addresses(), self.record[0], self._data):
            found.append(self._data[:size].tobytes())
        return found

    def send(self, data: bytes) -> bytes:
        """Have the kernels encrypt; returns the datagram."""
        array = np.frombuffer(data, np.uint8).copy()
        assert write_data(addresses(), self.record[0], array, len(data))
        return self.out()

    def out(self) -> bytes:
        """Return what the server's side wants to be sent."""
        size = take_record(addresses(), self.record[0], self._data)
        return self._data[:size].tobytes()

    def closed(self) -> bool:
        return bool(is_closed(addresses(), self.record[0]))


def _pending(end: Any) -> bytes:
    try:
        return bytes(end.bio_read(4096))
    except SSL.WantReadError:
        return b""


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair()


def test_data_goes_both_ways(pair: Pair) -> None:
    for number in range(20):
        text = b"%d" % number * 50
        pair.client.bio_write(pair.send(text))
        assert pair.client.recv(2048) == text
        pair.client.send(text)
        pair.client.send(b"and more")
        # Two records in one datagram.
        assert pair.take(_pending(pair.client)) == [text, b"and more"]


def test_what_is_forged_repeated_or_cut_is_dropped_without_a_word(pair: Pair) -> None:
    pair.client.send(b"once")
    record = _pending(pair.client)
    assert pair.take(record[:-1]) == []
    assert pair.take(record[:-1] + bytes([record[-1] ^ 1])) == []
    assert pair.take(record) == [b"once"]
    assert pair.take(record) == []
    assert pair.take(b"") == []
    assert pair.out() == b""
    assert not pair.closed()


def test_a_handshake_that_comes_again_changes_nothing(pair: Pair) -> None:
    for flight in pair.flights[0] + pair.flights[1]:
        assert pair.take(flight) == []
        pair.out()
    assert not pair.closed()
    pair.client.send(b"after")
    assert pair.take(_pending(pair.client)) == [b"after"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=200), st.binary(max_size=100).map(lambda rest: b"\x17\xfe\xfd\0\1" + rest))
)
def test_no_bytes_break_a_connection(pair: Pair, datagram: bytes) -> None:
    assert pair.take(datagram) == []
    pair.out()
    pair.client.send(b"still here")
    assert pair.take(_pending(pair.client)) == [b"still here"]


def test_a_close_is_noticed() -> None:
    pair = Pair()
    assert not pair.closed()
    pair.client.shutdown()
    assert pair.take(_pending(pair.client)) == []
    assert pair.closed()


def test_a_row_without_a_connection_does_nothing() -> None:
    nobody, array = np.zeros(1, CONNECTION), np.zeros(100, np.uint8)
    assert not put_record(addresses(), nobody[0], array, 50)
    assert read_data(addresses(), nobody[0], array) == 0
    assert not write_data(addresses(), nobody[0], array, 50)
    assert take_record(addresses(), nobody[0], array) == 0
    assert not is_closed(addresses(), nobody[0])
