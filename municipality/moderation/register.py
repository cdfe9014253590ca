"""The register of sanctions: what holds, for the rules; what was done, for officers and for everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from municipality.access import CITY, Action, Actor, Denial
from municipality.errors import NotFoundError
from municipality.moderation import network
from municipality.moderation.act import Act, Category, Kind, Target
from municipality.moderation.words import Words
from municipality.schema import moderation_acts as acts
from municipality.schema import moderation_appeals as appeals
from municipality.store import Store

#: Rows of one answer.
_MOST = 100
_NAMES = ("id", "kind", "place", "citizen", "person", "category", "officer", "at", "until", "lifted_at")
COLUMNS: list[sa.ColumnElement[Any]] = [acts.c[name] for name in _NAMES]


def _holding(about: sa.Column[int]) -> sa.Select[Any]:
    """Return the query for what holds; every request asks it, so it is put together once."""
    now: sa.BindParameter[float] = sa.bindparam("now")
    holds = sa.and_(acts.c.lifted_at.is_(None), acts.c.at <= now, acts.c.until > now)
    return sa.select(*COLUMNS).where(about == sa.bindparam("about"), holds).order_by(acts.c.id.desc())


_HOLDING_OF_CITIZEN, _HOLDING_OF_PERSON = _holding(acts.c.citizen), _holding(acts.c.person)


@dataclass(frozen=True, slots=True)
class Told:
    """An act as officers see it.

    Attributes:
        act: The act.
        reason: What happened; None once it was deleted.
        appealed: Whether there is an appeal.
    """

    act: Act
    reason: str | None
    appealed: bool


@dataclass(frozen=True, slots=True)
class LogLine:
    """An act as everybody may see it: without names and numbers of people, its time to the hour."""

    kind: Kind
    place: str
    category: Category
    visitor: bool
    at: float
    seconds: float
    lifted: bool
    appeal: Literal["waits", "kept", "lifted"] | None


class Register:
    """Reads. ``now`` is in Unix seconds throughout."""

    def __init__(self, store: Store, words: Words) -> None:
        self._store = store
        self._words = words

    # --- what holds -------------------------------------------------------------------------------------

    def denials_of(self, citizen: int, now: float) -> frozenset[Denial]:
        """Return what a citizen is forbidden."""
        return _denials(self.holding(Target(citizen=citizen), now))

    def denials_of_person(self, person: int, now: float) -> frozenset[Denial]:
        """Return what a visitor in the city is forbidden."""
        return _denials(self.holding(Target(person=person), now))

    def holding(self, target: Target, now: float) -> list[Act]:
        """Return the sanctions that hold, the newest first."""
        is_citizen = target.citizen is not None
        query = _HOLDING_OF_CITIZEN if is_citizen else _HOLDING_OF_PERSON
        about = target.citizen if is_citizen else target.person
        with self._store.engine.connect() as connection:
            return [act_of(row) for row in connection.execute(query, {"about": about, "now": now})]

    def at_door(self, target: Target | None, network_: str | None, now: float) -> Act | None:
        """Return the sanction that keeps somebody out of the city, if one does.

        Args:
            target: Who they are known to be; None: somebody new.
            network_: Where they come from; None or empty: not known, or this machine.
            now: Unix seconds.
        """
        if target is not None:
            for act in self.holding(target, now):
                if act.shuts_out:
                    return act
        return self._of_network(network_, now) if network_ else None

    def next_end(self, now: float) -> float | None:
        """Return when the next sanction ends; None: none holds."""
        query = sa.select(sa.func.min(acts.c.until)).where(acts.c.lifted_at.is_(None), acts.c.until > now)
        with self._store.engine.connect() as connection:
            end: float | None = connection.execute(query).scalar_one()
        return end

    # --- to be read -------------------------------------------------------------------------------------

    def acts(self, actor: Actor, before: int | None = None, *, holding_at: float | None = None) -> list[Told]:
        """Return acts of the places where the actor may moderate, the newest first.

        Args:
            actor: An officer.
            before: Only those with a lower number.
            holding_at: Only those that hold then, Unix seconds.

        Raises:
            NotAllowedError: The actor moderates nowhere.
        """
        places = moderated(actor)
        query: sa.Select[Any] = (
            sa.select(*COLUMNS, acts.c.reason, appeals.c.id.label("appeal"))
            .outerjoin_from(acts, appeals, appeals.c.act == acts.c.id)
            .where(within(places))
            .order_by(acts.c.id.desc())
            .limit(_MOST)
        )
        if before is not None:
            query = query.where(acts.c.id < before)
        if holding_at is not None:
            query = query.where(acts.c.lifted_at.is_(None), acts.c.until > holding_at)
        with self._store.engine.connect() as connection:
            return [
                Told(
                    act_of(row),
                    self._words.unseal(connection, row.citizen, row.reason),
                    appealed=row.appeal is not None,
                )
                for row in connection.execute(query).all()
            ]

    def about(self, actor: Actor) -> list[Act]:
        """Return the acts about the actor, the newest first.

        Raises:
            NotAllowedError: They are no citizen.
        """
        query: sa.Select[Any] = (
            sa.select(*COLUMNS)
            .where(acts.c.citizen == actor.of_citizen())
            .order_by(acts.c.id.desc())
            .limit(_MOST)
        )
        with self._store.engine.connect() as connection:
            return [act_of(row) for row in connection.execute(query)]

    def log(self, before: int | None = None) -> tuple[list[LogLine], int | None]:
        """Return what everybody may know, the newest first, and where the next page begins."""
        query: sa.Select[Any] = (
            sa.select(*COLUMNS, appeals.c.id.label("appeal"), appeals.c.outcome)
            .outerjoin_from(acts, appeals, appeals.c.act == acts.c.id)
            .order_by(acts.c.id.desc())
            .limit(_MOST)
        )
        if before is not None:
            query = query.where(acts.c.id < before)
        with self._store.engine.connect() as connection:
            rows = connection.execute(query).all()
        return [_line(row) for row in rows], rows[-1].id if len(rows) == _MOST else None

    # --- own --------------------------------------------------------------------------------------------

    def _of_network(self, network_: str, now: float) -> Act | None:
        query: sa.Select[Any] = sa.select(*COLUMNS, acts.c.salt, acts.c.network).where(
            acts.c.network_until > now, acts.c.lifted_at.is_(None), acts.c.until > now
        )
        with self._store.engine.connect() as connection:
            rows = connection.execute(query).all()
        return next((act_of(row) for row in rows if network.fits(network_, row.salt, row.network)), None)


def moderated(actor: Actor) -> list[str]:
    """Return the places where an actor moderates.

    Raises:
        NotAllowedError: There is none.
    """
    places = sorted({grant.place for grant in actor.grants if actor.may(Action.MUTE, grant.place)})
    if not places:
        actor.require(Action.MUTE, CITY)
    return places


def find_act(connection: sa.Connection, number: int) -> Act:
    """Return an act.

    Raises:
        NotFoundError: There is none of that number.
    """
    row = connection.execute(sa.select(*COLUMNS).where(acts.c.id == number)).one_or_none()
    if row is None:
        raise NotFoundError("그런 처분이 없어요.", "There is no such act.")
    return act_of(row)


def act_of(row: sa.Row[Any]) -> Act:
    """Return the act of a row with :data:`COLUMNS`."""
    return Act(
        row.id,
        Kind(row.kind),
        row.place,
        Target(row.citizen, row.person),
        Category(row.category),
        row.officer,
        row.at,
        row.until,
        row.lifted_at,
    )


def _line(row: sa.Row[Any]) -> LogLine:
    act = act_of(row)
    return LogLine(
        act.kind,
        act.place,
        act.category,
        visitor=act.target.citizen is None,
        at=act.at // 3600 * 3600,
        seconds=act.until - act.at,
        lifted=act.lifted_at is not None,
        appeal=(row.outcome or "waits") if row.appeal is not None else None,
    )


def is_about(target: Target) -> sa.ColumnElement[bool]:
    """Return the condition that an act is about somebody."""
    if target.citizen is not None:
        return acts.c.citizen == target.citizen
    return acts.c.person == target.person


def within(places: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that an act holds at one of these places, or below."""
    return sa.or_(
        *(acts.c.place == place for place in places),
        *(acts.c.place.startswith(f"{place}/", autoescape=True) for place in places),
    )


def _denials(holding: Iterable[Act]) -> frozenset[Denial]:
    return frozenset(denial for act in holding for denial in act.denials())
