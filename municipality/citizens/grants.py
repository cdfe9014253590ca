"""Roles beyond a citizen's own, given and taken away by operators."""

import sqlalchemy as sa

from municipality.access import CITY, Action, Actor, Grant, Role
from municipality.errors import ConflictError, NotFoundError
from municipality.journal import append
from municipality.schema import citizens, grants
from municipality.store import Store

#: What can be given. A visitor is anybody, a citizen whoever joined, an exhibitor whoever has a booth.
GIVEN = frozenset({Role.OFFICER, Role.OPERATOR})
#: Every request asks this; put together once.
_OF_CITIZEN = sa.select(grants.c.role, grants.c.place).where(grants.c.citizen == sa.bindparam("citizen"))


class Grants:
    """Who holds which role where. ``now`` is in Unix seconds throughout."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, citizen: int) -> list[Grant]:
        """Return what was given to a citizen."""
        with self._store.engine.connect() as connection:
            rows = connection.execute(_OF_CITIZEN, {"citizen": citizen})
            return [Grant(Role(row.role), row.place) for row in rows]

    def give(self, actor: Actor, citizen: int, grant: Grant, now: float) -> None:
        """Give a role; whoever holds it already keeps it.

        Raises:
            NotAllowedError: The actor may not administer that place.
            NotFoundError: There is no such citizen.
        """
        actor.require(Action.ADMINISTER, grant.place)
        with self._store.write() as connection:
            self.hand_out(connection, actor, citizen, grant, now)

    def hand_out(
        self, connection: sa.Connection, actor: Actor, citizen: int, grant: Grant, now: float
    ) -> None:
        """Give a role without asking who gives: for the command line, whose user owns the machine.

        Raises:
            NotFoundError: There is no such citizen, or the role cannot be given.
        """
        known = sa.select(citizens.c.id).where(citizens.c.id == citizen, citizens.c.erased_at.is_(None))
        if grant.role not in GIVEN or connection.execute(known).one_or_none() is None:
            raise NotFoundError(
                "그런 시민이나 줄 수 있는 역할이 없어요.",
                "There is no such citizen, or no such role to give.",
            )
        held = _is(citizen, grant)
        if connection.execute(sa.select(grants.c.id).where(held)).one_or_none() is None:
            connection.execute(
                sa.insert(grants),
                {"citizen": citizen, "role": grant.role, "place": grant.place, "given_at": now},
            )
            append(connection, "access", at=now, actor=actor, kind="given", body=_body(citizen, grant))

    def take(self, actor: Actor, citizen: int, grant: Grant, now: float) -> None:
        """Take a role away.

        Raises:
            NotAllowedError: The actor may not administer that place.
            NotFoundError: The citizen does not hold it.
            ConflictError: Nobody would be left to operate the city.
        """
        actor.require(Action.ADMINISTER, grant.place)
        with self._store.write() as connection:
            if not connection.execute(sa.delete(grants).where(_is(citizen, grant))).rowcount:
                raise NotFoundError(
                    "그 시민에게 그런 역할이 없어요.", "This citizen does not hold that role."
                )
            append(connection, "access", at=now, actor=actor, kind="taken", body=_body(citizen, grant))
            _require_operator(connection)

    @staticmethod
    def end(connection: sa.Connection, actor: Actor, now: float) -> None:
        """Take all roles of somebody who is erased.

        Raises:
            ConflictError: Nobody would be left to operate the city.
        """
        citizen = actor.of_citizen()
        query = sa.delete(grants).where(grants.c.citizen == citizen).returning(grants.c.role, grants.c.place)
        taken = [Grant(Role(row.role), row.place) for row in connection.execute(query).all()]
        for grant in taken:
            append(connection, "access", at=now, actor=actor, kind="taken", body=_body(citizen, grant))
        if Grant(Role.OPERATOR, CITY) in taken:
            _require_operator(connection)


def _require_operator(connection: sa.Connection) -> None:
    """Go on only while somebody operates the city.

    Asked after the journal was written: of two who leave at once, its lock lets the second see that.

    Raises:
        ConflictError: Nobody does.
    """
    query = sa.select(grants.c.id).where(grants.c.role == Role.OPERATOR, grants.c.place == CITY).limit(1)
    if connection.execute(query).one_or_none() is None:
        raise ConflictError(
            "운영자가 한 명도 남지 않아요. 먼저 다른 운영자를 정해 주세요.",
            "No operator would be left. Name another one first.",
        )


def _is(citizen: int, grant: Grant) -> sa.ColumnElement[bool]:
    return sa.and_(grants.c.citizen == citizen, grants.c.role == grant.role, grants.c.place == grant.place)


def _body(citizen: int, grant: Grant) -> dict[str, object]:
    return {"citizen": citizen, "role": grant.role.value, "place": grant.place}
