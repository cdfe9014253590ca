"""The directory: people and organisations as operators find them. Who looked somebody up is noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from municipality.access import CITY, Action, Actor, Grant, Role
from municipality.citizens import Citizens
from municipality.errors import ConflictError, NotFoundError
from municipality.journal import append
from municipality.schema import citizens, grants, memberships, organisations, passkeys, sessions
from municipality.store import Store

#: Entries of one answer, and citizens looked at for it: names are sealed, and opened one by one.
_MOST, _MOST_LOOKED_AT = 50, 1_000
#: Digits; what has more is no number of a citizen.
_LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class Person:
    """A citizen as operators see them.

    Attributes:
        number: Theirs.
        name: As shown; None once they were erased.
        roles: What they were given.
        sessions: How many devices are signed in.
        passkeys: How many they have.
        joined_at, erased_at: Unix seconds.
    """

    number: int
    name: str | None
    roles: tuple[Grant, ...]
    sessions: int
    passkeys: int
    joined_at: float
    erased_at: float | None


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation and how many belong to it."""

    id: int
    name_ko: str
    name_en: str
    members: int
    founded_at: float


class Directory:
    """Finds. ``now`` is in Unix seconds throughout."""

    def __init__(self, store: Store, people: Citizens) -> None:
        self._store = store
        self._people = people

    def people(
        self,
        actor: Actor,
        now: float,
        *,
        words: str = "",
        role: Role | None = None,
        before: int | None = None,
    ) -> tuple[list[Person], int | None]:
        """Return citizens, those who joined last first, and where to go on; None: there are no more.

        Args:
            actor: An operator of the city.
            now: For the journal.
            words: A number, or a part of a name; empty: everybody.
            role: Only those who hold it somewhere.
            before: Only those with a lower number.

        Raises:
            NotAllowedError: The actor is no operator of the whole city.
        """
        actor.require(Action.ADMINISTER, CITY)
        number = int(words) if words.isdecimal() and len(words) <= _LONGEST_NUMBER else None
        rows = self._candidates(number, role, before)
        wanted = "" if number is not None else words.strip().casefold()
        names = self._people.names(row.id for row in rows)
        found = [row for row in rows if not wanted or wanted in (names.get(row.id) or "").casefold()]
        shown = found[:_MOST]
        more = None
        if len(found) > _MOST:
            more = shown[-1].id
        elif len(rows) == _MOST_LOOKED_AT:
            more = rows[-1].id
        with self._store.write() as connection:
            body = {"found": [row.id for row in shown], "by_name": bool(wanted)}
            append(connection, "access", at=now, actor=actor, kind="looked_up", body=body)
        return self._persons(shown, names), more

    def organisations(self, actor: Actor, before: int | None = None) -> list[Listed]:
        """Return organisations, the newest first.

        Raises:
            NotAllowedError: The actor is no operator of the whole city.
        """
        actor.require(Action.ADMINISTER, CITY)
        table = organisations.c
        members = (
            sa.select(sa.func.count())
            .select_from(memberships)
            .where(memberships.c.organisation == table.id)
            .scalar_subquery()
        )
        query = sa.select(table.id, table.name_ko, table.name_en, members, table.founded_at)
        if before is not None:
            query = query.where(table.id < before)
        with self._store.engine.connect() as connection:
            return [Listed(*row) for row in connection.execute(query.order_by(table.id.desc()).limit(_MOST))]

    def sign_out(self, actor: Actor, citizen: int, now: float) -> list[int]:
        """End all sessions of a citizen, as when a device was stolen; returns their numbers.

        Raises:
            NotAllowedError: The actor is no operator of the whole city.
            NotFoundError: There is no such citizen.
            ConflictError: It is the actor: one's own sessions end in one's own list.
        """
        actor.require(Action.ADMINISTER, CITY)
        if citizen == actor.citizen:
            raise ConflictError(
                "자신의 기기는 '내 기기'에서 내보내 주세요.", "Sign out your own devices in your own list."
            )
        with self._store.write() as connection:
            known = sa.select(citizens.c.id).where(citizens.c.id == citizen)
            if connection.execute(known).one_or_none() is None:
                raise NotFoundError("그런 시민이 없어요.", "There is no such citizen.")
            ended = connection.execute(
                sa.delete(sessions).where(sessions.c.citizen == citizen).returning(sessions.c.id)
            )
            numbers = list(ended.scalars())
            body = {"citizen": citizen, "sessions": len(numbers)}
            append(connection, "access", at=now, actor=actor, kind="signed_out", body=body)
        return numbers

    def _candidates(self, number: int | None, role: Role | None, before: int | None) -> Sequence[sa.Row[Any]]:
        query: sa.Select[Any] = sa.select(citizens.c.id, citizens.c.joined_at, citizens.c.erased_at)
        if number is not None:
            query = query.where(citizens.c.id == number)
        if role is not None:
            query = query.where(citizens.c.id.in_(sa.select(grants.c.citizen).where(grants.c.role == role)))
        if before is not None:
            query = query.where(citizens.c.id < before)
        with self._store.engine.connect() as connection:
            return connection.execute(query.order_by(citizens.c.id.desc()).limit(_MOST_LOOKED_AT)).all()

    def _persons(self, rows: Sequence[sa.Row[Any]], names: dict[int, str | None]) -> list[Person]:
        numbers = [row.id for row in rows]
        held: dict[int, list[Grant]] = {}
        with self._store.engine.connect() as connection:
            query = sa.select(grants.c.citizen, grants.c.role, grants.c.place)
            for row in connection.execute(query.where(grants.c.citizen.in_(numbers)).order_by(grants.c.id)):
                held.setdefault(row.citizen, []).append(Grant(Role(row.role), row.place))
            signed_in = _counts(connection, sessions, numbers)
            keys = _counts(connection, passkeys, numbers)
        return [
            Person(
                row.id,
                names.get(row.id),
                tuple(held.get(row.id, ())),
                signed_in.get(row.id, 0),
                keys.get(row.id, 0),
                row.joined_at,
                row.erased_at,
            )
            for row in rows
        ]


def _counts(connection: sa.Connection, table: sa.Table, numbers: Sequence[int]) -> dict[int, int]:
    """Return how many rows of a table each citizen has."""
    query = (
        sa.select(table.c.citizen, sa.func.count())
        .where(table.c.citizen.in_(numbers))
        .group_by(table.c.citizen)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
