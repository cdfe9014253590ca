"""Who in the city acts as which citizen, and for how long."""

import asyncio
import time

import pytest

from meta_gwangju import upkeep
from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.node import CityNode
from municipality.access import Action
from municipality.citizens.sessions import MOST
from tests.support.deadline import eventually, holds
from tests.unit.meta_gwangju.callers import Caller, citizen

PERSON = 7


def joined(node: CityNode, settings: Settings) -> Caller:
    """A citizen who acts in the city in their session."""
    caller = citizen(create_app(node, settings), node.offices, "나은")
    assert caller.number is not None
    now = time.time()
    session, _ = node.offices.sessions.open(caller.number, "phone", now)
    node.offices.presence.link(PERSON, session, "page", now)
    assert node.offices.presence.citizen(PERSON) == caller.number
    return caller


def test_who_was_erased_acts_as_nobody_in_the_city(node: CityNode, settings: Settings) -> None:
    caller = joined(node, settings)
    assert caller.ask("DELETE", "/api/v1/citizen").status_code == 204
    assert node.offices.presence.citizen(PERSON) is None
    assert not node.offices.presence.may(PERSON, Action.PROPOSE)


def test_a_session_that_newer_ones_pushed_out_ends_in_the_city_too(
    node: CityNode, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = joined(node, settings)
    offices = node.offices

    monkeypatch.setattr(upkeep, "_LOOK_SECONDS", 0.01)

    async def follow() -> None:
        looking = asyncio.create_task(upkeep.follow_sessions(offices.sessions, offices.presence))
        who = lambda: offices.presence.citizen(PERSON)  # noqa: E731
        await asyncio.to_thread(holds, lambda: who() == caller.number, 0.2)
        for _ in range(MOST):
            offices.sessions.open(caller.number, "phone", time.time() + 1.0)
        await asyncio.to_thread(eventually, lambda: who() is None, 30.0)
        looking.cancel()

    asyncio.run(follow())
