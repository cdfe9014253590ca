"""The roll: every citizen by number. Their name stands sealed; the journal knows only the number."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from municipality.access import Actor
from municipality.errors import NotFoundError, SignInError, VaultError
from municipality.journal import append
from municipality.names import checked_name
from municipality.schema import citizens, entry_codes, passkeys, sessions
from municipality.store import Store
from municipality.vault import Vault

_HANDLE_BYTES = 32
#: What a name is sealed for.
_NAME = "name"
_NAMES_OF = sa.select(citizens.c.id, citizens.c.name).where(
    citizens.c.id.in_(sa.bindparam("numbers", expanding=True))
)
_ACCOUNT_OF = sa.select(citizens.c.account).where(citizens.c.id == sa.bindparam("citizen"))


@dataclass(frozen=True, slots=True)
class Citizen:
    """One citizen.

    Attributes:
        id: Their number.
        name: As shown; None once they were erased.
        colour: Index into the coat colours.
        language: `ko` or `en`.
        account: Of theirs in the ledger; None until it is opened.
        joined_at: Unix seconds.
    """

    id: int
    name: str | None
    colour: int
    language: str
    account: int | None
    joined_at: float


#: Called in the transaction of an erasure, with the actor and Unix seconds: ends what else hangs on them, or
#: refuses while others depend on them.
Erasing = Callable[[sa.Connection, Actor, float], None]


class Citizens:
    """Who is a citizen. ``now`` is in Unix seconds throughout.

    Attributes:
        erasing: Other rooms that are asked before somebody is erased.
    """

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self.erasing: list[Erasing] = []

    def join(  # noqa: PLR0913 -- what is asked of a new citizen
        self,
        connection: sa.Connection,
        name: str,
        *,
        now: float,
        handle: bytes | None = None,
        colour: int = 0,
        language: str = "ko",
        door: str = "page",
    ) -> int:
        """Take up a new citizen, in the transaction that gives them a way in; returns their number.

        Raises:
            NameRefusedError: The name may not be shown.
        """
        shown = checked_name(name)
        number = connection.execute(
            sa.insert(citizens).returning(citizens.c.id),
            {
                "handle": handle or secrets.token_bytes(_HANDLE_BYTES),
                "colour": colour,
                "language": language,
                "joined_at": now,
            },
        ).scalar_one()
        self._vault.admit(connection, number)
        self._rename(connection, number, shown)
        append(connection, "citizens", at=now, actor=Actor(citizen=number, door=door), kind="joined", body={})
        return int(number)

    def find(self, citizen: int) -> Citizen:
        """Return a citizen.

        Raises:
            NotFoundError: There is none of that number.
        """
        with self._store.engine.connect() as connection:
            row = connection.execute(sa.select(citizens).where(citizens.c.id == citizen)).one_or_none()
            if row is None:
                raise _nobody()
            name = self._name(connection, row.id, row.name)
        return Citizen(row.id, name, row.colour, row.language, row.account, row.joined_at)

    def account(self, citizen: int) -> int | None:
        """Return a citizen's account in the ledger; None until it is opened.

        Raises:
            NotFoundError: There is none of that number.
        """
        with self._store.engine.connect() as connection:
            row = connection.execute(_ACCOUNT_OF, {"citizen": citizen}).one_or_none()
        if row is None:
            raise _nobody()
        account: int | None = row.account
        return account

    def with_account(self, account: int) -> int | None:
        """Return the number of the citizen whose account it is; None when it is nobody's."""
        query = sa.select(citizens.c.id).where(citizens.c.account == account)
        with self._store.engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def names(self, numbers: Iterable[int]) -> dict[int, str | None]:
        """Return names as shown; None for who was erased."""
        wanted = set(numbers)
        if not wanted:
            return {}
        with self._store.engine.connect() as connection:
            rows = connection.execute(_NAMES_OF, {"numbers": sorted(wanted)}).all()
            sealed = {row.id: row.name for row in rows if row.name is not None}
            opened = self._vault.unseal_all(connection, _NAME, sealed)
        return {row.id: opened[row.id].decode() if row.id in opened else None for row in rows}

    def update(self, actor: Actor, name: str, colour: int, language: str) -> None:
        """Change how the actor is shown.

        Raises:
            NotAllowedError: They are no citizen.
            NameRefusedError: The name may not be shown.
        """
        number, shown = actor.of_citizen(), checked_name(name)
        with self._store.write() as connection:
            connection.execute(
                sa.update(citizens).where(citizens.c.id == number).values(colour=colour, language=language)
            )
            self._rename(connection, number, shown)

    def give_account(self, citizen: int, account: int) -> None:
        """Note a citizen's account in the ledger."""
        with self._store.write() as connection:
            connection.execute(sa.update(citizens).where(citizens.c.id == citizen).values(account=account))

    def without_account(self) -> list[int]:
        """Return who still waits for an account."""
        query = sa.select(citizens.c.id).where(citizens.c.account.is_(None), citizens.c.erased_at.is_(None))
        with self._store.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def erase(self, actor: Actor, now: float) -> None:
        """Erase the actor: the key of their personal data, every way in, every role. The journals stay.

        Raises:
            NotAllowedError: They are no citizen.
            SignInError: They were erased already.
            ConflictError: The city, or an organisation with other members, would be left without anybody.
        """
        number = actor.of_citizen()
        with self._store.write() as connection:
            require_standing(connection, number)
            append(connection, "citizens", at=now, actor=actor, kind="erased", body={})
            for ask in self.erasing:
                ask(connection, actor, now)
            self._vault.erase(connection, number)
            for table in (passkeys, entry_codes, sessions):
                connection.execute(sa.delete(table).where(table.c.citizen == number))
            connection.execute(
                sa.update(citizens).where(citizens.c.id == number).values(name=None, erased_at=now)
            )

    def _rename(self, connection: sa.Connection, citizen: int, name: str) -> None:
        sealed = self._vault.seal(connection, citizen, _NAME, name.encode())
        connection.execute(sa.update(citizens).where(citizens.c.id == citizen).values(name=sealed))

    def _name(self, connection: sa.Connection, citizen: int, sealed: bytes | None) -> str | None:
        if sealed is None:
            return None
        try:
            return self._vault.unseal(connection, citizen, _NAME, sealed).decode()
        except VaultError:
            return None


def _nobody() -> NotFoundError:
    return NotFoundError("그런 시민이 없어요.", "There is no such citizen.")


def require_standing(connection: sa.Connection, citizen: int) -> None:
    """Go on only with somebody who is not erased, nor will be before this transaction ends.

    A request that began before they were erased must not leave a way in behind.

    Raises:
        SignInError: They were erased, or never were.
    """
    query = sa.select(citizens.c.id).where(citizens.c.id == citizen, citizens.c.erased_at.is_(None))
    if connection.execute(query.with_for_update()).one_or_none() is None:
        raise SignInError(
            "이제 시민이 아니에요. 다시 시민이 되어 주세요.",
            "You are no citizen any more. Please become one anew.",
        )
