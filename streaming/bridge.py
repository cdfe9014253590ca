"""Joins the world and its clients: signalling, links, state, events and sound.

The composition root serves each accepted WebSocket with :meth:`Bridge.serve`, takes what clients asked for
with :meth:`Bridge.drain` before each step of the world, hands the result to :meth:`Bridge.publish` after it,
and keeps :meth:`Bridge.run` running.
"""

import asyncio
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from streaming.audio.scene import heads_of
from streaming.delivery import Delivery, Hearer
from streaming.door import Admission, BridgeSettings, Door
from streaming.errors import AdmissionRefused, BadOfferError
from streaming.gallery import Gallery
from streaming.guest import Guest
from streaming.link import Link
from streaming.lobby import Lobby
from streaming.media import MediaPath, Seat
from streaming.messages import (
    PROTOCOL_VERSION,
    TICK_HZ,
    Carried,
    ClientEvent,
    Close,
    Hello,
    Microphone,
    Refusal,
    ServerEvent,
    Welcome,
)
from streaming.replication import Replication
from streaming.requests import command_of
from streaming.signalling_server import Conversation, SignalSocket
from streaming.socket_link import Carrier, SocketLink
from streaming.trial import Trial
from world.commands import Command, Enter, Leave, Moves, SetMicrophone
from world.entity import PersonId
from world.events import Event, MicrophoneSet
from world.state import World

__all__ = ["Admission", "AdmissionRefused", "Bridge", "BridgeSettings", "Door", "SignalSocket"]

#: Someone from whom nothing came for this long leaves the city, seconds; and after their socket closed.
SILENCE_SECONDS = 10.0
SOCKET_SECONDS = 3.0
_HOUSEKEEPING_SECONDS = 0.25
_CENSUS_SECONDS = 1.0
_LOST_SECONDS = 1.0


class Bridge:
    """Everyone's connection to the city.

    Args:
        door: Lets people in.
        settings: Names.
        world: What is shown.
        media: How what they send and hear moves.
    """

    def __init__(self, door: Door, settings: BridgeSettings, world: World, media: MediaPath) -> None:
        self._door = door
        self._settings = settings
        self._media = media
        self._guests: dict[PersonId, Guest] = {}
        self._of: dict[Conversation, Guest] = {}
        self._commands: list[Command] = []
        self._parting: set[asyncio.Task[None]] = set()
        self._delivery = Delivery()
        self._lobby = Lobby(door, settings.queue)
        self._gallery = Gallery(world, door, settings.spectators, self._part)
        self._world = world
        self._replication = Replication(world)
        self._census = 0.0

    # --- for the composition root -----------------------------------------------------------------------

    @property
    def connections(self) -> int:
        """How many people are sent state and events."""
        return sum(guest.link is not None for guest in self._guests.values())

    @property
    def spectators(self) -> int:
        """How many only look."""
        return len(self._gallery)

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._lobby)

    async def serve(self, socket: SignalSocket) -> None:
        """Serve one client, from the accepted socket to its close."""
        await Conversation(socket, self).run()

    def drain(self) -> tuple[list[Command], Moves]:
        """Return what clients asked for since the last call, and the newest pose of each who sent one."""
        commands, self._commands = self._commands, []
        samples = {
            guest.person: sample
            for guest in self._guests.values()
            if guest.entered and (sample := guest.take_move())
        }
        sequences = [sample.sequence for sample in samples.values()]
        return commands, Moves.of(list(samples), sequences, [sample.pose for sample in samples.values()])

    def speaking(self) -> None:
        """Write into the world who speaks."""
        world = self._world
        people = world.person[: world.count].tolist()
        speaking = self._media.speaking
        world.speaking[: world.count] = [person in speaking for person in people]

    def publish(self, events: Sequence[Event]) -> None:
        """Tell everybody what concerns them: events first, then the state of those near them.

        Args:
            events: What happened in the step that the world has just taken.
        """
        world = self._world
        self.speaking()
        self._media.look(heads_of(world))
        connected = {person: guest for person, guest in self._guests.items() if guest.entered}
        for event in events:
            if isinstance(event, MicrophoneSet) and (seat := self._seat(event.person)) is not None:
                seat.listen(live=event.live)
        hearers: dict[PersonId, Hearer] = {**connected, **self._gallery.hearers}
        for refused in self._delivery.deliver(events, hearers, world.seconds):
            guest = self._guests.get(refused)
            if guest is not None and refused not in world:
                self._turn_out(guest, Close.FULL)
        viewers = self._viewers(connected)
        packets = self._replication.step(np.fromiter(viewers.values(), np.int32, len(viewers)))
        now = time.monotonic()
        census = now - self._census >= _CENSUS_SECONDS
        if census:
            self._census = now
        for person, slot in viewers.items():
            guest, row = connected[person], world.row(person)
            x, y, z = world.position[row].tolist()
            guest.position, guest.yaw = (x, y, z), float(world.yaw[row])
            guest.show(packets.of(slot), world.tick)
            if census:
                self._delivery.census(guest, world.count, self._replication.near_count(slot))
        self._gallery.publish(self._delivery, census=census)

    def _viewers(self, connected: Mapping[PersonId, Guest]) -> dict[PersonId, int]:
        """Return the slots of those who are sent the world, and note what each of them has."""
        world = self._world
        viewers: dict[PersonId, int] = {}
        for person, guest in connected.items():
            if person in world and guest.link is not None:
                slot = viewers[person] = world.slot_of(person)
                if guest.fresh:
                    guest.fresh = False
                    self._replication.enter(slot)
                self._replication.heard(slot, guest.seen, guest.seen_before)
                self._replication.allow(slot, guest.pace.size)
        return viewers

    def ask(self, command: Command) -> None:
        """Have a command done with the next step, as if a client had asked for it."""
        self._commands.append(command)

    def tell(self, event: ServerEvent, people: Iterable[PersonId] | None = None) -> None:
        """Tell an event to people in the city; None: to everybody."""
        for person in list(self._guests) if people is None else people:
            guest = self._guests.get(person)
            if guest is not None and guest.entered:
                guest.tell(event)

    def remove(self, person: PersonId, ko: str, en: str) -> bool:
        """Close somebody's connection, after telling them why; returns whether they were here."""
        guest = self._guests.get(person)
        if guest is not None:
            self._turn_out(guest, Close.REMOVED, Refusal(code="removed", ko=ko, en=en, fatal=True))
        return guest is not None

    async def run(self) -> None:
        """Move media, and see off who fell silent, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._media.run(), name="media")
            tasks.create_task(self._housekeep(), name="housekeeping")

    async def close(self) -> None:
        """Tell everyone that the server stops, and close their connections."""
        self._lobby.close()
        self._gallery.close()
        for conversation in list(self._of):
            conversation.end(Close.GOING_DOWN)
        for guest in list(self._guests.values()):
            self._detach(guest)
        self._guests.clear()
        await asyncio.gather(*self._parting)

    # --- Desk: what conversations ask -------------------------------------------------------------------

    def greet(self, conversation: Conversation, hello: Hello) -> Welcome:
        """Let somebody in, in place of their older connection if there is one.

        Raises:
            NoRoomError: The city is full, and they wait.
            AdmissionRefused: The door says no.
        """
        if hello.spectator:
            return self._look(conversation, hello)
        now = time.monotonic()
        self._lobby.check(conversation, hello, now, time.time())
        admission = self._door.admit(hello, time.time())
        guest = self._guests.get(admission.person)
        if guest is None:
            guest = Guest(admission.person, admission.session, self, now)
            # Afterwards the world knows better where they are than the door.
            guest.position, guest.yaw = admission.position, admission.yaw
            self._guests[admission.person] = guest
        else:
            if guest.conversation is not None:
                guest.conversation.end(Close.REPLACED)
                self._of.pop(guest.conversation, None)
            self._detach(guest)
            guest.renew_limits()
        guest.session, guest.appearance = admission.session, admission.appearance
        guest.conversation, guest.closed, guest.heard = conversation, None, now
        self._of[conversation] = guest
        return Welcome(
            protocol=PROTOCOL_VERSION,
            session=admission.session,
            person=admission.person,
            resumed=admission.resumed,
            name=admission.appearance.name,
            city=self._settings.city,
            position=guest.position,
            yaw=guest.yaw,
            tick_hz=TICK_HZ,
        )

    def _look(self, conversation: Conversation, hello: Hello) -> Welcome:
        spectator = self._gallery.admit(conversation, hello)
        position, yaw = spectator.viewpoint.spot
        return Welcome(
            protocol=PROTOCOL_VERSION,
            session=secrets.token_urlsafe(24),
            person=spectator.person,
            resumed=False,
            name=hello.name,
            city=self._settings.city,
            position=position,
            yaw=yaw,
            tick_hz=TICK_HZ,
        )

    async def negotiate(self, conversation: Conversation, offer: str) -> str:
        """Make a peer connection and return the answer.

        Raises:
            BadOfferError: The offer cannot be used.
        """
        if conversation in self._gallery:
            raise BadOfferError("Who only looks has no peer connection.")
        guest = self._of[conversation]
        trial = Trial(guest)
        trial.seat = self._media.open(guest.person, trial)
        guest.trial = trial
        try:
            answer = await trial.seat.peer.answer(offer)
        except BadOfferError:
            self._drop(guest, trial)
            raise
        if guest.trial is not trial and guest.seat is not trial.seat:
            raise BadOfferError("This client gave up while its offer was looked at.")
        if self._guests.get(guest.person) is not guest:
            self._drop(guest, trial)
            raise BadOfferError("This client left while its offer was looked at.")
        return answer

    async def add_candidate(self, conversation: Conversation, candidate: str | None) -> None:
        """Take a trickled candidate.

        Raises:
            BadOfferError: It is no candidate.
        """
        guest = self._of.get(conversation)
        if guest is None:
            return
        seat = guest.trial.seat if guest.trial else guest.seat
        if seat is not None:
            await seat.peer.add_candidate(candidate)

    def carry(self, conversation: Conversation, carrier: Carrier) -> None:
        """Have a client's state and events go over its socket; a peer connection on trial goes on."""
        if conversation in self._gallery:
            self._gallery.carry(conversation, carrier, self._delivery)
            return
        guest = self._of[conversation]
        link = SocketLink(carrier, guest)
        link.open(Carried())
        guest.take_up(link)

    def take(self, conversation: Conversation, message: str | bytes) -> None:
        """Take an event, or a state packet, that came over the socket."""
        if conversation in self._gallery:
            self._gallery.take(conversation, message)
            return
        guest = self._of.get(conversation)
        if guest is None or guest.link is None:
            return
        if isinstance(message, str):
            guest.event(message)
        else:
            guest.state(message)

    def give_up(self, conversation: Conversation) -> None:
        """Close the peer connection that is on trial: the client gave it up, or it took too long."""
        guest = self._of.get(conversation)
        if guest is not None and guest.trial is not None:
            self._drop(guest, guest.trial)

    def ended(self, conversation: Conversation, close: Close | None) -> None:
        """Note that a socket closed: who said bye leaves at once, everybody else after a grace."""
        self._gallery.ended(conversation)
        self._lobby.ended(conversation, time.monotonic(), for_good=close is Close.LEFT)
        guest = self._of.pop(conversation, None)
        if guest is None or guest.conversation is not conversation:
            return
        guest.conversation, guest.closed = None, time.monotonic()
        if close is Close.LEFT:
            self._remove(guest, for_good=True)

    # --- Host: what guests tell -------------------------------------------------------------------------

    def taken_up(self, guest: Guest, link: Link, before: Link | None) -> None:
        """Let somebody into the world, or go on with them, and tell them who is there."""
        if before is not None:
            self._part(before)
        if guest.conversation is not None and link.carries_sound:
            guest.conversation.peer_connected()
        # For somebody who is in the world already this only lets them number their samples anew.
        self._commands.append(Enter(guest.person, guest.appearance, guest.position, guest.yaw))
        self._commands.append(SetMicrophone(guest.person, live=False))
        guest.entered, guest.fresh = True, True
        self._delivery.introduce(guest)

    def lost(self, guest: Guest) -> None:
        """Close what is left of a connection; its person stays for the grace."""
        self._detach(guest)
        if guest.conversation is not None:
            # Who closes a page closes both; only a socket that stays open is told. It may carry, until then.
            loop, conversation = asyncio.get_running_loop(), guest.conversation
            loop.call_later(_LOST_SECONDS, self._end_unless_carried, guest, conversation)

    def _end_unless_carried(self, guest: Guest, conversation: Conversation) -> None:
        if guest.conversation is conversation and guest.link is None:
            conversation.link_lost()

    def failed(self, guest: Guest, trial: Trial) -> None:
        """Close a peer connection that did not come up; until the deadline its client may do without."""
        self._drop(guest, trial)
        if guest.conversation is not None:
            guest.conversation.peer_failed()

    def asked(self, guest: Guest, event: ClientEvent) -> None:
        """Turn a client's event into a command, or tell why not."""
        if isinstance(event, Microphone) and event.live and guest.seat is None:
            guest.notice("no_sound")
            return
        command = command_of(guest.person, event, self._door.spot)
        if isinstance(command, str):
            guest.notice(command)
            return
        self._commands.append(command)

    def abusive(self, guest: Guest) -> None:
        """See somebody off who goes on sending what cannot be read."""
        self._turn_out(guest, Close.MALFORMED)

    # --- own ----------------------------------------------------------------------------------------------

    def _turn_out(self, guest: Guest, close: Close, refusal: Refusal | None = None) -> None:
        if guest.conversation is not None:
            guest.conversation.end(close, refusal)
        self._remove(guest, for_good=False)

    def _remove(self, guest: Guest, *, for_good: bool) -> None:
        """Take somebody out of the city."""
        if self._guests.get(guest.person) is not guest:
            return
        del self._guests[guest.person]
        if guest.entered:
            self._commands.append(Leave(guest.person))
        self._detach(guest)
        self._door.left(guest.person, guest.position, guest.yaw, time.time(), for_good=for_good)

    def _detach(self, guest: Guest) -> None:
        """Part a guest from what carries to them, and from what was to."""
        if guest.entered and self._guests.get(guest.person) is guest:
            # They stay in the city for a while, unheard: nobody shall be told that their microphone is live.
            self._commands.append(SetMicrophone(guest.person, live=False))
        link, guest.link, guest.seat = guest.link, None, None
        if link is not None:
            self._part(link)
        if guest.trial is not None:
            self._drop(guest, guest.trial)

    def _drop(self, guest: Guest, trial: Trial) -> None:
        """Give a peer connection on trial up."""
        if guest.trial is trial:
            guest.trial = None
            self._part(trial.seat)

    def _part(self, link: Link) -> None:
        """Have a link closed in its own time."""
        link.silence()
        task = asyncio.get_running_loop().create_task(link.close(), name="close link")
        self._parting.add(task)
        task.add_done_callback(self._parting.discard)

    async def _housekeep(self) -> None:
        while True:
            await asyncio.sleep(_HOUSEKEEPING_SECONDS)
            now = time.monotonic()
            for guest in list(self._guests.values()):
                silent = now - guest.heard > SILENCE_SECONDS and guest.entered
                if silent or (guest.closed is not None and now - guest.closed > SOCKET_SECONDS):
                    self._turn_out(guest, Close.TIMED_OUT)
            self._lobby.call(now)

    def _seat(self, person: PersonId) -> Seat | None:
        guest = self._guests.get(person)
        return None if guest is None else guest.seat
