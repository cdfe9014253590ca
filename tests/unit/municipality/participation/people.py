"""Citizens for the tests of this room: rows that proposals may refer to, and actors with their roles."""

import secrets

import sqlalchemy as sa

from municipality.access import CITY_HALL, Actor, Grant, Role
from municipality.schema import citizens
from municipality.store import Store

CITY_HALL_AT = (40.0, -200.0)


class Square:
    """A city of 1 km by 1 km around the origin."""

    def is_inside(self, x: float, z: float) -> bool:
        return max(abs(x), abs(z)) <= 500.0


def citizen(store: Store, *roles: Role, place: str = CITY_HALL) -> Actor:
    """Return a new citizen with more roles at a place."""
    row = {"handle": secrets.token_bytes(32), "colour": 0, "language": "ko", "joined_at": 0.0}
    with store.write() as connection:
        added = sa.insert(citizens).values(**row).returning(citizens.c.id)
        number = int(connection.execute(added).scalar_one())
    return Actor(number, 1, "api", frozenset({Grant(Role.CITIZEN)}) | {Grant(role, place) for role in roles})
