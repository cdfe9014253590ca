"""Reading booths, and who belongs to them; within the transaction of whoever asks."""

from typing import Any

import sqlalchemy as sa

from municipality.access import Action, Actor
from municipality.errors import NotAllowedError, NotFoundError
from municipality.expo.booth import Booth, Model, State, WriteUp
from municipality.expo.slot import Slot
from municipality.schema import booths, memberships, organisations

JOURNAL = "expo"
_WORDS = tuple(WriteUp.__dataclass_fields__)


def held(*, lock: bool = False) -> sa.Select[Any]:
    """Return the query of all booths that are held; ``lock`` keeps others from changing what it finds."""
    query = (
        sa.select(booths, organisations.c.name_ko, organisations.c.name_en)
        .join(organisations, organisations.c.id == booths.c.organisation)
        .where(booths.c.freed_at.is_(None))
        .order_by(booths.c.slot)
    )
    return query.with_for_update(of=booths) if lock else query


def booth_in(connection: sa.Connection, slot: Slot, *, lock: bool = False) -> Booth | None:
    """Return the booth in a slot; None when it is free."""
    row = connection.execute(held(lock=lock).where(booths.c.slot == slot.id)).one_or_none()
    return None if row is None else booth_of(row)


def booth_of(row: Any) -> Booth:
    """Return a row of :func:`held` as a booth."""
    return Booth(
        row.id,
        row.slot,
        (row.organisation, row.name_ko, row.name_en),
        State(row.state),
        WriteUp(*(getattr(row, word) for word in _WORDS)),
        None if row.model is None else Model(row.model, row.model_report),
        row.token_at,
        row.taken_at,
        row.changed_at,
    )


def taken_booth(connection: sa.Connection, slot: Slot) -> Booth:
    """Return the booth in a slot, which nobody else changes until this transaction ends.

    Raises:
        NotFoundError: The slot is free.
    """
    booth = booth_in(connection, slot, lock=True)
    if booth is None:
        raise NotFoundError("이 칸은 비어 있어요.", "This slot is free.")
    return booth


def own_booth(connection: sa.Connection, actor: Actor, slot: Slot, action: Action) -> Booth:
    """Return the booth in a slot for one of its organisation, to change it in this transaction.

    The actor's rights were read when their request began: whether they still belong is asked again here.

    Raises:
        NotAllowedError: They may not do this there, or do not belong to its organisation any more.
        NotFoundError: The slot is free.
    """
    booth = taken_booth(connection, slot)
    actor.require(action, slot.place)
    require_member(connection, actor, booth.organisation[0])
    return booth


def rank_in(connection: sa.Connection, actor: Actor, organisation: int) -> str | None:
    """Return the actor's rank in an organisation as it stands now; None when they do not belong to it."""
    query = sa.select(memberships.c.rank).where(
        memberships.c.organisation == organisation, memberships.c.citizen == actor.citizen
    )
    return connection.execute(query).scalar_one_or_none()


def require_member(
    connection: sa.Connection, actor: Actor, organisation: int, *, owner: bool = False
) -> None:
    """Go on only for a member of an organisation, or only for an owner.

    Raises:
        NotAllowedError: They do not belong to it, or are no owner.
    """
    rank = rank_in(connection, actor, organisation)
    if rank is None:
        raise NotAllowedError(
            "이 부스를 맡은 단체의 구성원만 할 수 있어요.",
            "Only members of the booth's organisation may do this.",
        )
    if owner and rank != "owner":
        raise NotAllowedError("단체의 대표만 할 수 있어요.", "Only owners of the organisation may do this.")
