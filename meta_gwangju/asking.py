"""Who asks to come in, beyond what their hello says: what their request tells of them."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asking:
    """Whoever opened a socket.

    Attributes:
        network: An address, of IPv6 the /64; empty for this machine itself.
        citizen: Whose web session came along; None for a visitor.
        staff: Whether they keep order in the city: places are kept for them.
    """

    network: str = ""
    citizen: int | None = None
    staff: bool = False


#: Of the socket that the current task serves.
asking: ContextVar[Asking] = ContextVar("asking", default=Asking())  # noqa: B039 -- immutable
