"""What a page's `window.metaGwangju.inspect()` and a line of `meta-gwangju headset --inspect` say, typed.

Positions are metres in the world frame (x east, y up, z south), `yaw` radians (0 looks north, positive turns
left), orientations unit quaternions `(x, y, z, w)` in the world frame.
"""

import json
import math
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

Triple = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


class Part(Struct, frozen=True):
    position: Triple
    orientation: Quaternion


class Pose(Struct, frozen=True):
    position: Triple
    yaw: float
    head: Part
    left_hand: Part | None
    right_hand: Part | None


class Connection(Struct, frozen=True):
    state: Literal["landing", "connecting", "waiting", "connected", "reconnecting", "refused", "closed"]
    detail: str
    resumed: bool
    session: str
    reconnects: int
    link: Literal["peer", "socket"]


class Self(Struct, frozen=True):
    id: int | None
    name: str
    pose: Pose | None
    microphone: Literal["none", "muted", "live"]


class Person(Struct, frozen=True):
    id: int
    name: str
    pose: Pose
    speaking: bool
    waving: bool
    distance_m: float


class Ears(Struct, frozen=True):
    left_db: float | None
    right_db: float | None


class Counts(Struct, frozen=True):
    city: int
    near: int


class Line(Struct, frozen=True):
    person: int
    name: str
    text: str


class CityLoad(Struct, frozen=True):
    tiles_loaded: int
    tiles_visible: int
    bytes: int
    complete: bool
    draw_calls: int
    triangles: int
    resting: bool


class Vr(Struct, frozen=True):
    supported: bool
    presenting: bool


class Inspect(Struct, frozen=True, rename={"myself": "self"}):
    version: Literal[1]
    connection: Connection
    myself: Self
    people: list[Person]
    ears: Ears
    counts: Counts
    chat: list[Line]
    frames_per_second: float | None = None
    city: CityLoad | None = None
    vr: Vr | None = None
    language: Literal["ko", "en"] | None = None

    def person(self, person: int) -> Person:
        """Return the one person of that id.

        Raises:
            AssertionError: There is none, or more than one.
        """
        found = [someone for someone in self.people if someone.id == person]
        assert len(found) == 1, f"person {person} is shown {len(found)} times among {self.names()}"
        return found[0]

    def names(self) -> list[str]:
        """Return the names of the people seen, in order."""
        return sorted(someone.name for someone in self.people)

    @property
    def pose(self) -> Pose:
        """My own pose; I must be in the city."""
        assert self.myself.pose is not None
        return self.myself.pose


def read(answer: Any) -> Inspect:
    """Read what a page's `inspect()` returned.

    Raises:
        msgspec.ValidationError: It does not keep the contract.
    """
    return msgspec.convert(answer, Inspect, strict=False)


def read_line(line: str) -> Inspect:
    """Read one line of `headset --inspect`.

    Raises:
        msgspec.ValidationError: It does not keep the contract.
    """
    return read(json.loads(line))


def distance(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the distance of two points, metres."""
    return math.dist(a, b)


def turn_between(a: float, b: float) -> float:
    """Return the angle between two headings, degrees, 0 … 180."""
    return math.degrees(abs((a - b + math.pi) % (2.0 * math.pi) - math.pi))


def angle_between(a: Quaternion, b: Quaternion) -> float:
    """Return the angle that turns one orientation into the other, degrees."""
    dot = abs(sum(x * y for x, y in zip(a, b, strict=True)))
    return math.degrees(2.0 * math.acos(min(1.0, dot)))


def assert_same_place(seen: Pose, own: Pose, metres: float = 0.05, degrees: float = 3.0) -> None:
    """Check that somebody is seen where they say they are, every part of them.

    Raises:
        AssertionError: A part is off by more, or one of the two has a hand that the other lacks.
    """
    assert distance(seen.position, own.position) <= metres, (
        f"feet seen at {seen.position}, are at {own.position}"
    )
    assert turn_between(seen.yaw, own.yaw) <= degrees, f"heading seen {seen.yaw}, is {own.yaw}"
    for name in ("head", "left_hand", "right_hand"):
        there: Part | None = getattr(seen, name)
        here: Part | None = getattr(own, name)
        assert (there is None) == (here is None), f"{name} seen {there}, is {here}"
        if there is None or here is None:
            continue
        off = distance(there.position, here.position)
        assert off <= metres, f"{name} seen at {there.position}, is at {here.position}: {off:.3f} m"
        turned = angle_between(there.orientation, here.orientation)
        assert turned <= degrees, f"{name} seen turned by {turned:.2f} degrees"
