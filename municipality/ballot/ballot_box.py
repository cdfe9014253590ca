"""Where ballots are cast: one writer, whatever waits in one transaction, receipts after it is on disk."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import sqlalchemy as sa

from municipality.access import Actor
from municipality.ballot import endings, refusals
from municipality.ballot.ballot import MOST_OPTIONS, checked_key
from municipality.ballot.casting import Cast, Casting
from municipality.ballot.city_key import CityKey
from municipality.ballot.receipt import Receipt
from municipality.ballot.register import Register
from municipality.errors import BallotBoxUnavailableError, MunicipalityError
from municipality.group_commit import GroupCommit
from municipality.store import Store

_log = logging.getLogger(__name__)


class BallotBox:
    """Takes ballots and counts votes whose time is over, while it is entered (``async with``)."""

    def __init__(
        self,
        store: Store,
        key: CityKey,
        clock: Callable[[], float],
        *,
        turned: Callable[[int], None] = lambda _vote: None,
        closed: Callable[[int], None] = lambda _vote: None,
    ) -> None:
        """Keep ballots in ``store``.

        Args:
            store: Where votes are kept.
            key: Of the city.
            clock: Returns Unix seconds.
            turned: Called in the event loop with the number of each vote whose time to open, or to close, has
                come.
            closed: Called in the event loop with the number of each vote that was counted.
        """
        self._store = store
        self._key = key
        self._clock = clock
        self._turned = turned
        self._closed = closed
        self._looked_at = clock()
        self._register = Register()
        self._unclosable: set[int] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ballots")
        self._writer: GroupCommit[Cast, Receipt] = GroupCommit(
            "ballot box", self._commit, busy=refusals.busy, broken=refusals.unavailable
        )

    async def __aenter__(self) -> Self:
        await self._writer.__aenter__()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._writer.__aexit__(*exception)
        self._thread.shutdown()

    async def cast(self, actor: Actor, vote: int, choices: Iterable[object], key: str) -> Receipt:
        """Cast a ballot, and return its receipt when it is on disk.

        Asked again with the same key and choices it returns the same receipt, however much later.

        Args:
            actor: Who votes.
            vote: In which vote.
            choices: Numbers of the options that they approve of, from 0 on; none is a blank ballot.
            key: Drawn at random by the voter's device, 1 to 128 printable ASCII characters.

        Raises:
            NotFoundError: There is no such vote.
            NotAllowedError: They have no ballot in it.
            BallotRefusedError: An option is not there or named twice; the key is none.
            VoteNotOpenError: It has not begun, is over, or was cancelled.
            AlreadyVotedError: They have voted.
            BallotBoxBusyError, BallotBoxUnavailableError: Nothing is certain: ask again with the same key.
        """
        actor.of_citizen()
        chosen = tuple(choices)
        if len(chosen) > MOST_OPTIONS:
            raise refusals.unknown_option(f"{len(chosen)} options", MOST_OPTIONS)
        return await self._writer.ask(Cast(actor, vote, chosen, checked_key(key)))

    async def _commit(self, casts: Sequence[Cast]) -> Sequence[Receipt | MunicipalityError]:
        now = self._clock()
        run = asyncio.get_running_loop().run_in_executor
        turned, due = await run(self._thread, self._look, now)
        for vote in turned:
            self._turned(vote)
        for vote in due:
            if await run(self._thread, self._close, vote, now):
                self._closed(vote)
        return await run(self._thread, self._write, casts, now) if casts else []

    def _write(self, casts: Sequence[Cast], now: float) -> Sequence[Receipt | MunicipalityError]:
        try:
            with self._store.write() as connection:
                return Casting(connection, self._register, self._key, now).outcomes(casts)
        except sa.exc.DBAPIError as error:
            raise refusals.unavailable(error.orig) from error

    def _look(self, now: float) -> tuple[list[int], list[int]]:
        """Return the votes whose time to open or close came since the last look, and those to be counted."""
        try:
            with self._store.engine.connect() as connection:
                turned = endings.turned(connection, self._looked_at, now)
                due = [vote for vote in endings.due(connection, now) if vote not in self._unclosable]
        except sa.exc.DBAPIError as error:
            raise refusals.unavailable(error.orig) from error
        self._looked_at = now
        return turned, due

    def _close(self, vote: int, now: float) -> bool:
        try:
            with self._store.write() as connection:
                opened = self._register.opened(connection, vote)
                endings.close(connection, vote, opened, self._key, now)
        except sa.exc.DBAPIError as error:
            raise refusals.unavailable(error.orig) from error
        except (BallotBoxUnavailableError, ValueError) as error:
            # Another key, or a log that is broken: until the operator restores it and starts anew.
            self._unclosable.add(vote)
            _log.error("vote %d cannot be closed: %s", vote, error)
            return False
        return True
