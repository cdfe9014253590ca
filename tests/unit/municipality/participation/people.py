"""Citizens for the tests of this room: rows that proposals may refer to, and actors with their roles."""

import secrets

import sqlalchemy as sa

from municipality.access import CITY_HALL, Actor, Grant, Role
from municipality.participation import Draft
from municipality.schema import citizens
from municipality.store import Store

#: Where people stand before the hall.
CITY_HALL_AT = (40.0, -200.0)


DRAFT = Draft("골목에 가로등을", "밤길이 어두워요.\n가로등을 두 개 더 세워 주세요.", "safety", (12.344, -6.0))


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
