"""Who waits while the city is full: a queue of tickets, kept in order.

The bridge asks :meth:`Lobby.check` before it lets somebody in. Whoever there is no room for gets a ticket;
their socket stays open, and their conversation is called whenever their place has moved. A ticket outlives
its socket for :data:`KEPT_SECONDS`. Time comes in as an argument; nothing here sends or waits.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from streaming.errors import AdmissionRefused, NoRoomError
from streaming.messages import Close, Hello

#: A ticket whose socket closed is kept so long, seconds.
KEPT_SECONDS = 30.0
#: Who waits hears of it at least this often, seconds: it shows that the city is still there.
_TOLD_SECONDS = 10.0
#: The part of the queue that one address may hold, and the least that it may: a school sits behind one.
_SHARE, _LEAST_SHARE = 4, 8


class Waiter(Protocol):
    """A conversation that waits."""

    @property
    def origin(self) -> str:
        """Whom it counts for: an address; empty for this machine itself."""

    def call(self) -> None:
        """Have it ask again."""

    def end(self, close: Close) -> None:
        """Close its socket, with a code that says why."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A place in the queue.

    Attributes:
        token: What brings its holder back to it.
        origin: The address that holds it.
        since: When it was given, seconds.
        waiter: Its conversation; None while the socket is closed.
        closed: When that closed.
        ahead: How many stand before it.
        told: How many its holder was told, and when.
    """

    token: str
    origin: str
    since: float
    waiter: Waiter | None
    closed: float = 0.0
    ahead: int = 0
    told: tuple[int, float] = (-1, 0.0)


class Room(Protocol):
    """Knows how many fit."""

    def has_room(self, hello: Hello, ahead: int, now: float) -> bool:
        """Tell whether somebody may come in now while `ahead` others wait before them; `now` is Unix seconds.

        Raises:
            AdmissionRefused: They need not wait: they could not come in at all.
        """


class Lobby:
    """The queue.

    Args:
        room: Knows how many fit.
        most: So many may wait; whoever comes then is refused.
    """

    def __init__(self, room: Room, most: int) -> None:
        self._room = room
        self._most = most
        self._share = max(most // _SHARE, _LEAST_SHARE)
        self._tickets: dict[str, Ticket] = {}
        self._of: dict[Waiter, Ticket] = {}

    def __len__(self) -> int:
        return len(self._tickets)

    def check(self, waiter: Waiter, hello: Hello, now: float, unix: float) -> None:
        """Return if somebody may come in; their ticket, if they had one, is used up then.

        Args:
            waiter: Their conversation.
            hello: Their first message.
            now: Monotonic seconds.
            unix: The same moment as Unix seconds.

        Raises:
            NoRoomError: They wait, from now on or still.
            AdmissionRefused: The queue is full as well, or they could not come in at all.
        """
        ticket = self._of.get(waiter) or self._tickets.get(hello.session or "")
        ahead = len(self._tickets) if ticket is None else ticket.ahead
        if self._room.has_room(hello, ahead, unix):
            if ticket is not None:
                self._remove(ticket)
            return
        if ticket is None:
            ticket = self._join(waiter, hello.session, now)
        elif ticket.waiter is not waiter:
            self._come_back(ticket, waiter)
        ticket.told = (ticket.ahead, now)
        raise NoRoomError(ticket.ahead, now - ticket.since, ticket.token)

    def ended(self, waiter: Waiter, now: float, *, for_good: bool) -> None:
        """Note that a conversation ended; who left for good gives the place up at once."""
        ticket = self._of.pop(waiter, None)
        if ticket is None or ticket.waiter is not waiter:
            return
        ticket.waiter, ticket.closed = None, now
        if for_good:
            self._remove(ticket)

    def close(self) -> None:
        """Tell everybody who waits that the server stops."""
        for waiter in list(self._of):
            waiter.end(Close.GOING_DOWN)

    def call(self, now: float) -> None:
        """Forget who did not come back; have those ask again whose place moved, or who are due to hear."""
        for ticket in [ticket for ticket in self._tickets.values() if ticket.waiter is None]:
            if now - ticket.closed > KEPT_SECONDS:
                self._remove(ticket)
        for ticket in list(self._due(now)):
            if ticket.waiter is not None:
                ticket.waiter.call()

    def _due(self, now: float) -> Iterator[Ticket]:
        for ticket in self._tickets.values():
            ahead, when = ticket.told
            # Whoever is at the front asks each time: room may have come.
            if ticket.ahead != ahead or now - when >= _TOLD_SECONDS or ticket.ahead == 0:
                yield ticket

    def _join(self, waiter: Waiter, token: str | None, now: float) -> Ticket:
        held = sum(ticket.origin == waiter.origin for ticket in self._tickets.values())
        if len(self._tickets) >= self._most or (waiter.origin and held >= self._share):
            raise AdmissionRefused(
                Close.FULL,
                "full",
                "도시도 대기줄도 가득 찼습니다. 잠시 뒤 다시 들어와 주세요.",
                "The city is full, and so is the queue. Please come back in a while.",
            )
        ticket = Ticket(token or secrets.token_urlsafe(24), waiter.origin, now, waiter)
        ticket.ahead = len(self._tickets)
        self._tickets[ticket.token] = self._of[waiter] = ticket
        return ticket

    def _come_back(self, ticket: Ticket, waiter: Waiter) -> None:
        before, ticket.waiter = ticket.waiter, waiter
        self._of[waiter] = ticket
        if before is not None:
            self._of.pop(before, None)
            before.end(Close.REPLACED)

    def _remove(self, ticket: Ticket) -> None:
        del self._tickets[ticket.token]
        if ticket.waiter is not None:
            self._of.pop(ticket.waiter, None)
        for ahead, behind in enumerate(self._tickets.values()):
            behind.ahead = ahead
