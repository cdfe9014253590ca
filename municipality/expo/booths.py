"""Booths: taken first come, written up, opened and closed, given back or freed."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from municipality.access import Action, Actor, Grant, Role
from municipality.errors import ConflictError, NotFoundError
from municipality.expo.booth import Booth, Model, State, WriteUp
from municipality.expo.holding import (
    JOURNAL,
    booth_in,
    booth_of,
    held,
    own_booth,
    require_member,
    taken_booth,
)
from municipality.expo.slot import Slot
from municipality.journal import append, digest_of
from municipality.schema import booths, citizens, contacts, memberships, organisations
from municipality.store import Store
from municipality.texts import checked_text

#: Slots that one organisation may hold, and one citizen may have taken, for whichever organisations.
MOST_SLOTS = 2
LONGEST_REASON = 300
#: Every request asks this; put together once.
_SLOTS_OF = (
    sa.select(booths.c.slot)
    .join(memberships, memberships.c.organisation == booths.c.organisation)
    .where(memberships.c.citizen == sa.bindparam("citizen"), booths.c.freed_at.is_(None))
)


class Booths:
    """Who holds which slot, and what stands in it. ``now`` is in Unix seconds throughout.

    Attributes:
        slots: By id.
    """

    def __init__(self, store: Store, slots: Iterable[Slot]) -> None:
        self._store = store
        self.slots: Mapping[str, Slot] = {slot.id: slot for slot in slots}
        self._open: frozenset[str] = frozenset()
        self._look_again()

    def slot(self, name: str) -> Slot:
        """Return a slot of the hall.

        Raises:
            NotFoundError: There is none of that name.
        """
        if name not in self.slots:
            raise NotFoundError("그런 부스 칸이 없어요.", "There is no such slot.")
        return self.slots[name]

    def is_open(self, name: str) -> bool:
        """Tell whether the booth in a slot is open, without waiting for the database."""
        return name in self._open

    def all(self) -> list[Booth]:
        """Return every booth, whatever its state; who may see what is in it, :meth:`sees` tells."""
        with self._store.engine.connect() as connection:
            rows = [booth_of(row) for row in connection.execute(held())]
        return [booth for booth in rows if booth.slot in self.slots]

    def find(self, name: str) -> Booth | None:
        """Return the booth in a slot; None when the slot is free.

        Raises:
            NotFoundError: There is no such slot.
        """
        slot = self.slot(name)
        with self._store.engine.connect() as connection:
            return booth_in(connection, slot)

    def sees(self, actor: Actor, booth: Booth) -> bool:
        """Tell whether somebody may see what is in a booth: anybody while it is open, else its staff."""
        place = self.slots[booth.slot].place
        return booth.state is State.OPEN or actor.may(Action.EDIT_BOOTH, place)

    def put(self, actor: Actor, name: str, organisation: int, says: WriteUp, now: float) -> Booth:
        """Write a booth up; a slot that is free is taken with it, first come, first served.

        Raises:
            NotFoundError: There is no such slot.
            NotAllowedError: The actor may not take slots, or does not belong to the organisation.
            TextRefusedError: A text may not be shown, or the link is none.
            ConflictError: Another organisation holds it, or this one holds as many as it may.
        """
        slot, checked = self.slot(name), says.checked()
        citizen = actor.of_citizen()
        with self._store.write() as connection:
            booth = booth_in(connection, slot, lock=True)
            if booth is None:
                actor.require(Action.TAKE_SLOT, _parent(slot.place))
                require_member(connection, actor, organisation, owner=True)
                self._check_room(connection, organisation, citizen)
                self._take(connection, actor, slot, organisation, checked, citizen, now)
            else:
                if booth.organisation[0] != organisation:
                    raise ConflictError(
                        "이 칸은 다른 단체가 먼저 맡았어요. 비어 있는 다른 칸을 골라 주세요.",
                        "Another organisation holds this slot. Please choose a free one.",
                    )
                own_booth(connection, actor, slot, Action.EDIT_BOOTH)
                self._change(connection, booth, now, **_columns(checked))
                append(
                    connection, JOURNAL, at=now, actor=actor, kind="write", body=_digests(booth.id, checked)
                )
            return taken_booth(connection, slot)

    def set_model(self, actor: Actor, name: str, model: Model | None, now: float) -> str | None:
        """Set up another model, or none.

        Returns:
            SHA-256 of a model that no booth needs any more; None when all are needed.

        Raises:
            NotFoundError: There is no such slot, or it is free.
            NotAllowedError: The actor may not edit the booth.
        """
        slot = self.slot(name)
        with self._store.write() as connection:
            booth = own_booth(connection, actor, slot, Action.EDIT_BOOTH)
            columns = {"model": model and model.sha256, "model_report": model and model.report}
            self._change(connection, booth, now, **columns)
            body = {"booth": booth.id, "model": model and model.sha256}
            append(connection, JOURNAL, at=now, actor=actor, kind="model", body=body)
            return self._unneeded(connection, booth.model)

    def may_edit(self, actor: Actor, name: str) -> Booth:
        """Return a booth to one who may edit it: asked before a large upload is read.

        Raises:
            NotFoundError: There is no such slot, or it is free.
            NotAllowedError: The actor may not edit the booth.
        """
        slot = self.slot(name)
        with self._store.engine.connect() as connection:
            return own_booth(connection, actor, slot, Action.EDIT_BOOTH)

    def open(self, actor: Actor, name: str, now: float) -> Booth:
        """Open a booth to everybody.

        Raises:
            NotFoundError: There is no such slot, or it is free.
            NotAllowedError: The actor may not edit the booth.
            ConflictError: It is open.
        """
        return self._turn(actor, name, State.OPEN, "open", now)

    def close(self, actor: Actor, name: str, now: float) -> Booth:
        """Close a booth; what is in it stays.

        Raises:
            NotFoundError: There is no such slot, or it is free.
            NotAllowedError: The actor may not edit the booth.
            ConflictError: It is not open.
        """
        return self._turn(actor, name, State.CLOSED, "close", now)

    def free(self, actor: Actor, name: str, reason: str | None, now: float) -> str | None:
        """Free a slot: an owner gives it back, an officer takes it with a reason.

        The booth's key ends, and the contacts left there are destroyed with what they were left for.

        Returns:
            SHA-256 of a model that no booth needs any more; None when all are needed.

        Raises:
            NotFoundError: There is no such slot, or it is free.
            NotAllowedError: The actor is neither.
            TextRefusedError: An officer gives no reason, or none that may be shown.
        """
        slot = self.slot(name)
        with self._store.write() as connection:
            booth, said = taken_booth(connection, slot), None
            if actor.may(Action.FREE_SLOT, slot.place):
                said = checked_text(reason or "", ("이유", "reason"), LONGEST_REASON)
            else:
                actor.require(Action.EDIT_BOOTH, slot.place)
                require_member(connection, actor, booth.organisation[0], owner=True)
            values = {"state": State.FREED.value, "freed_at": now, "freed_reason": said}
            self._change(connection, booth, now, token=None, token_at=None, model=None, **values)
            gone = sa.delete(contacts).where(contacts.c.booth == booth.id)
            left = connection.execute(gone).rowcount
            body = {
                "booth": booth.id,
                "slot": slot.id,
                "reason": said and digest_of(said),
                "contacts_destroyed": left,
            }
            append(connection, JOURNAL, at=now, actor=actor, kind="free", body=body)
            unneeded = self._unneeded(connection, booth.model)
        self._look_again()
        return unneeded

    def grants_of(self, citizen: int) -> list[Grant]:
        """Return an exhibitor's roles: at each slot that one of their organisations holds."""
        with self._store.engine.connect() as connection:
            names = connection.execute(_SLOTS_OF, {"citizen": citizen}).scalars()
            return [Grant(Role.EXHIBITOR, self.slots[name].place) for name in names if name in self.slots]

    def staff(self, booth: Booth) -> list[int]:
        """Return the citizens who belong to a booth's organisation."""
        query = sa.select(memberships.c.citizen).where(memberships.c.organisation == booth.organisation[0])
        with self._store.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def _turn(self, actor: Actor, name: str, state: State, kind: str, now: float) -> Booth:
        slot = self.slot(name)
        with self._store.write() as connection:
            booth = own_booth(connection, actor, slot, Action.EDIT_BOOTH)
            if (booth.state is State.OPEN) is (state is State.OPEN):
                raise ConflictError(
                    "부스가 이미 열려 있어요." if state is State.OPEN else "열려 있는 부스가 아니에요.",
                    "The booth is open already." if state is State.OPEN else "The booth is not open.",
                )
            self._change(connection, booth, now, state=state.value)
            append(connection, JOURNAL, at=now, actor=actor, kind=kind, body={"booth": booth.id})
            turned = taken_booth(connection, slot)
        self._look_again()
        return turned

    def _take(  # noqa: PLR0913, PLR0917 -- who takes what for whom, in which words, when
        self,
        connection: sa.Connection,
        actor: Actor,
        slot: Slot,
        organisation: int,
        says: WriteUp,
        citizen: int,
        now: float,
    ) -> None:
        values = {
            "slot": slot.id,
            "organisation": organisation,
            "state": State.DRAFT.value,
            "taken_by": citizen,
            "taken_at": now,
            "changed_at": now,
            **_columns(says),
        }
        insert = sa.insert(booths).values(values).returning(booths.c.id)
        try:
            number = int(connection.execute(insert).scalar_one())
        except sa.exc.IntegrityError as error:  # on PostgreSQL two may come at the same moment
            raise ConflictError(
                "방금 다른 단체가 이 칸을 맡았어요. 다른 칸을 골라 주세요.",
                "Another organisation took this slot a moment ago. Please choose another.",
            ) from error
        body = {**_digests(number, says), "slot": slot.id, "organisation": organisation}
        append(connection, JOURNAL, at=now, actor=actor, kind="take", body=body)

    def _check_room(self, connection: sa.Connection, organisation: int, citizen: int) -> None:
        own = sa.select(organisations.c.id).where(organisations.c.id == organisation)
        connection.execute(own.with_for_update())  # one slot at a time
        taker = sa.select(citizens.c.id).where(citizens.c.id == citizen)
        connection.execute(taker.with_for_update())
        query = sa.select(sa.func.count()).select_from(booths).where(booths.c.freed_at.is_(None))
        if connection.execute(query.where(booths.c.taken_by == citizen)).scalar_one() >= MOST_SLOTS:
            raise ConflictError(
                f"한 사람이 맡을 수 있는 칸은 {MOST_SLOTS}개까지예요. 쓰지 않는 칸을 먼저 돌려주세요.",
                f"You have taken {MOST_SLOTS} slots, which is the most. Give one back first.",
            )
        query = query.where(booths.c.organisation == organisation)
        if connection.execute(query).scalar_one() >= MOST_SLOTS:
            raise ConflictError(
                f"한 단체는 칸을 {MOST_SLOTS}개까지 맡을 수 있어요. 쓰지 않는 칸을 먼저 돌려주세요.",
                f"An organisation may hold {MOST_SLOTS} slots. Give one back first.",
            )

    def _change(self, connection: sa.Connection, booth: Booth, now: float, **values: object) -> None:
        connection.execute(sa.update(booths).where(booths.c.id == booth.id).values(changed_at=now, **values))

    def _unneeded(self, connection: sa.Connection, model: Model | None) -> str | None:
        if model is None:
            return None
        query = sa.select(booths.c.id).where(booths.c.model == model.sha256).limit(1)
        return model.sha256 if connection.execute(query).one_or_none() is None else None

    def _look_again(self) -> None:
        """Keep in memory which booths are open: those who ask on the event loop must not wait."""
        self._open = frozenset(booth.slot for booth in self.all() if booth.state is State.OPEN)


def _columns(says: WriteUp) -> dict[str, str | None]:
    return {name: getattr(says, name) for name in WriteUp.__dataclass_fields__}


def _digests(booth: int, says: WriteUp) -> dict[str, object]:
    return {"booth": booth, **{name: text and digest_of(text) for name, text in _columns(says).items()}}


def _parent(place: str) -> str:
    return place.rpartition("/")[0]
