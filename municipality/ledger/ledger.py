"""The one writer: whatever waits is done in one transaction, and acknowledged after it is on disk."""

from collections.abc import Callable, Sequence
from typing import Self

from municipality.group_commit import GroupCommit, Limits
from municipality.ledger import refusals
from municipality.ledger.book import Outcome
from municipality.ledger.books import Books
from municipality.ledger.command import Command
from municipality.ledger.entry import Entry

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
        self._writer: GroupCommit[Command, Entry] = GroupCommit(
            "ledger",
            self._post,
            busy=refusals.busy,
            broken=refusals.unavailable,
            limits=Limits(waiting=MOST_WAITING, idle_seconds=_IDLE_SECONDS),
        )

    async def __aenter__(self) -> Self:
        await self._writer.__aenter__()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._writer.__aexit__(*exception)
        await self._books.close()

    @property
    def waiting(self) -> int:
        """How many commands wait for the next transaction."""
        return self._writer.waiting

    @property
    def is_alive(self) -> bool:
        """Whether its writer goes on, or has not begun."""
        return self._writer.is_alive

    async def ask(self, command: Command) -> Entry:
        """Have a command done, and return its entry when that is on disk.

        A command whose key was seen before returns the entry of the first time.

        Raises:
            LedgerError: See the tree in :mod:`municipality.errors`. Nothing was done, but for
                :class:`~municipality.errors.LedgerUnavailableError`, which says to ask again.
        """
        return await self._writer.ask(command)

    async def _post(self, commands: Sequence[Command]) -> Sequence[Outcome]:
        return await self._books.post(commands, self._clock())
