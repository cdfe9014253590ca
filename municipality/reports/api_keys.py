"""Keys of programs that report in a citizen's name (GeoReport's `api_key`): shown once, kept as a hash."""

from dataclasses import dataclass

import sqlalchemy as sa

from municipality.access import Actor
from municipality.errors import NotFoundError, SignInError
from municipality.journal import append
from municipality.schema import api_keys, citizens
from municipality.store import Store
from municipality.texts import checked_text
from municipality.tokens import hash_of, new_token


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key.

    Attributes:
        id: Its number, to revoke it by.
        citizen: In whose name it acts.
        name: What the operator calls the program.
        made_at: Unix seconds.
        revoked_at: None while it opens.
    """

    id: int
    citizen: int
    name: str
    made_at: float
    revoked_at: float | None


class ApiKeys:
    """Every key. Issuing and revoking is for the command line, whose user owns the machine."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue(self, citizen: int, name: str, now: float) -> tuple[ApiKey, str]:
        """Make a key that acts in a citizen's name; its text is given this once.

        Raises:
            NotFoundError: There is no such citizen.
            TextRefusedError: The name may not be shown.
        """
        shown, key = checked_text(name, ("이름", "name"), 60, lines=False), new_token()
        known = sa.select(citizens.c.id).where(citizens.c.id == citizen, citizens.c.erased_at.is_(None))
        with self._store.write() as connection:
            if connection.execute(known).one_or_none() is None:
                raise NotFoundError("그런 시민이 없습니다.", "There is no such citizen.")
            values = {"hash": hash_of(key), "citizen": citizen, "name": shown, "made_at": now}
            number = connection.execute(sa.insert(api_keys).returning(api_keys.c.id), values).scalar_one()
            body = {"key": number, "citizen": citizen}
            append(connection, "access", at=now, actor=Actor(door="program"), kind="api_key", body=body)
        return ApiKey(int(number), citizen, shown, now, None), key

    def revoke(self, number: int, now: float) -> None:
        """End a key.

        Raises:
            NotFoundError: There is none of that number that opens.
        """
        table = api_keys.c
        with self._store.write() as connection:
            changed = connection.execute(
                sa.update(api_keys)
                .where(table.id == number, table.revoked_at.is_(None))
                .values(revoked_at=now)
            )
            if not changed.rowcount:
                raise NotFoundError("그런 열쇠가 없습니다.", "There is no such key.")
            body = {"key": number}
            append(connection, "access", at=now, actor=Actor(door="program"), kind="api_key_end", body=body)

    def all(self) -> list[ApiKey]:
        """Return every key that was ever issued."""
        table = api_keys.c
        columns = (table.id, table.citizen, table.name, table.made_at, table.revoked_at)
        with self._store.engine.connect() as connection:
            return [ApiKey(*row) for row in connection.execute(sa.select(*columns).order_by(table.id))]

    def citizen_of(self, key: str) -> int:
        """Return in whose name a key acts.

        Raises:
            SignInError: It opens nothing, or no more.
        """
        table = api_keys.c
        # A surrogate would not encode; keys are ASCII, so what is not opens nothing all the same.
        hashed = hash_of(key.encode("ascii", "replace").decode())
        query = (
            sa.select(table.citizen)
            .join(citizens, citizens.c.id == table.citizen)
            .where(table.hash == hashed, table.revoked_at.is_(None), citizens.c.erased_at.is_(None))
        )
        with self._store.engine.connect() as connection:
            found = connection.execute(query).scalar_one_or_none()
        if found is None:
            raise SignInError(
                "이 API 열쇠로는 신고할 수 없어요. 도시 운영자에게 새 열쇠를 받아 주세요.",
                "This api_key opens nothing. Please ask the city's operator for one.",
            )
        return int(found)
