"""Replication: what telling everybody of everybody costs in bytes and in processor time.

The crowd is synthetic (:mod:`bench.crowd`), on the real ground of a corner of Gwangju; the codec's tables
were tuned on the same kind of crowd with other seeds. Everybody tracks head and two hands, and is told of the
nearest 64 at 20, 10 and 5 Hz, and of everybody else in sight once a second. Bytes of an update are those of
whole packets, with head, masks, and full records of newcomers; apart stand what a packet says of its receiver
themselves (16 bytes) and the crowd behind the nearest. Some viewers decode all that
they get: it is compared with the world, within the stated error. Processor time is the process's own, without
what it takes to make the crowd move. In the same run: Colyseus, see :mod:`bench.colyseus`.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import numpy as np

from bench.colyseus import CLIENTS, NAME, SEEN, PeerFigures, PeerMissingError, measure_peer
from bench.crowd import Crowd
from bench.figure import Figure, Question
from bench.gathering import TICK, Gathering, Plaza
from bench.machine import machine
from bench.props import bytes_each, own_bytes
from bench.sink import connections, framed

PEOPLE, MANY, MOST = 500, 10_000, 30_000
#: Of the plazas of the interest views, metres: everybody sees everybody, and nobody of the other plazas.
_SMALL, _APART = 20.0, 200.0
_PLAZAS = 5
_LOOKED_AT = 8
_PEER = f"{NAME}; same run"
_NO_PEER = "none measured"
_BYTES = "bytes per delivered avatar update, head and two hands, 500 in a plaza"
_VIEWS = f"CPU per delivered update, interest views {CLIENTS}×{SEEN}, with a TCP connection each"
_LOAD = "world.step, interest and encoding at 20 Hz, percent of a core"

AVATAR = Question(f"{_BYTES}, acknowledged after a tick", "B", "<= 14.5", "<= 9.8", _NO_PEER)
MOBILE = Question(f"{_BYTES}, a round trip of 80 ms", "B", None, None, _NO_PEER)
ABROAD = Question(f"{_BYTES}, a round trip of 160 ms", "B", None, None, _NO_PEER)
RATE = Question("state to each client, head and two hands, 500 in a plaza", "kbit/s", None, None, _NO_PEER)
CROWD = Question(
    "of it the crowd beyond the nearest 64, everybody in sight once a second", "kbit/s", None, None, _NO_PEER
)
VALUES = Question("bytes per update of seven values, ≤ 1 mm and ≤ 0.2°", "B", "<= 9", None, _PEER)
RATIO = Question(f"{_VIEWS}, as a share of Colyseus'", "×", "<= 2", "<= 0.5", _PEER)
COST = Question(_VIEWS, "µs", None, None, _PEER)
ALONE = Question(
    f"CPU per update, interest views {CLIENTS}×{SEEN}, without connections", "µs", None, None, _NO_PEER
)
TEN = Question(f"{_LOAD}, {MANY:,} avatars", "%", "<= 35", None, _NO_PEER)
THIRTY = Question(f"{_LOAD}, {MOST:,} avatars", "%", None, "<= 100", _NO_PEER)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured.

    Attributes:
        runs: Of each figure.
        warm: Ticks before anything is counted.
        ticks: That are counted.
        seconds: That server and peer are watched for.
    """

    runs: int
    warm: int
    ticks: int
    seconds: float


QUICK = Extent(runs=1, warm=12, ticks=8, seconds=2.0)
FULL = Extent(runs=5, warm=40, ticks=80, seconds=8.0)


def avatar_bytes(seed: int, late: int | Sequence[int], extent: Extent) -> tuple[float, float, float]:
    """Return bytes for each delivered update, and kbit/s to each client: everything, and the crowd's share.

    Args:
        seed: Of the crowd.
        late: Ticks after which an acknowledgement is back, for each viewer or for all.
        extent: How long.
    """
    gathering = Gathering([Plaza(Crowd(PEOPLE, seed))], looked_at=_LOOKED_AT, late=np.asarray(late, np.int64))
    length = crowd = records = 0
    for tick in range(extent.warm + extent.ticks):
        gathering.acknowledge()
        packets = gathering.step(gathering.move())
        gathering.look(packets)
        if tick >= extent.warm:
            length += packets.total_bytes
            crowd += packets.crowd_bytes
            records += packets.records
    if gathering.untold() or not gathering.decoded:
        raise RuntimeError("viewers were not told of everybody near")
    own, rate = own_bytes() * PEOPLE * extent.ticks, 8e-3 / (PEOPLE * extent.ticks * TICK)
    return (length - crowd - own) / records, rate * length, rate * crowd


def delayed(round_trip: float, seed: int) -> list[int]:
    """Return for each viewer after how many ticks an acknowledgement is back.

    A packet is under way for half of the round trip (seconds); the client's next sample acknowledges it, and
    clients sample at the rate of ticks but at moments of their own; the sample is under way for the other
    half, and the next tick hears it.
    """
    phases = np.random.default_rng(seed).uniform(0.0, TICK, PEOPLE)
    waiting = np.remainder(phases - round_trip / 2.0, TICK)
    return [int(ticks) for ticks in np.ceil((round_trip + waiting) / TICK)]


def views_cost(seed: int, seconds: float, *, connected: bool) -> float:
    """Return microseconds of processor time for each update that a viewer is sent, in a paced server.

    Five plazas of 41 people, 40 of whom are viewers: each sees 40. Counted are the tick of the world, what
    viewers acknowledge, the packets, and writing each of them to a connection.
    """
    crowds = (Crowd(SEEN + 1, seed * _PLAZAS + index, _SMALL) for index in range(_PLAZAS))
    plazas = [Plaza(crowd, _APART * index) for index, crowd in enumerate(crowds)]
    gathering = Gathering(plazas, viewers=CLIENTS // _PLAZAS, looked_at=_PLAZAS)
    spent, records, warm = 0.0, 0, int(1.0 / TICK)
    with ExitStack() as stack:
        sockets = stack.enter_context(connections(CLIENTS)) if connected else []
        begun = time.monotonic()
        for tick in range(warm + int(seconds / TICK)):
            moves = gathering.move()
            time.sleep(max(begun + tick * TICK - time.monotonic(), 0.0))
            before = time.process_time()
            gathering.acknowledge()
            packets = gathering.step(moves)
            for slot, one in zip(gathering.viewers.tolist(), sockets, strict=connected):
                one.sendall(framed(packets.of(slot)))
            passed = time.process_time() - before
            gathering.look(packets)
            if tick >= warm:
                spent += passed
                records += packets.records
    if gathering.untold():
        raise RuntimeError("viewers were not told of everybody in sight")
    return 1e6 * spent / records


def load(count: int, seed: int, extent: Extent) -> float:
    """Return which percentage of a core so many avatars take at 20 Hz, all of them viewers."""
    gathering = Gathering([Plaza(Crowd(count, seed, radius=None))], looked_at=_LOOKED_AT)
    spent = 0.0
    for tick in range(extent.warm + extent.ticks):
        moves = gathering.move()
        gathering.acknowledge()
        before = time.process_time()
        packets = gathering.step(moves)
        passed = time.process_time() - before
        gathering.look(packets)
        spent += passed if tick >= extent.warm else 0.0
    if gathering.untold():
        raise RuntimeError("viewers were not told of everybody near")
    return 100.0 * spent / (extent.ticks * TICK)


def measure(*, quick: bool) -> list[Figure]:
    """Measure all figures of replication."""
    extent = QUICK if quick else FULL
    where, seeds = machine(), range(101, 101 + extent.runs)
    prompt = [avatar_bytes(seed, 1, extent) for seed in seeds]
    mobile = [avatar_bytes(seed, delayed(0.08, seed), extent) for seed in seeds]
    abroad = [avatar_bytes(seed, delayed(0.16, seed), extent) for seed in seeds]
    values = [bytes_each(SEEN, extent.ticks * seed, extent.ticks) for seed in seeds]
    costs, peers, missing = list[float](), list[PeerFigures](), ""
    for seed in seeds:
        try:
            peers.append(measure_peer(CLIENTS, SEEN, extent.seconds))
        except PeerMissingError as error:
            missing = f"missing here: {error}"
        costs.append(views_cost(seed, extent.seconds, connected=True))
    alone = [views_cost(seed, extent.seconds, connected=False) for seed in seeds]
    figures = [
        AVATAR.answered([each for each, *_ in prompt], where),
        MOBILE.answered([each for each, *_ in mobile], where),
        ABROAD.answered([each for each, *_ in abroad], where),
        RATE.answered([rate for _, rate, _ in prompt], where),
        CROWD.answered([share for *_, share in prompt], where),
        _beside(VALUES.answered(values, where), [one.bytes_per_update for one in peers], missing),
        *_views(costs, [one.cpu_us_per_update for one in peers], missing, where),
        ALONE.answered(alone, where),
    ]
    for question, count in ((TEN, MANY), (THIRTY, MOST)):
        figures.append(question.answered([load(count, seed, extent) for seed in seeds], where))
    return figures


def _views(costs: list[float], peers: list[float], missing: str, where: str) -> list[Figure]:
    """Return the ratio run by run, where there is a peer, and the cost."""
    cost = _beside(COST.answered(costs, where), peers, missing)
    if missing:
        return [cost]
    ratios = [ours / theirs for ours, theirs in zip(costs, peers, strict=True)]
    return [RATIO.answered(ratios, where), cost]


def _beside(figure: Figure, peers: Sequence[float], missing: str) -> Figure:
    if missing:
        return replace(figure, peer=f"{NAME}: {missing}")
    peer = round(float(np.median(peers)), 3)
    return replace(figure, peer_value=peer, ratio=round(figure.value / peer, 3))
