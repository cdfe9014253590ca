from dataclasses import replace

import pytest

from municipality.access import Actor
from municipality.errors import NotAllowedError, TextRefusedError
from municipality.participation import Order, Proposals, State, Wanted
from municipality.store import Store
from tests.unit.municipality.participation.people import DRAFT, citizen

VISITOR = Actor()


@pytest.fixture
def five(store: Store, proposals: Proposals, author: Actor) -> list[int]:
    """Five proposals along a street, the second and the fourth supported."""
    numbers = [
        proposals.propose(author, replace(DRAFT, title=f"제안 {at}", place=(at * 100.0, 0.0)), now=float(at))
        for at in range(5)
    ]
    for supporter, wanted in ((citizen(store), (1, 3)), (citizen(store), (3,))):
        for at in wanted:
            proposals.support(supporter, numbers[at], now=9.0)
    return numbers


def listed(proposals: Proposals, wanted: Wanted, viewer: Actor = VISITOR) -> list[int]:
    """Return the numbers of all pages."""
    numbers: list[int] = []
    while True:
        page = proposals.listed(viewer, wanted)
        numbers += [proposal.id for proposal in page.proposals]
        if page.cursor is None:
            return numbers
        wanted = replace(wanted, cursor=page.cursor)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_show_everything_once_and_in_order(proposals: Proposals, five: list[int], limit: int) -> None:
    a, b, c, d, e = five
    assert listed(proposals, Wanted(limit=limit)) == [e, d, c, b, a]
    assert listed(proposals, Wanted(Order.MOST_SUPPORTED, limit=limit)) == [d, b, e, c, a]


def test_a_box_shows_what_stands_in_it(proposals: Proposals, five: list[int]) -> None:
    assert listed(proposals, Wanted(box=(100.0, -1.0, 300.0, 1.0))) == five[3:0:-1]
    assert listed(proposals, Wanted(box=(0.0, 1.0, 500.0, 2.0))) == []


def test_states_categories_and_what_is_due(proposals: Proposals, five: list[int], officer: Actor) -> None:
    proposals.answer(officer, five[0], State.UNDER_REVIEW, "", now=10.0)
    assert listed(proposals, Wanted(states=(State.UNDER_REVIEW,))) == [five[0]]
    assert listed(proposals, Wanted(states=(State.UNDER_REVIEW, State.OPEN))) == five[::-1]
    assert listed(proposals, Wanted(category="culture")) == []
    assert listed(proposals, Wanted(due=True)) == [five[3]]


def test_what_is_withdrawn_or_hidden_is_listed_for_its_author(
    proposals: Proposals, five: list[int], author: Actor, neighbour: Actor, officer: Actor
) -> None:
    proposals.withdraw(author, five[0], now=10.0)
    proposals.hide(officer, five[1], "사유", now=10.0)
    assert listed(proposals, Wanted()) == listed(proposals, Wanted(), neighbour) == five[:1:-1]
    assert listed(proposals, Wanted(), officer) == five[:0:-1]
    assert listed(proposals, Wanted(mine=True), author) == five[::-1]
    assert listed(proposals, Wanted(mine=True), neighbour) == []
    with pytest.raises(NotAllowedError):
        listed(proposals, Wanted(mine=True))


@pytest.mark.parametrize(
    "cursor",
    ["", "-", "1", "a-b", "1-", "-1-2", "1--2", "²-³", f"1-{2**63}", "9" * 5000 + "-1", "1-1; DROP TABLE"],
)
def test_a_cursor_that_is_not_ours_is_refused(proposals: Proposals, cursor: str) -> None:
    with pytest.raises(TextRefusedError):
        proposals.listed(VISITOR, Wanted(cursor=cursor))
