"""Messages are put together from whatever order their pieces come in, and nobody can fill the memory."""

import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.errors import UnfinishedDataError
from streaming.pump.association import Associations
from streaming.pump.outbox import Outbox
from streaming.pump.reassembly import Message, Piece, Reassembly
from streaming.pump.sctp import FIRST, LAST, UNORDERED


def _pieces(messages: list[tuple[int, bytes]], first_tsn: int) -> list[Piece]:
    """Cut messages on streams into the chunks that the pump itself would send."""
    outbox, rows = Outbox(), Associations(1)
    for stream, data in messages:
        outbox.put(stream, 51, data)
    outbox.move(rows, 0)
    assert len(outbox) == 0
    record, pieces = rows.records[0], []
    for slot in range(int(record["filled"])):
        chunk = bytearray(rows.slots[0, slot, : rows.sizes[0, slot]].tobytes())
        chunk[4:8] = struct.pack("!I", (first_tsn + slot) % 2**32)
        pieces.append(Piece.of(bytes(chunk)))
    return pieces


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4000)), min_size=1, max_size=12),
    st.integers(0, 2**32 - 1),
    st.integers(),
)
def test_messages_arrive_whole_and_in_order_whatever_the_wire_does(
    sizes: list[tuple[int, int]], first_tsn: int, seed: int
) -> None:
    messages = [(stream, bytes([number % 256]) * size) for number, (stream, size) in enumerate(sizes)]
    pieces = _pieces(messages, first_tsn)
    random.Random(seed).shuffle(pieces)
    reassembly, heard = Reassembly(), list[Message]()
    for piece in pieces:
        heard += reassembly.take(piece)
    for stream in range(3):
        assert [one.data for one in heard if one.stream == stream] == [
            data for number, data in messages if number == stream
        ]
    assert reassembly._bytes == 0


def test_what_is_given_up_holds_nothing_back() -> None:
    pieces = _pieces([(1, b"a"), (1, b"b"), (1, b"c" * 3000), (1, b"d")], 10)
    reassembly = Reassembly()
    assert reassembly.take(pieces[1]) == []
    assert reassembly.take(pieces[3]) == []
    assert reassembly.take(pieces[5]) == []
    # "a" is given up, and so is the middle of "c", whose number is 2.
    assert [one.data for one in reassembly.skip(struct.pack("!BBHIHH", 192, 0, 12, 10, 1, 0))] == [b"b"]
    assert [one.data for one in reassembly.skip(struct.pack("!BBHIHH", 192, 0, 12, 14, 1, 2))] == [b"d"]
    assert reassembly._bytes == 0


def test_pieces_of_unordered_messages_need_their_neighbours_alone() -> None:
    reassembly = Reassembly()
    assert reassembly.take(Piece(7, UNORDERED | LAST, 0, 0, 53, b"b")) == []
    assert reassembly.take(Piece(5, UNORDERED, 0, 0, 53, b"stray")) == []
    assert reassembly.take(Piece(6, UNORDERED | FIRST, 0, 0, 53, b"a")) == [Message(0, 53, b"ab")]


def _fill(reassembly: Reassembly, flags: int, stream_step: int, data: bytes) -> None:
    for number in range(1000):
        reassembly.take(Piece(2 * number, flags, stream_step * number, number + 1, 53, data))


@pytest.mark.parametrize("flags", [0, FIRST, FIRST | LAST])
@pytest.mark.parametrize("data", [b"x", b"x" * 1000])
def test_unfinished_messages_are_bounded(flags: int, data: bytes) -> None:
    with pytest.raises(UnfinishedDataError):
        _fill(Reassembly(), flags, 0, data)


def test_streams_are_bounded() -> None:
    with pytest.raises(UnfinishedDataError):
        _fill(Reassembly(), FIRST | LAST, 1, b"x")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.builds(
                Piece, st.integers(0, 12), st.integers(0, 7), st.integers(0, 2), st.integers(0, 4),
                st.just(53), st.binary(min_size=1, max_size=5),
            ),
            st.binary(min_size=8, max_size=30),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_no_pieces_break_it(steps: list[Piece | bytes]) -> None:
    reassembly, taken = Reassembly(), set[int]()
    for step in steps:
        if isinstance(step, bytes):
            reassembly.skip(step)
        elif step.tsn not in taken:
            # The same TSN does not come twice: the kernel sees to that.
            taken.add(step.tsn)
            reassembly.take(step)
    assert reassembly._bytes >= 0
