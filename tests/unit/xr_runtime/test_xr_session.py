from itertools import pairwise

import pytest

from xr_runtime.session import REACTIONS, RUNNING, SUCCESSORS, Reaction, Session, SessionState

S = SessionState


def walk(states: list[SessionState]) -> tuple[Session, list[Reaction], list[bool]]:
    session, reactions, expected = Session(), [], []
    for state in states:
        session, reaction, drawn = session.enter(state)
        reactions.append(reaction)
        expected.append(drawn)
    return session, reactions, expected


def test_the_table_is_total() -> None:
    assert set(REACTIONS) == set(SUCCESSORS) == set(SessionState)


def test_a_whole_life_begins_once_ends_once_and_leaves() -> None:
    life = [
        S.IDLE,
        S.READY,
        S.SYNCHRONIZED,
        S.VISIBLE,
        S.FOCUSED,
        S.VISIBLE,
        S.SYNCHRONIZED,
        S.STOPPING,
        S.IDLE,
    ]
    _, reactions, expected = walk([*life, S.EXITING])
    assert all(expected)
    assert [each for each in reactions if each is not Reaction.NOTHING] == [
        Reaction.BEGIN,
        Reaction.END,
        Reaction.LEAVE,
    ]


def test_frames_run_between_begin_and_end_only() -> None:
    running = {state for state in SessionState if Session().enter(state)[0].running}
    assert running == RUNNING == {S.READY, S.SYNCHRONIZED, S.VISIBLE, S.FOCUSED}


def test_only_a_focused_session_has_the_input() -> None:
    assert {state for state in SessionState if Session().enter(state)[0].focused} == {S.FOCUSED}


@pytest.mark.parametrize("state", [s for s in SessionState if s not in (S.LOSS_PENDING, S.EXITING)])
def test_the_system_may_be_lost_from_anywhere(state: SessionState) -> None:
    session, reaction, expected = Session(state).enter(S.LOSS_PENDING)
    assert (session.running, reaction, expected) == (False, Reaction.REBUILD, True)


def test_a_change_that_the_specification_does_not_draw_is_followed_and_reported() -> None:
    session, reaction, expected = Session(S.IDLE).enter(S.FOCUSED)
    assert (session.state, session.running, reaction, expected) == (S.FOCUSED, True, Reaction.NOTHING, False)


def test_every_state_of_a_life_can_be_reached_from_the_one_before() -> None:
    path = [S.UNKNOWN, S.IDLE, S.READY, S.SYNCHRONIZED, S.VISIBLE, S.FOCUSED]
    assert all(after in SUCCESSORS[before] for before, after in pairwise(path))
