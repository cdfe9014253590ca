from streaming.delivery import Delivery
from streaming.messages import Entered, Left, MicrophoneChanged, Moved, Said, ServerEvent, Waved
from world.entity import Appearance, PersonId
from world.events import (
    CommandRefused,
    MicrophoneSet,
    PersonEntered,
    PersonLeft,
    PersonMoved,
    PersonSaid,
    PersonWaved,
)


class Reader:
    """Keeps what it is told."""

    def __init__(self, person: int) -> None:
        self.person = PersonId(person)
        self.told: list[ServerEvent] = []
        self.notices: list[str] = []

    def tell(self, event: ServerEvent) -> None:
        self.told.append(event)

    def notice(self, code: str) -> None:
        self.notices.append(code)


A, B, C = (PersonId(number) for number in (1, 2, 3))
LOOK = Appearance("Minh", 3, "headset")


def _three() -> tuple[Delivery, dict[PersonId, Reader]]:
    return Delivery(), {person: Reader(person) for person in (A, B, C)}


def test_everybody_but_the_one_it_is_about_is_told() -> None:
    delivery, readers = _three()
    events = [PersonEntered(A, LOOK), PersonWaved(A), MicrophoneSet(A, live=True), PersonLeft(A)]
    delivery.deliver(events, readers, 1.0)
    assert [type(event) for event in readers[B].told] == [Entered, Waved, MicrophoneChanged, Left]
    assert readers[B].told == readers[C].told
    assert readers[A].told == []


def test_a_newcomer_is_told_who_is_in_and_whose_microphone_is_live() -> None:
    delivery, readers = _three()
    delivery.deliver([PersonEntered(A, LOOK), PersonEntered(B, LOOK), MicrophoneSet(B, live=True)], {}, 0.0)
    delivery.deliver([PersonEntered(C, LOOK), PersonLeft(A)], {}, 0.0)
    delivery.introduce(readers[C])
    assert readers[C].told == [Entered(person=B, name="Minh", colour=3, kind="headset", microphone=True)]


def test_a_text_reaches_its_hearers_with_the_name() -> None:
    delivery, readers = _three()
    delivery.deliver([PersonEntered(A, LOOK)], {}, 0.0)
    delivery.deliver([PersonSaid(A, "안녕", (A, C))], readers, 2.5)
    said = Said(person=A, name="Minh", text="안녕", seconds=2.5)
    assert (readers[A].told, readers[B].told, readers[C].told) == ([said], [], [said])


def test_corrections_and_refusals_concern_one_person() -> None:
    delivery, readers = _three()
    events = [PersonMoved(B, (1.0, 0.0, 2.0), 0.5, "too_fast"), CommandRefused(B, "too_far")]
    assert list(delivery.deliver(events, readers, 0.0)) == [B]
    assert readers[B].told == [Moved(position=(1.0, 0.0, 2.0), yaw=0.5, reason="too_fast")]
    assert readers[B].notices == ["too_far"]
    assert readers[A].told == readers[C].told == []


def test_people_who_are_gone_are_not_told() -> None:
    delivery, readers = _three()
    delivery.deliver([PersonMoved(PersonId(9), (0.0, 0.0, 0.0), 0.0, "teleport")], readers, 0.0)
    assert all(not reader.told for reader in readers.values())
