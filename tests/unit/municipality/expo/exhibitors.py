"""A hall of three slots, and people in it with real memberships and keys."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from municipality import journal
from municipality.access import EXPO, Actor, Grant, Role
from municipality.expo import Booths, Contacts, Publishing, Slot, Visits, WriteUp
from municipality.schema import citizens, memberships
from municipality.store import Store
from municipality.vault import Vault

A1, A2, B1 = "kdj_center-a1", "kdj_center-a2", "kdj_center-b1"
SLOTS = tuple(
    Slot(
        name, f"{EXPO}/{name[-2:]}", ((x, 0.0), (x + 6.0, 0.0), (x + 6.0, 6.0), (x, 6.0)), (x + 3.0, 3.0, 5.8)
    )
    for x, name in ((0.0, A1), (10.0, A2), (20.0, B1))
)
SAYS = WriteUp(
    "빛고을 로봇",
    "Bitgoeul Robots",
    "배달 로봇을 만나요",
    "Meet delivery robots",
    link="https://example.org/",
)
VISITOR = Actor(session=7)


@dataclass
class Expo:
    """The rooms under test, over one database."""

    store: Store
    vault: Vault
    booths: Booths
    publishing: Publishing
    visits: Visits
    contacts: Contacts

    @classmethod
    def over(cls, store: Store) -> "Expo":
        vault, booths = Vault(b"m" * 32), Booths(store, SLOTS)
        return cls(
            store,
            vault,
            booths,
            Publishing(store, booths),
            Visits(store, booths),
            Contacts(store, vault, booths),
        )

    def citizen(self, *grants: Grant) -> Actor:
        """A new citizen with a key of their own."""
        row = {"handle": secrets.token_bytes(32), "colour": 0, "language": "ko", "joined_at": 0.0}
        with self.store.write() as connection:
            number = int(
                connection.execute(sa.insert(citizens).values(**row).returning(citizens.c.id)).scalar_one()
            )
            self.vault.admit(connection, number)
        return Actor(number, 1, "api", frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN), *grants}))

    def officer(self) -> Actor:
        return self.citizen(Grant(Role.OFFICER, EXPO))

    def now(self, actor: Actor) -> Actor:
        """The same citizen with the rights that booths give them at this moment."""
        assert actor.citizen is not None
        return replace(actor, grants=actor.grants | set(self.booths.grants_of(actor.citizen)))

    def belong(self, actor: Actor, organisation: int, rank: str = "owner") -> None:
        row = {"organisation": organisation, "citizen": actor.citizen, "rank": rank, "joined_at": 0.0}
        with self.store.write() as connection:
            connection.execute(sa.insert(memberships), row)

    def leave(self, actor: Actor, organisation: int) -> None:
        with self.store.write() as connection:
            connection.execute(
                sa.delete(memberships).where(
                    memberships.c.citizen == actor.citizen, memberships.c.organisation == organisation
                )
            )

    def kinds(self) -> list[str]:
        """What the journal tells; its chain must hold."""
        with self.store.engine.connect() as connection:
            assert journal.verify(connection, "expo") == []
            return [entry.kind for entry in journal.entries(connection, "expo")]

    def everything_kept(self, tables: Iterable[str]) -> str:
        """All rows of tables as text, to look for what must not stand there."""
        with self.store.engine.connect() as connection:
            return "\n".join(
                repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
                for table in tables
                for row in connection.execute(sa.text(f"SELECT * FROM {table}"))  # noqa: S608 - our own names
            )
