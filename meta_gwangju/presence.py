"""Who in the city is which citizen, and what they may do there: joins a world's person and a web session."""

from collections.abc import Collection
from dataclasses import dataclass

from municipality.access import CITY, Action, Actor
from municipality.citizens import Actors, Session

_VISITOR = Actor()


@dataclass(slots=True)
class _Link:
    session: Session
    actor: Actor


class Presence:
    """Person in the city ↔ session on the web. Read every tick, so rights are kept until they are renewed.

    Written from any thread: each change replaces a value, and no reader sees half of one.
    """

    def __init__(self, actors: Actors) -> None:
        self._actors = actors
        self._links: dict[int, _Link] = {}
        self._visitors: dict[int, Actor] = {}
        self._tokens: dict[str, int] = {}

    def came(self, person: int, token: str) -> None:
        """Note who was let in with which token of signalling."""
        self._tokens[token] = person

    def person_with(self, token: str) -> int | None:
        """Return who is in the city with a token of signalling; None when nobody is."""
        return self._tokens.get(token)

    def link(self, person: int, session: Session, door: str, now: float) -> None:
        """Note that a person in the city acts in a web session."""
        self._links[person] = _Link(session, self._actors.of(session, door, now))

    def unlink(self, person: int) -> None:
        """Note that a person signed out."""
        self._links.pop(person, None)
        self._visitors.pop(person, None)

    def left(self, person: int) -> None:
        """Note that a person left the city."""
        self.unlink(person)
        self._tokens = {token: one for token, one in self._tokens.items() if one != person}

    def restrict(self, person: int, actor: Actor) -> None:
        """Note what a visitor without a session may do: a sanction bound to the person."""
        self._visitors[person] = actor

    def end_session(self, session: int) -> None:
        """Make visitors of those who act in a session that ended."""
        for person, link in list(self._links.items()):
            if link.session.id == session:
                self._links.pop(person, None)  # what a sanction has bound to the person stays

    def end_citizen(self, citizen: int) -> None:
        """Make visitors of those who act as a citizen who was erased."""
        for person in self.persons([citizen]):
            self._links.pop(person, None)

    def sessions(self) -> set[int]:
        """Return the sessions that somebody in the city acts in."""
        return {link.session.id for link in list(self._links.values())}

    def renew(self, citizens: Collection[int] | None, now: float) -> None:
        """Look again what citizens may do; None: everybody."""
        for link in list(self._links.values()):
            if link.session.citizen is not None and (citizens is None or link.session.citizen in citizens):
                link.actor = self._actors.of(link.session, link.actor.door, now, link.actor.language)

    def actor(self, person: int) -> Actor:
        """Return a person as the rules see them."""
        link = self._links.get(person)
        return link.actor if link else self._visitors.get(person, _VISITOR)

    def citizen(self, person: int) -> int | None:
        """Return the citizen that a person is; None for a visitor."""
        return self.actor(person).citizen

    def persons(self, citizens: Collection[int]) -> list[int]:
        """Return the persons in the city who are one of these citizens."""
        return [person for person, link in list(self._links.items()) if link.session.citizen in citizens]

    def may(self, person: int, action: str, place: str = CITY) -> bool:
        """Tell whether a person may do something at a place. Implements the world's `Permissions`."""
        return self.actor(person).may(Action(action), place)
