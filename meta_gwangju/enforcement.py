"""Makes sanctions felt where people are: at the door, and in the city while they hold."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from typing import Protocol

from sqlalchemy.exc import DBAPIError

from meta_gwangju.asking import asking
from meta_gwangju.presence import Presence
from municipality.access import CITY, Action, Actor, Denial
from municipality.moderation import Act, Moderation, Target
from streaming.messages import Notice

logger = logging.getLogger(__name__)

#: Seconds between two looks at who may speak where they stand, and between two rounds of forgetting.
_LOOK_SECONDS = 1.0
_FORGET_SECONDS = 600.0
#: People who left are remembered as the citizens that they were, in case they come back as the same person.
_MOST_GONE = 4096


class Hands(Protocol):
    """What the running city does for us, in its event loop."""

    def remove(self, person: int, ko: str, en: str) -> None:
        """Close somebody's connection, after telling them why."""

    def notify(self, person: int, notice: Notice) -> None:
        """Tell somebody something."""

    def hush(self, person: int) -> None:
        """Mute somebody's microphone if they may not speak where they stand."""

    def place(self, person: int) -> str | None:
        """Return the place where somebody stands; None: not in the city yet. From any thread."""


class Enforcement:
    """Sanctions in the running city. Its methods but :meth:`run` may be called from any thread."""

    def __init__(self, moderation: Moderation, presence: Presence) -> None:
        self._moderation = moderation
        self._register = moderation.register
        self._presence = presence
        self._networks: dict[int, str] = {}
        self._citizens: dict[int, int | None] = {}
        self._gone: dict[int, int] = {}
        self._restricted: set[int] = set()
        self._next_end: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hands: Hands | None = None

    # --- at the door ------------------------------------------------------------------------------------

    def at_door(self, person: int | None, now: float) -> tuple[str, str] | None:
        """Return why somebody is kept out, Korean and English; None lets them in.

        A network keeps out those alone of whom nothing is known: a school sits behind one, and citizens and
        those who were here a moment ago have nothing to do with what somebody else did.

        Args:
            person: Who they were a moment ago; None: somebody new.
            now: Unix seconds.
        """
        who = asking.get()
        citizen = who.citizen if who.citizen is not None else self._gone.get(person or 0)
        for target in (Target(citizen=citizen), Target(person=person)):
            if target != Target() and (act := self._register.at_door(target, None, now)):
                return act.told()
        if who.citizen is not None or person is not None:
            return None
        act = self._register.at_door(None, who.network, now)
        return act.told() if act else None

    def entered(self, person: int, now: float) -> None:
        """Note that somebody was let in, and what they may not do inside."""
        who = asking.get()
        was = self._gone.pop(person, None)
        # Who signed out, and came back as the same person, is forbidden what they were as a citizen.
        self._networks[person], self._citizens[person] = who.network, who.citizen or was
        self._restrict(person, now)

    def left(self, person: int) -> None:
        """Forget somebody who is gone."""
        self._networks.pop(person, None)
        citizen = self._citizens.pop(person, None)
        if citizen is not None:
            self._gone[person] = citizen
            if len(self._gone) > _MOST_GONE:
                self._gone.pop(next(iter(self._gone)))
        self._restricted.discard(person)

    # --- for officers -----------------------------------------------------------------------------------

    def target_of(self, person: int) -> Target | None:
        """Return whom an act about a person in the city is about; None: nobody of that number is there."""
        if person not in self._networks:
            return None
        citizen = self._presence.citizen(person) or self._citizens.get(person)
        return Target(citizen=citizen) if citizen is not None else Target(person=person)

    def whereabouts(self, target: Target) -> tuple[str | None, str | None]:
        """Return where somebody stands, and the network that they come from; None: not in the city."""
        if target.citizen is None:
            people = [target.person] if target.person in self._networks else []
        else:
            people = [person for person, known in list(self._citizens.items()) if known == target.citizen]
        hands = self._hands
        for person in people:
            if person is not None and hands is not None:
                return hands.place(person) or CITY, self._networks.get(person)
        return None, None

    # --- in the city ------------------------------------------------------------------------------------

    def enforce(self, act: Act, code: str | None, now: float) -> None:
        """Let those feel an act whom it is about: at once, wherever in the city they are."""
        ko, en = act.told(code)
        for person in self._renewed(act.target, now):
            if act.shuts_out:
                self._soon(lambda hands: hands.remove, person, ko, en)
            else:
                self._soon(lambda hands: hands.notify, person, Notice(code="sanctioned", ko=ko, en=en))
                self._soon(lambda hands: hands.hush, person)

    def lifted(self, act: Act, now: float) -> None:
        """Give back what an act had taken."""
        ko, en = "처분을 거두었어요.", "What was done to you was taken back."
        for person in self._renewed(act.target, now):
            self._soon(lambda hands: hands.notify, person, Notice(code="sanction_lifted", ko=ko, en=en))

    def linked(self, person: int, now: float) -> None:
        """Look at somebody in the city who turned out to be a citizen."""
        citizen = self._presence.citizen(person)
        if citizen is None:
            return
        self._citizens[person] = citizen
        act = self._register.at_door(Target(citizen=citizen), None, now)
        if act is not None:
            self._soon(lambda hands: hands.remove, person, *act.told())
        elif self._restrict(person, now):
            self._soon(lambda hands: hands.hush, person)

    # --- in the background ------------------------------------------------------------------------------

    def attach(self, loop: asyncio.AbstractEventLoop, hands: Hands) -> None:
        """Begin to act in a running city."""
        self._loop, self._hands = loop, hands

    def detach(self) -> None:
        """Act in no city any more."""
        self._loop = self._hands = None

    async def run(self) -> None:
        """Give rights back when sanctions end, and forget what may be kept no longer, until cancelled."""
        forget = 0.0
        while True:
            now = time.time()
            try:
                if now >= forget:
                    forget = now + _FORGET_SECONDS
                    await asyncio.to_thread(self._moderation.forget, now)
                await asyncio.to_thread(self.look, now)
            except DBAPIError as error:
                logger.warning("sanctions could not be looked at: %s", error.orig)
            await asyncio.sleep(_LOOK_SECONDS)

    def look(self, now: float) -> None:
        """Mute who walked to where they may not speak; renew rights when a sanction has ended."""
        for person in list(self._restricted):
            self._soon(lambda hands: hands.hush, person)
        if self._next_end is not None and now >= self._next_end:
            people = list(self._restricted)
            self._presence.renew({self._citizens.get(person) or 0 for person in people}, now)
            for person in people:
                self._restrict(person, now)
            self._next_end = self._register.next_end(now)

    # --- own --------------------------------------------------------------------------------------------

    def _renewed(self, target: Target, now: float) -> Collection[int]:
        """Renew the rights of those in the city whom an act is about; returns them."""
        self._next_end = self._register.next_end(now)
        if target.citizen is None:
            people = {person for person in list(self._citizens) if person == target.person}
        else:
            self._presence.renew([target.citizen], now)
            people = {person for person, known in list(self._citizens.items()) if known == target.citizen}
        for person in people:
            self._restrict(person, now)
        return people

    def _restrict(self, person: int, now: float) -> frozenset[Denial]:
        """Bind what somebody may not do to their person, which they keep when they sign out."""
        denials = self._register.denials_of_person(person, now)
        if (citizen := self._citizens.get(person)) is not None:
            denials |= self._register.denials_of(citizen, now)
        self._presence.restrict(person, Actor(denials=denials))
        if any(denial.action is Action.SPEAK for denial in denials):
            self._restricted.add(person)
            if self._next_end is None:
                self._next_end = self._register.next_end(now)
        else:
            self._restricted.discard(person)
        return denials

    def _soon(self, pick: Callable[[Hands], Callable[..., None]], *arguments: object) -> None:
        """Have the city do something in its event loop; without a running city there is nobody in it."""
        loop, hands = self._loop, self._hands
        if loop is None or hands is None:
            return
        try:
            loop.call_soon_threadsafe(pick(hands), *arguments)
        except RuntimeError:
            self.detach()  # the loop has closed: nobody is in the city any more
