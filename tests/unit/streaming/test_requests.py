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


def test_a_text_that_draws_nothing_is_empty() -> None:
    for nothing in ("\u200b\u200b", "\u3164", "\u200d", "\u2060 \ufeff", "\U000e0041"):
        assert readable(nothing) == ""


def test_marks_do_not_pile_up_over_other_lines() -> None:
    assert readable("x" + "\u0316" * 200 + "y") == "x" + "\u0316" * 3 + "y"
    assert readable("\u1112\u1161\u11ab글") == "한글"
    assert readable("Việt\u200f abc") == "Việt abc"
