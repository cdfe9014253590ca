"""Whatever people do, in whatever order: the counts are the rows, and the journal tells how they came."""

import json
from dataclasses import dataclass

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from municipality.access import Actor, Role
from municipality.errors import MunicipalityError
from municipality.journal import entries, verify
from municipality.participation import JOURNAL, Comments, Proposals, State
from municipality.schema import proposal_comments, proposal_supports
from municipality.schema import proposals as proposal_rows
from municipality.store import Store
from tests.unit.municipality.participation.people import CITY_HALL_AT, DRAFT, Square, citizen

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "support",
                "unsupport",
                "comment",
                "take_back",
                "hide",
                "show",
                "hide_all",
                "show_all",
                "review",
                "withdraw",
            ]
        ),
        st.integers(0, 2),
        st.integers(0, 3),
    ),
    max_size=25,
)


@dataclass(frozen=True, slots=True)
class Board:
    """One proposal, and what can be done to it."""

    proposals: Proposals
    comments: Comments
    officer: Actor
    proposal: int


def act(board: Board, who: Actor, name: str, which: int) -> None:
    proposals, comments, officer, proposal = board.proposals, board.comments, board.officer, board.proposal
    with_comment = {
        "take_back": lambda number: comments.withdraw(who, proposal, number, now=2.0),
        "hide": lambda number: comments.hide(officer, proposal, number, "사유", now=2.0),
        "show": lambda number: comments.hide(officer, proposal, number, None, now=2.0),
    }
    if name in with_comment:
        known = comments.listed(officer, proposal).comments
        if known:
            with_comment[name](known[which % len(known)].id)
        return
    {
        "support": lambda: proposals.support(who, proposal, now=2.0),
        "unsupport": lambda: proposals.support(who, proposal, now=2.0, wanted=False),
        "comment": lambda: comments.comment(who, proposal, "의견", now=2.0),
        "hide_all": lambda: proposals.hide(officer, proposal, "사유", now=2.0),
        "show_all": lambda: proposals.hide(officer, proposal, None, now=2.0),
        "review": lambda: proposals.answer(officer, proposal, State.UNDER_REVIEW, "", now=2.0),
        "withdraw": lambda: proposals.withdraw(who, proposal, now=2.0),
    }[name]()


@given(acts=ACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_counts_are_the_rows(store: Store, acts: list[tuple[str, int, int]]) -> None:
    proposals, comments = Proposals(store, Square(), CITY_HALL_AT, threshold=2), Comments(store)
    people, officer = [citizen(store) for _ in range(3)], citizen(store, Role.OFFICER)
    proposal = proposals.propose(people[0], DRAFT, now=1.0)
    board = Board(proposals, comments, officer, proposal)
    for name, who, which in acts:
        try:
            act(board, people[who], name, which)
        except MunicipalityError:
            continue  # refused: nothing may have changed, which the counts show
    table = proposal_comments.c
    with store.engine.connect() as connection:
        row = connection.execute(sa.select(proposal_rows).where(proposal_rows.c.id == proposal)).one()
        supports = connection.execute(
            sa.select(sa.func.count()).where(proposal_supports.c.proposal == proposal)
        ).scalar_one()
        shown = connection.execute(
            sa.select(sa.func.count()).where(
                table.proposal == proposal, table.withdrawn_at.is_(None), table.hidden.is_(None)
            )
        ).scalar_one()
        told = [json.loads(entry.body) for entry in entries(connection, JOURNAL)]
        assert verify(connection, JOURNAL) == []
    assert (row.supports, row.comments) == (supports, shown)
    said = [body["supports"] for body in told if body["proposal"] == proposal and "supports" in body]
    assert (said or [0])[-1] == supports
