"""Sanctions: who may give which to whom, and for how long.

An act needs its capability at its place and a reason. It is written into the journal `moderation` with the
change itself; the reason's text is not, only its digest.
"""

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from municipality.access import Action, Actor, Grant, Role, covers
from municipality.errors import ConflictError, NotAllowedError, NotFoundError
from municipality.journal import append, digest_of
from municipality.moderation.act import FORBIDS, GRADED_SECONDS, NEEDS, Act, Category, Kind, checked_length
from municipality.moderation.order import Order
from municipality.moderation.register import Register, find_act, is_about
from municipality.moderation.words import Words
from municipality.requests import once
from municipality.schema import citizens
from municipality.schema import moderation_acts as acts
from municipality.schema import moderation_appeals as appeals
from municipality.store import Store
from municipality.texts import checked_text
from municipality.tokens import hash_of, new_code, typed

JOURNAL = "moderation"
_REASON = ("이유", "reason")
_LONGEST_REASON = 1_000
#: Groups of five signs in the code that a visitor appeals with.
_CODE_GROUPS = 3
_DONE = {Kind.MUTE: "muted", Kind.KICK: "kicked", Kind.TIMEOUT: "timed_out", Kind.BAN: "banned"}


class Moderation:
    """The office of sanctions. ``now`` is in Unix seconds throughout.

    Attributes:
        register: What holds, and what was done.
        unpublishing: What ends when somebody may not publish any more, in the same transaction; called with
            connection, officer, citizen, place and Unix seconds.
    """

    def __init__(self, store: Store, words: Words, grants: Callable[[int], Iterable[Grant]]) -> None:
        """Keep sanctions in ``store``.

        Args:
            store: The database.
            words: Seals what is written about people.
            grants: Returns what a citizen was given: officers and operators are not anybody's to sanction.
        """
        self._store = store
        self._words = words
        self._grants = grants
        self.register = Register(store, words)
        self.unpublishing: list[Callable[[sa.Connection, Actor, int, str, float], None]] = []

    def act(self, actor: Actor, order: Order, now: float, key: str | None = None) -> tuple[Act, str | None]:
        """Do something about somebody.

        Returns:
            The act, and the code that a visitor appeals with: it is given this once.

        Raises:
            NotAllowedError: The actor may not do this there, or not to this person.
            NotFoundError: There is no such citizen.
            ConflictError: It is too short or too long, the target is not there, or nothing milder came first.
            TextRefusedError: The reason is empty, too long, or holds what may not be shown.
        """
        actor.require(NEEDS[order.kind], order.place)
        officer = actor.of_citizen()
        self._check_target(actor, order)
        reason = checked_text(order.reason, _REASON, _LONGEST_REASON)
        seconds = checked_length(order.kind, order.seconds, order.target)
        code = new_code(_CODE_GROUPS) if order.target.citizen is None else None
        content = order.content(seconds)
        fresh = False
        with self._store.write() as connection:

            def write() -> int:
                nonlocal fresh
                fresh = True
                self._check_graded(connection, order, now)
                number = self._insert(connection, order, officer, now, seconds, reason, code)
                body = content | {"act": number, "reason": digest_of(reason)}
                append(connection, JOURNAL, at=now, actor=actor, kind=_DONE[order.kind], body=body)
                self._end_publishing(connection, actor, order, now)
                return number

            number = once(connection, actor, key, content | {"reason": reason}, now=now, act=write)
            return find_act(connection, number), code if fresh else None

    def lift(self, actor: Actor, number: int, reason: str, now: float) -> Act:
        """Take an act back.

        Raises:
            NotFoundError: There is none of that number.
            NotAllowedError: The actor may not do such acts there, or it is about themselves.
            ConflictError: It was taken back already.
            TextRefusedError: The reason will not do.
        """
        with self._store.write() as connection:
            found = find_act(connection, number)
            actor.require(NEEDS[found.kind], found.place)
            shown = checked_text(reason, _REASON, _LONGEST_REASON)
            return lift_in(connection, actor, found, now, reason=digest_of(shown))

    def forget(self, now: float) -> None:
        """Delete what may be kept no longer: networks after a day, words about visitors after half a year."""
        over = acts.c.network_until <= now
        old = acts.c.at < now - GRADED_SECONDS
        visitors = sa.select(acts.c.id).where(acts.c.citizen.is_(None), old)
        with self._store.write() as connection:
            connection.execute(
                sa.update(acts).where(over).values(salt=None, network=None, network_until=None)
            )
            connection.execute(
                sa.update(acts)
                .where(acts.c.citizen.is_(None), old, acts.c.reason.is_not(None))
                .values(reason=None)
            )
            connection.execute(
                sa.update(appeals).where(appeals.c.act.in_(visitors)).values(text=None, answer=None)
            )

    # --- own --------------------------------------------------------------------------------------------

    def _insert(  # noqa: PLR0913, PLR0917 -- the columns of a row
        self,
        connection: sa.Connection,
        order: Order,
        officer: int,
        now: float,
        seconds: float,
        reason: str,
        code: str | None,
    ) -> int:
        values = {
            "kind": order.kind,
            "place": order.place,
            "citizen": order.target.citizen,
            "person": order.target.person,
            "category": order.category,
            "reason": self._words.seal(connection, order.target.citizen, reason),
            "officer": officer,
            "at": now,
            "until": now + seconds,
            "code": hash_of(typed(code)) if code else None,
            **order.binding(now, seconds),
        }
        return int(connection.execute(sa.insert(acts).values(values).returning(acts.c.id)).scalar_one())

    def _end_publishing(self, connection: sa.Connection, actor: Actor, order: Order, now: float) -> None:
        if order.target.citizen is None or Action.PUBLISH not in FORBIDS[order.kind]:
            return
        for end in self.unpublishing:
            end(connection, actor, order.target.citizen, order.place, now)

    def _check_target(self, actor: Actor, order: Order) -> None:
        target = order.target
        if target.citizen is not None:
            if target.citizen == actor.citizen:
                raise NotAllowedError("자신에게는 할 수 없어요.", "You cannot do this to yourself.")
            self._check_citizen(target.citizen)
            roles = {grant.role for grant in self._grants(target.citizen)}
            if Role.OPERATOR in roles:
                raise NotAllowedError(
                    "운영자에게는 할 수 없어요. 먼저 역할을 거두어야 해요.",
                    "This cannot be done to an operator, unless the role is taken away first.",
                )
            if Role.OFFICER in roles and not actor.may(Action.ADMINISTER):
                raise NotAllowedError(
                    "담당자에게는 운영자만 할 수 있어요.", "Only operators can do this to an officer."
                )
        needs_to_be_there = order.kind is Kind.KICK or target.citizen is None
        if needs_to_be_there and (order.standing is None or not covers(order.place, order.standing)):
            raise ConflictError(
                "그 사람이 지금 그곳에 없어요.", "This person is not at that place at the moment."
            )

    def _check_citizen(self, number: int) -> None:
        query = sa.select(citizens.c.id).where(citizens.c.id == number, citizens.c.erased_at.is_(None))
        with self._store.engine.connect() as connection:
            if connection.execute(query).one_or_none() is None:
                raise NotFoundError("그런 시민이 없어요.", "There is no such citizen.")

    def _check_graded(self, connection: sa.Connection, order: Order, now: float) -> None:
        """Let a ban follow something milder, unless somebody is in danger."""
        if order.kind is not Kind.BAN or order.category is Category.DANGER:
            return
        query = sa.select(acts.c.id).where(
            is_about(order.target),
            acts.c.kind.in_([Kind.TIMEOUT, Kind.BAN]),
            acts.c.at >= now - GRADED_SECONDS,
            acts.c.lifted_at.is_(None),
        )
        if connection.execute(query.limit(1)).one_or_none() is None:
            raise ConflictError(
                "차단은 일정 시간 내보내기 뒤에 할 수 있어요. 위협이나 불법이면 바로 할 수 있어요.",
                "A ban follows a timeout. Only for threats or what the law forbids it can come first.",
            )


def lift_in(connection: sa.Connection, actor: Actor, act: Act, now: float, **body: object) -> Act:
    """Take an act back, in a transaction.

    Raises:
        NotAllowedError: It is about the actor.
        ConflictError: It was taken back already.
    """
    if act.target.citizen is not None and act.target.citizen == actor.citizen:
        raise NotAllowedError("자신의 처분은 거둘 수 없어요.", "You cannot lift what was done to you.")
    if act.lifted_at is not None:
        raise ConflictError("이미 거둔 처분이에요.", "This act was lifted already.")
    connection.execute(
        sa.update(acts)
        .where(acts.c.id == act.id)
        .values(lifted_at=now, lifted_by=actor.of_citizen(), salt=None, network=None, network_until=None)
    )
    append(connection, JOURNAL, at=now, actor=actor, kind="lifted", body={"act": act.id, **body})
    return find_act(connection, act.id)
