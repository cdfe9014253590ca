"""What a client without a screen sees: the people near, by name, and what was said."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from spatial import quaternion as q
from spatial.quaternion import FloatArray
from streaming.codec import People
from streaming.messages import Body, Census, Entered, Left, MicrophoneChanged, Said, ServerEvent
from world.commands import BodyPose

_MOST_LINES = 50


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody near.

    Attributes:
        id: Their id.
        name: Their name; empty until the server told it.
        colour: Coat colour, 0 to 9.
        kind: `browser`, `headset` or `simulated`; empty until told.
        pose: Ground point and yaw in the world frame, body parts in the body frame.
        speaking: Whether their voice sounds now.
        waving: Whether they wave.
        microphone: Whether their microphone is live.
    """

    id: int
    name: str
    colour: int
    kind: str
    pose: BodyPose
    speaking: bool
    waving: bool
    microphone: bool


class Sight:
    """The newest packet joined with the names that the events told."""

    def __init__(self) -> None:
        self._packet: People | None = None
        self._people: list[Person] | None = []
        self._entered: dict[int, Entered] = {}
        self._live: dict[int, bool] = {}
        self._chat: deque[Said] = deque(maxlen=_MOST_LINES)
        #: Who left, and may still be in the newest packet.
        self._gone: set[int] = set()
        self._city = 0
        self._near = 0

    def note(self, event: ServerEvent) -> None:
        """Take an event."""
        match event:
            case Entered(person=person):
                self._entered[person], self._live[person] = event, event.microphone
                self._gone.discard(person)
                self._people = None
            case Left(person=person):
                self._entered.pop(person, None)
                self._live.pop(person, None)
                self._gone.add(person)
                self._people = None
            case MicrophoneChanged(person=person, live=live):
                self._live[person] = live
                self._people = None
            case Said():
                self._chat.append(event)
            case Census(city=city, near=near):
                self._city, self._near = city, near

    def see(self, packet: People) -> None:
        """Take a packet."""
        self._packet, self._people = packet, None
        self._gone.intersection_update(packet.person.tolist())

    @property
    def people(self) -> list[Person]:
        """Those near, as of the newest packet; put together when somebody looks."""
        if self._people is None:
            self._people = [] if self._packet is None else list(self._persons(self._packet))
        return self._people

    def _persons(self, packet: People) -> Iterator[Person]:
        positions, yaws = packet.positions, packet.yaws.tolist()
        parts, orientations = packet.bodies()
        flags = packet.body.tolist()
        for row, person in enumerate(packet.person.tolist()):
            if person in self._gone:
                continue
            body, entered = flags[row], self._entered.get(person)
            pose = BodyPose(
                position=positions[row],
                yaw=yaws[row],
                parts=parts[row],
                orientations=orientations[row],
                has_left=bool(body & Body.LEFT_HAND),
                has_right=bool(body & Body.RIGHT_HAND),
            )
            yield Person(
                id=person,
                name=entered.name if entered else "",
                colour=entered.colour if entered else 0,
                kind=entered.kind if entered else "",
                pose=pose,
                speaking=bool(body & Body.SPEAKING),
                waving=bool(body & Body.WAVING),
                microphone=self._live.get(person, False),
            )

    def inspect(self, place: tuple[float, float, float] | None) -> dict[str, Any]:
        """Return people, counts and chat as JSON values; distances are from `place`."""
        here = np.array(place if place is not None else (0.0, 0.0, 0.0))
        return {
            "people": [
                {
                    "id": person.id,
                    "name": person.name,
                    "pose": describe(person.pose),
                    "speaking": person.speaking,
                    "waving": person.waving,
                    "distance_m": float(np.linalg.norm(person.pose.position - here)),
                }
                for person in self.people
            ],
            "counts": {"city": self._city, "near": self._near},
            "chat": [{"person": said.person, "name": said.name, "text": said.text} for said in self._chat],
        }


def describe(pose: BodyPose) -> dict[str, Any]:
    """Return a pose as JSON values, head and hands in the world frame; a hand that is not tracked is None."""
    world_from_body = q.from_yaw(pose.yaw)

    def part(index: int) -> dict[str, list[float]]:
        position: FloatArray = pose.position + q.rotate(world_from_body, pose.parts[index])
        orientation = q.multiply(world_from_body, pose.orientations[index])
        return {"position": position.tolist(), "orientation": orientation.tolist()}

    return {
        "position": np.asarray(pose.position).tolist(),
        "yaw": float(pose.yaw),
        "head": part(0),
        "left_hand": part(1) if pose.has_left else None,
        "right_hand": part(2) if pose.has_right else None,
    }
