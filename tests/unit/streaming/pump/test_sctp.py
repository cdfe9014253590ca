"""The pump's end of an association, against aiortc's real one on a wire that loses what the test says."""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest
from aiortc.rtcsctptransport import (
    AbortChunk,
    DataChunk,
    HeartbeatChunk,
    SackChunk,
    ShutdownChunk,
    parse_packet,
    serialize_packet,
)
from google_crc32c import value as reference_crc32c
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.messages import EVENTS_CHANNEL, STATE_CHANNEL
from streaming.pump.acknowledgement import expire, in_flight
from streaming.pump.association import OUTSTANDING, SLOTS, Associations
from streaming.pump.crc32c import crc32c
from streaming.pump.packet import has_work, make_packet
from streaming.pump.sctp import Inbox, take_packet
from tests.unit.streaming.pump.wire import BINARY, ROW, TEXT, Wire, losing


def _on_a_wire(check: Callable[[Wire], Awaitable[None]], **options: Any) -> None:
    async def body() -> None:
        wire = await Wire().connect(**options)
        try:
            await check(wire)
        finally:
            await wire.close()

    asyncio.run(body())


def _say(wire: Wire, text: str) -> None:
    wire.outbox.put(wire.streams[EVENTS_CHANNEL], TEXT, text.encode())


def _texts(wire: Wire) -> list[str]:
    return [one.data.decode() for one in wire.messages if one.stream == wire.streams[EVENTS_CHANNEL]]


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_the_checksum_is_the_references(data: bytes) -> None:
    assert crc32c(np.frombuffer(data + b"\0", np.uint8), len(data)) == reference_crc32c(data)


def test_messages_of_both_kinds_go_both_ways() -> None:
    async def check(wire: Wire) -> None:
        for number in range(30):
            assert wire.flush(b"down %d" % number)
            _say(wire, f"아래 {number}")
            wire.channels[STATE_CHANNEL].send(b"up %d" % number)
            wire.channels[EVENTS_CHANNEL].send(f"위 {number}")
            await asyncio.sleep(0.002)
        await wire.until(lambda: len(wire.heard[EVENTS_CHANNEL]) == 30 and len(wire.messages) == 60)
        assert wire.heard[STATE_CHANNEL] == [b"down %d" % number for number in range(30)]
        assert wire.heard[EVENTS_CHANNEL] == [f"아래 {number}" for number in range(30)]
        assert _texts(wire) == [f"위 {number}" for number in range(30)]
        await wire.until(lambda: in_flight(wire.record) == 0 and not wire.client._sent_queue)
        assert wire.record["flight"] == 0
        assert wire.record["first"] == wire.record["filled"]
        assert wire.faults == wire.record["faults"] == 0

    _on_a_wire(check)


def test_what_is_reliable_arrives_once_and_in_order_on_a_bad_line_and_what_is_lossy_is_given_up() -> None:
    async def check(wire: Wire) -> None:
        wire.lose = losing(0.2, 7)
        went = 0
        for number in range(40):
            went += wire.flush(b"down %d" % number)
            _say(wire, f"아래 {number}")
            if number % 4 == 0:
                wire.channels[EVENTS_CHANNEL].send(f"위 {number}")
            await asyncio.sleep(0.005)
        await wire.until(lambda: len(wire.heard[EVENTS_CHANNEL]) == 40 and len(_texts(wire)) == 10)
        assert wire.heard[EVENTS_CHANNEL] == [f"아래 {number}" for number in range(40)]
        assert _texts(wire) == [f"위 {number}" for number in range(0, 40, 4)]
        states = wire.heard[STATE_CHANNEL]
        assert 10 <= len(states) < went
        assert len(set(states)) == len(states)
        # Nothing stays behind: what was lost for good is told as given up, until that is acknowledged.
        wire.lose = lambda _client, _packet: False
        await wire.until(lambda: in_flight(wire.record) == 0)
        assert wire.record["given_up"] >= went - len(states)
        assert wire.client._last_received_tsn == (int(wire.record["tsn"]) - 1) % 2**32

    _on_a_wire(check)


def test_a_gap_is_never_acknowledged_over() -> None:
    async def check(wire: Wire) -> None:
        dropped: list[int] = []

        def lose(from_client: bool, packet: bytes) -> bool:  # noqa: FBT001
            chunk = parse_packet(packet)[3][0]
            if not from_client or not isinstance(chunk, DataChunk) or dropped:
                return False
            dropped.append(chunk.tsn)
            return True

        sacks: list[tuple[int, list[tuple[int, int]]]] = []
        take_sack = wire.client._receive_sack_chunk

        async def noting(chunk: SackChunk) -> None:
            sacks.append((chunk.cumulative_tsn, chunk.gaps))
            await take_sack(chunk)

        wire.client._receive_sack_chunk = noting  # type: ignore[method-assign]
        before = int(wire.record["cumulative"])
        wire.lose = lose
        for number in range(4):
            wire.channels[EVENTS_CHANNEL].send(f"위 {number}")
        await wire.until(lambda: len(wire.messages) == 4)
        assert [one.data.decode() for one in wire.messages] == [f"위 {number}" for number in range(4)]
        assert dropped == [(before + 1) % 2**32]
        assert sacks[0] == (before, [(2, 2)])
        assert {cumulative for cumulative, gaps in sacks if gaps} == {before}

    _on_a_wire(check)


def test_long_messages_are_cut_and_put_together() -> None:
    async def check(wire: Wire) -> None:
        wire.lose = losing(0.1, 3)
        down, up = "가" * 10_000, "나" * 10_000
        _say(wire, down)
        wire.channels[EVENTS_CHANNEL].send(up)
        _say(wire, "끝")
        await wire.until(lambda: len(wire.heard[EVENTS_CHANNEL]) == 2 and len(wire.messages) == 1)
        assert wire.heard[EVENTS_CHANNEL] == [down, "끝"]
        assert _texts(wire) == [up]

    _on_a_wire(check)


def test_the_pump_goes_on_with_what_was_on_its_way() -> None:
    """The first answers are lost, so that aiortc's own chunks and a gap are handed over."""

    async def early(wire: Wire) -> None:
        wire.lose = lambda from_client, _: not from_client
        opened = wire.server._data_channels[wire.streams[EVENTS_CHANNEL]]
        for number in range(3):
            opened.send(f"전 {number}")
        await wire.until(lambda: len(wire.server._sent_queue) >= 3)

    async def check(wire: Wire) -> None:
        assert not wire.server._sent_queue
        wire.lose = lambda _client, _packet: False
        _say(wire, "후")
        wire.channels[EVENTS_CHANNEL].send("위")
        await wire.until(lambda: len(wire.heard[EVENTS_CHANNEL]) == 4 and len(wire.messages) == 1)
        assert wire.heard[EVENTS_CHANNEL] == ["전 0", "전 1", "전 2", "후"]

    _on_a_wire(check, early=early)


def test_a_heartbeat_is_answered_with_its_own_words() -> None:
    async def check(wire: Wire) -> None:
        answers: list[Any] = []
        take = wire.client._receive_chunk

        async def noting(chunk: Any) -> None:
            answers.append(chunk)
            await take(chunk)

        wire.client._receive_chunk = noting  # type: ignore[method-assign]
        beat = HeartbeatChunk()
        beat.params = [(1, b"when I sent this")]
        await wire.client._send_chunk(beat)
        await wire.until(lambda: any(chunk.type == 5 for chunk in answers))
        (answer,) = [chunk for chunk in answers if chunk.type == 5]
        assert answer.params == beat.params

    _on_a_wire(check)


@pytest.mark.parametrize("chunk", [AbortChunk(), ShutdownChunk()], ids=["abort", "shutdown"])
def test_an_end_is_told(chunk: Any) -> None:
    async def check(wire: Wire) -> None:
        await wire.client._send_chunk(chunk)
        await wire.until(lambda: wire.ended)
        if isinstance(chunk, AbortChunk):
            assert not wire.flush(b"nobody reads this")

    _on_a_wire(check)


def test_a_channel_that_is_closed_is_closed_by_aiortc() -> None:
    async def check(wire: Wire) -> None:
        wire.channels[EVENTS_CHANNEL].close()
        await wire.until(lambda: wire.channels[EVENTS_CHANNEL].readyState == "closed")
        assert wire.controls
        assert set(wire.controls) == {130}

    _on_a_wire(check)


def test_acknowledging_what_was_never_sent_is_nonsense() -> None:
    async def check(wire: Wire) -> None:
        tsn = int(wire.record["tsn"])
        for cumulative, gaps in ((tsn + 5, []), (tsn - 1, [(1, 60_000)]), (tsn - 1, [(0, 0)])):
            sack = SackChunk()
            sack.cumulative_tsn, sack.gaps = cumulative % 2**32, gaps
            await wire.client._send_chunk(sack)
        await wire.until(lambda: wire.faults == 3)
        assert int(wire.record["tsn"]) == tsn

    _on_a_wire(check)


def _row(tsn: int = 100) -> Associations:
    rows = Associations(2)
    rows.open(
        ROW, ports=(5000, 5000), tags=(1, 2), cumulative=2**32 - 3, tsn=tsn, acked=(tsn - 1) % 2**32,
        remote_window=100_000, lossy_stream=0,
    )  # fmt: skip
    return rows


def _make(rows: Associations, now: float, message: bytes = b"") -> tuple[bytes, bool]:
    packet = np.zeros(2048, np.uint8)
    size, went = make_packet(
        rows.records[ROW], rows.chunks[ROW], rows.received[ROW], rows.slots[ROW], rows.sizes[ROW],
        rows.heartbeats[ROW], np.frombuffer(message or b"\0", np.uint8), 0, len(message), packet, now,
    )  # fmt: skip
    return packet[:size].tobytes(), went


def test_a_client_that_reads_nothing_loses_frames_and_is_given_up() -> None:
    rows, now = _row(2**32 - 10), 0.0
    record = rows.records[ROW]
    went = [_make(rows, 0.0, b"x" * 1000)[1] for _ in range(50)]
    assert went == [True] * 4 + [False] * 46
    times = 0
    while expire(record, rows.chunks[ROW], now):
        now += 0.5
        _make(rows, now)
        times += 1
        assert times < 1000
    assert record["closed"] == 1
    assert record["failures"] == 11
    assert _make(rows, now, b"x") == (b"", False)


def test_nobody_is_answered_who_does_not_know_the_tag() -> None:
    rows, inbox = _row(), Inbox(8, 1000)
    beat = HeartbeatChunk()
    beat.params = [(1, b"1234")]
    for tag, expected in ((9, False), (1, True)):
        data = serialize_packet(5000, 5000, tag, beat)
        packet = np.frombuffer(data, np.uint8).copy()
        take_packet(
            rows.records[ROW], rows.chunks[ROW], rows.received[ROW], rows.heartbeats[ROW], packet, len(data),
            ROW, 0.0, inbox.entries, inbox.octets, inbox.used,
        )  # fmt: skip
        assert has_work(rows.records[ROW], 0.0) == expected


_near = st.integers(-3, 6)


def _data(tsn: int, flags: int, stream: int, sequence: int, data: bytes) -> bytes:
    """Return DATA near the first gap."""
    length, tsn = 16 + len(data), (2**32 - 3 + tsn) % 2**32
    padded = data + bytes(-len(data) % 4)
    return struct.pack("!BBHIHHI", 0, flags, length, tsn, stream, sequence % 65536, BINARY) + padded


def _sack(tsn: int, gaps: list[tuple[int, int]], claimed: int) -> bytes:
    """Return a SACK near what was sent, which may claim more gaps than it holds."""
    count = claimed if claimed < 3 else len(gaps)
    head = struct.pack("!BBHIIHH", 3, 0, 16 + 4 * len(gaps), (99 + tsn) % 2**32, 5000, count, 0)
    return head + b"".join(struct.pack("!HH", *gap) for gap in gaps)


def _forward(tsn: int, rest: bytes) -> bytes:
    whole = rest[: len(rest) // 4 * 4]
    return struct.pack("!BBHI", 192, 0, 8 + len(whole), (2**32 - 3 + tsn) % 2**32) + whole


def _other(kind: int, flags: int, length: int, rest: bytes) -> bytes:
    return struct.pack("!BBH", kind, flags, length) + rest


_byte = st.integers(0, 255)
_gap = st.tuples(st.integers(0, 9), st.integers(0, 9))
_chunk = st.one_of(
    st.builds(
        _data, st.integers(-3, 1100), st.integers(0, 7), st.integers(0, 3), _near, st.binary(max_size=20)
    ),
    st.builds(_sack, _near, st.lists(_gap, max_size=4), st.integers(0, 9)),
    st.builds(_forward, st.integers(-5, 3000), st.binary(max_size=24)),
    st.builds(_other, _byte, _byte, st.integers(0, 300), st.binary(max_size=300)),
    st.binary(max_size=30),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.lists(_chunk, max_size=4), st.binary(max_size=40), st.integers(0, 2)), max_size=12)
)
def test_no_packet_breaks_an_association(steps: list[tuple[list[bytes], bytes, int]]) -> None:
    """Whoever is authenticated may send anything: the rows stay whole."""
    rows, inbox, now = _row(), Inbox(3, 100), 0.0
    record = rows.records[ROW]
    for chunks, message, reliable in steps:
        body = b"".join(chunks)
        data = struct.pack("!HHI", 5000, 5000, 1) + bytes(4) + body
        data = data[:8] + struct.pack("<I", reference_crc32c(data)) + data[12:]
        packet = np.frombuffer(data, np.uint8).copy()
        take_packet(
            record, rows.chunks[ROW], rows.received[ROW], rows.heartbeats[ROW], packet, len(data), ROW, now,
            inbox.entries, inbox.octets, inbox.used,
        )  # fmt: skip
        if reliable and rows.room(ROW):
            rows.fill(ROW, struct.pack("!BBHIHHI", 0, 3, 20, 0, 1, 0, TEXT) + b"text")
        if reliable == 2:
            inbox.take()
        for _ in range(3):
            made, _went = _make(rows, now, message)
            if made:
                assert parse_packet(made)[2] == 2
        now += 0.3
        expire(record, rows.chunks[ROW], now)
        assert 0 <= in_flight(record) < OUTSTANDING
        assert 0 <= record["filled"] - record["first"] <= SLOTS
        assert record["flight"] == sum(int(one["size"]) for one in rows.chunks[ROW] if one["state"] == 1)
        assert record["again"] == int((rows.chunks[ROW]["state"] == 3).sum())
        assert record["beyond"] == rows.received[ROW].sum()
