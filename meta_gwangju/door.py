"""The door of the city: lets people in, remembers where they stood, and knows the way to every landmark."""

import logging
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import cycle

from sqlalchemy.exc import DBAPIError

from meta_gwangju.asking import asking
from meta_gwangju.enforcement import Enforcement
from meta_gwangju.places import Places
from meta_gwangju.presence import Presence
from municipality.errors import NameRefusedError
from municipality.names import checked_name
from municipality.visitors import Place, Visitor, Visitors
from streaming.bridge import Admission
from streaming.door import Spot
from streaming.errors import AdmissionRefused
from streaming.messages import PROTOCOL_VERSION, Close, Hello
from world.entity import Appearance, PersonId

logger = logging.getLogger(__name__)

#: People who arrive at one place stand on a sunflower of this many seeds, metres apart, not in each other.
_SEEDS = 12
_SPACING = 0.8
#: The place of somebody whose connection was lost is kept so long, seconds.
KEPT_SECONDS = 30.0
_GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))


class CityDoor:
    """Implements :class:`streaming.bridge.Door` over the municipality's visitors and the city's places.

    Attributes:
        inside: Who was let in and has not left.
    """

    def __init__(  # noqa: PLR0913 -- what the composition root knows
        self,
        visitors: Visitors,
        places: Places,
        capacity: int,
        presence: Presence,
        enforcement: Enforcement | None = None,
        *,
        reserved: int = 0,
    ) -> None:
        self._visitors = visitors
        self._places = places
        self._capacity = capacity
        self._reserved = reserved
        #: Tokens of those who are in, and of those whose place is kept, until when.
        self._tokens: dict[PersonId, str] = {}
        self._kept: dict[str, float] = {}
        self._presence = presence
        self._enforcement = enforcement
        self._seed = cycle(range(_SEEDS))
        self._failing = False
        self.inside: set[PersonId] = set()

    def admit(self, hello: Hello, now: float) -> Admission:
        """Let somebody in, back as who they were when their session allows it.

        Args:
            hello: Their first message.
            now: Unix seconds.

        Raises:
            AdmissionRefused: Protocol version, name or spot will not do, the city is full, or its database
                takes nothing.
        """
        if hello.protocol != PROTOCOL_VERSION:
            raise AdmissionRefused(
                Close.UNSUPPORTED_PROTOCOL,
                "unsupported_protocol",
                f"이 서버의 프로토콜은 {PROTOCOL_VERSION}입니다. 페이지를 새로 고쳐 주세요.",
                f"This server speaks protocol {PROTOCOL_VERSION}. Reload the page, or update your program.",
            )
        arrival = self._arrival(hello.spot)
        try:
            visitor = self._resume(hello, now)
            session = hello.session or ""
            resumed = visitor is not None
            self._check_sanctions(visitor, now)
            self._check_room(visitor, now)
            if visitor is None:
                with self._writing():
                    visitor, session = self._visitors.receive(
                        hello.name, hello.colour, hello.language, arrival, now
                    )
        except NameRefusedError as error:
            raise AdmissionRefused(Close.BAD_NAME, "bad_name", error.ko, error.en) from error
        person = PersonId(visitor.person)
        self.inside.add(person)
        self._tokens[person] = session
        self._kept.pop(session, None)
        self._presence.came(person, session)
        if self._enforcement is not None:
            with self._writing():
                self._enforcement.entered(person, now)
        appearance = Appearance(visitor.name, visitor.colour, hello.kind)
        return Admission(person, session, resumed, appearance, visitor.place.position, visitor.place.yaw)

    def has_room(self, hello: Hello, ahead: int, now: float) -> bool:
        """Tell whether somebody may come in now while `ahead` others wait before them.

        Whoever is in, or was within the last half minute, has their place. Those who keep order pass the
        queue and may have the last places.

        Raises:
            AdmissionRefused: They would wait for nothing: the name or the spot will not do.
        """
        self._check_spot(hello.spot)
        try:
            checked_name(hello.name)
        except NameRefusedError as error:
            raise AdmissionRefused(Close.BAD_NAME, "bad_name", error.ko, error.en) from error
        self._kept = {token: until for token, until in self._kept.items() if until > now}
        if hello.session is not None and (
            hello.session in self._kept or self._presence.person_with(hello.session) in self.inside
        ):
            return True
        free = self._capacity - len(self.inside) - len(self._kept)
        return free > 0 if asking.get().staff else ahead < free - self._reserved

    def left(
        self,
        person: PersonId,
        position: tuple[float, float, float],
        yaw: float,
        now: float,
        *,
        for_good: bool,
    ) -> None:
        """Note that somebody left: for good, or perhaps to come back to the same place.

        A database that takes nothing costs them their way back, and nobody else anything.
        """
        self.inside.discard(person)
        token = self._tokens.pop(person, None)
        if token is not None and not for_good:
            self._kept[token] = now + KEPT_SECONDS
        self._presence.left(person)
        if self._enforcement is not None:
            self._enforcement.left(person)
        with suppress(AdmissionRefused), self._writing():
            if for_good:
                self._visitors.revoke(person)
            else:
                self._visitors.leave({int(person): Place(position, yaw)}, now)

    def close(self, places: Mapping[int, Place], now: float) -> None:
        """Note where everybody stands as the city closes."""
        with suppress(AdmissionRefused), self._writing():
            self._visitors.leave(places, now)

    def forget_expired(self, now: float) -> None:
        """Forget those who can no longer come back."""
        with suppress(AdmissionRefused), self._writing():
            self._visitors.forget_expired(now)

    def spot(self, spot_id: str | None) -> Spot | None:
        """Return where to stand at a landmark or station (None: the start), and the heading that faces it.

        None if it is unknown.
        """
        arrival = self._places.start if spot_id is None else self._places.arrivals.get(spot_id)
        if arrival is None:
            return None
        place = self._beside(arrival)
        return place.position, place.yaw

    def _resume(self, hello: Hello, now: float) -> Visitor | None:
        if hello.session is None:
            return None
        with self._writing():
            return self._visitors.resume(hello.session, hello.name, hello.colour, hello.language, now)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write to the database; the log has one line when it begins to fail, and one when it works again.

        Raises:
            AdmissionRefused: It is full, read-only, gone, or held by another program.
        """
        try:
            yield
        except DBAPIError as error:
            if not self._failing:
                logger.error("the database takes nothing: %s", error.orig)  # noqa: TRY400 -- one line, no traceback
            self._failing = True
            raise AdmissionRefused(
                Close.GOING_DOWN,
                "not_recorded",
                "지금은 방문을 기록할 수 없습니다. 잠시 뒤 다시 들어와 주세요.",
                "Your visit cannot be recorded at the moment. Please come back in a while.",
            ) from error
        if self._failing:
            logger.info("the database takes what it is given again")
        self._failing = False

    def _arrival(self, spot_id: str | None) -> Place:
        return self._beside(self._check_spot(spot_id))

    def _check_spot(self, spot_id: str | None) -> Place:
        arrival = self._places.start if spot_id is None else self._places.arrivals.get(spot_id)
        if arrival is None:
            raise AdmissionRefused(
                Close.UNKNOWN_SPOT,
                "unknown_spot",
                "그런 장소가 없습니다. 목록에서 장소를 골라 주세요.",
                "There is no such place. Choose one from the list.",
            )
        return arrival

    def _check_sanctions(self, visitor: Visitor | None, now: float) -> None:
        """Refuse whom a sanction keeps out, and tell them why and until when."""
        if self._enforcement is None:
            return
        with self._writing():
            told = self._enforcement.at_door(visitor.person if visitor else None, now)
            if told is not None and visitor is not None and visitor.person not in self.inside:
                self._visitors.leave({visitor.person: visitor.place}, now)
        if told is not None:
            raise AdmissionRefused(Close.REMOVED, "removed", *told)

    def _check_room(self, visitor: Visitor | None, now: float) -> None:
        """Refuse somebody new, or back from outside, when the city is full."""
        if len(self.inside) < self._capacity or (visitor and visitor.person in self.inside):
            return
        if visitor:
            with self._writing():
                self._visitors.leave({visitor.person: visitor.place}, now)
        raise AdmissionRefused(
            Close.FULL,
            "full",
            f"지금 도시에 {self._capacity}명이 있어 자리가 없습니다. 잠시 뒤 다시 들어와 주세요.",
            f"The city is full with {self._capacity} people. Please come back in a while.",
        )

    def _beside(self, place: Place) -> Place:
        """Return the next free-standing point beside a place."""
        seed = next(self._seed)
        distance, angle = _SPACING * math.sqrt(seed), _GOLDEN_ANGLE * seed
        x, y, z = place.position
        return Place((x + distance * math.cos(angle), y, z + distance * math.sin(angle)), place.yaw)
