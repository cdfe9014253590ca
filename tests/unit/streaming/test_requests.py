import pytest

from streaming.messages import Microphone, Say, Teleport, Wave
from streaming.requests import Spot, command_of, readable
from world import commands
from world.entity import PersonId

PERSON = PersonId(4)


def spots(name: str) -> Spot | None:
    return ((1.0, 2.0, 3.0), 0.5) if name == "may18_square" else None


def test_events_become_commands() -> None:
    assert command_of(PERSON, Wave(), spots) == commands.Wave(PERSON)
    assert command_of(PERSON, Say(text=" 안녕 "), spots) == commands.Say(PERSON, "안녕")
    assert command_of(PERSON, Microphone(live=True), spots) == commands.SetMicrophone(PERSON, live=True)


def test_a_landmark_is_free_and_gives_its_heading_unless_one_is_asked_for() -> None:
    there = command_of(PERSON, Teleport(spot="may18_square"), spots)
    assert there == commands.Teleport(PERSON, (1.0, 2.0, 3.0), 0.5, free=True)
    turned = command_of(PERSON, Teleport(spot="may18_square", yaw=2.0), spots)
    assert turned == commands.Teleport(PERSON, (1.0, 2.0, 3.0), 2.0, free=True)


def test_a_point_is_not_free() -> None:
    found = command_of(PERSON, Teleport(position=(1.0, 0.0, 1.0)), spots)
    assert found == commands.Teleport(PERSON, (1.0, 0.0, 1.0), None, free=False)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Teleport(), "teleport_target"),
        (Teleport(spot="may18_square", position=(0.0, 0.0, 0.0)), "teleport_target"),
        (Teleport(spot="atlantis"), "unknown_spot"),
        (Say(text=" \n\t "), "empty_text"),
        (Say(text="\u0007\u202e"), "empty_text"),
    ],
)
def test_what_cannot_be_done_is_answered_with_a_code(event: Say | Teleport, code: str) -> None:
    assert command_of(PERSON, event, spots) == code


def test_a_text_keeps_its_words_and_loses_what_could_mislead() -> None:
    assert readable("안녕\r\nERROR  root") == "안녕 ERROR root"
    assert readable("a\u202eb\u2066c\x00d") == "abcd"
    assert readable("👩‍👩‍👧 <b>hi</b>") == "👩‍👩‍👧 <b>hi</b>"
