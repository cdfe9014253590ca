"""Which media path a city takes.

``python -m streaming.paths`` has the kernels of this machine's path compiled, as `make run` does while it
sets up.
"""

import logging

from streaming.audio.opus import COMPLEXITY
from streaming.errors import PumpUnavailableError
from streaming.media import MediaPath
from streaming.mux import Mux
from streaming.portable import Portable
from streaming.pump.effort import Effort
from streaming.pump.path import PumpPath
from streaming.pump.rehearsal import rehearse

logger = logging.getLogger(__name__)


def choose_path(
    kind: str, mux: Mux, capacity: int, *, complexity: int = COMPLEXITY, adapts: bool = True
) -> MediaPath:
    """Return the media path of a kind, its kernels compiled: the first time on a machine that takes a while.

    Args:
        kind: `portable`, `pump`, or `auto`: the pump where it runs, the portable path elsewhere.
        mux: The one UDP port.
        capacity: So many people at once.
        complexity: Of the pump's encoders, 0 to 10.
        adapts: Whether they try less while it is busy.

    Raises:
        PumpUnavailableError: `pump` was asked for, and this machine lacks something it needs.
    """
    if kind == "portable":
        return Portable(mux)
    try:
        rehearse()
        return PumpPath(mux, capacity, Effort(complexity, adapts=adapts))
    except PumpUnavailableError as error:
        if kind == "pump":
            raise
        logger.info("media=portable: the pump does not run here (%s)", error)
        return Portable(mux)


if __name__ == "__main__":
    choose_path("auto", Mux("127.0.0.1"), 2)
