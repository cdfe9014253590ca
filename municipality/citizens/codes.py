"""Codes that let a citizen in once: recovery codes to keep, and short-lived ones for another device.

Each is kept as a hash alone, and is gone once it was used.
"""

import sqlalchemy as sa

from municipality.access import Actor
from municipality.citizens.roll import require_standing
from municipality.errors import SignInError
from municipality.journal import append
from municipality.schema import entry_codes
from municipality.store import Store
from municipality.tokens import hash_of, new_code, typed

#: Recovery codes of one citizen, and groups of five signs (25 bits) in each.
RECOVERY_CODES, _RECOVERY_GROUPS = 10, 4
#: A code for another device: so many groups, and seconds until it opens nothing any more.
_DEVICE_GROUPS, DEVICE_SECONDS = 2, 300.0


class EntryCodes:
    """Who may come in with a code. ``now`` is in Unix seconds throughout."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def new_recovery(self, actor: Actor, now: float) -> list[str]:
        """Return fresh recovery codes; the older ones open nothing any more.

        Raises:
            NotAllowedError: They are no citizen.
            SignInError: They were erased.
        """
        citizen = actor.of_citizen()
        codes = [new_code(_RECOVERY_GROUPS) for _ in range(RECOVERY_CODES)]
        with self._store.write() as connection:
            require_standing(connection, citizen)
            connection.execute(
                sa.delete(entry_codes).where(
                    entry_codes.c.citizen == citizen, entry_codes.c.kind == "recovery"
                )
            )
            for code in codes:
                self._keep(connection, citizen, "recovery", code, None)
            append(connection, "citizens", at=now, actor=actor, kind="recovery_codes", body={})
        return codes

    def new_device(self, actor: Actor, now: float) -> tuple[str, float]:
        """Return a code that signs another device in, and until when; an older one opens nothing any more.

        Raises:
            NotAllowedError: They are no citizen.
            SignInError: They were erased.
        """
        with self._store.write() as connection:
            return self.issue(connection, actor.of_citizen(), now, DEVICE_SECONDS)

    def issue(self, connection: sa.Connection, citizen: int, now: float, seconds: float) -> tuple[str, float]:
        """Return a code that signs a citizen's device in within ``seconds``, and until when.

        Raises:
            SignInError: They were erased.
        """
        require_standing(connection, citizen)
        connection.execute(
            sa.delete(entry_codes).where(entry_codes.c.citizen == citizen, entry_codes.c.kind == "device")
        )
        code, until = new_code(_DEVICE_GROUPS), now + seconds
        self._keep(connection, citizen, "device", code, until)
        return code, until

    def recovery_left(self, citizen: int) -> int:
        """Return how many recovery codes are left."""
        query = (
            sa.select(sa.func.count())
            .select_from(entry_codes)
            .where(entry_codes.c.citizen == citizen, entry_codes.c.kind == "recovery")
        )
        with self._store.engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def use(self, code: str, now: float, door: str) -> int:
        """Take a code, as it was typed; returns whose it was.

        Raises:
            SignInError: It opens nothing.
        """
        condition = entry_codes.c.hash == hash_of(typed(code))
        with self._store.write() as connection:
            row = connection.execute(
                sa.delete(entry_codes)
                .where(condition)
                .returning(entry_codes.c.citizen, entry_codes.c.kind, entry_codes.c.expires_at)
            ).one_or_none()
            if row is not None and (row.expires_at is None or now < row.expires_at):
                append(
                    connection,
                    "citizens",
                    at=now,
                    actor=Actor(citizen=row.citizen, door=door),
                    kind="code_used",
                    body={"code": row.kind},
                )
                return int(row.citizen)
        raise SignInError(
            "이 코드로는 들어올 수 없어요. 한 번만, 정해진 시간 안에 쓸 수 있어요. 새 코드를 받아 주세요.",
            "This code opens nothing. A code works once and for a limited time. Please get a new one.",
        )

    def _keep(
        self, connection: sa.Connection, citizen: int, kind: str, code: str, until: float | None
    ) -> None:
        connection.execute(
            sa.insert(entry_codes),
            {"citizen": citizen, "kind": kind, "hash": hash_of(typed(code)), "expires_at": until},
        )
