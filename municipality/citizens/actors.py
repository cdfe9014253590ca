"""Whoever acts, with everything that decides what they may do, as it stands at this moment."""

from collections.abc import Callable, Iterable

from municipality.access import Actor, Denial, Grant, Role
from municipality.citizens.grants import Grants
from municipality.citizens.roll import Citizens
from municipality.citizens.sessions import Session

#: Roles that follow from something else, such as a booth; and what sanctions forbid a citizen at a time.
GrantSource = Callable[[int], Iterable[Grant]]
DenialSource = Callable[[int, float], Iterable[Denial]]


class Actors:
    """Puts actors together; other rooms add what they know of a citizen.

    Attributes:
        grant_sources: Asked with a citizen's number.
        denial_sources: Asked with a citizen's number and Unix seconds.
    """

    def __init__(self, citizens: Citizens, grants: Grants) -> None:
        self._citizens = citizens
        self._grants = grants
        self.grant_sources: list[GrantSource] = []
        self.denial_sources: list[DenialSource] = []

    def of(self, session: Session | None, door: str, now: float, language: str = "ko") -> Actor:
        """Return the actor of a session; a visitor when there is none, or none of a citizen."""
        if session is None or session.citizen is None:
            return Actor(session=session.id if session else None, door=door, language=language)
        return self.citizen(session.citizen, door, now, session=session.id, language=language)

    def citizen(
        self, citizen: int, door: str, now: float, *, session: int | None = None, language: str = "ko"
    ) -> Actor:
        """Return a citizen as an actor."""
        granted = {Grant(Role.VISITOR), Grant(Role.CITIZEN), *self._grants.of(citizen)}
        for grants in self.grant_sources:
            granted.update(grants(citizen))
        denied = {denial for denials in self.denial_sources for denial in denials(citizen, now)}
        return Actor(citizen, session, door, frozenset(granted), frozenset(denied), language)
