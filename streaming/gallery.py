"""Those who only look: from a landmark, over their socket, without a body in the world.

A viewpoint is a viewer in a copy of the world: it takes no place in the city, and nobody is shown it. It
never says what it has, so each of its packets can be read by itself, and all who look from one landmark are
sent the same ones: the hundredth costs no more than its bytes.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from spatial.quaternion import IDENTITY
from streaming.budget import Budget
from streaming.codec_json import decode_client_event, encode_json
from streaming.delivery import Delivery
from streaming.door import Door, Spot
from streaming.errors import AdmissionRefused, MalformedMessageError
from streaming.link import Link
from streaming.messages import MAX_EVENT_BYTES, Carried, Close, Hello, Moved, ServerEvent, Teleport
from streaming.refusals import CLOSING, NOTICES
from streaming.replication import Replication
from streaming.signalling_server import Conversation
from streaming.socket_link import Carrier, SocketLink
from world.entity import PersonId
from world.state import HEAD, World

#: Landmarks that can be looked from at once.
MOST_VIEWPOINTS = 64
#: Ids of viewpoints in the copy, beyond all people's; nobody is ever told of one.
_FIRST_ID = 2**31
#: Of the world's columns, those that others see.
_COLUMNS = ("person", "slot", "position", "yaw", "parts", "orientations", "hands", "speaking", "waving_until")
#: Eyes of somebody who looks, metres above the ground.
_EYES = 1.6


@dataclass(slots=True, eq=False)
class Viewpoint:
    """A landmark that somebody looks from.

    Attributes:
        slot: Its slot in the copy of the world.
        spot: Where it is.
        spectators: How many look from it.
    """

    slot: int
    spot: Spot
    spectators: int = 0


@dataclass(slots=True, eq=False)
class Spectator:
    """Somebody who looks: a :class:`streaming.link.LinkEvents` and a :class:`streaming.delivery.Hearer`.

    Attributes:
        person: A number below zero: in the city there is nobody of that id.
        conversation: Their socket.
        viewpoint: Where they look from.
        link: What carries to them; None until they ask for it.
    """

    person: PersonId
    conversation: Conversation
    viewpoint: Viewpoint
    gallery: "Gallery"
    link: Link | None = None
    _asks: Budget = field(default_factory=lambda: Budget(1.0, 10.0))
    _notices: Budget = field(default_factory=lambda: Budget(1.0, 5.0))
    _patience: Budget = field(default_factory=lambda: Budget(1.0, 20.0))

    def tell(self, event: ServerEvent) -> None:
        """Send an event; who does not read for long is given up."""
        if self.link is not None and not self.link.send_event(encode_json(event)):
            self.lost()

    def notice(self, code: str) -> None:
        """Send a notice, not more often than they can read."""
        if self._notices.take(time.monotonic()):
            self.tell(NOTICES[code].notice())

    def connected(self) -> None:
        """The socket carries."""

    def lost(self) -> None:
        """They do not read."""
        self.conversation.end(Close.TIMED_OUT)

    def state(self, data: bytes) -> None:
        """A body is what they do not have."""
        del data
        self.misuse("only_looking")

    def event(self, text: str) -> None:
        """Take them to another landmark; nothing else can be asked for."""
        try:
            event = None if len(text) > MAX_EVENT_BYTES else decode_client_event(text)
        except MalformedMessageError:
            event = None
        if event is None:
            self.misuse("bad_event")
        elif not isinstance(event, Teleport) or event.spot is None:
            self.misuse("only_looking")
        elif not self._asks.take(time.monotonic()):
            self.misuse("too_often")
        elif not self.gallery.look_from(self, event.spot):
            self.misuse("unknown_spot")

    def audio(self, sequence: int, payload: bytes) -> None:
        """A socket carries no sound."""

    def misuse(self, code: str) -> None:
        """They asked for what they may not; who goes on is seen off."""
        if self._patience.take(time.monotonic()):
            self.notice(code)
        else:
            self.conversation.end(Close.MALFORMED)


class Gallery:
    """Everybody who only looks.

    Args:
        world: What they look at.
        door: Knows the landmarks.
        most: So many may look at once.
        part: Has a link closed in its own time.
    """

    def __init__(self, world: World, door: Door, most: int, part: Callable[[Link], None]) -> None:
        self._world = world
        self._door = door
        self._most = most
        self._part = part
        self._copy = World(world.capacity + MOST_VIEWPOINTS)
        self._replication = Replication(self._copy)
        self._viewpoints: dict[str | None, Viewpoint] = {}
        self._free = list(range(world.capacity, world.capacity + MOST_VIEWPOINTS))
        self._spectators: dict[Conversation, Spectator] = {}
        self._last = 0

    def __len__(self) -> int:
        return len(self._spectators)

    def __contains__(self, conversation: Conversation) -> bool:
        return conversation in self._spectators

    @property
    def hearers(self) -> Mapping[PersonId, Spectator]:
        """Those who can be told of who comes and goes."""
        return {one.person: one for one in self._spectators.values() if one.link is not None}

    def admit(self, conversation: Conversation, hello: Hello) -> Spectator:
        """Let somebody look.

        Raises:
            AdmissionRefused: Too many look, or there is no such landmark.
        """
        if len(self._spectators) >= self._most:
            told = NOTICES["gallery_full"]
            raise AdmissionRefused(Close.FULL, told.code, told.ko, told.en)
        viewpoint = self._viewpoint(hello.spot)
        if viewpoint is None:
            told = CLOSING[Close.UNKNOWN_SPOT]
            raise AdmissionRefused(Close.UNKNOWN_SPOT, told.code, told.ko, told.en)
        self._last -= 1
        spectator = Spectator(PersonId(self._last), conversation, viewpoint, self)
        viewpoint.spectators += 1
        self._spectators[conversation] = spectator
        return spectator

    def carry(self, conversation: Conversation, carrier: Carrier, delivery: Delivery) -> None:
        """Begin to send, after telling that the socket carries."""
        spectator = self._spectators[conversation]
        link = SocketLink(carrier, spectator)
        link.open(Carried())
        before, spectator.link = spectator.link, link
        if before is not None:
            self._part(before)
        delivery.introduce(spectator)

    def take(self, conversation: Conversation, message: str | bytes) -> None:
        """Take what came over the socket of somebody who looks."""
        spectator = self._spectators[conversation]
        if isinstance(message, str):
            spectator.event(message)
        else:
            spectator.state(message)

    def ended(self, conversation: Conversation) -> None:
        """Note that a socket closed."""
        spectator = self._spectators.pop(conversation, None)
        if spectator is None:
            return
        self._leave(spectator.viewpoint)
        if spectator.link is not None:
            self._part(spectator.link)

    def look_from(self, spectator: Spectator, spot_id: str) -> bool:
        """Have somebody look from another landmark; False when there is none of that id."""
        viewpoint = self._viewpoint(spot_id)
        if viewpoint is None:
            return False
        self._leave(spectator.viewpoint)
        spectator.viewpoint = viewpoint
        viewpoint.spectators += 1
        position, yaw = viewpoint.spot
        spectator.tell(Moved(position=position, yaw=yaw, reason="teleport"))
        return True

    def publish(self, delivery: Delivery, *, census: bool) -> None:
        """Send the world as it is now to everybody who looks; nothing is done when nobody does."""
        if not self._spectators:
            return
        slots = [viewpoint.slot for viewpoint in self._viewpoints.values()]
        self._follow()
        packets = self._replication.step(np.array(slots, np.int32))
        of = {slot: packets.of(slot) for slot in slots}
        for spectator in list(self._spectators.values()):
            slot = spectator.viewpoint.slot
            if spectator.link is not None:
                spectator.link.send_state(of[slot])
                if census:
                    delivery.census(spectator, self._world.count, self._replication.near_count(slot))

    def close(self) -> None:
        """Tell everybody that the server stops."""
        for conversation in list(self._spectators):
            conversation.end(Close.GOING_DOWN)

    def _viewpoint(self, spot_id: str | None) -> Viewpoint | None:
        """Return the viewpoint of a landmark, set up if nobody looks from there yet."""
        if spot_id in self._viewpoints:
            return self._viewpoints[spot_id]
        spot = self._door.spot(spot_id)
        if spot is None or not self._free:
            return None
        viewpoint = self._viewpoints[spot_id] = Viewpoint(self._free.pop(), spot)
        self._place(viewpoint)
        return viewpoint

    def _place(self, viewpoint: Viewpoint) -> None:
        self._copy.id_in_slot[viewpoint.slot] = _FIRST_ID + viewpoint.slot
        self._copy.tick = self._world.tick
        self._replication.enter(viewpoint.slot)
        slots = [one.slot for one in self._viewpoints.values()]
        for slot in slots:
            self._replication.hide(slot, slots)

    def _leave(self, viewpoint: Viewpoint) -> None:
        """Take a viewpoint away when the last one there has gone."""
        viewpoint.spectators -= 1
        if viewpoint.spectators == 0:
            self._viewpoints = {key: one for key, one in self._viewpoints.items() if one is not viewpoint}
            self._copy.id_in_slot[viewpoint.slot] = -1
            self._free.append(viewpoint.slot)

    def _follow(self) -> None:
        """Copy the people of the world, and put the viewpoints after them."""
        world, copy, count = self._world, self._copy, self._world.count
        copy.tick, copy.seconds = world.tick, world.seconds
        copy.id_in_slot[: world.capacity] = world.id_in_slot
        for column in _COLUMNS:
            getattr(copy, column)[:count] = getattr(world, column)[:count]
        for row, viewpoint in enumerate(self._viewpoints.values(), count):
            position, yaw = viewpoint.spot
            copy.person[row], copy.slot[row] = _FIRST_ID + viewpoint.slot, viewpoint.slot
            copy.position[row], copy.yaw[row] = position, yaw
            copy.parts[row], copy.parts[row, HEAD, 1] = 0.0, _EYES
            copy.orientations[row], copy.hands[row] = IDENTITY, False
            copy.speaking[row], copy.waving_until[row], copy.acknowledged[row] = False, -1.0, 0
        copy.count = count + len(self._viewpoints)
