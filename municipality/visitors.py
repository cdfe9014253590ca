"""Who is in the city, or may still come back: known by a session, forgotten soon after they left."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from municipality.names import checked_name
from municipality.schema import visitor_sessions
from municipality.store import Store
from municipality.tokens import hash_of, new_token

#: A visitor may come back as the same person for this long after leaving, seconds.
RESUME_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stood: world metres (x east, y up, z south) and heading in radians."""

    position: tuple[float, float, float]
    yaw: float


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody without an account.

    Attributes:
        person: Their id; no one else ever gets it.
        name: As shown.
        colour: Index into the coat colours.
        language: `ko` or `en`.
        place: Where they stood last.
    """

    person: int
    name: str
    colour: int
    language: str
    place: Place


class Visitors:
    """Who is who. Every change is on disk when the call returns. ``now`` is in Unix seconds throughout."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def receive(self, name: str, colour: int, language: str, place: Place, now: float) -> tuple[Visitor, str]:
        """Let a new visitor in, at ``place``.

        Returns:
            The visitor, and the token that brings them back. It is given this once: only its hash is kept.

        Raises:
            NameRefusedError: The name may not be shown.
        """
        shown, token = checked_name(name), new_token()
        values = {
            "token_hash": hash_of(token),
            "name": shown,
            "colour": colour,
            "language": language,
            "opened_at": now,
            **_columns(place),
        }
        with self._engine.begin() as connection:
            person = connection.execute(
                sa.insert(visitor_sessions).values(values).returning(visitor_sessions.c.person)
            ).scalar_one()
        return Visitor(person, shown, colour, language, place), token

    def resume(self, token: str, name: str, colour: int, language: str, now: float) -> Visitor | None:
        """Let a visitor back in as the same person, where they stood; they may have changed their looks.

        Returns:
            None when the token is unknown, or its owner left more than :data:`RESUME_SECONDS` ago.

        Raises:
            NameRefusedError: The name may not be shown.
        """
        shown, table = checked_name(name), visitor_sessions
        with self._engine.begin() as connection:
            row = connection.execute(
                sa.update(table)
                .where(table.c.token_hash == hash_of(token))
                .where(table.c.left_at.is_(None) | (table.c.left_at >= now - RESUME_SECONDS))
                .values(name=shown, colour=colour, language=language, left_at=None)
                .returning(*table.c)
            ).one_or_none()
        if row is None:
            return None
        return Visitor(row.person, shown, colour, language, Place((row.x, row.y, row.z), row.yaw))

    def leave(self, places: Mapping[int, Place], now: float) -> None:
        """Note that people left, and where they stood; they may come back for :data:`RESUME_SECONDS`."""
        if not places:
            return
        table = visitor_sessions
        statement = (
            sa.update(table)
            .where(table.c.person == sa.bindparam("who"))
            .values({name: sa.bindparam(f"new_{name}") for name in ("x", "y", "z", "yaw", "left_at")})
        )
        with self._engine.begin() as connection:
            connection.execute(
                statement,
                [
                    {"who": person, "new_left_at": now}
                    | {f"new_{name}": value for name, value in _columns(place).items()}
                    for person, place in places.items()
                ],
            )

    def revoke(self, person: int) -> None:
        """Forget a visitor: their token opens nothing any more."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(visitor_sessions).where(visitor_sessions.c.person == person))

    def reopen(self, now: float) -> None:
        """Count everybody whom a stopped server left inside as gone now, so that they can still come back."""
        table = visitor_sessions
        with self._engine.begin() as connection:
            connection.execute(sa.update(table).where(table.c.left_at.is_(None)).values(left_at=now))

    def forget_expired(self, now: float) -> int:
        """Delete those who can no longer come back; returns how many."""
        table = visitor_sessions
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(table).where(table.c.left_at < now - RESUME_SECONDS)).rowcount


def _columns(place: Place) -> dict[str, float]:
    x, y, z = place.position
    return {"x": x, "y": y, "z": z, "yaw": place.yaw}
