"""Organisations: companies, schools, associations. Members come by invitation links that work once."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from municipality.access import Action, Actor
from municipality.errors import ConflictError, NotAllowedError, NotFoundError, SignInError, TextRefusedError
from municipality.journal import append
from municipality.requests import once
from municipality.schema import invitations, memberships, organisations
from municipality.store import Store
from municipality.texts import checked_text
from municipality.tokens import hash_of, new_token

#: An invitation is good for a week.
INVITATION_SECONDS = 7 * 86_400.0
LONGEST_NAME = 60
#: Organisations that one citizen may belong to, and invitations that an organisation may have open.
_MOST_MEMBERSHIPS, _MOST_OPEN = 10, 50
RANKS = ("owner", "staff")


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation; `founded_at` in Unix seconds."""

    id: int
    name_ko: str
    name_en: str
    founded_at: float


@dataclass(frozen=True, slots=True)
class Member:
    """A citizen in an organisation; the rank is `owner` or `staff`."""

    citizen: int
    rank: str
    joined_at: float


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation, without its secret."""

    id: int
    rank: str
    made_at: float
    expires_at: float
    used_by: int | None


class Organisations:
    """Who belongs together. ``now`` is in Unix seconds throughout.

    Attributes:
        leaving: What ends for an organisation with a membership of it, in the same transaction; called with
            connection, actor, organisation and Unix seconds.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.leaving: list[Callable[[sa.Connection, Actor, int, float], None]] = []

    def found(self, actor: Actor, name_ko: str, name_en: str, now: float, key: str | None = None) -> int:
        """Found an organisation; the actor is its first owner. Returns its number.

        Raises:
            NotAllowedError: They are no citizen.
            TextRefusedError: A name may not be shown.
            ConflictError: They belong to as many as one may.
        """
        actor.require(Action.FOUND)
        citizen = actor.of_citizen()
        names = {
            "name_ko": checked_text(name_ko, ("한국어 이름", "Korean name"), LONGEST_NAME, lines=False),
            "name_en": checked_text(name_en, ("영어 이름", "English name"), LONGEST_NAME, lines=False),
        }
        with self._store.write() as connection:

            def act() -> int:
                self._check_room(connection, citizen)
                number = connection.execute(
                    sa.insert(organisations).returning(organisations.c.id), {**names, "founded_at": now}
                ).scalar_one()
                self._join(connection, number, citizen, "owner", now)
                append(
                    connection,
                    "organisations",
                    at=now,
                    actor=actor,
                    kind="founded",
                    body={"organisation": number},
                )
                return int(number)

            return once(connection, actor, key, {"act": "found", **names}, now=now, act=act)

    def find(self, organisation: int) -> Organisation:
        """Return an organisation.

        Raises:
            NotFoundError: There is none of that number.
        """
        with self._store.engine.connect() as connection:
            query = sa.select(organisations).where(organisations.c.id == organisation)
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError("그런 단체가 없어요.", "There is no such organisation.")
        return Organisation(*row)

    def of(self, citizen: int) -> list[tuple[Organisation, str]]:
        """Return the organisations of a citizen, with their rank in each."""
        query = (
            sa.select(organisations, memberships.c.rank)
            .join(memberships, memberships.c.organisation == organisations.c.id)
            .where(memberships.c.citizen == citizen)
            .order_by(organisations.c.id)
        )
        with self._store.engine.connect() as connection:
            return [(Organisation(*row[:-1]), row[-1]) for row in connection.execute(query)]

    def rank(self, organisation: int, citizen: int | None) -> str | None:
        """Return `owner` or `staff`; None when the citizen does not belong to it."""
        query = sa.select(memberships.c.rank).where(
            memberships.c.organisation == organisation, memberships.c.citizen == citizen
        )
        with self._store.engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def members(self, actor: Actor, organisation: int) -> list[Member]:
        """Return the members of one of the actor's organisations.

        Raises:
            NotAllowedError: They do not belong to it, nor administer the city.
        """
        if not actor.may(Action.ADMINISTER):
            self._require(actor, organisation, *RANKS)
        table = memberships.c
        query = (
            sa.select(table.citizen, table.rank, table.joined_at)
            .where(table.organisation == organisation)
            .order_by(table.joined_at, table.citizen)
        )
        with self._store.engine.connect() as connection:
            return [Member(*row) for row in connection.execute(query)]

    def invite(self, actor: Actor, organisation: int, rank: str, now: float) -> tuple[int, str, float]:
        """Make an invitation that one citizen can take.

        Returns:
            Its number, its secret (given this once), and until when it is good.

        Raises:
            NotAllowedError: The actor is no owner.
            ConflictError: Too many are open.
        """
        self._require(actor, organisation, "owner")
        if rank not in RANKS:
            raise TextRefusedError("그런 직책이 없어요.", "There is no such rank.")
        token, until = new_token(), now + INVITATION_SECONDS
        with self._store.write() as connection:
            table = invitations.c
            is_open = (
                (table.organisation == organisation) & table.used_by.is_(None) & (table.expires_at > now)
            )
            count = sa.select(sa.func.count()).select_from(invitations).where(is_open)
            if connection.execute(count).scalar_one() >= _MOST_OPEN:
                raise ConflictError(
                    "열려 있는 초대가 너무 많아요. 쓰지 않는 초대를 먼저 거두어 주세요.",
                    "Too many invitations are open. Withdraw some first.",
                )
            values = {
                "organisation": organisation,
                "hash": hash_of(token),
                "rank": rank,
                "made_at": now,
                "expires_at": until,
            }
            number = connection.execute(
                sa.insert(invitations).values(values).returning(table.id)
            ).scalar_one()
            body: dict[str, object] = {"organisation": organisation, "invitation": number, "rank": rank}
            append(connection, "organisations", at=now, actor=actor, kind="invited", body=body)
        return int(number), token, until

    def invitations(self, actor: Actor, organisation: int) -> list[Invitation]:
        """Return the invitations of an organisation, the newest first.

        Raises:
            NotAllowedError: The actor is no owner.
        """
        self._require(actor, organisation, "owner")
        table = invitations.c
        query = (
            sa.select(table.id, table.rank, table.made_at, table.expires_at, table.used_by)
            .where(table.organisation == organisation)
            .order_by(table.id.desc())
            .limit(_MOST_OPEN)
        )
        with self._store.engine.connect() as connection:
            return [Invitation(*row) for row in connection.execute(query)]

    def withdraw(self, actor: Actor, organisation: int, invitation: int, now: float) -> None:
        """Withdraw an invitation that nobody took.

        Raises:
            NotAllowedError: The actor is no owner.
            NotFoundError: There is no such invitation that is open.
        """
        self._require(actor, organisation, "owner")
        table = invitations.c
        condition = (table.id == invitation) & (table.organisation == organisation) & table.used_by.is_(None)
        with self._store.write() as connection:
            if not connection.execute(sa.delete(invitations).where(condition)).rowcount:
                raise NotFoundError("그런 열린 초대가 없어요.", "There is no such open invitation.")
            body: dict[str, object] = {"organisation": organisation, "invitation": invitation}
            append(connection, "organisations", at=now, actor=actor, kind="withdrawn", body=body)

    def accept(self, actor: Actor, token: str, now: float) -> int:
        """Take an invitation; returns the organisation's number.

        Raises:
            NotAllowedError: The actor is no citizen.
            SignInError: The invitation was taken, withdrawn, is too old, or never was.
            ConflictError: They belong to it already, or to as many as one may.
        """
        citizen = actor.of_citizen()
        actor.require(Action.FOUND)
        table = invitations.c
        with self._store.write() as connection:
            row = connection.execute(
                sa.select(table.id, table.organisation, table.rank)
                .where(table.hash == hash_of(token), table.used_by.is_(None), table.expires_at > now)
                .with_for_update()
            ).one_or_none()
            if row is None:
                raise SignInError(
                    "이 초대는 이미 쓰였거나 기한이 지났어요. 보낸 사람에게 새 초대를 부탁해 주세요.",
                    "This invitation was used or is too old. Please ask for a new one.",
                )
            self._check_room(connection, citizen)
            known = sa.select(memberships.c.rank).where(
                memberships.c.organisation == row.organisation, memberships.c.citizen == citizen
            )
            if connection.execute(known).one_or_none() is not None:
                raise ConflictError(
                    "이미 이 단체의 구성원이에요.", "You belong to this organisation already."
                )
            connection.execute(sa.update(invitations).where(table.id == row.id).values(used_by=citizen))
            self._join(connection, row.organisation, citizen, row.rank, now)
            body: dict[str, object] = {"organisation": row.organisation, "invitation": row.id}
            append(connection, "organisations", at=now, actor=actor, kind="joined", body=body)
        return int(row.organisation)

    def leave(self, actor: Actor, organisation: int, citizen: int, now: float) -> None:
        """End a membership: one's own, or as an owner somebody else's.

        Raises:
            NotAllowedError: It is somebody else's, and the actor is no owner.
            NotFoundError: There is no such member.
            ConflictError: They are the last owner.
        """
        if citizen != actor.citizen:
            self._require(actor, organisation, "owner")
        of_it = memberships.c.organisation == organisation
        with self._store.write() as connection:
            if not connection.execute(
                sa.delete(memberships).where(of_it, memberships.c.citizen == citizen)
            ).rowcount:
                raise NotFoundError("그런 구성원이 없어요.", "There is no such member.")
            self._left(connection, actor, organisation, citizen, now)
            if not _has(connection, of_it, memberships.c.rank == "owner"):
                raise _ownerless()

    def end(self, connection: sa.Connection, actor: Actor, now: float) -> None:
        """End the memberships of somebody who is erased; what they alone belonged to is left empty.

        Raises:
            ConflictError: They are the last owner of an organisation that has other members.
        """
        citizen = actor.of_citizen()
        query = sa.delete(memberships).where(memberships.c.citizen == citizen)
        for number in connection.execute(query.returning(memberships.c.organisation)).scalars().all():
            self._left(connection, actor, number, citizen, now)
            of_it = memberships.c.organisation == number
            if _has(connection, of_it) and not _has(connection, of_it, memberships.c.rank == "owner"):
                raise _ownerless()

    def _left(
        self, connection: sa.Connection, actor: Actor, organisation: int, citizen: int, now: float
    ) -> None:
        # Before anybody asks who is left: of two who leave at once, its lock lets the second see that.
        body: dict[str, object] = {"organisation": organisation, "citizen": citizen}
        append(connection, "organisations", at=now, actor=actor, kind="left", body=body)
        for end in self.leaving:
            end(connection, actor, organisation, now)

    def _require(self, actor: Actor, organisation: int, *ranks: str) -> None:
        if self.rank(organisation, actor.of_citizen()) not in ranks:
            raise NotAllowedError(
                "이 단체의 대표만 할 수 있어요."
                if ranks == ("owner",)
                else "이 단체의 구성원만 볼 수 있어요.",
                "Only its owners can do this." if ranks == ("owner",) else "Only its members can see this.",
            )

    def _check_room(self, connection: sa.Connection, citizen: int) -> None:
        query = sa.select(sa.func.count()).select_from(memberships).where(memberships.c.citizen == citizen)
        if connection.execute(query).scalar_one() >= _MOST_MEMBERSHIPS:
            raise ConflictError(
                f"단체에는 {_MOST_MEMBERSHIPS}곳까지 들어갈 수 있어요.",
                f"You can belong to {_MOST_MEMBERSHIPS} organisations.",
            )

    def _join(
        self, connection: sa.Connection, organisation: int, citizen: int, rank: str, now: float
    ) -> None:
        values = {"organisation": organisation, "citizen": citizen, "rank": rank, "joined_at": now}
        connection.execute(sa.insert(memberships), values)


def _has(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> bool:
    """Return whether there is such a membership."""
    query = sa.select(memberships.c.citizen).where(*which).limit(1)
    return connection.execute(query).one_or_none() is not None


def _ownerless() -> ConflictError:
    return ConflictError(
        "마지막 대표는 나갈 수 없어요. 다른 대표를 먼저 정해 주세요.",
        "The last owner cannot leave. Invite another owner first.",
    )
