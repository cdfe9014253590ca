"""Votes to test: a key that is always the same, citizens by their number, and a clock turned by hand."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

from municipality.access import CITY, Actor, Grant, Role
from municipality.ballot import BallotBox, CityKey, Draft, Receipt, Text, Vote, Votes
from municipality.schema import citizens
from municipality.store import Store

KEY = CityKey(bytes(range(32)))
START = 1_800_000_000
OPTIONS = (Text("공원", "Park"), Text("도서관", "Library"), Text("시장", "Market"))


@dataclass
class Clock:
    """Unix seconds."""

    now: float = float(START)

    def __call__(self) -> float:
        return self.now


def admit(store: Store, numbers: Sequence[int]) -> None:
    """Make citizens with these numbers."""
    rows = [
        {
            "id": number,
            "handle": number.to_bytes(32, "big"),
            "colour": 0,
            "language": "ko",
            "joined_at": 0.0,
        }
        for number in numbers
    ]
    with store.write() as connection:
        connection.execute(sa.insert(citizens), rows)


def citizen(number: int, place: str = CITY, door: str = "page") -> Actor:
    """Return a citizen as they act."""
    return Actor(citizen=number, session=number, door=door, grants=frozenset({Grant(Role.CITIZEN, place)}))


def officer(number: int = 1) -> Actor:
    """Return an officer of the city."""
    return Actor(
        citizen=number,
        session=number,
        grants=frozenset({Grant(Role.CITIZEN, CITY), Grant(Role.OFFICER, "city/city_hall")}),
    )


def draft(opens: int = START, closes: int = START + 3600, **more: object) -> Draft:
    """Return what an officer asks for."""
    values: dict[str, object] = {
        "title": Text("무엇을 지을까요?", "What shall we build?"),
        "options": OPTIONS,
        "opens": opens,
        "closes": closes,
    }
    return Draft(**{**values, **more})  # type: ignore[arg-type] -- a test's words


@dataclass
class Polls:
    """A city that votes, in a test's words."""

    store: Store
    votes: Votes
    box: BallotBox
    clock: Clock
    closed: list[int] = field(default_factory=list)
    has_closed: asyncio.Event = field(default_factory=asyncio.Event)
    turned: list[int] = field(default_factory=list)
    has_turned: asyncio.Event = field(default_factory=asyncio.Event)

    def open(self, **more: object) -> Vote:
        return self.votes.open(officer(), draft(**more), now=self.clock.now)  # type: ignore[arg-type]

    async def cast(self, number: int, vote: int, *choices: object, key: str | None = None) -> Receipt:
        return await self.box.cast(citizen(number), vote, choices, key or f"key-of-{number}")


@asynccontextmanager
async def polls(store: Store, people: int = 40) -> AsyncIterator[Polls]:
    """Open the polls in ``store``, with citizens 1 up to ``people``."""
    with store.engine.connect() as connection:
        known = set(connection.execute(sa.select(citizens.c.id)).scalars())
    if fresh := [number for number in range(1, people + 1) if number not in known]:
        admit(store, fresh)
    clock, closed, turned = Clock(), list[int](), list[int]()
    has_closed, has_turned = asyncio.Event(), asyncio.Event()

    def note_turned(vote: int) -> None:
        turned.append(vote)
        has_turned.set()

    def note_closed(vote: int) -> None:
        closed.append(vote)
        has_closed.set()

    async with BallotBox(store, KEY, clock, turned=note_turned, closed=note_closed) as box:
        yield Polls(store, Votes(store, KEY), box, clock, closed, has_closed, turned, has_turned)
