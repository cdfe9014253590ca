"""What is forgotten in time: answers to idempotency keys; in the city, sessions that are over."""

import asyncio
import logging
import time

from sqlalchemy.exc import DBAPIError

from meta_gwangju.presence import Presence
from municipality.citizens import Sessions
from municipality.requests import forget_old
from municipality.store import Store

logger = logging.getLogger(__name__)

_ROUND_SECONDS = 3600.0
#: A session may end where nobody in the city hears of it: by its age, by newer ones, from the command line.
_LOOK_SECONDS = 30.0


async def keep_house(store: Store) -> None:
    """Forget, once an hour, until cancelled; a round that the database does not take is left out."""
    while True:
        try:
            await asyncio.to_thread(_forget, store)
        except DBAPIError as error:
            logger.warning("old answers were not forgotten: %s", error.orig)
        await asyncio.sleep(_ROUND_SECONDS)


async def follow_sessions(sessions: Sessions, presence: Presence) -> None:
    """Make visitors of those in the city whose session is over, until cancelled."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            over = await asyncio.to_thread(sessions.over, presence.sessions(), time.time())
        except DBAPIError as error:
            logger.warning("sessions were not looked at: %s", error.orig)
            continue
        for session in over:
            presence.end_session(session)


def _forget(store: Store) -> None:
    with store.write() as connection:
        forget_old(connection, time.time())
