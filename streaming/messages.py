"""Every wire type of the bridge, declared once.

``tools/generate_protocol.py`` writes ``web/src/protocol/messages.ts`` and ``docs/protocol.md`` from this
module; the build fails when they differ. Three groups:

* **signalling**: JSON over the ``/signal`` WebSocket, tagged by ``type``;
* **events**: the same kind of JSON over the ordered, reliable data channel ``events``;
* **state**: little-endian packets over the unordered data channel ``state`` (no retransmits), declared as
  field tables.

Where no peer connection can be made, events and state go over the WebSocket as well: an event inside an
:class:`Envelope`, a state packet as a binary frame.

Positions are metres in the world frame (x east, y up, z south); a person's ``position`` is the point on the
ground below them, ``yaw`` their heading (0 looks north, −Z; positive turns left). Head and hands are given in
the *body frame*: origin at ``position``, turned by ``yaw``.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Annotated, Literal

from msgspec import Meta, Struct

PROTOCOL_VERSION = 3

MAX_SIGNAL_BYTES = 64 * 1024
MAX_EVENT_BYTES = 4 * 1024
MAX_NAME = 24
MAX_TEXT = 300
COLOURS = 10
STATE_CHANNEL = "state"
EVENTS_CHANNEL = "events"
#: A client is shown at most this many people, the nearest within this many metres.
MAX_NEAR = 64
NEAR_RADIUS = 60.0
TICK_HZ = 20

Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
Colour = Annotated[int, Meta(ge=0, lt=COLOURS)]
Token = Annotated[str, Meta(min_length=16, max_length=64)]
Spot = Annotated[str, Meta(min_length=1, max_length=48)]
Language = Literal["ko", "en"]
Kind = Literal["browser", "headset", "simulated"]
#: No coordinate that a client names is further from the city's origin, metres.
FARTHEST = 100_000.0
Coordinate = Annotated[float, Meta(ge=-FARTHEST, le=FARTHEST)]
Angle = Annotated[float, Meta(ge=-7.0, le=7.0)]


class Message(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", kw_only=True):
    """Base of every JSON message: immutable, unknown fields refused."""


# --- signalling, client to server -----------------------------------------------------------------------


class Hello(Message, frozen=True, tag="hello"):
    """First message on the socket: who I am, and which session I would like back.

    A `spectator` only looks, from a landmark: without a body, a name or a voice.
    """

    protocol: int
    name: Name
    colour: Colour
    language: Language
    kind: Kind
    session: Token | None = None
    spot: Spot | None = None
    spectator: bool = False


class Offer(Message, frozen=True, tag="offer"):
    """The client's SDP offer. It carries `state` and `events` channels, a microphone and one audio track."""

    sdp: Annotated[str, Meta(max_length=MAX_SIGNAL_BYTES)]


class Candidate(Message, frozen=True, tag="candidate"):
    """One trickled ICE candidate; `candidate: null` ends them."""

    candidate: Annotated[str, Meta(max_length=1024)] | None
    sdp_mid: Annotated[str, Meta(max_length=32)] | None = None
    sdp_m_line_index: Annotated[int, Meta(ge=0, le=16)] | None = None


class Fallback(Message, frozen=True, tag="fallback"):
    """Have this socket carry `state` and `events`. `meanwhile`: only until the peer connection comes up.

    Else there is no peer connection, or it is no good and the server gives it up as well.
    """

    meanwhile: bool


class Envelope(Message, frozen=True, tag="event"):
    """A message of `events`, word for word, on a socket that carries them; sent by both sides."""

    text: str


class Bye(Message, frozen=True, tag="bye"):
    """I am leaving for good: free my session."""


# --- signalling, server to client -----------------------------------------------------------------------


class Welcome(Message, frozen=True, tag="welcome"):
    """You are in: the session to come back with, your id, and where you stand."""

    protocol: int
    session: Token
    person: int
    resumed: bool
    name: Name
    city: str
    position: tuple[float, float, float]
    yaw: float
    tick_hz: int


class Waiting(Message, frozen=True, tag="waiting"):
    """The city is full: `ahead` wait before you, and you have waited `since` seconds.

    `welcome` follows in turn. Until then this comes again when the place moves, and every ten seconds. A
    socket that closed may be opened again within 30 seconds, with this `session` in its `hello`: the place is
    kept.
    """

    ahead: int
    since: float
    session: Token


class Answer(Message, frozen=True, tag="answer"):
    """The server's SDP answer, all candidates inside."""

    sdp: str


class Carried(Message, frozen=True, tag="carried"):
    """This socket carries `state` and `events`, until the channels of a peer connection are open."""


class Refusal(Message, frozen=True, tag="refusal"):
    """What was wrong, in both languages. When `fatal`, the socket closes with a `Close` code after it."""

    code: str
    ko: str
    en: str
    fatal: bool


class Close(IntEnum):
    """WebSocket close codes of `/signal` (private range of RFC 6455, section 7.4.2)."""

    LEFT = 4000
    """The client said bye."""
    MALFORMED = 4001
    """Not JSON, not a known message, or too large."""
    OUT_OF_ORDER = 4002
    """A message that the state table does not allow now."""
    UNSUPPORTED_PROTOCOL = 4003
    """The protocol version is not spoken here."""
    BAD_NAME = 4004
    """The name is empty, too long, or holds characters that may not be shown."""
    REPLACED = 4005
    """The same session came in again from somewhere else."""
    BAD_OFFER = 4006
    """The SDP or a candidate could not be used."""
    FULL = 4007
    """The city is full, and so is its queue."""
    TIMED_OUT = 4008
    """No hello, or no peer connection, in time."""
    UNKNOWN_SPOT = 4009
    """There is no landmark of that id."""
    GOING_DOWN = 4010
    """The server is stopping; come back shortly."""
    REMOVED = 4011
    """An officer removed the client, or a sanction keeps them out: the refusal says why and until when."""


# --- events, client to server ---------------------------------------------------------------------------


class Say(Message, frozen=True, tag="say"):
    """Text to the people near me."""

    text: Text


class Wave(Message, frozen=True, tag="wave"):
    """I wave."""


class Teleport(Message, frozen=True, tag="teleport"):
    """Take me to a landmark (`spot`), or to a point within reach (`position`); exactly one of the two."""

    spot: Spot | None = None
    position: tuple[Coordinate, Coordinate, Coordinate] | None = None
    yaw: Angle | None = None


class Microphone(Message, frozen=True, tag="microphone"):
    """My microphone is live, or muted."""

    live: bool


# --- events, server to client ---------------------------------------------------------------------------


class Entered(Message, frozen=True, tag="entered"):
    """Someone is in the city (also sent for everyone already there)."""

    person: int
    name: Name
    colour: Colour
    kind: Kind
    microphone: bool


class Left(Message, frozen=True, tag="left"):
    """Someone left the city."""

    person: int


class Said(Message, frozen=True, tag="said"):
    """Someone near said this; `seconds` is the server's clock since the city opened."""

    person: int
    name: Name
    text: Text
    seconds: float


class Waved(Message, frozen=True, tag="waved"):
    """Someone waves."""

    person: int


class MicrophoneChanged(Message, frozen=True, tag="microphone_changed"):
    """Someone's microphone went live or mute."""

    person: int
    live: bool


class Moved(Message, frozen=True, tag="moved"):
    """The server put you here: after a teleport, or because a step was refused."""

    position: tuple[float, float, float]
    yaw: float
    reason: Literal["teleport", "too_fast", "out_of_bounds", "not_allowed"]


class Changed(Message, frozen=True, tag="changed"):
    """Something that the API keeps is another now, for everybody or for you: fetch it again."""

    topic: Annotated[str, Meta(min_length=1, max_length=24)]


class Census(Message, frozen=True, tag="census"):
    """How many people are in the city, and how many of them within sight of you."""

    city: int
    near: int


class Notice(Message, frozen=True, tag="notice"):
    """A message of yours was refused; nothing changed."""

    code: str
    ko: str
    en: str


ClientSignal = Hello | Offer | Candidate | Fallback | Envelope | Bye
ServerSignal = Waiting | Welcome | Answer | Carried | Envelope | Refusal
ClientEvent = Say | Wave | Teleport | Microphone
ServerEvent = Entered | Left | Said | Waved | MicrophoneChanged | Moved | Changed | Census | Notice


# --- state packets --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a packet.

    Attributes:
        name: Field name, the same in Python and TypeScript (camelCase there).
        kind: Little-endian wire type. `quaternion` is 32 bits, smallest-three: two bits name the largest
            component (made positive), three times ten bits carry the others over ±1/√2.
        count: How many values.
        unit: Size of one step; the value is `wire * unit`.
        meaning: For the protocol page.
    """

    name: str
    kind: Literal["u8", "u16", "u32", "i16", "i32", "quaternion"]
    count: int = 1
    unit: float = 1.0
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """A fixed header; what follows it in PEOPLE is told in :mod:`streaming.state`."""

    name: str
    meaning: str
    header: tuple[Field, ...]


class PacketType(IntEnum):
    """Second byte of every state packet; the first is `PROTOCOL_VERSION`."""

    POSE_SAMPLE = 1
    PEOPLE = 2


class Body(IntFlag):
    """What a pose holds, and what a person is doing."""

    LEFT_HAND = 1
    RIGHT_HAND = 2
    SPEAKING = 4
    WAVING = 8


MILLIMETRE = 0.001
TURN_16 = 2.0 * 3.141592653589793 / 65536
#: Body parts may be at most this far from the ground point below the person, metres.
REACH = 3.0
#: No packet of the server's is longer, bytes: it goes through every network in one piece.
MAX_STATE_BYTES = 1100

_BODY = (
    Field("yaw", "u16", unit=TURN_16, meaning="heading, radians, 0 looks north, positive turns left"),
    Field("head_position", "i16", 3, MILLIMETRE, "head (between the eyes), body frame"),
    Field("head_orientation", "quaternion", meaning="head, body frame"),
    Field("left_position", "i16", 3, MILLIMETRE, "left hand (grip), body frame; zero when absent"),
    Field("left_orientation", "quaternion", meaning="left hand, body frame; identity when absent"),
    Field("right_position", "i16", 3, MILLIMETRE, "right hand (grip), body frame; zero when absent"),
    Field("right_orientation", "quaternion", meaning="right hand, body frame; identity when absent"),
)

POSE_SAMPLE = Packet(
    "PoseSample",
    "Client to server, at most one per tick: my newest pose. Older sequence numbers are dropped.",
    (
        Field("version", "u8", meaning="protocol version"),
        Field("type", "u8", meaning="PacketType.POSE_SAMPLE"),
        Field("sequence", "u16", meaning="rises by one a sample, wraps"),
        Field("seen", "u32", meaning="tick of the newest packet I have; 0 before the first"),
        Field("seen_before", "u32", meaning="bit k: I also have that of `seen` − 1 − k"),
        Field("body", "u8", meaning="Body flags: LEFT_HAND, RIGHT_HAND"),
        Field("position", "i32", 3, MILLIMETRE, "ground point below me, world frame; the server sets y"),
        *_BODY,
    ),
)

PEOPLE = Packet(
    "People",
    "Server to client, one per tick: what the server holds of you, then, as bits, those near you of whom "
    "news is due, then, as bytes, some of the crowd.",
    (
        Field("version", "u8", meaning="protocol version"),
        Field("type", "u8", meaning="PacketType.PEOPLE"),
        Field("acknowledged", "u16", meaning="sequence of your newest accepted sample"),
        Field("tick", "u32", meaning="world tick, 20 Hz; the first is 1"),
        Field("position", "i32", 3, MILLIMETRE, "you, world frame"),
        Field("yaw", "u16", unit=TURN_16, meaning="your heading"),
    ),
)

PACKETS = (POSE_SAMPLE, PEOPLE)
