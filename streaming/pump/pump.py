"""The pump: one thread that owns the sockets and all that moves through them.

Everything that a row needs is given and taken back by commands, which the thread does between two turns of
its kernels and then acknowledges: so no kernel ever works with what was freed. The event loop keeps what
decides: negotiation, connectivity checks, reports, the closing of connections.
"""

import asyncio
import contextlib
import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from streaming.errors import NotEstablishedError, PumpUnavailableError
from streaming.pump import privates
from streaming.pump.effort import Effort
from streaming.pump.link import Link, Peer
from streaming.pump.lookup import socket_address
from streaming.pump.rtcp import Statistics
from streaming.pump.table import Place
from streaming.pump.turns import Turns

logger = logging.getLogger(__name__)

Samples = NDArray[np.floating[Any]]
Ids = NDArray[np.integer[Any]]
#: Makes of 20 ms of who sounds what listeners hear, in the pump's thread: (l,) listeners, (m,) voices and
#: (m, FRAME) samples give (k,) listeners to whom anything sounds, and (k, 2, FRAME) samples.
Mix = Callable[[Ids, Ids, Samples], tuple[Ids, Samples]]
#: Stands for nobody where a person's id is expected: heard by nobody, hears nobody.
_NOBODY = np.iinfo(np.int64).min
Address = tuple[Any, ...]

#: Turns whose news may wait for the event loop; beyond that nothing is read, and the system drops.
_MOST_WAITING = 100
#: Seconds between two looks at the sockets while somebody is attached, and while nobody is.
_TURN, _IDLE_TURN = 0.005, 0.02


class Port(Protocol):
    """A socket of ours that all peers share."""

    def fileno(self) -> int:
        """Return the descriptor."""

    def feed(self, data: bytes, address: Address) -> None:
        """Take, in the event loop's thread, a datagram that is not the pump's."""


class Pump:
    """Moves the media of all attached peers.

    Args:
        mix: What listeners hear.
        effort: How hard its encoders try.
        capacity: Rows.

    Attributes:
        speaking: Who speaks, as of the last frame.

    Raises:
        PumpUnavailableError: This machine lacks something.
    """

    def __init__(self, mix: Mix, effort: Effort, *, capacity: int = 512) -> None:
        self._turns = Turns(capacity)
        self._ports: dict[int, Port] = {}
        self._mix = mix
        self._effort = effort
        self._free = list(reversed(range(capacity)))
        self._links: list[Link | None] = [None] * capacity
        self._people = np.full(capacity, _NOBODY, np.int64)
        self._commands: deque[Callable[[], None]] = deque()
        self._lossy: deque[tuple[Link, bytes]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._taken: weakref.WeakSet[Any] = weakref.WeakSet()
        self._waiting = 0
        self._faulty = False
        self.speaking: frozenset[int] = frozenset()

    # --- for the event loop's thread --------------------------------------------------------------------

    @property
    def lost_frames(self) -> int:
        """Frames given up because the thread lagged."""
        return self._turns.lost_frames

    def start(self) -> None:
        """Begin; the kernels should have been compiled, see :mod:`streaming.pump.rehearsal`."""
        self._loop = asyncio.get_running_loop()
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="pump", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Let go of everybody and end the thread; the sockets stay open.

        What is asked of the pump afterwards is done at once.
        """
        if self._thread is None:
            return
        for link in [link for link in self._links if link is not None]:
            await self.detach(link)
        self._stopping.set()
        await asyncio.to_thread(self._thread.join)
        self._thread = None
        self._obey()

    def add(self, port: Port) -> None:
        """Read a port from now on; whatever is no attached peer's goes to :meth:`Port.feed`."""
        descriptor = port.fileno()
        self._ports[descriptor] = port
        self._do(lambda: self._turns.open(descriptor))

    def remove(self, port: Port, done: Callable[[], None]) -> None:
        """Stop that, and tell once the descriptor is not used any more; whoever was reached by it is not."""
        descriptor = port.fileno()
        self._ports.pop(descriptor, None)
        self._ask(lambda: self._turns.close(descriptor)).add_done_callback(lambda _: done())

    async def attach(self, peer: Peer, port: Port) -> Link:
        """Take a connected peer over: its media, its data channels and the addresses of its keys.

        Args:
            peer: What aiortc set up.
            port: By which it is reached.

        Raises:
            NotEstablishedError: It is not connected (any more).
            PumpUnavailableError: There is no row left.
        """
        if not privates.is_established(peer.sctp):
            raise NotEstablishedError("The association is not established.")
        if peer.sctp in self._taken:
            # Its keys sealed packets that nobody counts any more, and aiortc knows none of its numbers.
            raise NotEstablishedError("This connection was attached before; it can only be closed.")
        dtls = peer.sctp.transport
        address = socket_address(privates.remote_address(dtls.transport))
        sessions, connection = privates.srtp_sessions(dtls), privates.connection_of(dtls)
        if not self._free:
            raise PumpUnavailableError("There is no row left for another peer.")
        # From here to the command nothing lets the loop in: what comes goes to the pump, in order.
        self._taken.add(peer.sctp)
        established = privates.take_association(peer.sctp)
        row, descriptor = self._free.pop(), port.fileno()
        link = Link(peer, row, lambda: self._turns.table.progress(row), (sessions, connection))
        place = Place(
            established=established,
            lossy_stream=peer.lossy_stream,
            srtp=sessions.handles(),
            connection=privates.connection_handles(connection),
            sent_as=privates.sent_as(peer.transceiver),
            complexity=self._effort.complexity,
        )

        def enter() -> None:
            self._turns.table.take(row, place, time.monotonic())
            self._turns.table.reach(row, descriptor, address)
            self._links[row], self._people[row] = link, peer.person

        privates.divert_data(dtls, lambda packet: self._do(lambda: self._pass(link, packet)))
        privates.divert_messages(peer.sctp, lambda *message: self._do(lambda: link.outbox.put(*message)))
        link.attached = True
        link.begin(established)
        done = self._ask(enter)
        privates.divert_datagrams(dtls.transport, lambda data: self._do(lambda: self._take(link, data)))
        privates.report_sent(peer.transceiver.sender, lambda: self._sent(link))
        await done
        statistics = Statistics(self._turns.table.rows.receptions[row])
        privates.report_received(peer.transceiver.receiver, statistics)
        return link

    async def detach(self, link: Link) -> None:
        """Give a peer back, to be closed: from then on aiortc alone touches its connection."""
        if not link.attached:
            return
        link.attached = False
        await self._ask(lambda: self._leave(link))
        link.give_back()
        self._free.append(link.row)

    def move(self, link: Link, port: Port, address: Address) -> None:
        """Follow a peer to another address, which ICE has found authentic."""
        where, row, descriptor = socket_address((address[0], address[1])), link.row, port.fileno()
        self._do(lambda: self._turns.table.reach(row, descriptor, where) if self._has(link) else None)

    def hush(self, link: Link) -> None:
        """Have a peer neither heard nor hear from now on; it is to be detached."""
        self._do(lambda: self._forget(link) if self._has(link) else None)

    def heard(self, link: Link) -> float:
        """Return when a packet of sound last came from a peer, monotonic seconds."""
        return float(self._turns.table.rows.heard[link.row]) if link.attached else 0.0

    def held_back(self, link: Link) -> int:
        """Return how many lossy messages to a peer were left out since the line had no room for them."""
        return int(self._turns.table.associations.records["held_back"][link.row])

    def listen(self, link: Link, *, live: bool) -> None:
        """Say whether a peer's microphone may be heard."""
        self._do(lambda: self._turns.table.listen(link.row, live=live) if self._has(link) else None)

    def send_lossy(self, link: Link, data: bytes) -> None:
        """Send a message that is worth nothing late; of those that wait for a turn the newest goes."""
        if link.attached:
            self._lossy.append((link, data))

    def send(self, link: Link, stream: int, kind: int, data: bytes) -> bool:
        """Send a reliable message; False when too much waits already, and the peer should be given up."""
        if not link.attached:
            return True
        if not link.give(len(data)):
            return False
        self._do(lambda: link.outbox.put(stream, kind, data))
        return True

    # --- for both ---------------------------------------------------------------------------------------

    def _do(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        if self._thread is None and self._loop is not None:
            self._obey()

    def _obey(self) -> None:
        while self._commands:
            self._commands.popleft()()

    def _ask(self, command: Callable[[], None]) -> "asyncio.Future[None]":
        """Have a command done, and return what is resolved once it is."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def acknowledge(error: Exception | None) -> None:
            if done.cancelled():
                return
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

        def obey() -> None:
            error: Exception | None = None
            try:
                command()
            except Exception as fault:  # noqa: BLE001 - it is raised where it was asked for
                error = fault
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(acknowledge, error)

        self._do(obey)
        return done

    def _has(self, link: Link) -> bool:
        return self._links[link.row] is link

    def _sent(self, link: Link) -> privates.Sent:
        sending = self._turns.table.rows.sendings[link.row]
        return privates.Sent(int(sending["timestamp"]), int(sending["packets"]), int(sending["octets"]))

    # --- for the pump's thread --------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._turn(began)
            except Exception:
                # A turn is lost, not the city. It tells of a mistake of ours, so it is told once.
                if not self._faulty:
                    logger.exception("a turn of the pump failed")
                self._faulty = True
            ended = time.monotonic()
            if self._effort.note(ended - began, ended):
                self._turns.table.tune(self._effort.complexity)
            busy = any(link is not None for link in self._links)
            self._turns.wait(min(self._turns.due, began + (_TURN if busy else _IDLE_TURN)), busy=busy)

    def _turn(self, now: float) -> None:
        self._obey()
        others = self._turns.sweep(now) if self._waiting < _MOST_WAITING else []
        if now >= self._turns.due:
            self._sound()
        self._send(now)
        self._tell(self._turns.inbox.take(), others)

    def _sound(self) -> None:
        sounding, speaking = self._turns.play()
        people = self._people
        here = np.flatnonzero(people != _NOBODY)
        self.speaking = frozenset(people[speaking[people[speaking] != _NOBODY]].tolist())
        sounding = sounding[people[sounding] != _NOBODY]
        listeners, mixes = self._mix(people[here], people[sounding], self._turns.frames(sounding))
        order = np.argsort(people[here])
        rows = here[order[np.searchsorted(people[here], listeners, sorter=order)]]
        self._turns.speak(rows, mixes)

    def _send(self, now: float) -> None:
        messages: dict[int, bytes] = {}
        while self._lossy:
            link, data = self._lossy.popleft()
            if self._has(link):
                messages[link.row] = data
        for one in self._links:
            if one is not None and len(one.outbox):
                one.outbox.move(self._turns.table.associations, one.row)
        self._turns.deliver(messages, now)

    def _tell(self, entries: list[tuple[int, int, bytes]], others: list[tuple[int, bytes, Address]]) -> None:
        if (not entries and not others) or self._loop is None:
            return
        told = [(link, kind, data) for kind, row, data in entries if (link := self._links[row]) is not None]
        self._waiting += 1
        try:
            self._loop.call_soon_threadsafe(self._hear, told, others)
        except RuntimeError:
            # The loop closed: nobody listens any more.
            self._stopping.set()

    def _pass(self, link: Link, packet: bytes) -> None:
        if self._has(link):
            self._turns.pass_on(link.row, packet)

    def _take(self, link: Link, data: bytes) -> None:
        if self._has(link):
            self._turns.take(link.row, data, time.monotonic())

    def _leave(self, link: Link) -> None:
        if self._has(link):
            # The last words, as far as the line has room for them: why they are shown out, for one.
            link.outbox.move(self._turns.table.associations, link.row)
            self._turns.deliver({}, time.monotonic())
            self._links[link.row] = None
            self._forget(link)
            self._turns.table.free(link.row)

    def _forget(self, link: Link) -> None:
        self._people[link.row] = _NOBODY

    # --- for the event loop's thread again --------------------------------------------------------------

    def _hear(self, told: list[tuple[Link, int, bytes]], others: list[tuple[int, bytes, Address]]) -> None:
        self._waiting -= 1
        for descriptor, data, address in others:
            if (port := self._ports.get(descriptor)) is not None:
                port.feed(data, address)
        for link, kind, data in told:
            link.take(kind, data)
