"""Plain pages under 50 concurrent readers: the real server in a process of its own, read over HTTP.

Every reader holds one connection and opens one page after the other without a pause, as no person would: the
list of proposals, one proposal, the votes, one vote, the reports, one report and the first page, drawn by a
seed, in Korean or English. Visitors may get a page as it was made before, unless anything changed since:
three times a second somebody supports a proposal, in the same process, as in a city that lives. The
city holds 500 proposals (100 when quick) with comments and supports, 20 votes and 200 reports.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from pathlib import Path

from bench.connection import Connection
from bench.figure import Figure, Question, percentile
from meta_gwangju.api.cookies import COOKIE, csrf_of
from meta_gwangju.city import load_ground
from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.offices import Offices, make_offices
from municipality.access import CITY_HALL, Actor, Grant, Role
from municipality.ballot import Draft as Vote
from municipality.ballot import Text
from municipality.participation import CATEGORIES
from municipality.participation import Draft as Proposal
from municipality.reports import SERVICES
from municipality.reports import Draft as Report
from municipality.store import Store
from tests.support.ports import free_port
from tests.support.server import serving
from tests.support.small_city import small_city

READERS = 50
_CITIZENS, _REPORTS, _VOTES = 60, 200, 20
#: Proposals in the city, and when it is filled quickly; changes a second.
_MANY, _FEW, _CHANGES = 500, 100, 3.0
_NO_PEER = "none measured"
VISITORS = Question("plain pages, p95 under 50 concurrent visitors", "ms", "<= 100", "<= 50", _NO_PEER)
CITIZENS = Question("plain pages, p95 under 50 concurrent readers, all signed in", "ms", None, None, _NO_PEER)
RATE = Question("plain pages/s under 50 concurrent visitors", "1/s", None, None, _NO_PEER)


def _fill(offices: Offices, chance: random.Random, proposals: int) -> list[str]:
    """Put a city's worth of things in; returns the tokens of sessions."""
    now = time.time()
    with offices.store.write() as connection:
        numbers = [offices.citizens.join(connection, f"시민 {n}", now=now) for n in range(_CITIZENS)]
        officer = Grant(Role.OFFICER, CITY_HALL)
        offices.grants.hand_out(connection, Actor(door="program"), numbers[0], officer, now)
    people = [offices.actors.citizen(number, "program", now) for number in numbers]
    x, z = offices.land.city_hall
    place = offices.surveyor.at_world(x, z)
    for n in range(proposals):
        at = now - 86_400.0 * (proposals - n)
        draft = Proposal(f"제안 {n}: 골목을 밝게", "밤길이 어두워요. " * 20, chance.choice(list(CATEGORIES)))
        number = offices.proposals.propose(people[n % _CITIZENS], draft, now=at)
        for one in chance.sample(people, chance.randint(0, 8)):
            offices.proposals.support(one, number, now=at)
        for one in chance.sample(people, chance.randint(0, 5)):
            offices.comments.comment(one, number, "저도 그렇게 생각해요. " * 5, now=at)
    for n in range(_REPORTS):
        report = Report(chance.choice(list(SERVICES)), place, "망가져 있어요. " * 10)
        offices.reports.submit(people[n % _CITIZENS], report, now)
    for n in range(_VOTES):
        options = tuple(Text(f"선택지 {k}", f"Option {k}") for k in range(5))
        opens = int(now) - 60
        vote = Vote(Text(f"투표 {n}", f"Vote {n}"), options, opens, opens + 86_400)
        offices.votes.open(people[0], vote, now=now)
    return [offices.sessions.open(number, "bench", now)[1] for number in numbers[-READERS:]]


class Crowd:
    """Readers of a city that somebody changes meanwhile; one connection each."""

    def __init__(self, port: int, proposals: int, tokens: Sequence[str]) -> None:
        self._port = port
        self._proposals = proposals
        self._tokens = tokens

    def read(self, seconds: float, run: int, *, signed_in: bool) -> list[float]:
        """Return how long each page took, milliseconds."""
        return asyncio.run(self._read(seconds, run, signed_in=signed_in))

    async def _read(self, seconds: float, run: int, *, signed_in: bool) -> list[float]:
        until, taken = time.perf_counter() + seconds, list[float]()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._live(until, random.Random(run)))
            for n, token in enumerate(self._tokens):
                chance = random.Random(run * READERS + n)
                tasks.create_task(self._reader(until, chance, token if signed_in else "", taken))
        return taken

    async def _reader(self, until: float, chance: random.Random, token: str, taken: list[float]) -> None:
        """Read page after page; each takes from the request to its last byte."""
        cookie = {"cookie": f"{COOKIE}={token}"} if token else {}
        async with Connection(self._port) as connection:
            while time.perf_counter() < until:
                headers = {"accept-language": chance.choice(("ko", "en")), **cookie}
                asked = time.perf_counter()
                await connection.ask("GET", self._address(chance), headers)
                taken.append((time.perf_counter() - asked) * 1000.0)

    async def _live(self, until: float, chance: random.Random) -> None:
        """Support a proposal again and again, somebody else each time: pages that show it are made anew."""
        async with Connection(self._port) as connection:
            while time.perf_counter() < until:
                token, method = chance.choice(self._tokens), chance.choice(("PUT", "DELETE"))
                path = f"/api/v1/proposals/{chance.randint(1, self._proposals)}/support"
                headers = {"cookie": f"{COOKIE}={token}", "x-csrf-token": csrf_of(token)}
                await connection.ask(method, path, headers)
                await asyncio.sleep(1.0 / _CHANGES)

    def _address(self, chance: random.Random) -> str:
        return "/plain" + chance.choice(
            (
                "/",
                f"/proposals?sort={chance.choice(('newest', 'most_supported'))}",
                f"/proposals/{chance.randint(1, self._proposals)}",
                "/votes",
                f"/votes/{chance.randint(1, _VOTES)}",
                "/reports",
                f"/reports/{chance.randint(1, _REPORTS)}",
            )
        )


def measure_plain(*, quick: bool, where: str, folder: Path) -> list[Figure]:
    """Measure the plain door."""
    seconds, runs, proposals = (2.0, 2, _FEW) if quick else (10.0, 5, _MANY)
    data = folder / "plain"
    data.mkdir()
    (data / "city").symlink_to(small_city())
    settings = Settings(data=data)
    with Store(settings.database) as store:
        land = CityLand.load(settings.city, load_ground(settings.city))
        tokens = _fill(make_offices(store, settings, land), random.Random(518), proposals)
    visitors, citizens, rates = list[float](), list[float](), list[float]()
    port = free_port()
    with serving(data, folder / "plain.log", port=port):
        crowd = Crowd(port, proposals, tokens)
        crowd.read(1.0, 0, signed_in=False)  # what is compiled at first use is compiled
        for run in range(1, runs + 1):
            taken = crowd.read(seconds, run, signed_in=False)
            visitors.append(percentile(taken, 0.95))
            rates.append(len(taken) / seconds)
            citizens.append(percentile(crowd.read(seconds, run, signed_in=True), 0.95))
    return [
        VISITORS.answered(visitors, where),
        CITIZENS.answered(citizens, where),
        RATE.answered(rates, where),
    ]
