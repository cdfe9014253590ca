"""Nothing that comes from the network breaks the pump: neither strangers' bytes nor those of who has keys."""

import os
import socket
import struct
import time

import numpy as np
import pytest
from google_crc32c import value as crc32c
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from OpenSSL import SSL
from pylibsrtp import Policy, Session

from streaming.pump.association import SLOTS
from streaming.pump.established import Established
from streaming.pump.lookup import socket_address
from streaming.pump.privates import connection_handles
from streaming.pump.srtp import Sessions
from streaming.pump.table import Place
from streaming.pump.turns import Turns
from tests.unit.streaming.pump.test_dtls import Pair, _pending

ROW, TAG = 1, 7
_PROFILE = Policy.SRTP_PROFILE_AEAD_AES_128_GCM


class _Attacked:
    """An attached peer, and the keys of the other end."""

    def __init__(self) -> None:
        self.pump, self.client = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        self.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for one in (self.pump, self.client, self.stranger):
            one.bind(("127.0.0.1", 0))
        self.turns = Turns(4)
        self.turns.open(self.pump.fileno())
        self.pair = Pair()
        mine, theirs = os.urandom(28), os.urandom(28)
        sessions = Sessions.of(_PROFILE, mine, theirs)
        self.held = sessions
        self._seal = Session(Policy(theirs, Policy.SSRC_ANY_OUTBOUND, srtp_profile=_PROFILE))
        self._sequence = 0
        place = Place(
            Established((5000, 5000), (TAG, 8), 100, 200, 199, 50_000), 0, sessions.handles(),
            connection_handles(self.pair._server), (1, 96), 0,
        )  # fmt: skip
        self.turns.table.take(ROW, place, 0.0)
        self.turns.table.reach(ROW, self.pump.fileno(), socket_address(self.client.getsockname()))
        self.turns.table.listen(ROW, live=True)

    def rtp(self, first: int, second: int, rest: bytes) -> bytes:
        """Return a packet that carries the right key; its sequence numbers go on."""
        self._sequence += 1
        header = struct.pack("!BBHII", 0x80, second, self._sequence & 0xFFFF, self._sequence * 960, 3)
        try:
            # The first byte is what libsrtp reads too, so what it refuses to seal goes as it is.
            return self._seal.protect(bytes([0x80 | first & 0x3F]) + header[1:] + rest)
        except Exception:  # noqa: BLE001 - whatever it refuses
            return header + rest

    def data(self, body: bytes) -> bytes:
        """Return a record that carries an SCTP packet with the right tag and checksum."""
        packet = struct.pack("!HHI", 5000, 5000, TAG) + bytes(4) + body
        self.pair.client.send(packet[:8] + struct.pack("<I", crc32c(packet)) + packet[12:])
        return _pending(self.pair.client)

    def turn(self, datagrams: list[tuple[bool, bytes]], now: float) -> int:
        """Let datagrams come, from the client or from a stranger; returns how many are left to the owner."""
        for known, data in datagrams:
            (self.client if known else self.stranger).sendto(data, self.pump.getsockname())
        left = len(self.turns.sweep(now))
        self.turns.play()
        self.turns.deliver({ROW: b"state"}, now)
        self.turns.inbox.take()
        return left

    def close(self) -> None:
        for one in (self.pump, self.client, self.stranger):
            one.close()


_byte = st.integers(0, 255)
_kind = st.sampled_from([0, 3, 4, 6, 7, 10, 130, 192]) | _byte
_chunk = st.builds(
    lambda kind, flags, length, rest: struct.pack("!BBH", kind, flags, length) + rest,
    _kind, _byte, st.integers(0, 120), st.binary(max_size=120),
)  # fmt: skip
_step = st.one_of(
    st.tuples(st.just("raw"), st.booleans(), st.binary(max_size=200)),
    st.tuples(st.just("raw"), st.booleans(), st.binary(max_size=60).map(lambda rest: b"\x17\xfe\xfd" + rest)),
    st.tuples(st.just("rtp"), _byte, st.sampled_from([96, 97, 200, 96 | 128]), st.binary(max_size=60)),
    st.tuples(st.just("data"), st.binary(max_size=80)),
    st.tuples(st.just("data"), _chunk),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_step, max_size=30), st.integers(1, 8))
def test_nothing_breaks_the_pump(steps: list[tuple], batch: int) -> None:  # type: ignore[type-arg]
    attacked, now = _Attacked(), 0.0
    try:
        waiting: list[tuple[bool, bytes]] = []
        for kind, *values in steps:
            if kind == "raw":
                waiting.append((values[0], values[1]))
            elif kind == "rtp":
                waiting.append((True, attacked.rtp(*values)))
            else:
                waiting.append((True, attacked.data(*values)))
            if len(waiting) >= batch:
                attacked.turn(waiting, now)
                waiting, now = [], now + 0.1
        attacked.turn(waiting, now)
        rows = attacked.turns.table.rows
        record = rows.associations[ROW]
        assert 0 <= record["filled"] - record["first"] <= SLOTS
        assert record["beyond"] == rows.received[ROW].sum()
        assert (rows.numbers[ROW] >= 0).sum() == rows.streams[ROW]["held"]
        assert not rows.attached[[0, 2, 3]].any()
        assert not rows.receptions[0]["received"]
    finally:
        attacked.close()


def test_what_is_whose_is_told_by_the_first_byte_and_the_address() -> None:
    attacked = _Attacked()
    try:
        rtp, record = attacked.rtp(0x80, 96, b"\xf8" * 20), attacked.data(b"\4\0\0\x08abcd")
        stun, rtcp = bytes(20), b"\x80\xc8" + bytes(30)
        assert attacked.turn([(True, stun), (True, rtcp)], 0.0) == 2
        assert attacked.turn([(False, rtp), (False, record), (False, stun)], 0.0) == 3
        rows = attacked.turns.table.rows
        assert rows.streams[ROW]["held"] == 0
        assert attacked.turn([(True, rtp), (True, record)], 0.0) == 0
        assert rows.receptions[ROW]["received"] == 1
        # The heartbeat is answered: a record comes back, and nothing went to the stranger.
        attacked.client.setblocking(False)  # noqa: FBT003
        assert 20 <= attacked.client.recv(2048)[0] < 64
    finally:
        attacked.close()


def test_a_row_that_is_free_takes_and_sends_nothing() -> None:
    attacked = _Attacked()
    try:
        rtp, record = attacked.rtp(0x80, 96, b"\xf8" * 20), attacked.data(b"\4\0\0\x08abcd")
        attacked.turns.table.free(ROW)
        rows = attacked.turns.table.rows
        assert rows.keys[ROW]["open"] == rows.connections[ROW]["ssl"] == 0
        assert attacked.turn([(True, rtp), (True, record)], 0.0) == 2
        attacked.turns.speak(np.array([ROW]), np.ones((1, 2, 960), np.float32))
        attacked.turns.pass_on(ROW, bytes(20))
        attacked.client.setblocking(False)  # noqa: FBT003
        with pytest.raises(BlockingIOError):
            attacked.client.recv(2048)
    finally:
        attacked.close()


def test_a_peer_that_moves_is_heard_from_its_new_address_alone() -> None:
    attacked = _Attacked()
    try:
        attacked.turns.table.reach(
            ROW, attacked.pump.fileno(), socket_address(attacked.stranger.getsockname())
        )
        first, second = attacked.rtp(0x80, 96, b"\xf8" * 20), attacked.rtp(0x80, 96, b"\xf8" * 20)
        assert attacked.turn([(True, first), (False, second)], time.monotonic()) == 1
        assert attacked.turns.table.rows.receptions[ROW]["received"] == 1
        attacked.turns.speak(np.array([ROW]), np.ones((1, 2, 960), np.float32))
        attacked.stranger.setblocking(False)  # noqa: FBT003
        assert any(128 <= attacked.stranger.recv(2048)[0] < 192 for _ in range(2))
    finally:
        attacked.close()


def test_an_error_of_openssls_is_not_left_for_others() -> None:
    """Errors wait in the thread's list, where the next call of anybody's would find them."""
    attacked = _Attacked()
    try:
        attacked.turn([(True, b"\x16\xfe\xfd" + bytes(60)), (True, b"\x17\xfe\xfd" + bytes(60))], 0.0)
        attacked.turn([(True, attacked.data(b"\4\0\0\x08abcd"))], 0.0)
        SSL.Context(SSL.DTLS_METHOD).set_cipher_list(b"ECDHE-ECDSA-AES128-GCM-SHA256")
    finally:
        attacked.close()
