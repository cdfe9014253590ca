"""What clients ask for on `events`, turned into commands of the world. Pure."""

import unicodedata
from collections.abc import Callable

from streaming.messages import ClientEvent, Microphone, Say, Teleport, Wave
from world import commands
from world.commands import Command
from world.entity import PersonId

Spot = tuple[tuple[float, float, float], float]
#: Characters that turn the writing direction of what follows, and so of other people's lines.
_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def command_of(person: PersonId, event: ClientEvent, spot: Callable[[str], Spot | None]) -> Command | str:
    """Return the command that an event asks for, or the code of the notice that says why not.

    Args:
        person: Who asks.
        event: What they ask.
        spot: Gives the arrival of a landmark, None when there is none of that id.
    """
    match event:
        case Say(text=text):
            clean = readable(text)
            return commands.Say(person, clean) if clean else "empty_text"
        case Wave():
            return commands.Wave(person)
        case Microphone(live=live):
            return commands.SetMicrophone(person, live)
        case Teleport():
            return _teleport(person, event, spot)


def readable(text: str) -> str:
    """Return a text as it may be shown: one line, no control or direction characters, trimmed."""
    lines = " ".join(text.split())
    return "".join(
        c for c in lines if unicodedata.category(c) not in {"Cc", "Cs"} and c not in _TURNING
    ).strip()


def _teleport(person: PersonId, asked: Teleport, spot: Callable[[str], Spot | None]) -> Command | str:
    if (asked.spot is None) == (asked.position is None):
        return "teleport_target"
    if asked.position is not None:
        return commands.Teleport(person, asked.position, asked.yaw, free=False)
    arrival = spot(asked.spot or "")
    if arrival is None:
        return "unknown_spot"
    position, yaw = arrival
    return commands.Teleport(person, position, yaw if asked.yaw is None else asked.yaw, free=True)
