"""Who may do what, where: the whole of it as one table."""

import pytest

from municipality.access import (
    CAPABILITIES,
    CITY,
    CITY_HALL,
    EXPO,
    Action,
    Actor,
    Denial,
    Grant,
    Role,
    covers,
)
from municipality.errors import NotAllowedError

BOOTH = f"{EXPO}/a1"
OTHER_BOOTH = f"{EXPO}/a2"
PLACES = (CITY, CITY_HALL, EXPO, BOOTH, OTHER_BOOTH)

#: One row an action; one column a kind of person, in this order.
PEOPLE = {
    "visitor": Actor(),
    "citizen": Actor(1, grants=frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN)})),
    "exhibitor of a1": Actor(
        2, grants=frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN), Grant(Role.EXHIBITOR, BOOTH)})
    ),
    "officer of city hall": Actor(
        3, grants=frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN), Grant(Role.OFFICER, CITY_HALL)})
    ),
    "officer": Actor(
        4, grants=frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN), Grant(Role.OFFICER, CITY)})
    ),
    "operator": Actor(
        5, grants=frozenset({Grant(Role.VISITOR), Grant(Role.CITIZEN), Grant(Role.OPERATOR, CITY)})
    ),
}
#: `+` everywhere, `-` nowhere, `h` in City Hall alone, `b` at booth a1 alone.
MATRIX = {
    Action.ENTER: "++++++",
    Action.SPEAK: "++++++",
    Action.CHAT: "++++++",
    Action.WAVE: "++++++",
    Action.TELEPORT: "++++++",
    Action.LEAVE_CONTACT: "++++++",
    Action.PAY: "-+++++",
    Action.PROPOSE: "-+++++",
    Action.SUPPORT: "-+++++",
    Action.COMMENT: "-+++++",
    Action.VOTE: "-+++++",
    Action.REPORT: "-+++++",
    Action.FOUND: "-+++++",
    Action.TAKE_SLOT: "-+++++",
    Action.ENTER_STAFF: "--b--+",
    Action.EDIT_BOOTH: "--b---",
    Action.PUBLISH: "--b---",
    Action.READ_CONTACTS: "--b---",
    Action.ANSWER_PROPOSAL: "---h++",
    Action.OPEN_VOTE: "---h++",
    Action.ANSWER_REPORT: "---h++",
    Action.FREE_SLOT: "---h++",
    Action.HIDE: "---h++",
    Action.MUTE: "---h++",
    Action.KICK: "---h++",
    Action.TIMEOUT: "---h++",
    Action.BAN: "-----+",
    Action.ADMINISTER: "-----+",
}
WHERE = {"+": set(PLACES), "-": set[str](), "h": {CITY_HALL}, "b": {BOOTH}}


def test_the_table_names_every_action_and_every_role() -> None:
    assert set(MATRIX) == set(Action)
    assert set(CAPABILITIES) == set(Role)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("person", PEOPLE)
def test_every_person_may_exactly_what_the_table_says(person: str, action: Action, place: str) -> None:
    sign = MATRIX[action][list(PEOPLE).index(person)]
    allowed = place in WHERE[sign]
    actor = PEOPLE[person]
    assert actor.may(action, place) is allowed
    if allowed:
        actor.require(action, place)
    else:
        with pytest.raises(NotAllowedError) as refused:
            actor.require(action, place)
        assert refused.value.ko
        assert refused.value.en


def test_a_denial_outweighs_every_role_where_it_holds() -> None:
    actor = Actor(5, grants=PEOPLE["operator"].grants, denials=frozenset({Denial(Action.CHAT, EXPO)}))
    assert [place for place in PLACES if actor.may(Action.CHAT, place)] == [CITY, CITY_HALL]
    assert actor.may(Action.SPEAK, EXPO)


def test_a_place_covers_what_lies_in_it_and_nothing_that_begins_alike() -> None:
    assert covers("city/hall", "city/hall")
    assert covers("city/hall", "city/hall/room")
    assert not covers("city/hall", "city/hallway")
    assert not covers("city/hall", "city")


def test_a_visitor_is_told_to_sign_in_and_a_citizen_whom_to_ask() -> None:
    with pytest.raises(NotAllowedError, match="sign in"):
        Actor().require(Action.PAY)
    with pytest.raises(NotAllowedError, match="in charge"):
        PEOPLE["citizen"].require(Action.BAN)
