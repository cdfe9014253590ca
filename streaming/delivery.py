"""Who is told which event."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from streaming.messages import (
    Census,
    Entered,
    Left,
    MicrophoneChanged,
    Moved,
    Said,
    ServerEvent,
    Waved,
)
from streaming.refusals import NOTICES
from world.entity import PersonId
from world.events import (
    CommandRefused,
    Event,
    MicrophoneSet,
    PersonEntered,
    PersonLeft,
    PersonMoved,
    PersonSaid,
    PersonWaved,
)


class Hearer(Protocol):
    """Somebody who can be told."""

    person: PersonId

    def tell(self, event: ServerEvent) -> None:
        """Send an event."""

    def notice(self, code: str) -> None:
        """Send a notice."""


class Delivery:
    """Turns the world's events into messages, and remembers who is in, for those who come later."""

    def __init__(self) -> None:
        self._roster: dict[PersonId, Entered] = {}

    def introduce(self, hearer: Hearer) -> None:
        """Tell a newcomer of everybody who is in."""
        for person, entered in self._roster.items():
            if person != hearer.person:
                hearer.tell(entered)

    def census(self, hearer: Hearer, city: int, near: int) -> None:
        """Tell how many there are."""
        hearer.tell(Census(city=city, near=near))

    def deliver(
        self, events: Sequence[Event], hearers: Mapping[PersonId, Hearer], seconds: float
    ) -> Iterable[PersonId]:
        """Send each event to those it concerns.

        Args:
            events: What happened in a step.
            hearers: Everybody who can be told.
            seconds: World time.

        Returns:
            The people who were refused something; among them may be some whom the world did not let in.
        """
        refused: list[PersonId] = []
        for event in events:
            match event:
                case CommandRefused(person, code):
                    refused.append(person)
                    if person in hearers and code in NOTICES:
                        hearers[person].notice(code)
                case PersonMoved(person, position, yaw, reason):
                    self._tell(hearers, [person], Moved(position=position, yaw=yaw, reason=reason))
                case PersonSaid(person, text, heard_by):
                    self._tell(hearers, heard_by, self._said(person, text, seconds))
                case _:
                    message = self._for_everyone(event)
                    self._tell(hearers, (p for p in list(hearers) if p != event.person), message)
        return refused

    def _for_everyone(
        self, event: PersonEntered | PersonLeft | PersonWaved | MicrophoneSet
    ) -> ServerEvent | None:
        match event:
            case PersonEntered(person, appearance):
                before = self._roster.get(person)
                entered = Entered(
                    person=person,
                    name=appearance.name,
                    colour=appearance.colour,
                    kind=appearance.kind,
                    microphone=before is not None and before.microphone,
                )
                self._roster[person] = entered
                return entered
            case PersonLeft(person):
                self._roster.pop(person, None)
                return Left(person=person)
            case PersonWaved(person):
                return Waved(person=person)
            case MicrophoneSet(person, live):
                if person in self._roster:
                    before = self._roster[person]
                    self._roster[person] = Entered(
                        person=person,
                        name=before.name,
                        colour=before.colour,
                        kind=before.kind,
                        microphone=live,
                    )
                return MicrophoneChanged(person=person, live=live)

    def _said(self, person: PersonId, text: str, seconds: float) -> Said | None:
        speaker = self._roster.get(person)
        return None if speaker is None else Said(person=person, name=speaker.name, text=text, seconds=seconds)

    @staticmethod
    def _tell(
        hearers: Mapping[PersonId, Hearer], people: Iterable[PersonId], message: ServerEvent | None
    ) -> None:
        for person in people:
            if message is not None and person in hearers:
                hearers[person].tell(message)
