"""Keys of the booths' screens: whoever holds one may publish live video there (WHIP, RFC 9725)."""

import sqlalchemy as sa

from municipality.access import CITY, Action, Actor, covers
from municipality.errors import NotFoundError
from municipality.expo.booth import Booth
from municipality.expo.booths import Booths
from municipality.expo.holding import JOURNAL, booth_of, held, own_booth
from municipality.journal import append
from municipality.schema import booths, memberships
from municipality.store import Store
from municipality.tokens import hash_of, new_token

_LONGEST_TOKEN = 64


class Publishing:
    """Makes, finds and ends keys. ``now`` is in Unix seconds throughout."""

    def __init__(self, store: Store, office: Booths) -> None:
        self._store = store
        self._office = office

    def issue(self, actor: Actor, name: str, now: float) -> tuple[str, float]:
        """Make a key for a booth's screen; the one before ends.

        Returns:
            The key, given this once, and when it was made.

        Raises:
            NotFoundError: There is no such slot, or it is free.
            NotAllowedError: The actor may not publish there.
        """
        slot, token = self._office.slot(name), new_token()
        with self._store.write() as connection:
            booth = own_booth(connection, actor, slot, Action.PUBLISH)
            self._set(connection, booth, hash_of(token), now)
            append(connection, JOURNAL, at=now, actor=actor, kind="key", body={"booth": booth.id})
        return token, now

    def revoke(self, actor: Actor, name: str, now: float) -> None:
        """End the key of a booth's screen.

        Raises:
            NotFoundError: There is no such slot, it is free, or has no key.
            NotAllowedError: The actor may not publish there.
        """
        slot = self._office.slot(name)
        with self._store.write() as connection:
            booth = own_booth(connection, actor, slot, Action.PUBLISH)
            if booth.key_at is None:
                raise NotFoundError("이 부스에는 송출 열쇠가 없어요.", "This booth has no publishing key.")
            self._set(connection, booth, None, None)
            append(connection, JOURNAL, at=now, actor=actor, kind="key_end", body={"booth": booth.id})

    def member_left(self, connection: sa.Connection, actor: Actor, organisation: int, now: float) -> None:
        """End the keys that a former member of an organisation may know, in the transaction of their leaving.

        Those who stay make new ones.
        """
        self._end(connection, actor, booths.c.organisation == organisation, CITY, now)

    def shut_out(self, connection: sa.Connection, actor: Actor, citizen: int, place: str, now: float) -> None:
        """End the keys that somebody may know whom a sanction forbids to publish at a place and below it.

        Their colleagues, who still may, make new ones.

        Args:
            connection: Of the transaction in which the sanction is given.
            actor: Who gives it.
            citizen: Whom it is about.
            place: Where it holds.
            now: Unix seconds.
        """
        theirs = sa.select(memberships.c.organisation).where(memberships.c.citizen == citizen)
        self._end(connection, actor, booths.c.organisation.in_(theirs), place, now)

    def publisher(self, token: str) -> Booth | None:
        """Return the booth whose key this is; None for any other text."""
        if len(token) > _LONGEST_TOKEN:
            return None
        with self._store.engine.connect() as connection:
            row = connection.execute(held().where(booths.c.token == hash_of(token))).one_or_none()
        return None if row is None else booth_of(row)

    def _end(
        self,
        connection: sa.Connection,
        actor: Actor,
        which: sa.ColumnElement[bool],
        place: str,
        now: float,
    ) -> None:
        query = held(lock=True).where(which, booths.c.token.is_not(None))
        for booth in [booth_of(row) for row in connection.execute(query)]:
            slot = self._office.slots.get(booth.slot)
            if slot is not None and covers(place, slot.place):
                self._set(connection, booth, None, None)
                append(connection, JOURNAL, at=now, actor=actor, kind="key_end", body={"booth": booth.id})

    def _set(self, connection: sa.Connection, booth: Booth, token: bytes | None, at: float | None) -> None:
        connection.execute(sa.update(booths).where(booths.c.id == booth.id).values(token=token, token_at=at))
