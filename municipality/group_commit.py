"""Group commit: one writer does whatever waits in one transaction, and answers when it is on disk."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from municipality.errors import MunicipalityError

_log = logging.getLogger(__name__)

Request = TypeVar("Request")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of a queue.

    Attributes:
        batch: Requests done in one transaction at most.
        waiting: Requests that may wait; one more is refused.
        idle_seconds: While nobody asks, an empty batch is done this often: time alone may have work to do.
    """

    batch: int = 512
    waiting: int = 8192
    idle_seconds: float = 1.0


class GroupCommit(Generic[Request, Answer]):
    """A queue and its writer, which runs while this is entered (``async with``)."""

    def __init__(
        self,
        name: str,
        commit: Callable[[Sequence[Request]], Awaitable[Sequence[Answer | MunicipalityError]]],
        *,
        busy: Callable[[int], MunicipalityError],
        broken: Callable[[object], MunicipalityError],
        limits: Limits = Limits(),
    ) -> None:
        """Write by ``commit``.

        Args:
            name: For the log.
            commit: Does a batch, which may be empty, in one transaction, and returns what became of each
                request when all of it is on disk. What it raises becomes the answer to each.
            busy: Returns the refusal for so many that wait already.
            broken: Returns the refusal when ``commit`` failed for that reason.
            limits: Of the queue.
        """
        self._name = name
        self._commit = commit
        self._busy = busy
        self._broken = broken
        self._limits = limits
        self._waiting: deque[tuple[Request, asyncio.Future[Answer]]] = deque()
        self._woken = asyncio.Event()
        self._closing = False
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write(), name=self._name)
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Do what waits still, then stop."""
        self._closing = True
        self._woken.set()
        if self._writer is not None:
            await self._writer

    @property
    def waiting(self) -> int:
        """How many requests wait for the next transaction."""
        return len(self._waiting)

    @property
    def is_alive(self) -> bool:
        """Whether its writer goes on, or has not begun: one that ended by itself answers nobody any more."""
        return self._closing or self._writer is None or not self._writer.done()

    def ask(self, request: Request) -> "asyncio.Future[Answer]":
        """Queue a request; what is returned is done when its transaction is on disk.

        Raises:
            MunicipalityError: Too much waits already, or this is closed.
        """
        if self._closing or len(self._waiting) >= self._limits.waiting:
            raise self._busy(len(self._waiting))
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        self._woken.set()
        return answer

    async def _write(self) -> None:
        while not self._closing or self._waiting:
            if not self._waiting:
                await self._wake()
            batch = [self._waiting.popleft() for _ in range(min(self._limits.batch, len(self._waiting)))]
            outcomes = await self._outcomes([request for request, _ in batch])
            for (_, answer), outcome in zip(batch, outcomes, strict=True):
                if answer.done():  # its caller has gone; what was done stays done
                    continue
                if isinstance(outcome, MunicipalityError):
                    answer.set_exception(outcome)
                else:
                    answer.set_result(outcome)
            await asyncio.sleep(0)  # those answered may ask again, and share the next transaction

    async def _wake(self) -> None:
        self._woken.clear()
        if self._closing or self._waiting:
            return
        try:
            async with asyncio.timeout(self._limits.idle_seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        await asyncio.sleep(0)  # those who were woken with the first may ask, too

    async def _outcomes(self, requests: Sequence[Request]) -> Sequence[Answer | MunicipalityError]:
        try:
            return await self._commit(requests)
        except MunicipalityError as error:
            _log.warning("the %s could not be written: %s", self._name, error)
            return [error] * len(requests)
        except Exception as error:  # noqa: BLE001 -- the writer's boundary: its callers must hear of it
            _log.exception("the writer of the %s failed", self._name)
            return [self._broken(type(error).__name__)] * len(requests)
