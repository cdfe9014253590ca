"""The signalling state machine, as a table.

:data:`TABLE` is what the server obeys and what ``docs/protocol.md`` prints. A pair that is not in it is
answered with `Close.OUT_OF_ORDER`. Time comes in as an argument; nothing here sends or waits.
"""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from streaming.errors import OutOfOrderError
from streaming.messages import Bye, Candidate, ClientSignal, Close, Envelope, Fallback, Hello, Offer

HELLO_SECONDS = 10.0
CONNECT_SECONDS = 20.0


class State(Enum):
    """Where one client's signalling stands."""

    CONNECTING = "connecting"
    """The socket is open; no hello yet."""
    WAITING = "waiting"
    """Hello heard, and no room: told its place in the queue."""
    GREETED = "greeted"
    """Hello accepted, welcome sent."""
    NEGOTIATING = "negotiating"
    """Offer answered; ICE and DTLS under way."""
    CONNECTED = "connected"
    """The peer connection is up and both channels are open."""
    CARRIED = "carried"
    """The socket carries state and events."""
    UPGRADING = "upgrading"
    """It does, while a peer connection is negotiated."""
    CLOSED = "closed"
    """Over."""


class Input(Enum):
    """What moves the machine: the client's messages, and what happens to the connection."""

    HELLO = "hello"
    OFFER = "offer"
    CANDIDATE = "candidate"
    FALLBACK = "fallback"
    MEANWHILE = "fallback (meanwhile)"
    EVENT = "event"
    STATE = "(state packet)"
    BYE = "bye"
    NO_ROOM = "(no room)"
    ADMITTED = "(admitted)"
    PEER_CONNECTED = "(peer connected)"
    PEER_LOST = "(peer lost)"
    DEADLINE = "(deadline)"
    SOCKET_CLOSED = "(socket closed)"


@dataclass(frozen=True, slots=True)
class Step:
    """What an input does: the next state, and the code the socket closes with when it ends there."""

    state: State
    close: Close | None = None


_BYE = Step(State.CLOSED, Close.LEFT)
_GONE = Step(State.CLOSED)
_LATE = Step(State.CLOSED, Close.TIMED_OUT)
_ENDS = {Input.BYE: _BYE, Input.SOCKET_CLOSED: _GONE}

#: What of a carried visit goes on in the state it comes in.
_CARRIES = (Input.EVENT, Input.STATE)

TABLE = MappingProxyType(
    {
        State.CONNECTING: MappingProxyType(
            {Input.HELLO: Step(State.GREETED), Input.DEADLINE: _LATE, **_ENDS},
        ),
        State.WAITING: MappingProxyType(
            {Input.ADMITTED: Step(State.GREETED), **_ENDS},
        ),
        State.GREETED: MappingProxyType(
            {
                Input.NO_ROOM: Step(State.WAITING),
                Input.OFFER: Step(State.NEGOTIATING),
                Input.FALLBACK: Step(State.CARRIED),
                Input.MEANWHILE: Step(State.CARRIED),
                Input.DEADLINE: _LATE,
                **_ENDS,
            },
        ),
        State.NEGOTIATING: MappingProxyType(
            {
                Input.CANDIDATE: Step(State.NEGOTIATING),
                Input.FALLBACK: Step(State.CARRIED),
                Input.MEANWHILE: Step(State.UPGRADING),
                Input.PEER_CONNECTED: Step(State.CONNECTED),
                # Until the deadline the client may still have the socket carry.
                Input.PEER_LOST: Step(State.NEGOTIATING),
                Input.DEADLINE: _LATE,
                **_ENDS,
            },
        ),
        State.CONNECTED: MappingProxyType(
            {
                Input.CANDIDATE: Step(State.CONNECTED),
                Input.FALLBACK: Step(State.CARRIED),
                # It came up while this was on its way.
                Input.MEANWHILE: Step(State.CONNECTED),
                # On their way while the peer connection took over.
                **dict.fromkeys(_CARRIES, Step(State.CONNECTED)),
                Input.PEER_LOST: _LATE,
                **_ENDS,
            },
        ),
        State.CARRIED: MappingProxyType(
            {
                Input.OFFER: Step(State.UPGRADING),
                # On their way while the peer connection was given up here.
                Input.CANDIDATE: Step(State.CARRIED),
                Input.FALLBACK: Step(State.CARRIED),
                Input.MEANWHILE: Step(State.CARRIED),
                **dict.fromkeys(_CARRIES, Step(State.CARRIED)),
                **_ENDS,
            },
        ),
        State.UPGRADING: MappingProxyType(
            {
                Input.CANDIDATE: Step(State.UPGRADING),
                Input.FALLBACK: Step(State.CARRIED),
                Input.MEANWHILE: Step(State.UPGRADING),
                **dict.fromkeys(_CARRIES, Step(State.UPGRADING)),
                Input.PEER_CONNECTED: Step(State.CONNECTED),
                Input.PEER_LOST: Step(State.CARRIED),
                Input.DEADLINE: Step(State.CARRIED),
                **_ENDS,
            },
        ),
        State.CLOSED: MappingProxyType({}),
    },
)

_INPUT_OF = {
    Hello: Input.HELLO,
    Offer: Input.OFFER,
    Candidate: Input.CANDIDATE,
    Envelope: Input.EVENT,
    Bye: Input.BYE,
}


def input_of(message: ClientSignal | bytes) -> Input:
    """Return the table's input for a decoded message, or for a binary frame."""
    match message:
        case bytes():
            return Input.STATE
        case Fallback(meanwhile=meanwhile):
            return Input.MEANWHILE if meanwhile else Input.FALLBACK
    return _INPUT_OF[type(message)]


class Signalling:
    """One client's place in the table.

    Attributes:
        state: The current state.
        deadline: When :attr:`Input.DEADLINE` falls due, in the caller's clock; None when nothing is awaited.
    """

    def __init__(self, now: float) -> None:
        self.state = State.CONNECTING
        self.deadline: float | None = now + HELLO_SECONDS

    def advance(self, happened: Input, now: float) -> Step:
        """Take one input and return the step it caused.

        Raises:
            OutOfOrderError: The table has no such pair; the state is CLOSED afterwards.
        """
        step = TABLE[self.state].get(happened)
        if step is None:
            before, self.state, self.deadline = self.state, State.CLOSED, None
            raise OutOfOrderError(f"{happened.value!r} is not allowed while {before.value}.")
        if step.state is State.GREETED or (step.state is State.UPGRADING and happened is Input.OFFER):
            self.deadline = now + CONNECT_SECONDS
        elif step.state in {State.WAITING, State.CONNECTED, State.CARRIED, State.CLOSED}:
            self.deadline = None
        self.state = step.state
        return step
