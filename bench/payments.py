"""Payments over HTTP: the real server in a process of its own, asked by 16 connections without a pause.

Each payment is another citizen's, signed in, under a key of its own, and answered with a receipt when it is
on disk. The guard lets a session make 40 changes at once and one a second from then on: so many citizens take
turns that nobody is held up.
"""

import asyncio
import itertools
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.connection import Connection
from bench.figure import Figure, Question, percentile
from bench.keys import uuid7
from meta_gwangju.api.cookies import COOKIE, csrf_of
from meta_gwangju.city import load_ground
from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.offices import Offices, make_offices, open_offices
from municipality.store import Store
from municipality.wallet import wallet_number
from tests.support.ports import free_port
from tests.support.server import serving
from tests.support.small_city import small_city

CALLERS = 16
_PEOPLE, _FEW = 400, 60
_NO_PEER = "none measured"
RATE = Question("payments/s over HTTP, 16 connections, SQLite FULL", "1/s", None, None, _NO_PEER)
P99 = Question("p99 of a payment over HTTP, 16 connections", "ms", None, None, _NO_PEER)


@dataclass(frozen=True, slots=True)
class _Citizen:
    wallet: str
    token: str


async def _settle(offices: Offices, people: int) -> list[_Citizen]:
    """Make citizens with welcome money, each signed in."""
    now = time.time()
    with offices.store.write() as connection:
        numbers = [offices.citizens.join(connection, f"시민 {n}", now=now) for n in range(people)]
    async with open_offices(offices):
        for number in numbers:
            await offices.wallet.open(number)
    return [_Citizen(wallet_number(one), offices.sessions.open(one, "bench", now)[1]) for one in numbers]


async def _drive(
    port: int, people: Sequence[_Citizen], seconds: float, run: int
) -> tuple[float, list[float]]:
    """Pay for a while; returns payments a second, and how long each took, milliseconds."""
    chance, taken = random.Random(run), list[float]()
    turns = itertools.cycle(chance.sample(people, len(people)))
    start = time.perf_counter()

    async def caller() -> None:
        async with Connection(port) as connection:
            while time.perf_counter() < start + seconds:
                payer, payee = next(turns), chance.choice(people)
                if payer is payee:
                    continue
                headers = {
                    "cookie": f"{COOKIE}={payer.token}",
                    "x-csrf-token": csrf_of(payer.token),
                    "idempotency-key": uuid7(chance),
                    "content-type": "application/json",
                }
                body = json.dumps({"wallet_number": payee.wallet, "amount": 1}).encode()
                asked = time.perf_counter()
                await connection.ask("POST", "/api/v1/wallet/payments", headers, body)
                taken.append((time.perf_counter() - asked) * 1000.0)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return len(taken) / (time.perf_counter() - start), taken


def measure_payments(*, quick: bool, where: str, folder: Path) -> list[Figure]:
    """Measure what of the ledger's speed is left over HTTP."""
    seconds, runs, people = (1.0, 2, _FEW) if quick else (8.0, 5, _PEOPLE)
    data = folder / "payments"
    data.mkdir()
    (data / "city").symlink_to(small_city())
    settings = Settings(data=data)
    with Store(settings.database) as store:
        land = CityLand.load(settings.city, load_ground(settings.city))
        settled = asyncio.run(_settle(make_offices(store, settings, land), people))
    rates, slowest, port = list[float](), list[float](), free_port()
    with serving(data, folder / "payments.log", port=port):
        for run in range(runs):
            rate, taken = asyncio.run(_drive(port, settled, seconds, run))
            rates.append(rate)
            slowest.append(percentile(taken, 0.99))
    return [RATE.answered(rates, where), P99.answered(slowest, where)]
