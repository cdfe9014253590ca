from dataclasses import dataclass, field

from municipality.access import CITY_HALL, Actor, Grant, Role
from municipality.citizens import Actors, Citizens, Grants
from municipality.reports import Draft, Reports, Surveyor
from municipality.store import Store
from tests.unit.municipality.reports.land import FlatLand

NOW = 1_800_000_000.0


@dataclass
class Town:
    """A city with its desk, and people who came in by the page."""

    store: Store
    citizens: Citizens
    grants: Grants
    actors: Actors
    reports: Reports
    surveyor: Surveyor = field(default_factory=lambda: Surveyor(FlatLand()))

    def citizen(self, name: str) -> Actor:
        with self.store.write() as connection:
            number = self.citizens.join(connection, name, now=NOW)
        return self.actors.citizen(number, "page", NOW)

    def officer(self, name: str, place: str = CITY_HALL) -> Actor:
        number = self.citizen(name).of_citizen()
        with self.store.write() as connection:
            grant = Grant(Role.OFFICER, place)
            self.grants.hand_out(connection, Actor(door="program"), number, grant, NOW)
        return self.actors.citizen(number, "page", NOW)

    def draft(self, description: str = "맨홀 뚜껑이 깨졌어요.", **more: object) -> Draft:
        values: dict[str, object] = {"service": "road", "place": self.surveyor.at_world(10.0, -20.0)}
        return Draft(description=description, **(values | more))  # type: ignore[arg-type]
