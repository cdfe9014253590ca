"""The signalling state machine, as a table.

:data:`TABLE` is what the server obeys and what ``docs/protocol.md`` prints. A pair that is not in it is
answered with `Close.OUT_OF_ORDER`. Time comes in as an argument; nothing here sends or waits.
"""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from streaming.errors import OutOfOrderError
from streaming.messages import Bye, Candidate, ClientSignal, Close, Hello, Offer

HELLO_SECONDS = 10.0
CONNECT_SECONDS = 20.0


class State(Enum):
    """Where one client's signalling stands."""

    CONNECTING = "connecting"
    """The socket is open; no hello yet."""
    GREETED = "greeted"
    """Hello accepted, welcome sent."""
    NEGOTIATING = "negotiating"
    """Offer answered; ICE and DTLS under way."""
    CONNECTED = "connected"
    """The peer connection is up and both channels are open."""
    CLOSED = "closed"
    """Over."""


class Input(Enum):
    """What moves the machine: the client's messages, and what happens to the connection."""

    HELLO = "hello"
    OFFER = "offer"
    CANDIDATE = "candidate"
    BYE = "bye"
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

TABLE = MappingProxyType(
    {
        State.CONNECTING: MappingProxyType(
            {Input.HELLO: Step(State.GREETED), Input.DEADLINE: _LATE, **_ENDS},
        ),
        State.GREETED: MappingProxyType(
            {Input.OFFER: Step(State.NEGOTIATING), Input.DEADLINE: _LATE, **_ENDS},
        ),
        State.NEGOTIATING: MappingProxyType(
            {
                Input.CANDIDATE: Step(State.NEGOTIATING),
                Input.PEER_CONNECTED: Step(State.CONNECTED),
                Input.PEER_LOST: _LATE,
                Input.DEADLINE: _LATE,
                **_ENDS,
            },
        ),
        State.CONNECTED: MappingProxyType(
            {Input.CANDIDATE: Step(State.CONNECTED), Input.PEER_LOST: _LATE, **_ENDS},
        ),
        State.CLOSED: MappingProxyType({}),
    },
)

_INPUT_OF = {
    Hello: Input.HELLO,
    Offer: Input.OFFER,
    Candidate: Input.CANDIDATE,
    Bye: Input.BYE,
}


def input_of(message: ClientSignal) -> Input:
    """Return the table's input for a decoded message."""
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
        if step.state is State.GREETED:
            self.deadline = now + CONNECT_SECONDS
        elif step.state in {State.CONNECTED, State.CLOSED}:
            self.deadline = None
        self.state = step.state
        return step
