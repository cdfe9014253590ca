"""One screen's stream through losses, late watchers and changing publishers."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.video import rtcp
from streaming.video.codecs import Codec
from streaming.video.relay import CLOCK, MOST_CAUGHT_UP, MOST_KEPT, SLICE, Relay
from streaming.video.rtp import Packet, Received, read
from streaming.video.viewer import Phase, Viewer

EVERYTHING = frozenset({"nack", "nack pli", "goog-remb"})
KEY, DELTA = b"\x10\x10rest", b"\x10\x11rest"
SSRC = 7


def _viewer(first: int = 100) -> Viewer:
    return Viewer(9, first, {Codec.VP8: 96, Codec.H264: 102})


def _relay(feedback: frozenset[str] = EVERYTHING) -> Relay:
    relay = Relay(1, 2_500_000)
    relay.open(Codec.VP8, feedback)
    return relay


def _received(
    sequence: int, payload: bytes = DELTA, ssrc: int = SSRC, timestamp: int | None = None
) -> Received:
    stamp = sequence * 3000 if timestamp is None else timestamp
    return Received(96, sequence % 65536, stamp % 2**32, ssrc, marker=True, payload=payload)


class _Screen:
    """A relay with watchers whose packets are kept instead of sent."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.got: dict[int, list[tuple[Received, Packet]]] = {}

    def join(self, viewer: Viewer) -> Viewer:
        self.relay.join(viewer)
        self.got[id(viewer)] = []
        return viewer

    def of(self, viewer: Viewer) -> list[tuple[Received, Packet]]:
        return self.got[id(viewer)]

    def _hand(self, viewer: Viewer, header: bytes, packet: Packet) -> None:
        seen = read(header + packet.payload)
        assert seen is not None
        assert (seen.ssrc, seen.payload_type) == (viewer.ssrc, 96)
        assert (seen.payload, seen.marker, seen.timestamp) == (
            packet.payload,
            packet.marker,
            packet.timestamp,
        )
        self.got[id(viewer)].append((seen, packet))

    def take(self, received: Received, now: float) -> None:
        packet = self.relay.take(received, now)
        if packet is None:
            return
        for viewer in self.relay.viewers:
            header = viewer.pass_on(packet)
            if header is not None:
                self._hand(viewer, header, packet)

    def tick(self) -> None:
        for viewer in self.relay.viewers:
            for packet in self.relay.catch_up(viewer):
                self._hand(viewer, viewer.numbered(packet), packet)

    def again(self, viewer: Viewer, losses: Sequence[int], now: float) -> None:
        for packet in self.relay.again(viewer, losses, now):
            self._hand(viewer, viewer.numbered(packet), packet)


def _numbers(got: Sequence[tuple[Received, Packet]]) -> list[int]:
    return [seen.sequence for seen, _ in got]


def _asked(data: bytes, kind: type[rtcp.Message]) -> list[rtcp.Message]:
    return [message for message in rtcp.read(data) if isinstance(message, kind)]


def test_a_watcher_gets_nothing_before_a_picture_that_stands_alone() -> None:
    screen = _Screen(_relay())
    viewer = screen.join(_viewer())
    for number in range(5):
        screen.take(_received(number), 10.0 + number / 30)
    assert screen.of(viewer) == []
    screen.take(_received(5, KEY), 11.0)
    screen.take(_received(6), 11.1)
    assert [packet.key for _, packet in screen.of(viewer)] == [True, False]
    assert _numbers(screen.of(viewer)) == [100, 101]


def test_somebody_late_gets_everything_since_the_last_key_picture_in_slices() -> None:
    screen = _Screen(_relay())
    screen.take(_received(0, KEY), 10.0)
    for number in range(1, 3 * SLICE):
        screen.take(_received(number), 10.0 + number / 30)
    viewer = screen.join(_viewer())
    for turn in range(6):
        screen.tick()
        assert len(screen.of(viewer)) <= (turn + 1) * SLICE
        screen.take(_received(3 * SLICE + turn), 20.0 + turn / 30)
    got = screen.of(viewer)
    assert viewer.phase is Phase.LIVE
    assert got[0][1].key
    assert _numbers(got) == list(range(100, 100 + len(got)))
    assert [packet.sequence for _, packet in got] == [got[0][1].sequence + step for step in range(len(got))]


def test_a_key_picture_while_somebody_catches_up_spares_them_the_rest() -> None:
    screen = _Screen(_relay())
    screen.take(_received(0, KEY), 10.0)
    for number in range(1, 200):
        screen.take(_received(number), 10.0 + number / 30)
    viewer = screen.join(_viewer())
    screen.tick()
    screen.take(_received(200, KEY), 20.0)
    screen.tick()
    assert viewer.phase is Phase.LIVE
    assert _numbers(screen.of(viewer)) == list(range(100, 100 + SLICE + 1))
    assert screen.of(viewer)[-1][1].key


def test_too_long_a_group_is_not_replayed_a_picture_is_asked_for() -> None:
    screen = _Screen(_relay())
    screen.take(_received(0, KEY), 10.0)
    for number in range(1, MOST_CAUGHT_UP + 5):
        screen.take(_received(number), 10.0 + number / 30)
    screen.relay.to_publisher(40.0)
    viewer = screen.join(_viewer())
    assert viewer.phase is Phase.WAITING
    assert _asked(screen.relay.to_publisher(40.1), rtcp.KeyWanted) == [rtcp.KeyWanted(SSRC)]


def test_a_publisher_is_asked_for_a_picture_again_but_not_all_the_time() -> None:
    screen = _Screen(_relay())
    screen.join(_viewer())
    screen.take(_received(0), 10.0)
    asked = 0
    for step in range(200):
        screen.relay.want_key()
        asked += len(_asked(screen.relay.to_publisher(10.0 + step / 100), rtcp.KeyWanted))
    assert 2 <= asked <= 4
    screen.take(_received(1, KEY), 12.0)
    assert _asked(screen.relay.to_publisher(20.0), rtcp.KeyWanted) == []


def test_a_publisher_who_listens_to_nothing_is_told_nothing_but_how_it_arrives() -> None:
    screen = _Screen(_relay(frozenset()))
    screen.join(_viewer())
    screen.take(_received(0), 10.0)
    screen.take(_received(3), 10.0)
    said = screen.relay.to_publisher(10.5)
    assert said
    assert rtcp.read(said) == []


def test_losses_of_the_publisher_are_asked_for_and_passed_on_when_they_come() -> None:
    screen = _Screen(_relay())
    viewer = screen.join(_viewer())
    screen.take(_received(0, KEY), 10.0)
    screen.take(_received(3), 10.0)
    assert _asked(screen.relay.to_publisher(10.0), rtcp.Losses) == [rtcp.Losses(SSRC, (1, 2))]
    screen.take(_received(1), 10.05)
    assert _numbers(screen.of(viewer)) == [100, 103, 101]


def test_a_watcher_gets_again_what_they_missed_within_limits() -> None:
    screen = _Screen(_relay())
    viewer = screen.join(_viewer(65_530))
    screen.take(_received(0, KEY), 10.0)
    for number in range(1, 30):
        screen.take(_received(number), 10.0)
    before = len(screen.of(viewer))
    screen.again(viewer, [65_535, 0, 5], 10.1)
    again = screen.of(viewer)[before:]
    assert _numbers(again) == [65_535, 0, 5]
    # What they never got, or are still to get, is not theirs to ask for.
    assert screen.relay.again(viewer, [65_529, 24, 200], 10.1) == []
    assert sum(len(screen.relay.again(viewer, [3], 10.1)) for _ in range(5000)) < 400


def test_numbers_and_times_go_on_when_another_publisher_takes_over() -> None:
    screen = _Screen(_relay())
    viewer = screen.join(_viewer())
    for number in range(10):
        screen.take(_received(number, KEY if number == 0 else DELTA), 10.0 + number / 30)
    screen.relay.open(Codec.VP8, EVERYTHING)
    screen.take(_received(5000, DELTA, ssrc=8, timestamp=123), 12.3)
    screen.take(_received(5001, KEY, ssrc=8, timestamp=3123), 12.3 + 1 / 30)
    got = screen.of(viewer)
    assert _numbers(got) == list(range(100, 111))
    passed = (got[-1][1].timestamp - got[-2][1].timestamp) % 2**32
    assert passed == pytest.approx((12.3 - 10.3 + 2 / 30) * CLOCK, abs=3500)


def test_another_source_is_heard_only_when_the_first_fell_silent() -> None:
    screen = _Screen(_relay())
    viewer = screen.join(_viewer())
    screen.take(_received(0, KEY), 10.0)
    screen.take(_received(77, KEY, ssrc=8), 10.1)
    assert len(screen.of(viewer)) == 1
    screen.take(_received(78, KEY, ssrc=8), 11.2)
    assert len(screen.of(viewer)) == 2


def test_a_codec_that_somebody_does_not_have_is_not_sent_to_them() -> None:
    relay = Relay(1, 1)
    relay.open(Codec.H264, EVERYTHING)
    screen = _Screen(relay)
    viewer = screen.join(Viewer(9, 0, {Codec.VP8: 96}))
    screen.take(_received(0, bytes([0x67, 1, 2])), 10.0)
    assert screen.of(viewer) == []
    assert not viewer.understands(Codec.H264)


def test_parameter_sets_and_slices_of_one_picture_begin_it_once() -> None:
    relay = Relay(1, 1)
    relay.open(Codec.H264, EVERYTHING)
    keys = []
    for number, payload in enumerate([b"\x67\x01\x02", b"\x68\x01", b"\x65\x88", b"\x65\x01"]):
        packet = relay.take(_received(number, payload, timestamp=9000), 10.0)
        assert packet is not None
        keys.append(packet.key)
    assert keys == [True, False, False, False]


def test_reports_to_watchers_follow_the_screens_clock() -> None:
    screen = _Screen(_relay())
    viewer = screen.join(_viewer())
    assert viewer.report(1000.0, 0) is None
    screen.take(_received(0, KEY), 10.0)
    stamp = screen.of(viewer)[0][0].timestamp
    assert screen.relay.clock(10.5) == (stamp + CLOCK // 2) % 2**32
    report = viewer.report(1000.0, screen.relay.clock(10.5))
    assert report is not None
    assert _asked(report, rtcp.SenderSays)[0] == rtcp.SenderSays(9, (1000 + 2_208_988_800) % 2**16 << 16)


def test_what_is_kept_is_bounded_whatever_comes() -> None:
    relay = _relay()
    for number in range(5 * MOST_KEPT):
        relay.take(_received(number * 3 % 65536), 10.0 + number / 1000)
    assert len(relay._kept) <= MOST_KEPT


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_each_watcher_can_play_what_they_get_whatever_is_lost_or_late(data: st.DataObject) -> None:
    """From a picture that stands alone on, a watcher who asks misses only what the screen misses."""
    screen = _Screen(_relay())
    count = data.draw(st.integers(20, 150))
    keys = data.draw(st.sets(st.integers(0, count), max_size=6))
    lost = data.draw(st.sets(st.integers(0, count), max_size=20))
    start = data.draw(st.integers(0, 65_535))
    order = [number for number in range(count) if number not in lost]
    for swap in data.draw(st.lists(st.integers(0, max(len(order) - 5, 0)), max_size=10)):
        order[swap : swap + 4] = reversed(order[swap : swap + 4])
    joins = data.draw(st.lists(st.tuples(st.integers(0, count), st.integers(0, 65_535)), max_size=4))
    viewers: list[Viewer] = []
    for step, number in enumerate(order):
        viewers += [screen.join(_viewer(first)) for at, first in joins if at == step]
        payload = KEY if number in keys else DELTA
        screen.take(_received(start + number, payload, timestamp=number * 3000), step / 30)
        screen.tick()
        screen.relay.to_publisher(step / 30)
    for _ in range(count // SLICE + 1):
        screen.tick()
    for viewer in viewers:
        _ask_for_what_is_missing(screen, viewer, count / 30)
        got = screen.of(viewer)
        if not got:
            continue
        assert got[0][1].key
        begun = max(packet.sequence for _, packet in got if packet.key)
        last = [packet for _, packet in got if packet.sequence >= begun]
        # Nothing twice, all that the screen has, under numbers that keep their distances.
        assert sorted(packet.sequence for packet in last) == sorted(
            number for number in screen.relay._kept if number >= begun
        )
        shifts = {(seen.sequence - packet.sequence) % 65536 for seen, packet in got if packet in last}
        assert len(shifts) == 1


def _ask_for_what_is_missing(screen: _Screen, viewer: Viewer, now: float) -> None:
    numbers = _numbers(screen.of(viewer))
    if numbers:
        width = (viewer._next - numbers[0]) % 65536
        every = {(numbers[0] + step) % 65536 for step in range(width)}
        screen.again(viewer, sorted(every - set(numbers)), now)
