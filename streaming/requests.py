"""What clients ask for on `events`, turned into commands of the world. Pure."""

import unicodedata
from collections.abc import Callable

from streaming.messages import ClientEvent, Microphone, Say, Teleport, Wave
from world import commands
from world.commands import Command
from world.entity import PersonId

Spot = tuple[tuple[float, float, float], float]
#: What is not shown: control and format characters (zero width, direction), surrogates, private, unassigned
#: ones. Emoji are joined by one of them, and Persian words parted by another.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = {"\u200c", "\u200d"}
#: Letters that draw nothing: Hangul fillers, the empty braille cell.
_BLANK = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
#: Marks in a row above one letter; more spill over other people's lines.
_MOST_MARKS = 3


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
    """Return a text as it may be shown: NFC, one line, nothing hidden, few marks a letter, trimmed.

    Empty when nothing of it draws anything.
    """
    kept: list[str] = []
    marks = 0
    for c in unicodedata.normalize("NFC", " ".join(text.split())):
        category = unicodedata.category(c)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS and (category not in _HIDDEN or c in _JOINERS):
            kept.append(c)
    shown = "".join(kept).strip()
    return shown if any(c not in _JOINERS | _BLANK and not c.isspace() for c in shown) else ""


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
