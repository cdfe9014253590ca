"""People of a town: citizens, officers of the whole of it or of the expo, and an operator."""

from itertools import count

from municipality.access import CITY, Actor, Grant, Role
from municipality.citizens import Actors, Citizens, Grants
from municipality.moderation import Category, Kind, Order, Target
from municipality.store import Store
from municipality.vault import Vault

NOW = 1_763_900_000.0
NOISY = "한 시간 동안 <b>소리</b>를 질렀어요. --'; DROP TABLE moderation_acts"


class Town:
    """Takes up citizens, and shows them as actors."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self.store = store
        self.vault = vault
        self.citizens = Citizens(store, vault)
        self.grants = Grants(store)
        self.actors = Actors(self.citizens, self.grants)
        self._names = count(1)

    def citizen(self, role: Role | None = None, place: str = CITY) -> Actor:
        """Take up a citizen, with a role at a place."""
        with self.store.write() as connection:
            number = self.citizens.join(connection, f"시민 {next(self._names)}", now=NOW)
            if role is not None:
                self.grants.hand_out(connection, Actor(), number, Grant(role, place), NOW)
        return self.again(number)

    def again(self, citizen: int | None) -> Actor:
        """Return a citizen as they stand now."""
        assert citizen is not None
        return self.actors.citizen(citizen, "page", NOW)


def about(target: Actor | int, kind: Kind = Kind.MUTE, place: str = CITY, **changes: object) -> Order:
    """Return an order about a citizen, or a visitor by person, who stands in the city."""
    known = Target(person=target) if isinstance(target, int) else Target(citizen=target.citizen)
    values: dict[str, object] = {"seconds": 0.0 if kind is Kind.KICK else 3_600.0, "standing": place}
    return Order(kind, known, place, **({"category": Category.NOISE, "reason": NOISY} | values | changes))  # type: ignore[arg-type]
