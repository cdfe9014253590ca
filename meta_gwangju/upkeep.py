"""What is forgotten when nobody asks for it any more: answers to idempotency keys."""

import asyncio
import logging
import time

from sqlalchemy.exc import DBAPIError

from municipality.requests import forget_old
from municipality.store import Store

logger = logging.getLogger(__name__)

_ROUND_SECONDS = 3600.0


async def keep_house(store: Store) -> None:
    """Forget, once an hour, until cancelled; a round that the database does not take is left out."""
    while True:
        try:
            await asyncio.to_thread(_forget, store)
        except DBAPIError as error:
            logger.warning("old answers were not forgotten: %s", error.orig)
        await asyncio.sleep(_ROUND_SECONDS)


def _forget(store: Store) -> None:
    with store.write() as connection:
        forget_old(connection, time.time())
