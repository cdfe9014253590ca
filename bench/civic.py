"""Civic acts: ballots cast durably with a receipt, and a vote recounted from its export.

Ballots come from 64 concurrent callers of the ballot box's public API in one process, each by another
citizen under a key of their own; the answer is the receipt, given when the ballot is on disk. At the end
every receipt is checked by itself, and the export with a sample of them. The recount reads the export of
100,000 ballots from a file and does what `meta-gwangju verify-vote` does.
"""

import asyncio
import io
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import sqlalchemy as sa
import uvloop

from bench.figure import Figure, Question, percentile
from bench.machine import machine
from bench.plain import measure_plain
from municipality.access import CITY, CITY_HALL, Actor, Grant, Role
from municipality.ballot import BallotBox, CityKey, Draft, Receipt, Text, Votes, export, verify
from municipality.ballot.ballot import Ballot
from municipality.ballot.log import GrowingLog
from municipality.schema import citizens
from municipality.store import Store
from tests.support.postgres import postgres

CALLERS = 64
OPTIONS = 8
_RECOUNTED = 100_000
_BATCH = 200
_SAMPLE = 1000

_NO_PEER = "none measured"
SQLITE = Question(
    "ballots/s, durable with receipt, 64 callers, SQLite FULL", "1/s", ">= 500", ">= 2000", _NO_PEER
)
SQLITE_99 = Question("p99 of a ballot, 64 callers, SQLite FULL", "ms", None, "<= 100", _NO_PEER)
POSTGRES = Question(
    "ballots/s, durable with receipt, 64 callers, PostgreSQL", "1/s", ">= 500", ">= 2000", _NO_PEER
)
RECOUNT = Question("recount of 100,000 ballots offline", "s", "<= 60", "<= 10", _NO_PEER)


class Load:
    """Ballots per second, and the milliseconds each took."""

    def __init__(self) -> None:
        self.rate = 0.0
        self.milliseconds: list[float] = []
        self.receipts: list[Receipt] = []


def _draft(now: int) -> Draft:
    options = tuple(Text(f"선택지 {number}", f"Option {number}") for number in range(OPTIONS))
    return Draft(Text("시험 투표", "A test vote"), options, now, now + 86_400)


def _open(votes: Votes) -> int:
    officer = Actor(citizen=1, grants=frozenset({Grant(Role.OFFICER, CITY_HALL)}))
    now = time.time()
    return votes.open(officer, _draft(int(now)), now=now).definition.vote


def _admit(store: Store, first: int, last: int) -> None:
    people = [
        {"id": number, "handle": number.to_bytes(32, "big"), "colour": 0, "language": "ko", "joined_at": 0.0}
        for number in range(first, last)
    ]
    with store.write() as connection:
        connection.execute(sa.insert(citizens), people)


async def _drive(box: BallotBox, vote: int, people: Iterable[int], seconds: float, run: int) -> Load:
    """Let the callers vote for a while, or until all people have."""
    load, chance, waiting = Load(), random.Random(run), iter(people)
    citizen = frozenset({Grant(Role.CITIZEN, CITY)})
    start = time.perf_counter()

    async def caller() -> None:
        for number in waiting:
            asked = time.perf_counter()
            actor = Actor(citizen=number, grants=citizen)
            choices = chance.sample(range(OPTIONS), chance.randint(0, OPTIONS))
            load.receipts.append(await box.cast(actor, vote, choices, str(uuid.uuid4())))
            load.milliseconds.append((time.perf_counter() - asked) * 1000.0)
            if time.perf_counter() > start + seconds:
                return

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    load.rate = len(load.milliseconds) / (time.perf_counter() - start)
    return load


def _checked(store: Store, vote: int, receipts: Sequence[Receipt], key: CityKey) -> None:
    for receipt in receipts:
        receipt.check()
    chance = random.Random(vote)
    sample = chance.sample(receipts, min(len(receipts), _SAMPLE))
    text = "".join(export(store, vote)).encode()
    found = verify(io.BytesIO(text), sample, key.fingerprint)
    if not found.passed or found.ballots != len(receipts):
        raise RuntimeError(f"the vote does not verify: {found.faults}")


def ballots(database: Path | str, seconds: float, runs: int) -> list[Load]:
    """Measure ballots in one database; every run is a vote of its own, and is verified."""
    loads, key = list[Load](), CityKey(random.Random(518).randbytes(32))
    most = int(seconds * 15_000) + CALLERS
    with Store(database) as store:
        votes = Votes(store, key)
        _admit(store, 1, most)

        async def round_of(vote: int, run: int) -> Load:
            async with BallotBox(store, key, time.time) as box:
                return await _drive(box, vote, range(1, most), seconds, run)

        for run in range(runs):
            vote = _open(votes)
            load = uvloop.run(round_of(vote, run))
            _checked(store, vote, load.receipts, key)
            loads.append(load)
    return loads


def recounts(folder: Path, runs: int) -> list[float]:
    """Measure the recount of a large vote, in seconds; its heads are as far apart as batches are."""
    key, chance = CityKey(random.Random(518).randbytes(32)), random.Random(1980)
    with Store(folder / "recount.sqlite3") as store:
        votes = Votes(store, key)
        vote = votes.get(_open(votes), now=time.time())
        number = vote.definition.vote
        with store.write() as connection:
            for _ in range(_RECOUNTED // _BATCH):
                log = GrowingLog(connection, number, vote.digest)
                for _ in range(_BATCH):
                    log.add(Ballot(chance.getrandbits(OPTIONS), chance.randbytes(32)))
                log.write(key)
        _close(store, key, vote.definition.draft.closes)
        (folder / "recount.jsonl").write_text("".join(export(store, number)), encoding="utf-8")
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        with (folder / "recount.jsonl").open("rb") as file:
            found = verify(file, (), key.fingerprint)
        seconds.append(time.perf_counter() - start)
        if not found.passed or found.ballots != _RECOUNTED or found.counted is None:
            raise RuntimeError(f"the recount failed: {found.faults}")
    return seconds


def _close(store: Store, key: CityKey, at: int) -> None:
    async def body() -> None:
        closed = asyncio.Event()
        async with BallotBox(store, key, lambda: float(at), closed=lambda _vote: closed.set()):
            await closed.wait()

    asyncio.run(body())


def _rate(load: Load) -> float:
    return load.rate


def _p99(load: Load) -> float:
    return percentile(load.milliseconds, 0.99)


def _measured(question: Question, loads: Sequence[Load], of: Callable[[Load], float], where: str) -> Figure:
    return question.answered([of(load) for load in loads], where)


def measure_ballots(*, quick: bool, where: str, folder: Path) -> list[Figure]:
    """Measure casting on both databases."""
    seconds, runs = (1.0, 2) if quick else (8.0, 5)
    with postgres(durable=True) as server:
        file = ballots(folder / "city.sqlite3", seconds, runs)
        database = ballots(server.database(), seconds, runs)
    return [
        _measured(SQLITE, file, _rate, where),
        _measured(SQLITE_99, file, _p99, where),
        _measured(POSTGRES, database, _rate, where),
    ]


def measure_recount(*, quick: bool, where: str, folder: Path) -> list[Figure]:
    """Measure the recount."""
    return [RECOUNT.answered(recounts(folder, 2 if quick else 5), where)]


#: What `python -m bench civic` measures, one after the other; each returns its figures.
PARTS = (measure_ballots, measure_recount, measure_plain)


def measure(*, quick: bool) -> list[Figure]:
    """Measure everything."""
    where, figures = machine(), list[Figure]()
    # Not in /tmp, which may be memory: the figures are of a disk.
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as temporary:
        for part in PARTS:
            figures += part(quick=quick, where=where, folder=Path(temporary))
    return figures
