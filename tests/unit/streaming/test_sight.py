import numpy as np

from streaming.codec import Listener, People
from streaming.messages import Entered, Left
from streaming.sight import Sight
from streaming.state.layout import NUMBERS


def _packet(*people: int) -> People:
    states = np.zeros((len(people), NUMBERS), np.int32)
    ids = np.array(people, np.int64)
    return People(Listener(0, 1, np.zeros(3), 0.0), ids, np.ones(len(people), np.int64), states)


def _entered(person: int) -> Entered:
    return Entered(person=person, name=f"p{person}", colour=1, kind="browser", microphone=False)


def test_who_left_is_no_longer_seen_though_the_newest_packet_still_holds_them() -> None:
    sight = Sight()
    for person in (1, 2):
        sight.note(_entered(person))
    sight.see(_packet(1, 2))
    assert [(one.id, one.name) for one in sight.people] == [(1, "p1"), (2, "p2")]
    sight.note(Left(person=1))
    assert [one.id for one in sight.people] == [2]
    sight.see(_packet(1, 2))
    assert [one.id for one in sight.people] == [2]
    sight.note(_entered(1))
    assert [one.id for one in sight.people] == [1, 2]


def test_those_who_left_are_forgotten_once_no_packet_holds_them() -> None:
    sight = Sight()
    for person in range(1, 100):
        sight.note(_entered(person))
        sight.note(Left(person=person))
    sight.see(_packet(200))
    assert not sight._gone
