"""How many people came to a booth, by the hour: a number, and nothing of who they were."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from municipality.access import Action, Actor
from municipality.expo.booth import State
from municipality.expo.booths import Booths
from municipality.expo.holding import booth_in, own_booth
from municipality.schema import booth_visits
from municipality.store import Store

_HOUR = 3600
#: Hours that are told one by one: a week.
HOURS_TOLD = 7 * 24


@dataclass(frozen=True, slots=True)
class Figures:
    """Visits to a booth.

    Attributes:
        total: Since the organisation took the slot.
        hours: (beginning of the hour in Unix seconds, visits), oldest first, empty hours left out.
    """

    total: int
    hours: tuple[tuple[int, int], ...]


class Visits:
    """Counts. Who has been near for how long, whoever calls has found out; ``now`` is in Unix seconds."""

    def __init__(self, store: Store, office: Booths) -> None:
        self._store = store
        self._office = office

    def visit(self, actor: Actor, name: str, now: float) -> bool:
        """Count somebody who came to a booth; its own staff, and visits to closed booths, are not counted.

        Raises:
            NotFoundError: There is no such slot.
        """
        slot = self._office.slot(name)
        if actor.may(Action.ENTER_STAFF, slot.place) or not self._office.is_open(name):
            return False
        with self._store.write() as connection:
            booth = booth_in(connection, slot)
            if booth is None or booth.state is not State.OPEN:
                return False
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            values = {"booth": booth.id, "hour": int(now) // _HOUR, "visits": 1}
            connection.execute(
                insert(booth_visits)
                .values(values)
                .on_conflict_do_update(
                    index_elements=["booth", "hour"], set_={"visits": booth_visits.c.visits + 1}
                )
            )
        return True

    def figures(self, actor: Actor, name: str, now: float) -> Figures:
        """Return the figures of a booth to its own people.

        Raises:
            NotFoundError: There is no such slot, or it is free.
            NotAllowedError: The actor does not belong to the booth.
        """
        slot, table = self._office.slot(name), booth_visits.c
        with self._store.engine.connect() as connection:
            booth = own_booth(connection, actor, slot, Action.EDIT_BOOTH)
            total = connection.execute(
                sa.select(sa.func.coalesce(sa.func.sum(table.visits), 0)).where(table.booth == booth.id)
            ).scalar_one()
            hours = connection.execute(
                sa.select(table.hour, table.visits)
                .where(table.booth == booth.id, table.hour > int(now) // _HOUR - HOURS_TOLD)
                .order_by(table.hour)
            ).all()
        return Figures(int(total), tuple((hour * _HOUR, visits) for hour, visits in hours))
