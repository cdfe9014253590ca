"""Who is kept out at the door, and who is not."""

import time
from collections.abc import Iterator

import pytest

from meta_gwangju.asking import Asking, asking
from meta_gwangju.node import CityNode
from meta_gwangju.offices import Offices
from municipality.access import CITY, Action, Actor, Grant, Role
from municipality.moderation import Act, Category, Kind, Order, Target

DAY = 86_400.0
HOME, SCHOOL = "192.0.2.7", "198.51.100.0"


@pytest.fixture
def offices(node: CityNode) -> Offices:
    return node.offices


@pytest.fixture
def now() -> float:
    return time.time()


@pytest.fixture(autouse=True)
def nobody_asks() -> Iterator[None]:
    before = asking.set(Asking())
    yield
    asking.reset(before)


@pytest.fixture
def operator(offices: Offices) -> Actor:
    return citizen(offices, Role.OPERATOR)


def citizen(offices: Offices, *roles: Role) -> Actor:
    with offices.store.write() as connection:
        number = offices.citizens.join(connection, "사람", now=0.0)
        for role in roles:
            offices.grants.hand_out(connection, Actor(), number, Grant(role), 0.0)
    return offices.actors.citizen(number, "page", time.time())


def banned(
    offices: Offices, operator: Actor, target: Target, network: str, now: float, seconds: float = DAY
) -> Act:
    """Have somebody banned who is in the city, and comes from a network."""
    order = Order(Kind.BAN, target, CITY, Category.DANGER, "위협", seconds, CITY, network)
    act, code = offices.moderation.act(operator, order, now)
    offices.enforcement.enforce(act, code, now)
    return act


def comes(
    offices: Offices, now: float, network: str = "", who: int | None = None, person: int | None = None
) -> bool:
    """Tell whether somebody is let in."""
    asking.set(Asking(network, who))
    return offices.enforcement.at_door(person, now) is None


def test_a_banned_visitor_does_not_come_back_as_somebody_new_from_the_same_network(
    offices: Offices, operator: Actor, now: float
) -> None:
    banned(offices, operator, Target(person=7), HOME, now)
    assert not comes(offices, now, HOME)
    assert not comes(offices, now, HOME, person=7)
    assert not comes(offices, now, SCHOOL, person=7)
    assert comes(offices, now, SCHOOL)
    assert comes(offices, now, "")  # this machine itself
    assert comes(offices, now + DAY, HOME)
    assert comes(offices, now + DAY, HOME, person=7)


def test_citizens_and_those_who_were_here_pass_a_network_that_somebody_else_was_banned_on(
    offices: Offices, operator: Actor, now: float
) -> None:
    banned(offices, operator, Target(person=7), SCHOOL, now)
    assert comes(offices, now, SCHOOL, who=citizen(offices).citizen)
    assert comes(offices, now, SCHOOL, person=8)


def test_a_banned_citizen_is_kept_out_wherever_they_come_from_until_it_ends(
    offices: Offices, operator: Actor, now: float
) -> None:
    target = citizen(offices)
    act = banned(offices, operator, Target(citizen=target.citizen), HOME, now, 30 * DAY)
    assert not comes(offices, now, SCHOOL, who=target.citizen)
    assert not comes(offices, now, HOME)  # signed out, for a day
    assert comes(offices, now + DAY, HOME)
    assert not comes(offices, now + 29 * DAY, who=target.citizen)
    assert comes(offices, now + 30 * DAY, who=target.citizen)
    offices.moderation.lift(operator, act.id, "풀어요", now)
    assert comes(offices, now, HOME, who=target.citizen)
    assert comes(offices, now, HOME)


def test_a_person_in_the_city_is_the_citizen_whose_session_they_brought(offices: Offices, now: float) -> None:
    known = citizen(offices)
    asking.set(Asking(HOME, known.citizen))
    offices.enforcement.entered(11, now)
    asking.set(Asking(HOME))
    offices.enforcement.entered(12, now)
    assert offices.enforcement.target_of(11) == Target(citizen=known.citizen)
    assert offices.enforcement.target_of(12) == Target(person=12)
    assert offices.enforcement.target_of(13) is None
    offices.enforcement.left(11)
    assert offices.enforcement.target_of(11) is None


def test_a_muted_citizen_is_muted_when_they_come_in_before_their_page_says_who_they_are(
    offices: Offices, operator: Actor, now: float
) -> None:
    known = citizen(offices)
    order = Order(Kind.MUTE, Target(citizen=known.citizen), CITY, Category.NOISE, "소란", 600.0)
    offices.moderation.act(operator, order, now)
    assert comes(offices, now, HOME, who=known.citizen)
    offices.enforcement.entered(11, now)
    assert not offices.presence.may(11, Action.SPEAK)
    offices.enforcement.look(now + 601)
    assert offices.presence.may(11, Action.SPEAK)


@pytest.mark.parametrize("kind", [Kind.MUTE, Kind.TIMEOUT])
def test_signing_out_and_coming_back_as_the_same_person_escapes_nothing(
    offices: Offices, operator: Actor, now: float, kind: Kind
) -> None:
    known = citizen(offices)
    assert comes(offices, now, HOME, who=known.citizen)
    offices.enforcement.entered(11, now)
    order = Order(kind, Target(citizen=known.citizen), CITY, Category.NOISE, "소란", 600.0)
    act, code = offices.moderation.act(operator, order, now)
    offices.enforcement.enforce(act, code, now)
    offices.enforcement.left(11)
    assert comes(offices, now, HOME, person=11) is (kind is Kind.MUTE)
    assert comes(offices, now, HOME, person=12)
    asking.set(Asking(HOME))
    offices.enforcement.entered(11, now)
    assert not offices.presence.may(11, Action.SPEAK)
    assert not offices.enforcement._gone
