"""The one writer: whatever waits is done in one transaction, and acknowledged after it is on disk."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Self

from municipality.errors import LedgerError
from municipality.ledger import refusals
from municipality.ledger.book import Outcome
from municipality.ledger.books import Books
from municipality.ledger.command import Command
from municipality.ledger.entry import Entry

_log = logging.getLogger(__name__)

#: Commands done in one transaction at most.
_BATCH = 512
#: Commands that may wait; one more is refused.
MOST_WAITING = 8192
#: Holds that run out while nobody asks for anything are looked for this often.
_IDLE_SECONDS = 1.0


class Ledger:
    """The ledger as its callers see it. While it is entered (``async with``), its writer runs."""

    def __init__(self, books: Books, clock: Callable[[], int]) -> None:
        """Write into ``books``; they are closed at the end.

        Args:
            books: Whose only writer in this process this is.
            clock: Returns Unix microseconds.
        """
        self._books = books
        self._clock = clock
        self._waiting: deque[tuple[Command, asyncio.Future[Entry]]] = deque()
        self._woken = asyncio.Event()
        self._closing = False
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write(), name="ledger")
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._closing = True
        self._woken.set()
        if self._writer is not None:
            await self._writer
        await self._books.close()

    async def ask(self, command: Command) -> Entry:
        """Have a command done, and return its entry when that is on disk.

        A command whose key was seen before returns the entry of the first time.

        Raises:
            LedgerError: See the tree in :mod:`municipality.errors`. Nothing was done, but for
                :class:`~municipality.errors.LedgerUnavailableError`, which says to ask again.
        """
        if self._closing or len(self._waiting) >= MOST_WAITING:
            raise refusals.busy(len(self._waiting))
        answer: asyncio.Future[Entry] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, answer))
        self._woken.set()
        return await answer

    async def _write(self) -> None:
        while not self._closing or self._waiting:
            if not self._waiting:
                await self._wake()
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            outcomes = await self._post([command for command, _ in batch])
            for (_, answer), outcome in zip(batch, outcomes, strict=True):
                if answer.done():  # its caller has gone; what was done stays done
                    continue
                if isinstance(outcome, LedgerError):
                    answer.set_exception(outcome)
                else:
                    answer.set_result(outcome)
            await asyncio.sleep(0)  # those answered may ask again, and share the next transaction

    async def _wake(self) -> None:
        self._woken.clear()
        if self._closing or self._waiting:
            return
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return
        await asyncio.sleep(0)  # those who were woken with the first may ask, too

    async def _post(self, commands: Sequence[Command]) -> Sequence[Outcome]:
        try:
            return await self._books.post(commands, self._clock())
        except LedgerError as error:
            _log.warning("the ledger could not be written: %s", error)
            return [error] * len(commands)
        except Exception as error:  # noqa: BLE001 -- the writer's boundary: its callers must hear of it
            _log.exception("the ledger's writer failed")
            return [refusals.unavailable(type(error).__name__)] * len(commands)
