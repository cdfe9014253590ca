"""Web sessions: an opaque token in a cookie, kept as a hash, listed, and ended by whoever owns it."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from municipality.access import Actor
from municipality.citizens.roll import require_standing
from municipality.errors import NotFoundError
from municipality.schema import sessions
from municipality.store import Store
from municipality.tokens import hash_of, new_token

#: A session ends this long after it was opened, and when it was not used for so long; seconds.
LIFETIME = 30 * 86_400.0
IDLE = 7 * 86_400.0
#: When a session was last used is noted this often, not with every request; seconds.
_NOTED = 300.0
#: A citizen has so many at most; the oldest ends.
MOST = 20


@dataclass(frozen=True, slots=True)
class Session:
    """One session.

    Attributes:
        id: Its number, to end it by.
        citizen: Whose; None for a visitor.
        device: What its browser calls itself, in a word or two.
        opened_at: Unix seconds.
        seen_at: When it was last used, to within five minutes.
        expires_at: Unix seconds.
    """

    id: int
    citizen: int | None
    device: str
    opened_at: float
    seen_at: float
    expires_at: float


_COLUMNS = [sessions.c[name] for name in Session.__dataclass_fields__]
#: Every request asks this; put together once.
_OF_HASH = sa.select(*_COLUMNS).where(sessions.c.hash == sa.bindparam("hash"))


class Sessions:
    """Who is signed in where. ``now`` is in Unix seconds throughout."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, citizen: int | None, device: str, now: float) -> tuple[Session, str]:
        """Open a session; its token is given this once.

        Raises:
            SignInError: The citizen was erased.
        """
        token = new_token()
        values = {
            "hash": hash_of(token),
            "citizen": citizen,
            "device": device[:64],
            "opened_at": now,
            "seen_at": now,
            "expires_at": now + LIFETIME,
        }
        with self._store.write() as connection:
            if citizen is not None:
                require_standing(connection, citizen)
            row = connection.execute(sa.insert(sessions).values(values).returning(*_COLUMNS)).one()
            if citizen is not None:
                self._end_oldest(connection, citizen)
            connection.execute(sa.delete(sessions).where(sessions.c.expires_at < now))
        return Session(*row), token

    def find(self, token: str, now: float) -> Session | None:
        """Return the session that a token opens; None when there is none, or its time is over."""
        with self._store.engine.connect() as connection:
            row = connection.execute(_OF_HASH, {"hash": hash_of(token)}).one_or_none()
        if row is None or now >= row.expires_at or now - row.seen_at >= IDLE:
            return None
        if now - row.seen_at >= _NOTED:
            with self._store.write() as connection:
                connection.execute(sa.update(sessions).where(sessions.c.id == row.id).values(seen_at=now))
        return Session(*row)

    def of(self, actor: Actor) -> list[Session]:
        """Return the actor's sessions, the newest first.

        Raises:
            NotAllowedError: They are no citizen.
        """
        query = (
            sa.select(*_COLUMNS)
            .where(sessions.c.citizen == actor.of_citizen())
            .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
        )
        with self._store.engine.connect() as connection:
            return [Session(*row) for row in connection.execute(query)]

    def end(self, actor: Actor, session: int) -> None:
        """End one of the actor's sessions, this one or another.

        Raises:
            NotFoundError: They have none of that number.
        """
        own = sessions.c.id == actor.session
        if actor.citizen is not None:
            own |= sessions.c.citizen == actor.citizen
        with self._store.write() as connection:
            ended = connection.execute(sa.delete(sessions).where(sessions.c.id == session, own)).rowcount
        if not ended:
            raise NotFoundError("그런 로그인이 없어요.", "There is no such session of yours.")

    def over(self, numbers: Collection[int], now: float) -> set[int]:
        """Return which of these sessions are over: ended, pushed out by newer ones, expired or idle."""
        table = sessions.c
        query = sa.select(table.id).where(
            table.id.in_(numbers), table.expires_at > now, table.seen_at > now - IDLE
        )
        with self._store.engine.connect() as connection:
            return set(numbers) - set(connection.execute(query).scalars())

    def end_all(self, citizen: int, but: int | None = None) -> list[int]:
        """End a citizen's sessions, but for one; returns their numbers."""
        condition = sessions.c.citizen == citizen
        if but is not None:
            condition &= sessions.c.id != but
        with self._store.write() as connection:
            return list(
                connection.execute(sa.delete(sessions).where(condition).returning(sessions.c.id)).scalars()
            )

    def _end_oldest(self, connection: sa.Connection, citizen: int) -> None:
        kept = (
            sa.select(sessions.c.id)
            .where(sessions.c.citizen == citizen)
            .order_by(sessions.c.opened_at.desc(), sessions.c.id.desc())
            .limit(MOST)
        )
        connection.execute(
            sa.delete(sessions).where(sessions.c.citizen == citizen, sessions.c.id.not_in(kept))
        )
