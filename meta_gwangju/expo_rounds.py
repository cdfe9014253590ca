"""The expo's rounds: who came to which booth is counted, and contacts end when their time is over."""

import asyncio
import logging
import time

from sqlalchemy.exc import DBAPIError

from meta_gwangju.footfall import Footfall
from meta_gwangju.offices import Offices
from world.state import World

logger = logging.getLogger(__name__)

#: Seconds between two looks at the slots, and between two rounds through the contacts.
LOOK_SECONDS, FORGET_SECONDS = 1.0, 3600.0


async def make_expo_rounds(offices: Offices, world: World) -> None:
    """Make the rounds until cancelled; a round that the database does not take is left out."""
    footfall, forget_at = Footfall(offices.halls.slots), 0.0
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now, count = time.monotonic(), world.count
        visits = footfall.look(world.person[:count], world.position[:count], now)
        try:
            if visits:
                await asyncio.to_thread(_count, offices, visits)
            if now >= forget_at:
                forget_at = now + FORGET_SECONDS
                await asyncio.to_thread(offices.expo.contacts.forget_expired, time.time())
        except DBAPIError as error:
            logger.warning("a round of the expo was not recorded: %s", error.orig)


def _count(offices: Offices, visits: list[tuple[int, str]]) -> None:
    for person, slot in visits:
        offices.expo.visits.visit(offices.presence.actor(person), slot, time.time())
